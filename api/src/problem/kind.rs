//! The catalogue of refusals.

use axum::http::StatusCode as S;

/// The public face of a refusal.
#[derive(Debug, Clone, Copy)]
pub struct Face {
    /// The last part of its type.
    pub slug: &'static str,
    /// The HTTP status.
    pub status: S,
    /// What it is, in a few English words.
    pub title: &'static str,
    /// The same in Vietnamese.
    pub title_vi: &'static str,
    /// What happened and what to do, in English.
    pub detail: &'static str,
    /// The same in Vietnamese.
    pub detail_vi: &'static str,
    /// Seconds to wait, when waiting helps.
    pub retry_after_s: Option<u64>,
}

macro_rules! kinds {
    ($($name:ident = $slug:literal, $status:expr, $retry:expr, $title:literal, $title_vi:literal, $detail:literal, $vi:literal;)*) => {
        /// Which refusal. `docs/problems.md` lists them; a test holds the two together.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $(#[doc = $detail] $name,)*
        }

        impl Kind {
            /// Every refusal.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What the world sees of it.
            pub const fn face(self) -> Face {
                match self {
                    $(Self::$name => Face {
                        slug: $slug, status: $status, title: $title, title_vi: $title_vi, detail: $detail, detail_vi: $vi,
                        retry_after_s: $retry,
                    },)*
                }
            }
        }
    };
}

