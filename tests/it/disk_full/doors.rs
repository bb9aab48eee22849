//! Every way to write, each with a caller who keeps what was acknowledged.

use domain::hat::Hat;
use domain::wire::v1::DepositView;
use e2e::{Answer, Device, Http, Lgsp, Staff};
use entity::repo::reference::id_of;
use serde_json::{Value, json};

/// What a door said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// It is stored.
    Kept,
    /// There is no room.
    Full,
}

/// What was acknowledged.
#[derive(Clone, Default)]
pub(super) struct Kept {
    /// Events and acts, by id.
    pub(super) events: Vec<Vec<u8>>,
    /// Orders, by label.
    pub(super) labels: Vec<String>,
}

/// Everybody who writes.
pub(super) struct Doors {
    http: Http,
    device: Device,
    pub(super) lgsp: Lgsp,
    counter: Staff,
    desk: Staff,
    supervisor: Staff,
    /// The batch that was refused.
    refused: Vec<custody::envelope::Sealed>,
    kept: Kept,
    next: u32,
    placed: Vec<String>,
    dossier: String,
    page: String,
    codes: Vec<String>,
}

impl Doors {
    /// By name.
    pub(super) const ALL: [&'static str; 8] = [
        "deposit",
        "order",
        "cancellation",
        "intake",
        "act",
        "code",
        "enrolment",
        "token",
    ];

    pub(super) fn open(http: &Http) -> Self {
        let supervisor = Staff::sign_in(http, "dieuphoi.tb", "post_supervisor");
        let mut device = Device::new(Hat::Carrier);
        device.enrol(http, &supervisor.code_for("buuta01"));
        Self {
            http: http.clone(),
            device,
            lgsp: Lgsp::sign_in(http, "AG30520"),
            counter: Staff::sign_in(http, "quay.tb", "post_agent"),
            desk: Staff::sign_in(http, "haimu.tb1", "desk_agent"),
            supervisor,
            refused: Vec::new(),
            kept: Kept::default(),
            next: 0,
            placed: Vec::new(),
            dossier: String::new(),
            page: String::new(),
            codes: Vec::new(),
        }
    }

    pub(super) fn kept(&self) -> Kept {
        self.kept.clone()
    }

    /// What must be there before there is no room: a dossier, orders to cancel, codes to enrol with, and fresh tokens, which
    /// age over many rounds.
    pub(super) fn prepare(&mut self, round: u32) {
        self.supervisor = Staff::sign_in(&self.http, "dieuphoi.tb", "post_supervisor");
        self.counter = Staff::sign_in(&self.http, "quay.tb", "post_agent");
        self.desk = Staff::sign_in(&self.http, "haimu.tb1", "desk_agent");
        let intake = self.intake();
        let made = self.counter.post("/api/v1/intakes", &intake).expect(201).json();
        made["dossier_id"]
            .as_str()
            .expect("a dossier")
            .clone_into(&mut self.dossier);
        let link = made["tracking_url"].as_str().expect("a link");
        link[link.find("/t/").expect("a page")..].clone_into(&mut self.page);
        for n in 0..202 {
            self.codes.push(self.supervisor.code_for("buuta03"));
            if n < 20 {
                let order = self.lgsp.pickup(&format!("C-{round}-{n}"));
                assert_eq!(self.lgsp.order(&order).0, 100);
                self.placed.push(order.number);
            }
        }
    }

    fn intake(&mut self) -> Value {
        self.next += 1;
        json!({
            "mode": "send", "agency_id": id_of("agency", "AG-UB-30520"), "paper_count": 2, "slip_number": format!("F-{}", self.next),
            "applicant": { "name": "Trần Văn Mẫu", "phone": "0912345679", "address": "Khóm Xuân Hòa, phường Tịnh Biên" },
        })
    }

    /// Fills the disk.
    pub(super) fn deposit_until_refused(&mut self) {
        for _ in 0..5_000 {
            self.refused = (0..20).map(|_| self.device.note(0)).collect();
            if self.deposit_again() == Said::Full {
                return;
            }
        }
        panic!("the disk does not fill up");
    }

