//! The table of contents of the service: one file per operation.

mod accesses;
mod agency;
mod bags;
mod calendar;
mod changes;
mod compensations;
mod complaints;
mod devices;
mod dispatch;
mod docs;
mod dossiers;
mod exceptions;
mod feedback;
mod glass;
mod handovers;
mod health;
mod home;
mod imports;
mod intakes;
mod items;
mod lgsp;
mod log;
mod manifests;
mod money;
mod notifications;
mod orders;
mod page;
mod papers;
mod problems;
mod province;
mod receipts;
mod reference;
mod remittances;
mod reports;
mod rulings;
mod session;
mod shifts;
mod slip;
mod sync;
mod users;

use crate::auth::give_nonce;
use crate::layer::{BodyLimit, admit, in_time, may_shrink, observe, on_panic, rate, recognise, shrink, tag};
use crate::openapi::{Doc, tell_who_may};
use crate::problem::{Kind, Problem};
use crate::{App, openapi};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Redirect;
use axum::routing::get;
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The service.
pub fn router(app: App) -> Router {
    let config = &app.config;
    let deposit = deposit().layer(Extension(BodyLimit(config.deposit_bytes)));
    let parts = parts().layer(Extension(BodyLimit(config.blob_part_bytes)));
    let sync = sync_calls()
        .merge(deposit)
        .merge(parts)
        .layer(map_response(may_shrink))
        .merge(sessions())
        .layer(from_fn_with_state(app.clone(), give_nonce));
    let one_stop = one_stop().layer(Extension(BodyLimit(config.lgsp_bytes)));
    let scans = scans().layer(Extension(BodyLimit(config.scan_bytes)));
    let uploads = uploads().layer(Extension(BodyLimit(config.import_bytes)));
    let (routes, _) = open()
        .merge(staff())
        .merge(uploads)
        .merge(scans)
        .merge(of_money())
        .merge(of_complaints())
        .merge(of_admins())
        .merge(of_reference())
        .merge(sync)
        .merge(one_stop)
        .split_for_parts();
    routes
        .route(
            "/api/openapi.json",
            get(|| async { ([(CONTENT_TYPE, "application/json")], openapi()) }),
        )
        .merge(log::routes())
        .route("/t", get(|| async { Redirect::permanent("/t/") }))
        .fallback(|| async { Problem::from(Kind::NotFound) })
        .method_not_allowed_fallback(|| async { Problem::from(Kind::MethodNotAllowed) })
        .layer(from_fn(tag))
        .layer(from_fn_with_state(app.clone(), in_time))
        .layer(from_fn_with_state(app.clone(), admit))
        .layer(from_fn_with_state(app.clone(), rate))
        .layer(from_fn_with_state(app.clone(), recognise))
        .layer(CatchPanicLayer::custom(on_panic))
        .layer(from_fn_with_state(app.clone(), observe))
        // Outermost: a problem gets its words on the way out, and its length with them.
        .layer(shrink())
        .with_state(app)
}

/// The API document.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    let described = open()
        .merge(staff())
        .merge(uploads())
        .merge(scans())
        .merge(sessions())
        .merge(of_money())
        .merge(of_complaints())
        .merge(of_admins())
        .merge(of_reference())
        .merge(sync_calls())
        .merge(deposit())
        .merge(parts())
        .merge(one_stop());
    let mut document = OpenApiRouter::<App>::with_openapi(Doc::openapi())
        .merge(described)
        .into_openapi();
    tell_who_may(&mut document);
    document
}

