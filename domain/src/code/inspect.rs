//! What a scanned or typed string is, whether it is valid, and why not.
//!
//! White space and a byte-order mark around the text are dropped. Then the first rule that fits decides the
//! kind, so that the answer never depends on luck:
//!
//! 1. A receipt by its opening line. It is recognised only; `traotay verify` checks it.
//! 2. More than [`MAX_BYTES`] bytes, or nothing: unknown.
//! 3. A bar `|`: an identity card.
//! 4. `000201` and not exactly twelve digits, or NAPAS's identifier anywhere: a transfer code.
//! 5. An agency, a hyphen and more: a dossier code.
//! 6. Two letters and digits in the length of a label: an item code.
//! 7. Digits only, perhaps with what people write between those of a telephone number, by their count:
//!    4, 5 and 6 are a postcode; 9 that start with 0 to 3 an old identity number (telephone numbers without
//!    their 0 start higher, except 03x, where the old number wins); 12 a personal id, unless they start with
//!    84 and are a fixed line; 11 a telephone number if it is one or was one before 2018 or starts with 02 or
//!    84, else a personal id that lacks a digit; 8, 10, 13 and 14 a telephone number where they look like one,
//!    13 that start with a province a personal id with a digit too many. A plus sign, or any dot, hyphen or
//!    bracket, speaks for a telephone number.
//! 8. Twelve characters of which ten or more are digits: a personal id with a letter in it.
//! 9. Unknown; procedure, agency and business codes are named in the reason.
//!
//! Nothing is looked up outside and nothing is repaired: a likely repair is said in a warning. It never
//! panics and looks at a bounded number of bytes.
//!
//! Source: Quy ước Trao Tay, nhận dạng mã khi quét hoặc gõ

mod card;
mod dossier;
mod item;
mod number;
mod other;
mod transfer;

use std::fmt;

use time::Date;

use crate::code::agency::AgencyTable;
use crate::code::bank::BankTable;
use crate::code::postcode::PostcodeTable;
use crate::code::service::ServiceTable;
use crate::code::words::{Explain, Words};

/// The longest text that is looked at, in bytes; the fullest QR code holds less.
pub const MAX_BYTES: usize = 4096;

/// What a string can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeKind {
    /// An item code of the post.
    S10,
    /// The code of a dossier.
    DossierCode,
    /// A personal identifier, or the old number of nine digits.
    PersonalId,
    /// The QR code of an identity card.
    CccdQr,
    /// The QR code of a bank transfer.
    VietQr,
    /// A postcode.
    Postcode,
    /// A telephone number.
    Phone,
    /// A receipt of Trao Tay.
    Receipt,
    /// None of these.
    Unknown,
}

impl CodeKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::S10,
        Self::DossierCode,
        Self::PersonalId,
        Self::CccdQr,
        Self::VietQr,
        Self::Postcode,
        Self::Phone,
        Self::Receipt,
        Self::Unknown,
    ];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::S10 => "s10",
            Self::DossierCode => "dossier_code",
            Self::PersonalId => "personal_id",
            Self::CccdQr => "cccd_qr",
            Self::VietQr => "vietqr",
            Self::Postcode => "postcode",
            Self::Phone => "phone",
            Self::Receipt => "receipt",
            Self::Unknown => "unknown",
        }
    }
}

/// What must be known to judge a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectContext {
    /// The date at the counter.
    pub today: Date,
    /// The services of item codes.
    pub services: ServiceTable,
    /// The agencies of dossier codes.
    pub agencies: AgencyTable,
    /// Banks.
    pub banks: BankTable,
    /// Postcodes.
    pub postcodes: PostcodeTable,
}

impl InspectContext {
    /// The default tables on a date.
    pub fn new(today: Date) -> Self {
        Self {
            today,
            services: ServiceTable::default(),
            agencies: AgencyTable::default(),
            banks: BankTable::default(),
            postcodes: PostcodeTable::default(),
        }
    }
}

