//! Who delivers is decided anew each time an item comes to lie at an office on its way out, and once each time.

use crate::phone::{Phone, put};
use crate::support::{COUNTER_NB, COUNTER_TB, Desk, HOUR_MS, NHA_BANG, RECEIVER, TINH_BIEN, staff_id};
use custody::ids::EventId;
use custody::kind::Kind;
use domain::hat::Hat;
use domain::item_code::ItemCode;
use domain::mode::Mode;
use entity::inbox::Fact;
use entity::project::Projector;
use entity::rebuild::rebuild;
use entity::repo::{assignment, finding};
use entity::testing::Backend;
use serde_json::json;

both!(
    an_item_that_comes_to_another_office_is_delivered_by_a_courier_of_that_office,
    whoever_was_told_before_the_item_came_keeps_it,
    a_failed_delivery_is_given_out_again_once_two_working_days_later,
    an_item_whose_deliveries_failed_waits_for_the_dispatcher,
    what_is_held_for_collection_is_not_sent_out_again,
    a_new_address_is_the_dispatchers_to_place,
    a_second_delivery_that_finds_nobody_is_on_the_list_until_somebody_has_room,
    a_need_that_came_to_nothing_is_found_and_closed,
);

const HERE: &str = "12 khóm Xuân Hoà, phường Tịnh Biên, tỉnh An Giang";
/// A courier of Tịnh Biên by number: their shift in hours, and how many stops they take.
const fn of_tinh_bien(number: u128, from: i64, to: i64, capacity: i64) -> Courier {
    (number, TINH_BIEN, from * 60, to * 60, capacity)
}

type Courier = (u128, domain::ids::ServicePointId, i64, i64, i64);

/// A result on its way from the agency to a citizen of Tịnh Biên, and everybody who may have it in hand.
struct Journey {
    desk: Desk,
    item: ItemCode,
    head: EventId,
    told: Vec<Fact>,
}

impl Journey {
    async fn begin(backend: Backend, couriers: &[Courier]) -> Self {
        let desk = Desk::with_couriers(backend, couriers).await;
        let placed = desk.order_of(Mode::Return, 1, HERE).await;
        desk.settle().await;
        Self {
            desk,
            item: placed.item_code,
            head: EventId::ZERO,
            told: Vec::new(),
        }
    }

    async fn phone(&self, who: domain::ids::StaffId, hat: Hat) -> Phone {
        Phone::enrol(&self.desk, who, hat).await
    }

    async fn courier(&self, number: u128) -> Phone {
        self.phone(staff_id(number), Hat::Carrier).await
    }

    async fn counter(&self) -> Phone {
        self.phone(COUNTER_TB, Hat::PostAgent).await
    }

    /// The item goes from hand to hand, and the office knows.
    async fn goes(&mut self, from: &mut Phone, to: &mut Phone) {
        let facts = from.hand_over(&self.desk, to, &self.item, self.head);
        self.head = facts[1].id;
        self.happens(facts.into()).await;
    }

    /// Whoever has the item does something to it.
    async fn is(&mut self, kind: Kind, by: &mut Phone) {
        let fact = by.act(&self.desk, kind, &self.item, self.head);
        self.head = fact.id;
        self.happens(vec![fact]).await;
    }

    async fn happens(&mut self, facts: Vec<Fact>) {
        self.told.extend(facts.clone());
        put(&self.desk, facts).await;
        self.desk.settle().await;
    }

    /// Hours pass, and whatever is due is done.
    async fn hours(&self, hours: i64) {
        self.desk.clock.advance(hours * HOUR_MS);
        self.desk.settle().await;
    }

    /// Everything is sent again, every job is looked for again, and the log is folded again.
    async fn repeat(&self) {
        put(&self.desk, self.told.clone()).await;
        self.desk.push("sweep", json!({})).await;
        self.desk.settle().await;
        let compared = rebuild(self.desk.store(), &Projector::new(&self.desk.keys))
            .await
            .expect("folded again");
        assert!(compared.iter().all(entity::rebuild::Compared::is_same), "{compared:?}");
        self.desk.settle().await;
    }

