//! Reads CSV as spreadsheets write it: UTF-8 with or without a byte order mark, cut by `;` or `,`.

use super::{Cell, Grid, MOST_COLUMNS, MOST_ROWS, Unreadable, plain};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn read(bytes: &[u8]) -> Result<Grid, Unreadable> {
    let body = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mark = bytes.len() - body.len();
    let text = std::str::from_utf8(body).map_err(|error| Unreadable::NotUtf8 {
        at: mark + error.valid_up_to(),
    })?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut counted = Lines::default();
    for record in reader.records() {
        let row = rows.len() + 1;
        let record = record.map_err(|_| Unreadable::Broken { row })?;
        // A blank line keeps its place, so that rows have the numbers people see.
        rows.resize_with(counted.row(text, &record).clamp(rows.len(), MOST_ROWS), Vec::new);
        if rows.len() >= MOST_ROWS || record.len() > MOST_COLUMNS {
            return Err(Unreadable::TooLarge);
        }
        let cells = record.iter().map(|text| Cell {
            text: plain(text).to_owned(),
            was_number: false,
        });
        rows.push(cells.collect());
    }
    Ok(Grid(rows))
}

/// Counts which row of a spreadsheet a record is: blank lines count, and line feeds within a cell do not.
#[derive(Default)]
struct Lines {
    at: usize,
    lines: usize,
    within: usize,
}

impl Lines {
    fn row(&mut self, text: &str, record: &csv::StringRecord) -> usize {
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let rest = text.get(start..).unwrap_or_default();
        let start = start + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        self.lines += text.get(self.at..start).unwrap_or_default().matches('\n').count();
        self.at = start;
        let row = self.lines.saturating_sub(self.within);
        self.within += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        row
    }
}

/// The sign that cuts the headings; what they do not hold cuts nothing.
fn delimiter(text: &str) -> u8 {
    let headings = text.lines().next().unwrap_or_default();
    let count = |sign: char| headings.matches(sign).count();
    if count(';') > count(',') { b';' } else { b',' }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::sheet::{Grid, MOST_ROWS, Unreadable};

    fn texts(grid: &Grid) -> Vec<Vec<&str>> {
        grid.0
            .iter()
            .map(|row| row.iter().map(|cell| cell.text.as_str()).collect())
            .collect()
    }

    #[test]
    fn one_table_is_read_however_it_is_cut_and_marked() {
        for text in ["a,b\n1,\"x, y\"\n", "a;b\r\n1;\"x, y\"\r\n", "\u{feff}a;b\n1;x, y"] {
            let grid = read(text.as_bytes()).expect("a table");
            assert_eq!(texts(&grid), [["a", "b"], ["1", "x, y"]], "{text:?}");
        }
    }

    #[test]
    fn rows_keep_the_numbers_people_see() {
        let grid = read("a,b\n\n1,2\n".as_bytes()).expect("a table");
        assert_eq!(texts(&grid), [vec!["a", "b"], vec![], vec!["1", "2"]]);
        let grid = read("a,b\r\n\"x\n\ny\",1\r\n\r\nz,2".as_bytes()).expect("a table");
        assert_eq!(
            texts(&grid),
            [vec!["a", "b"], vec!["x\n\ny", "1"], vec![], vec!["z", "2"]]
        );
    }

    #[test]
    fn what_is_no_table_says_where_and_why() {
        assert_eq!(read(b"\xef\xbb\xbfa,b\nNguy\xea"), Err(Unreadable::NotUtf8 { at: 11 }));
        let long = "x\n".repeat(MOST_ROWS + 1);
        assert_eq!(read(long.as_bytes()), Err(Unreadable::TooLarge));
        let wide = ",".repeat(64);
        assert_eq!(read(wide.as_bytes()), Err(Unreadable::TooLarge));
        assert_eq!(read(b""), Ok(Grid::default()));
    }
}