kinds! {
    InvalidJson = "invalid-json", S::BAD_REQUEST, None, "Unreadable JSON", "Không đọc được JSON",
        "The body is not the JSON this operation expects. Correct what `errors` or the detail names and send it again.",
        "Nội dung gửi không phải JSON mà thao tác này nhận. Hãy sửa chỗ được nêu rồi gửi lại.";
    InvalidQuery = "invalid-query", S::BAD_REQUEST, None, "Unreadable query", "Không đọc được tham số",
        "A query parameter or a header cannot be read. Correct it or leave it out.",
        "Có tham số truy vấn hoặc tiêu đề không đọc được. Hãy sửa hoặc bỏ đi.";
    UnreadableFrame = "unreadable-frame", S::BAD_REQUEST, None, "Unreadable frame", "Không đọc được gói gửi",
        "The body is not a CBOR sequence. It is kept for a person to look at; nothing in it counts as deposited.",
        "Gói gửi không phải chuỗi CBOR. Đã giữ lại để kiểm tra, nhưng chưa được tính là đã nộp.";
    BodyIncomplete = "body-incomplete", S::BAD_REQUEST, None, "Incomplete body", "Nội dung gửi bị thiếu",
        "The connection ended before the whole body had arrived. Nothing was stored; send it again.",
        "Kết nối bị ngắt khi đang gửi. Chưa lưu gì, hãy gửi lại.";
    Unauthenticated = "unauthenticated", S::UNAUTHORIZED, None, "Sign in first", "Hãy đăng nhập",
        "The access token is missing, wrong or expired. Sign in or refresh the session, and ask again.",
        "Chưa đăng nhập hoặc phiên đã hết hạn. Hãy đăng nhập rồi thực hiện lại.";
    BadCredentials = "bad-credentials", S::UNAUTHORIZED, None, "Wrong login or password", "Sai thông tin đăng nhập",
        "Login or password are wrong. Check both; whoever forgot the password asks an administrator.",
        "Sai tên đăng nhập hoặc mật khẩu. Hãy kiểm tra lại; nếu quên mật khẩu, hãy liên hệ quản trị viên.";
    UseNonce = "use-nonce", S::UNAUTHORIZED, None, "Use the server's nonce", "Hãy dùng nonce của máy chủ",
        "Sign the device proof again with the nonce of the DPoP-Nonce header.",
        "Hãy ký lại với nonce trong tiêu đề DPoP-Nonce.";
    BadProof = "bad-proof", S::UNAUTHORIZED, None, "Device proof refused", "Bằng chứng thiết bị không hợp lệ",
        "The device proof is missing, unreadable, made for another request, or its signature is wrong. Make a new one for this request.",
        "Bằng chứng thiết bị thiếu, sai hoặc dành cho yêu cầu khác. Hãy ký bằng chứng mới cho yêu cầu này.";
    UnknownDevice = "unknown-device", S::UNAUTHORIZED, None, "Unknown device", "Thiết bị lạ",
        "This device is not enrolled. Enrol it with a code from a supervisor.",
        "Thiết bị chưa được đăng ký. Hãy đăng ký bằng mã do người quản lý cấp.";
    DeviceRevoked = "device-revoked", S::FORBIDDEN, None, "Device revoked", "Thiết bị đã bị thu hồi",
        "This device was revoked, or two events claim one place in its chain. It may still deposit; it gets no data. Ask your supervisor.",
        "Thiết bị đã bị thu hồi hoặc có dấu hiệu bị sao chép. Vẫn nộp được sự kiện nhưng không nhận dữ liệu. Hãy báo người quản lý.";
    SecondFactorNeeded = "second-factor-needed", S::UNAUTHORIZED, None, "Code needed", "Cần mã xác thực",
        "Your account has a second factor. Send its six digits as `totp`.",
        "Tài khoản có lớp xác thực thứ hai. Hãy nhập mã 6 số trong ứng dụng xác thực.";
    SessionEnded = "session-ended", S::UNAUTHORIZED, None, "Session ended", "Phiên đã kết thúc",
        "This session has ended, or its refresh token was used before. Sign in again.",
        "Phiên làm việc đã kết thúc. Hãy đăng nhập lại.";
    SecondFactorMissing = "second-factor-missing", S::FORBIDDEN, None, "Set up a second factor", "Hãy cài lớp xác thực thứ hai",
        "Your account has no second factor yet. Set one up at /api/v1/session/second-factor; nothing else is open before.",
        "Tài khoản chưa có lớp xác thực thứ hai. Hãy cài đặt trước khi làm việc khác.";
    StepUpNeeded = "step-up-needed", S::FORBIDDEN, None, "Prove it again", "Cần xác thực lại",
        "This act asks for a fresh proof of who you are. Send one to /api/v1/session/step-up and ask again.",
        "Việc này cần xác thực lại. Hãy xác thực rồi thực hiện lại.";
    MissingRight = "missing-right", S::FORBIDDEN, None, "Not your role", "Không thuộc vai trò của bạn",
        "Your role does not include this operation. Put on another of your roles, or ask a colleague who has it.",
        "Vai trò của bạn không có quyền này. Hãy chuyển sang vai trò khác của bạn hoặc nhờ người có quyền.";
    NotFound = "not-found", S::NOT_FOUND, None, "Not found", "Không tìm thấy",
        "There is no such thing, or it is not yours to see. Check the address and the id.",
        "Không có, hoặc bạn không được xem. Hãy kiểm tra lại địa chỉ và mã.";
    MethodNotAllowed = "method-not-allowed", S::METHOD_NOT_ALLOWED, None, "Method not allowed", "Phương thức không dùng được",
        "This address does not answer to that method. The Allow header says to which it does.",
        "Địa chỉ này không nhận phương thức đó. Tiêu đề Allow cho biết các phương thức dùng được.";
    OrderExists = "order-exists", S::CONFLICT, None, "Number taken", "Số phiếu đã dùng",
        "An order with this number exists with different content. Send the first content again, or give another number.",
        "Số phiếu này đã dùng cho nội dung khác. Hãy gửi lại đúng nội dung cũ hoặc dùng số khác.";
    LabelTaken = "label-taken", S::CONFLICT, None, "Label taken", "Nhãn đã dùng",
        "This label is on another item. Take another label, or leave it out and one is drawn.",
        "Mã bưu gửi này đã dùng cho bưu gửi khác. Hãy dùng nhãn khác hoặc để trống để máy cấp mã.";
    DeviceTaken = "device-taken", S::CONFLICT, None, "Key taken", "Khóa đã dùng",
        "This key is enrolled for somebody else or was revoked. Make a new key.",
        "Khóa này đã đăng ký cho người khác hoặc đã bị thu hồi. Hãy tạo khóa mới.";
    NoticeKnown = "notice-known", S::CONFLICT, None, "Notice known", "Thông báo đã có",
        "A notice of this number was entered with other content. A notice is never changed; enter the one that corrects it.",
        "Thông báo số này đã được nhập với nội dung khác. Không sửa thông báo đã nhập; hãy nhập thông báo đính chính.";
    NotNow = "not-now", S::CONFLICT, None, "Not possible now", "Chưa thực hiện được",
        "What is recorded already does not allow this. Read how it stands, and correct the request or wait.",
        "Dữ liệu đã ghi nhận không cho phép thực hiện việc này. Hãy xem lại tình trạng, sửa yêu cầu hoặc chờ.";
    Changed = "changed", S::PRECONDITION_FAILED, None, "Changed since", "Đã thay đổi",
        "Something was told of this since you looked at it. Nothing was done; look again, and decide anew.",
        "Đã có thay đổi sau lần bạn xem. Chưa làm gì; hãy xem lại rồi quyết định.";
    Resync = "resync", S::GONE, None, "Start the feed anew", "Hãy tải lại từ đầu",
        "This cursor is not yours, or no longer. Ask again without a cursor.",
        "Con trỏ không còn dùng được. Hãy tải lại từ đầu.";
    BodyTooLarge = "body-too-large", S::PAYLOAD_TOO_LARGE, None, "Body too large", "Nội dung quá lớn",
        "The body is larger than this operation accepts. Nothing was stored; send less at once.",
        "Nội dung gửi quá lớn. Chưa lưu gì; hãy gửi ít hơn mỗi lần.";
    TooManyEvents = "too-many-events", S::PAYLOAD_TOO_LARGE, None, "Too many events", "Quá nhiều sự kiện",
        "A batch has at most 200 events. Nothing was stored; send smaller batches.",
        "Mỗi gói có nhiều nhất 200 sự kiện. Chưa lưu gì, hãy chia nhỏ.";
    UnsupportedMediaType = "unsupported-media-type", S::UNSUPPORTED_MEDIA_TYPE, None, "Wrong content type", "Sai loại nội dung",
        "This operation does not read that content type. Send the one the API document names.",
        "Loại nội dung không được hỗ trợ. Hãy gửi loại nêu trong tài liệu API.";
    InvalidRequest = "invalid-request", S::UNPROCESSABLE_ENTITY, None, "Not possible as asked", "Không thực hiện được",
        "A field has a value this operation cannot accept. Correct what `errors` or the detail names.",
        "Có trường mang giá trị không chấp nhận được. Hãy sửa chỗ được nêu.";
    CodeInvalid = "code-invalid", S::UNPROCESSABLE_ENTITY, None, "Code not valid", "Mã không dùng được",
        "The enrolment code is unknown, used or too old, or the proof does not fit. Ask for a new code.",
        "Mã đăng ký không đúng, đã dùng hoặc quá hạn. Hãy xin mã mới.";
    KeyReused = "key-reused", S::UNPROCESSABLE_ENTITY, None, "Idempotency key reused", "Idempotency-Key đã dùng",
        "This Idempotency-Key belongs to a request with another body. Give a new key to a new request.",
        "Idempotency-Key này thuộc về một yêu cầu khác. Hãy dùng khóa mới cho yêu cầu mới.";
    TooManyAttempts = "too-many-attempts", S::TOO_MANY_REQUESTS, Some(900), "Too many wrong tries", "Nhập sai quá nhiều lần",
        "There were too many wrong passwords or codes for this name. Wait a quarter of an hour, or ask an administrator.",
        "Nhập sai quá nhiều lần. Hãy đợi 15 phút hoặc liên hệ quản trị viên.";
    TooManyRequests = "too-many-requests", S::TOO_MANY_REQUESTS, Some(60), "Too many requests", "Quá nhiều yêu cầu",
        "You ask more often than is allowed. Nothing was done; wait as long as Retry-After says.",
        "Bạn gửi yêu cầu quá nhanh. Chưa làm gì; hãy đợi theo tiêu đề Retry-After rồi thử lại.";
    Internal = "internal", S::INTERNAL_SERVER_ERROR, None, "Our fault", "Lỗi phía máy chủ",
        "Something went wrong on our side. It has been logged under this request id: quote it when you ask for help.",
        "Có lỗi ở phía máy chủ, đã ghi lại theo mã yêu cầu này. Hãy nêu mã khi cần hỗ trợ.";
    Busy = "busy", S::SERVICE_UNAVAILABLE, Some(2), "Busy", "Máy chủ đang bận",
        "Too many requests are at work. Nothing was done; ask again shortly.",
        "Máy chủ đang bận. Chưa làm gì, hãy thử lại sau giây lát.";
    Unavailable = "unavailable", S::SERVICE_UNAVAILABLE, Some(2), "Storage unavailable", "Chưa truy cập được dữ liệu",
        "The database does not answer. Do not take it as done; ask again shortly.",
        "Cơ sở dữ liệu chưa trả lời. Chưa thể coi là đã lưu, hãy thử lại.";
    StorageFull = "storage-full", S::INSUFFICIENT_STORAGE, Some(60), "No room left", "Hết chỗ lưu",
        "The server has no room left to write. Nothing was stored: keep what you have and send it again later. Pages of applicants and feeds of devices still work.",
        "Máy chủ hết chỗ lưu. Chưa lưu gì, hãy giữ lại và gửi lại sau. Trang của người dân và dữ liệu cho thiết bị vẫn xem được.";
    LabelsUsedUp = "labels-used-up", S::SERVICE_UNAVAILABLE, None, "No labels left", "Hết số bưu gửi",
        "Every run of label serials is used up. Nothing was stored; give a printed label, or load new runs.",
        "Đã hết dải số bưu gửi. Chưa lưu gì; hãy dùng nhãn in sẵn hoặc nạp dải số mới.";
    Timeout = "timeout", S::GATEWAY_TIMEOUT, Some(2), "Took too long", "Xử lý quá lâu",
        "The answer took too long. What was begun may still be done: ask again with the same key or content.",
        "Xử lý quá lâu. Có thể vẫn được thực hiện: hãy gửi lại cùng nội dung.";
}

