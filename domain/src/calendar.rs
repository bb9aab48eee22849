//! Counting days and working hours: when something is due, and what was passed on the way.
//!
//! The first day is not counted and the last one runs to midnight; a last day that is off
//! moves on. Which days are off is data: only an official notice turns one off, and every
//! notice makes a new version of the calendar, so "as known at" can always be asked.
//! The walk keeps typed reasons; texts are made when somebody reads them.
//!
//! It deliberately does not know which limit a procedure has, does not read a clock, and
//! never turns a day off because the moon says so: [`lunar`] gives hints only.
//!
//! Start with [`due`], or with [`due_by`] where hours or the 15:00 rule matter.
//! Source: Bộ luật Dân sự 2015, điều 147; Bộ luật Dân sự 2015, điều 148

mod book;
pub(crate) mod clock;
mod date;
mod day;
mod hours;
pub mod lunar;
mod moved;
mod notice;
mod office;
mod postal;
mod promise;
mod reason;
mod replay;
mod rule;
mod versions;
mod walk;
mod working_time;

pub use book::{CalendarBook, CalendarKind, ParseCalendarKindError};
pub use clock::{ClockStart, local, local_ms};
pub use date::{read_date, read_minute, show_date, show_minute, write_date};
pub use day::{Calendar, DayKind, DayNote, OffReason};
pub use hours::{OfficeHours, OfficeHoursError, Span};
pub use moved::{ChangedDay, OpenDue, Reappraisal, reappraise};
pub use notice::{Notice, NoticeDay, NoticeError};
pub use office::{Office, OfficePeriod, SaturdayRule};
pub use postal::{PostalLimit, PostalRelation, PostalTable};
pub use promise::{Promise, PromiseBasis, PromiseError, PromiseHistory, PromiseReason};
pub use reason::Why;
pub use replay::{ReplayError, replay};
pub use rule::{Counting, Term, due_by};
pub use versions::{AddNoticeError, CalendarVersion, CalendarVersions};
pub use walk::{Due, Step, due, due_in_calendar_days};
pub use working_time::{MINUTES_A_DAY, due_in_working_time};
