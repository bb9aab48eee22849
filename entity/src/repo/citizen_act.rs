//! What a citizen does with a dossier of theirs, once a code proved that the telephone on its slip is theirs or a clerk saw their
//! identity paper: takes it back, or has the result brought elsewhere.
//!
//! What the post has in hand is moved by whoever holds it: then the answer is where to go, and nothing is recorded.

use super::assignment::{self, put_unplaced};
use super::idempotency::Once;
use super::intake::act;
use super::matter::{self, Answer, Done, NewAct};
use super::{item, money, receiver, reference, search};
use crate::inbox::append_act;
use crate::outbox;
use crate::store::Store;
use crate::table::{dossier, dossier_state, item_custody, postal_item};
use crate::{Scope, ServerKeys, StoreError};
use domain::dossier::DossierState;
use domain::dossier::words::Language;
use domain::ids::DossierId;
use domain::item::{ItemKind, ItemState};
use domain::item_code::ItemCode;
use domain::mode::Mode;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

/// How the log names whoever has the link and the code.
pub const CITIZEN: &str = "citizen";

/// Why an item waits for the dispatcher: its result is to go elsewhere.
pub const NEW_ADDRESS: &str = "new_address";

/// Why a citizen's act is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CitizenRefusal {
    /// The post has the papers, and the agency has not.
    InPost,
    /// The agency has it and has not given it a code yet.
    NotEntered,
    /// It is decided, stopped or over.
    TooLate,
    /// They asked for that already.
    Already,
    /// The result does not go by post.
    NotByPost,
    /// The courier is on the way with it.
    OnTheWay,
    /// It was delivered.
    Delivered,
    /// There is no such commune.
    NoCommune,
}

impl CitizenRefusal {
    /// The reason for people.
    pub const fn words(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Self::InPost => (
                "Bưu điện đang giữ giấy tờ. Hãy mang giấy tờ tùy thân và phiếu gửi đến bưu cục để nhận lại.",
                "The post has your papers. Take your identity paper and the slip to the post office to get them back.",
            ),
            Self::NotEntered => (
                "Cơ quan vừa nhận giấy tờ và chưa vào sổ. Hãy thử lại khi hồ sơ đã có mã.",
                "The agency has just got the papers and has not entered them. Try again once the dossier has a code.",
            ),
            Self::TooLate => (
                "Hồ sơ đã có kết quả hoặc đã dừng, không rút được nữa.",
                "The dossier is decided or stopped; it cannot be taken back any more.",
            ),
            Self::Already => ("Bạn đã yêu cầu rút hồ sơ này rồi.", "You asked for it back already."),
            Self::NotByPost => (
                "Kết quả hồ sơ này không trả qua bưu điện.",
                "The result of this dossier does not come by post.",
            ),
            Self::OnTheWay => (
                "Bưu tá đang mang kết quả đi phát nên chưa đổi được địa chỉ. Hãy gọi bưu cục.",
                "The courier is on the way with it, so the address cannot be changed now. Call the post office.",
            ),
            Self::Delivered => ("Kết quả đã được phát.", "The result was delivered."),
            Self::NoCommune => ("Hãy chọn xã, phường trong danh sách.", "Choose a commune of the list."),
        };
        match language {
            Language::Vietnamese => vietnamese,
            Language::English => english,
        }
    }
}

/// Takes a dossier back: before it is collected the order is cancelled, at the agency the agency is asked.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(
    store: &Store,
    keys: &ServerKeys,
    id: DossierId,
    actor: String,
    once: Option<Once>,
) -> Result<Answer<CitizenRefusal>, StoreError> {
    let (inner, signing) = (store.clone(), keys.clone());
    matter::once(store, once, move |tx| {
        Box::pin(async move {
            if !money::lock(tx, &Scope::dossier(id), id).await? {
                return Ok(Answer::Unknown);
            }
            let kind = match how_to_withdraw(tx, id).await? {
                Ok(kind) => kind,
                Err(why) => return Ok(Answer::Refused(why)),
            };
            let (now, mut data) = (inner.now_ms(), json!({}));
            if kind == CANCELLED {
                for label in labels(tx, id).await? {
                    data["item_code"] = json!(label);
                    outbox::call_off(tx, &format!("assign:{label}:"), now).await?;
                }
            }
            let event = append_act(tx, &inner, &signing, &act(kind, id, &actor, now, &data)).await?;
            Ok(Answer::Done(Done::new(event, id.0)))
        })
    })
    .await
}

