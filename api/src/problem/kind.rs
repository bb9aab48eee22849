//! The catalogue of refusals.

use axum::http::StatusCode as S;

/// The public face of a refusal.
#[derive(Debug, Clone, Copy)]
pub struct Face {
    /// The last part of its type.
    pub slug: &'static str,
    /// The HTTP status.
    pub status: S,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What happened and what to do, in English.
    pub detail: &'static str,
    /// The same in Vietnamese.
    pub detail_vi: &'static str,
    /// Seconds to wait, when waiting helps.
    pub retry_after_s: Option<u64>,
}

macro_rules! kinds {
    ($($name:ident = $slug:literal, $status:expr, $retry:expr, $title:literal, $detail:literal, $vi:literal;)*) => {
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
                        slug: $slug, status: $status, title: $title, detail: $detail, detail_vi: $vi, retry_after_s: $retry,
                    },)*
                }
            }
        }
    };
}

kinds! {
    InvalidJson = "invalid-json", S::BAD_REQUEST, None, "Unreadable JSON",
        "The body is not the JSON this operation expects.", "Nội dung gửi không phải JSON hợp lệ.";
    InvalidQuery = "invalid-query", S::BAD_REQUEST, None, "Unreadable query",
        "A query parameter cannot be read.", "Tham số truy vấn không đọc được.";
    UnreadableFrame = "unreadable-frame", S::BAD_REQUEST, None, "Unreadable frame",
        "The body is not a CBOR sequence. It is kept for a person to look at; nothing in it counts as deposited.",
        "Gói gửi không phải chuỗi CBOR. Đã giữ lại để kiểm tra, nhưng chưa được tính là đã nộp.";
    BodyIncomplete = "body-incomplete", S::BAD_REQUEST, None, "Incomplete body",
        "The connection ended before the whole body had arrived. Nothing was stored; send it again.",
        "Kết nối bị ngắt khi đang gửi. Chưa lưu gì, hãy gửi lại.";
    Unauthenticated = "unauthenticated", S::UNAUTHORIZED, None, "Sign in first",
        "The access token is missing, wrong or expired.", "Chưa đăng nhập hoặc phiên đã hết hạn.";
    BadCredentials = "bad-credentials", S::UNAUTHORIZED, None, "Wrong login or password",
        "Login or password are wrong.", "Sai tên đăng nhập hoặc mật khẩu.";
    UseNonce = "use-nonce", S::UNAUTHORIZED, None, "Use the server's nonce",
        "Sign the device proof again with the nonce of the DPoP-Nonce header.",
        "Hãy ký lại với nonce trong tiêu đề DPoP-Nonce.";
    BadProof = "bad-proof", S::UNAUTHORIZED, None, "Device proof refused",
        "The device proof is missing, unreadable, made for another request, or its signature is wrong.",
        "Bằng chứng thiết bị thiếu, sai hoặc dành cho yêu cầu khác.";
    UnknownDevice = "unknown-device", S::UNAUTHORIZED, None, "Unknown device",
        "This device is not enrolled.", "Thiết bị chưa được đăng ký.";
    DeviceRevoked = "device-revoked", S::FORBIDDEN, None, "Device revoked",
        "This device was revoked, or two events claim one place in its chain. It may still deposit; it gets no data.",
        "Thiết bị đã bị thu hồi hoặc có dấu hiệu bị sao chép. Vẫn nộp được sự kiện nhưng không nhận dữ liệu.";
    SecondFactorNeeded = "second-factor-needed", S::UNAUTHORIZED, None, "Code needed",
        "Your account has a second factor. Send its six digits as `totp`.",
        "Tài khoản có lớp xác thực thứ hai. Hãy nhập mã 6 số trong ứng dụng xác thực.";
    SessionEnded = "session-ended", S::UNAUTHORIZED, None, "Session ended",
        "This session has ended, or its refresh token was used before. Sign in again.",
        "Phiên làm việc đã kết thúc. Hãy đăng nhập lại.";
    SecondFactorMissing = "second-factor-missing", S::FORBIDDEN, None, "Set up a second factor",
        "Your account has no second factor yet. Set one up at /api/v1/session/second-factor; nothing else is open before.",
        "Tài khoản chưa có lớp xác thực thứ hai. Hãy cài đặt trước khi làm việc khác.";
    StepUpNeeded = "step-up-needed", S::FORBIDDEN, None, "Prove it again",
        "This act asks for a fresh proof of who you are. Send one to /api/v1/session/step-up and ask again.",
        "Việc này cần xác thực lại. Hãy xác thực rồi thực hiện lại.";
    MissingRight = "missing-right", S::FORBIDDEN, None, "Not your role",
        "Your role does not include this operation.", "Vai trò của bạn không có quyền này.";
    NotFound = "not-found", S::NOT_FOUND, None, "Not found",
        "There is no such thing, or it is not yours to see.", "Không tìm thấy.";
    MethodNotAllowed = "method-not-allowed", S::METHOD_NOT_ALLOWED, None, "Method not allowed",
        "This address does not answer to that method.", "Địa chỉ này không nhận phương thức đó.";
    OrderExists = "order-exists", S::CONFLICT, None, "Number taken",
        "An order with this number exists with different content.", "Số phiếu này đã dùng cho nội dung khác.";
    LabelTaken = "label-taken", S::CONFLICT, None, "Label taken",
        "This label is on another item.", "Mã bưu gửi này đã dùng cho bưu gửi khác.";
    DeviceTaken = "device-taken", S::CONFLICT, None, "Key taken",
        "This key is enrolled for somebody else or was revoked. Make a new key.",
        "Khóa này đã đăng ký cho người khác hoặc đã bị thu hồi. Hãy tạo khóa mới.";
    NoticeKnown = "notice-known", S::CONFLICT, None, "Notice known",
        "A notice of this number was entered with other content. A notice is never changed; enter the one that corrects it.",
        "Thông báo số này đã được nhập với nội dung khác. Không sửa thông báo đã nhập; hãy nhập thông báo đính chính.";
    NotNow = "not-now", S::CONFLICT, None, "Not possible now",
        "What is recorded already does not allow this.", "Dữ liệu đã ghi nhận không cho phép thực hiện việc này.";
    Resync = "resync", S::GONE, None, "Start the feed anew",
        "This cursor is not yours, or no longer. Ask again without a cursor.",
        "Con trỏ không còn dùng được. Hãy tải lại từ đầu.";
    BodyTooLarge = "body-too-large", S::PAYLOAD_TOO_LARGE, None, "Body too large",
        "The body is larger than this operation accepts. Nothing was stored.", "Nội dung gửi quá lớn. Chưa lưu gì.";
    TooManyEvents = "too-many-events", S::PAYLOAD_TOO_LARGE, None, "Too many events",
        "A batch has at most 200 events. Nothing was stored; send smaller batches.",
        "Mỗi gói có nhiều nhất 200 sự kiện. Chưa lưu gì, hãy chia nhỏ.";
    UnsupportedMediaType = "unsupported-media-type", S::UNSUPPORTED_MEDIA_TYPE, None, "Wrong content type",
        "This operation does not read that content type.", "Loại nội dung không được hỗ trợ.";
    InvalidRequest = "invalid-request", S::UNPROCESSABLE_ENTITY, None, "Not possible as asked",
        "A field has a value this operation cannot accept.", "Có trường mang giá trị không chấp nhận được.";
    CodeInvalid = "code-invalid", S::UNPROCESSABLE_ENTITY, None, "Code not valid",
        "The enrolment code is unknown, used or too old, or the proof does not fit. Ask for a new code.",
        "Mã đăng ký không đúng, đã dùng hoặc quá hạn. Hãy xin mã mới.";
    KeyReused = "key-reused", S::UNPROCESSABLE_ENTITY, None, "Idempotency key reused",
        "This Idempotency-Key belongs to a request with another body.",
        "Idempotency-Key này thuộc về một yêu cầu khác.";
    TooManyAttempts = "too-many-attempts", S::TOO_MANY_REQUESTS, Some(900), "Too many wrong tries",
        "There were too many wrong passwords or codes for this name. Wait a quarter of an hour, or ask an administrator.",
        "Nhập sai quá nhiều lần. Hãy đợi 15 phút hoặc liên hệ quản trị viên.";
    Internal = "internal", S::INTERNAL_SERVER_ERROR, None, "Our fault",
        "Something went wrong on our side. It has been logged under this request id.",
        "Có lỗi ở phía máy chủ, đã ghi lại theo mã yêu cầu này.";
    Busy = "busy", S::SERVICE_UNAVAILABLE, Some(2), "Busy",
        "Too many requests are at work. Nothing was done; ask again shortly.",
        "Máy chủ đang bận. Chưa làm gì, hãy thử lại sau giây lát.";
    Unavailable = "unavailable", S::SERVICE_UNAVAILABLE, Some(2), "Storage unavailable",
        "The database does not answer. Do not take it as done; ask again shortly.",
        "Cơ sở dữ liệu chưa trả lời. Chưa thể coi là đã lưu, hãy thử lại.";
    StorageFull = "storage-full", S::INSUFFICIENT_STORAGE, Some(60), "No room left",
        "The server has no room left to write. Nothing was stored: keep what you have and send it again later. Reading works.",
        "Máy chủ hết chỗ lưu. Chưa lưu gì, hãy giữ lại và gửi lại sau. Vẫn xem được dữ liệu.";
    LabelsUsedUp = "labels-used-up", S::SERVICE_UNAVAILABLE, None, "No labels left",
        "Every run of label serials is used up. Nothing was stored; give a printed label, or load new runs.",
        "Đã hết dải số bưu gửi. Chưa lưu gì; hãy dùng nhãn in sẵn hoặc nạp dải số mới.";
    Timeout = "timeout", S::GATEWAY_TIMEOUT, Some(2), "Took too long",
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
                "| `{}` | {} | {}{retry} |",
                face.slug,
                face.status.as_u16(),
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
    fn slugs_are_unique() {
        let mut slugs: Vec<_> = Kind::ALL.iter().map(|kind| kind.face().slug).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Kind::ALL.len());
    }
}
