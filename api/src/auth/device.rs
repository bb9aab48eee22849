//! What a device may do with nothing but its key.
//!
//! Depositing outlives everything: a revoked device, a dismissed courier, a device whose chain has forked may still bring
//! what they recorded. They get nothing back.

use super::may;
use super::nonce::is_fresh;
use super::proof::Proof;
use crate::App;
use crate::policy::Subject;
use crate::problem::{Kind, Problem};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use custody::ids::DeviceId;
use domain::ids::StaffId;
use entity::Scope;
use entity::repo::device::{self, Device};
use entity::repo::staff;

/// May bring events, and nothing else.
#[derive(Debug, Clone)]
pub struct DepositRight {
    /// The device.
    pub device: Device,
}

/// May also read what its holder is told.
#[derive(Debug, Clone)]
pub struct DeviceRight {
    /// The device.
    pub device: Device,
    /// Through whose eyes it looks: the person who carries it.
    pub scope: Scope,
}

/// May say hello: like [`DepositRight`], but without a nonce, because hello is where a device gets its first.
#[derive(Debug, Clone)]
pub struct HelloRight {
    /// The device.
    pub device: Device,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Nonce {
    Required,
    MayBeMissing,
}

/// Proves a device to an operation that the policy opens to devices.
async fn prove(parts: &Parts, app: &App, nonce: Nonce) -> Result<Device, Problem> {
    let row = may::row(parts)?;
    row.grant(Subject::Device).ok_or(Kind::MissingRight)?;
    proven(parts, app, nonce).await
}

async fn proven(parts: &Parts, app: &App, nonce: Nonce) -> Result<Device, Problem> {
    let proof = Proof::read(&parts.headers)?;
    let device = device::by_id(app.store.open(), proof.device)
        .await?
        .ok_or(Kind::UnknownDevice)?;
    let claims = proof.check(&device.key, parts.method.as_str(), parts.uri.path())?;
    let may_pass = nonce == Nonce::MayBeMissing && claims.nonce.is_empty();
    if may_pass || is_fresh(&app.keys, &claims.nonce, app.store.now_ms()) {
        Ok(device)
    } else {
        Err(Kind::UseNonce.into())
    }
}

impl FromRequestParts<App> for DepositRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self {
            device: prove(parts, app, Nonce::Required).await?,
        })
    }
}

impl FromRequestParts<App> for HelloRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self {
            device: prove(parts, app, Nonce::MayBeMissing).await?,
        })
    }
}

impl FromRequestParts<App> for DeviceRight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let device = prove(parts, app, Nonce::Required).await?;
        // Somebody who no longer works here is no longer a person of this store: by_id finds active staff only.
        let works_here = staff::by_id(app.store.open(), device.staff).await?.is_some();
        if !works_here || device.revoked_index.is_some() || device.fork_at.is_some() {
            return Err(Kind::DeviceRevoked.into());
        }
        Ok(Self {
            scope: Scope::courier(device.staff, app.store.now_ms()),
            device,
        })
    }
}

/// A device in good standing that proves itself beside something else: a session is bound to it.
#[derive(Debug, Clone, Copy)]
pub struct Proven {
    /// The device.
    pub id: DeviceId,
    /// Whose it is.
    pub staff: StaffId,
}

impl OptionalFromRequestParts<App> for Proven {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        if !parts.headers.contains_key("dpop") {
            return Ok(None);
        }
        let device = proven(parts, app, Nonce::Required).await?;
        if device.revoked_index.is_some() || device.fork_at.is_some() {
            return Err(Kind::DeviceRevoked.into());
        }
        Ok(Some(Self {
            id: device.id,
            staff: device.staff,
        }))
    }
}
