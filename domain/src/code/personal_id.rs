//! The personal identifier of twelve digits: province, century and sex, year of birth, six at random.
//!
//! It has no check digit, so a typing error can pass. Only the length, the digits and a birth in the future
//! refuse it; everything else is a doubt to show. It proves nobody's identity.
//!
//! Source: Nghị định 137/2015/NĐ-CP, điều 13; Thông tư 59/2021/TT-BCA, điều 4

use std::borrow::Cow;
use std::fmt;

use time::Date;

use crate::code::birth_province::birth_province;
use crate::code::words::Explain;

const LENGTH: usize = 12;

/// Years of age above which a number is shown as doubtful.
///
/// Source: Quy ước Trao Tay, cảnh báo tuổi
pub const DOUBTFUL_AGE: i32 = 110;

/// The sex a person is registered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

impl Sex {
    /// `M` or `F`.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
        }
    }

    /// `Nam` or `Nữ`.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Male => "Nam",
            Self::Female => "Nữ",
        }
    }
}

/// A personal identifier whose form is right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonalId([u8; LENGTH]);

/// Why a text is no personal identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonalIdError {
    /// Not twelve characters.
    #[error("a personal id has 12 digits, this has {found} characters")]
    Length {
        /// How many characters there were.
        found: usize,
    },
    /// Something else than digits.
    #[error("a personal id has digits only")]
    NotDigits,
    /// Says a year of birth that has not come yet.
    #[error("the number says a birth in {year}, which has not come yet")]
    FutureYear {
        /// The year of birth in the number.
        year: i32,
    },
}

/// What is doubtful about a personal identifier, and refuses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonalIdWarning {
    /// The province is none of the 63; perhaps a country.
    #[error("the first three digits are no province; people born abroad bear a country's code")]
    UnknownProvince,
    /// Older than people usually get.
    #[error("the number says an age of {age}")]
    Age {
        /// The age in years.
        age: i32,
    },
    /// Another year of birth than the one stated.
    #[error("the number says a birth in {in_number}, stated is {stated}")]
    Year {
        /// The year in the number.
        in_number: i32,
        /// The year stated.
        stated: i32,
    },
    /// Another sex than the one stated.
    #[error("the number says {}, stated is {}", .in_number.letter(), .stated.letter())]
    Sex {
        /// The sex in the number.
        in_number: Sex,
        /// The sex stated.
        stated: Sex,
    },
}

impl PersonalId {
    /// Reads twelve digits; a year of birth after `today` is refused.
    pub fn parse(text: &str, today: Date) -> Result<Self, PersonalIdError> {
        let found = text.chars().count();
        if found != LENGTH {
            return Err(PersonalIdError::Length { found });
        }
        let digits: [u8; LENGTH] = text.as_bytes().try_into().map_err(|_| PersonalIdError::NotDigits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(PersonalIdError::NotDigits);
        }
        let id = Self(digits);
        let year = id.birth_year();
        if year > today.year() {
            return Err(PersonalIdError::FutureYear { year });
        }
        Ok(id)
    }

    /// The twelve digits.
    #[expect(clippy::missing_panics_doc, reason = "only digits are ever stored")]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("checked to be digits when made")
    }

    /// The three digits of the province of birth registration.
    pub fn province_code(&self) -> &str {
        &self.as_str()[..3]
    }

    /// The province of birth registration, in the names of before July 2025.
    pub fn province(&self) -> Option<&'static str> {
        birth_province(self.province_code())
    }

    /// The sex in the number: even is male.
    pub const fn sex(&self) -> Sex {
        if self.0[3].is_multiple_of(2) {
            Sex::Male
        } else {
            Sex::Female
        }
    }

    /// The year of birth, 1900 to 2399.
    pub fn birth_year(&self) -> i32 {
        let digit = |at: usize| i32::from(self.0[at] - b'0');
        1900 + digit(3) / 2 * 100 + digit(4) * 10 + digit(5)
    }

    /// What is doubtful about the number itself.
    pub fn warnings(&self, today: Date) -> Vec<PersonalIdWarning> {
        let mut warnings = Vec::new();
        if self.province().is_none() {
            warnings.push(PersonalIdWarning::UnknownProvince);
        }
        let age = today.year() - self.birth_year();
        if age > DOUBTFUL_AGE {
            warnings.push(PersonalIdWarning::Age { age });
        }
        warnings
    }

    /// What differs from a stated date of birth and sex.
    pub fn compare(&self, born: Option<Date>, sex: Option<Sex>) -> Vec<PersonalIdWarning> {
        let (in_number, mut warnings) = (self.birth_year(), Vec::new());
        if let Some(stated) = born.map(Date::year).filter(|stated| *stated != in_number) {
            warnings.push(PersonalIdWarning::Year { in_number, stated });
        }
        if let Some(stated) = sex.filter(|stated| *stated != self.sex()) {
            let in_number = self.sex();
            warnings.push(PersonalIdWarning::Sex { in_number, stated });
        }
        warnings
    }
}

