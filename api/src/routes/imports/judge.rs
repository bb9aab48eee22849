//! Judges a table row by row. It asks nothing that changes, so that the same file is judged the same.

use super::columns::{COLUMNS, Column, named};
use super::report::IssueView;
use crate::sheet::{Cell, Grid, Unreadable};
use domain::item_code::ItemCode;
use domain::phone::Phone;
use domain::place::fold_vietnamese;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Columns whose zeros in front matter.
const TEXTS: [&str; 5] = ["CustomerCode", "OrderNumber", "SenderTel", "ReceiverTel", "ItemCode"];
/// Columns of whole numbers.
const NUMBERS: [&str; 5] = [
    "CODAmount",
    "SenderProvince",
    "SenderDistrict",
    "ReceiverProvince",
    "ReceiverDistrict",
];
/// The words of a direction, folded, and what the order interface calls it.
const DIRECTIONS: [(&str, &str); 6] = [
    ("thu gom", "collect"),
    ("tra ket qua", "return"),
    ("hai chieu", "both"),
    ("collect", "collect"),
    ("return", "return"),
    ("both", "both"),
];

/// A row that holds an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its number, the headings being 1.
    pub(super) number: usize,
    /// Its fields by their names in the order interface.
    pub(super) fields: BTreeMap<&'static str, String>,
    /// Whether nothing speaks against ordering it.
    pub(super) is_ready: bool,
}

impl Row {
    /// As it is kept until it is ordered.
    pub(super) fn to_json(&self) -> Value {
        let fields: Map<String, Value> = self
            .fields
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Value::String(text.clone())))
            .collect();
        json!({ "row": self.number, "is_ready": self.is_ready, "fields": fields })
    }
}

/// A table as it was judged.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// Its orders.
    pub(super) rows: Vec<Row>,
    /// What was found.
    pub(super) issues: Vec<IssueView>,
}

/// Which customer codes the agency orders under; one is used where a row names none.
#[derive(Debug)]
pub(super) struct Codes {
    /// Those the post gave it.
    pub(super) own: BTreeSet<String>,
    /// The one for rows without.
    pub(super) usual: String,
}

/// Judges what was read of a file.
pub(super) fn judge(read: Result<Grid, Unreadable>, codes: &Codes) -> Judged {
    let mut judged = Judged::default();
    let grid = match read {
        Ok(grid) => grid,
        Err(why) => {
            let row = if let Unreadable::Broken { row } = why { row } else { 0 };
            judged.found(row, "", why.code(), why.vietnamese(), true);
            return judged;
        }
    };
    let mut lines = grid.0.iter().zip(1..);
    let Some((headings, _)) = lines.next() else {
        judged.found(0, "", "no_rows", "Tệp không có dòng nào.".to_owned(), true);
        return judged;
    };
    let columns = judged.headings(headings);
    if judged.issues.iter().any(|issue| issue.is_error) {
        return judged;
    }
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (cells, number) in lines {
        if cells.iter().all(|cell| cell.text.is_empty()) {
            continue;
        }
        let before = judged.issues.iter().filter(|issue| issue.is_error).count();
        let fields = judged.row(number, &columns, cells, codes);
        let text = |name| fields.get(name).cloned().unwrap_or_default();
        let key = (text("CustomerCode"), text("OrderNumber"));
        if let Some(first) = seen.get(&key).filter(|_| !key.1.is_empty()) {
            let message = format!("Số đơn hàng này đã có ở dòng {first}.");
            judged.found(number, "OrderNumber", "repeated_in_file", message, true);
        } else {
            seen.insert(key, number);
        }
        let is_ready = judged.issues.iter().filter(|issue| issue.is_error).count() == before;
        judged.rows.push(Row {
            number,
            fields,
            is_ready,
        });
    }
    if judged.rows.is_empty() {
        judged.found(
            0,
            "",
            "no_rows",
            "Tệp không có đơn nào dưới dòng tiêu đề.".to_owned(),
            true,
        );
    }
    judged
}

impl Judged {
    fn found(&mut self, row: usize, column: &str, code: &str, message: String, is_error: bool) {
        self.issues.push(IssueView {
            row,
            column: column.to_owned(),
            code: code.to_owned(),
            message,
            is_error,
        });
    }

