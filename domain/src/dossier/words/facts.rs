//! One name for each fact, in both languages: what a page of a citizen and a receipt call it.
//!
//! Who, why and which paper stand in the fact, not here.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Quyết định 45/2016/QĐ-TTg, điều 7; Quyết định 45/2016/QĐ-TTg, điều 8; Quyết định 45/2016/QĐ-TTg, điều 9

/// Stable name, Vietnamese, English; in the order of an ordinary life.
pub(super) const FACTS: [(&str, &str, &str); 41] = [
    ("ordered", "Đã ghi nhận yêu cầu", "Request recorded"),
    (
        "assisted",
        "Đã hướng dẫn chuẩn bị hồ sơ",
        "Help was given with the papers",
    ),
    (
        "represented",
        "Người nộp đã ủy quyền",
        "The applicant authorised somebody",
    ),
    (
        "intake_opened",
        "Bưu điện bắt đầu kiểm đếm giấy tờ",
        "The post began to check the papers",
    ),
    (
        "intake_incomplete",
        "Giấy tờ còn thiếu, đã hướng dẫn bổ sung",
        "Papers were missing; it was said which",
    ),
    (
        "taken_in",
        "Bưu điện đã nhận và niêm phong hồ sơ",
        "The post took and sealed the dossier",
    ),
    ("at_handover", "Cơ quan bắt đầu kiểm đếm", "The agency began to count"),
    (
        "handover_refused",
        "Cơ quan chưa nhận bàn giao",
        "The agency did not take it over",
    ),
    ("lodged", "Đã bàn giao cho cơ quan", "Handed to the agency"),
    (
        "received",
        "Cơ quan đã tiếp nhận và cấp mã hồ sơ",
        "The agency accepted it and gave a code",
    ),
    (
        "appointment_told",
        "Đã báo ngày hẹn trả kết quả",
        "The day of the result was told",
    ),
    ("not_accepted", "Cơ quan không tiếp nhận", "Not accepted by the agency"),
    (
        "step_given",
        "Đã giao cho cơ quan phối hợp",
        "Passed to an agency that takes part",
    ),
    ("processing", "Cơ quan đang giải quyết", "Being processed"),
    ("step_taken", "Cơ quan phối hợp đã nhận", "That agency has it"),
    (
        "step_done",
        "Cơ quan phối hợp đã xong phần việc",
        "That agency has done its part",
    ),
    (
        "supplement_requested",
        "Cơ quan yêu cầu bổ sung giấy tờ",
        "The agency asked for more papers",
    ),
    (
        "carriage_charged",
        "Đã xác định bên trả cước chuyển lại",
        "Who pays for carrying it again was settled",
    ),
    ("supplemented", "Đã bổ sung đủ giấy tờ", "The missing papers arrived"),
    (
        "payment_requested",
        "Cơ quan yêu cầu nộp phí, lệ phí",
        "The agency asked for a payment",
    ),
    ("paid", "Đã nộp phí, lệ phí", "The payment was made"),
    (
        "redated",
        "Cơ quan xin lỗi và hẹn lại ngày trả",
        "The agency apologised and set a new date",
    ),
    (
        "due_moved",
        "Ngày hẹn đổi theo lịch nghỉ chính thức",
        "An official calendar notice moved the date",
    ),
    ("withdrawal_requested", "Đã yêu cầu rút hồ sơ", "Withdrawal requested"),
    ("stopped", "Đã dừng giải quyết", "Stopped"),
    ("resolved", "Đã có kết quả", "The result is ready"),
    (
        "result_ready",
        "Kết quả sẵn sàng để bưu điện nhận",
        "The result can be fetched by the post",
    ),
    (
        "surrender_listed",
        "Có giấy tờ cũ phải nộp lại khi nhận kết quả",
        "An old paper must be given up against the result",
    ),
    (
        "result_in_post",
        "Bưu điện đã nhận kết quả để giao",
        "The post took the result",
    ),
    (
        "result_found_wrong",
        "Kết quả có sai sót",
        "The result says something wrong",
    ),
    (
        "result_corrected",
        "Cơ quan đã làm lại kết quả",
        "The agency made the result anew",
    ),
    (
        "item_lost",
        "Bưu gửi được xác định là mất",
        "An envelope was declared lost",
    ),
    (
        "dossier_back",
        "Hồ sơ đã về lại người gửi",
        "The dossier is back with its sender",
    ),
    (
        "result_back",
        "Kết quả đã chuyển lại cơ quan",
        "The result went back to the agency",
    ),
    ("surrendered", "Đã thu giấy tờ cũ", "An old paper was given up"),
    (
        "surrender_excepted",
        "Cơ quan cho miễn nộp lại giấy tờ cũ",
        "The agency let an old paper go",
    ),
    ("returned", "Đã giao kết quả", "The result was handed over"),
    (
        "papers_returned",
        "Đã trả lại giấy tờ gốc",
        "The originals were given back",
    ),
    (
        "surrender_delivered",
        "Cơ quan đã nhận giấy tờ cũ",
        "The agency has the old papers",
    ),
    (
        "return_confirmed",
        "Cơ quan xác nhận đã trả kết quả",
        "The agency confirmed the return",
    ),
    (
        "cancelled",
        "Đã hủy yêu cầu với bưu điện",
        "The order to the post was cancelled",
    ),
];
