//! Writing a transfer code: its fields in the order of their tags, and the checksum last.
//!
//! The picture of the code is drawn elsewhere.
//!
//! Source: NAPAS VietQR, đặc tả; EMVCo QR MPM, đặc tả

use std::fmt;

use super::field::{checksum, push};
use super::{Initiation, NAPAS, VietQr};

impl fmt::Display for VietQr {
    /// The text to draw as a QR code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut payee = String::new();
        push(&mut payee, 0, self.bin.as_str());
        push(&mut payee, 1, &self.account);
        let mut napas = String::new();
        push(&mut napas, 0, NAPAS);
        push(&mut napas, 1, &payee);
        push(&mut napas, 2, self.to.name());
        let mut additional = String::new();
        if let Some(bill) = &self.bill {
            push(&mut additional, 1, bill);
        }
        if let Some(purpose) = &self.purpose {
            push(&mut additional, 8, purpose);
        }
        let mut text = String::new();
        push(&mut text, 0, "01");
        push(
            &mut text,
            1,
            match self.initiation {
                Initiation::Static => "11",
                Initiation::Dynamic => "12",
            },
        );
        push(&mut text, 38, &napas);
        push(&mut text, 53, "704");
        if let Some(amount) = self.amount {
            push(&mut text, 54, &amount.to_string());
        }
        push(&mut text, 58, "VN");
        if !additional.is_empty() {
            push(&mut text, 62, &additional);
        }
        text.push_str("6304");
        write!(f, "{text}{:04X}", checksum(&text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{MAX_AMOUNT, TransferTo, VietQrError};
    use super::*;
    use crate::code::bank::Bin;
    use crate::code::payment_token::Purpose;

    fn bin() -> Bin {
        Bin::parse("970436").expect("six digits")
    }

    #[test]
    fn writes_the_code_of_a_dossier() {
        let purpose = Purpose::of_code("BCCI", "H01.23.11-261008-0975").expect("fits");
        let code = VietQr::new(bin(), "1234567890", TransferTo::Account)
            .and_then(|code| code.with_amount(26_000))
            .expect("a code")
            .with_purpose(&purpose);
        assert_eq!(
            code.to_string(),
            "00020101021238540010A00000072701240006970436011012345678900208QRIBFTTA53037045405260005802VN62280824BCCI H012311 261008 097563049926"
        );
    }

    #[test]
    fn refuses_what_a_code_cannot_say() {
        let code = || VietQr::new(bin(), "1234567890", TransferTo::Card).expect("a code");
        assert_eq!(VietQr::new(bin(), "", TransferTo::Account), Err(VietQrError::Account));
        assert_eq!(
            VietQr::new(bin(), "12345678901234567890", TransferTo::Account),
            Err(VietQrError::Account)
        );
        assert_eq!(code().with_amount(0), Err(VietQrError::Amount));
        assert_eq!(code().with_amount(MAX_AMOUNT + 1), Err(VietQrError::Amount));
        assert!(code().with_amount(MAX_AMOUNT).is_ok());
        assert_eq!(code().with_bill("a b"), Err(VietQrError::Bill));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            account in "[0-9A-Za-z]{1,19}", card: bool, amount in prop::option::of(1..=MAX_AMOUNT),
            bill in prop::option::of("[0-9A-Z.-]{1,25}"), purpose in prop::option::of("[0-9A-Za-z][0-9A-Za-z ]{0,24}")
        ) {
            let to = if card { TransferTo::Card } else { TransferTo::Account };
            let mut code = VietQr::new(bin(), &account, to).expect("an account");
            if let Some(amount) = amount { code = code.with_amount(amount).expect("an amount"); }
            if let Some(bill) = &bill { code = code.with_bill(bill).expect("a bill"); }
            if let Some(purpose) = &purpose { code = code.with_purpose(&Purpose::new(purpose).expect("a purpose")); }
            prop_assert_eq!(VietQr::read(&code.to_string()), Ok(code));
        }

        #[test]
        fn one_wrong_character_is_caught(at in 0usize..127, wrong in "[0-9A-Z]") {
            let mut code = "00020101021238540010A00000072701240006970436011012345678900208QRIBFTTA53037045405260005802VN62280824BCCI H012311 261008 097563049926".to_owned();
            prop_assume!(code.get(at..=at).is_some_and(|right| right != wrong));
            code.replace_range(at..=at, &wrong);
            prop_assert!(VietQr::read(&code).is_err());
        }
    }
}
