//! A device's chain, kept event by event, says what the rule says of the whole set.

use crate::support::{Chance, fresh, lead, put};
use crate::world::{COURIER, World, code, line};
use custody::chain::{Link, judge};
use custody::event::Event;
use custody::ids::EventId;
use custody::kind::Kind;
use entity::inbox::Fact;
use entity::repo::device;
use entity::table::custody_event;
use entity::testing::Backend;
use sea_orm::EntityTrait;

/// Events of one device with small random numbers and predecessors: gaps, forks and breaks in plenty.
fn random_chain(world: &mut World, chance: &mut Chance) -> Vec<(Link, Fact)> {
    let mut made: Vec<(Link, Fact)> = Vec::new();
    for _ in 0..=chance.below(9) {
        let seq = 1 + chance.below(5) as u64;
        let before: Vec<EventId> = made
            .iter()
            .filter(|(link, _)| link.seq + 1 == seq)
            .map(|(link, _)| link.id)
            .collect();
        let prev = match chance.below(8) {
            0 => EventId([9; 32]),
            _ if seq == 1 => EventId::ZERO,
            _ if before.is_empty() => EventId([8; 32]),
            _ => before[chance.below(before.len())],
        };
        let handover = world.handover();
        let draft = world.draft(COURIER, Kind::Note, handover);
        let fact = world.seal(
            COURIER,
            &Event {
                seq,
                prev,
                items: vec![line(&code(1), EventId::ZERO)],
                ..draft
            },
        );
        made.push((Link { seq, id: fact.id, prev }, fact));
    }
    made
}

async fn what_is_kept_of_a_chain_agrees_with_the_rule_for_any_set_in_any_order(backend: Backend) {
    let rounds = if backend == Backend::Sqlite { 100 } else { 15 };
    let db = fresh(backend).await;
    let mut leader = None;
    for seed in 0..rounds {
        let mut chance = Chance::new(seed);
        let mut world = World::new();
        // A device of its own for each seed, all in one store.
        let mut key = [7; 32];
        key[..8].copy_from_slice(&(seed + 1).to_be_bytes());
        world.people[COURIER].signer = custody::envelope::SoftSigner::from_bytes(&key).expect("a key");
        let mut chain = random_chain(&mut world, &mut chance);
        chance.shuffle(&mut chain);
        // Half of the devices are enrolled only after their events.
        world.enrol(COURIER);
        let enrolment = world.facts.pop().expect("the enrolment");
        let at = if chance.below(2) == 0 {
            0
        } else {
            chance.below(chain.len() + 1)
        };
        let mut facts: Vec<Fact> = chain.iter().map(|(_, fact)| fact.clone()).collect();
        facts.insert(at, enrolment);
        // One key signs all these acts.
        drop(leader.take());
        let mut now = lead_again(&db.store, &world).await;
        for fact in &facts {
            put(&db.store, std::slice::from_ref(fact)).await;
            now.drain().await.expect("folded");
        }
        leader = Some(now);

        let links: Vec<Link> = chain.iter().map(|(link, _)| *link).collect();
        let rule = judge(&links);
        let id = world.people[COURIER].device();
        let kept = device::by_id(db.store.read(), id)
            .await
            .expect("readable")
            .expect("enrolled");
        let number = |n: Option<u64>| n.map(u64::cast_signed);
        assert_eq!(kept.contiguous.cast_unsigned(), rule.contiguous, "seed {seed}");
        assert_eq!(kept.fork_at, number(rule.fork_at), "fork, seed {seed}: {links:?}");
        assert_eq!(kept.broken_at, number(rule.broken_at), "break, seed {seed}: {links:?}");
        let missing: Vec<(i64, i64)> = rule
            .missing
            .iter()
            .map(|range| (range.start().cast_signed(), range.end().cast_signed()))
            .collect();
        assert_eq!(
            device::missing(db.store.read(), &kept, 100).await.expect("readable"),
            missing,
            "seed {seed}"
        );
        for link in links {
            let row = custody_event::Entity::find_by_id(link.id.0.to_vec())
                .one(db.store.read())
                .await
                .expect("readable");
            let verdict = row.expect("each event is there").verdict;
            assert_eq!(
                verdict != "ok",
                rule.quarantines(link.seq),
                "seed {seed}: {link:?} is {verdict}"
            );
        }
    }
}

async fn lead_again(store: &entity::Store, world: &World) -> entity::sequencer::Leader {
    loop {
        let projector = entity::project::Projector::new(&world.keys);
        if let Some(leader) = entity::sequencer::Leader::try_take(store, projector)
            .await
            .expect("answers")
        {
            return leader;
        }
    }
}

/// The count 0 is impossible; it must not bring down the events that are in order.
async fn an_impossible_number_harms_no_other_event_of_its_device(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::new();
    world.enrol_all();
    world.prepare(&db.store).await;
    world.item_created(&code(1), domain::item::ItemKind::DossierToAgency);
    let handover = world.handover();
    let draft = world.draft(COURIER, Kind::Note, handover);
    for seq in [0, u64::MAX] {
        let fact = world.seal(COURIER, &Event { seq, ..draft.clone() });
        world.facts.push(fact);
    }
    world.one_party(COURIER, Kind::TakeIn, &code(1), EventId::ZERO);
    put(&db.store, &world.facts).await;
    let mut leader = lead(&db.store, &world.keys).await;
    leader.drain().await.expect("folded");
    assert_eq!(crate::world::item(&db.store, &code(1)).await.state, "C2");
    let id = world.people[COURIER].device();
    let kept = device::by_id(db.store.read(), id)
        .await
        .expect("readable")
        .expect("enrolled");
    assert_eq!(
        (kept.contiguous, kept.seq_max, kept.fork_at, kept.broken_at),
        (1, 1, None, None)
    );
}

both!(
    what_is_kept_of_a_chain_agrees_with_the_rule_for_any_set_in_any_order,
    an_impossible_number_harms_no_other_event_of_its_device,
);
