//! The QR code on an identity card with a chip: seven fields between bars, as a scanner types them.
//!
//! The code is not signed. It saves typing and proves nothing, and its address is written in the units of
//! its time, so it is never turned into a commune without asking. Newer cards may carry more fields; what
//! follows the seventh is kept and not read.
//!
//! Source: Quy ước Trao Tay, mã QR trên thẻ căn cước

use std::borrow::Cow;
use std::fmt;

use time::{Date, Month};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::code::old_id::OldId;
use crate::code::personal_id::{PersonalId, PersonalIdError, PersonalIdWarning, Sex};
use crate::code::words::{Explain, day};

/// The fields of a card, as read.
#[derive(Clone, PartialEq, Eq)]
pub struct CardQr {
    /// The personal identifier.
    pub id: PersonalId,
    /// The earlier number, nine digits or whatever else stands there.
    pub old_id: Option<String>,
    /// The full name as on the card.
    pub full_name: String,
    /// The date of birth.
    pub born: Date,
    /// The sex, where the text could be read.
    pub sex: Option<Sex>,
    /// The permanent address as on the card, in the units of its day.
    pub address: String,
    /// The date of issue, where there is one.
    pub issued: Option<Date>,
    /// Fields after the seventh, not read.
    pub tail: Vec<String>,
}

/// Why a text is no card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardQrError {
    /// Fewer than six fields.
    #[error("a card has at least 6 fields between bars, this has {found}")]
    Fields {
        /// How many there were.
        found: usize,
    },
    /// The first field is no personal id.
    #[error("field 1: {0}")]
    Id(#[from] PersonalIdError),
    /// The date of birth is no date.
    #[error("field 4, the date of birth, is no date of the form ddMMyyyy")]
    Born,
    /// The date of issue is no date.
    #[error("field 7, the date of issue, is no date of the form ddMMyyyy")]
    Issued,
}

/// What is doubtful about a card, and refuses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardQrWarning {
    /// The number is doubtful, or differs from the card.
    #[error(transparent)]
    Id(#[from] PersonalIdWarning),
    /// The earlier number is not nine digits.
    #[error("the earlier identity number does not have nine digits")]
    OldId,
    /// No name.
    #[error("the name is missing")]
    NoName,
    /// The sex is neither Nam nor Nữ.
    #[error("the sex cannot be read")]
    Sex,
    /// Characters were lost on the way, as happens with scanners that type.
    #[error("characters were lost while scanning, compare with the card")]
    Broken,
    /// No date of issue.
    #[error("the date of issue is missing")]
    NoIssue,
    /// Issued before the birth.
    #[error("issued on {}, before the birth on {}", day(*.issued), day(*.born))]
    IssuedBeforeBirth {
        /// The date of issue.
        issued: Date,
        /// The date of birth.
        born: Date,
    },
    /// Issued in the future.
    #[error("issued on {}, which has not come yet", day(*.issued))]
    IssuedInFuture {
        /// The date of issue.
        issued: Date,
    },
    /// Born in the future, in a year the number does not say.
    #[error("born on {}, which has not come yet", day(*.born))]
    BornInFuture {
        /// The date of birth.
        born: Date,
    },
}

