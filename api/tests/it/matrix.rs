//! Every cell of the policy, executed: each operation, by each role, on what stands in its relation, on what does not, and on
//! what belongs to another postal operator.

mod others;
mod sample;
mod stage;

use crate::world::Answer;
use api::policy::{Policy, Relation, Row, Subject};
use entity::repo::staff::Role;
use entity::testing::Backend;
use sample::{Sample, sample};
use stage::{OBJECTS, Object, Stage};

/// Who plays each role; all are the first operator's and the first agency's, as [`Object::Near`] is.
const CAST: [(Role, &str); 9] = [
    (Role::Courier, "courier"),
    (Role::PostAgent, "agent"),
    (Role::PostSupervisor, "boss"),
    (Role::DeskAgent, "desk"),
    (Role::AgencyReceiver, "receiver"),
    (Role::AgencyManager, "manager"),
    (Role::OpsAdmin, "ops"),
    (Role::KeyAdmin, "keys"),
    (Role::Auditor, "auditor"),
];

/// Whether the cast stands in this relation to an object.
fn stands(relation: Relation, object: Object) -> bool {
    match (relation, object) {
        (Relation::None, _) | (_, Object::Near) | (Relation::Tenant, Object::Side) => true,
        (_, Object::Side | Object::Far | Object::Never) => false,
    }
}

/// What is wrong with an answer, when something is.
fn deviation(
    row: &Row,
    subject: Subject,
    object: Object,
    sample: &Sample,
    answer: &Answer,
    never: &Answer,
) -> Option<String> {
    let status = answer.status.as_u16();
    if status >= 500 {
        return Some(format!("{status}: {}", answer.text()));
    }
    let Some(grant) = row.grant(subject) else {
        let wants_another_proof = row.subjects().all(|known| !matches!(known, Subject::Staff(_)));
        let wanted = if wants_another_proof { 401 } else { 403 };
        return (status != wanted).then(|| format!("refused with {status} instead of {wanted}"));
    };
    let sees = grant.relations.iter().any(|relation| stands(*relation, object));
    if sample.names_object {
        return match (sees, status) {
            (true, 401 | 403 | 404) => Some(format!("refused with {status}: {}", answer.text())),
            (false, 404) => (answer.body != never.body).then(|| "tells it from one that never was".to_owned()),
            (false, _) => Some(format!("answered {status}: {}", answer.text())),
            (true, _) => None,
        };
    }
    if matches!(status, 401 | 403 | 404) {
        return Some(format!("refused with {status}: {}", answer.text()));
    }
    None
}

async fn every_cell_is_as_the_policy_says(backend: Backend) {
    let stage = Stage::set(backend).await;
    let (mut cells, mut deviations) = (0, Vec::new());
    // Giving an item to a courier changes whose it is: that comes last.
    let (moves, stays): (Vec<_>, Vec<_>) = Policy::get()
        .rows()
        .partition(|(operation, _)| *operation == "POST /api/v1/dispatch/assign");
    for (operation, row) in stays.into_iter().chain(moves) {
        for (role, login) in CAST {
            let subject = Subject::Staff(role);
            let never = stage.call(operation, login, Object::Never).await;
            for object in OBJECTS {
                let sample = sample(operation, &stage, object);
                if row.is_public() && row.subjects().all(|known| known == Subject::Anyone) {
                    continue;
                }
                let answer = stage.call(operation, login, object).await;
                cells += 1;
                if let Some(why) = deviation(row, subject, object, &sample, &answer, &never) {
                    deviations.push(format!("{operation} · {} · {object:?}: {why}", subject.as_str()));
                }
                if row.id == "caller" && answer.status.is_success() {
                    deviations.extend(
                        leaks(&stage, row, subject, answer.text())
                            .map(|why| format!("{operation} · {} lists {why}", subject.as_str())),
                    );
                }
            }
        }
    }
    assert!(cells > 500, "{cells} cells");
    assert!(
        deviations.is_empty(),
        "{} of {cells}:\n{}",
        deviations.len(),
        deviations.join("\n")
    );
}

/// An object a list shows although its reader does not stand to it.
fn leaks(stage: &Stage, row: &Row, subject: Subject, text: &str) -> Option<String> {
    let grant = row.grant(subject)?;
    OBJECTS.into_iter().find_map(|object| {
        let sees = grant
            .relations
            .iter()
            .any(|relation| *relation != Relation::None && stands(*relation, object));
        let names = stage.names(object);
        let shown = names.iter().find(|name| text.contains(name.as_str()))?;
        (!sees).then(|| format!("{object:?} ({shown})"))
    })
}

async fn whoever_proves_nothing_gets_nothing(backend: Backend) {
    let stage = Stage::set(backend).await;
    let client = stage.world.client_token("key-a").await;
    for (operation, row) in Policy::get().rows() {
        for (who, token) in [("nobody", ""), ("a one-stop system", client.as_str())] {
            let is_theirs = row.is_public() || (!token.is_empty() && row.grant(Subject::Client).is_some());
            for object in OBJECTS {
                let answer = stage.send(operation, token, object).await;
                let status = answer.status.as_u16();
                let session_of_nobody =
                    operation == "POST /api/v1/session/refresh" || operation == "POST /api/v1/session";
                // Whoever asks these without a right secret is refused in the same words.
                let may_be_refused = session_of_nobody || operation == "POST /lgsp/token";
                let is_right = match status {
                    401 => !is_theirs || may_be_refused,
                    403 => false,
                    _ => is_theirs && status < 500,
                };
                assert!(
                    is_right,
                    "{operation} by {who} on {object:?} is answered {status}: {}",
                    answer.text()
                );
            }
        }
    }
}

mod on_sqlite {
    use entity::testing::Backend;

    #[tokio::test]
    async fn every_cell_is_as_the_policy_says() {
        super::every_cell_is_as_the_policy_says(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn whoever_proves_nothing_gets_nothing() {
        super::whoever_proves_nothing_gets_nothing(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn a_device_may_what_the_policy_says_and_only_with_its_own() {
        super::others::a_device_may_what_the_policy_says_and_only_with_its_own(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn a_one_stop_system_knows_its_own_orders_and_no_others() {
        super::others::a_one_stop_system_knows_its_own_orders_and_no_others(Backend::Sqlite).await;
    }
}

mod on_postgres {
    use entity::testing::Backend;

    #[tokio::test]
    async fn every_cell_is_as_the_policy_says() {
        super::every_cell_is_as_the_policy_says(Backend::Postgres).await;
    }

    #[tokio::test]
    async fn whoever_proves_nothing_gets_nothing() {
        super::whoever_proves_nothing_gets_nothing(Backend::Postgres).await;
    }

    #[tokio::test]
    async fn a_device_may_what_the_policy_says_and_only_with_its_own() {
        super::others::a_device_may_what_the_policy_says_and_only_with_its_own(Backend::Postgres).await;
    }

    #[tokio::test]
    async fn a_one_stop_system_knows_its_own_orders_and_no_others() {
        super::others::a_one_stop_system_knows_its_own_orders_and_no_others(Backend::Postgres).await;
    }
}
