//! Tables as people keep them: CSV and XLSX, read from strangers and written for spreadsheets.

mod csv;
mod write;
mod xlsx;

pub(crate) use write::{Sheet, SheetFormat, answer};

/// Rows of one file at most, headings included. What an office enters in a day is a tenth of it, and all of them are ordered
/// within the time of one request.
pub(crate) const MOST_ROWS: usize = 501;
/// Columns at most.
pub(crate) const MOST_COLUMNS: usize = 64;

/// One cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// What it says, without spaces around it.
    pub(crate) text: String,
    /// Whether the spreadsheet kept it as a number, and dropped the zeros in front.
    pub(crate) was_number: bool,
}

/// A table as it was read, the headings first. Rows may differ in length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Grid(pub(crate) Vec<Vec<Cell>>);

/// Why a file is no table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Not UTF-8 from this byte on.
    NotUtf8 { at: usize },
    /// A row of a CSV that ends within quotes or the like.
    Broken { row: usize },
    /// Not the spreadsheet it begins like.
    NotASpreadsheet,
    /// It holds more than a table of orders ever does.
    TooLarge,
}

impl Unreadable {
    /// The word for programs.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NotUtf8 { .. } => "not_utf8",
            Self::Broken { .. } => "broken",
            Self::NotASpreadsheet => "not_a_spreadsheet",
            Self::TooLarge => "too_large",
        }
    }

    /// The words for people, in Vietnamese.
    pub(crate) fn vietnamese(&self) -> String {
        match self {
            Self::NotUtf8 { at } => {
                format!("Tệp không phải UTF-8 từ byte {at}. Trong Excel hãy chọn «CSV UTF-8», hoặc gửi tệp .xlsx.")
            }
            Self::Broken { .. } => "Dòng này không đọc được: có dấu ngoặc kép không đóng.".to_owned(),
            Self::NotASpreadsheet => "Tệp không phải bảng tính .xlsx, hoặc đã hỏng.".to_owned(),
            Self::TooLarge => format!(
                "Tệp quá lớn: nhiều nhất {} đơn và {MOST_COLUMNS} cột. Hãy chia nhỏ.",
                MOST_ROWS - 1
            ),
        }
    }
}

/// Reads a file: a spreadsheet when it begins like one, otherwise text.
pub(crate) fn read(bytes: &[u8]) -> Result<Grid, Unreadable> {
    if bytes.starts_with(b"PK\x03\x04") {
        xlsx::read(bytes)
    } else {
        csv::read(bytes)
    }
}

/// What makes a spreadsheet compute a cell instead of showing it.
const STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text that no spreadsheet takes for a formula.
pub(crate) fn neutral(text: &str) -> String {
    if text.starts_with(STARTS) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The text as it was before [`neutral`]: a table that was exported, filled in and sent back says the same.
fn plain(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(STARTS) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{neutral, plain};

    #[test]
    fn no_cell_computes_and_each_reads_back() {
        for text in ["=1+1", "+84912345678", "-5", "@x", "\tx", "\rx"] {
            assert_eq!(neutral(text), format!("'{text}"));
            assert_eq!(plain(&neutral(text)), text);
        }
        for text in ["H01-261126-0001", "Nguyễn", "", "'tên'"] {
            assert_eq!(neutral(text), text);
            assert_eq!(plain(text), text);
        }
    }
}