impl CardQr {
    /// Reads a card's text as scanned.
    pub fn read(text: &str, today: Date) -> Result<Self, CardQrError> {
        let text = match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => Cow::Borrowed(text),
            IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfc().collect()),
        };
        let mut fields = text.split('|').map(str::trim);
        let six: [Option<&str>; 6] = std::array::from_fn(|_| fields.next());
        let [Some(id), Some(old_id), Some(name), Some(born), Some(sex), Some(address)] = six else {
            let found = six.iter().flatten().count();
            return Err(CardQrError::Fields { found });
        };
        let id = PersonalId::parse(id, today)?;
        let issued = match fields.next().unwrap_or_default() {
            "" => None,
            digits => Some(read_day(digits).ok_or(CardQrError::Issued)?),
        };
        Ok(Self {
            id,
            old_id: (!old_id.is_empty()).then(|| old_id.to_owned()),
            full_name: name.to_owned(),
            born: read_day(born).ok_or(CardQrError::Born)?,
            sex: read_sex(sex),
            address: address.to_owned(),
            issued,
            tail: fields.map(str::to_owned).collect(),
        })
    }

    /// What is doubtful, the number's own doubts first.
    pub fn warnings(&self, today: Date) -> Vec<CardQrWarning> {
        let number = self.id.warnings(today).into_iter();
        let mut warnings: Vec<_> = number
            .chain(self.id.compare(Some(self.born), self.sex))
            .map(CardQrWarning::Id)
            .collect();
        let mut doubt = |doubtful: bool, warning| {
            if doubtful {
                warnings.push(warning);
            }
        };
        doubt(
            self.old_id.as_deref().is_some_and(|old| OldId::parse(old).is_err()),
            CardQrWarning::OldId,
        );
        doubt(self.full_name.is_empty(), CardQrWarning::NoName);
        doubt(self.sex.is_none(), CardQrWarning::Sex);
        let lost = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
        doubt(lost(&self.full_name) || lost(&self.address), CardQrWarning::Broken);
        let born = self.born;
        doubt(born > today, CardQrWarning::BornInFuture { born });
        match self.issued {
            None => doubt(true, CardQrWarning::NoIssue),
            Some(issued) => {
                doubt(issued < born, CardQrWarning::IssuedBeforeBirth { issued, born });
                doubt(issued > today, CardQrWarning::IssuedInFuture { issued });
            }
        }
        warnings
    }
}

/// A date of eight digits, day first.
fn read_day(digits: &str) -> Option<Date> {
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let month: u8 = digits.get(2..4)?.parse().ok()?;
    Date::from_calendar_date(
        digits.get(4..)?.parse().ok()?,
        Month::try_from(month).ok()?,
        digits.get(..2)?.parse().ok()?,
    )
    .ok()
}

/// The sex, also without its diacritics.
fn read_sex(text: &str) -> Option<Sex> {
    match text {
        "Nam" | "NAM" | "nam" => Some(Sex::Male),
        "Nữ" | "NỮ" | "nữ" | "Nu" | "NU" | "nu" => Some(Sex::Female),
        _ => None,
    }
}

impl fmt::Debug for CardQr {
    /// Hidden: what stands on a card must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardQr({} more fields)", self.tail.len())
    }
}

impl Explain for CardQrError {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::Fields { found } => format!("mã QR thẻ có ít nhất 6 trường cách nhau dấu |, ở đây có {found}").into(),
            Self::Id(error) => format!("trường 1: {}", error.vietnamese()).into(),
            Self::Born => "trường 4, ngày sinh, không phải ngày dạng ngàythángnăm".into(),
            Self::Issued => "trường 7, ngày cấp, không phải ngày dạng ngàythángnăm".into(),
        }
    }
}