    /// How often somebody was told to deliver, and who is now: their number and office.
    async fn deliveries(&self) -> (i64, Option<(u128, domain::ids::ServicePointId)>) {
        let standing = assignment::standing(self.desk.store().read(), &self.item, "deliver")
            .await
            .expect("answered");
        let number = |id: uuid::Uuid| id.as_u128() - staff_id(0).0.as_u128();
        (
            self.desk.count("assignment", "leg = 'deliver'").await,
            standing.map(|row| (number(row.staff_id), row.service_point_id.into())),
        )
    }

    /// The dispatcher's list: reasons and since when.
    async fn listed(&self) -> Vec<(String, i64)> {
        let rows = finding::unplaced(self.desk.store().read(), 10).await.expect("listed");
        rows.into_iter().map(|row| (row.reason, row.since)).collect()
    }

    async fn state(&self) -> Option<String> {
        self.desk.text("SELECT state FROM item_custody").await
    }

    /// What a courier's phone hears, in order.
    async fn heard(&self, number: u128) -> i64 {
        let phone = format!("recipient = 'staff:{}' AND body LIKE '%reassigned%'", staff_id(number));
        self.desk.count("change", &phone).await
    }

    /// The result is with the counter of Tịnh Biên; the first courier has brought it there.
    async fn arrives_at_counter(&mut self, first: &mut Phone, counter: &mut Phone) {
        let mut agency = self.phone(RECEIVER, Hat::AgencyReceiver).await;
        self.goes(&mut agency, first).await;
        self.goes(first, counter).await;
    }
}

async fn an_item_that_comes_to_another_office_is_delivered_by_a_courier_of_that_office(backend: Backend) {
    // Nobody of Tịnh Biên works in the morning, so a neighbour was told to help.
    let couriers = [of_tinh_bien(1, 13, 17, 9), (2, NHA_BANG, 7 * 60, 17 * 60, 9)];
    let mut journey = Journey::begin(backend, &couriers).await;
    assert_eq!(journey.deliveries().await, (1, Some((2, NHA_BANG))));
    let (mut two, mut counter) = (journey.courier(2).await, journey.counter().await);
    let mut other_counter = journey.phone(COUNTER_NB, Hat::PostAgent).await;
    journey.arrives_at_counter(&mut two, &mut other_counter).await;
    assert_eq!(
        journey.deliveries().await,
        (2, Some((2, NHA_BANG))),
        "they help once more"
    );

    journey.desk.clock.advance(4 * HOUR_MS);
    journey.goes(&mut other_counter, &mut counter).await;
    assert_eq!(journey.deliveries().await, (3, Some((1, TINH_BIEN))));
    assert_eq!((journey.heard(2).await, journey.heard(1).await), (2, 0));
    assert_eq!(journey.listed().await, []);
    let loads = assignment::loads(journey.desk.store().read()).await.expect("counted");
    assert_eq!(loads.into_iter().collect::<Vec<_>>(), [(staff_id(1), 1)]);

    journey.repeat().await;
    assert_eq!(journey.deliveries().await, (3, Some((1, TINH_BIEN))));
    // Out with the courier and delivered: what was decided has ended.
    let mut one = journey.courier(1).await;
    journey.goes(&mut counter, &mut one).await;
    journey.is(Kind::Deliver, &mut one).await;
    assert_eq!(
        (journey.state().await.as_deref(), journey.deliveries().await),
        (Some("C8"), (3, None))
    );
    assert!(
        assignment::loads(journey.desk.store().read())
            .await
            .expect("counted")
            .is_empty()
    );
}

