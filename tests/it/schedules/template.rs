//! The morning every schedule begins with, made once in a process and copied for each: the province, four phones that are
//! enrolled and in step, envelopes that wait with citizens and results that wait at the one-stop desk.

use super::dice::Dice;
use super::host::Host;
use domain::hat::Hat;
use domain::holder::Holder;
use domain::item::ItemKind;
use e2e::{Backend, MORNING, Network, Staff, World, read};
use entity::ServerKeys;
use mobile_ffi::core::{Core, Manner, Seen, TakeIn};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

/// Who has a phone, and in which hat they act: two couriers, the counter of their office, the one-stop desk.
pub(crate) const CAST: [(&str, Hat); 4] = [
    ("buuta01", Hat::Carrier),
    ("buuta02", Hat::Carrier),
    ("quay.tb", Hat::PostAgent),
    ("haimu.tb1", Hat::DeskAgent),
];

/// The phone at the desk.
pub(crate) const DESK: usize = 3;

/// Envelopes that wait with citizens, and as many results at the desk.
const EACH: usize = 3;

/// Something to carry.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    /// Its label.
    pub(crate) code: String,
    /// What is in it.
    pub(crate) kind: ItemKind,
    /// Steps that its client's feed had told by the morning.
    pub(crate) told: i64,
}

/// The morning.
pub(crate) struct Template {
    /// The server's keys, the same in every run.
    pub(crate) keys: ServerKeys,
    /// The server's database: a file, or the address of a database to copy.
    pub(crate) database: String,
    /// A store for each phone.
    pub(crate) phones: Vec<PathBuf>,
    /// The party each phone signs for.
    pub(crate) holders: Vec<Holder>,
    /// What there is to carry.
    pub(crate) parcels: Vec<Parcel>,
    /// The hour.
    pub(crate) now_ms: i64,
    _folder: TempDir,
}

/// A folder where a sync costs nothing, if there is one.
pub(crate) fn folder() -> TempDir {
    let made = tempfile::Builder::new().prefix("traotay-sim-").tempdir_in("/dev/shm");
    made.or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// The key of each phone.
pub(crate) fn secret(phone: usize) -> [u8; 32] {
    let mut secret = [0x11; 32];
    secret[31] = u8::try_from(phone).expect("few phones");
    secret
}

impl Template {
    /// The morning on this database.
    pub(crate) fn on(backend: Backend) -> &'static Self {
        static SQLITE: OnceLock<Template> = OnceLock::new();
        static POSTGRES: OnceLock<Template> = OnceLock::new();
        let kept = match backend {
            Backend::Sqlite => &SQLITE,
            Backend::Postgres => &POSTGRES,
        };
        kept.get_or_init(|| Self::make(backend))
    }

    fn make(backend: Backend) -> Self {
        let folder = folder();
        let keys = ServerKeys::parse(&"42".repeat(96)).expect("keys");
        let world = World::with_keys(backend, keys.clone());
        let morning = Morning::begin(&world, folder.path());
        let labels = morning.orders(EACH * 2);
        let (with_citizens, lodged) = labels.split_at(EACH);
        let results: Vec<String> = lodged.iter().map(|label| morning.result_of(label)).collect();
        morning.sync();
        let parcel = |code: &String, kind| Parcel {
            code: code.clone(),
            kind,
            told: told(&world, code),
        };
        let envelopes = with_citizens.iter().map(|code| parcel(code, ItemKind::DossierToAgency));
        let results = results.iter().map(|code| parcel(code, ItemKind::ResultToApplicant));
        let parcels = envelopes.chain(results).collect();
        let phones: Vec<PathBuf> = morning.phones.iter().map(|(_, path)| path.clone()).collect();
        let holders = morning.holders();
        drop(morning);
        let (from, url) = (world.db.folder().join("traotay.db"), world.db.owner_url.clone());
        let now_ms = world.store().now_ms();
        // Whoever copies wants nothing to be open: a store that is closed has everything in its one file.
        world.run(world.store().close());
        let database = match backend {
            Backend::Sqlite => {
                let to = folder.path().join("server.db");
                std::fs::copy(from, &to).expect("copied");
                to.to_string_lossy().into_owned()
            }
            Backend::Postgres => url,
        };
        Self {
            keys,
            database,
            phones,
            holders,
            parcels,
            now_ms,
            _folder: folder,
        }
    }
}

