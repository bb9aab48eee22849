//! Rules that were broken, read from facts, policy and calendar.
//!
//! A breach accuses a party, not a person, and changes nothing: the dossier goes on.
//! Each names its article, so that the accused can look it up.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Nghị định 61/2018/NĐ-CP, điều 18; Nghị định 61/2018/NĐ-CP, điều 19; Quyết định 766/QĐ-TTg, chỉ số 2.1

use time::{Date, Duration};

use super::words::Language;
use super::{Dossier, DossierFact, Policy, PromiseCause, ReturnProof, SlipGap, WhyNot, WorkingDaysAfter};
use crate::local_time::{local, local_date};
use crate::party::Party;

/// A rule of the dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The post takes complete dossiers only, sealed, and both sign.
    ///
    /// Source: Quyết định 45/2016/QĐ-TTg, điều 6
    CompleteSlip(SlipGap),
    /// What the desk received is forwarded the same working day, after the cut-off the next.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 18
    ForwardAtOnce,
    /// An examining agency asks for papers within 3 working days.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    SupplementInTime,
    /// An agency asks once, for everything.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 15; Quyết định 766/QĐ-TTg, chỉ số 2.1
    OneSupplement,
    /// The apology is out a day before the due date at the latest.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    ApologyInTime,
    /// The date moves once at most.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    OneExtension,
    /// The agency decides by the due date.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19; Quyết định 766/QĐ-TTg, chỉ số 2.1
    DecideInTime,
    /// An agency in a chain does its part by its own date.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 19
    StepInTime,
    /// A result known to be wrong is not sent out.
    ///
    /// Source: Nghị định 61/2018/NĐ-CP, điều 21
    CorrectFirst,
    /// Old papers are taken before the new one is handed over.
    ///
    /// Source: Thông tư 17/2017/TT-BTTTT, điều 5
    SurrenderFirst,
}

impl Rule {
    /// The article or index the rule stands in.
    pub const fn source(self) -> &'static str {
        match self {
            Self::CompleteSlip(_) => "Quyết định 45/2016/QĐ-TTg, điều 6",
            Self::ForwardAtOnce => "Nghị định 61/2018/NĐ-CP, điều 18",
            Self::OneSupplement => "Quyết định 766/QĐ-TTg, chỉ số 2.1",
            Self::SupplementInTime
            | Self::ApologyInTime
            | Self::OneExtension
            | Self::DecideInTime
            | Self::StepInTime => "Nghị định 61/2018/NĐ-CP, điều 19",
            Self::CorrectFirst => "Nghị định 61/2018/NĐ-CP, điều 21",
            Self::SurrenderFirst => "Thông tư 17/2017/TT-BTTTT, điều 5",
        }
    }

    /// Who is bound by it.
    pub const fn party(self) -> Party {
        match self {
            Self::CompleteSlip(_) | Self::SurrenderFirst => Party::Post,
            Self::ForwardAtOnce
            | Self::SupplementInTime
            | Self::OneSupplement
            | Self::ApologyInTime
            | Self::OneExtension
            | Self::DecideInTime
            | Self::StepInTime
            | Self::CorrectFirst => Party::Agency,
        }
    }

    /// What was broken, for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::CompleteSlip(_) => (
                "nhận hồ sơ khi phiếu gửi chưa đủ: giấy tờ, niêm phong hoặc chữ ký",
                "taken in with an incomplete slip: papers, seal or signatures",
            ),
            Self::ForwardAtOnce => ("chuyển hồ sơ đi giải quyết chậm", "forwarded late"),
            Self::SupplementInTime => ("yêu cầu bổ sung quá thời hạn", "papers were asked for too late"),
            Self::OneSupplement => (
                "yêu cầu bổ sung nhiều hơn một lần",
                "papers were asked for more than once",
            ),
            Self::ApologyInTime => ("xin lỗi và hẹn lại quá muộn", "the apology came too late"),
            Self::OneExtension => ("hẹn lại nhiều hơn một lần", "the date was moved more than once"),
            Self::DecideInTime => ("giải quyết quá hạn", "decided late"),
            Self::StepInTime => (
                "một cơ quan trong quy trình làm quá hạn",
                "an agency in the chain was late",
            ),
            Self::CorrectFirst => (
                "giao kết quả còn sai sót chưa sửa",
                "a result known to be wrong was handed out",
            ),
            Self::SurrenderFirst => (
                "giao kết quả khi chưa thu giấy tờ cũ",
                "handed over before the old papers were surrendered",
            ),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// One broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Breach {
    /// The rule.
    pub rule: Rule,
    /// When it was broken, milliseconds UTC; none while nothing has happened at all.
    pub at_ms: Option<i64>,
    /// The last day on which all was well, where the rule knows one.
    pub limit: Option<Date>,
}

impl Breach {
    /// The party that broke it.
    pub const fn party(&self) -> Party {
        self.rule.party()
    }

    /// Where the rule stands.
    pub const fn source(&self) -> &'static str {
        self.rule.source()
    }
}

impl Dossier {
    /// Every rule broken as of `today`, in the order of the dossier's life.
    pub fn breaches(&self, policy: &Policy, today: Date, after: WorkingDaysAfter<'_>) -> Vec<Breach> {
        let mut found = self.slip_breaches(policy);
        found.extend(self.forward_breach(policy, today, after));
        found.extend(self.supplement_breaches(policy, after));
        found.extend(self.date_breaches(policy, today));
        found.extend(self.step_breaches(today));
        found.extend(self.result_breaches());
        found
    }

