//! Figures from facts: the national index of service quality, the post's own reports and
//! the quality of carriage.
//!
//! A report takes histories of recorded facts, a period and an hour `as_of_ms`. It uses
//! only what was recorded at or before that hour, so the report of any past date comes
//! out the same again, whatever was learnt later. The order of the histories changes
//! nothing. Every figure names the dossiers it counted.
//!
//! It reads no store and writes no file: JSON records are in [`crate::wire::report`], rows
//! for a table file in [`Table`].
//!
//! Source: Quyết định 766/QĐ-TTg, phụ lục; Thông tư 17/2017/TT-BTTTT, điều 13

pub mod attribute;
mod convert;
mod day;
mod figure;
mod hundredths;
mod kind;
pub mod kpi766;
mod measure;
pub mod period;
pub mod post;
mod record;
mod recorded;
mod subject;
mod table;
mod tally;

pub use attribute::{Attribute, Attributes, Channel, PaymentChannel, ReturnChannel};
pub use figure::{Empty, Figure, Value};
pub use hundredths::{Hundredths, percent};
pub use kind::{Histories, ParseReportKindError, Report, ReportKind};
pub use measure::{Measure, Part, Unit};
pub use period::{Convention, ParseConventionError, PeriodError, ReportPeriod, Span};
pub use record::{DossierHistory, DossierRecord, Round};
pub use recorded::{Recorded, ReportError};
pub use subject::{LeftOut, Subject, WhyLeftOut};
pub use table::{Column, Table};
pub use tally::Marking;
