//! A counter that takes dossiers in and a desk that acts on them, whatever becomes of the server. They keep a ledger of what
//! they were told.

use e2e::{Answer, Http, PASSWORD};
use entity::repo::reference::id_of;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use uuid::Uuid;

/// What was acknowledged.
#[derive(Clone, Default)]
pub(super) struct Filed {
    /// Dossiers taken in.
    pub(super) intakes: Vec<Uuid>,
    /// Acts, by the ids of their events.
    pub(super) acts: Vec<Vec<u8>>,
}

#[derive(Default)]
struct Shared {
    filed: Mutex<Filed>,
    over: AtomicBool,
}

impl Shared {
    fn filed(&self) -> MutexGuard<'_, Filed> {
        self.filed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The office at work.
pub(super) struct Office {
    shared: Arc<Shared>,
    at_work: JoinHandle<()>,
}

impl Office {
    pub(super) fn open(http: &Http) -> Self {
        let shared = Arc::new(Shared::default());
        let (http, theirs) = (http.clone(), shared.clone());
        Self {
            at_work: std::thread::spawn(move || work(&http, &theirs)),
            shared,
        }
    }

    /// What was acknowledged so far.
    pub(super) fn filed(&self) -> Filed {
        self.shared.filed().clone()
    }

    /// Lets it finish what it is at; the server must run.
    pub(super) fn close(self) -> Filed {
        self.shared.over.store(true, Ordering::SeqCst);
        self.at_work.join().expect("the office works");
        self.shared.filed().clone()
    }
}

fn work(http: &Http, shared: &Shared) {
    let mut counter = Clerk::new(http, "quay.tb", "post_agent");
    let mut desk = Clerk::new(http, "haimu.tb1", "desk_agent");
    let mut number = 0;
    while !shared.over.load(Ordering::SeqCst) {
        number += 1;
        let intake = json!({
            "mode": "send", "agency_id": id_of("agency", "AG-UB-30520"), "paper_count": 2, "slip_number": format!("P-{number}"),
            "applicant": { "name": "Trần Văn Mẫu", "phone": "0912345679", "address": "Khóm Xuân Hòa, phường Tịnh Biên" },
        });
        let made = counter.until_done("/api/v1/intakes", &format!("intake-{number}"), &intake);
        let dossier = made["dossier_id"].as_str().expect("a dossier").to_owned();
        shared.filed().intakes.push(dossier.parse().expect("an id"));
        let path = format!("/api/v1/dossiers/{dossier}/acts");
        let act = desk.until_done(&path, &format!("act-{number}"), &json!({ "act": "lodged" }));
        let event = act["event_id"].as_str().expect("an event");
        shared.filed().acts.push(hex::decode(event).expect("hex"));
    }
}

/// Somebody who signs in again whenever it is needed.
struct Clerk {
    http: Http,
    login: &'static str,
    role: &'static str,
    token: Option<String>,
}

impl Clerk {
    fn new(http: &Http, login: &'static str, role: &'static str) -> Self {
        Self {
            http: http.clone(),
            login,
            role,
            token: None,
        }
    }

    /// Asks the same until it is done: a server that is away comes back.
    fn until_done(&mut self, path: &str, key: &str, body: &Value) -> Value {
        e2e::eventually("an answer to the office", || {
            let answer = self.ask(path, key, body)?;
            assert!(
                matches!(answer.status, 200 | 201 | 401 | 500..),
                "{path}: {} {}",
                answer.status,
                answer.text()
            );
            matches!(answer.status, 200 | 201).then(|| answer.json())
        })
    }

    fn ask(&mut self, path: &str, key: &str, body: &Value) -> Option<Answer> {
        if self.token.is_none() {
            let who = json!({ "login": self.login, "password": PASSWORD, "role": self.role });
            let session = self.post("/api/v1/session", &[], &who)?.json();
            self.token = session["access_token"].as_str().map(str::to_owned);
        }
        let authorization = format!("Bearer {}", self.token.as_ref()?);
        let headers = [("authorization", authorization.as_str()), ("idempotency-key", key)];
        let answer = self.post(path, &headers, body)?;
        if answer.status == 401 {
            self.token = None;
        }
        Some(answer)
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Option<Answer> {
        let headers = [headers, &[("content-type", "application/json")]].concat();
        self.http.send("POST", path, &headers, body.to_string().as_bytes()).ok()
    }
}
