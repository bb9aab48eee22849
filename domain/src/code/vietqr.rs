//! The QR code of a bank transfer: who is paid, how much, and what for.
//!
//! Written and read as the national standard has it, with its checksum. It starts no payment and knows of
//! none; State fees that are paid online go through the national portal and not through such a code.
//!
//! Source: NAPAS VietQR, đặc tả; EMVCo QR MPM, đặc tả

mod field;
mod read;
mod write;

use std::borrow::Cow;

use crate::code::bank::{Bin, BinError};
use crate::code::payment_token::{Purpose, PurposeError};
use crate::code::words::Explain;

/// The identifier of NAPAS inside field 38.
pub const NAPAS: &str = "A000000727";

/// The largest amount a code can say: thirteen digits.
///
/// Source: EMVCo QR MPM, trường 54
pub const MAX_AMOUNT: u64 = 9_999_999_999_999;

/// Whether a code serves once or always, field 01.
///
/// Source: EMVCo QR MPM, trường 01
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Initiation {
    /// `11`: printed once, used by many.
    Static,
    /// `12`: made for one payment.
    Dynamic,
}

/// What the money goes to, field 38-02.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransferTo {
    /// `QRIBFTTA`: an account.
    Account,
    /// `QRIBFTTC`: a card.
    Card,
}

impl TransferTo {
    /// The name in the code.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "QRIBFTTA",
            Self::Card => "QRIBFTTC",
        }
    }
}

/// A transfer code, read or to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VietQr {
    initiation: Initiation,
    bin: Bin,
    account: String,
    to: TransferTo,
    amount: Option<u64>,
    bill: Option<String>,
    purpose: Option<String>,
}

/// Why a text is no transfer code, or why none can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VietQrError {
    /// A field is cut short or its tag or length is not two digits.
    #[error("the fields do not add up, the code is cut short or damaged")]
    Damaged,
    /// A field stands twice.
    #[error("field {tag:02} stands twice")]
    Twice {
        /// The field.
        tag: u8,
    },
    /// The text does not start as such a code does.
    #[error("a transfer code starts with 000201")]
    Format,
    /// The checksum is missing, not last, or not four capital hexadecimal digits.
    #[error("the code does not end with 6304 and four hexadecimal digits")]
    NoCrc,
    /// The checksum does not fit.
    #[error("the checksum is {found:04X} where {expected:04X} was expected")]
    Crc {
        /// The one in the code.
        found: u16,
        /// The one its text asks for.
        expected: u16,
    },
    /// Neither once nor always.
    #[error("field 01 is neither 11 nor 12")]
    Initiation,
    /// The code is of another scheme.
    #[error("the code is not of NAPAS")]
    NotNapas,
    /// The bank is not six digits.
    #[error(transparent)]
    Bin(#[from] BinError),
    /// The account is not 1 to 19 letters and digits.
    #[error("an account has 1 to 19 letters and digits")]
    Account,
    /// Neither an account nor a card.
    #[error("the transfer goes neither to an account nor to a card")]
    TransferTo,
    /// Another currency than the đồng.
    #[error("the currency is not the đồng (704)")]
    Currency,
    /// Another country than Vietnam.
    #[error("the country is not VN")]
    Country,
    /// The amount is not a whole number of đồng from 1 to thirteen digits.
    #[error("an amount is whole đồng, from 1 up to 13 digits")]
    Amount,
    /// The bill is not 1 to 25 letters and digits.
    #[error("a bill number has 1 to 25 letters, digits, dots and hyphens")]
    Bill,
}

/// What is doubtful about a code that was read, and refuses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VietQrWarning {
    /// The purpose may not reach the statement as it stands.
    #[error("{0}; banks may change it")]
    Purpose(PurposeError),
    /// A code for one payment without an amount.
    #[error("a code for one payment without an amount")]
    NoAmount,
}

