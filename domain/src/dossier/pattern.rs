//! One of every sort of fact with its blanks, to ask which of them fit.
//!
//! Source: Quy ước Trao Tay, tên sự kiện hồ sơ

use time::Date;

use super::{Dossier, DossierFact, Outcome, ReturnProof};
use crate::authorisation::{Authorisation, Scope};
use crate::ids::{AgencyId, StaffId};
use crate::item::ItemKind;

impl Dossier {
    /// One of every sort of fact, about the agencies and papers this dossier knows.
    #[expect(clippy::too_many_lines, reason = "one row for each sort of fact")]
    pub(super) fn patterns(&self) -> Vec<DossierFact> {
        use DossierFact as F;
        let (at_ms, blank, day) = (self.times.closed_at_ms.unwrap_or_default(), String::new, Date::MAX);
        let nobody = uuid::Uuid::nil();
        let authorisation = Authorisation {
            scope: Scope::Both,
            granted_on: Date::MIN,
            ends_on: None,
        };
        let mut facts = vec![
            F::Ordered { at_ms },
            F::Assisted {
                at_ms,
                staff: StaffId(nobody),
            },
            F::Represented { at_ms, authorisation },
            F::IntakeOpened { at_ms },
            F::IntakeIncomplete {
                at_ms,
                guidance: blank(),
            },
            F::TakenIn { at_ms, slip: None },
            F::AtHandover { at_ms },
            F::HandoverRefused { at_ms, reason: blank() },
            F::Lodged { at_ms },
            F::Received {
                at_ms,
                code: blank(),
                due_on: Some(day),
            },
            F::AppointmentTold { at_ms },
            F::NotAccepted { at_ms, reason: blank() },
            F::StepGiven {
                at_ms,
                agency: AgencyId(nobody),
                due_on: None,
            },
            F::Processing { at_ms },
            F::SupplementRequested {
                at_ms,
                reason: blank(),
                fault: None,
            },
            F::Supplemented { at_ms, due_on: None },
            F::PaymentRequested { at_ms },
            F::Paid { at_ms },
            F::Redated {
                at_ms,
                due_on: day,
                reason: blank(),
            },
            F::DueMoved {
                at_ms,
                due_on: day,
                notice: blank(),
            },
            F::WithdrawalRequested { at_ms },
            F::Stopped { at_ms, reason: blank() },
            F::Resolved {
                at_ms,
                outcome: Outcome::Granted,
            },
            F::Resolved {
                at_ms,
                outcome: Outcome::Refused,
            },
            F::ResultReady { at_ms },
            F::SurrenderListed { at_ms, paper: blank() },
            F::ResultInPost { at_ms },
            F::ResultFoundWrong { at_ms, reason: blank() },
            F::ResultCorrected { at_ms },
            F::DossierBack { at_ms },
            F::ResultBack { at_ms },
            F::Returned {
                at_ms,
                proof: ReturnProof::Post,
            },
            F::Returned {
                at_ms,
                proof: ReturnProof::Desk,
            },
            F::Returned {
                at_ms,
                proof: ReturnProof::Electronic,
            },
            F::PapersReturned { at_ms },
            F::SurrenderDelivered { at_ms },
            F::ReturnConfirmed { at_ms },
            F::Cancelled { at_ms, reason: blank() },
        ];
        for step in &self.steps {
            facts.push(F::StepTaken {
                at_ms,
                agency: step.agency,
            });
            facts.push(F::StepDone {
                at_ms,
                agency: step.agency,
            });
        }
        for paper in &self.surrender {
            facts.push(F::Surrendered {
                at_ms,
                paper: paper.name.clone(),
            });
            facts.push(F::SurrenderExcepted {
                at_ms,
                paper: paper.name.clone(),
                code: blank(),
            });
        }
        facts.extend([ItemKind::DossierToAgency, ItemKind::ResultToApplicant].map(|kind| F::ItemLost { at_ms, kind }));
        facts
    }
}
