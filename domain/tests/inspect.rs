//! Every kind of string a counter meets, told apart, and the strings that nearly are one.

use domain::code::inspect::{MAX_BYTES, Part};
use domain::dossier::words::Language;
use domain::{CodeKind, InspectContext, Inspection, inspect};
use time::macros::date;

fn context() -> InspectContext {
    InspectContext::new(date!(2026 - 11 - 22))
}

fn look(text: &str) -> Inspection {
    inspect(text, &context())
}

fn reason(text: &str) -> String {
    look(text)
        .reason
        .map(|words| words.in_language(Language::Vietnamese).to_owned())
        .unwrap_or_default()
}

fn warnings(text: &str) -> Vec<String> {
    look(text)
        .warnings
        .iter()
        .map(|words| words.in_language(Language::Vietnamese).to_owned())
        .collect()
}

fn parts(text: &str) -> String {
    let inspection = look(text);
    let part = |(name, part): (&str, &Part)| match part {
        Part::Text(text) => format!("{name}={text}"),
        Part::Number(number) => format!("{name}:{number}"),
    };
    inspection.parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

/// What each text is told to be, and whether it is valid.
fn told(rows: &[(&str, CodeKind, bool)]) {
    for (text, kind, valid) in rows {
        let found = look(text);
        assert_eq!((found.kind, found.valid), (*kind, *valid), "{text}");
        assert_eq!(
            found.reason.is_none(),
            *valid,
            "{text}: a reason exactly where it is not valid"
        );
    }
}

#[test]
fn tells_codes_of_letters_and_digits() {
    use CodeKind::{DossierCode, S10};
    told(&[
        ("RR473124829VN", S10, true),
        ("RR000717581VN", S10, true),
        ("EE966331020VN", S10, true),
        ("CP761294038VN", S10, true),
        ("EA123456785VN", S10, true),
        ("EE000000155VN", S10, true),
        ("RR999999995VN", S10, true),
        ("EE471108151FR", S10, true),
        ("ee471108151fr", S10, true),
        ("EE 000 000 155 VN\r\n", S10, true),
        ("EB000717594HK", S10, false),
        ("EE000000018VN", S10, false),
        ("EE00000015VN", S10, false),
        ("EE000000155", S10, false),
        ("EE-000000155-VN", S10, false),
        ("EE00000O155VN", S10, false),
        ("000.00.10.H01-230801-0001", DossierCode, true),
        ("000.23.11.H01-240229-0012", DossierCode, true),
        ("H15.50.05.13-261008-0975", DossierCode, true),
        ("G22.99-250701-000123", DossierCode, true),
        ("H01.23.11-250230-0001", DossierCode, false),
        ("h01.23-250701-0001", DossierCode, false),
        ("000.00.10.H01-230801-001", DossierCode, false),
        ("H01.23.11 - 250701 - 0001", DossierCode, false),
        ("Z01.23-250701-0001", DossierCode, false),
    ]);
}

#[test]
fn tells_personal_ids() {
    use CodeKind::PersonalId;
    told(&[
        ("089090012345", PersonalId, true),
        ("091185000001", PersonalId, true),
        ("001204123456", PersonalId, true),
        ("080015123456", PersonalId, true),
        ("089 090 012 345", PersonalId, true),
        ("079399000123", PersonalId, false),
        ("08909001234", PersonalId, false),
        ("08909001234A", PersonalId, false),
        ("0890900123456", PersonalId, false),
        ("089.090.012.345", PersonalId, false),
        ("012345678", PersonalId, false),
        ("351234567", PersonalId, false),
    ]);
}

#[test]
fn tells_qr_codes() {
    use CodeKind::{CccdQr, Unknown, VietQr};
    told(&[
        (
            "001090123456|012345678|NGUYEN VAN A|01011990|Nam|Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh|15042021",
            CccdQr,
            true,
        ),
        (
            "089185000123||Trần Thị Bưởi|05091985|Nữ|Khóm Sơn Đông, Nhà Bàng, Tịnh Biên, An Giang|12072021",
            CccdQr,
            true,
        ),
        (
            "091204123456||Danh Sóc Kha|29022004|Nam|Ấp Tân Lợi, An Cư, An Giang|01082025|||",
            CccdQr,
            true,
        ),
        ("089090012345|351234567|LE VAN B|01011991|Nam|X|15042021", CccdQr, true),
        ("089090012345|351234567|LE VAN B", CccdQr, false),
        ("|||||", CccdQr, false),
        ("a|b", Unknown, false),
        (
            "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN62170813ung ho lu lut6304C15C",
            VietQr,
            true,
        ),
        (
            "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62230819thanh toan don hang63045FAB",
            VietQr,
            true,
        ),
        (
            "00020101021138540010A00000072701240006970436011012345678900208QRIBFTTA53037045802VN6304BE57",
            VietQr,
            true,
        ),
        (
            "00020101021238540010A00000072701240006970436011012345678900208QRIBFTTA53037045405260005802VN62280824BCCI H012311 261008 097563049926",
            VietQr,
            true,
        ),
        (
            "00020101021238570010A00000072701270006970405011369002010123450208QRIBFTTA53037045405575005802VN62320106HD00010818BCCI RR473124829VN630482D9",
            VietQr,
            true,
        ),
        (
            "00020101021238540010A00000072701240006970436011012345678900208QRIBFTTA53037045405620005802VN62280824BCCI H012311 261008 097563049926",
            VietQr,
            false,
        ),
        ("0002010102113854001", VietQr, false),
        ("0201010211A0000007270124", VietQr, false),
    ]);
}

#[test]
fn tells_postcodes_and_telephone_numbers() {
    use CodeKind::{Phone, Postcode};
    told(&[
        ("90706", Postcode, true),
        ("05127", Postcode, true),
        ("92516", Postcode, true),
        ("5127", Postcode, false),
        ("880000", Postcode, false),
        ("0912 345 678", Phone, true),
        ("+84 91 234 5678", Phone, true),
        ("84912345678", Phone, true),
        ("0084-912-345-678", Phone, true),
        ("0351234567", Phone, true),
        ("0521234567", Phone, true),
        ("0296.3876543", Phone, true),
        ("02838221234", Phone, true),
        ("842963876543", Phone, true),
        ("+842963876543", Phone, true),
        ("01234567890", Phone, false),
        ("0951234567", Phone, false),
        ("0281234567", Phone, false),
        ("1900545481", Phone, false),
        ("19001234", Phone, false),
        ("912345678", Phone, false),
        ("2963876543", Phone, false),
        ("351.234.567", Phone, false),
        ("02412345678", Phone, true),
        ("02401234567", Phone, false),
    ]);
}

#[test]
fn tells_receipts_and_what_is_none_of_the_kinds() {
    use CodeKind::{Receipt, Unknown};
    told(&[
        ("c2sp.org/tlog-proof@v1\nindex 4\n", Receipt, false),
        ("https://post.example/v#AAEC", Receipt, false),
        ("https://post.example/t/ABC", Unknown, false),
        ("1.000948.H38", Unknown, false),
        ("1.005129", Unknown, false),
        ("H01.23.11", Unknown, false),
        ("3301482205", Unknown, false),
        ("0301482205-001", Unknown, false),
        ("", Unknown, false),
        (" \u{feff} ", Unknown, false),
        ("Nguyễn Văn A", Unknown, false),
        ("123", Unknown, false),
        ("12345678", Unknown, false),
        ("1234567890123456", Unknown, false),
    ]);
}

#[test]
fn says_why_not() {
    for (text, why) in [
        ("EB000717594HK", "số kiểm tra sai: phải là 5"),
        ("EE000000018VN", "số kiểm tra sai: phải là 4"),
        ("EE000000155", "mã bưu gửi có 13 ký tự, ở đây có 11"),
        ("H01.23.11-250230-0001", "không có ngày 30/02/2025"),
        ("h01.23-250701-0001", "mã hồ sơ viết bằng chữ in hoa"),
        ("000.00.10.H01-230801-001", "số thứ tự có 4 chữ số"),
        ("079399000123", "số này ghi năm sinh 2099, chưa tới"),
        ("08909001234", "số định danh cá nhân có 12 chữ số, ở đây có 11 ký tự"),
        ("08909001234A", "số định danh cá nhân chỉ gồm chữ số"),
        ("5127", "mã bưu chính có 5 chữ số; có thể đã mất số 0 ở đầu"),
        ("01234567890", "số di động 11 chữ số đã ngừng từ năm 2018"),
        ("0951234567", "không có đầu số này hoặc sai độ dài"),
        ("0281234567", "số cố định có 11 chữ số kể cả số 0 ở đầu"),
        ("1900545481", "số 1800, 1900 là số dịch vụ, không phải số liên hệ"),
        ("912345678", "thiếu số 0 ở đầu"),
        ("1.005129", "đây là mã thủ tục hành chính"),
        ("H01.23.11", "đây là mã cơ quan, chưa phải mã hồ sơ"),
        (
            "c2sp.org/tlog-proof@v1\n",
            "biên nhận: kiểm tra bằng lệnh `traotay verify`",
        ),
        ("c2sp.org/tlog-proof@v2\n", "biên nhận thuộc phiên bản chưa biết"),
        (
            "00020101021238540010A00000072701240006970436011012345678900208QRIBFTTA53037045405620005802VN62280824BCCI H012311 261008 097563049926",
            "mã kiểm tra CRC sai: ghi 9926, phải là 1D6B",
        ),
    ] {
        assert_eq!(reason(text), why, "{text}");
    }
}

#[test]
fn names_the_parts() {
    for (text, told) in [
        (
            "EB000717594HK",
            "service_indicator=EB serial=00071759 check_digit:4 expected_check_digit:5 country=HK",
        ),
        (
            "000.23.11.H01-240229-0012",
            "grammar=G-A agency=H01.11.23.000 level_1=H01 level_1_name=An Giang date=2024-02-29 seq:12",
        ),
        (
            "G22.99-250701-090123",
            "grammar=G-B agency=G22.99 level_1=G22 level_1_name=Văn phòng Chính phủ date=2025-07-01 seq:90123 ministry=09 ministry_name=Nội vụ",
        ),
        (
            "089090012345",
            "province_code=089 province=An Giang sex=M birth_year:1990",
        ),
        ("351234567", "old_cmnd=351234567"),
        (
            "091204123456||Danh Sóc Kha|29022004|Nam|Ấp Tân Lợi, An Cư, An Giang|01082025|||",
            "id=091204123456 full_name=Danh Sóc Kha dob=2004-02-29 sex=M permanent_address=Ấp Tân Lợi, An Cư, An Giang issue_date=2025-08-01 extra_fields:3 tail=||",
        ),
        (
            "00020101021238570010A00000072701270006970405011369002010123450208QRIBFTTA53037045405575005802VN62320106HD00010818BCCI RR473124829VN630482D9",
            "initiation=dynamic bin=970405 bank=Agribank account=6900201012345 service=QRIBFTTA amount:57500 currency=VND country=VN bill=HD0001 purpose=BCCI RR473124829VN",
        ),
        (
            "05127",
            "postcode=05127 province_prefix=05 province=Hải Phòng unit=xã Nghi Dương",
        ),
        (
            "0296.3876543",
            "e164=+842963876543 national=02963876543 type=fixed area=0296",
        ),
        ("84912345678", "e164=+84912345678 national=0912345678 type=mobile"),
        ("2.001218.000.00.00.H38", "procedure_code=2.001218 agency=000.00.00.H38"),
    ] {
        assert_eq!(parts(text), told, "{text}");
    }
}

#[test]
fn doubts_are_told_and_refuse_nothing() {
    for (text, doubt) in [
        ("ee471108151fr", "đã đổi chữ thường thành chữ in hoa"),
        (
            "SE000000155VN",
            "chữ đầu của chỉ dẫn dịch vụ được Liên minh Bưu chính Thế giới giữ lại",
        ),
        ("QE000000155VN", "chưa biết chỉ dẫn dịch vụ này"),
        ("EE000000155ZZ", "không có nước nào mang mã này"),
        ("H64.01-250701-0001", "mã cơ quan cấp 1 chưa có trong danh mục"),
        ("H01.01-261123-0001", "ngày tiếp nhận chưa tới"),
        ("080015123456", "số này ghi tuổi 111"),
        (
            "089090012345|351234567|LE VAN B|01011991|Nam|X|15042021",
            "số này ghi năm sinh 1990, nhưng khai là 1991",
        ),
        ("0296.3876543", "số cố định không nhận được tin nhắn và mã OTP"),
    ] {
        assert!(look(text).valid, "{text}");
        assert_eq!(warnings(text), [doubt], "{text}");
    }
}

#[test]
fn a_likely_repair_is_suggested_and_not_done() {
    for (text, hint) in [
        ("912345678", "có thể là 0912345678, hãy hỏi lại"),
        ("351234567", "cũng có thể là số điện thoại 0351234567 thiếu số 0"),
        ("h01.23-250701-0001", "có thể là H01.23-250701-0001"),
        ("0301482205", "cũng có thể là mã số thuế hoặc mã số doanh nghiệp"),
    ] {
        assert!(!look(text).valid, "{text}");
        assert_eq!(warnings(text), [hint], "{text}");
    }
}

#[test]
fn an_old_number_was_valid_until_the_end_of_2024() {
    let on = |today| inspect("012345678", &InspectContext::new(today)).valid;
    assert!(on(date!(2024 - 12 - 31)));
    assert!(!on(date!(2025 - 01 - 01)));
}

#[test]
fn what_is_longer_than_any_code_is_unknown_and_a_long_receipt_is_a_receipt() {
    assert_eq!(look(&"1".repeat(MAX_BYTES + 1)).kind, CodeKind::Unknown);
    assert_eq!(reason(&"đ".repeat(MAX_BYTES)), "dài quá 4096 byte, không phải mã nào");
    let long = format!("c2sp.org/tlog-proof@v1\n{}", "x".repeat(MAX_BYTES));
    assert_eq!(look(&long).kind, CodeKind::Receipt);
}

#[test]
fn nothing_personal_is_printed_by_debug() {
    let shown = format!("{:?}", look("089185000123||Trần Thị Bưởi|05091985|Nữ|An Cư|12072021"));
    assert!(!shown.contains("089185000123") && !shown.contains("Bưởi"), "{shown}");
}
