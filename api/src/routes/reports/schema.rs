//! The reports of `domain::wire` as the API document shows them; a test holds both together.

use crate::openapi::shapes;

shapes! {
    /// A report. The index and the quality of carriage have `figures`; the post's periodic report has all the others.
    ReportView {
        /// The period.
        period: ReportPeriodView,
        /// Only what was recorded up to here was used, in milliseconds UTC.
        as_of_ms: i64,
        /// The figures of the index or of the quality of carriage.
        figures: Option<Vec<FigureView>>,
        /// The procedures served.
        procedures: Option<Vec<VolumeView>>,
        /// Items accepted.
        volume: Option<VolumeView>,
        /// Postage, đồng.
        postage_vnd: Option<u64>,
        /// Fees and charges held for agencies, đồng.
        state_fee_vnd: Option<u64>,
        /// Other money held for agencies, đồng.
        other_vnd: Option<u64>,
        /// Complaints received.
        complaints: Option<u64>,
        /// Of them upheld.
        complaints_upheld: Option<u64>,
        /// Of them upheld in part.
        complaints_partly_upheld: Option<u64>,
        /// Of them dismissed.
        complaints_dismissed: Option<u64>,
        /// Of them withdrawn.
        complaints_withdrawn: Option<u64>,
        /// Of them not answered yet.
        complaints_unanswered: Option<u64>,
        /// Items lost, by code.
        lost: Option<Vec<String>>,
        /// Items misplaced.
        misplaced: Option<Vec<String>>,
        /// Items damaged.
        damaged: Option<Vec<String>>,
        /// Cases compensated.
        compensated: Option<Vec<String>>,
        /// What was paid for them, đồng.
        compensation_vnd: Option<u64>,
        /// Items kept safe.
        safety: Option<FigureView>,
    }
    /// The days a report is about.
    ReportPeriodView {
        /// The stable name, as `2026-Q4`.
        code: String,
        /// The name in Vietnamese.
        name_vi: String,
        /// The name in English.
        name_en: String,
        /// `calendar`, `state_cut_off`, or nothing for any days.
        convention: Option<String>,
        /// The first day.
        first: String,
        /// The last day.
        last: String,
        /// The day before which the post must report.
        report_before: Option<String>,
    }
    /// One figure.
    FigureView {
        /// The number in the source, or our own name.
        index: String,
        /// The name in Vietnamese.
        name_vi: String,
        /// The name in English.
        name_en: String,
        /// The stable name of the group, when it is given for several.
        part: Option<String>,
        /// The group in Vietnamese.
        part_vi: Option<String>,
        /// The group in English.
        part_en: Option<String>,
        /// The unit, as a stable name.
        unit: String,
        /// The upper side.
        numerator: i64,
        /// The lower side.
        denominator: i64,
        /// `46.37`, or `N/A`.
        value: String,
        /// From where on full marks are given.
        full_marks_from: Option<String>,
        /// Whether they are reached.
        has_full_marks: Option<bool>,
        /// What the upper side counted.
        counted: Vec<String>,
        /// What the lower side counted.
        base: Vec<String>,
        /// What stands on neither side.
        left_out: Vec<LeftOutView>,
        /// The instrument it follows.
        source: String,
    }
    /// Something that stands on neither side of a figure.
    LeftOutView {
        /// What.
        id: String,
        /// Why, as a stable name.
        why: String,
    }
    /// How many items.
    VolumeView {
        /// The procedure, where the line is of one and it is known.
        procedure: Option<String>,
        /// Dossiers on their way to an agency.
        dossiers: u64,
        /// Results on their way to a person.
        results: u64,
        /// Other items.
        others: u64,
    }
}

#[cfg(test)]
mod tests {
    use crate::openapi::{fields_described, fields_sent as sent};
    use domain::item::ItemKind;
    use domain::report::post::{ItemFact, ItemHistory, PostRelation};
    use domain::report::{Convention, Histories, Recorded, ReportKind, ReportPeriod};
    use domain::wire::report::ReportRecord;
    use std::collections::BTreeSet;

    #[test]
    fn the_document_describes_the_reports_that_are_sent() {
        let period = ReportPeriod::quarter(2026, 4, Convention::Calendar).expect("a quarter");
        let accepted = ItemFact::Accepted {
            at_ms: period.start_ms(),
            relation: PostRelation::Unknown,
            promised_on: None,
            slip_promised_on: None,
        };
        let histories = Histories {
            items: vec![ItemHistory {
                code: "RR473124829VN".to_owned(),
                kind: ItemKind::DossierToAgency,
                procedure: "1.001193".parse().ok(),
                facts: vec![Recorded::new(0, accepted)],
            }],
            ..Histories::default()
        };
        let record = |kind| {
            let report = histories.report(kind, &period, period.until_ms()).expect("a report");
            serde_json::to_value(ReportRecord::from(&report)).expect("plain data")
        };
        let (index, owed) = (record(ReportKind::Quality), record(ReportKind::Tt17));
        let both: BTreeSet<String> = sent(&index).union(&sent(&owed)).cloned().collect();
        assert_eq!(fields_described::<super::ReportView>(), both);
        assert_eq!(fields_described::<super::ReportPeriodView>(), sent(&index["period"]));
        let figures = index["figures"].as_array().expect("figures");
        assert_eq!(fields_described::<super::FigureView>(), sent(&figures[0]));
        let left_out = figures.iter().find_map(|figure| figure["left_out"].get(0));
        assert_eq!(
            fields_described::<super::LeftOutView>(),
            sent(left_out.expect("an item without a promise"))
        );
        assert_eq!(fields_described::<super::VolumeView>(), sent(&owed["procedures"][0]));
    }
}
