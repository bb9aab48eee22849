//! Who pays nothing or half, and what shows it.
//!
//! The proof is kept as its number and date, not as a picture of it.
//!
//! Source: Thông tư 22/2017/TT-BTTTT, điều 5

use time::Date;

/// A class of people whose postage is waived or halved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExemptionClass {
    /// Người hoạt động cách mạng trước ngày 19/8/1945.
    RevolutionaryBefore1945,
    /// Bà mẹ Việt Nam anh hùng.
    HeroicMother,
    /// Anh hùng Lực lượng vũ trang, Anh hùng Lao động.
    Hero,
    /// Thương binh và người hưởng chính sách như thương binh.
    WarInvalid,
    /// Bệnh binh.
    SickSoldier,
    /// Người hoạt động kháng chiến bị nhiễm chất độc hóa học.
    ToxicChemicals,
    /// Người hoạt động cách mạng, kháng chiến bị địch bắt tù đày.
    Imprisoned,
    /// Cha, mẹ, vợ, chồng, con của liệt sĩ.
    MartyrRelative,
    /// Người thuộc hộ nghèo.
    PoorHousehold,
    /// Người ở vùng đặc biệt khó khăn.
    ExtremeDifficulty,
}

impl ExemptionClass {
    /// Every class.
    pub const ALL: [Self; 10] = [
        Self::RevolutionaryBefore1945,
        Self::HeroicMother,
        Self::Hero,
        Self::WarInvalid,
        Self::SickSoldier,
        Self::ToxicChemicals,
        Self::Imprisoned,
        Self::MartyrRelative,
        Self::PoorHousehold,
        Self::ExtremeDifficulty,
    ];

    /// The text form in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RevolutionaryBefore1945 => "revolutionary_before_1945",
            Self::HeroicMother => "heroic_mother",
            Self::Hero => "hero",
            Self::WarInvalid => "war_invalid",
            Self::SickSoldier => "sick_soldier",
            Self::ToxicChemicals => "toxic_chemicals",
            Self::Imprisoned => "imprisoned",
            Self::MartyrRelative => "martyr_relative",
            Self::PoorHousehold => "poor_household",
            Self::ExtremeDifficulty => "extreme_difficulty",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == text)
    }
}

/// What shows that a person is of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    number: String,
    date: Date,
}

/// Why an exemption is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExemptionError {
    /// The proof has no number.
    #[error("a proof is kept as its number and date")]
    NoProof,
    /// More than all, or nothing.
    #[error("a reduction is between 1 and 100 percent")]
    Percent,
}

impl Proof {
    /// A paper by its number and date.
    ///
    /// # Errors
    /// [`ExemptionError::NoProof`] when the number is blank.
    pub fn new(number: &str, date: Date) -> Result<Self, ExemptionError> {
        if number.trim().is_empty() {
            return Err(ExemptionError::NoProof);
        }
        Ok(Self {
            number: number.trim().to_owned(),
            date,
        })
    }

    /// Its number.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Its date.
    pub const fn date(&self) -> Date {
        self.date
    }
}

/// How much of the postage a class is spared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exemption {
    class: ExemptionClass,
    percent: u8,
}

impl Exemption {
    /// A class and its percentage.
    ///
    /// # Errors
    /// [`ExemptionError::Percent`].
    pub const fn new(class: ExemptionClass, percent: u8) -> Result<Self, ExemptionError> {
        if percent == 0 || percent > 100 {
            return Err(ExemptionError::Percent);
        }
        Ok(Self { class, percent })
    }

    /// The class.
    pub const fn class(&self) -> ExemptionClass {
        self.class
    }

    /// The percentage that is not asked for.
    pub const fn percent(&self) -> u8 {
        self.percent
    }
}