/// Rows about an item in its client's feed.
fn told(world: &World, code: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM tracking_event WHERE item_code = '{code}'");
    world.run(read::number(world.store(), &sql))
}

struct Morning<'a> {
    world: &'a World,
    phones: Vec<(Core, PathBuf)>,
    network: Network,
    hosts: Vec<Arc<Host>>,
}

impl<'a> Morning<'a> {
    fn begin(world: &'a World, folder: &Path) -> Self {
        let supervisor = world.sign_in("dieuphoi.tb", "post_supervisor");
        let network = Network::new(&world.http);
        let mut morning = Self {
            world,
            phones: Vec::new(),
            network,
            hosts: Vec::new(),
        };
        for (phone, (login, _)) in CAST.iter().enumerate() {
            let host = Arc::new(Host::new(&secret(phone), MORNING, Dice::of(0, phone as u64)));
            let path = folder.join(format!("phone-{phone}.db"));
            let core = Core::open(&path, host.clone()).expect("opens");
            core.enrol(&supervisor.code_for(login), &morning.network)
                .expect("the code is good");
            morning.hosts.push(host);
            morning.phones.push((core, path));
        }
        world.settle();
        morning
    }

    fn holders(&self) -> Vec<Holder> {
        let holder = |((core, _), (_, hat)): (&(Core, PathBuf), &(&str, Hat))| {
            let credential = core.credential().expect("readable").expect("enrolled");
            credential.party(*hat).expect("their hat")
        };
        self.phones.iter().zip(CAST.iter()).map(holder).collect()
    }

    /// A minute passes, and everybody is in step.
    fn sync(&self) {
        for _ in 0..2 {
            self.world.advance(60_000);
            for ((core, _), host) in self.phones.iter().zip(&self.hosts) {
                host.advance(60_000);
                core.sync(&self.network).expect("the server answers");
            }
            self.world.settle();
        }
    }

    fn orders(&self, count: usize) -> Vec<String> {
        let one_stop = self.world.one_stop("AG30520");
        let order = |n| {
            let (status, label) = one_stop.order(&one_stop.pickup(&format!("H01.30520-261123-{n:04}")));
            assert_eq!(status, 100);
            label
        };
        let labels = (0..count).map(order).collect();
        self.sync();
        labels
    }

    /// Brings an envelope to the desk, which decides: the label of the result.
    fn result_of(&self, label: &str) -> String {
        let (courier, desk) = (&self.phones[0].0, &self.phones[DESK].0);
        let what = TakeIn {
            item_code: label,
            item_kind: None,
            seal: "NP-0001",
            paper_count: 2,
        };
        courier.take_in(&what, &Manner::of(Hat::Carrier)).expect("recorded");
        let hello = desk.hello(Hat::DeskAgent).expect("hello");
        let offer = courier
            .offer(&hello, &[label], &Manner::of(Hat::Carrier))
            .expect("offer");
        let accept = desk
            .accept(&offer.picture, &[Seen::intact(label)], &[])
            .expect("accept");
        let release = courier.release(&accept.envelope).expect("release");
        desk.finish(&release.envelope).expect("finish");
        self.sync();
        let staff = self.world.sign_in("haimu.tb1", "desk_agent");
        let sql = format!(
            "SELECT o.order_number FROM postal_order o JOIN postal_item i ON i.order_id = o.id WHERE i.item_code = '{label}'"
        );
        let order = self.world.run(read::texts(self.world.store(), &sql, [])).remove(0);
        let dossier = self.world.run(read::dossier_of(self.world.store(), &order)).to_string();
        self.act(&staff, &dossier, &json!({ "act": "received", "code": order }));
        self.act(&staff, &dossier, &json!({ "act": "processing" }));
        let resolved = self.act(&staff, &dossier, &json!({ "act": "resolved", "outcome": "granted" }));
        resolved["result_item_code"].as_str().expect("a label").to_owned()
    }

    fn act(&self, staff: &Staff, dossier: &str, body: &serde_json::Value) -> serde_json::Value {
        let recorded = staff.act(dossier, body).expect(201).json();
        self.world.settle();
        recorded
    }
}
