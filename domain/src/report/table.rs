//! A report as rows of text, for a table file.
//!
//! Vietnamese headings come first. Writing the bytes is done outside this crate.
//!
//! Source: Quy ước Trao Tay, bảng số liệu xuất ra tệp

use super::Figure;

/// The heading of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Column {
    /// In Vietnamese.
    pub vietnamese: &'static str,
    /// In English.
    pub english: &'static str,
}

/// Short form of a column, so that headings read as a list.
pub(super) const fn column(vietnamese: &'static str, english: &'static str) -> Column {
    Column { vietnamese, english }
}

/// Rows of text under headings; every row has as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table of rows that are exactly as wide as the headings.
    pub(super) fn new<const WIDTH: usize>(
        columns: [Column; WIDTH],
        rows: impl IntoIterator<Item = [String; WIDTH]>,
    ) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: rows.into_iter().map(Vec::from).collect(),
        }
    }

    /// The headings.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows below the headings.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// Both rows of headings, Vietnamese first.
    pub fn headings(&self) -> [Vec<&'static str>; 2] {
        let row = |pick: fn(&Column) -> &'static str| self.columns.iter().map(pick).collect();
        [row(|column| column.vietnamese), row(|column| column.english)]
    }
}

/// Figures as a table: one row each, with what they counted.
pub(super) fn of_figures(figures: &[Figure]) -> Table {
    const COLUMNS: [Column; 11] = [
        column("Chỉ số", "Index"),
        column("Tên", "Name (Vietnamese)"),
        column("Tên tiếng Anh", "Name (English)"),
        column("Nhóm", "Group"),
        column("Tử số", "Numerator"),
        column("Mẫu số", "Denominator"),
        column("Giá trị", "Value"),
        column("Đơn vị", "Unit"),
        column("Được tính", "Counted"),
        column("Không xét", "Left out"),
        column("Căn cứ", "Source"),
    ];
    let rows = figures.iter().map(|figure| {
        [
            figure.measure.code.to_owned(),
            figure.measure.vietnamese.to_owned(),
            figure.measure.english.to_owned(),
            figure.part.map(|part| part.vietnamese.to_owned()).unwrap_or_default(),
            figure.numerator.to_string(),
            figure.denominator.to_string(),
            figure.value.to_string(),
            figure.measure.unit.vietnamese().to_owned(),
            joined(figure.counted.iter().map(ToString::to_string)),
            joined(
                figure
                    .left_out
                    .iter()
                    .map(|left| format!("{}: {}", left.subject, left.why.as_str())),
            ),
            figure.measure.source.to_owned(),
        ]
    });
    Table::new(COLUMNS, rows)
}

/// Texts in one cell.
pub(super) fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_headings_come_first() {
        let table = Table::new([column("Tên", "Name")], [["một".to_owned()]]);
        assert_eq!(table.headings(), [vec!["Tên"], vec!["Name"]]);
        assert_eq!(table.rows(), [vec!["một".to_owned()]]);
    }
}
