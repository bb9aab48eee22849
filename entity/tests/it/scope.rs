//! Each pair of eyes sees its own dossiers and items, and of all others nothing.

use crate::intake::order;
use crate::support::{RECEIVED_MS, fresh, lead};
use crate::world::{CARRIER, COUNTER, COURIER, OFFICE, START_MS, World};
use custody::ids::EventId;
use custody::kind::Kind;
use domain::ids::{AgencyId, ClientId, DossierId, OperatorId, ServicePointId, StaffId};
use domain::item_code::ItemCode;
use domain::mode::Mode;
use entity::fence::FENCED;
use entity::repo::intake::{NewOrder, Placing, place};
use entity::repo::order_file::{self, NewFile};
use entity::repo::reference::FIRST_OPERATOR;
use entity::repo::{dossier, item};
use entity::scope::DAY_MS;
use entity::table::assignment;
use entity::testing::Backend;
use entity::{Scope, Store, StoreError};
use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel, Statement};
use serde_json::json;
use uuid::Uuid;

fn agency(n: u128) -> AgencyId {
    AgencyId(Uuid::from_u128(0xa00 + n))
}

fn client(n: u128) -> ClientId {
    ClientId(Uuid::from_u128(0xc00 + n))
}

const OTHER_OFFICE: ServicePointId = ServicePointId(Uuid::from_u128(0xff));

async fn assign(store: &Store, code: &ItemCode, dossier: DossierId, staff: StaffId, office: ServicePointId) {
    let row = assignment::Model {
        id: entity::clock::new_id(),
        item_id: custody::ids::ItemId::of(code.as_str()).0.to_vec(),
        dossier_id: dossier.0,
        leg: "pickup".to_owned(),
        staff_id: staff.0,
        service_point_id: office.0,
        why: "nearest".to_owned(),
        decided_at: 1,
        head: None,
        ended_at: None,
    };
    store
        .write(move |tx| {
            Box::pin(async move {
                row.into_active_model()
                    .insert(tx)
                    .await
                    .map(drop)
                    .map_err(StoreError::from)
            })
        })
        .await
        .expect("assigned");
}

/// Four dossiers: agencies 0 0 1 1, clients 0 1 0 and none. The first was handed to the office, the second is assigned to
/// the courier, the third was taken in by the carrier unasked, the fourth nobody has touched.
async fn each_pair_of_eyes_sees_its_own_and_nothing_else(backend: Backend) {
    let db = fresh(backend).await;
    let mut world = World::new();
    let mut all = Vec::new();
    for (n, (agency_n, client_n)) in [(0, Some(0)), (0, Some(1)), (1, Some(0)), (1, None)]
        .into_iter()
        .enumerate()
    {
        let new = NewOrder {
            agency: agency(agency_n),
            client: client_n.map(client),
            ..order(&format!("{n}"), 1, Mode::Both)
        };
        let Placing::New(placed) = place(&db.store, &world.keys, new).await.expect("answers") else {
            panic!("it is new")
        };
        all.push(placed);
    }
    world.enrol_all();
    let head = world.one_party(COURIER, Kind::TakeIn, &all[0].item_code, EventId::ZERO);
    world.hand_over(COURIER, COUNTER, &all[0].item_code, head);
    world.one_party(CARRIER, Kind::TakeIn, &all[2].item_code, EventId::ZERO);
    let (courier, carrier) = (world.people[COURIER].staff, world.people[CARRIER].staff);
    assign(&db.store, &all[1].item_code, all[1].dossier, courier, OTHER_OFFICE).await;
    crate::support::put(&db.store, &world.facts).await;
    lead(&db.store, &world.keys).await.drain().await.expect("folded");

    let nobody = Uuid::from_u128(0xdead);
    let table: Vec<(&str, Scope, &[usize])> = vec![
        ("jobs", Scope::everything(), &[0, 1, 2, 3]),
        ("agency 0", Scope::agency(agency(0)), &[0, 1]),
        ("agency 1", Scope::agency(agency(1)), &[2, 3]),
        ("client 0", Scope::client(client(0)), &[0, 2]),
        ("client 1", Scope::client(client(1)), &[1]),
        ("the courier: assigned", Scope::courier(courier, RECEIVED_MS), &[1]),
        ("the carrier: holding", Scope::courier(carrier, RECEIVED_MS), &[2]),
        ("the office: holding", Scope::service_point(OFFICE, RECEIVED_MS), &[0]),
        (
            "the other office: assigned",
            Scope::service_point(OTHER_OFFICE, RECEIVED_MS),
            &[1],
        ),
        (
            "the courier, on the day it was handed over",
            Scope::courier(courier, START_MS + DAY_MS / 2),
            &[0, 1],
        ),
        (
            "and two days later",
            Scope::courier(courier, START_MS + 2 * DAY_MS),
            &[1],
        ),
        ("the operator", Scope::operator(FIRST_OPERATOR), &[0, 1, 2, 3]),
        ("another operator", Scope::operator(OperatorId(nobody)), &[]),
        ("nobody in particular", Scope::nothing(), &[]),
        ("a citizen", Scope::dossier(all[3].dossier), &[3]),
        ("a stranger of each kind", Scope::agency(AgencyId(nobody)), &[]),
        ("", Scope::client(ClientId(nobody)), &[]),
        ("", Scope::courier(StaffId(nobody), RECEIVED_MS), &[]),
        ("", Scope::service_point(ServicePointId(nobody), RECEIVED_MS), &[]),
        ("", Scope::dossier(DossierId(nobody)), &[]),
    ];
    for (who, scope, seen) in table {
        let store = &db.store;
        let db = &store.see(&scope).await.expect("a look");
        let mut expected: Vec<Uuid> = seen.iter().map(|n| all[*n].dossier.0).collect();
        let listed = dossier::list(db, &scope, &dossier::Wanted::default(), None, 100)
            .await
            .expect("readable");
        let mut listed: Vec<Uuid> = listed.into_iter().map(|one| one.dossier.id).collect();
        listed.sort();
        expected.sort();
        assert_eq!(listed, expected, "{who} lists");
        for (n, placed) in all.iter().enumerate() {
            let may = seen.contains(&n);
            let found = dossier::find(db, &scope, placed.dossier).await.expect("readable");
            assert_eq!(found.is_some(), may, "{who} finds dossier {n}");
            let acts = dossier::acts(db, &scope, placed.dossier).await.expect("readable");
            assert_eq!(acts.is_empty(), !may, "{who} reads the acts of {n}");
            let one = item::by_code(db, &scope, &placed.item_code).await.expect("readable");
            assert_eq!(one.is_some(), may, "{who} finds item {n}");
            let items = item::of_dossier(db, &scope, placed.dossier).await.expect("readable");
            assert_eq!(items.len(), usize::from(may), "{who} lists the items of {n}");
        }
        let of_office = item::held_by(db, &scope, world.people[COUNTER].party, 10)
            .await
            .expect("readable");
        assert_eq!(
            of_office.len(),
            usize::from(seen.contains(&0)),
            "{who} asks what the office holds"
        );
        if backend == Backend::Postgres {
            a_query_that_forgot_its_scope_sees_no_more(store, who, &scope, &expected).await;
        }
    }
}