/// What anybody may ask.
fn open() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        .routes(routes!(home::handler))
        .routes(routes!(docs::handler))
        .routes(routes!(problems::handler))
        .routes(routes!(page::lookup::form, page::lookup::answer))
        .routes(routes!(page::show::handler))
        .routes(routes!(page::letter::form, page::letter::send))
        .routes(routes!(page::acts::form, page::acts::send))
        .routes(routes!(page::proofs::list))
        .routes(routes!(page::proofs::show))
        .routes(routes!(page::verify::page))
        .routes(routes!(page::verify::script))
        .routes(routes!(page::verify::offline))
        .routes(routes!(calendar::due::handler))
        .routes(routes!(calendar::page::handler))
        .routes(routes!(province::overview::handler))
        .routes(routes!(province::communes::handler))
        .routes(routes!(province::offices::handler))
        .routes(routes!(province::procedures::handler))
        .routes(routes!(province::procedure::handler))
        .routes(routes!(province::calendar::handler))
        .routes(routes!(devices::enrol::handler))
}

/// Signing in and carrying on; a phone proves its device on the way.
fn sessions() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            session::sign_in::handler,
            session::show::handler,
            session::end::handler
        ))
        .routes(routes!(session::refresh::handler))
        .routes(routes!(session::step_up::handler))
        .routes(routes!(session::factor::begin))
        .routes(routes!(session::factor::confirm))
}

/// What staff may do, each operation under its right.
fn staff() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(devices::codes::handler))
        .routes(routes!(devices::revoke::handler))
        .routes(routes!(intakes::handler))
        .routes(routes!(items::show::handler))
        .routes(routes!(items::custody::handler))
        .routes(routes!(dossiers::list::handler))
        .routes(routes!(dossiers::show::handler))
        .routes(routes!(dossiers::act::handler))
        .routes(routes!(dossiers::request::redirect))
        .routes(routes!(dossiers::request::withdraw))
        .routes(routes!(dossiers::search::handler))
        .routes(routes!(dossiers::watch::handler))
        .routes(routes!(dossiers::evidence::list))
        .routes(routes!(dossiers::evidence::show))
        .routes(routes!(dossiers::proofs::list))
        .routes(routes!(dossiers::proofs::show))
        .routes(routes!(dossiers::chapter::supplements))
        .routes(routes!(dossiers::chapter::results))
        .routes(routes!(dossiers::chapter::surrendered))
        .routes(routes!(handovers::list::handler))
        .routes(routes!(handovers::show::handler))
        .routes(routes!(manifests::outbound))
        .routes(routes!(manifests::inbound))
        .routes(routes!(orders::list))
        .routes(routes!(orders::show))
        .routes(routes!(slip::handler))
        .routes(routes!(exceptions::handler))
        .routes(routes!(bags::handler))
        .routes(routes!(dossiers::chapters::supplements))
        .routes(routes!(dossiers::chapters::results))
        .routes(routes!(dossiers::chapters::surrendered))
        .routes(routes!(glass::ask::handler, glass::list::handler))
        .routes(routes!(glass::steps::approve))
        .routes(routes!(glass::steps::reject))
        .routes(routes!(glass::steps::end))
        .routes(routes!(agency::progress::handler))
        .routes(routes!(imports::template::handler))
        .routes(routes!(imports::status::handler))
        .routes(routes!(imports::show::handler))
        .routes(routes!(imports::commit::handler))
        .routes(routes!(dispatch::unplaced::handler))
        .routes(routes!(dispatch::assign::handler))
        .routes(routes!(dispatch::findings::handler))
        .routes(routes!(dispatch::quarantine::handler))
        .routes(routes!(dispatch::contested::list))
        .routes(routes!(dispatch::contested::show))
        .routes(routes!(dispatch::gaps::handler))
        .routes(routes!(rulings::propose::handler))
        .routes(routes!(rulings::list::handler))
        .routes(routes!(rulings::show::handler))
        .routes(routes!(rulings::steps::approve))
        .routes(routes!(rulings::steps::reject))
        .routes(routes!(dispatch::missing_evidence::handler))
        .routes(routes!(dispatch::dead_jobs::list))
        .routes(routes!(dispatch::dead_jobs::revive))
        .routes(routes!(calendar::notices::list, calendar::notices::add))
        .routes(routes!(notifications::handler))
        .routes(routes!(reports::make::handler))
        .routes(routes!(accesses::handler))
}

