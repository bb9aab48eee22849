//! Reading a transfer code: the checksum first, so that a damaged code is called damaged and nothing else.
//!
//! Fields that are not ours (merchant, city, language) are passed over.
//!
//! Source: NAPAS VietQR, đặc tả; EMVCo QR MPM, đặc tả

use super::field::{Fields, checksum};
use super::{Initiation, NAPAS, TransferTo, VietQr, VietQrError};
use crate::code::bank::Bin;

const CRC_LENGTH: usize = 4;

impl VietQr {
    /// Reads a code as scanned.
    pub fn read(text: &str) -> Result<Self, VietQrError> {
        if !text.starts_with("000201") {
            return Err(VietQrError::Format);
        }
        check_crc(text)?;
        let fields = Fields::read(text)?;
        let initiation = match fields.get(1) {
            Some("11") | None => Initiation::Static,
            Some("12") => Initiation::Dynamic,
            Some(_) => return Err(VietQrError::Initiation),
        };
        let napas = Fields::read(fields.get(38).ok_or(VietQrError::NotNapas)?)?;
        if napas.get(0) != Some(NAPAS) {
            return Err(VietQrError::NotNapas);
        }
        let payee = Fields::read(napas.get(1).ok_or(VietQrError::Account)?)?;
        let bin = Bin::parse(payee.get(0).unwrap_or_default())?;
        let to = match napas.get(2) {
            Some("QRIBFTTA") => TransferTo::Account,
            Some("QRIBFTTC") => TransferTo::Card,
            _ => return Err(VietQrError::TransferTo),
        };
        if fields.get(53) != Some("704") {
            return Err(VietQrError::Currency);
        }
        if fields.get(58) != Some("VN") {
            return Err(VietQrError::Country);
        }
        let mut read = Self::new(bin, payee.get(1).unwrap_or_default(), to)?;
        if let Some(amount) = fields.get(54) {
            read = read.with_amount(read_amount(amount)?)?;
        }
        let additional = Fields::read(fields.get(62).unwrap_or_default())?;
        Ok(Self {
            initiation,
            bill: additional.get(1).map(str::to_owned),
            purpose: additional.get(8).map(str::to_owned),
            ..read
        })
    }
}

fn check_crc(text: &str) -> Result<(), VietQrError> {
    let start = text.len().checked_sub(CRC_LENGTH).ok_or(VietQrError::NoCrc)?;
    let (body, digits) = text.split_at_checked(start).ok_or(VietQrError::NoCrc)?;
    if !body.ends_with("6304") || !digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')) {
        return Err(VietQrError::NoCrc);
    }
    let found = u16::from_str_radix(digits, 16).map_err(|_| VietQrError::NoCrc)?;
    let expected = checksum(body);
    if found == expected {
        Ok(())
    } else {
        Err(VietQrError::Crc { found, expected })
    }
}

fn read_amount(text: &str) -> Result<u64, VietQrError> {
    if !(1..=13).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(VietQrError::Amount);
    }
    text.parse().map_err(|_| VietQrError::Amount)
}

#[cfg(test)]
mod tests {
    use super::super::VietQrWarning;
    use super::*;
    use crate::code::payment_token::PurposeError;

    fn sealed(body: &str) -> String {
        let body = format!("{body}6304");
        format!("{body}{:04X}", checksum(&body))
    }

    #[test]
    fn reads_the_codes_of_the_reference() {
        for (text, initiation, bin, account, amount, bill, purpose) in [
            (
                "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN62170813ung ho lu lut6304C15C",
                Initiation::Dynamic,
                "970415",
                "0011001932418",
                Some(120_000),
                None,
                Some("ung ho lu lut"),
            ),
            (
                "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62230819thanh toan don hang63045FAB",
                Initiation::Dynamic,
                "970403",
                "0011012345678",
                Some(180_000),
                None,
                Some("thanh toan don hang"),
            ),
            (
                "00020101021138540010A00000072701240006970436011012345678900208QRIBFTTA53037045802VN6304BE57",
                Initiation::Static,
                "970436",
                "1234567890",
                None,
                None,
                None,
            ),
            (
                "00020101021238540010A00000072701240006970436011012345678900208QRIBFTTA53037045405260005802VN62280824BCCI H012311 261008 097563049926",
                Initiation::Dynamic,
                "970436",
                "1234567890",
                Some(26_000),
                None,
                Some("BCCI H012311 261008 0975"),
            ),
            (
                "00020101021238570010A00000072701270006970405011369002010123450208QRIBFTTA53037045405575005802VN62320106HD00010818BCCI RR473124829VN630482D9",
                Initiation::Dynamic,
                "970405",
                "6900201012345",
                Some(57_500),
                Some("HD0001"),
                Some("BCCI RR473124829VN"),
            ),
        ] {
            let code = VietQr::read(text).expect(text);
            assert_eq!(
                (code.initiation(), code.bin().as_str(), code.account()),
                (initiation, bin, account)
            );
            assert_eq!((code.amount(), code.bill(), code.purpose()), (amount, bill, purpose));
            assert_eq!(code.warnings(), []);
            assert_eq!(code.to_string(), text, "written again it is the same");
        }
    }

    #[test]
    fn another_amount_breaks_the_checksum() {
        let text = "00020101021238540010A00000072701240006970436011012345678900208QRIBFTTA53037045405620005802VN62280824BCCI H012311 261008 097563049926";
        assert_eq!(
            VietQr::read(text),
            Err(VietQrError::Crc {
                found: 0x9926,
                expected: 0x1D6B
            })
        );
    }

    #[test]
    fn says_why_a_code_is_wrong() {
        const PAYEE: &str = "38540010A00000072701240006970436011012345678900208QRIBFTTA";
        for (body, why) in [
            ("0102115303704".to_owned(), VietQrError::Format),
            ("00020101029953037045802VN".to_owned(), VietQrError::Initiation),
            ("00020101021153037045802VN".to_owned(), VietQrError::NotNapas),
            ("00020126080004ABCD53037045802VN".to_owned(), VietQrError::NotNapas),
            (format!("000201{PAYEE}53038405802VN"), VietQrError::Currency),
            (format!("000201{PAYEE}53037045802US"), VietQrError::Country),
            (format!("000201{PAYEE}5303704540526.005802VN"), VietQrError::Amount),
            (format!("000201{PAYEE}53037045401{}5802VN", 0), VietQrError::Amount),
            (format!("000201{PAYEE}530370454991{}5802VN", 0), VietQrError::Damaged),
            (
                format!("000201{PAYEE}{PAYEE}53037045802VN"),
                VietQrError::Twice { tag: 38 },
            ),
        ] {
            assert_eq!(VietQr::read(&sealed(&body)), Err(why), "{body}");
        }
        assert_eq!(VietQr::read("000201"), Err(VietQrError::NoCrc));
        assert_eq!(VietQr::read("0002016304abcd"), Err(VietQrError::NoCrc));
        assert_eq!(VietQr::read("000201630đ"), Err(VietQrError::NoCrc));
    }

    #[test]
    fn a_purpose_with_marks_is_read_and_doubted() {
        let body = "00020101021238540010A00000072701240006970436011012345678900208QRIBFTTA53037045802VN62070803phí";
        let code = VietQr::read(&sealed(body)).expect("well formed");
        assert_eq!(code.purpose(), Some("phí"));
        assert_eq!(
            code.warnings(),
            [VietQrWarning::Purpose(PurposeError::Character), VietQrWarning::NoAmount]
        );
    }
}
