//! Two couriers meet where there is no network; later only one of them ever comes back. The real server then holds the whole
//! hand-over, with both signatures, whichever of the two it was.

use custody::envelope::Envelope;
use custody::handover::frame::{Collector, Frame, split};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use e2e::{Backend, Phone, World, both};
use entity::repo::reference::id_of;
use entity::table::inbox;
use mobile_ffi::core::{Manner, Seen, TakeIn};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

both!(
    three_envelopes_are_handed_over_on_the_server_whichever_phone_alone_syncs,
    sixty_envelopes_in_a_bag_are_handed_over_on_the_server_whichever_phone_alone_syncs,
);

const CARRIER: Hat = Hat::Carrier;
const SEAL: &str = "NP-0001";

fn three_envelopes_are_handed_over_on_the_server_whichever_phone_alone_syncs(backend: Backend) {
    for giver_syncs in [true, false] {
        let meeting = Meeting::of(backend, 3);
        let codes: Vec<&str> = meeting.codes.iter().map(String::as_str).collect();
        let seen: Vec<Seen> = codes.iter().map(|code| read(code)).collect();
        meeting.hand_over(&codes, &seen);
        meeting.only_one_comes_back(giver_syncs);
        meeting.the_server_has_one_hand_over();
        for code in &codes {
            let item = meeting.boss(&format!("/api/v1/items/{code}"));
            assert_eq!(item["holder"], json!(meeting.receiver_party()), "{item}");
        }
    }
}

fn sixty_envelopes_in_a_bag_are_handed_over_on_the_server_whichever_phone_alone_syncs(backend: Backend) {
    for giver_syncs in [true, false] {
        let meeting = Meeting::of(backend, 60);
        let codes: Vec<&str> = meeting.codes.iter().map(String::as_str).collect();
        let bag = ItemCode::from_serial("EE", 99_000_001, "VN")
            .expect("a label")
            .to_string();
        meeting
            .giver
            .core
            .pack(&bag, SEAL, &codes, &Manner::of(CARRIER))
            .expect("packs");
        meeting.hand_over(&[&bag], &[read(&bag)]);
        meeting.only_one_comes_back(giver_syncs);
        meeting.the_server_has_one_hand_over();
        let bags = meeting.boss("/api/v1/bags");
        let items = bags["bags"][0]["items"].as_array().expect("a list");
        assert_eq!((&bags["bags"][0]["id"], items.len()), (&json!(bag), 60));
        let with_the_receiver = |item: &&Value| item["holder"] == json!(meeting.receiver_party());
        assert_eq!(items.iter().filter(with_the_receiver).count(), 60, "{bags}");
    }
}

/// A label and the number on its seal, both read.
fn read(label: &str) -> Seen {
    Seen {
        seal: Some(SEAL.to_owned()),
        ..Seen::intact(label)
    }
}

/// A message as the other phone's camera gets it.
fn shown(message: &[u8]) -> Vec<u8> {
    let mut collector = Collector::default();
    let pictures: Vec<Vec<u8>> = split(message).expect("fits").iter().map(Frame::encode).collect();
    let whole = pictures.iter().rev().find_map(|picture| {
        let frame = Frame::decode(picture).expect("a picture of ours");
        collector.add(frame).expect("belongs together")
    });
    whole.expect("every picture was shown")
}

struct Meeting {
    world: World,
    giver: Phone,
    receiver: Phone,
    codes: Vec<String>,
}

