//! What the reports need to know of a dossier besides its moves.
//!
//! Each is a recorded fact of its own; of several of one sort, the one recorded last
//! holds. Nothing here moves a dossier.
//!
//! Source: DVCQG danh mục trạng thái, dữ liệu đồng bộ hồ sơ; Quyết định 766/QĐ-TTg, phụ lục

use time::Date;

use super::Recorded;
use crate::procedure_code::ProcedureCode;

/// How a dossier was lodged (`KenhThucHien`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// 1: in person.
    InPerson,
    /// 2: online.
    Online,
    /// 3: by the public post.
    Post,
}

impl Channel {
    /// The number in the national data, 1 to 3.
    pub const fn number(self) -> u8 {
        match self {
            Self::InPerson => 1,
            Self::Online => 2,
            Self::Post => 3,
        }
    }

    /// The channel with this number.
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::InPerson),
            2 => Some(Self::Online),
            3 => Some(Self::Post),
            _ => None,
        }
    }
}

/// How the result is asked back; apart from how the dossier was lodged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReturnChannel {
    /// At the desk.
    Desk,
    /// By the public post.
    Post,
    /// As a file.
    Electronic,
}

/// How a due payment was made (`DuocThanhToanTrucTuyen` and beside it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaymentChannel {
    /// 1: online through the national portal.
    NationalPortal,
    /// 2: online through another gateway.
    OwnGateway,
    /// To the agency, in cash or by transfer.
    Agency,
    /// To the post, for the agency.
    Post,
}

impl PaymentChannel {
    /// Whether the index counts it as paid online.
    pub const fn is_online(self) -> bool {
        matches!(self, Self::NationalPortal | Self::OwnGateway)
    }
}

/// One thing known of a dossier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// Its procedure.
    Procedure(ProcedureCode),
    /// How it was lodged.
    Channel(Channel),
    /// How the result is asked back.
    ReturnChannel(ReturnChannel),
    /// The last day by the longest time of the procedure, for a dossier without a due date.
    LongestDue(Date),
    /// Whether it ends in a paper. Taken as true until said otherwise.
    ResultRequired(bool),
    /// Whether the result must exist as a file.
    ElectronicResultRequired(bool),
    /// Whether a file of the result is attached (scan-out).
    ResultFile(bool),
    /// Whether the papers lodged have files (`DuocSoHoa`, scan-in).
    Digitised(bool),
    /// Whether digitised papers were used again (`DuocTaiSuDung`).
    Reused(bool),
    /// Whether papers came from the citizen's store (`DuocLayTuKhoDMQG`).
    FromCitizenStore(bool),
    /// Whether the population data or a verified account were used.
    PopulationData(bool),
    /// Whether a fee, a charge or a tax falls due.
    PaymentDue(bool),
    /// How it was paid.
    PaidBy(PaymentChannel),
    /// Whether the citizen complained of the handling or disliked it.
    Complained(bool),
}

/// All that is known of a dossier at an hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the national data")]
pub struct Attributes {
    /// Its procedure.
    pub procedure: Option<ProcedureCode>,
    /// How it was lodged.
    pub channel: Option<Channel>,
    /// How the result is asked back.
    pub return_channel: Option<ReturnChannel>,
    /// The last day by the longest time of the procedure.
    pub longest_due: Option<Date>,
    /// Whether it was said that it ends in no paper.
    pub result_not_required: bool,
    /// Whether the result must exist as a file.
    pub electronic_result_required: bool,
    /// Whether a file of the result is attached.
    pub result_file: bool,
    /// Whether the papers lodged have files.
    pub digitised: bool,
    /// Whether digitised papers were used again.
    pub reused: bool,
    /// Whether papers came from the citizen's store.
    pub from_citizen_store: bool,
    /// Whether the population data or a verified account were used.
    pub population_data: bool,
    /// Whether a payment falls due.
    pub payment_due: bool,
    /// How it was paid.
    pub paid_by: Option<PaymentChannel>,
    /// Whether the citizen complained.
    pub complained: bool,
}

impl Attributes {
    /// What was known at an hour; of one sort, the one recorded last.
    pub fn known(facts: &[Recorded<Attribute>], as_of_ms: i64) -> Self {
        let mut known: Vec<&Recorded<Attribute>> = facts.iter().filter(|fact| fact.known(as_of_ms).is_some()).collect();
        known.sort();
        let mut all = Self::default();
        for fact in known {
            all.take(&fact.fact);
        }
        all
    }

    fn take(&mut self, attribute: &Attribute) {
        match attribute {
            Attribute::Procedure(code) => self.procedure = Some(code.clone()),
            Attribute::Channel(channel) => self.channel = Some(*channel),
            Attribute::ReturnChannel(channel) => self.return_channel = Some(*channel),
            Attribute::LongestDue(date) => self.longest_due = Some(*date),
            Attribute::ResultRequired(is_so) => self.result_not_required = !is_so,
            Attribute::ElectronicResultRequired(is_so) => self.electronic_result_required = *is_so,
            Attribute::ResultFile(is_so) => self.result_file = *is_so,
            Attribute::Digitised(is_so) => self.digitised = *is_so,
            Attribute::Reused(is_so) => self.reused = *is_so,
            Attribute::FromCitizenStore(is_so) => self.from_citizen_store = *is_so,
            Attribute::PopulationData(is_so) => self.population_data = *is_so,
            Attribute::PaymentDue(is_so) => self.payment_due = *is_so,
            Attribute::PaidBy(channel) => self.paid_by = Some(*channel),
            Attribute::Complained(is_so) => self.complained = *is_so,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attribute_recorded_last_holds_and_later_ones_are_not_yet_known() {
        let facts = [
            Recorded::new(30, Attribute::Channel(Channel::Post)),
            Recorded::new(10, Attribute::Channel(Channel::Online)),
            Recorded::new(20, Attribute::ResultRequired(false)),
        ];
        assert_eq!(Attributes::known(&facts, 9), Attributes::default());
        assert_eq!(Attributes::known(&facts, 10).channel, Some(Channel::Online));
        let last = Attributes::known(&facts, 30);
        assert_eq!((last.channel, last.result_not_required), (Some(Channel::Post), true));
    }

    #[test]
    fn a_channel_reads_back_from_its_number() {
        for channel in [Channel::InPerson, Channel::Online, Channel::Post] {
            assert_eq!(Channel::from_number(channel.number()), Some(channel));
        }
        assert_eq!(Channel::from_number(0), None);
    }
}
