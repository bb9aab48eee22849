//! The main job: an order arrives over the province's bus, is assigned by location, a courier without a network takes the
//! envelope, the desk receives it, the result comes back, and the citizen follows it on a page.

use crate::citizen::Citizen;
use domain::hat::Hat;
use e2e::{Backend, Lgsp, Phone, World, both};
use entity::repo::reference::id_of;
use mobile_ffi::core::{Manner, Recipient, TakeIn};
use serde_json::{Value, json};

both!(one_dossier_goes_the_whole_way_and_everybody_sees_it);

const NUMBER: &str = "H01.30520-261123-0001";
const MINUTE: i64 = 60_000;

fn one_dossier_goes_the_whole_way_and_everybody_sees_it(backend: Backend) {
    let story = Story::begin(backend);
    let envelope = story.an_order_arrives();
    let (courier, login) = story.it_is_assigned_by_location(&envelope);
    story.the_envelope_changes_hands_without_a_network(courier, &envelope);
    story.both_phones_come_back(courier, &envelope);
    let result = story.the_desk_decides();
    let carrier = story.the_result_is_assigned(&result);
    story.the_result_is_delivered(carrier, &result);
    story.the_feed_told_every_step(&envelope, &result);
    story.the_citizen_read_no_name(&login);
}

struct Story {
    world: World,
    one_stop: Lgsp,
    desk: Phone,
    couriers: Vec<(String, Phone)>,
}

impl Story {
    fn begin(backend: Backend) -> Self {
        let world = World::on_leash(backend);
        let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
        let desk = world.phone(&supervisor, "haimu.tb1");
        let couriers = (1..=5).map(|n| format!("buuta{n:02}"));
        let couriers = couriers
            .map(|login| (login.clone(), world.phone(&supervisor, &login)))
            .collect();
        Self {
            one_stop: world.one_stop("AG30520"),
            world,
            desk,
            couriers,
        }
    }

    /// Time passes for everybody.
    fn pass(&self, minutes: i64) {
        self.world.advance(minutes * MINUTE);
        for phone in self.couriers.iter().map(|(_, phone)| phone).chain([&self.desk]) {
            phone
                .host
                .advance(u64::try_from(minutes * MINUTE).expect("time runs forward"));
        }
    }

    fn citizen(&self) -> Citizen {
        Citizen::of_order(&self.world, NUMBER)
    }

    fn sees(&self, vietnamese: &str, english: &str) {
        self.citizen().sees(vietnamese, english);
    }

    fn an_order_arrives(&self) -> String {
        let order = self.one_stop.pickup(NUMBER);
        let (status, envelope) = self.one_stop.order(&order);
        assert_eq!(status, 100);
        assert_eq!(
            self.one_stop.order(&order),
            (100, envelope.clone()),
            "the same order again is the same order"
        );
        self.world.settle();
        self.sees("Đang chuẩn bị hồ sơ", "Being prepared");
        envelope
    }

    fn it_is_assigned_by_location(&self, envelope: &str) -> (&Phone, String) {
        let stop = self.stop_of(envelope);
        let (login, phone) =
            stop.unwrap_or_else(|| panic!("nobody of Tịnh Biên has the stop; not placed: {}", self.unplaced()));
        let work = phone.core.work().expect("the work pack is on the phone");
        let stop = &work
            .iter()
            .find(|stop| stop.assignment.item_code == envelope)
            .expect("the stop")
            .assignment;
        assert_eq!(
            (stop.commune_code.as_str(), stop.name.as_str()),
            ("30520", "Nguyễn Thị Mẫu")
        );
        (phone, login.clone())
    }

    fn unplaced(&self) -> String {
        self.world
            .sign_in("dieuphoi.tb", "post_supervisor")
            .get("/api/v1/dispatch/unplaced")
            .text()
    }

    fn stop_of(&self, item_code: &str) -> Option<(&String, &Phone)> {
        let mut told = self.couriers.iter().filter(|(_, phone)| {
            phone.sync();
            phone
                .core
                .work()
                .expect("the work pack is on the phone")
                .iter()
                .any(|stop| stop.assignment.item_code == item_code)
        });
        let one = told.next();
        assert!(told.next().is_none(), "one stop, one courier");
        one.map(|(login, phone)| (login, phone))
    }

    fn the_envelope_changes_hands_without_a_network(&self, courier: &Phone, envelope: &str) {
        self.desk.sync();
        for phone in [courier, &self.desk] {
            phone.network.set_online(false);
        }
        let asked = (courier.network.requests(), self.desk.network.requests());
        self.pass(40);
        assert!(courier.core.scan(envelope).expect("a label").to_fetch);
        let what = TakeIn {
            item_code: envelope,
            item_kind: None,
            seal: "NP-0001",
            paper_count: 3,
        };
        courier
            .core
            .take_in(&what, &Manner::of(Hat::Carrier))
            .expect("recorded");
        self.pass(35);
        let done = courier.hand_over(Hat::Carrier, &self.desk, Hat::DeskAgent, &[envelope]);
        assert_eq!(done.item_codes.len(), 1);
        assert_eq!(
            (courier.network.requests(), self.desk.network.requests()),
            asked,
            "nobody asked the server"
        );
        assert!(courier.core.sync(&courier.network).is_err(), "there is no network");
        self.world.settle();
        self.sees("Đang chuẩn bị hồ sơ", "Being prepared");
    }

