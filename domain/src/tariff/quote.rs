//! Computing the postage of an order.
//!
//! Source: Thông tư 22/2017/TT-BTTTT, phụ lục; Quyết định 45/2016/QĐ-TTg, điều 12

use time::Date;

use super::exemption::{Exemption, ExemptionClass, Proof};
use super::price::{Direction, PriceError, PriceTable, Relation};
use crate::mode::Mode;
use crate::money::{Amount, AmountError, Dong, DongError, Postage};
use crate::validity::Validity;

/// How the prices stand to value added tax; where it is not stated, nothing is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vat {
    /// The tariff does not say.
    NotStated,
    /// The prices include it, at so many hundredths of a percent.
    Included(u16),
    /// It is added, at so many hundredths of a percent.
    Added(u16),
}

/// Which way a fraction goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoundingMode {
    /// To the payer's favour.
    Down,
    /// To the nearest, halves up.
    Nearest,
    /// To the post's favour.
    Up,
}

/// To which whole amount and which way what is payable is rounded, once, at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rounding {
    /// The amount it becomes a multiple of, in đồng; at least 1.
    pub unit: u32,
    /// Which way.
    pub mode: RoundingMode,
}

/// A tariff, true for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tariff {
    /// What it is called, for records.
    pub id: String,
    /// When it holds.
    pub validity: Validity,
    /// To the agency.
    pub send: PriceTable,
    /// To the person.
    pub back: PriceTable,
    /// Who pays less.
    pub exemptions: Vec<Exemption>,
    /// Value added tax.
    pub vat: Vat,
    /// How what is payable is rounded.
    pub rounding: Rounding,
    /// Where it is from, and what is unsure.
    pub source: String,
}

/// One carriage to be paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// Where it goes.
    pub relation: Relation,
    /// What it weighs.
    pub grams: u32,
    /// What a special area at either end adds.
    pub surcharge: Amount<Postage>,
}

/// The postage of an order, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The tariff.
    pub tariff: String,
    /// The price of carrying the dossier.
    pub send: Option<Amount<Postage>>,
    /// The price of carrying the result.
    pub back: Option<Amount<Postage>>,
    /// What is not asked for, in đồng.
    pub reduction: Amount<Postage>,
    /// The class and the proof of the reduction.
    pub exempt: Option<(ExemptionClass, Proof)>,
    /// Tax in or on top of what is payable, where the tariff says.
    pub vat: Option<Amount<Postage>>,
    /// What is payable.
    pub payable: Amount<Postage>,
}

/// Why there is no quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// The tariff does not hold on that day.
    #[error("tariff {0} does not hold on that day")]
    NotInForce(String),
    /// The mode needs a carriage that is not given.
    #[error("the way {0:?} is needed and not given")]
    NoLeg(Direction),
    /// The class is not spared by this tariff.
    #[error("the tariff does not spare this class")]
    NotExempt,
    /// A table has no price.
    #[error(transparent)]
    Price(#[from] PriceError),
    /// A sum does not fit.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

impl From<DongError> for QuoteError {
    fn from(error: DongError) -> Self {
        Self::Amount(AmountError::Dong(error))
    }
}

impl Rounding {
    /// To the đồng, fractions to the payer's favour.
    pub const WHOLE_DONG: Self = Self {
        unit: 1,
        mode: RoundingMode::Down,
    };

    /// Rounds a quotient.
    fn divide(self, numerator: i64, denominator: i64) -> Result<Dong, DongError> {
        let unit = i64::from(self.unit.max(1));
        let step = denominator.checked_mul(unit).ok_or(DongError::Overflow)?;
        let (whole, rest) = (numerator.div_euclid(step), numerator.rem_euclid(step));
        let is_up = match self.mode {
            RoundingMode::Down => false,
            RoundingMode::Nearest => rest >= step - rest,
            RoundingMode::Up => rest > 0,
        };
        let rounded = whole.checked_add(i64::from(is_up)).ok_or(DongError::Overflow)?;
        rounded.checked_mul(unit).map(Dong::new).ok_or(DongError::Overflow)
    }
}

/// All of something, in hundredths of a percent.
const WHOLE: i64 = 10_000;

impl Tariff {
    /// The postage of an order: the sum of the ways the mode has, less what a class is
    /// spared, with tax where it is added, rounded once at the end.
    ///
    /// # Errors
    /// [`QuoteError`].
    pub fn quote(
        &self,
        mode: Mode,
        send: Option<Leg>,
        back: Option<Leg>,
        exempt: Option<(ExemptionClass, Proof)>,
        day: Date,
    ) -> Result<Quote, QuoteError> {
        if !self.validity.holds_on(day) {
            return Err(QuoteError::NotInForce(self.id.clone()));
        }
        let price = |is_carried: bool, leg: Option<Leg>, direction, table: &PriceTable| {
            if !is_carried {
                return Ok(None);
            }
            let leg = leg.ok_or(QuoteError::NoLeg(direction))?;
            let price = table.price(leg.relation, leg.grams)?;
            Ok::<_, QuoteError>(Some(price.plus(leg.surcharge)?))
        };
        let send = price(mode.carries_dossier(), send, Direction::Send, &self.send)?;
        let back = price(mode.carries_result(), back, Direction::Return, &self.back)?;
        let gross = Amount::sum(send.into_iter().chain(back))?;
        let percent = match &exempt {
            None => 0,
            Some((class, _)) => self
                .exemptions
                .iter()
                .find(|exemption| exemption.class() == *class)
                .map(Exemption::percent)
                .ok_or(QuoteError::NotExempt)?,
        };
        let asked = i64::from(100 - percent);
        let rate = match self.vat {
            Vat::NotStated | Vat::Included(_) => WHOLE,
            Vat::Added(rate) => WHOLE + i64::from(rate),
        };
        // one division, so that nothing is rounded twice
        let numerator = gross
            .dong()
            .as_i64()
            .checked_mul(asked)
            .and_then(|sum| sum.checked_mul(rate))
            .ok_or(DongError::Overflow)?;
        let payable = Amount::new(self.rounding.divide(numerator, 100 * WHOLE)?)?;
        let net = Rounding::WHOLE_DONG.divide(
            gross.dong().as_i64().checked_mul(asked).ok_or(DongError::Overflow)?,
            100,
        )?;
        let vat = match self.vat {
            Vat::NotStated => None,
            Vat::Included(rate) => {
                let rate = i64::from(rate);
                let share = payable.dong().as_i64().checked_mul(rate).ok_or(DongError::Overflow)?;
                Some(Amount::new(Rounding::WHOLE_DONG.divide(share, WHOLE + rate)?)?)
            }
            Vat::Added(_) => Some(Amount::new(payable.dong().minus(net)?).unwrap_or(Amount::ZERO)),
        };
        Ok(Quote {
            tariff: self.id.clone(),
            send,
            back,
            reduction: Amount::new(gross.dong().minus(net)?)?,
            exempt,
            vat,
            payable,
        })
    }
}
