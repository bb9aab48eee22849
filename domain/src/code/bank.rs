//! Banks by the six digits that name them in a transfer QR code.
//!
//! The list is data and short by default; a bank missing here is no error, the transfer does not need it.
//!
//! Source: NAPAS VietQR, mã định danh ngân hàng (BIN)

use std::collections::BTreeMap;
use std::fmt;

/// The six digits of a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bin([u8; 6]);

/// A text that is not six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a bank is named by six digits")]
pub struct BinError;

impl Bin {
    /// Reads six digits.
    pub fn parse(text: &str) -> Result<Self, BinError> {
        let digits: [u8; 6] = text.as_bytes().try_into().map_err(|_| BinError)?;
        if digits.iter().all(u8::is_ascii_digit) {
            Ok(Self(digits))
        } else {
            Err(BinError)
        }
    }

    /// The six digits.
    #[expect(clippy::missing_panics_doc, reason = "only digits are ever stored")]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("checked to be digits when made")
    }
}

impl fmt::Display for Bin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The names of banks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankTable(pub BTreeMap<Bin, String>);

impl BankTable {
    /// The name of a bank, if the table knows.
    pub fn name(&self, bin: Bin) -> Option<&str> {
        self.0.get(&bin).map(String::as_str)
    }
}

impl Default for BankTable {
    /// Eight banks that are common at counters.
    fn default() -> Self {
        const BANKS: [(&[u8; 6], &str); 8] = [
            (b"970436", "Vietcombank"),
            (b"970415", "VietinBank"),
            (b"970405", "Agribank"),
            (b"970418", "BIDV"),
            (b"970422", "MB"),
            (b"970407", "Techcombank"),
            (b"970403", "Sacombank"),
            (b"970449", "LPBank"),
        ];
        Self(BANKS.map(|(bin, name)| (Bin(*bin), name.to_owned())).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_bank_and_leaves_an_unknown_one_without_a_name() {
        let (banks, bin) = (BankTable::default(), |text| Bin::parse(text).expect("six digits"));
        assert_eq!(banks.name(bin("970436")), Some("Vietcombank"));
        assert_eq!(banks.name(bin("970999")), None);
        for text in ["", "97043", "9704366", "97043x", "đđđ"] {
            assert_eq!(Bin::parse(text), Err(BinError), "{text}");
        }
    }
}
