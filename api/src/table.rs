//! Rows as a file that a spreadsheet opens.

use domain::report::Table;

/// What tells a spreadsheet that the bytes are UTF-8; without it Vietnamese letters come out wrong.
pub(crate) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A table as CSV (RFC 4180) in UTF-8 with a byte order mark, under its Vietnamese headings.
#[expect(clippy::missing_panics_doc, reason = "writing into memory does not fail")]
pub fn csv(table: &Table) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    let [vietnamese, _] = table.headings();
    writer.write_record(vietnamese).expect("in memory");
    for row in table.rows() {
        writer.write_record(row).expect("as wide as the headings");
    }
    writer.into_inner().expect("in memory")
}

#[cfg(test)]
mod tests {
    use super::csv;
    use domain::report::{Convention, Histories, ReportKind, ReportPeriod};

    #[test]
    fn a_spreadsheet_reads_the_vietnamese_headings() {
        let period = ReportPeriod::quarter(2026, 4, Convention::Calendar).expect("a quarter");
        let report = Histories::default()
            .report(ReportKind::Tt17, &period, 0)
            .expect("a report");
        let file = String::from_utf8(csv(&report.table())).expect("UTF-8");
        let mut lines = file.split("\r\n");
        assert_eq!(
            lines.next(),
            Some("\u{feff}Nội dung,Nội dung tiếng Anh,Giá trị,Đơn vị,Chi tiết")
        );
        assert_eq!(
            lines.next(),
            Some("Hồ sơ chuyển đến cơ quan,Dossiers carried to agencies,0,bưu gửi,")
        );
        assert!(
            file.contains("\"Phí, lệ phí thu hộ\""),
            "a comma within a cell is no border"
        );
    }
}
