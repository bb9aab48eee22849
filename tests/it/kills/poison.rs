//! A job that kills its process: each run is counted before it begins, so it stops after its cap and is shown.

use e2e::{Backend, Site, Staff, both};
use entity::StoreError;
use entity::outbox::{self, MAX_ATTEMPTS, NewJob};
use serde_json::{Value, json};

both!(a_job_that_kills_its_process_is_given_up_after_its_cap_and_shown);

fn a_job_that_kills_its_process_is_given_up_after_its_cap_and_shown(backend: Backend) {
    let site = Site::found(backend);
    push_poison(&site);
    for _ in 0..MAX_ATTEMPTS {
        if let Some(server) = site.try_start() {
            assert!(!server.ended().success(), "the job ended its process");
        }
        super::let_leases_end(&site);
    }
    let server = site.start();
    is_shown(&site);
    server.kill();
    was_run_up_to_its_cap(&site);
}

#[test]
fn a_job_that_kills_its_worker_leaves_the_api_alone_on_postgres() {
    let site = Site::found(Backend::Postgres);
    push_poison(&site);
    let api = site.start_api();
    for _ in 0..MAX_ATTEMPTS {
        assert!(!site.start_worker().ended().success(), "the job ended its process");
        site.http().get("/readyz", &[]).expect(200);
        super::let_leases_end(&site);
    }
    let worker = site.start_worker();
    is_shown(&site);
    worker.kill();
    api.kill();
    was_run_up_to_its_cap(&site);
}

/// Puts a job into the outbox that ends whatever process runs it.
fn push_poison(site: &Site) {
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
}

fn is_shown(site: &Site) {
    let ops = Staff::sign_in(&site.http(), "quantri", "ops_admin");
    let shown = e2e::eventually("the dead job on the list", || {
        let list = ops.get("/api/v1/dispatch/dead-jobs").expect(200).json();
        list["jobs"]
            .as_array()
            .and_then(|jobs| jobs.iter().find(|job| job["kind"] == json!("poison")).cloned())
    });
    assert!(
        shown["last_error"].as_str().is_some_and(|why| !why.is_empty()),
        "{shown}"
    );
    assert!(shown["given_up_ms"] != Value::Null);
}

fn was_run_up_to_its_cap(site: &Site) {
    let runs = site.look(|store| {
        Box::pin(async move { e2e::read::number(store, "SELECT attempt FROM outbox WHERE kind = 'poison'").await })
    });
    assert_eq!(
        runs,
        MAX_ATTEMPTS + 1,
        "each run was counted, and the claim that gave it up"
    );
}
