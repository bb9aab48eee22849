//! The numbers and names of the index.
//!
//! Source: Quyết định 766/QĐ-TTg, phụ lục

use crate::report::{Hundredths, Measure, Part, Unit};

const fn measure(
    code: &'static str,
    vietnamese: &'static str,
    english: &'static str,
    source: &'static str,
    full_marks: Option<i64>,
) -> Measure {
    Measure {
        code,
        vietnamese,
        english,
        unit: Unit::Percent,
        source,
        full_marks: match full_marks {
            Some(percent) => Some(Hundredths(percent * 100)),
            None => None,
        },
    }
}

pub(super) const ON_TIME: Measure = measure(
    "2.1",
    "Tỷ lệ hồ sơ giải quyết đúng hạn",
    "Dossiers resolved on time",
    "Quyết định 766/QĐ-TTg, chỉ số 2.1",
    None,
);
pub(super) const AVERAGE: Measure = Measure {
    unit: Unit::Days,
    ..measure(
        "2.2",
        "Thời gian giải quyết trung bình",
        "Average time to resolve",
        "Quyết định 766/QĐ-TTg, chỉ số 2.2",
        None,
    )
};
pub(super) const OFFERED: Measure = measure(
    "3.1",
    "Tỷ lệ thủ tục cung cấp trực tuyến",
    "Procedures offered online",
    "Quyết định 766/QĐ-TTg, chỉ số 3.1",
    Some(80),
);
pub(super) const BY_CHANNEL: Measure = measure(
    "3.3",
    "Tỷ lệ hồ sơ theo kênh nộp",
    "Dossiers by channel",
    "Quyết định 766/QĐ-TTg, chỉ số 3.3",
    None,
);
/// Full marks are for the part lodged online only.
pub(super) const BY_CHANNEL_ONLINE: Measure = Measure {
    full_marks: Some(Hundredths(5_000)),
    ..BY_CHANNEL
};
pub(super) const PAYING_PROCEDURES: Measure = measure(
    "3.5",
    "Tỷ lệ thủ tục có giao dịch thanh toán trực tuyến",
    "Procedures paid online",
    "Quyết định 766/QĐ-TTg, chỉ số 3.5",
    Some(80),
);
pub(super) const PAID_ONLINE: Measure = measure(
    "3.6",
    "Tỷ lệ hồ sơ thanh toán trực tuyến",
    "Dossiers paid online",
    "Quyết định 766/QĐ-TTg, chỉ số 3.6",
    Some(80),
);
pub(super) const RESULT_FILE: Measure = measure(
    "4.1",
    "Tỷ lệ hồ sơ cấp kết quả điện tử",
    "Dossiers with a result file",
    "Quyết định 766/QĐ-TTg, chỉ số 4.1",
    None,
);
pub(super) const DIGITISED: Measure = measure(
    "4.2",
    "Tỷ lệ số hóa hồ sơ và kết quả",
    "Dossiers digitised in and out",
    "Quyết định 766/QĐ-TTg, chỉ số 4.2",
    Some(80),
);
pub(super) const REUSED: Measure = measure(
    "4.3",
    "Tỷ lệ tái sử dụng giấy tờ đã số hóa",
    "Digitised papers used again",
    "Quyết định 766/QĐ-TTg, chỉ số 4.3",
    Some(80),
);
pub(super) const CITIZEN_STORE: Measure = measure(
    "4.4",
    "Tỷ lệ hồ sơ lấy giấy tờ từ kho của công dân",
    "Papers from the citizen's store",
    "Quyết định 766/QĐ-TTg, chỉ số 4.4",
    None,
);
pub(super) const POPULATION_DATA: Measure = measure(
    "4.5",
    "Tỷ lệ hồ sơ dùng định danh điện tử, dữ liệu dân cư",
    "Electronic identity or population data used",
    "Quyết định 766/QĐ-TTg, chỉ số 4.5",
    None,
);
pub(super) const ANSWERED: Measure = measure(
    "5.1",
    "Tỷ lệ phản ánh, kiến nghị được trả lời đúng hạn",
    "Feedback answered in time",
    "Quyết định 766/QĐ-TTg, chỉ số 5.1",
    None,
);
pub(super) const TURNED_BACK: Measure = measure(
    "5.2",
    "Tỷ lệ từ chối, yêu cầu bổ sung phản ánh đúng hạn",
    "Feedback refused or sent back in time",
    "Quyết định 766/QĐ-TTg, chỉ số 5.2",
    None,
);
pub(super) const PUBLISHED: Measure = measure(
    "5.3",
    "Tỷ lệ công khai kết quả trả lời đúng hạn",
    "Answers published in time",
    "Quyết định 766/QĐ-TTg, chỉ số 5.3",
    None,
);
pub(super) const SATISFACTION: Measure = measure(
    "5.4",
    "Mức độ hài lòng",
    "Satisfaction",
    "Quyết định 766/QĐ-TTg, chỉ số 5.4",
    Some(90),
);

pub(super) const ONLINE: Part = Part {
    code: "online",
    vietnamese: "Trực tuyến",
    english: "Online",
};
pub(super) const IN_PERSON: Part = Part {
    code: "in_person",
    vietnamese: "Trực tiếp",
    english: "In person",
};
pub(super) const POST: Part = Part {
    code: "post",
    vietnamese: "Bưu chính công ích",
    english: "Public post",
};