/// One part of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text, where leading zeros count.
    Text(String),
    /// A number.
    Number(u64),
}

/// The parts of a code in the order in which they are told.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parts(Vec<(&'static str, Part)>);

impl Parts {
    /// The parts with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Part)> {
        self.0.iter().map(|(name, part)| (*name, part))
    }

    /// The part of a name.
    pub fn get(&self, name: &str) -> Option<&Part> {
        self.iter().find(|(found, _)| *found == name).map(|(_, part)| part)
    }

    /// The text of a part of a name.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Part::Text(text)) => Some(text),
            Some(Part::Number(_)) | None => None,
        }
    }

    /// The number of a part of a name.
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.get(name) {
            Some(Part::Number(number)) => Some(*number),
            Some(Part::Text(_)) | None => None,
        }
    }

    fn put(&mut self, name: &'static str, text: impl Into<String>) {
        self.0.push((name, Part::Text(text.into())));
    }

    fn put_if(&mut self, name: &'static str, text: Option<impl Into<String>>) {
        if let Some(text) = text {
            self.put(name, text);
        }
    }

    fn put_number(&mut self, name: &'static str, number: impl Into<u64>) {
        self.0.push((name, Part::Number(number.into())));
    }
}

impl fmt::Debug for Parts {
    /// The names only: parts may be personal and must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// What was found out about a string.
#[derive(Clone, PartialEq, Eq)]
pub struct Inspection {
    /// What it is.
    pub kind: CodeKind,
    /// Whether it is valid as such.
    pub valid: bool,
    /// Why it is not; none where it is valid.
    pub reason: Option<Words>,
    /// What could be read from it.
    pub parts: Parts,
    /// What is doubtful, and refuses nothing.
    pub warnings: Vec<Words>,
}

impl Inspection {
    fn valid(kind: CodeKind, parts: Parts) -> Self {
        Self {
            kind,
            valid: true,
            reason: None,
            parts,
            warnings: Vec::new(),
        }
    }

    fn refused(kind: CodeKind, reason: Words) -> Self {
        Self {
            kind,
            valid: false,
            reason: Some(reason),
            parts: Parts::default(),
            warnings: Vec::new(),
        }
    }

    fn unknown(vietnamese: &'static str, english: &'static str) -> Self {
        Self::refused(CodeKind::Unknown, Words::fixed(vietnamese, english))
    }

    fn with_parts(self, parts: Parts) -> Self {
        Self { parts, ..self }
    }

    fn warn(&mut self, warning: Words) {
        self.warnings.push(warning);
    }

    fn warn_all<W: Explain>(&mut self, warnings: impl IntoIterator<Item = W>) {
        self.warnings
            .extend(warnings.into_iter().map(|warning| warning.explain()));
    }
}

impl fmt::Debug for Inspection {
    /// Without the parts and the warnings, which may be personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inspection")
            .field("kind", &self.kind)
            .field("valid", &self.valid)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

/// Says what a string is, by the rules of this module.
pub fn inspect(text: &str, context: &InspectContext) -> Inspection {
    if let Some(receipt) = other::receipt(text) {
        return receipt;
    }
    if text.len() > MAX_BYTES {
        return Inspection::unknown(
            "dài quá 4096 byte, không phải mã nào",
            "longer than 4096 bytes, which no code is",
        );
    }
    let text = text.trim_matches(|around: char| around.is_whitespace() || around == '\u{feff}');
    if text.is_empty() {
        return Inspection::unknown("không có gì để xem", "there is nothing to look at");
    }
    if text.contains('|') {
        return card::inspect(text, context);
    }
    if transfer::is_meant(text) {
        return transfer::inspect(text, context);
    }
    let coded = match number::Digits::of(text) {
        Some(digits) => number::inspect(text, &digits, context),
        None => dossier::inspect(text, context).or_else(|| item::inspect(text, context)),
    };
    coded.unwrap_or_else(|| other::inspect(text, context))
}
