//! Rights are types.
//!
//! A handler that names [`SupervisorRight`] among its arguments can only run for a supervisor, and gets from it the
//! [`entity::Scope`] through which it may look. There is no other way to a scope. Who may call without any proof says
//! [`Public`], so that a handler without a right is visible as a mistake. Each type asks the policy ([`crate::policy`]) whether
//! this caller may call this operation; what it then refuses is a role the handler was not written for.
//!
//! Four proofs exist: a staff access token ([`staff`]), a device's signature on the request ([`device`]), a one-stop system's
//! opaque token ([`client`]), and the secret of a citizen's page, which is looked up where it is used.

pub mod agency;
pub(crate) mod assertion;
pub(crate) mod attempts;
pub mod client;
pub(crate) mod codes;
pub mod device;
pub(crate) mod fault;
mod may;
mod nonce;
pub mod password;
mod proof;
pub(crate) mod purpose;
pub mod staff;
pub(crate) mod token;

pub use agency::AgencyRight;
pub(crate) use attempts::Attempts;
pub use client::ClientRight;
pub(crate) use client::ClientRights;
pub use device::{DepositRight, DeviceRight, Proven};
pub(crate) use nonce::{give_nonce, nonce_now};
pub use staff::{DeskRight, PostAgentRight, ReportRight, SessionRight, StaffRight, SupervisorRight};

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use std::convert::Infallible;

/// Anybody may call this.
#[derive(Debug, Clone, Copy)]
pub struct Public;

impl<S: Send + Sync> FromRequestParts<S> for Public {
    type Rejection = Infallible;

    async fn from_request_parts(_parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

/// The token after `Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim())
        .filter(|token| !token.is_empty())
}