/// What a bug in a repository would read: whole tables, through these eyes. The fence shows what the scope would have.
async fn a_query_that_forgot_its_scope_sees_no_more(store: &Store, who: &str, scope: &Scope, seen: &[Uuid]) {
    let look = store.see(scope).await.expect("a look");
    for (table, column) in FENCED {
        let forgotten = format!("SELECT DISTINCT {column} AS id FROM {table} ORDER BY 1");
        let in_sight = ids(&look, &forgotten).await;
        let there = ids(store.read(), &forgotten).await;
        let expected: Vec<Uuid> = there.into_iter().filter(|id| seen.contains(id)).collect();
        assert_eq!(in_sight, expected, "{who} looks into {table}");
        let blind = ids(store.open(), &forgotten).await;
        assert_eq!(blind, Vec::<Uuid>::new(), "nobody's eyes look into {table}");
    }
}

async fn ids(db: &impl ConnectionTrait, sql: &str) -> Vec<Uuid> {
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect("the query runs");
    rows.iter().map(|row| row.try_get("", "id").expect("an id")).collect()
}

async fn a_table_of_orders_is_its_agencys_alone(backend: Backend) {
    let db = fresh(backend).await;
    let (store, own, other) = (&db.store, Scope::agency(agency(0)), Scope::agency(agency(1)));
    let new = || NewFile {
        sha256: [7; 32],
        rows: json!([{ "row": 2 }]),
        report: json!({ "ready": 1 }),
        actor: "staff".to_owned(),
    };
    let kept = order_file::keep(store, &own, new())
        .await
        .expect("written")
        .expect("its own");
    let again = NewFile {
        rows: json!([]),
        ..new()
    };
    let again = order_file::keep(store, &own, again)
        .await
        .expect("readable")
        .expect("its own");
    assert_eq!(again.rows, kept.rows, "the first reading stays");
    for (who, scope, may) in [
        ("its desk", &own, true),
        ("another desk", &other, false),
        ("nobody", &Scope::nothing(), false),
    ] {
        let look = store.see(scope).await.expect("a look");
        let found = order_file::find(&look, scope, &[7; 32]).await.expect("readable");
        assert_eq!(found.is_some(), may, "{who}");
        if backend == Backend::Postgres {
            let forgotten = "SELECT agency_id AS id FROM order_file";
            assert_eq!(
                ids(&look, forgotten).await.len(),
                usize::from(may),
                "{who} forgot its scope"
            );
            assert_eq!(ids(store.open(), forgotten).await.len(), 0);
        }
    }
}

both!(
    each_pair_of_eyes_sees_its_own_and_nothing_else,
    a_table_of_orders_is_its_agencys_alone,
);
