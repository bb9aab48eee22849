//! `GET /api/v1/dossiers/{id}`

use super::life::{self, LifeView};
use super::view::DossierView;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Path, Version};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use crate::routes::items::ItemView;
use axum::Extension;
use axum::extract::State;
use domain::ids::DossierId;
use entity::repo::{dossier, item, receiver};
use entity::table::dossier_act;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An administrative act.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActView {
    /// For example `dossier.received`.
    kind: String,
    /// When, in milliseconds UTC.
    at_ms: i64,
    /// What it says; not for couriers, since it may name the papers or the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<serde_json::Value>,
    /// The act in the log, in hex.
    event_id: String,
}

impl ActView {
    /// An act for somebody who may know what is in the envelope, or may not.
    pub(super) fn new(act: dossier_act::Model, sees_papers: bool) -> Self {
        Self {
            kind: act.kind,
            at_ms: act.at_ms,
            data: sees_papers.then(|| serde_json::from_str(&act.data).unwrap_or_default()),
            event_id: hex::encode(act.event_id),
        }
    }
}

/// Somebody else than the applicant who gets the result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceiverView {
    /// Their name.
    name: String,
    /// Their telephone.
    phone: String,
    /// Their address.
    address: String,
}

/// A dossier with its items and acts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DossierDetailView {
    /// The dossier.
    dossier: DossierView,
    /// Who gets the result, when that is not the applicant; not for whoever runs or audits the installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    receiver: Option<ReceiverView>,
    /// Its items.
    items: Vec<ItemView>,
    /// What was done, in log order.
    acts: Vec<ActView>,
    /// What the rules say of it; not for couriers.
    #[serde(skip_serializing_if = "Option::is_none")]
    life: Option<LifeView>,
}

/// One dossier.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}", tag = "dossier", security(("staff" = [])),
    params(("id" = Uuid, Path, description = "The dossier"), AccessPurpose),
    responses((status = 200, body = DossierDetailView), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<Uuid>,
) -> Result<(Extension<Version>, Json<DossierDetailView>), Problem> {
    let (db, id) = (&app.store.see(&right.scope).await?, DossierId(id));
    let standing = dossier::find(db, &right.scope, id).await?.ok_or(Kind::NotFound)?;
    let receiver = receiver::of(db, &right.scope, id).await?;
    let receiver = receiver.filter(|_| right.sees_names()).map(|to| ReceiverView {
        name: to.name,
        phone: to.phone,
        address: to.address,
    });
    let items = item::of_dossier(db, &right.scope, id).await?;
    let items = item::as_of(db, items, app.store.now_ms()).await?;
    right.looked(&app, "dossier", Some(id), 1).await?;
    let sees_papers = right.sees_papers();
    let acts = dossier::acts(db, &right.scope, id)
        .await?
        .into_iter()
        .map(|act| ActView::new(act, sees_papers));
    let life = match life::read(&app, &right.scope, id).await? {
        Some(known) if sees_papers => Some(life::view(&app, &known).await?),
        _ => None,
    };
    let version = Version(dossier::version(standing.state.as_ref()));
    let view = DossierDetailView {
        dossier: DossierView::new(standing, &right),
        receiver,
        items: items.into_iter().map(ItemView::from).collect(),
        acts: acts.collect(),
        life,
    };
    Ok((Extension(version), Json(view)))
}
