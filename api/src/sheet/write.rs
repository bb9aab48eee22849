//! Writes tables for spreadsheets: every column is text and no cell is a formula.

use super::neutral;
use crate::problem::{Kind, Problem};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use serde::Deserialize;
use utoipa::ToSchema;

/// How a table is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SheetFormat {
    /// UTF-8 with a byte order mark, cut by commas (RFC 4180).
    #[default]
    Csv,
    /// A spreadsheet whose columns are all text, so that no zero in front is dropped.
    Xlsx,
}

/// A table to be written.
#[derive(Debug, Clone)]
pub(crate) struct Sheet<'a> {
    /// The name of the file without its end.
    pub(crate) name: &'a str,
    /// The headings.
    pub(crate) headings: Vec<String>,
    /// The rows, as wide as the headings.
    pub(crate) rows: Vec<Vec<String>>,
    /// Words about each column, for a page of their own in a spreadsheet.
    pub(crate) notes: Vec<[String; 2]>,
}

/// The table as a file to keep. `at_ms` is the hour it is of, in milliseconds UTC.
pub(crate) fn answer(sheet: &Sheet<'_>, format: SheetFormat, at_ms: i64) -> Result<Response, Problem> {
    let (kind, end, bytes) = match format {
        SheetFormat::Csv => ("text/csv; charset=utf-8", "csv", csv(sheet)),
        SheetFormat::Xlsx => {
            let bytes = xlsx(sheet, at_ms).map_err(|error| Problem::caused(Kind::Internal, error))?;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (kind, "xlsx", bytes)
        }
    };
    let file = format!(r#"attachment; filename="{}.{end}""#, sheet.name);
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, file.as_str())], bytes).into_response())
}

fn csv(sheet: &Sheet<'_>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(crate::table::BYTE_ORDER_MARK.to_vec());
    for row in std::iter::once(&sheet.headings).chain(&sheet.rows) {
        writer
            .write_record(row.iter().map(|text| neutral(text)))
            .expect("rows are as wide as the headings");
    }
    writer.into_inner().expect("in memory")
}

fn xlsx(sheet: &Sheet<'_>, at_ms: i64) -> Result<Vec<u8>, XlsxError> {
    const WIDTH: f64 = 22.0;
    let (text, bold) = (Format::new().set_num_format("@"), Format::new().set_bold());
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_timestamp(at_ms.div_euclid(1000))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let page = book.add_worksheet();
    for (column, heading) in (0_u16..).zip(&sheet.headings) {
        page.set_column_format(column, &text)?;
        page.set_column_width(column, WIDTH)?;
        page.write_string_with_format(0, column, neutral(heading), &bold)?;
    }
    page.set_freeze_panes(1, 0)?;
    for (row, cells) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            page.write_string_with_format(row, column, neutral(cell), &text)?;
        }
    }
    if !sheet.notes.is_empty() {
        let page = book.add_worksheet();
        page.set_name("Hướng dẫn")?;
        page.set_column_width(1, WIDTH * 4.0)?;
        for (row, cells) in (0_u32..).zip(&sheet.notes) {
            for (column, cell) in (0_u16..).zip(cells) {
                page.write_string(row, column, cell)?;
            }
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::{Sheet, csv, xlsx};
    use crate::sheet::read;

    #[test]
    fn what_is_written_reads_back_as_text_and_computes_nothing() {
        let sheet = Sheet {
            name: "x",
            headings: vec!["Điện thoại".to_owned(), "Ghi chú".to_owned()],
            rows: vec![
                vec!["0912345678".to_owned(), "=HYPERLINK(\"x\")".to_owned()],
                vec!["+84912345678".to_owned(), "a;b, \"c\"".to_owned()],
            ],
            notes: vec![["Ghi chú".to_owned(), "=1".to_owned()]],
        };
        let text = String::from_utf8(csv(&sheet)).expect("UTF-8");
        assert!(text.contains("\"'=HYPERLINK"), "{text}");
        for bytes in [csv(&sheet), xlsx(&sheet, 1_795_401_000_000).expect("written")] {
            let grid = read(&bytes).expect("a table").0;
            let texts: Vec<Vec<&str>> = grid
                .iter()
                .map(|row| row.iter().map(|cell| cell.text.as_str()).collect())
                .collect();
            assert_eq!(texts[1..], [sheet.rows[0].clone(), sheet.rows[1].clone()]);
            assert!(grid.iter().flatten().all(|cell| !cell.was_number));
        }
    }
}