#[cfg(test)]
mod tests {
    use super::Kind;
    use std::fmt::Write as _;

    /// The table of `docs/problems.md`.
    fn table() -> String {
        Kind::ALL.iter().fold(String::new(), |mut table, kind| {
            let face = kind.face();
            let retry = face.retry_after_s.map_or("", |_| " Has `Retry-After`.");
            writeln!(
                table,
                "| `{}` | {} | {}. {} | {}. {}{retry} |",
                face.slug,
                face.status.as_u16(),
                face.title_vi,
                face.detail_vi,
                face.title,
                face.detail
            )
            .expect("in memory");
            table
        })
    }

    #[test]
    fn the_catalogue_lists_every_problem_as_it_is() {
        let catalogue = include_str!("../../../docs/problems.md");
        assert!(
            catalogue.contains(&table()),
            "docs/problems.md should hold:\n{}",
            table()
        );
    }

    #[test]
    fn each_refusal_says_what_happened_and_what_to_do_in_both_languages() {
        for kind in Kind::ALL {
            let face = kind.face();
            for text in [face.title, face.title_vi, face.detail, face.detail_vi] {
                assert!(!text.trim().is_empty(), "{}", face.slug);
            }
            for detail in [face.detail, face.detail_vi] {
                let says = detail
                    .split(['.', ';', ':', ','])
                    .filter(|part| !part.trim().is_empty());
                assert!(
                    says.count() >= 2 || detail.starts_with("Hãy") || detail.starts_with("Sign"),
                    "{}",
                    face.slug
                );
            }
        }
    }

    #[test]
    fn slugs_are_unique() {
        let mut slugs: Vec<_> = Kind::ALL.iter().map(|kind| kind.face().slug).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Kind::ALL.len());
    }
}