impl Explain for CardQrWarning {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::Id(warning) => warning.vietnamese(),
            Self::OldId => "số giấy tờ cũ không có chín chữ số".into(),
            Self::NoName => "thiếu họ tên".into(),
            Self::Sex => "không đọc được giới tính".into(),
            Self::Broken => "mất ký tự khi quét, hãy so với thẻ".into(),
            Self::NoIssue => "thiếu ngày cấp".into(),
            Self::IssuedBeforeBirth { issued, born } => {
                format!("cấp ngày {}, trước ngày sinh {}", day(*issued), day(*born)).into()
            }
            Self::IssuedInFuture { issued } => format!("cấp ngày {}, chưa tới", day(*issued)).into(),
            Self::BornInFuture { born } => format!("sinh ngày {}, chưa tới", day(*born)).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 22);

    fn read(text: &str) -> CardQr {
        CardQr::read(text, TODAY).expect("a card")
    }

    #[test]
    fn reads_the_cards_of_the_reference() {
        let card =
            read("001090123456|012345678|NGUYEN VAN A|01011990|Nam|Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh|15042021");
        assert_eq!(
            (card.born, card.sex, card.issued),
            (date!(1990 - 01 - 01), Some(Sex::Male), Some(date!(2021 - 04 - 15)))
        );
        assert_eq!(
            (card.old_id.as_deref(), card.full_name.as_str()),
            (Some("012345678"), "NGUYEN VAN A")
        );
        assert_eq!(card.warnings(TODAY), []);

        let card =
            read("089185000123||Trần Thị Bưởi|05091985|Nữ|Khóm Sơn Đông, Nhà Bàng, Tịnh Biên, An Giang|12072021");
        assert_eq!((card.old_id.as_deref(), card.born), (None, date!(1985 - 09 - 05)));
        assert_eq!(card.address, "Khóm Sơn Đông, Nhà Bàng, Tịnh Biên, An Giang");
        assert_eq!(card.warnings(TODAY), []);

        let card = read("091204123456||Danh Sóc Kha|29022004|Nam|Ấp Tân Lợi, An Cư, An Giang|01082025|||");
        assert_eq!((card.tail.len(), card.born), (3, date!(2004 - 02 - 29)));
        assert_eq!(card.warnings(TODAY), []);

        let card = read("089090012345|351234567|LE VAN B|01011991|Nam|X|15042021");
        let differs = PersonalIdWarning::Year {
            in_number: 1990,
            stated: 1991,
        };
        assert_eq!(card.warnings(TODAY), [CardQrWarning::Id(differs)]);
    }

    #[test]
    fn six_fields_are_tolerated_and_five_are_not() {
        let card = read("089185000123||Trần Thị Bưởi|05091985|Nữ|An Giang");
        assert_eq!(
            (card.issued, card.warnings(TODAY)),
            (None, vec![CardQrWarning::NoIssue])
        );
        assert_eq!(
            CardQr::read("089185000123||A|05091985|Nữ", TODAY),
            Err(CardQrError::Fields { found: 5 })
        );
    }

    #[test]
    fn a_name_in_single_marks_is_composed() {
        let decomposed: String = "089185000123||Trần Thị Bưởi|05091985|Nữ|An Cư|12072021".nfd().collect();
        let card = read(&decomposed);
        assert_eq!(
            (card.full_name.as_str(), card.sex),
            ("Trần Thị Bưởi", Some(Sex::Female))
        );
    }

    #[test]
    fn refuses_a_wrong_number_and_days_that_do_not_exist() {
        for (text, why) in [
            (
                "08918500012||A|05091985|Nữ|X|12072021",
                CardQrError::Id(PersonalIdError::Length { found: 11 }),
            ),
            (
                "079399000123||A|05092099|Nữ|X|12072021",
                CardQrError::Id(PersonalIdError::FutureYear { year: 2099 }),
            ),
            ("089185000123||A|31021985|Nữ|X|12072021", CardQrError::Born),
            ("089185000123||A|1985|Nữ|X|12072021", CardQrError::Born),
            ("089185000123||A|05091985|Nữ|X|12132021", CardQrError::Issued),
        ] {
            assert_eq!(CardQr::read(text, TODAY), Err(why), "{text}");
        }
    }

    #[test]
    fn doubts_are_shown_and_refuse_nothing() {
        let card = read("089185000123|12||05091985|N?|X\u{fffd}|12071980");
        assert_eq!(
            card.warnings(TODAY),
            [
                CardQrWarning::OldId,
                CardQrWarning::NoName,
                CardQrWarning::Sex,
                CardQrWarning::Broken,
                CardQrWarning::IssuedBeforeBirth {
                    issued: date!(1980 - 07 - 12),
                    born: date!(1985 - 09 - 05)
                },
            ]
        );
        assert_eq!(format!("{card:?}"), "CardQr(0 more fields)");
    }
}
