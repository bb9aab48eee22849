//! The columns of a table of orders: the names of the order interface, and the captions people read.

use domain::place::fold_vietnamese;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// The name in the order interface.
    pub(super) name: &'static str,
    /// The caption in Vietnamese.
    pub(super) caption: &'static str,
    /// What goes in, in Vietnamese.
    pub(super) note: &'static str,
    /// Whether a row cannot be without it.
    pub(super) is_required: bool,
}

const fn required(name: &'static str, caption: &'static str, note: &'static str) -> Column {
    Column {
        name,
        caption,
        note,
        is_required: true,
    }
}

const fn optional(name: &'static str, caption: &'static str, note: &'static str) -> Column {
    Column {
        name,
        caption,
        note,
        is_required: false,
    }
}

/// Every column, in the order of the template.
pub(super) const COLUMNS: [Column; 21] = [
    optional(
        "CustomerCode",
        "Mã khách hàng",
        "Mã bưu điện cấp cho cơ quan; để trống nếu chưa có",
    ),
    required(
        "OrderNumber",
        "Số đơn hàng",
        "Mã hồ sơ hoặc số phiếu; mỗi đơn một số, gửi lại không tạo đơn mới",
    ),
    optional(
        "Direction",
        "Chiều chuyển",
        "thu gom, trả kết quả hoặc hai chiều; để trống: suy từ tên hai bên",
    ),
    required(
        "SenderName",
        "Tên người gửi",
        "Thu gom: người dân; trả kết quả: cơ quan",
    ),
    required(
        "SenderAddress",
        "Địa chỉ người gửi",
        "Số nhà, đường, xã/phường/đặc khu, tỉnh",
    ),
    required("SenderTel", "Điện thoại người gửi", "Kiểu văn bản, giữ số 0 ở đầu"),
    optional("SenderEmail", "Email người gửi", ""),
    optional("SenderProvince", "Mã tỉnh người gửi", "Mã của bưu điện, nếu biết"),
    optional("SenderDistrict", "Mã huyện người gửi", "Mã cũ của bưu điện, nếu biết"),
    optional("SenderDesc", "Thành phần hồ sơ", "Không ghi số giấy tờ tùy thân"),
    required(
        "ReceiverName",
        "Tên người nhận",
        "Thu gom: cơ quan; trả kết quả: người dân",
    ),
    required(
        "ReceiverAddress",
        "Địa chỉ người nhận",
        "Số nhà, đường, xã/phường/đặc khu, tỉnh",
    ),
    required("ReceiverTel", "Điện thoại người nhận", "Kiểu văn bản, giữ số 0 ở đầu"),
    optional("ReceiverEmail", "Email người nhận", ""),
    optional("ReceiverProvince", "Mã tỉnh người nhận", "Mã của bưu điện, nếu biết"),
    optional(
        "ReceiverDistrict",
        "Mã huyện người nhận",
        "Mã cũ của bưu điện, nếu biết",
    ),
    optional("CODAmount", "Số tiền thu hộ", "Đồng, số nguyên, không dấu chấm phẩy"),
    optional(
        "ItemCode",
        "Mã bưu gửi",
        "Nếu đã có nhãn in sẵn; để trống: bưu điện cấp",
    ),
    optional("ProcedureCode", "Mã thủ tục", "Mã thủ tục hành chính, nếu biết"),
    optional(
        "ProcedureCase",
        "Mã trường hợp",
        "Trường hợp của thủ tục, nếu không phải trường hợp thường",
    ),
    optional("Description", "Ghi chú", ""),
];

/// The column a heading means, by name or caption, in any case and without accents.
pub(super) fn named(heading: &str) -> Option<&'static Column> {
    let folded = fold_vietnamese(heading.trim());
    COLUMNS
        .iter()
        .find(|column| folded == fold_vietnamese(column.name) || folded == fold_vietnamese(column.caption))
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, named};
    use crate::routes::lgsp::order::REQUIRED;
    use domain::place::fold_vietnamese;
    use std::collections::BTreeSet;

    #[test]
    fn every_heading_means_one_column_and_nothing_an_order_needs_is_optional() {
        let headings = COLUMNS.iter().flat_map(|column| [column.name, column.caption]);
        let folded: BTreeSet<String> = headings.clone().map(fold_vietnamese).collect();
        assert_eq!(folded.len(), COLUMNS.len() * 2);
        for column in &COLUMNS {
            assert_eq!(named(column.name), Some(column));
            assert_eq!(named(&column.caption.to_uppercase()), Some(column));
        }
        for name in REQUIRED.iter().chain(&["OrderNumber"]) {
            assert!(named(name).is_some_and(|column| column.is_required), "{name}");
        }
        assert_eq!(named("Số CCCD"), None);
    }
}