impl Meeting {
    /// Both were in the office in the morning; the giver has fetched so many envelopes since.
    fn of(backend: Backend, count: u32) -> Self {
        let world = World::on_leash(backend);
        let boss = world.sign_in("dieuphoi.tb", "post_supervisor");
        let agent = world.sign_in("quay.tb", "post_agent");
        let announced = |slip: u32| {
            let agency = id_of("agency", "AG-UB-30520");
            let body = json!({ "mode": "send", "agency_id": agency, "slip_number": format!("TB-{slip}"), "paper_count": 3,
                "applicant": { "name": "Nguyễn Thị Mẫu", "phone": "0912345678", "address": "ấp Mẫu" } });
            let made = agent.post("/api/v1/intakes", &body).expect(201).json();
            made["item_code"].as_str().expect("a label").to_owned()
        };
        let codes: Vec<String> = (1..=count).map(announced).collect();
        world.settle();
        let [giver, receiver] = ["buuta01", "buuta02"].map(|login| world.phone(&boss, login));
        for phone in [&giver, &receiver] {
            phone.sync();
            phone.network.set_online(false);
        }
        for code in &codes {
            let what = TakeIn {
                item_code: code,
                item_kind: Some(ItemKind::DossierToAgency),
                seal: SEAL,
                paper_count: 3,
            };
            giver.core.take_in(&what, &Manner::of(CARRIER)).expect("recorded");
        }
        Self {
            world,
            giver,
            receiver,
            codes,
        }
    }

    /// The three scans and the way of the envelopes, by camera. Each sees who the other is first.
    fn hand_over(&self, codes: &[&str], seen: &[Seen]) {
        let (giver, receiver) = (&self.giver.core, &self.receiver.core);
        let hello = shown(&receiver.hello(CARRIER).expect("hello"));
        let offer = giver.offer(&hello, codes, &Manner::of(CARRIER)).expect("offer");
        let offer = shown(&offer.picture);
        let [to, from] = [giver.who_is(&hello), receiver.who_is(&offer)].map(|peer| peer.expect("a colleague"));
        assert_eq!(
            (to.party.to_string(), from.offered),
            (self.receiver_party(), Some(codes.len()))
        );
        let accept = receiver.accept(&offer, seen, &[]).expect("accept");
        let release = giver.release(&shown(&accept.envelope)).expect("green");
        let done = receiver.finish(&shown(&release.envelope)).expect("finish");
        let trail = shown(&giver.trail(done.handover_id).expect("trail"));
        receiver.keep_trail(done.handover_id, &trail).expect("keeps");
    }

    fn receiver_party(&self) -> String {
        let own = self.receiver.core.credential().expect("reads").expect("enrolled");
        own.party(CARRIER).expect("a courier").to_string()
    }

    fn only_one_comes_back(&self, giver_syncs: bool) {
        let one = if giver_syncs { &self.giver } else { &self.receiver };
        one.network.set_online(true);
        one.sync();
        self.world.settle();
    }

    fn boss(&self, path: &str) -> Value {
        let boss = self.world.sign_in("dieuphoi.tb", "post_supervisor");
        boss.get(path).expect(200).json()
    }

    /// One hand-over of every envelope, complete, and both sides' signatures among what was stored verbatim.
    fn the_server_has_one_hand_over(&self) {
        let lines = self.codes.len();
        let listed = self.boss("/api/v1/handovers");
        let all = listed["handovers"].as_array().expect("a list");
        assert_eq!(all.len(), 1, "{listed}");
        let minutes = self.boss(&format!("/api/v1/handovers/{}", all[0]["id"].as_str().expect("an id")));
        assert_eq!(
            (&minutes["standing"], &minutes["offered"], &minutes["taken"]),
            (&json!("complete"), &json!(lines), &json!(lines))
        );
        let stored = self.world.run(inbox::Entity::find().all(self.world.store().open()));
        let stored = stored.expect("reads");
        let by = |kind: Kind, phone: &Phone| {
            let signed = stored.iter().filter_map(|row| Envelope::parse(&row.raw).ok());
            let signed = signed.filter(|envelope| envelope.event().kind == kind);
            signed
                .filter(|envelope| envelope.verify(&phone.core.public_key()).is_ok())
                .count()
        };
        let signatures = [
            by(Kind::Offer, &self.giver),
            by(Kind::Accept, &self.receiver),
            by(Kind::Release, &self.giver),
        ];
        assert_eq!(signatures, [1, 1, 1], "offer, acceptance and release");
    }
}