impl fmt::Debug for PersonalId {
    /// Hidden: a person's number must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalId(************)")
    }
}

impl Explain for PersonalIdError {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::Length { found } => format!("số định danh cá nhân có 12 chữ số, ở đây có {found} ký tự").into(),
            Self::NotDigits => "số định danh cá nhân chỉ gồm chữ số".into(),
            Self::FutureYear { year } => format!("số này ghi năm sinh {year}, chưa tới").into(),
        }
    }
}

impl Explain for PersonalIdWarning {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::UnknownProvince => "ba số đầu không phải mã tỉnh; người sinh ở nước ngoài mang mã nước".into(),
            Self::Age { age } => format!("số này ghi tuổi {age}").into(),
            Self::Year { in_number, stated } => {
                format!("số này ghi năm sinh {in_number}, nhưng khai là {stated}").into()
            }
            Self::Sex { in_number, stated } => format!(
                "số này ghi giới tính {}, nhưng khai là {}",
                in_number.vietnamese(),
                stated.vietnamese()
            )
            .into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 22);

    #[test]
    fn reads_the_numbers_of_the_reference() {
        for (text, province, sex, year) in [
            ("089090012345", "An Giang", Sex::Male, 1990),
            ("091185000001", "Kiên Giang", Sex::Female, 1985),
            ("001204123456", "Hà Nội", Sex::Male, 2004),
            ("080015123456", "Long An", Sex::Male, 1915),
        ] {
            let id = PersonalId::parse(text, TODAY).expect(text);
            assert_eq!(
                (id.province(), id.sex(), id.birth_year()),
                (Some(province), sex, year),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_the_wrong_numbers_of_the_reference() {
        for (text, why) in [
            ("079399000123", PersonalIdError::FutureYear { year: 2099 }),
            ("08909001234", PersonalIdError::Length { found: 11 }),
            ("08909001234A", PersonalIdError::NotDigits),
            ("", PersonalIdError::Length { found: 0 }),
            ("đđđđđđ", PersonalIdError::Length { found: 6 }),
        ] {
            assert_eq!(PersonalId::parse(text, TODAY), Err(why), "{text}");
        }
    }

    #[test]
    fn a_very_old_person_and_a_country_are_doubts_and_no_errors() {
        let warnings = |text| PersonalId::parse(text, TODAY).expect("right in form").warnings(TODAY);
        assert_eq!(warnings("080015123456"), [PersonalIdWarning::Age { age: 111 }]);
        assert_eq!(warnings("080016123456"), []);
        assert_eq!(warnings("102090012345"), [PersonalIdWarning::UnknownProvince]);
    }

    #[test]
    fn a_birth_this_year_is_possible_and_next_year_is_not() {
        assert!(PersonalId::parse("089226000001", TODAY).is_ok());
        assert!(PersonalId::parse("089227000001", TODAY).is_err());
    }

    #[test]
    fn says_what_differs_from_what_is_stated() {
        let id = PersonalId::parse("089090012345", TODAY).expect("right in form");
        assert_eq!(id.compare(Some(date!(1990 - 05 - 01)), Some(Sex::Male)), []);
        let both = id.compare(Some(date!(1991 - 05 - 01)), Some(Sex::Female));
        let said: Vec<_> = both.iter().map(|warning| warning.vietnamese().into_owned()).collect();
        assert_eq!(
            said,
            [
                "số này ghi năm sinh 1990, nhưng khai là 1991",
                "số này ghi giới tính Nam, nhưng khai là Nữ"
            ]
        );
        assert_eq!(format!("{id:?}"), "PersonalId(************)");
    }

    proptest! {
        #[test]
        fn every_year_of_birth_and_sex_reads_back(year in 1900i32..2027, female: bool, tail in 0u32..1_000_000) {
            let sex = if female { Sex::Female } else { Sex::Male };
            let century = (year - 1900) / 100 * 2 + i32::from(female);
            let id = PersonalId::parse(&format!("089{century}{:02}{tail:06}", year % 100), TODAY).expect("not future");
            prop_assert_eq!((id.birth_year(), id.sex()), (year, sex));
        }
    }
}
