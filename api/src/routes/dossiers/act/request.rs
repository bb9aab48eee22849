//! What a desk says it did, and whether that is a fact of a dossier.

use crate::problem::{Kind, Problem};
use domain::calendar::read_date;
use domain::dossier::{DossierFact, ReturnProof};
use domain::ids::AgencyId;
use domain::wire::fact::{self, ReadFactError};
use entity::repo::staff::Person;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// Longest text. It goes into the log and stays; it names papers, not people.
const LONGEST: usize = 500;

/// What the desk did. Each act needs the fields that name it; others are left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActRequest {
    /// Which act.
    pub(super) act: ActName,
    /// The code the agency gives, with `received`; the code of the exception, with `surrender_excepted`.
    code: Option<String>,
    /// When it is due, `2026-05-04`; with `redated` and `step_given`, and with `received` or `supplemented` to override the
    /// computed day.
    pub(super) due_on: Option<String>,
    /// `granted` or `refused`; with `resolved`.
    outcome: Option<String>,
    /// The number on the result; with `resolved`.
    result_number: Option<String>,
    /// The day on the result; with `resolved`.
    result_date: Option<String>,
    /// Why; with `not_accepted`, `supplement_requested`, `stopped`, `handover_refused`, `redated` and `result_found_wrong`.
    /// Nothing personal.
    reason: Option<String>,
    /// Whose fault it is: `applicant`, `post` or `agency`; with `carriage_charged`, and with `supplement_requested` where known.
    fault: Option<String>,
    /// What is carried again, for example `SUPPLEMENT_TO_AGENCY`; with `carriage_charged`.
    item_kind: Option<String>,
    /// The agency a step goes to; with `step_given`, `step_taken` and `step_done`.
    agency_id: Option<Uuid>,
    /// The old paper, named as the procedure names it; with `surrender_listed` and `surrender_excepted`.
    paper: Option<String>,
    /// `desk` or `electronic`; with `returned`.
    proof: Option<String>,
    /// `lodge`, `receive` or `both`; with `represented`.
    scope: Option<String>,
    /// The day of the authorisation; with `represented`.
    granted_on: Option<String>,
    /// Its last day, when it has one; with `represented`.
    ends_on: Option<String>,
}

/// The acts of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActName {
    /// The agency began to count.
    AtHandover,
    /// Both signed the minutes on paper: the legal lodging without a scan.
    Lodged,
    /// The agency was closed or did not take it.
    HandoverRefused,
    /// Staff helped the person to prepare or fill in.
    Assisted,
    /// The applicant authorised somebody.
    Represented,
    /// The agency gave it a code; its clock runs.
    Received,
    /// The applicant has the appointment slip, or was told the due date.
    AppointmentTold,
    /// The agency does not accept it.
    NotAccepted,
    /// The agency works on it.
    Processing,
    /// It was passed to an agency, in a procedure of several.
    StepGiven,
    /// That agency has it.
    StepTaken,
    /// That agency has done its part.
    StepDone,
    /// Papers are missing.
    SupplementRequested,
    /// Every missing paper is there.
    Supplemented,
    /// A repeated carriage is paid by the party at fault.
    CarriageCharged,
    /// A payment is needed.
    PaymentRequested,
    /// The payment is made.
    Paid,
    /// The agency apologised and set a new date.
    Redated,
    /// The applicant wants it back.
    WithdrawalRequested,
    /// The agency stopped.
    Stopped,
    /// The agency decided.
    Resolved,
    /// The result can be fetched; post and applicant were told.
    ResultReady,
    /// The result says something wrong.
    ResultFoundWrong,
    /// The agency made the result anew, at its own cost.
    ResultCorrected,
    /// An old paper must be given up against the result.
    SurrenderListed,
    /// The agency let a listed paper go.
    SurrenderExcepted,
    /// The agency has the old papers.
    SurrenderDelivered,
    /// The person has their originals back.
    PapersReturned,
    /// The person has the result, from the desk or electronically.
    Returned,
    /// The agency confirms that the result was returned.
    ReturnConfirmed,
}