    fn headings(&mut self, headings: &[Cell]) -> Vec<Option<&'static Column>> {
        let columns: Vec<Option<&'static Column>> = headings.iter().map(|cell| named(&cell.text)).collect();
        for (at, column) in columns.iter().enumerate() {
            match column {
                Some(column) if columns.iter().take(at).any(|earlier| *earlier == Some(*column)) => {
                    let message = format!("Cột «{}» có hai lần.", column.caption);
                    self.found(1, column.name, "repeated_column", message, true);
                }
                Some(_) => {}
                None if headings.get(at).is_none_or(|cell| cell.text.is_empty()) => {}
                None => {
                    let message = format!("Cột thứ {} không dùng đến; dữ liệu trong cột bị bỏ qua.", at + 1);
                    self.found(1, "", "unknown_column", message, false);
                }
            }
        }
        for column in COLUMNS.iter().filter(|column| column.is_required) {
            if !columns.contains(&Some(column)) {
                let message = format!("Thiếu cột «{}» ({}).", column.caption, column.name);
                self.found(1, column.name, "missing_column", message, true);
            }
        }
        columns
    }

    fn row(
        &mut self,
        number: usize,
        columns: &[Option<&'static Column>],
        cells: &[Cell],
        codes: &Codes,
    ) -> BTreeMap<&'static str, String> {
        let mut fields = BTreeMap::new();
        for (column, cell) in columns.iter().zip(cells) {
            let Some(column) = column else { continue };
            if !cell.text.is_empty() {
                let text = self.cell(number, column, cell);
                fields.insert(column.name, text);
            }
        }
        for column in COLUMNS.iter().filter(|column| column.is_required) {
            if !fields.contains_key(column.name) {
                let message = format!("Thiếu «{}».", column.caption);
                self.found(number, column.name, "missing", message, true);
            }
        }
        let code = fields.entry("CustomerCode").or_insert_with(|| codes.usual.clone());
        if *code != codes.usual && !codes.own.contains(code) {
            let message = "Mã khách hàng này không phải của cơ quan mình.".to_owned();
            self.found(number, "CustomerCode", "not_your_customer_code", message, true);
        }
        fields
    }

    /// One cell, put right where that is safe.
    fn cell(&mut self, number: usize, column: &'static Column, cell: &Cell) -> String {
        let (name, mut text) = (column.name, cell.text.clone());
        let is_phone = name.ends_with("Tel");
        if TEXTS.contains(&name) && cell.was_number {
            if is_phone && text.len() == 9 {
                text.insert(0, '0');
                let message = "Ô là kiểu số nên mất số 0 ở đầu; đã thêm lại, hãy kiểm tra.".to_owned();
                self.found(number, name, "zero_put_back", message, false);
            } else {
                let message = "Ô là kiểu số: nếu có số 0 ở đầu thì đã mất. Hãy đổi cột sang kiểu văn bản.".to_owned();
                self.found(number, name, "number_in_text_column", message, false);
            }
        }
        if is_phone && Phone::parse(&text).is_err() {
            let message = "Không đọc được số điện thoại; bưu tá sẽ thấy đúng như đã ghi.".to_owned();
            self.found(number, name, "phone_unreadable", message, false);
        }
        if NUMBERS.contains(&name) && text.parse::<u32>().is_err() {
            let message = "Phải là số nguyên không âm, chỉ gồm chữ số.".to_owned();
            self.found(number, name, "not_whole_number", message, true);
        }
        if name.ends_with("Name") && text.contains(['?', '\u{fffd}']) {
            let message = "Tên bị mất dấu (có ký tự ?). Hãy lưu tệp bằng UTF-8 rồi gửi lại.".to_owned();
            self.found(number, name, "letters_lost", message, true);
        }
        if name == "ItemCode" && ItemCode::parse(&text).is_err() {
            let message = "Mã bưu gửi không hợp lệ: hai chữ, chín số, VN, đúng số kiểm tra.".to_owned();
            self.found(number, name, "item_code_invalid", message, true);
        }
        if name == "Direction" {
            let folded = fold_vietnamese(&text);
            if let Some((_, direction)) = DIRECTIONS.iter().find(|(word, _)| *word == folded) {
                (*direction).clone_into(&mut text);
            } else {
                let message = "Phải là: thu gom, trả kết quả hoặc hai chiều.".to_owned();
                self.found(number, name, "direction_unknown", message, true);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Codes, Judged, judge};
    use crate::sheet::{Cell, Grid, Unreadable};

    fn table(rows: &[&[&str]]) -> Grid {
        let cell = |text: &&str| Cell {
            text: (*text).trim_start_matches('#').to_owned(),
            was_number: text.starts_with('#'),
        };
        Grid(rows.iter().map(|row| row.iter().map(cell).collect()).collect())
    }

    const HEADINGS: [&str; 9] = [
        "Số đơn hàng",
        "Tên người gửi",
        "SenderAddress",
        "sendertel",
        "Tên người nhận",
        "Địa chỉ người nhận",
        "ĐIỆN THOẠI NGƯỜI NHẬN",
        "Chiều chuyển",
        "Số tiền thu hộ",
    ];

    const GOOD: [&str; 9] = [
        "H01-1",
        "Nguyễn Thị Mẫu",
        "phường Tịnh Biên",
        "0912345678",
        "UBND",
        "phường Tịnh Biên",
        "02963876543",
        "Thu gom",
        "0",
    ];

    fn judged(rows: &[&[&str]]) -> Judged {
        let codes = Codes {
            own: ["AG01".to_owned()].into(),
            usual: "desk:A".to_owned(),
        };
        judge(Ok(table(rows)), &codes)
    }

    fn codes(judged: &Judged) -> Vec<(usize, &str, &str)> {
        judged
            .issues
            .iter()
            .map(|issue| (issue.row, issue.column.as_str(), issue.code.as_str()))
            .collect()
    }

    #[test]
    fn a_row_in_order_is_ready_under_either_kind_of_heading() {
        let judged = judged(&[&HEADINGS, &GOOD]);
        assert_eq!(codes(&judged), []);
        let row = &judged.rows[0];
        assert!(row.is_ready && row.number == 2);
        assert_eq!(
            (row.fields["Direction"].as_str(), row.fields["CustomerCode"].as_str()),
            ("collect", "desk:A")
        );
    }

    #[test]
    fn each_fault_is_said_with_row_and_column_and_only_its_row_is_held_back() {
        let mut bad = GOOD;
        (bad[0], bad[1], bad[3], bad[7], bad[8]) = ("H01-2", "Nguy?n", "gọi hàng xóm", "lên", "26.500");
        let missing = ["H01-3", "", "", "#912345678", "UBND", "x", "#2963876543", "", ""];
        let judged = judged(&[&HEADINGS, &GOOD, &bad, &[], &missing, &GOOD]);
        let expected = [
            (3, "SenderName", "letters_lost"),
            (3, "SenderTel", "phone_unreadable"),
            (3, "Direction", "direction_unknown"),
            (3, "CODAmount", "not_whole_number"),
            (5, "SenderTel", "zero_put_back"),
            (5, "ReceiverTel", "number_in_text_column"),
            (5, "SenderName", "missing"),
            (5, "SenderAddress", "missing"),
            (6, "OrderNumber", "repeated_in_file"),
        ];
        let mut found = codes(&judged);
        found.retain(|(row, column, code)| (*row, *column, *code) != (5, "ReceiverTel", "phone_unreadable"));
        assert_eq!(found, expected);
        let ready: Vec<bool> = judged.rows.iter().map(|row| row.is_ready).collect();
        assert_eq!(ready, [true, false, false, false]);
        assert_eq!(judged.rows[2].fields["SenderTel"], "0912345678");
        assert!(
            judged.issues.iter().all(|issue| !issue.message.contains("Nguy?n")),
            "no cell is repeated"
        );
    }

    #[test]
    fn a_customer_code_must_be_the_agencys_own() {
        let headings = [&["Mã khách hàng"][..], &HEADINGS].concat();
        let (own, other) = ([&["AG01"][..], &GOOD].concat(), [&["AG02"][..], &GOOD].concat());
        let judged = judged(&[&headings, &own, &other]);
        assert_eq!(codes(&judged), [(3, "CustomerCode", "not_your_customer_code")]);
    }

    #[test]
    fn headings_that_lack_a_column_hold_back_the_whole_file() {
        let judged = judged(&[&["OrderNumber", "Số CCCD", "Số đơn hàng"], &["1", "2", "3"]]);
        let found = codes(&judged);
        assert!(found.contains(&(1, "OrderNumber", "repeated_column")));
        assert!(found.contains(&(1, "", "unknown_column")));
        assert!(found.contains(&(1, "SenderTel", "missing_column")));
        assert!(judged.rows.is_empty());
    }

    #[test]
    fn a_file_that_is_no_table_says_why() {
        let own = Codes {
            own: [].into(),
            usual: String::new(),
        };
        let judged = judge(Err(Unreadable::Broken { row: 4 }), &own);
        assert_eq!(codes(&judged), [(4, "", "broken")]);
        assert_eq!(codes(&judge(Ok(Grid::default()), &own)), [(0, "", "no_rows")]);
        assert_eq!(codes(&judge(Ok(table(&[&HEADINGS])), &own)), [(0, "", "no_rows")]);
    }
}
