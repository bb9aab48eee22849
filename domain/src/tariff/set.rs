//! Tariffs by day.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 12

use time::Date;

use super::quote::Tariff;
use crate::validity::{Validity, first_overlap};

/// The tariffs of a province, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tariffs(Vec<Tariff>);

/// Why tariffs are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TariffsError {
    /// Two hold on the same day.
    #[error("tariffs {0} and {1} hold on the same day")]
    Overlap(String, String),
}

impl Tariffs {
    /// Gathers tariffs.
    ///
    /// # Errors
    /// [`TariffsError::Overlap`].
    pub fn new(mut tariffs: Vec<Tariff>) -> Result<Self, TariffsError> {
        tariffs.sort_by_key(|tariff| tariff.validity);
        let periods: Vec<Validity> = tariffs.iter().map(|tariff| tariff.validity).collect();
        let overlap = first_overlap(&periods).and_then(|(one, other)| Some((tariffs.get(one)?, tariffs.get(other)?)));
        if let Some((one, other)) = overlap {
            return Err(TariffsError::Overlap(one.id.clone(), other.id.clone()));
        }
        Ok(Self(tariffs))
    }

    /// The one that holds on a day.
    pub fn in_force(&self, day: Date) -> Option<&Tariff> {
        self.0.iter().find(|tariff| tariff.validity.holds_on(day))
    }
}
