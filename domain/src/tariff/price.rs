//! A table of prices by weight and relation.
//!
//! Source: Thông tư 22/2017/TT-BTTTT, phụ lục

use crate::money::{Amount, AmountError, Postage};

/// Where an item goes, as the tariff tells it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Nội huyện: within one zone.
    IntraDistrict,
    /// Liên huyện: between zones of one province.
    InterDistrict,
    /// Nội vùng: between provinces of one region.
    IntraRegion,
    /// Liên vùng: between regions.
    InterRegion,
}

impl Relation {
    /// Every relation, the nearest first.
    pub const ALL: [Self; 4] = [
        Self::IntraDistrict,
        Self::InterDistrict,
        Self::IntraRegion,
        Self::InterRegion,
    ];

    /// The words for people.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::IntraDistrict => "nội huyện (cũ)",
            Self::InterDistrict => "liên huyện (cũ), nội tỉnh",
            Self::IntraRegion => "liên tỉnh nội vùng",
            Self::InterRegion => "liên tỉnh liên vùng",
        }
    }
}

/// Which way an item goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// To the agency.
    Send,
    /// To the person.
    Return,
}

/// The prices of one step of weight, by relation in the order of [`Relation::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightStep {
    /// Up to so many grams.
    pub up_to_grams: u32,
    /// The price by relation.
    pub prices: [Amount<Postage>; 4],
}

/// The prices of one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTable {
    steps: Vec<WeightStep>,
    further: WeightStep,
}

/// Why there is no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// No step, or steps that do not grow.
    #[error("the steps of weight must grow from one to the next")]
    Steps,
    /// An item of no weight.
    #[error("an item weighs at least one gram")]
    NoWeight,
    /// The price does not fit.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

impl PriceTable {
    /// A table of steps that grow, and the price of each further step above the last:
    /// `further.up_to_grams` is the size of a further step.
    ///
    /// # Errors
    /// [`PriceError::Steps`].
    pub fn new(steps: Vec<WeightStep>, further: WeightStep) -> Result<Self, PriceError> {
        let grows = steps.is_sorted_by(|one, next| one.up_to_grams < next.up_to_grams);
        let starts = steps.first().is_some_and(|step| step.up_to_grams > 0);
        if !grows || !starts || further.up_to_grams == 0 {
            return Err(PriceError::Steps);
        }
        Ok(Self { steps, further })
    }

    /// The steps, the lightest first.
    pub fn steps(&self) -> &[WeightStep] {
        &self.steps
    }

    /// The price of an item. A further step counts in full as soon as it is begun.
    ///
    /// # Errors
    /// [`PriceError::NoWeight`], or a price that does not fit.
    pub fn price(&self, relation: Relation, grams: u32) -> Result<Amount<Postage>, PriceError> {
        if grams == 0 {
            return Err(PriceError::NoWeight);
        }
        let of = |step: &WeightStep| {
            let [intra_district, inter_district, intra_region, inter_region] = step.prices;
            match relation {
                Relation::IntraDistrict => intra_district,
                Relation::InterDistrict => inter_district,
                Relation::IntraRegion => intra_region,
                Relation::InterRegion => inter_region,
            }
        };
        if let Some(step) = self.steps.iter().find(|step| grams <= step.up_to_grams) {
            return Ok(of(step));
        }
        let last = self.steps.last().ok_or(PriceError::Steps)?;
        let further = grams
            .saturating_sub(last.up_to_grams)
            .div_ceil(self.further.up_to_grams);
        let more = of(&self.further).dong().times(further).map_err(AmountError::from)?;
        Ok(of(last).plus(Amount::new(more)?)?)
    }
}
