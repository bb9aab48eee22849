//! The one-stop systems: they order over the bus, call off, and poll the tracking feed all day.

use super::http::{Ask, Http, header, json, pause};
use super::ledger::{Ledger, count};
use crate::cli::Failure;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::wire::province::LgspClientRecord;
use serde_json::{Value, json as object};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a client waits between two looks at its feed. Real ones wait minutes; the day is shorter.
const POLL: Duration = Duration::from_millis(250);

/// One one-stop system.
pub(super) struct Client {
    pub(super) record: LgspClientRecord,
    /// The name of the agency it speaks for.
    pub(super) agency: String,
    /// The desk its dossiers go to, by number in the cast.
    pub(super) desk: usize,
    key: String,
    secret: String,
    token: Mutex<Option<String>>,
    seen: Mutex<Feed>,
}

/// What a client has read.
#[derive(Debug, Clone, Default)]
pub(super) struct Feed {
    /// Each row: its id, order number and status.
    pub(super) rows: Vec<FeedRow>,
    /// Ids that were not greater than the one before.
    pub(super) disordered: Vec<String>,
}

/// One row of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FeedRow {
    pub(super) id: String,
    pub(super) order_number: String,
    pub(super) status: i64,
}

/// Who is to get what.
#[derive(Debug, Clone)]
pub(super) struct Errand {
    pub(super) order_number: String,
    /// From the citizen to the agency; else the result back to them.
    pub(super) collects: bool,
    /// The post brings the result as well.
    pub(super) both: bool,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) address: String,
    pub(super) procedure: Option<String>,
}

impl Client {
    pub(super) fn new(record: LgspClientRecord, agency: String, desk: usize, key: String, secret: String) -> Self {
        Self {
            record,
            agency,
            desk,
            key,
            secret,
            token: Mutex::new(None),
            seen: Mutex::new(Feed::default()),
        }
    }

