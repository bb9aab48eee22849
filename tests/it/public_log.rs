//! The public log as strangers see it: a verifier that knows C2SP only, witnesses in other houses, a browser without network.

mod browser;
mod chromium;

use custody::log::{Algorithm, NoteKey, Policy, Receipt, Verdict};
use e2e::{Backend, World, both, built};
use ed25519_dalek::SigningKey;
use entity::clock::SystemClock;
use entity::outbox::{self, NewJob};
use entity::tlog::{self, LogSigner};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpListener;
use worker::{LogSettings, Witness, WorkerConfig};

both!(
    a_verifier_that_knows_c2sp_only_accepts_the_log_and_a_receipt_and_nothing_that_was_bent,
    receipts_go_on_while_one_witness_of_three_is_away_and_a_second_history_gets_no_signature,
);

/// A world whose log is signed when it is told.
pub(crate) struct Logged {
    pub(crate) world: World,
    pub(crate) folder: TempDir,
    witnesses: Vec<Witness>,
    jobs: std::cell::Cell<u32>,
}

impl Logged {
    pub(crate) fn new(backend: Backend, witnesses: Vec<Witness>) -> Self {
        Self {
            world: World::on_leash(backend),
            folder: tempfile::tempdir().expect("a folder"),
            witnesses,
            jobs: std::cell::Cell::new(0),
        }
    }

    pub(crate) fn signer(&self) -> LogSigner {
        LogSigner {
            base: format!("{}/log", self.world.http.address()),
            state: self.folder.path().join("log.signed"),
        }
    }

    /// A dossier at the counter, everything folded: the citizen's page.
    pub(crate) fn intake(&self, slip: &str) -> Value {
        let agent = self.world.sign_in("quay.tb", "post_agent");
        let body = json!({
            "mode": "send", "agency_id": entity::repo::reference::id_of("agency", "AG-UB-30520"), "slip_number": slip,
            "applicant": { "name": "Nguyễn Thị Mẫu", "phone": "0912345678", "address": "ấp Mẫu" }, "paper_count": 3,
        });
        let made = agent.post("/api/v1/intakes", &body).expect(201).json();
        self.world.settle();
        made
    }

    /// The job that signs, run once.
    pub(crate) fn sign(&self) {
        let n = self.jobs.get() + 1;
        self.jobs.set(n);
        let settings = WorkerConfig {
            log: Some(LogSettings {
                signer: self.signer(),
                witnesses: self.witnesses.clone(),
            }),
            ..self.world.worker_settings().clone()
        };
        let (store, keys) = (self.world.store().clone(), self.world.keys.clone());
        self.world.run(async move {
            let job = NewJob {
                kind: "checkpoint",
                payload: json!({}),
                dedup_key: format!("checkpoint:test:{n}"),
            };
            let now = store.now_ms();
            let pushed = store.write(move |tx| Box::pin(async move { outbox::push(tx, now, job).await }));
            pushed.await.expect("pushed");
            worker::run_until_idle(&store, &keys, &settings).await.expect("ran");
        });
    }

    /// Throws the log away with all that was signed and what the signer remembers; the facts stay.
    pub(crate) fn turn_back(&self) {
        let store = self.world.store().clone();
        self.world.run(async move {
            use sea_orm::ConnectionTrait;
            let turned = store.write(|tx| {
                Box::pin(async move {
                    for sql in [
                        "DELETE FROM log_checkpoint",
                        "DELETE FROM log_tile",
                        "DELETE FROM log_leaf",
                        "UPDATE log_shard SET size = 0",
                    ] {
                        tx.execute_unprepared(sql).await?;
                    }
                    Ok::<_, entity::StoreError>(())
                })
            });
            turned.await.expect("turned back");
        });
        std::fs::remove_file(self.signer().state).expect("forgotten");
    }

    pub(crate) fn text(&self, path: &str) -> String {
        self.world.http.get(path, &[]).expect(200).text()
    }

    /// The path of a made intake's page.
    pub(crate) fn page(made: &Value) -> String {
        let url = made["tracking_url"].as_str().expect("a page");
        url[url.find("/t/").expect("a page's address")..].to_owned()
    }

