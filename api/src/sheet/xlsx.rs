//! Reads the first sheet of an XLSX file from a stranger.
//!
//! The file is a ZIP: its parts are unpacked once to nowhere, so that one that would fill the memory is refused before it
//! does. Cells are read one by one and never laid out, because a single cell in a far corner would make a table of billions.

use super::{Cell, Grid, MOST_COLUMNS, MOST_ROWS, Unreadable, plain};
use calamine::{DataRef, Reader, Xlsx};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// All parts of the file, unpacked. A table of as many rows as we take is a tenth of it.
const MOST_BYTES: u64 = 32 * 1024 * 1024;
/// Parts of the file.
const MOST_PARTS: usize = 200;

pub(super) fn read(bytes: &[u8]) -> Result<Grid, Unreadable> {
    weigh(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotASpreadsheet)?;
    let first = book.sheet_names().first().cloned().ok_or(Unreadable::NotASpreadsheet)?;
    let mut cells = book
        .worksheet_cells_reader(&first)
        .map_err(|_| Unreadable::NotASpreadsheet)?;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| Unreadable::NotASpreadsheet)? {
        let Some(read) = text(cell.get_value()) else { continue };
        let (row, column) = cell.get_position();
        let (row, column) = (index(row), index(column));
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(Unreadable::TooLarge);
        }
        if rows.len() <= row {
            rows.resize_with(row + 1, Vec::new);
        }
        let Some(line) = rows.get_mut(row) else { continue };
        if line.len() <= column {
            line.resize_with(column + 1, Cell::default);
        }
        if let Some(place) = line.get_mut(column) {
            *place = read;
        }
    }
    Ok(Grid(rows))
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Refuses a file whose parts unpack to more than a table needs, whatever they say of their size.
fn weigh(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut parts = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotASpreadsheet)?;
    if parts.len() > MOST_PARTS {
        return Err(Unreadable::TooLarge);
    }
    let mut left = MOST_BYTES;
    for at in 0..parts.len() {
        let part = parts.by_index(at).map_err(|_| Unreadable::NotASpreadsheet)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let unpacked = unpacked.map_err(|_| Unreadable::NotASpreadsheet)?;
        left = left.checked_sub(unpacked).ok_or(Unreadable::TooLarge)?;
    }
    Ok(())
}

/// What a cell says; nothing when it is empty.
fn text(value: &DataRef<'_>) -> Option<Cell> {
    let (text, was_number) = match value {
        DataRef::Int(number) => (number.to_string(), true),
        DataRef::Float(number) => match crate::once::whole(*number) {
            Some(whole) => (whole.to_string(), true),
            None => (number.to_string(), true),
        },
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            (plain(text).to_owned(), false)
        }
        DataRef::SharedString(text) => (plain(text).to_owned(), false),
        DataRef::Bool(yes) => (yes.to_string(), false),
        DataRef::DateTime(at) => (at.as_f64().to_string(), true),
        DataRef::Error(_) | DataRef::Empty => return None,
    };
    (!text.is_empty()).then_some(Cell { text, was_number })
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, read};
    use crate::sheet::{Cell, MOST_ROWS, Unreadable};
    use rust_xlsxwriter::Workbook;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn book(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
        let mut book = Workbook::new();
        fill(book.add_worksheet());
        book.save_to_buffer().expect("in memory")
    }

    #[test]
    fn cells_keep_their_places_and_say_whether_they_were_numbers() {
        let bytes = book(|sheet| {
            sheet.write_string(0, 0, "OrderNumber").expect("written");
            sheet.write_string(2, 1, " 0912 ").expect("written");
            sheet.write_number(2, 2, 912_345_678.0).expect("written");
        });
        let grid = read(&bytes).expect("a table");
        let cell = |text: &str, was_number| Cell {
            text: text.to_owned(),
            was_number,
        };
        assert_eq!(grid.0[0], [cell("OrderNumber", false)]);
        assert_eq!(grid.0[1], []);
        assert_eq!(
            grid.0[2],
            [Cell::default(), cell("0912", false), cell("912345678", true)]
        );
    }

    #[test]
    fn a_far_corner_and_a_file_that_unpacks_without_end_are_refused() {
        let far = book(|sheet| {
            sheet.write_string(1_048_575, 16_383, "x").expect("written");
        });
        assert_eq!(read(&far), Err(Unreadable::TooLarge));
        let last = u32::try_from(MOST_ROWS).expect("small");
        let long = book(|sheet| {
            sheet.write_string(last, 0, "x").expect("written");
        });
        assert_eq!(read(&long), Err(Unreadable::TooLarge));
        let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
        bomb.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())
            .expect("begun");
        let blank = vec![b' '; 1024 * 1024];
        for _ in 0..=MOST_BYTES / (1024 * 1024) {
            bomb.write_all(&blank).expect("packed");
        }
        let bomb = bomb.finish().expect("packed").into_inner();
        assert!(bomb.len() < 256 * 1024, "{} bytes", bomb.len());
        assert_eq!(read(&bomb), Err(Unreadable::TooLarge));
        assert_eq!(read(b"PK\x03\x04 no such thing"), Err(Unreadable::NotASpreadsheet));
    }
}
