//! `POST /api/v1/dossiers/{id}/redirect` and `/withdraw`: what an applicant asks for at a counter, with their identity paper in hand.
//! On their own page they do the same with a code.

use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Asked, Json, Path};
use crate::openapi::MatterWrite;
use crate::problem::{Kind, Mistake, Problem};
use crate::told::{NothingMore, ToldView, answered};
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::DossierId;
use domain::phone::Phone;
use entity::repo::citizen_act::{self, NewAddress};
use entity::repo::{dossier, reference};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Longest address.
const LONGEST: usize = 300;

/// Where the result is to be brought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "address": "Số 9, ấp Mới", "commune_code": "30520", "phone": "0987 654 321" }))]
pub(crate) struct RedirectRequest {
    /// The address as written, in one line of 1 to 300 characters.
    address: String,
    /// The commune, by its code.
    commune_code: String,
    /// Another telephone of the same person; the known one when absent.
    phone: Option<String>,
}

async fn seen(app: &App, right: &StaffRight, id: DossierId) -> Result<(), Problem> {
    let found = dossier::find(&app.store.see(&right.scope).await?, &right.scope, id).await?;
    found.map(drop).ok_or_else(|| Kind::NotFound.into())
}

/// Has the result brought elsewhere, to the same person, because they asked for it at the counter. Whoever was told to bring it to the
/// old address is not any more; the dispatcher decides.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/redirect", tag = "dossier", request_body = RedirectRequest, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn redirect(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { request, repeat }: Asked<RedirectRequest>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let id = DossierId(id);
    seen(&app, &right, id).await?;
    let address = request.address.trim().to_owned();
    if address.is_empty() || address.chars().count() > LONGEST || address.chars().any(char::is_control) {
        let mistake = Mistake::invalid(
            "#/address",
            "Địa chỉ có 1 đến 300 ký tự, trên một dòng.",
            "an address has 1 to 300 characters, in one line",
        );
        return Err(Problem::field(Kind::InvalidRequest, mistake));
    }
    if request.commune_code.contains('\0') || !reference::has_commune(app.store.open(), &request.commune_code).await? {
        let mistake = Mistake::reference("#/commune_code", "Không có xã này.", "there is no such commune");
        return Err(Problem::field(Kind::InvalidRequest, mistake));
    }
    let phone = request.phone.as_deref().map(Phone::parse).transpose().map_err(|_| {
        let mistake = Mistake::invalid("#/phone", "Số điện thoại không đúng.", "no telephone number");
        Problem::field(Kind::InvalidRequest, mistake)
    })?;
    let to = NewAddress {
        address,
        commune_code: request.commune_code,
        phone: phone.map(|phone| phone.as_str().to_owned()),
    };
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    answered(citizen_act::redirect(&app.store, &app.keys, id, to, actor, once).await?)
}

/// Takes a dossier back because the applicant asked for it at the counter: before it is collected its order is cancelled, at the agency
/// the agency is asked. What the post has in hand is given back by a scan.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/withdraw", tag = "dossier", request_body = NothingMore, security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeat gets the first answer")),
    responses((status = 201, body = ToldView), MatterWrite))]
pub(crate) async fn withdraw(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Asked { repeat, .. }: Asked<NothingMore>,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let id = DossierId(id);
    seen(&app, &right, id).await?;
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    answered(citizen_act::withdraw(&app.store, &app.keys, id, actor, once).await?)
}