    /// The receipts of a dossier as an office sees them.
    pub(crate) fn receipts(&self, made: &Value) -> Vec<String> {
        let boss = self.world.sign_in("dieuphoi.tb", "post_supervisor");
        let path = format!(
            "/api/v1/dossiers/{}/proofs",
            made["dossier_id"].as_str().expect("an id")
        );
        let list = boss.get(&path).expect(200).json();
        let all = list["proofs"].as_array().expect("a list").iter();
        all.map(|one| {
            let event = one["event_id"].as_str().expect("an id");
            boss.get(&format!("{path}/{event}")).expect(200).text()
        })
        .collect()
    }
}

fn python(args: &[&str]) -> (bool, String) {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("third_party/verify_log.py");
    let ran = Command::new("python3")
        .arg(script)
        .args(args)
        .output()
        .expect("python3 runs");
    (ran.status.success(), String::from_utf8_lossy(&ran.stdout).into_owned())
}

fn a_verifier_that_knows_c2sp_only_accepts_the_log_and_a_receipt_and_nothing_that_was_bent(backend: Backend) {
    let log = Logged::new(backend, Vec::new());
    let made = log.intake("L-1");
    for n in 0..60 {
        log.intake(&format!("L-more-{n}"));
    }
    log.sign();
    let receipts = log.receipts(&made);
    assert!(!receipts.is_empty(), "it was ordered");
    let origin = log
        .text("/log/checkpoint")
        .lines()
        .next()
        .expect("an origin")
        .to_owned();
    let prefix = format!("http://{origin}");
    let keys = log.text("/log/vkey");
    let key = keys
        .lines()
        .find(|key| key.starts_with(&format!("{origin}+")))
        .expect("its key");
    let file = log.folder.path().join("receipt.tlog-proof");
    let proof = file.to_string_lossy().into_owned();
    for receipt in &receipts {
        std::fs::write(&file, receipt).expect("written");
        let (accepted, said) = python(&[&prefix, key, &proof]);
        assert!(accepted, "{said}");
    }
    // The same by the program, with what the log itself says is to be believed.
    let policy = log.folder.path().join("policy");
    std::fs::write(&policy, log.text("/log/policy")).expect("written");
    let signers = log.folder.path().join("signers");
    std::fs::write(&signers, log.text("/log/keys")).expect("written");
    let signers = signers.to_string_lossy().into_owned();
    let verify_with = |path: &str, more: &[&str]| {
        let keys = policy.to_string_lossy().into_owned();
        let mut command = Command::new(e2e::program());
        let ran = command
            .args(["verify", path, "--keys", &keys, "--json"])
            .args(more)
            .output()
            .expect("runs");
        let told: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
        (ran.status.code(), told)
    };
    let verify = |path: &str| verify_with(path, &[]);
    let (code, told) = verify(&proof);
    assert_eq!((code, &told["colour"]), (Some(0), &json!("green")), "{told}");

    let receipt = receipts.last().expect("one");
    // Without the log's word only a list of keys tells who signed.
    let alone = Receipt::parse(receipt).expect("a receipt").provisional();
    std::fs::write(&file, alone.to_code()).expect("written");
    for (more, is_checked) in [(&[][..], false), (&["--signers", &signers][..], true)] {
        let (code, told) = verify_with(&proof, more);
        assert_eq!((code, &told["colour"]), (Some(1), &json!("amber")), "{told}");
        assert_eq!(told["signer_checked"], json!(is_checked));
    }
    for (from, to) in [("index ", "index 1"), ("\n\n", "\n")] {
        std::fs::write(&file, receipt.replacen(from, to, 1)).expect("written");
        let (accepted, said) = python(&[&prefix, key, &proof]);
        assert!(!accepted && said.starts_with("refused"), "{said}");
        assert_eq!(verify(&proof).0, Some(1));
    }
    let (accepted, said) = python(&[&prefix, &key.replace("/log/", "/lag/")]);
    assert!(!accepted, "another name's key: {said}");

    // Whoever owns the database changes one published hash: eight bytes of it, since one may be what it becomes anyway.
    let data = match backend {
        Backend::Sqlite => "UPDATE log_tile SET data = x'0000000000000000' || substr(data, 9) WHERE place LIKE '%/0/0'",
        Backend::Postgres => {
            "UPDATE log_tile SET data = '\\x0000000000000000'::bytea || substr(data, 9) WHERE place LIKE '%/0/0'"
        }
    };
    let store = log.world.store().clone();
    log.world.run(async move {
        use sea_orm::ConnectionTrait;
        let bent = store
            .write(move |tx| Box::pin(async move { Ok::<_, entity::StoreError>(tx.execute_unprepared(data).await?) }));
        bent.await.expect("bent");
    });
    let (accepted, said) = python(&[&prefix, key]);
    assert!(!accepted && said.contains("tile 0/0"), "{said}");
}

