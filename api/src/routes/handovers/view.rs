//! Minutes on their way to staff.

use crate::App;
use crate::auth::StaffRight;
use crate::problem::Problem;
use crate::routes::papers::{Names, TimeView};
use custody::bracket::Bracket;
use custody::event::exception_code;
use custody::fold::is_still_provisional;
use domain::dossier::words::Language;
use domain::holder::Holder;
use entity::repo::bracket;
use entity::repo::handover::{Line, Minutes, Signed};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

/// One side, as its device signed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SideView {
    /// For whom the device signs, for example `staff:<uuid>` or `agency:<uuid>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) party: Option<String>,
    /// The same by name.
    pub(super) party_name: String,
    /// Who signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) staff_id: Option<Uuid>,
    /// Their name.
    pub(super) staff_name: String,
    /// The event in the log, in hex.
    pub(super) event_id: String,
    /// When, as the device's clock claims, milliseconds UTC. A claim decides nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) claimed_ms: Option<u64>,
    /// When it was signed, as far as that is proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time: Option<TimeView>,
    /// When the server had it, milliseconds UTC.
    pub(super) received_ms: i64,
}

impl SideView {
    fn new(signed: &Signed, names: &Names, times: &Times) -> Self {
        Self {
            time: times.get(&signed.event.0.to_vec()).copied().map(TimeView::from),
            party: signed.party.as_ref().map(Holder::to_string),
            party_name: names.party(signed.party.as_ref()),
            staff_id: signed.staff.map(|staff| staff.0),
            staff_name: signed
                .staff
                .map_or_else(String::new, |staff| names.person(staff.0).to_owned()),
            event_id: signed.event.to_string(),
            claimed_ms: signed.claimed_ms,
            received_ms: signed.received_ms,
        }
    }
}

/// One item of the minutes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandedView {
    /// The number on the label.
    pub(super) item_code: String,
    /// What it carries.
    pub(super) kind: String,
    /// The seal both sides read; empty when it was not sealed.
    pub(super) seal: String,
    /// Whose it is.
    pub(super) dossier_id: Uuid,
    /// The code the agency gave the dossier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dossier_code: Option<String>,
    /// The number of the slip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) slip_number: Option<String>,
    /// Who applies; not for whoever runs or audits the installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) applicant_name: Option<String>,
    /// Papers counted.
    pub(super) paper_count: i64,
    /// The procedure; not for couriers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) procedure_code: Option<String>,
    /// Why it was not taken: `damaged`, `missing`, `seal` or `other`; absent when it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exception: Option<&'static str>,
    /// Two stories about it contradict each other today.
    pub(super) disputed: bool,
}

impl HandedView {
    /// What it carries, on paper.
    pub(super) fn carried(&self) -> &'static str {
        carries(&self.kind)
    }

    fn new(line: &Line, right: &StaffRight) -> Self {
        let dossier = &line.carried.standing.dossier;
        let state = line.carried.standing.state.as_ref();
        Self {
            item_code: line.item.item_code.clone(),
            kind: line.item.kind.clone(),
            seal: line.seal.clone(),
            dossier_id: dossier.id,
            dossier_code: state.and_then(|state| state.code.clone()),
            slip_number: line.carried.slip.clone(),
            applicant_name: right.sees_names().then(|| dossier.applicant_name.clone()),
            paper_count: dossier.paper_count,
            procedure_code: dossier.procedure_code.clone().filter(|_| right.sees_papers()),
            exception: line.exception.map(exception),
            disputed: line.item.disputed,
        }
    }

    /// What is written beside it on paper.
    pub(super) fn remark(&self) -> &'static str {
        match self.exception {
            None => "Đã nhận",
            Some("damaged") => "Không nhận: bao bì hư hỏng",
            Some("missing") => "Không nhận: không có",
            Some("seal") => "Không nhận: niêm phong không khớp",
            Some(_) => "Không nhận",
        }
    }
}

const fn exception(code: u64) -> &'static str {
    match code {
        exception_code::DAMAGED => "damaged",
        exception_code::MISSING => "missing",
        exception_code::SEAL => "seal",
        _ => "other",
    }
}

