//! The people of the story, and what they do.

use domain::hat::Hat;
use e2e::{Answer, Backend, Device, MORNING, Phone, Staff, World, read};
use mobile_ffi::core::{Manner, Recipient, TakeIn};
use serde_json::{Value, json};

/// Three working days.
pub(super) const PROCEDURE: &str = "1.004873";
pub(super) const QUARTER: &str = "period=2026-Q4";

/// An installation, the people of the story, and the dossiers by number.
pub(super) struct Story {
    pub(super) world: World,
    courier: Phone,
    desk: Phone,
    carrier: Device,
}

impl Story {
    pub(super) fn begin(backend: Backend) -> Self {
        let world = World::on_leash(backend);
        let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
        let courier = world.phone(&supervisor, "buuta01");
        let desk = world.phone(&supervisor, "haimu.tb1");
        let mut carrier = Device::new(Hat::Carrier);
        let enrolment = carrier.enrolment(&supervisor.code_for("buuta02"));
        world.http.post("/api/v1/devices/enrol", &[], &enrolment).expect(200);
        world.settle();
        carrier.greet(&world.http);
        Self {
            world,
            courier,
            desk,
            carrier,
        }
    }

    /// Time passes for everybody until so long after the morning.
    pub(super) fn until(&self, since_morning: i64) {
        let ms = MORNING + since_morning - self.world.store().now_ms();
        self.world.advance(ms);
        for phone in [&self.courier, &self.desk] {
            phone.host.advance(u64::try_from(ms).expect("time runs forward"));
        }
    }

    pub(super) fn order(&self, client: &str, number: &str) -> String {
        let one_stop = self.world.one_stop(client);
        let mut order = one_stop.pickup(number);
        order.body["ProcedureCode"] = json!(PROCEDURE);
        let (status, label) = one_stop.order(&order);
        assert_eq!(status, 100);
        self.world.settle();
        label
    }

    pub(super) fn agency(&self) -> Staff {
        self.world.sign_in("haimu.tb1", "desk_agent")
    }

    pub(super) fn dossier(&self, number: &str) -> String {
        self.world.run(read::dossier_of(self.world.store(), number)).to_string()
    }

    pub(super) fn act(&self, number: &str, act: &Value) -> Value {
        let recorded = self.agency().act(&self.dossier(number), act).expect(201).json();
        self.world.settle();
        recorded
    }

    /// An order whose envelope the post took in and whose lodging the desk signed on paper.
    pub(super) fn lodged(&mut self, client: &str, number: &str, desk: &str) {
        let label = self.order(client, number);
        let taken = self.carrier.take_in(&label, 0);
        let answer = self.carrier.deposit(&self.world.http, &taken.bytes);
        answer.expect("an answer").expect(200);
        self.world.settle();
        let staff = self.world.sign_in(desk, "desk_agent");
        staff
            .act(&self.dossier(number), &json!({ "act": "lodged" }))
            .expect(201);
        self.world.settle();
    }

    /// An envelope goes from the citizen to the courier to the desk, signed by both.
    pub(super) fn carried_to_the_desk(&self, number: &str) {
        let label = self.order("AG30520", number);
        let what = TakeIn {
            item_code: &label,
            item_kind: None,
            seal: "NP-0001",
            paper_count: 3,
        };
        self.courier.sync();
        self.courier
            .core
            .take_in(&what, &Manner::of(Hat::Carrier))
            .expect("recorded");
        self.courier
            .hand_over(Hat::Carrier, &self.desk, Hat::DeskAgent, &[&label]);
        self.both_sync();
    }

    /// The result goes back the same way, into the citizen's hands.
    pub(super) fn returned(&self, result: &str) {
        self.desk.sync();
        self.courier.sync();
        self.desk
            .hand_over(Hat::DeskAgent, &self.courier, Hat::Carrier, &[result]);
        self.courier
            .core
            .deliver(result, Recipient::Addressee, 1, &Manner::of(Hat::Carrier))
            .expect("recorded");
        self.both_sync();
    }

    fn both_sync(&self) {
        self.courier.sync();
        self.desk.sync();
        self.world.settle();
    }
}

pub(super) fn asked(staff: &Staff, report: &str, query: &str) -> Answer {
    staff.get(&format!("/api/v1/reports/{report}?{query}"))
}

/// A report of the quarter, as known now.
pub(super) fn made(staff: &Staff, report: &str) -> Value {
    asked(staff, report, QUARTER).expect(200).json()
}