const CANCELLED: &str = "dossier.cancelled";
const ASKED_BACK: &str = "dossier.withdrawal_requested";

async fn labels(tx: &DatabaseTransaction, id: DossierId) -> Result<Vec<String>, StoreError> {
    let rows = postal_item::Entity::find()
        .filter(postal_item::Column::DossierId.eq(id.0))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.item_code).collect())
}

/// Which act takes it back, as far as is told up to now.
async fn how_to_withdraw(
    tx: &DatabaseTransaction,
    id: DossierId,
) -> Result<Result<&'static str, CitizenRefusal>, StoreError> {
    // What waits to be folded counts already.
    for (_, told) in matter::waiting(tx).await? {
        if told.subject == *id.0.as_bytes() && [CANCELLED, ASKED_BACK].contains(&told.kind.as_str()) {
            return Ok(Err(CitizenRefusal::Already));
        }
    }
    let state = dossier_state::Entity::find_by_id(id.0).one(tx).await?;
    let state = state
        .and_then(|row| row.state.parse().ok())
        .unwrap_or(DossierState::Draft);
    let items = postal_item::Entity::find()
        .filter(postal_item::Column::DossierId.eq(id.0))
        .all(tx)
        .await?;
    let mut cancelled = false;
    for row in &items {
        match item::can_cancel(tx, &row.item_id).await? {
            item::CanCancel::AlreadyCancelled => cancelled = true,
            item::CanCancel::No if is_before_lodging(state) => return Ok(Err(CitizenRefusal::InPost)),
            item::CanCancel::Yes | item::CanCancel::No => {}
        }
    }
    Ok(match state {
        _ if cancelled => Err(CitizenRefusal::Already),
        state if is_before_lodging(state) => Ok(CANCELLED),
        DossierState::WithdrawRequested => Err(CitizenRefusal::Already),
        DossierState::Received | DossierState::Processing | DossierState::Supplement | DossierState::Payment => {
            Ok(ASKED_BACK)
        }
        DossierState::AtHandover | DossierState::Lodged => Err(CitizenRefusal::NotEntered),
        _ => Err(CitizenRefusal::TooLate),
    })
}

const fn is_before_lodging(state: DossierState) -> bool {
    matches!(
        state,
        DossierState::Draft | DossierState::IntakeCheck | DossierState::InPost
    )
}

/// Where a result is to be brought.
#[derive(Debug, Clone)]
pub struct NewAddress {
    /// The address as written.
    pub address: String,
    /// The commune, of the list.
    pub commune_code: String,
    /// Another telephone of the same person; none for the one known.
    pub phone: Option<String>,
}