/// Tables of orders, with a body limit of their own.
fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(imports::upload::handler))
}

/// Scans of papers, with a body limit of their own.
fn scans() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(dossiers::scans::list, dossiers::scans::add))
        .routes(routes!(dossiers::scans::show))
}

/// Money, for staff.
fn of_money() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(money::show::handler))
        .routes(routes!(money::charges::list, money::charges::add))
        .routes(routes!(money::exemptions::list, money::exemptions::add))
        .routes(routes!(money::collections::list, money::collections::add))
        .routes(routes!(money::refunds::list, money::refunds::add))
        .routes(routes!(money::receipts::issue))
        .routes(routes!(receipts::series::list, receipts::series::allot))
        .routes(routes!(receipts::void::handler))
        .routes(routes!(shifts::list::handler, shifts::open::handler))
        .routes(routes!(shifts::close::handler))
        .routes(routes!(shifts::countersign::handler))
        .routes(routes!(remittances::list::handler, remittances::state::handler))
        .routes(routes!(remittances::outstanding::handler))
        .routes(routes!(remittances::confirm::handler))
        .routes(routes!(remittances::withdraw::handler))
}

/// Complaints, claims and feedback, for staff.
fn of_complaints() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(complaints::file::handler))
        .routes(routes!(complaints::list::handler))
        .routes(routes!(complaints::steps::register))
        .routes(routes!(complaints::steps::answer))
        .routes(routes!(complaints::steps::withdraw))
        .routes(routes!(compensations::assess::handler))
        .routes(routes!(compensations::list::handler))
        .routes(routes!(compensations::steps::decide))
        .routes(routes!(compensations::steps::approve))
        .routes(routes!(compensations::steps::reject))
        .routes(routes!(compensations::steps::pay))
        .routes(routes!(feedback::give::handler))
        .routes(routes!(feedback::list::handler))
        .routes(routes!(feedback::steps::ask))
        .routes(routes!(feedback::steps::refuse))
        .routes(routes!(feedback::steps::answer))
        .routes(routes!(feedback::steps::publish))
}

/// Who works here, and changes of it that take two people.
fn of_admins() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(changes::list::handler, changes::propose::handler))
        .routes(routes!(changes::show::handler))
        .routes(routes!(changes::steps::approve))
        .routes(routes!(changes::steps::reject))
        .routes(routes!(changes::steps::withdraw))
        .routes(routes!(users::list::handler))
        .routes(routes!(users::show::handler))
}

/// What the installation was told beforehand, for staff.
fn of_reference() -> OpenApiRouter<App> {
    use reference::{clients, law, people, places};
    OpenApiRouter::new()
        .routes(routes!(places::operators))
        .routes(routes!(places::offices))
        .routes(routes!(places::territories))
        .routes(routes!(places::agencies))
        .routes(routes!(places::desks))
        .routes(routes!(people::couriers))
        .routes(routes!(people::devices))
        .routes(routes!(law::procedures))
        .routes(routes!(law::procedure))
        .routes(routes!(law::tariffs))
        .routes(routes!(law::rules))
        .routes(routes!(law::calendars))
        .routes(routes!(clients::clients))
}

/// What a device may do, except the deposit.
fn sync_calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sync::hello::handler))
        .routes(routes!(sync::changes::handler))
        .routes(routes!(sync::gaps::handler))
        .routes(routes!(sync::receipts::handler))
        .routes(routes!(sync::numbers::handler))
}

/// Deposits, also those of a phone that died, with a body limit of their own.
fn deposit() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sync::events::handler))
        .routes(routes!(sync::salvage::handler))
}

/// Bytes behind the hashes of events, with a body limit of their own.
fn parts() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sync::blobs::held, sync::blobs::bring))
}

/// What one-stop systems may do.
fn one_stop() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(lgsp::token::handler))
        .routes(routes!(lgsp::dispatch::get, lgsp::dispatch::post))
        .routes(routes!(lgsp::dispatch::get_named, lgsp::dispatch::post_named))
}
