//! What a dossier's folded state tells its citizen: the steps, and what has happened, newest first.

use crate::words::{hour, pick};
use domain::dossier::DossierState;
use domain::dossier::words::{self, Language};
use serde_json::Value;

/// One of the five steps.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) is_done: bool,
    pub(super) is_current: bool,
}

/// One thing that happened.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Past {
    pub(super) what: &'static str,
    pub(super) when: String,
}

const STEPS: [(&str, &str); 5] = [
    ("Ghi nhận yêu cầu", "Request recorded"),
    ("Bưu điện chuyển hồ sơ đến cơ quan", "The post brings it to the agency"),
    ("Cơ quan giải quyết", "The agency decides"),
    ("Trả kết quả", "The result is on its way"),
    ("Hoàn tất", "Finished"),
];

const fn position(state: DossierState) -> usize {
    use DossierState as S;
    match state {
        S::Draft | S::IntakeCheck => 0,
        S::InPost | S::AtHandover => 1,
        S::Lodged
        | S::Received
        | S::Processing
        | S::Supplement
        | S::Payment
        | S::WithdrawRequested
        | S::NotAccepted
        | S::Stopped => 2,
        S::Resolved | S::ResultInPost | S::ResultBack => 3,
        S::Returned => 4,
    }
}

/// The five steps with the one the dossier is at.
pub(super) fn steps(state: DossierState, language: Language) -> Vec<Step> {
    let at = position(state);
    let step = |(number, (vietnamese, english)): (usize, (&'static str, &'static str))| Step {
        name: pick(language, vietnamese, english),
        is_done: number < at,
        is_current: number == at,
    };
    STEPS.into_iter().enumerate().map(step).collect()
}

/// The hours a folded dossier keeps, and the fact each is of.
const TIMES: [(&str, &str); 11] = [
    ("ordered_at_ms", "ordered"),
    ("accepted_by_post_at_ms", "taken_in"),
    ("lodged_at_ms", "lodged"),
    ("received_at_ms", "received"),
    ("requested_at_ms", "supplement_requested"),
    ("completed_at_ms", "supplemented"),
    ("resolved_at_ms", "resolved"),
    ("result_in_post_at_ms", "result_in_post"),
    ("returned_at_ms", "returned"),
    ("return_confirmed_at_ms", "return_confirmed"),
    ("cancelled_at_ms", "cancelled"),
];

/// What has happened, newest first.
pub(super) fn past(body: &Value, language: Language) -> Vec<Past> {
    let rounds = body["supplements"].as_array().map_or(&[][..], Vec::as_slice);
    let mut found: Vec<(i64, usize)> = std::iter::once(body)
        .chain(rounds)
        .flat_map(|times| {
            TIMES
                .iter()
                .enumerate()
                .filter_map(|(order, (key, ..))| Some((times[*key].as_i64()?, order)))
        })
        .collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    let told = found.into_iter().filter_map(|(at_ms, order)| {
        Some(Past {
            what: words::fact(TIMES[order].1, language)?,
            when: hour(at_ms),
        })
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::{past, steps};
    use domain::dossier::DossierState;
    use domain::dossier::words::Language;
    use serde_json::json;

    #[test]
    fn every_state_is_at_exactly_one_step() {
        for state in DossierState::ALL {
            let current = steps(state, Language::English)
                .iter()
                .filter(|step| step.is_current)
                .count();
            assert_eq!(current, 1, "{state}");
        }
    }

    #[test]
    fn what_happened_last_comes_first_supplements_included() {
        let body = json!({
            "ordered_at_ms": 1_000, "lodged_at_ms": 2_000, "cancelled_at_ms": null,
            "supplements": [{ "requested_at_ms": 3_000, "completed_at_ms": null }],
        });
        let told: Vec<&str> = past(&body, Language::English).iter().map(|past| past.what).collect();
        assert_eq!(
            told,
            [
                "The agency asked for more papers",
                "Handed to the agency",
                "Request recorded"
            ]
        );
    }
}
