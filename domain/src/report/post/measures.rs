//! The names of the post's figures.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 7; Thông tư 17/2017/TT-BTTTT, điều 13

use crate::report::{Hundredths, Measure, Unit};

const fn measure(
    code: &'static str,
    vietnamese: &'static str,
    english: &'static str,
    unit: Unit,
    source: &'static str,
) -> Measure {
    Measure {
        code,
        vietnamese,
        english,
        unit,
        source,
        full_marks: None,
    }
}

const TIMES: &str = "Thông tư 17/2017/TT-BTTTT, điều 7";
const PERIODIC: &str = "Thông tư 17/2017/TT-BTTTT, điều 13";
const INVITATIONS: &str = "Thông tư 17/2017/TT-BTTTT, điều 5";
const COMPLAINTS: &str = "Thông tư 17/2017/TT-BTTTT, điều 8";
const CHANNEL: &str = "Quyết định 766/QĐ-TTg, chỉ số 3.3";
const OURS: &str = "Quy ước Trao Tay, tỷ lệ sử dụng bưu chính";

pub(super) const SAFETY: Measure = Measure {
    full_marks: Some(Hundredths(10_000)),
    ..measure(
        "post.safety",
        "Tỷ lệ an toàn bưu gửi",
        "Items kept safe",
        Unit::Percent,
        TIMES,
    )
};
pub(super) const IN_TIME_TO_AGENCY: Measure = measure(
    "post.jn.send",
    "Tỷ lệ chuyển hồ sơ đúng thời gian J+n",
    "Dossiers at the agency within J+n",
    Unit::Percent,
    TIMES,
);
pub(super) const IN_TIME_SLIP: Measure = measure(
    "post.jn.slip",
    "Tỷ lệ giấy hẹn đến người dân đúng thời gian",
    "Appointment slips in hand within their time",
    Unit::Percent,
    TIMES,
);
pub(super) const IN_TIME_TO_CITIZEN: Measure = measure(
    "post.jn.return",
    "Tỷ lệ phát kết quả lần đầu đúng thời gian J+n",
    "Results offered within J+n",
    Unit::Percent,
    TIMES,
);
pub(super) const FIRST_ATTEMPT: Measure = measure(
    "post.first_attempt",
    "Tỷ lệ phát thành công lần đầu",
    "Delivered at the first attempt",
    Unit::Percent,
    INVITATIONS,
);
pub(super) const DAYS_HELD: Measure = measure(
    "post.days_held",
    "Số ngày lưu tại bưu cục trung bình",
    "Average days held for collection",
    Unit::Days,
    INVITATIONS,
);
pub(super) const BROUGHT_BACK: Measure = measure(
    "post.brought_back",
    "Tỷ lệ kết quả chuyển hoàn cơ quan",
    "Results brought back to the agency",
    Unit::Percent,
    INVITATIONS,
);
pub(super) const SURRENDERED: Measure = measure(
    "post.surrendered",
    "Tỷ lệ thu đủ giấy tờ phải thu hồi",
    "Papers to surrender collected in full",
    Unit::Percent,
    INVITATIONS,
);
pub(super) const SAME_DAY_FEE: Measure = measure(
    "post.fee_same_day",
    "Tỷ lệ phí, lệ phí nộp cơ quan trong ngày",
    "State fees remitted the same day",
    Unit::Percent,
    "Quyết định 45/2016/QĐ-TTg, điều 15",
);
pub(super) const DISCREPANCY: Measure = measure(
    "post.discrepancy",
    "Số hồ sơ sai lệch khi bàn giao trên 1.000",
    "Discrepancies at handover per 1,000",
    Unit::PerThousand,
    "Quyết định 45/2016/QĐ-TTg, điều 7",
);
pub(super) const CARRIED_AGAIN: Measure = measure(
    "post.carried_again",
    "Tỷ lệ chuyển lại theo bên có lỗi",
    "Carried again, by the party at fault",
    Unit::Percent,
    "Quyết định 45/2016/QĐ-TTg, điều 12",
);
pub(super) const COMPLAINED: Measure = measure(
    "post.complaints",
    "Số khiếu nại trên 10.000 bưu gửi",
    "Complaints per 10,000 items",
    Unit::PerTenThousand,
    PERIODIC,
);
pub(super) const ANSWERED: Measure = measure(
    "post.answered",
    "Tỷ lệ khiếu nại trả lời đúng hạn",
    "Complaints answered in time",
    Unit::Percent,
    COMPLAINTS,
);
pub(super) const SUBMIT_SHARE: Measure = measure(
    "post.share.submit",
    "Tỷ lệ hồ sơ nộp qua bưu chính",
    "Dossiers lodged by post",
    Unit::Percent,
    CHANNEL,
);
pub(super) const RETURN_SHARE: Measure = measure(
    "post.share.return",
    "Tỷ lệ kết quả trả qua bưu chính",
    "Results returned by post",
    Unit::Percent,
    OURS,
);
pub(super) const USED_SHARE: Measure = measure(
    "post.share.used",
    "Tỷ lệ hồ sơ có sử dụng bưu chính (mỗi hồ sơ tính một lần)",
    "Dossiers that used the post, each once",
    Unit::Percent,
    OURS,
);