async fn whoever_was_told_before_the_item_came_keeps_it(backend: Backend) {
    let couriers = [
        of_tinh_bien(1, 7, 17, 9),
        of_tinh_bien(3, 13, 17, 9),
        (2, NHA_BANG, 7 * 60, 17 * 60, 9),
    ];
    let mut journey = Journey::begin(backend, &couriers).await;
    let (mut two, mut counter) = (journey.courier(2).await, journey.counter().await);
    let mut other_counter = journey.phone(COUNTER_NB, Hat::PostAgent).await;
    // Somebody else than the courier who was told fetched it.
    journey.arrives_at_counter(&mut two, &mut other_counter).await;
    assert_eq!(journey.deliveries().await, (1, Some((1, TINH_BIEN))));
    journey.desk.order(2, HERE).await;
    // A colleague with less to do begins; the courier knows of the item already.
    journey.hours(4).await;
    journey.goes(&mut other_counter, &mut counter).await;
    assert_eq!(journey.deliveries().await, (1, Some((1, TINH_BIEN))));
    journey.repeat().await;
    assert_eq!(
        (journey.deliveries().await, journey.heard(1).await),
        ((1, Some((1, TINH_BIEN))), 0)
    );
}

async fn a_failed_delivery_is_given_out_again_once_two_working_days_later(backend: Backend) {
    let mut journey = Journey::begin(backend, &[of_tinh_bien(1, 7, 17, 9)]).await;
    let (mut one, mut counter) = (journey.courier(1).await, journey.counter().await);
    journey.arrives_at_counter(&mut one, &mut counter).await;
    assert_eq!(journey.deliveries().await, (2, Some((1, TINH_BIEN))));
    journey.goes(&mut counter, &mut one).await;
    journey.is(Kind::AttemptFailed, &mut one).await;
    assert_eq!(
        journey.deliveries().await,
        (2, Some((1, TINH_BIEN))),
        "it is in the bag"
    );
    journey.goes(&mut one, &mut counter).await;
    assert_eq!(
        (journey.state().await.as_deref(), journey.deliveries().await),
        (Some("C4"), (2, None))
    );

    // Monday it is, ten in the morning; until Wednesday nothing happens, however often anybody looks.
    journey.hours(37).await;
    journey.repeat().await;
    assert_eq!(
        (journey.deliveries().await, journey.listed().await),
        ((2, None), vec![])
    );
    assert_eq!(journey.desk.count("finding", "resolved_at IS NULL").await, 0);
    journey.hours(1).await;
    assert_eq!(journey.deliveries().await, (3, Some((1, TINH_BIEN))));
    journey.repeat().await;
    journey.hours(24).await;
    assert_eq!(journey.deliveries().await, (3, Some((1, TINH_BIEN))));
}

async fn an_item_whose_deliveries_failed_waits_for_the_dispatcher(backend: Backend) {
    let mut journey = Journey::begin(backend, &[of_tinh_bien(1, 7, 17, 9)]).await;
    let (mut one, mut counter) = (journey.courier(1).await, journey.counter().await);
    journey.arrives_at_counter(&mut one, &mut counter).await;
    // Two invitations, two working days apart.
    for _ in 0..2 {
        journey.goes(&mut counter, &mut one).await;
        journey.is(Kind::AttemptFailed, &mut one).await;
        journey.goes(&mut one, &mut counter).await;
        journey.hours(48).await;
    }
    let since = journey.desk.store().now_ms() - 48 * HOUR_MS;
    assert_eq!(journey.deliveries().await, (3, None));
    assert_eq!(journey.listed().await, [("deliveries_failed".to_owned(), since)]);
    journey.repeat().await;
    assert_eq!(
        (journey.deliveries().await, journey.listed().await.len()),
        ((3, None), 1)
    );
}

async fn what_is_held_for_collection_is_not_sent_out_again(backend: Backend) {
    let mut journey = Journey::begin(backend, &[of_tinh_bien(1, 7, 17, 9)]).await;
    let (mut one, mut counter) = (journey.courier(1).await, journey.counter().await);
    let mut other_counter = journey.phone(COUNTER_NB, Hat::PostAgent).await;
    journey.arrives_at_counter(&mut one, &mut counter).await;
    journey.goes(&mut counter, &mut one).await;
    journey.is(Kind::AttemptFailed, &mut one).await;
    journey.goes(&mut one, &mut counter).await;
    journey.is(Kind::Hold, &mut counter).await;
    journey.hours(48).await;
    journey.goes(&mut counter, &mut other_counter).await;
    journey.hours(48).await;
    journey.repeat().await;
    assert_eq!(journey.state().await.as_deref(), Some("C7"));
    assert_eq!(
        (journey.deliveries().await, journey.listed().await),
        ((2, None), vec![])
    );
    assert_eq!(
        journey
            .desk
            .count("outbox", "kind = 'assign' AND state <> 'done'")
            .await,
        0
    );
}

