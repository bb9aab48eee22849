//! From the inbox to the projections: verify, number and fold, one leader, one step after the other.

use crate::phone::milliseconds;
use crate::table::{Goal, Table, rate};
use custody::envelope::{Envelope, Signer, SoftSigner};
use custody::kind::Kind;
use domain::hat::Hat;
use domain::ids::AgencyId;
use domain::mode::Mode;
use e2e::{Device, World};
use entity::inbox::{Fact, deposit};
use entity::project::Projector;
use entity::repo::intake::{Applicant, NewOrder, Placing, place};
use entity::repo::reference::id_of;
use entity::sequencer::Leader;
use std::time::{Duration, Instant};

const ITEMS: usize = 400;
/// What happens to each item: taken in, one failed attempt, delivered.
const EACH: usize = 3;

/// How many signatures one core checks.
pub(crate) fn signatures(table: &mut Table) {
    let mut device = Device::new(Hat::Carrier);
    let sealed: Vec<_> = (0..500).map(|_| device.note(0)).collect();
    let key = device.key();
    let began = Instant::now();
    for sealed in &sealed {
        Envelope::parse(&sealed.bytes)
            .expect("readable")
            .verify(&key)
            .expect("genuine");
    }
    table.note(
        "signatures read and checked on one core",
        rate(sealed.len(), began.elapsed()),
        "a second",
    );
    let signer = SoftSigner::from_bytes(&[7; 32]).expect("a key");
    let began = Instant::now();
    for n in 0..500_u32 {
        signer.sign(&n.to_be_bytes()).expect("signs");
    }
    table.note("signatures made on one core", rate(500, began.elapsed()), "a second");
}

/// Measures; milliseconds of one event.
pub(crate) fn measure(table: &mut Table, world: &World, about: &str) -> f64 {
    let mut device = Device::new(Hat::Carrier);
    let code = world.sign_in("dieuphoi.tb", "post_supervisor").code_for("buuta01");
    world
        .http
        .post("/api/v1/devices/enrol", &[], &device.enrolment(&code))
        .expect(200);
    let labels: Vec<String> = (0..ITEMS).map(|n| placed(world, n)).collect();
    world.settle();
    // A day: all are taken in, then nobody is at home, then all are delivered. No batch has two events of one item.
    let taken: Vec<_> = labels.iter().map(|label| device.take_in(label, 0)).collect();
    let mut events: Vec<Vec<u8>> = taken.iter().map(|taken| taken.bytes.clone()).collect();
    let mut heads: Vec<_> = taken.iter().map(|taken| taken.id).collect();
    for kind in [Kind::AttemptFailed, Kind::Deliver] {
        for (label, head) in labels.iter().zip(&mut heads) {
            let sealed = device.one_party(kind, label, *head, 0);
            *head = sealed.id;
            events.push(sealed.bytes);
        }
    }
    for batch in events.chunks(200) {
        world.advance(1);
        let facts = batch.iter().map(|bytes| Fact::from_bytes(bytes.clone())).collect();
        world
            .run(deposit(world.store(), format!("device:{}", device.id()), facts))
            .expect("stored");
    }
    let took = world.run(drain(world));
    let delivered = world.run(e2e::read::number(
        world.store(),
        "SELECT COUNT(*) FROM item_custody WHERE state = 'C8' AND holder = 'citizen'",
    ));
    assert!(
        delivered >= i64::try_from(ITEMS).unwrap_or(i64::MAX),
        "{delivered} delivered"
    );
    table.goal(
        format!("{about}: verify, number and fold"),
        rate(ITEMS * EACH, took),
        "events/s",
        Goal::AtLeast(500.0),
    );
    milliseconds(took) / f64::from(u32::try_from(ITEMS * EACH).unwrap_or(u32::MAX))
}

async fn drain(world: &World) -> Duration {
    let leader = Leader::try_take(world.store(), Projector::new(&world.keys)).await;
    let mut leader = leader.expect("the database works").expect("nobody else leads");
    let began = Instant::now();
    let progress = leader.drain().await.expect("folded");
    assert!(progress.applied >= u64::try_from(ITEMS * EACH).unwrap_or(u64::MAX));
    began.elapsed()
}

fn placed(world: &World, n: usize) -> String {
    let order = NewOrder {
        operator: entity::repo::reference::FIRST_OPERATOR,
        client: Some(domain::ids::ClientId(id_of("lgsp_client", "AG30520"))),
        customer_code: "AG30520".to_owned(),
        order_number: format!("bench-{n}"),
        digest: [0; 32],
        mode: Mode::Send,
        agency: AgencyId(id_of("agency", "AG-UB-30520")),
        desk: None,
        procedure: None,
        case: None,
        channel: None,
        applicant: Applicant {
            name: "Nguyễn Thị Mẫu".to_owned(),
            ..Applicant::default()
        },
        paper_count: 0,
        weight_g: None,
        cod_amount: 0,
        body: serde_json::json!({}),
        label: None,
        office: None,
        needs_pickup: false,
        receiver: None,
    };
    match world.run(place(world.store(), &world.keys, order)).expect("placed") {
        Placing::New(placed) => placed.item_code.to_string(),
        other => panic!("{other:?}"),
    }
}
