//! What is wrong with a row of a file, told to the person who keeps the file.
//!
//! Source: Quy ước Trao Tay, báo lỗi theo dòng khi nạp dữ liệu

use std::fmt;

use time::Date;

use crate::calendar::read_date;
use crate::validity::Validity;

/// A fault of one row: where it is and what to do, in Vietnamese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The file, as `procedures.json`.
    pub file: String,
    /// The row, counted from 1.
    pub row: usize,
    /// What the row is about, as its code.
    pub about: String,
    /// The field.
    pub field: String,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            row,
            about,
            field,
            reason,
        } = self;
        write!(f, "{file}, dòng {row} ({about}), trường {field}: {reason}")
    }
}

impl std::error::Error for RowError {}

/// A row being read: gathers what is wrong instead of stopping at the first fault.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) file: &'a str,
    pub(super) row: usize,
    pub(super) about: &'a str,
}

impl Row<'_> {
    /// A fault of this row.
    pub(super) fn fault(&self, field: &str, reason: impl Into<String>) -> RowError {
        RowError {
            file: self.file.to_owned(),
            row: self.row,
            about: self.about.to_owned(),
            field: field.to_owned(),
            reason: reason.into(),
        }
    }

    /// A value, or the fault that it is not one of a list.
    pub(super) fn one_of<T>(
        &self,
        field: &str,
        text: &str,
        found: Option<T>,
        names: impl IntoIterator<Item = &'static str>,
    ) -> Result<T, RowError> {
        found.ok_or_else(|| {
            let names: Vec<&str> = names.into_iter().collect();
            self.fault(
                field,
                format!("«{text}» không hợp lệ; dùng một trong: {}", names.join(", ")),
            )
        })
    }

    /// A date, or the fault that it is none.
    pub(super) fn date(&self, field: &str, text: &str) -> Result<Date, RowError> {
        read_date(text).ok_or_else(|| self.fault(field, format!("«{text}» không phải là ngày; viết dạng 2026-04-24")))
    }

    /// A period. Without a first day it holds since ever.
    pub(super) fn validity(&self, from: Option<&str>, to: Option<&str>) -> Result<Validity, RowError> {
        let from = from.map_or(Ok(Date::MIN), |text| self.date("valid_from", text))?;
        let to = to.map(|text| self.date("valid_to", text)).transpose()?;
        Validity::new(from, to).map_err(|_| self.fault("valid_to", "ngày cuối trước ngày đầu"))
    }
}

/// The values when every row was read, or every fault.
pub(super) fn gather<T>(rows: impl IntoIterator<Item = Result<T, RowError>>) -> Result<Vec<T>, Vec<RowError>> {
    let (mut values, mut faults) = (Vec::new(), Vec::new());
    for row in rows {
        match row {
            Ok(value) => values.push(value),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(faults) }
}