    /// Deposits the last batch, again if it was refused.
    pub(super) fn deposit_again(&mut self) -> Said {
        let body: Vec<u8> = self.refused.iter().flat_map(|sealed| sealed.bytes.clone()).collect();
        let answer = self.device.deposit(&self.http, &body).expect("an answer");
        if answer.status != 200 {
            return refused(&answer);
        }
        let view: DepositView = serde_json::from_slice(&answer.body).expect("results");
        assert_eq!(view.results.len(), self.refused.len());
        assert!(
            view.results.iter().all(|line| line.result.is_kept()),
            "{}",
            answer.text()
        );
        self.kept
            .events
            .extend(self.refused.iter().map(|sealed| sealed.id.0.to_vec()));
        Said::Kept
    }

    /// Asks at one door for one thing more.
    pub(super) fn knock(&mut self, name: &str) -> Said {
        match name {
            "deposit" => {
                // Its chain has no gaps: what was refused goes first.
                let said = self.deposit_again();
                if said == Said::Kept {
                    self.refused = vec![self.device.note(0)];
                    return self.deposit_again();
                }
                said
            }
            "order" => self.order(),
            "cancellation" => self.cancel(),
            "intake" => {
                let intake = self.intake();
                said(&self.counter.post("/api/v1/intakes", &intake), 201)
            }
            "act" => self.act(),
            "code" => {
                let body = json!({ "staff_id": id_of("staff", "buuta03") });
                said(&self.supervisor.post("/api/v1/devices/codes", &body), 201)
            }
            "enrolment" => {
                let code = self.codes.pop().expect("more codes than knocks");
                let device = Device::new(Hat::Carrier);
                said(
                    &self.http.post("/api/v1/devices/enrol", &[], &device.enrolment(&code)),
                    200,
                )
            }
            "token" => {
                let given = self.lgsp.ask_for_token();
                said(&given, 200)
            }
            other => panic!("no door is called {other}"),
        }
    }

    fn order(&mut self) -> Said {
        self.next += 1;
        let order = self.lgsp.pickup(&format!("O-{}", self.next));
        let answer = self.lgsp.post("OrderPost", &order.body);
        let said = in_its_own_words(&answer, 100);
        if said == Said::Kept {
            let label = answer.json()["ItemCode"].as_str().expect("a label").to_owned();
            self.kept.labels.push(label);
            self.placed.push(order.number);
        }
        said
    }

    /// The number of the order that was placed last.
    pub(super) fn last_order(&self) -> String {
        self.placed.last().expect("one was placed").clone()
    }

    fn cancel(&mut self) -> Said {
        // Cancelled before or not: the answer is the same, and only the first writes.
        let number = self.placed.first().expect("one was placed").clone();
        let answer = self.lgsp.try_cancel(&number);
        let said = in_its_own_words(&answer, 110);
        if said == Said::Kept {
            self.placed.remove(0);
        }
        said
    }

    fn act(&mut self) -> Said {
        let answer = self.desk.act(&self.dossier, &json!({ "act": "lodged" }));
        let said = said(&answer, 201);
        if said == Said::Kept {
            let event = answer.json()["event_id"].as_str().map(hex::decode);
            self.kept.events.push(event.expect("an id").expect("hex"));
        }
        said
    }

    /// Questions that leave no trace are answered while nothing can be written.
    pub(super) fn reads_work(&self) {
        for path in ["/healthz", "/readyz", "/metrics", self.page.as_str()] {
            self.http.get(path, &[]).expect(200);
        }
        self.desk.get("/api/v1/session").expect(200);
        // A look into a dossier is written down first; what cannot be written down is not shown.
        let look = self.desk.get(&format!("/api/v1/dossiers/{}", self.dossier));
        assert_eq!((look.status, look.problem().as_str()), (507, "storage-full"));
        self.lgsp.tracking(Lgsp::START, 10);
    }
}

/// A good answer, or the refusal there has to be.
fn said(answer: &Answer, good: u16) -> Said {
    if answer.status == good {
        Said::Kept
    } else {
        refused(answer)
    }
}

fn refused(answer: &Answer) -> Said {
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (507, "storage-full"),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("retry-after"), Some("60"));
    Said::Full
}

/// The one-stop interface says it with a code of its own: not stored, send the same again later.
fn in_its_own_words(answer: &Answer, good: u64) -> Said {
    let body = answer.json();
    if body["Status"] == good {
        return Said::Kept;
    }
    assert_eq!(body["Status"], 500, "{body}");
    assert_eq!(answer.header("retry-after"), Some("60"));
    Said::Full
}
