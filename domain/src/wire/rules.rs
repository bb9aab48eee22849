//! Rule sets as `rules.json` holds them: what differs from the defaults, each value with
//! its source.
//!
//! Source: Quy ước Trao Tay, bộ quy tắc theo ngày

mod read;

use serde::{Deserialize, Serialize};

pub use read::read_rules;

/// A value and the text it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourcedRecord<T> {
    /// The value.
    pub value: T,
    /// Where it is from.
    pub source_ref: String,
}

/// The postal days of one relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlaDaysRecord {
    /// To the agency, or to the first attempt.
    pub carriage: u16,
    /// Until the person has the receipt slip or the due date.
    pub notice: u16,
}

/// J + n by relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlaTableRecord {
    /// What it is called.
    pub id: String,
    /// Within one zone.
    pub within_zone: SlaDaysRecord,
    /// Between zones of the province.
    pub between_zones: SlaDaysRecord,
    /// Between big cities of two provinces.
    pub between_big_cities: SlaDaysRecord,
    /// Other relations between provinces.
    pub between_provinces: SlaDaysRecord,
    /// Whether Saturdays count.
    #[serde(default)]
    pub counts_saturdays: bool,
}

/// Until when an item lies ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldRecord {
    /// Working days after the last invitation.
    AfterLastInvitation(u16),
    /// Days from the first invitation.
    FromFirstInvitation(u16),
}

/// `restart` or `subtract`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplementClockRecord {
    /// From nothing.
    Restart,
    /// The waiting is taken out.
    Subtract,
}

/// `days` or `hours`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountingModeRecord {
    /// Whole days.
    Days,
    /// Eight-hour days.
    Hours,
}

/// `lowest_first` or `highest_first`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DossierCodeGrammarRecord {
    /// Lowest level first.
    LowestFirst,
    /// Level 1 first.
    HighestFirst,
}

/// A value that may be left out.
type Said<T> = Option<SourcedRecord<T>>;

/// One of `rules.json`. What is left out has the default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSetRecord {
    /// Its name.
    pub id: String,
    /// Its first day.
    pub valid_from: String,
    /// Its last day.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// The parameters of the law.
    #[serde(default)]
    pub law: LawRecord,
    /// The delivery policy.
    #[serde(default)]
    pub delivery: DeliveryRecord,
    /// When fees go to the agency.
    #[serde(default)]
    pub money: MoneyRecord,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $record:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $record {
            $($(#[$field_doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Said<$kind>,)*
        }
    )*};
}

rules! {
    /// The parameters of the law.
    LawRecord {
        /// The set of forms that is printed.
        form_set: String,
        /// The dossier code that is made.
        dossier_code_grammar: DossierCodeGrammarRecord,
        /// From when on a dossier counts as received the next working day, as `15:00`; null: never.
        cutoff_15h: Option<String>,
        /// How working days are counted.
        counting_mode: CountingModeRecord,
        /// Working days in which a supplement may be asked for.
        supplement_limit_working_days: u16,
        /// How often a supplement may be asked for; null: no number.
        supplement_max: Option<u16>,
        /// What a supplement does to the time limit.
        supplement_clock: SupplementClockRecord,
        /// How often the due date may be moved.
        extension_max: u16,
        /// Days before the due date by which the apology has to be out.
        apology_lead_days: u16,
        /// Whether the agency's due date prevails.
        agency_due_date_prevails: bool,
        /// The postal days.
        sla_table: SlaTableRecord,
        /// Years a paper slip is kept.
        retention_paper_years: u16,
        /// Years an electronic slip is kept.
        retention_electronic_years: u16,
        /// Months in which a complaint may be made.
        complaint_window_months: u16,
        /// Working days to answer within the province.
        complaint_answer_days_within_province: u16,
        /// Working days to answer between provinces.
        complaint_answer_days_between_provinces: u16,
        /// Days from the liability record to the payment.
        compensation_payment_days: u16,
        /// Compensation for loss, as a multiple of the postage.
        compensation_postage_multiple: u16,
        /// Years an authorisation without a term holds.
        authorisation_default_years: u16,
        /// Whether an incomplete dossier may be taken when the person insists.
        incomplete_with_waiver: bool,
    }
    /// The delivery policy.
    DeliveryRecord {
        /// How many times a carrier comes.
        attempts: u16,
        /// How many invitations, at least.
        invitations: u16,
        /// Working days between two, at least.
        invitation_gap_working_days: u16,
        /// Until when it lies ready.
        hold: HoldRecord,
        /// Whether it may be sent to another address before delivery.
        redirect_allowed: bool,
        /// `signature`, `one_time_code`, `photo`.
        evidence: Vec<String>,
        /// Whether a fee that is not paid counts as a failed attempt.
        fee_unpaid_is_failed_attempt: bool,
    }
    /// When fees go to the agency.
    MoneyRecord {
        /// Fees taken until this hour go with the day's hand-over, as `15:00`.
        remittance_cutoff: String,
        /// Working days until a transfer is at the agency.
        transfer_working_days: u16,
        /// Whether other obligations are taken on an agency's instruction.
        other_obligations_on_instruction: bool,
    }
}
