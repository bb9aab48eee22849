//! The one error of the skin: eight kinds, each with what the app does about it.

use crate::core;
use crate::core::platform::HostError;

/// What the core answers when it did not do what was asked. Nothing was recorded and nothing was lost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum CourierError {
    /// No credential, or the server no longer knows the device. App: open the enrolment screen; keep the store.
    #[error("this device is not enrolled: {why}")]
    NotEnrolled {
        /// Why.
        why: String,
    },
    /// Too long without the server to start a handover between two devices. App: offer to sync; without a network,
    /// hand over on paper and record a paper fallback.
    #[error("the credential ended at {until_ms}")]
    CredentialExpired {
        /// When, server time.
        until_ms: i64,
    },
    /// A code or message could not be read. App: say why, let the person scan again.
    #[error("not a readable {what}: {why}")]
    Unreadable {
        /// What was expected.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// The act does not fit what this device knows. App: show why; if `can_be_forced`, offer "the papers have already
    /// moved" and call again with force.
    #[error("{why}")]
    Refused {
        /// Why.
        why: String,
        /// Whether the act can be recorded as testimony all the same.
        can_be_forced: bool,
    },
    /// The two sides of a handover do not fit. App: show the differences; both start again from hello, papers stay.
    #[error("{why}")]
    Handover {
        /// Why.
        why: String,
        /// Item ids on the offer that were neither seen nor excepted.
        missing: Vec<String>,
        /// Labels that were not on the offer.
        unexpected: Vec<String>,
        /// Labels whose seal is another one.
        seals: Vec<String>,
    },
    /// No usable answer from the server. App: stay quiet, show the banner, try again after `backoff_ms`.
    #[error("the server could not be reached: {why}")]
    Unreachable {
        /// Why, for the log.
        why: String,
        /// How long the server asked us to stay away.
        retry_after_ms: Option<u64>,
    },
    /// The host's key, clock or randomness failed. App: ask to unlock the phone and try again.
    #[error("the host failed: {why}")]
    Host {
        /// Why.
        why: String,
    },
    /// The local database failed. App: stop taking papers, work on paper, call support; never clear the data.
    #[error("the local database failed: {why}")]
    Store {
        /// Why.
        why: String,
    },
}

impl From<core::CourierError> for CourierError {
    fn from(error: core::CourierError) -> Self {
        match error {
            core::CourierError::NotEnrolled { why } => Self::NotEnrolled { why },
            core::CourierError::CredentialExpired { until_ms } => Self::CredentialExpired { until_ms },
            core::CourierError::Unreadable { what, why } => Self::Unreadable {
                what: what.to_owned(),
                why,
            },
            core::CourierError::Refused(refusal) => Self::Refused {
                why: refusal.to_string(),
                can_be_forced: refusal.can_be_forced(),
            },
            core::CourierError::Handover(fault) => handover(&fault),
            core::CourierError::Unreachable { why, retry_after_ms } => Self::Unreachable { why, retry_after_ms },
            core::CourierError::Host(error) => Self::Host { why: error.reason },
            core::CourierError::Store(error) => Self::Store { why: chain(&error) },
        }
    }
}

impl From<HostError> for CourierError {
    fn from(error: HostError) -> Self {
        Self::Host { why: error.reason }
    }
}

fn handover(fault: &core::HandoverFault) -> CourierError {
    let (missing, unexpected, seals) = match fault {
        core::HandoverFault::Differs {
            missing,
            unexpected,
            seals,
        } => (
            missing.clone(),
            unexpected.iter().map(ToString::to_string).collect(),
            seals.iter().map(ToString::to_string).collect(),
        ),
        core::HandoverFault::NotForUs
        | core::HandoverFault::TooOld
        | core::HandoverFault::BadSignature
        | core::HandoverFault::PeerUnknown
        | core::HandoverFault::PeerExpired
        | core::HandoverFault::PeerRevoked
        | core::HandoverFault::NothingTaken
        | core::HandoverFault::Revoked => (Vec::new(), Vec::new(), Vec::new()),
    };
    CourierError::Handover {
        why: fault.to_string(),
        missing,
        unexpected,
        seals,
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}

/// What a host method answers when it fails. Any other exception it throws arrives as this one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum HostFault {
    /// The host could not do it.
    #[error("{reason}")]
    Failed {
        /// Why; no personal data.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for HostFault {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

impl From<HostFault> for HostError {
    fn from(fault: HostFault) -> Self {
        let HostFault::Failed { reason } = fault;
        Self { reason }
    }
}

impl From<HostError> for HostFault {
    fn from(error: HostError) -> Self {
        Self::Failed { reason: error.reason }
    }
}