    /// Everything read so far.
    pub(super) fn feed(&self) -> Feed {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Orders; returns the label. Repeating an order is safe and gives the same label.
    pub(super) fn order(&self, http: &Http, errand: &Errand) -> Result<String, Failure> {
        let citizen = (&errand.name, &errand.phone, &errand.address);
        let office = (&self.agency, &"02963875000".to_owned(), &self.agency);
        let (sender, receiver) = if errand.collects {
            (citizen, office)
        } else {
            (office, citizen)
        };
        let body = object!({
            "CustomerCode": self.record.customer_code, "OrderNumber": errand.order_number, "CODAmount": 0,
            "SenderProvince": 91, "SenderName": sender.0, "SenderTel": sender.1, "SenderAddress": sender.2,
            "ReceiverProvince": 91, "ReceiverName": receiver.0, "ReceiverTel": receiver.1, "ReceiverAddress": receiver.2,
            "IsReceiveResult": errand.both, "ProcedureCode": errand.procedure,
        });
        let answer = self.call(http, "OrderPost", "vnpost_post_order", Some(&body))?;
        match (answer["Status"].as_i64(), answer["ItemCode"].as_str()) {
            (Some(100), Some(label)) => Ok(label.to_owned()),
            (status, _) => Err(Failure::Refused(format!(
                "order {} was answered {status:?}",
                errand.order_number
            ))),
        }
    }

    /// Calls an order off; whether it was not too late.
    pub(super) fn cancel(&self, http: &Http, order_number: &str) -> Result<bool, Failure> {
        let body = object!({ "CustomerCode": self.record.customer_code, "OrderNumber": order_number });
        let answer = self.call(http, "OrderCancel", "vnpost_cancel_order", Some(&body))?;
        match answer["Status"].as_i64() {
            Some(110) => Ok(true),
            Some(111) => Ok(false),
            status => Err(Failure::Refused(format!(
                "calling {order_number} off was answered {status:?}"
            ))),
        }
    }

    /// Polls until told that the day is over, and once more to its end.
    pub(super) fn poll(&self, http: &Http, over: &AtomicBool) -> Result<(), Failure> {
        loop {
            let was_over = over.load(Ordering::SeqCst);
            let read = self.read_page(http)?;
            match (read, was_over) {
                (0, true) => return Ok(()),
                (0, false) => pause(POLL),
                _ => {}
            }
        }
    }

    /// Reads the next page; how many rows it had.
    fn read_page(&self, http: &Http) -> Result<usize, Failure> {
        let last = self
            .feed()
            .rows
            .last()
            .map_or_else(|| "0".repeat(24), |row| row.id.clone());
        let query = format!("pagesize=50&lastId={last}");
        let answer = self.get(http, "OrderTracking", "vnpost_order_tracking", &query)?;
        let page = answer["_embedded"]["rh:doc"].as_array().cloned().unwrap_or_default();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for row in &page {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let id = text(&row["_id"]["$oid"]);
            if seen.rows.last().is_some_and(|before| before.id >= id) {
                seen.disordered.push(id.clone());
            }
            let status = row["StatusCode"].as_i64().unwrap_or_default();
            seen.rows.push(FeedRow {
                id,
                order_number: text(&row["OrderNumber"]),
                status,
            });
        }
        Ok(page.len())
    }

    fn call(&self, http: &Http, operation: &str, code: &str, body: Option<&Value>) -> Result<Value, Failure> {
        let bytes = body.map(Value::to_string).unwrap_or_default();
        self.ask(http, "POST", operation, code, "", bytes.as_bytes())
    }

    fn get(&self, http: &Http, operation: &str, code: &str, query: &str) -> Result<Value, Failure> {
        self.ask(http, "GET", operation, code, query, b"")
    }

    /// Names the operation the way this client does, and gets a new token where the old one has ended.
    fn ask(
        &self,
        http: &Http,
        method: &str,
        operation: &str,
        code: &str,
        query: &str,
        body: &[u8],
    ) -> Result<Value, Failure> {
        let by_path = self.record.dispatch == "path";
        let path = if by_path {
            format!("/lgsp/v1/vnpost/{operation}?{query}")
        } else {
            format!("/lgsp/v1/vnpost?{query}")
        };
        for _ in 0..2 {
            let mut headers = vec![
                header("Authorization", format!("Bearer {}", self.token(http)?)),
                header("Content-Type", "application/json; charset=utf-8"),
            ];
            if !by_path {
                headers.push(header("service-code", code));
            }
            let reply = http.insist(Ask {
                method,
                path: &path,
                headers: &headers,
                body,
            })?;
            if reply.status != 401 {
                return json(&reply, operation, &[200, 409]);
            }
            self.forget_token();
        }
        Err(Failure::Refused(format!("{operation}: a fresh token was refused")))
    }

    fn token(&self, http: &Http) -> Result<String, Failure> {
        let mut known = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = known.as_ref() {
            return Ok(token.clone());
        }
        let mut headers = vec![header("Content-Type", "application/x-www-form-urlencoded")];
        let body = if self.record.token_mode == "body" {
            format!(
                "grant_type=client_credentials&client_id={}&client_secret={}",
                self.key, self.secret
            )
        } else {
            headers.push(header(
                "Authorization",
                format!("Basic {}", STANDARD.encode(format!("{}:{}", self.key, self.secret))),
            ));
            "grant_type=client_credentials".to_owned()
        };
        let ask = Ask {
            method: "POST",
            path: "/lgsp/token",
            headers: &headers,
            body: body.as_bytes(),
        };
        let answer = json(&http.insist(ask)?, "token", &[200])?;
        let token = answer["access_token"].as_str().unwrap_or_default().to_owned();
        *known = Some(token.clone());
        Ok(token)
    }

    fn forget_token(&self) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Orders, and now and then a second time as if the first answer had been lost.
pub(super) fn place(
    client: &Client,
    http: &Http,
    errand: &Errand,
    again: bool,
    ledger: &Ledger,
) -> Result<String, Failure> {
    let label = client.order(http, errand)?;
    if again {
        count(&ledger.repeated);
        let same = client.order(http, errand)?;
        if same != label {
            return Err(Failure::Refused(format!(
                "order {} repeated got another label",
                errand.order_number
            )));
        }
    }
    Ok(label)
}