/// Three witnesses in this process, each with its key and its file.
fn witnesses(log: &World, base: &str, keys: &entity::ServerKeys, folder: &TempDir) -> (Vec<Witness>, String) {
    let logs = LogSigner {
        base: base.to_owned(),
        state: PathBuf::new(),
    };
    let logs = Policy::of_log(logs.base_key(keys).expect("a name"));
    let (mut all, mut lines) = (Vec::new(), String::new());
    for n in 1..=3_u8 {
        let name = format!("w{n}.example");
        let key = NoteKey::new(&name, Algorithm::Cosignature, SigningKey::from_bytes(&[n; 32])).expect("a name");
        let _ = writeln!(lines, "witness w{n} {}", key.verifier());
        let listener = log.run(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        all.push(Witness::new(key.verifier(), &address).expect("a client"));
        let witness = api::witness::Witness {
            key,
            logs: logs.clone(),
            seen: folder.path().join(&name),
            clock: Arc::new(SystemClock),
        };
        if n < 3 {
            log.spawn(async move {
                api::witness::serve(witness, listener, std::future::pending())
                    .await
                    .expect("serves");
            });
        }
    }
    (all, lines)
}

fn receipts_go_on_while_one_witness_of_three_is_away_and_a_second_history_gets_no_signature(backend: Backend) {
    let mut log = Logged::new(backend, Vec::new());
    let base = log.signer().base;
    let (witnesses, lines) = witnesses(&log.world, &base, &log.world.keys, &log.folder);
    log.witnesses = witnesses;
    let key = log.signer().base_key(&log.world.keys).expect("a name");
    let of = |quorum: u8| {
        let text = format!("log {key}\n{lines}group enough {quorum} w1 w2 w3\nquorum enough\n");
        Policy::parse(&text).expect("a policy")
    };
    for round in 0..3 {
        let made = log.intake(&format!("W-{round}"));
        log.sign();
        for text in log.receipts(&made) {
            let receipt = Receipt::parse(&text).expect("a receipt");
            let Verdict::Green { witnesses, .. } = receipt.check(&of(2)) else {
                panic!("{:?}", receipt.check(&of(2)));
            };
            assert_eq!(witnesses.len(), 2);
            assert!(matches!(receipt.check(&of(3)), Verdict::Red(_)), "the third is away");
        }
    }
    let ops = log.world.sign_in("quantri", "ops_admin");
    let told = ops.get("/api/v1/dispatch/findings").expect(200).text();
    assert!(told.contains("w3.example") && !told.contains("w1.example"), "{told}");

    // The database is turned back and the signer's own memory with it: the witnesses remember.
    log.turn_back();
    let made = log.intake("W-after");
    log.sign();
    let store = log.world.store().clone();
    let head = log.world.run(async move {
        let shard = tlog::find(store.read(), None).await.expect("read").expect("one");
        tlog::checkpoint(store.read(), &shard.name)
            .await
            .expect("read")
            .expect("a head")
    });
    assert_eq!(head.note.matches('\u{2014}').count(), 1, "the log alone: {}", head.note);
    let receipt = Receipt::parse(&log.receipts(&made)[0]).expect("a receipt");
    assert!(
        matches!(receipt.check(&of(2)), Verdict::Red(_)),
        "nobody outside saw this history"
    );
}

#[test]
fn the_program_says_how_to_verify_and_to_witness() {
    for part in ["verify", "witness"] {
        let ran = Command::new(built("traotay"))
            .args([part, "--help"])
            .output()
            .expect("runs");
        assert!(ran.status.success() && !ran.stdout.is_empty(), "{part}");
    }
}
