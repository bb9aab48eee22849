//! `GET /api/v1/handovers/{id}`

use super::view::{HandoverView, Standing, signers, times};
use crate::App;
use crate::auth::StaffRight;
use crate::auth::purpose::AccessPurpose;
use crate::extract::{Json, Path, Query};
use crate::openapi::StaffRead;
use crate::problem::{Kind, Problem};
use crate::routes::papers::{Names, PaperFormat, STYLE, TimeView, sheet};
use crate::words::{day, hour, local_date};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use entity::repo::handover;
use serde::Deserialize;
use utoipa::IntoParams;

/// How it is answered.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HandoverQuery {
    /// `json` (default) or `html`: a sheet to print.
    #[param(inline)]
    #[serde(default)]
    format: PaperFormat,
}

/// The sheet.
#[derive(Template)]
#[template(path = "handover.html")]
struct Sheet<'a> {
    view: &'a HandoverView,
    style: &'static str,
}

impl Sheet<'_> {
    fn is_complete(&self) -> bool {
        self.view.standing == Standing::Complete
    }

    fn number(&self) -> &str {
        self.view.manifest.as_deref().unwrap_or("")
    }

    fn received(&self) -> String {
        hour(self.view.receiver.received_ms)
    }

    fn claimed(&self) -> String {
        let claimed = self.view.receiver.claimed_ms.and_then(|at| i64::try_from(at).ok());
        claimed.map_or_else(String::new, hour)
    }

    /// When the receiver signed, as far as that is proved.
    fn proved(&self) -> String {
        let time = self.view.receiver.time.as_ref();
        time.map_or_else(String::new, TimeView::interval)
    }

    /// That a device's clock was wrong, when one was.
    fn clock(&self) -> String {
        let sides = [("bên giao", &self.view.giver), ("bên nhận", &self.view.receiver)];
        let wrong = sides
            .iter()
            .filter_map(|(who, side)| Some(format!("{who}: {}", side.time.as_ref()?.clock.as_ref()?)));
        wrong.collect::<Vec<_>>().join("; ")
    }

    fn day(&self) -> String {
        day(local_date(self.view.receiver.received_ms))
    }

    fn released(&self) -> String {
        let release = self.view.release.as_ref();
        release.map_or_else(|| "chưa có".to_owned(), |side| hour(side.received_ms))
    }
}

/// The minutes of one hand-over, for programs or to print: who gave, who took over, each item with its seal, what was not taken,
/// and which signatures there are.
#[utoipa::path(get, path = "/api/v1/handovers/{id}", tag = "item", security(("staff" = [])),
    params(("id" = String, Path, description = "The acceptance in the log, in hex"), HandoverQuery, AccessPurpose),
    responses((status = 200, content((HandoverView = "application/json"), (String = "text/html"))), StaffRead))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: StaffRight,
    Path(id): Path<String>,
    Query(query): Query<HandoverQuery>,
) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| Kind::NotFound)?;
    let found = handover::find(&app.store.see(&right.scope).await?, &right.scope, id).await?;
    let minutes = found.ok_or(Kind::NotFound)?;
    right.looked(&app, "handover", None, minutes.lines.len()).await?;
    let names = Names::of(&app, signers(std::slice::from_ref(&minutes))).await?;
    let times = times(&app, std::slice::from_ref(&minutes)).await?;
    let view = HandoverView::new(&minutes, &names, &times, &right, app.store.now_ms());
    Ok(match query.format {
        PaperFormat::Json => Json(view).into_response(),
        PaperFormat::Html => sheet(&Sheet {
            view: &view,
            style: STYLE,
        }),
    })
}