async fn a_new_address_is_the_dispatchers_to_place(backend: Backend) {
    let mut journey = Journey::begin(backend, &[of_tinh_bien(1, 7, 17, 9)]).await;
    let (mut one, mut counter) = (journey.courier(1).await, journey.counter().await);
    let mut other_counter = journey.phone(COUNTER_NB, Hat::PostAgent).await;
    journey.arrives_at_counter(&mut one, &mut counter).await;
    journey.is(Kind::Redirect, &mut counter).await;
    let listed = [("new_address".to_owned(), journey.desk.store().now_ms())];
    assert_eq!(journey.deliveries().await, (2, None), "nobody goes to the old address");
    assert_eq!(journey.listed().await, listed);
    journey.goes(&mut counter, &mut other_counter).await;
    journey.repeat().await;
    assert_eq!(
        (journey.deliveries().await, journey.listed().await),
        ((2, None), listed.to_vec())
    );
}

async fn a_second_delivery_that_finds_nobody_is_on_the_list_until_somebody_has_room(backend: Backend) {
    let mut journey = Journey::begin(backend, &[of_tinh_bien(1, 7, 17, 1)]).await;
    let (mut one, mut counter) = (journey.courier(1).await, journey.counter().await);
    journey.arrives_at_counter(&mut one, &mut counter).await;
    assert_eq!(
        journey.deliveries().await,
        (2, Some((1, TINH_BIEN))),
        "their own stop is no load"
    );
    journey.goes(&mut counter, &mut one).await;
    journey.is(Kind::AttemptFailed, &mut one).await;
    journey.goes(&mut one, &mut counter).await;
    // Another stop takes the only room before the day of the second visit.
    journey.desk.order(2, HERE).await;
    journey.hours(38).await;
    let since = journey.desk.store().now_ms();
    assert_eq!(journey.listed().await, [("all_full".to_owned(), since)]);
    journey.hours(8).await;
    assert_eq!(journey.listed().await, [("all_full".to_owned(), since)]);

    journey.desk.load(&[of_tinh_bien(1, 7, 17, 2)]).await;
    journey.desk.push("sweep", json!({})).await;
    journey.desk.settle().await;
    assert_eq!(
        (journey.deliveries().await, journey.listed().await),
        ((3, Some((1, TINH_BIEN))), vec![])
    );
}

async fn a_need_that_came_to_nothing_is_found_and_closed(backend: Backend) {
    let mut journey = Journey::begin(backend, &[of_tinh_bien(1, 7, 17, 9)]).await;
    let (mut one, mut counter) = (journey.courier(1).await, journey.counter().await);
    journey.arrives_at_counter(&mut one, &mut counter).await;
    // As a program with a fault would leave it: the job is done, and of its decision nothing is there.
    journey
        .desk
        .execute("DELETE FROM assignment WHERE ended_at IS NULL")
        .await;
    let open = async || {
        journey.desk.push("sweep", json!({})).await;
        journey.desk.settle().await;
        let rows = finding::open(journey.desk.store().read(), 10).await.expect("listed");
        rows.into_iter().map(|row| row.subject).collect::<Vec<_>>()
    };
    let subject = format!("item:{}:deliver:{}", journey.item, journey.head);
    assert_eq!(open().await, std::slice::from_ref(&subject));
    // Still open when the job is no longer among the recent ones.
    journey.desk.clock.advance(7 * 24 * HOUR_MS);
    assert_eq!(open().await, [subject]);
    let payload = json!({ "item_code": journey.item.as_str(), "leg": "deliver" });
    journey.desk.push("assign", payload).await;
    assert!(open().await.is_empty());
}