/// Has the result brought elsewhere, to the same person.
///
/// # Errors
/// When the database fails.
pub async fn redirect(
    store: &Store,
    keys: &ServerKeys,
    id: DossierId,
    to: NewAddress,
    actor: String,
    once: Option<Once>,
) -> Result<Answer<CitizenRefusal>, StoreError> {
    let (inner, signing) = (store.clone(), keys.clone());
    let answer = matter::once(store, once, move |tx| {
        Box::pin(async move {
            let scope = Scope::dossier(id);
            if !money::lock(tx, &scope, id).await? {
                return Ok(Answer::Unknown);
            }
            let Some(owner) = scope.dossiers().one(tx).await? else {
                return Ok(Answer::Unknown);
            };
            let mode: Mode = owner
                .mode
                .parse()
                .map_err(|error| StoreError::corrupt("dossier", id, error))?;
            if !mode.carries_result() {
                return Ok(Answer::Refused(CitizenRefusal::NotByPost));
            }
            if !reference::has_commune(tx, &to.commune_code).await? {
                return Ok(Answer::Refused(CitizenRefusal::NoCommune));
            }
            let results = item_custody::Entity::find()
                .filter(item_custody::Column::DossierId.eq(id.0))
                .filter(item_custody::Column::Kind.eq(ItemKind::ResultToApplicant.as_str()))
                .all(tx)
                .await?;
            for row in &results {
                if let Some(why) = stands_against(row)? {
                    return Ok(Answer::Refused(why));
                }
            }
            let now = inner.now_ms();
            let data = json!({
                "dossier": id.to_string(), "commune_code": to.commune_code,
                "address_sha256": matter::hash_of(&to.address),
            });
            let told = NewAct {
                kind: "redirect.asked",
                subject: id.0,
                actor: &actor,
                data,
            };
            let event = matter::tell(tx, &inner, &signing, told).await?;
            bring_elsewhere(tx, &scope, &owner, to).await?;
            for row in results {
                decide_anew(tx, &row, now).await?;
            }
            Ok(Answer::Done(Done::new(event, id.0)))
        })
    })
    .await?;
    Ok(answer)
}

/// Why a result that stands so cannot be sent elsewhere.
fn stands_against(row: &item_custody::Model) -> Result<Option<CitizenRefusal>, StoreError> {
    let state: ItemState = row
        .state
        .parse()
        .map_err(|_| StoreError::corrupt("item_custody", &row.item_code, "state"))?;
    Ok(match state {
        ItemState::OutForDelivery => Some(CitizenRefusal::OnTheWay),
        ItemState::Delivered => Some(CitizenRefusal::Delivered),
        ItemState::Refused | ItemState::Returning | ItemState::Returned | ItemState::Withdrawn => {
            Some(CitizenRefusal::TooLate)
        }
        ItemState::Created
        | ItemState::PickupAssigned
        | ItemState::Accepted
        | ItemState::InTransit
        | ItemState::AtDeliveryOffice
        | ItemState::AttemptFailed
        | ItemState::HeldForPickup
        | ItemState::Redirected => None,
    })
}

async fn bring_elsewhere(
    tx: &DatabaseTransaction,
    scope: &Scope,
    owner: &dossier::Model,
    to: NewAddress,
) -> Result<(), StoreError> {
    let id = DossierId(owner.id);
    let mut receiver = receiver::of(tx, scope, id).await?.unwrap_or_default();
    if receiver.name.is_empty() {
        receiver.name.clone_from(&owner.applicant_name);
        receiver.phone.clone_from(&owner.applicant_phone);
    }
    receiver.address = to.address;
    receiver.commune_code = Some(to.commune_code);
    receiver.place = None;
    if let Some(phone) = to.phone {
        receiver.phone = phone;
    }
    search::index(tx, owner.id, &[(&receiver.name, &receiver.phone)]).await?;
    receiver::put(tx, id, receiver).await
}

/// Whoever was told to bring it to the old address is not any more; the dispatcher decides.
async fn decide_anew(tx: &DatabaseTransaction, row: &item_custody::Model, now_ms: i64) -> Result<(), StoreError> {
    let code =
        ItemCode::parse(&row.item_code).map_err(|error| StoreError::corrupt("item_custody", &row.item_code, error))?;
    let standing = assignment::standing(tx, &code, assignment::DELIVER).await?;
    if standing.is_none() {
        return Ok(());
    }
    assignment::delivery_is_off(tx, &row.item_id, now_ms).await?;
    put_unplaced(tx, &code, assignment::DELIVER, NEW_ADDRESS, "", now_ms).await
}
