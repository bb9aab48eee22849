//! Who may ask what over HTTP: routes, rights, problems, the API document and the citizen's page.
//!
//! A right is a type: a handler names it among its arguments and gets the [`entity::Scope`] it looks through; a handler that
//! anybody may call says [`auth::Public`]. Nothing here speaks SQL, runs jobs or knows a rule of law. Every refusal is a
//! [`problem::Problem`].
//!
//! Start reading at [`router`], which is the table of contents, then [`auth`] and [`problem`].

mod answers;
pub mod app;
pub mod auth;
mod calendars;
mod cbor_seq;
pub mod config;
mod extract;
mod form;
mod kept;
mod layer;
pub mod metrics;
pub mod network;
mod once;
mod openapi;
pub mod policy;
pub mod problem;
mod province;
mod rates;
pub mod routes;
mod serve;
mod sheet;
mod table;
pub mod tls;
mod told;
mod trace;
pub mod witness;
mod words;

pub use app::App;
pub use config::ApiConfig;
pub use metrics::Metrics;
pub use network::Network;
pub use openapi::openapi;
pub use routes::router;
pub use serve::serve;
pub use table::csv;
pub use tls::TlsFiles;
