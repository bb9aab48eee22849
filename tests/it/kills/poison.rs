//! A job that kills its process: each run is counted before it begins, so it stops after its cap and is shown.

use e2e::{Backend, Site, Staff, both};
use entity::StoreError;
use entity::outbox::{self, MAX_ATTEMPTS, NewJob};
use serde_json::{Value, json};

both!(a_job_that_kills_its_process_is_given_up_after_its_cap_and_shown);

fn a_job_that_kills_its_process_is_given_up_after_its_cap_and_shown(backend: Backend) {
    let site = Site::found(backend);
    site.look(|store| {
        Box::pin(async move {
            let pushed = store.write(|tx| {
                Box::pin(async move {
                    let payload = json!({ "mode": "abort" });
                    outbox::push(
                        tx,
                        1,
                        NewJob {
                            kind: "poison",
                            payload,
                            dedup_key: "poison".to_owned(),
                        },
                    )
                    .await?;
                    Ok::<_, StoreError>(())
                })
            });
            pushed.await.expect("written");
        })
    });
    for _ in 0..MAX_ATTEMPTS {
        if let Some(server) = site.try_start() {
            assert!(!server.ended().success(), "the job ended its process");
        }
        // Time passes: the lease of the dead is over.
        site.look(|store| Box::pin(async move { super::ledger::let_leases_end(store).await }));
    }
    let server = site.start();
    let supervisor = Staff::sign_in(&site.http(), "dieuphoi.tb", "post_supervisor");
    let shown = e2e::eventually("the dead job on the list", || {
        let list = supervisor.get("/api/v1/dispatch/dead-jobs").expect(200).json();
        list["jobs"]
            .as_array()
            .and_then(|jobs| jobs.iter().find(|job| job["kind"] == json!("poison")).cloned())
    });
    assert!(
        shown["last_error"].as_str().is_some_and(|why| !why.is_empty()),
        "{shown}"
    );
    assert!(shown["given_up_ms"] != Value::Null);
    server.kill();
    let runs = site.look(|store| {
        Box::pin(async move { e2e::read::number(store, "SELECT attempt FROM outbox WHERE kind = 'poison'").await })
    });
    assert_eq!(
        runs,
        MAX_ATTEMPTS + 1,
        "each run was counted, and the claim that gave it up"
    );
}
