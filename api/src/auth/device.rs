//! What a device may do with nothing but its key.
//!
//! Depositing outlives everything: a revoked device, a dismissed courier, a device whose chain has forked may still bring
//! what they recorded. They get nothing back.

use super::nonce::is_fresh;
use super::proof::Proof;
use crate::App;
use crate::problem::{Kind, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
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

async fn prove(parts: &Parts, app: &App, nonce: Nonce) -> Result<Device, Problem> {
    let proof = Proof::read(&parts.headers)?;
    let device = device::by_id(app.store.read(), proof.device)
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
        let works_here = staff::by_id(app.store.read(), device.staff).await?.is_some();
        if !works_here || device.revoked_index.is_some() || device.fork_at.is_some() {
            return Err(Kind::DeviceRevoked.into());
        }
        Ok(Self {
            scope: Scope::courier(device.staff),
            device,
        })
    }
}
