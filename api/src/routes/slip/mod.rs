//! `GET /api/v1/orders/{id}/slip` (phiếu gửi hồ sơ): the postal contract, for programs or to print.
//!
//! What it must say is in Thông tư 17/2017/TT-BTTTT, điều 9, and Quyết định 45/2016/QĐ-TTg, điều 6 and 9. What nobody recorded is
//! left blank to be written by hand; nothing is made up.

mod view;

use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Path, Query};
use crate::openapi::StaffRead;
use crate::policy::Relation;
use crate::problem::{Kind, Problem};
use crate::routes::dossiers::proofs::{MOST, ORDERED, kind};
use crate::routes::papers::{PaperFormat, STYLE, sheet};
use crate::words::{day, hour, local_date};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use custody::log::Receipt;
use domain::ids::DossierId;
use domain::money::Dong;
use entity::repo::order;
use entity::{Scope, tlog};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Deserialize;
use std::borrow::Borrow;
use utoipa::IntoParams;
use uuid::Uuid;
use view::{PersonView, SlipView};

/// How it is answered.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SlipQuery {
    /// `json` (default) or `html`: a sheet to print.
    #[param(inline)]
    #[serde(default)]
    format: PaperFormat,
}

/// The sheet.
#[derive(Template)]
#[template(path = "slip.html")]
struct Sheet<'a> {
    view: &'a SlipView,
    /// The applicant's link as a picture; only where the post prints it.
    code: Option<String>,
    /// The provisional receipt of the order as a picture, once the order is numbered.
    receipt: Option<String>,
    printed: String,
    style: &'static str,
}

impl Sheet<'_> {
    fn accepted(&self) -> String {
        let told = self.view.accepted_ms.map(hour);
        told.unwrap_or_else(|| "……… giờ ……… phút, ngày …… tháng …… năm ………".to_owned())
    }

    fn sum(dong: impl Borrow<i64>) -> String {
        Dong::new(*dong.borrow()).to_string()
    }

    fn person(person: &PersonView) -> [(&'static str, &str); 3] {
        [
            ("Tên", person.name.as_str()),
            ("Điện thoại", person.phone.as_deref().unwrap_or("")),
            ("Địa chỉ", person.address.as_deref().unwrap_or("")),
        ]
    }
}

/// The consignment slip of an order: sender and receiver, what is carried and for how much, when and where it was accepted, what each
/// side may ask of the other. On the sheet of a post office is the applicant's link as a QR code: whoever has it reads their page. Beside
/// it is a provisional receipt, which names nobody: the order as the server signed it, to check on `/verify`.
#[utoipa::path(get, path = "/api/v1/orders/{id}/slip", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The order"), SlipQuery, AccessPurpose),
    responses((status = 200, content((SlipView = "application/json"), (String = "text/html"))), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
    Query(query): Query<SlipQuery>,
) -> Result<Response, Problem> {
    let found = order::find(&app.store.see(&right.scope).await?, &right.scope, id).await?;
    let placed = found.ok_or(Kind::NotFound)?;
    let dossier = DossierId(placed.order.dossier_id);
    right.looked(&app, "slip", Some(dossier), 1).await?;
    let view = view::read(&app, &placed).await?;
    if query.format == PaperFormat::Json {
        return Ok(Json(view).into_response());
    }
    let link = format!("{}/t/{}", app.config.public_url, app.keys.capability(dossier.0));
    // An agency hands out its own appointment slip; the link is the post's to give, with the contract.
    let is_ours = right.stands(Relation::Office);
    let code = is_ours.then(|| picture(&link)).transpose()?;
    let receipt = if is_ours { receipt(&app, dossier).await? } else { None };
    let receipt = receipt.map(|receipt| format!("{}/verify#{}", app.config.public_url, receipt.to_code()));
    Ok(sheet(&Sheet {
        view: &view,
        code,
        receipt: receipt.as_deref().map(picture).transpose()?,
        printed: day(local_date(app.store.now_ms())),
        style: STYLE,
    }))
}

/// The order as the server signed it. What a device signs is not printed: nobody could say whose key that is before it is in the log.
async fn receipt(app: &App, id: DossierId) -> Result<Option<Receipt>, Problem> {
    let scope = Scope::dossier(id);
    let lines = tlog::of_dossier(&app.store.see(&scope).await?, &scope, id, MOST).await?;
    let Some(ordered) = lines.into_iter().find(|line| kind(line) == ORDERED) else {
        return Ok(None);
    };
    let receipt = tlog::of_event(app.store.open(), &app.keys, ordered.id).await?;
    Ok(receipt.map(Receipt::provisional))
}

/// A QR code as SVG; it bears a fold and a coffee stain.
fn picture(text: &str) -> Result<String, Problem> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M);
    let code = code.map_err(|error| Problem::caused(Kind::Internal, error))?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(140, 140).build();
    // The declaration of XML has no place inside a page.
    Ok(picture
        .split_once("?>")
        .map_or(picture.clone(), |(_, svg)| svg.to_owned()))
}