/// Which signatures there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Both sides hold both signatures.
    Complete,
    /// The giver's release has not come yet.
    Provisional,
    /// The giver's release has not come for a day, and nobody contradicted: the receiver has it all the same.
    Unreleased,
    /// The offer was taken back after it was accepted, or an item is in dispute.
    Disputed,
}

impl Standing {
    /// On paper.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Complete => "Đủ chữ ký của hai bên",
            Self::Provisional => "Tạm thời: chưa có xác nhận trao của bên giao",
            Self::Unreleased => "Bên giao chưa xác nhận trao sau 24 giờ, không có ý kiến trái ngược",
            Self::Disputed => "Đang có tranh chấp, chờ kiểm tra",
        }
    }
}

/// The minutes of one hand-over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandoverView {
    /// Its id: the acceptance in the log, in hex.
    pub(super) id: String,
    /// Who gave: the offer.
    pub(super) giver: SideView,
    /// Who took over: the acceptance.
    pub(super) receiver: SideView,
    /// The giver's last signature; absent while it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) release: Option<SideView>,
    /// The giver took the offer back; absent as a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) revoked: Option<SideView>,
    /// Which signatures there are.
    pub(super) standing: Standing,
    /// The first 12 base32 symbols of the hash of the list both sides signed, as on a paper written by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) manifest: Option<String>,
    /// Items on the list.
    pub(super) offered: usize,
    /// Items that changed hands, of those shown.
    pub(super) taken: usize,
    /// The items.
    pub(super) items: Vec<HandedView>,
    /// Items on the list that are none of the caller's business.
    pub(super) others: usize,
}

impl HandoverView {
    pub(super) fn new(minutes: &Minutes, names: &Names, times: &Times, right: &StaffRight, now_ms: i64) -> Self {
        let side = |signed: &Signed| SideView::new(signed, names, times);
        let standing = if minutes.is_disputed() {
            Standing::Disputed
        } else if minutes.release.is_none() && is_still_provisional(minutes.accept.received_ms, now_ms) {
            Standing::Provisional
        } else if minutes.release.is_none() {
            Standing::Unreleased
        } else {
            Standing::Complete
        };
        let alphabet = base32::Alphabet::Rfc4648 { padding: false };
        Self {
            id: minutes.accept.event.to_string(),
            giver: side(&minutes.offer),
            receiver: side(&minutes.accept),
            release: minutes.release.as_ref().map(side),
            revoked: minutes.revoked.as_ref().map(side),
            standing,
            manifest: minutes
                .manifest_hash
                .map(|hash| base32::encode(alphabet, &hash).chars().take(12).collect()),
            offered: minutes.lines.len() + minutes.others,
            taken: minutes.lines.iter().filter(|line| line.exception.is_none()).count(),
            items: minutes.lines.iter().map(|line| HandedView::new(line, right)).collect(),
            others: minutes.others,
        }
    }
}

/// When events were signed, by event.
pub(super) type Times = HashMap<Vec<u8>, Bracket>;

/// When everything in these minutes was signed.
pub(super) async fn times(app: &App, all: &[Minutes]) -> Result<Times, Problem> {
    let signed = all.iter().flat_map(|minutes| {
        let ends = minutes.release.iter().chain(&minutes.revoked);
        [&minutes.offer, &minutes.accept].into_iter().chain(ends)
    });
    let events = signed.map(|signed| signed.event.0.to_vec()).collect();
    Ok(bracket::of(app.store.open(), &app.keys, &events).await?)
}

/// Everybody who signed.
pub(super) fn signers(all: &[Minutes]) -> BTreeSet<Uuid> {
    let signed = all.iter().flat_map(|minutes| [&minutes.offer, &minutes.accept]);
    signed.filter_map(|signed| signed.staff).map(|staff| staff.0).collect()
}

/// What an item carries, on paper.
fn carries(kind: &str) -> &'static str {
    kind.parse()
        .map_or("", |kind: domain::item::ItemKind| kind.words(Language::Vietnamese))
}