impl ActName {
    /// The name of the fact.
    fn fact(self) -> String {
        let name = serde_json::to_value(self).expect("a name is plain data");
        name.as_str().unwrap_or_default().to_owned()
    }

    /// The kind of the act in the log.
    pub(super) fn kind(self) -> String {
        format!("dossier.{}", self.fact())
    }

    /// Whether the act says nothing without a reason.
    const fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::NotAccepted
                | Self::SupplementRequested
                | Self::Stopped
                | Self::HandoverRefused
                | Self::ResultFoundWrong
        )
    }
}

fn refuse(why: &str) -> Problem {
    Problem::with(Kind::InvalidRequest, why)
}

impl ActRequest {
    /// The agency a step goes to.
    pub(super) fn agency(&self) -> Option<AgencyId> {
        self.agency_id.map(AgencyId)
    }

    /// What the act says, in the words of a fact.
    pub(super) fn data(&self, person: &Person) -> Result<Map<String, Value>, Problem> {
        let own = |text: &Option<String>| text.as_deref().map(str::trim).map(str::to_owned);
        let staff = (self.act == ActName::Assisted).then(|| person.id.to_string());
        let fields = [
            ("code", own(&self.code)),
            ("due_on", own(&self.due_on)),
            ("outcome", own(&self.outcome)),
            ("result_number", own(&self.result_number)),
            ("result_date", own(&self.result_date)),
            ("reason", own(&self.reason)),
            ("fault", own(&self.fault)),
            ("item_kind", own(&self.item_kind)),
            ("agency", self.agency_id.map(|id| id.to_string())),
            ("paper", own(&self.paper)),
            ("proof", own(&self.proof)),
            ("scope", own(&self.scope)),
            ("granted_on", own(&self.granted_on)),
            ("ends_on", own(&self.ends_on)),
            ("staff", staff),
        ];
        let told = fields
            .into_iter()
            .filter_map(|(name, text)| Some((name, text.filter(|text| !text.is_empty())?)));
        let data: Map<String, Value> = told.map(|(name, text)| (name.to_owned(), text.into())).collect();
        for (name, text) in &data {
            if text.as_str().is_some_and(|text| text.chars().count() > LONGEST) {
                return Err(refuse(&format!("{name} has at most {LONGEST} characters")));
            }
        }
        if data
            .get("result_date")
            .is_some_and(|day| day.as_str().and_then(read_date).is_none())
        {
            return Err(refuse("result_date is a day like 2026-05-04"));
        }
        if self.act.needs_reason() && !data.contains_key("reason") {
            return Err(refuse("this act needs reason"));
        }
        Ok(data)
    }

    /// The fact these data make.
    pub(super) fn fact(&self, data: &Map<String, Value>) -> Result<DossierFact, Problem> {
        let read = fact::read(&self.act.fact(), 0, &Value::Object(data.clone()).to_string());
        match read {
            Ok(DossierFact::Returned {
                proof: ReturnProof::Post,
                ..
            }) => Err(refuse(
                "the delivery by the post is its courier's to record; proof is desk or electronic",
            )),
            Ok(fact) => Ok(fact),
            Err(ReadFactError::Member { member }) => Err(refuse(&missing(member))),
            Err(error @ (ReadFactError::UnknownKind | ReadFactError::Malformed)) => {
                Err(Problem::caused(Kind::InvalidRequest, error))
            }
        }
    }
}

/// What an act lacks, by the member of the fact.
fn missing(member: &str) -> String {
    let (field, what) = match member {
        "due_on" | "granted_on" | "ends_on" => (member, "a day like 2026-05-04"),
        "outcome" => (member, "granted or refused"),
        "proof" => (member, "desk or electronic"),
        "fault" => (member, "applicant, post or agency"),
        "scope" => (member, "lodge, receive or both"),
        "item_kind" => (member, "a kind of item, for example SUPPLEMENT_TO_AGENCY"),
        "agency" => ("agency_id", "the id of an agency"),
        _ => (member, "a text"),
    };
    format!("this act needs {field}: {what}")
}
