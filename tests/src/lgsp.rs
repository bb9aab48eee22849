//! A one-stop system that speaks only the province's bus.

use crate::{Answer, Http, PASSWORD};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A one-stop system with a token.
#[derive(Clone, Debug)]
pub struct Lgsp {
    http: Http,
    token: String,
    customer_code: String,
}

/// An order over the bus.
#[derive(Clone, Debug)]
pub struct Order {
    /// The client's number.
    pub number: String,
    /// The body as the client sends it.
    pub body: Value,
}

/// Status of an order's answer.
fn status(answer: &Answer) -> i64 {
    answer.json()["Status"].as_i64().unwrap_or_default()
}

fn ask_for_token(http: &Http, customer_code: &str) -> Answer {
    let key = format!("lgsp-{}", customer_code.to_lowercase());
    let basic = format!("Basic {}", STANDARD.encode(format!("{key}:{PASSWORD}")));
    let headers = [
        ("authorization", basic.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    http.send("POST", "/lgsp/token", &headers, b"grant_type=client_credentials")
        .expect("an answer")
}

impl Lgsp {
    /// Gets a token with the key and the shared secret of tests.
    ///
    /// # Panics
    /// When it is refused.
    pub fn sign_in(http: &Http, customer_code: &str) -> Self {
        let given = ask_for_token(http, customer_code).expect(200).json();
        let token = given["access_token"].as_str().expect("a token").to_owned();
        Self {
            http: http.clone(),
            token,
            customer_code: customer_code.to_owned(),
        }
    }

    /// Asks for one token more.
    pub fn ask_for_token(&self) -> Answer {
        ask_for_token(&self.http, &self.customer_code)
    }

    /// The value of the header that proves who asks.
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// An order to fetch papers from a citizen of Tịnh Biên and to bring the result.
    pub fn pickup(&self, number: &str) -> Order {
        let body = json!({
            "CustomerCode": self.customer_code, "OrderNumber": number, "CODAmount": 0,
            "SenderProvince": 88, "SenderAddress": "12 Tôn Đức Thắng, phường Tịnh Biên, tỉnh An Giang",
            "SenderName": "Nguyễn Thị Mẫu", "SenderTel": "0912345678", "SenderDesc": "Tờ khai; Giấy chứng sinh",
            "Description": "Đến nhà thu gom hồ sơ",
            "ReceiverName": "Ủy ban nhân dân phường Tịnh Biên", "ReceiverAddress": "phường Tịnh Biên, tỉnh An Giang",
            "ReceiverTel": "02963876543", "ReceiverProvince": 88, "IsReceiveResult": true,
        });
        Order {
            number: number.to_owned(),
            body,
        }
    }

    /// Posts to an operation under its own path.
    pub fn post(&self, operation: &str, body: &Value) -> Answer {
        self.http.post(
            &format!("/lgsp/v1/vnpost/{operation}"),
            &[("authorization", &self.authorization())],
            body,
        )
    }

    /// Posts to an operation of a server that may be away.
    ///
    /// # Errors
    /// Why no whole answer came back.
    pub fn try_post(&self, operation: &str, body: &Value) -> Result<Answer, ureq::Error> {
        let authorization = self.authorization();
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        self.http.send(
            "POST",
            &format!("/lgsp/v1/vnpost/{operation}"),
            &headers,
            body.to_string().as_bytes(),
        )
    }

    /// Posts to the one address with the operation in the query.
    pub fn post_service(&self, operation: &str, body: &Value) -> Answer {
        self.http.post(
            &format!("/lgsp/v1/vnpost?service={operation}"),
            &[("authorization", &self.authorization())],
            body,
        )
    }

    /// Places an order: its status and label.
    pub fn order(&self, order: &Order) -> (i64, String) {
        let answer = self.post("OrderPost", &order.body);
        (
            status(&answer),
            answer.json()["ItemCode"].as_str().unwrap_or_default().to_owned(),
        )
    }

    /// Cancels an order: the status.
    pub fn cancel(&self, number: &str) -> i64 {
        status(&self.try_cancel(number))
    }

    /// Cancels an order: the whole answer.
    pub fn try_cancel(&self, number: &str) -> Answer {
        let path = format!(
            "/lgsp/v1/vnpost/OrderCancel?CustomerCode={}&OrderNumber={number}",
            self.customer_code
        );
        self.http.get(&path, &[("authorization", &self.authorization())])
    }

    /// One page of the tracking feed: its rows.
    ///
    /// # Panics
    /// When it is not a page.
    pub fn tracking(&self, last: &str, size: u32) -> Vec<Value> {
        let path = format!("/lgsp/v1/vnpost/OrderTracking?pagesize={size}&lastId={last}");
        let page = self
            .http
            .get(&path, &[("authorization", &self.authorization())])
            .expect(200)
            .json();
        let rows = page["_embedded"]["rh:doc"].as_array().cloned().unwrap_or_default();
        assert_eq!(page["_returned"].as_u64(), u64::try_from(rows.len()).ok(), "{page}");
        rows
    }

    /// The tracking feed from after `last` to its end, in pages of this size.
    ///
    /// # Panics
    /// When an id does not grow.
    pub fn tracking_from(&self, last: &str, size: u32) -> Vec<Value> {
        let (mut all, mut last) = (Vec::new(), last.to_owned());
        loop {
            let page = self.tracking(&last, size);
            if page.is_empty() {
                return all;
            }
            for row in page {
                let id = Self::row_id(&row);
                assert!(id > last, "{id} comes after {last}");
                last = id;
                all.push(row);
            }
        }
    }

    /// The id of a row of the feed.
    ///
    /// # Panics
    /// When it is not 24 hex digits.
    pub fn row_id(row: &Value) -> String {
        let id = row["_id"]["$oid"].as_str().unwrap_or_default();
        assert!(
            id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{row}"
        );
        id.to_owned()
    }

    /// Where every reader begins.
    pub const START: &'static str = "000000000000000000000000";
}