    fn slip_breaches(&self, policy: &Policy) -> Vec<Breach> {
        let gaps = self
            .slip
            .iter()
            .flat_map(|slip| slip.gaps(policy.allow_incomplete_with_waiver));
        gaps.map(|gap| Breach {
            rule: Rule::CompleteSlip(gap),
            at_ms: self.times.accepted_by_post_at_ms,
            limit: None,
        })
        .collect()
    }

    fn forward_breach(&self, policy: &Policy, today: Date, after: WorkingDaysAfter<'_>) -> Option<Breach> {
        let (received_on, hour) = local(self.times.received_at_ms?);
        let limit = after(received_on, u16::from(hour > policy.forward_cut_off));
        // decided at once: there was nobody to forward it to
        let forwarded = self.times.processing_at_ms.or(self.times.resolved_at_ms);
        let is_late = match forwarded.or(self.times.closed_at_ms) {
            Some(at_ms) => local_date(at_ms) > limit,
            None => today > limit,
        };
        is_late.then_some(Breach {
            rule: Rule::ForwardAtOnce,
            at_ms: forwarded,
            limit: Some(limit),
        })
    }

    fn supplement_breaches(&self, policy: &Policy, after: WorkingDaysAfter<'_>) -> Vec<Breach> {
        let limit = self
            .times
            .received_at_ms
            .map(|at_ms| after(local_date(at_ms), policy.supplement_within_days));
        let mut found = Vec::new();
        for (round, number) in self.times.supplements.iter().zip(1_usize..) {
            let at_ms = Some(round.requested_at_ms);
            let is_late = limit.is_some_and(|limit| local_date(round.requested_at_ms) > limit);
            if !round.before_reception && is_late {
                found.push(Breach {
                    rule: Rule::SupplementInTime,
                    at_ms,
                    limit,
                });
            }
            if number == policy.supplements_on_time.saturating_add(1) {
                found.push(Breach {
                    rule: Rule::OneSupplement,
                    at_ms,
                    limit: None,
                });
            }
        }
        found
    }

    fn date_breaches(&self, policy: &Policy, today: Date) -> Vec<Breach> {
        let mut found = Vec::new();
        let mut standing: Option<Date> = None;
        for promise in &self.times.promises {
            if let (PromiseCause::Extension, Some(due)) = (&promise.cause, standing) {
                let lead = Duration::days(i64::from(policy.apology_lead_days));
                let limit = due.checked_sub(lead).unwrap_or(due);
                if local_date(promise.at_ms) > limit {
                    found.push(Breach {
                        rule: Rule::ApologyInTime,
                        at_ms: Some(promise.at_ms),
                        limit: Some(limit),
                    });
                }
            }
            standing = Some(promise.due_on);
        }
        let too_many = self.waiting.iter().filter(|fact| {
            matches!(fact, DossierFact::Redated { .. }) && self.why_not(fact) == WhyNot::NoMoreExtensions
        });
        found.extend(too_many.map(|fact| Breach {
            rule: Rule::OneExtension,
            at_ms: Some(fact.at_ms()),
            limit: self.times.due_current,
        }));
        if let Some(limit) = self.times.due_current {
            let decided = self.times.resolved_at_ms;
            let is_late = match decided {
                Some(at_ms) => local_date(at_ms) > limit,
                None => self.is_overdue(today),
            };
            if is_late {
                found.push(Breach {
                    rule: Rule::DecideInTime,
                    at_ms: decided,
                    limit: Some(limit),
                });
            }
        }
        found
    }

    fn step_breaches(&self, today: Date) -> Vec<Breach> {
        let late = self.steps.iter().filter(|step| {
            let day = step.done_at_ms.or(self.times.closed_at_ms).map_or(today, local_date);
            step.due_on.is_some_and(|due| day > due)
        });
        late.map(|step| Breach {
            rule: Rule::StepInTime,
            at_ms: step.done_at_ms,
            limit: step.due_on,
        })
        .collect()
    }

    fn result_breaches(&self) -> Vec<Breach> {
        let mut found = Vec::new();
        let returned = self.times.returned_at_ms;
        let handed_out = match self.proof {
            Some(ReturnProof::Post | ReturnProof::Desk) => returned,
            Some(ReturnProof::Electronic) | None => None,
        };
        // found out before the person had it, and not made anew by then
        let was_wrong = |at: i64| {
            self.times
                .corrections
                .iter()
                .any(|wait| wait.asked_at_ms < at && wait.done_at_ms.is_none_or(|done| done > at))
        };
        if let Some(at) = returned.filter(|at| was_wrong(*at)) {
            found.push(Breach {
                rule: Rule::CorrectFirst,
                at_ms: Some(at),
                limit: None,
            });
        }
        let was_open = |at: i64| {
            self.surrender
                .iter()
                .any(|paper| paper.settled_at_ms().is_none_or(|settled| settled > at))
        };
        if let Some(at) = handed_out.filter(|at| was_open(*at)) {
            found.push(Breach {
                rule: Rule::SurrenderFirst,
                at_ms: Some(at),
                limit: None,
            });
        }
        found
    }
}