    fn both_phones_come_back(&self, courier: &Phone, envelope: &str) {
        self.pass(90);
        for phone in [courier, &self.desk] {
            assert!(phone.unsent() > 0);
            phone.network.set_online(true);
            phone.sync();
            assert_eq!(phone.unsent(), 0);
        }
        self.world.settle();
        self.sees(
            "Đã nộp tại cơ quan, chờ tiếp nhận",
            "Lodged with the agency, to be examined",
        );
        let item = self.desk_reads(&format!("/api/v1/items/{envelope}"));
        assert_eq!(
            (&item["state"], &item["disputed"], &item["provisional"]),
            (&json!("C8"), &json!(false), &json!(false))
        );
        assert_eq!(
            item["holder"],
            json!(format!("agency:{}", id_of("agency", "AG-UB-30520")))
        );
    }

    fn desk_reads(&self, path: &str) -> Value {
        self.world
            .sign_in("haimu.tb1", "desk_agent")
            .get(path)
            .expect(200)
            .json()
    }

    fn desk_records(&self, act: &Value) -> Value {
        let dossier = self.citizen().dossier;
        let recorded = self
            .world
            .sign_in("haimu.tb1", "desk_agent")
            .act(&dossier, act)
            .expect(201)
            .json();
        self.world.settle();
        recorded
    }

    fn the_desk_decides(&self) -> String {
        self.pass(10);
        self.desk_records(&json!({ "act": "received", "code": "H01.30520-261123-0001" }));
        self.sees("Cơ quan đã tiếp nhận", "Accepted by the agency");
        self.pass(10);
        self.desk_records(&json!({ "act": "processing" }));
        self.sees("Cơ quan đang giải quyết", "Being processed");
        self.pass(30);
        let resolved = self.desk_records(&json!({ "act": "resolved", "outcome": "granted" }));
        self.sees("Đã có kết quả", "The result is ready");
        resolved["result_item_code"]
            .as_str()
            .expect("the result goes by post and has a label")
            .to_owned()
    }

    fn the_result_is_assigned(&self, result: &str) -> &Phone {
        self.stop_of(result).expect("somebody delivers it").1
    }

    fn the_result_is_delivered(&self, carrier: &Phone, result: &str) {
        self.desk.hand_over(Hat::DeskAgent, carrier, Hat::Carrier, &[result]);
        carrier.sync();
        self.desk.sync();
        self.world.settle();
        self.sees("Bưu điện đang chuyển kết quả", "The result is with the post");
        self.pass(50);
        carrier
            .core
            .deliver(result, Recipient::Addressee, 1, &Manner::of(Hat::Carrier))
            .expect("recorded");
        carrier.sync();
        self.world.settle();
        self.sees("Đã trả kết quả", "You have the result");
        self.pass(5);
        self.desk_records(&json!({ "act": "return_confirmed" }));
        self.sees("Đã trả kết quả", "You have the result");
    }

    fn the_feed_told_every_step(&self, envelope: &str, result: &str) {
        let one_stop = self.world.one_stop("AG30520");
        let rows = one_stop.tracking_from(Lgsp::START, 2);
        assert_eq!(
            rows,
            one_stop.tracking_from(Lgsp::START, 50),
            "pages of any size are one feed"
        );
        let ids: Vec<u64> = rows
            .iter()
            .map(|row| u64::from_str_radix(&Lgsp::row_id(row), 16).expect("hex"))
            .collect();
        assert!(
            ids.windows(2).all(|pair| pair[1] == pair[0] + 1),
            "without gaps: {ids:?}"
        );
        let told = |label: &str| -> Vec<i64> {
            let mine = rows.iter().filter(|row| row["ItemCode"] == json!(label));
            mine.map(|row| row["StatusCode"].as_i64().expect("a number")).collect()
        };
        assert_eq!(told(envelope), [20, 20, 70, 100], "{rows:?}");
        assert_eq!(told(result), [20, 70, 100], "{rows:?}");
        let times: Vec<i64> = rows
            .iter()
            .map(|row| row["EventTime"].as_i64().expect("a number"))
            .collect();
        assert!(
            times.is_sorted(),
            "each step at its own hour, not at the hour of the sync: {times:?}"
        );
        assert!(rows.iter().all(|row| row["OrderNumber"] == json!(NUMBER)));
        assert!(
            self.world.one_stop("AGHCC01").tracking(Lgsp::START, 50).is_empty(),
            "another client sees none of it"
        );
    }

    fn the_citizen_read_no_name(&self, login: &str) {
        let staff = std::fs::read_to_string("../data/an-giang/couriers.json").expect("the province");
        let staff: Vec<Value> = serde_json::from_str(&staff).expect("a list");
        let courier = staff
            .iter()
            .find(|row| row["login"] == json!(login))
            .expect("the courier");
        let name = courier["name"].as_str().expect("a name");
        self.citizen()
            .reads_nothing_of(&["Nguyễn Thị Mẫu", "0912345678", "+84912345678", "Tôn Đức Thắng", name]);
    }
}