impl VietQr {
    /// A code that pays into an account or card: static, until an amount, a bill or a purpose is added.
    pub fn new(bin: Bin, account: &str, to: TransferTo) -> Result<Self, VietQrError> {
        if !(1..=19).contains(&account.len()) || !account.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(VietQrError::Account);
        }
        Ok(Self {
            initiation: Initiation::Static,
            bin,
            account: account.to_owned(),
            to,
            amount: None,
            bill: None,
            purpose: None,
        })
    }

    /// The same for one amount, in whole đồng.
    pub fn with_amount(self, amount: u64) -> Result<Self, VietQrError> {
        if !(1..=MAX_AMOUNT).contains(&amount) {
            return Err(VietQrError::Amount);
        }
        Ok(Self {
            initiation: Initiation::Dynamic,
            amount: Some(amount),
            ..self
        })
    }

    /// The same for one bill.
    pub fn with_bill(self, bill: &str) -> Result<Self, VietQrError> {
        let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if !(1..=25).contains(&bill.len()) || !bill.bytes().all(is_kept) {
            return Err(VietQrError::Bill);
        }
        Ok(Self {
            initiation: Initiation::Dynamic,
            bill: Some(bill.to_owned()),
            ..self
        })
    }

    /// The same for one purpose.
    #[must_use]
    pub fn with_purpose(self, purpose: &Purpose) -> Self {
        Self {
            initiation: Initiation::Dynamic,
            purpose: Some(purpose.as_str().to_owned()),
            ..self
        }
    }

    /// Whether it serves once or always.
    pub const fn initiation(&self) -> Initiation {
        self.initiation
    }

    /// The bank.
    pub const fn bin(&self) -> Bin {
        self.bin
    }

    /// The number of the account or card.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// What the money goes to.
    pub const fn to(&self) -> TransferTo {
        self.to
    }

    /// The amount in whole đồng, if the code says one.
    pub const fn amount(&self) -> Option<u64> {
        self.amount
    }

    /// The bill, if the code says one.
    pub fn bill(&self) -> Option<&str> {
        self.bill.as_deref()
    }

    /// The purpose as it stands in the code.
    pub fn purpose(&self) -> Option<&str> {
        self.purpose.as_deref()
    }

    /// What is doubtful about it.
    pub fn warnings(&self) -> Vec<VietQrWarning> {
        let purpose = self.purpose().and_then(|purpose| Purpose::new(purpose).err());
        let no_amount = self.initiation == Initiation::Dynamic && self.amount.is_none();
        let no_amount = no_amount.then_some(VietQrWarning::NoAmount);
        purpose
            .map(VietQrWarning::Purpose)
            .into_iter()
            .chain(no_amount)
            .collect()
    }
}

impl Explain for VietQrError {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::Damaged => "các trường không khớp, mã bị cắt hoặc hỏng".into(),
            Self::Twice { tag } => format!("trường {tag:02} xuất hiện hai lần").into(),
            Self::Format => "mã chuyển khoản bắt đầu bằng 000201".into(),
            Self::NoCrc => "mã không kết thúc bằng 6304 và bốn chữ số hệ 16".into(),
            Self::Crc { found, expected } => {
                format!("mã kiểm tra CRC sai: ghi {found:04X}, phải là {expected:04X}").into()
            }
            Self::Initiation => "trường 01 không phải 11 hoặc 12".into(),
            Self::NotNapas => "không phải mã của NAPAS".into(),
            Self::Bin(_) => "ngân hàng phải có mã sáu chữ số".into(),
            Self::Account => "số tài khoản có từ 1 đến 19 chữ cái và chữ số".into(),
            Self::TransferTo => "không chuyển đến tài khoản cũng không đến thẻ".into(),
            Self::Currency => "tiền tệ không phải đồng (704)".into(),
            Self::Country => "nước không phải VN".into(),
            Self::Amount => "số tiền là số đồng nguyên, từ 1, nhiều nhất 13 chữ số".into(),
            Self::Bill => "số hóa đơn có từ 1 đến 25 chữ cái, chữ số, dấu chấm và gạch nối".into(),
        }
    }
}

impl Explain for VietQrWarning {
    fn vietnamese(&self) -> Cow<'static, str> {
        match self {
            Self::Purpose(PurposeError::Empty) => "nội dung chuyển khoản trống; ngân hàng có thể đổi".into(),
            Self::Purpose(PurposeError::Length) => {
                "nội dung chuyển khoản dài quá 25 ký tự; ngân hàng có thể đổi".into()
            }
            Self::Purpose(PurposeError::Character) => {
                "nội dung chuyển khoản có dấu hoặc ký tự đặc biệt; ngân hàng có thể đổi".into()
            }
            Self::NoAmount => "mã dùng một lần nhưng không có số tiền".into(),
        }
    }
}
