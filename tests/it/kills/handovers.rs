//! Phones and server in processes of their own, each killed at any moment while papers go from hand to hand. The driver keeps the
//! ledger: what a phone said it had recorded, and who has which paper.

use super::{kills, let_leases_end, linger};
use custody::fold::ItemCustody;
use custody::ids::ItemId;
use domain::holder::Holder;
use domain::ids::StaffId;
use e2e::{Backend, Lgsp, Site, Staff, both, built, read};
use entity::clock::random;
use entity::project::Projector;
use entity::rebuild::rebuild;
use entity::repo::life;
use entity::repo::reference::id_of;
use entity::{Scope, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use worker::{WorkerConfig, run_until_idle};

both!(papers_keep_their_one_holder_when_phones_and_server_are_killed);

/// Whose phones they are.
const PEOPLE: [&str; 3] = ["buuta01", "buuta02", "buuta03"];

/// Papers that go about.
const PAPERS: usize = 4;

/// A number below `n`.
fn below(n: usize) -> usize {
    usize::from(u16::from_le_bytes(random())) % n
}

/// A phone and what it said it had recorded.
struct Phone {
    command: Box<dyn Fn() -> Command>,
    process: Option<Process>,
    recorded: BTreeSet<String>,
}

struct Process {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Phone {
    fn new(site: &Site, number: u8) -> Self {
        let store = site.folder().join(format!("phone-{number}.db"));
        let (secret, base) = (hex::encode([number + 1; 32]), site.base());
        let command = move || {
            let mut command = Command::new(built("examples/phone_process"));
            command.arg(&store).arg(&secret).arg(&base);
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
            command
        };
        Self {
            command: Box::new(command),
            process: None,
            recorded: BTreeSet::new(),
        }
    }

    fn process(&mut self) -> &mut Process {
        self.process.get_or_insert_with(|| {
            let mut child = e2e::spawn(&mut (self.command)());
            let (to, from) = (child.stdin.take(), child.stdout.take());
            Process {
                child,
                to: to.expect("its input is ours"),
                from: BufReader::new(from.expect("its output is ours")),
            }
        })
    }

    /// Asks it once; `None` when it died before it had answered.
    fn try_ask(&mut self, words: &str) -> Option<Result<String, String>> {
        let process = self.process();
        let mut answer = String::new();
        let sent = writeln!(process.to, "{words}").is_ok();
        let heard = sent && process.from.read_line(&mut answer).is_ok() && answer.ends_with('\n');
        if !heard {
            if let Some(mut dead) = self.process.take() {
                let _ = dead.child.kill();
                dead.child.wait().expect("it ends");
            }
            return None;
        }
        let answer = answer.trim_end_matches('\n');
        Some(match answer.strip_prefix("ok ") {
            Some(answer) => Ok(answer.to_owned()),
            None => Err(answer.to_owned()),
        })
    }

    /// Asks it until it answers: whoever finds the app gone opens it again and scans again.
    fn ask(&mut self, words: &str) -> Result<String, String> {
        e2e::eventually("an answer of a phone", || self.try_ask(words))
    }

    /// Asks it for something that is recorded: its id and envelope.
    fn record(&mut self, words: &str) -> (String, String) {
        let answer = self.ask(words).unwrap_or_else(|why| panic!("{words}: {why}"));
        let (id, envelope) = answer.split_once(' ').expect("an id and an envelope");
        self.recorded.insert(id.to_owned());
        (id.to_owned(), envelope.to_owned())
    }

    /// Its own events as they are on its disk now.
    fn events(&mut self) -> BTreeSet<String> {
        let events = self.ask("events").expect("readable");
        events.split_whitespace().map(str::to_owned).collect()
    }

    /// Everything it ever said it had recorded is on its disk.
    fn keeps_its_word(&mut self) {
        let events = self.events();
        let lost: Vec<_> = self.recorded.difference(&events).collect();
        assert!(lost.is_empty(), "a phone lost what it showed as recorded: {lost:?}");
        // What was on disk before it could be shown counts too.
        self.recorded = events;
    }

    fn take_in(&mut self, paper: &str) {
        let before = self.events();
        // Taken in twice is refused: then the first time was on disk before the app was killed.
        match self.ask(&format!("take {paper}")) {
            Ok(answer) => {
                let id = answer.split(' ').next().expect("an id");
                self.recorded.insert(id.to_owned());
            }
            Err(why) => assert_ne!(self.events(), before, "{why}"),
        }
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
    }
}

fn papers_keep_their_one_holder_when_phones_and_server_are_killed(backend: Backend) {
    let (site, kills) = (Site::found(backend), kills(12));
    let mut server = Some(site.start());
    let mut phones: Vec<Phone> = (0..3).map(|number| Phone::new(&site, number)).collect();
    let papers = begin(&site, &mut phones);
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for (n, paper) in papers.iter().enumerate() {
        phones[n % 3].take_in(paper);
        held.insert(paper.clone(), n % 3);
    }
    let mut handovers = 0;
    for n in 0..kills {
        let victim = below(5);
        let pid = match phones.get_mut(victim) {
            Some(phone) => phone.process().child.id(),
            None => server.as_ref().expect("it runs").pid(),
        };
        std::thread::scope(|scope| {
            scope.spawn(|| {
                linger(Duration::from_micros(u64::from(u16::from_le_bytes(random())) % 30_000));
                kill(pid);
            });
            for _ in 0..3 {
                handovers += u32::from(work(&mut phones, &mut held));
            }
        });
        if victim >= phones.len() {
            server.take().expect("it ran").kill();
            if n % 5 == 4 {
                let_leases_end(&site);
            }
            server = Some(site.start());
        } else {
            phones[victim].keeps_its_word();
        }
    }
    come_home(&mut phones);
    server.take().expect("it runs").kill();
    assert!(handovers > 0, "papers went about");
    audit(&site, &mut phones, &held);
}

/// Enrols everybody and orders the papers.
fn begin(site: &Site, phones: &mut [Phone]) -> Vec<String> {
    let supervisor = Staff::sign_in(&site.http(), "dieuphoi.tb", "post_supervisor");
    for (phone, login) in phones.iter_mut().zip(PEOPLE) {
        phone
            .ask(&format!("enrol {}", supervisor.code_for(login)))
            .expect("the code is good");
        e2e::eventually("the device among those that are known", || phone.ask("sync").ok());
    }
    let one_stop = Lgsp::sign_in(&site.http(), "AG30520");
    let order = |n| one_stop.order(&one_stop.pickup(&format!("H-{n}"))).1;
    (0..PAPERS).map(order).collect()
}

/// Somebody syncs, or hands papers on; whether papers were handed on.
fn work(phones: &mut [Phone], held: &mut BTreeMap<String, usize>) -> bool {
    if below(3) == 0 {
        // A server that is away comes back.
        let _ = phones[below(3)].ask("sync");
        return false;
    }
    let papers: Vec<String> = held.keys().cloned().collect();
    let giver = held[&papers[below(papers.len())]];
    let receiver = (giver + 1 + below(2)) % 3;
    let mut codes: Vec<String> = papers.into_iter().filter(|paper| held[paper] == giver).collect();
    codes.truncate(1 + below(2));
    let listed = codes.join(",");
    let hello = phones[receiver].ask("hello").expect("they may receive");
    let (_, offer) = phones[giver].record(&format!("offer {hello} {listed}"));
    let (_, accept) = phones[receiver].record(&format!("accept {offer} {listed}"));
    // Green: only now papers change hands.
    let (_, release) = phones[giver].record(&format!("release {accept}"));
    for code in codes {
        held.insert(code, receiver);
    }
    phones[receiver]
        .ask(&format!("finish {release}"))
        .expect("the receiver keeps it");
    true
}

fn kill(pid: u32) {
    let done = Command::new("kill")
        .args(["-9", &pid.to_string()])
        .stderr(Stdio::null())
        .status();
    done.expect("kill is part of every system");
}

/// Everybody talks to the server until nothing waits.
fn come_home(phones: &mut [Phone]) {
    for phone in phones {
        e2e::eventually("a phone without anything unsent", || {
            let _ = phone.ask("sync");
            (phone.ask("unsent").expect("readable") == "0").then_some(())
        });
        phone.keeps_its_word();
    }
}

/// Holds the store against the ledger.
fn audit(site: &Site, phones: &mut [Phone], held: &BTreeMap<String, usize>) {
    let keys = site.keys();
    let own: Vec<BTreeSet<String>> = phones.iter_mut().map(Phone::events).collect();
    let held = held.clone();
    site.look(|store| {
        Box::pin(async move {
            run_until_idle(store, &keys, &WorkerConfig::new("unused"))
                .await
                .expect("what was left is done");
            let stored = read::bytes(store, "SELECT event_id FROM inbox WHERE lane = 1").await;
            let stored: BTreeSet<String> = stored.iter().map(hex::encode).collect();
            let signed: BTreeSet<String> = own.iter().flatten().cloned().collect();
            assert_eq!(stored, signed, "what phones recorded, no more and no less");
            let count = |what: &str| {
                let sql = format!("SELECT COUNT(*) FROM {what}");
                async move { read::number(store, &sql).await }
            };
            assert_eq!(count("custody_event").await, i64::try_from(signed.len()).unwrap_or(-1));
            assert_eq!(count("quarantine").await + count("parked").await, 0);
            let folded = life::custody_of(store.read(), &Scope::everything(), i64::MAX).await;
            let folded = folded.expect("readable");
            for (paper, phone) in held {
                let item = ItemId::of(&paper);
                let custody = folded.iter().find(|one| one.item == item).expect("a paper");
                each_step_is_told_once(store, &paper, custody).await;
                let holder = Holder::Staff(StaffId(id_of("staff", PEOPLE[phone])));
                let sql = format!("SELECT holder FROM item_custody WHERE item_code = '{paper}'");
                assert_eq!(read::texts(store, &sql, []).await, [holder.to_string()], "{paper}");
                let doubtful = format!("item_custody WHERE item_code = '{paper}' AND (disputed OR provisional)");
                assert_eq!(count(&doubtful).await, 0, "{paper} is in doubt");
            }
            let compared = rebuild(store, &Projector::new(&keys)).await.expect("folded again");
            assert!(compared.iter().all(entity::rebuild::Compared::is_same));
        })
    });
}

/// The client heard of every step of a paper, and of none twice. Two steps may have one hour, when nobody can say more of them than
/// when they were brought.
async fn each_step_is_told_once(store: &Store, paper: &str, custody: &ItemCustody) {
    let mut steps: BTreeMap<i64, i64> = BTreeMap::new();
    for step in custody.applied.iter().filter(|step| !step.is_packing()) {
        *steps.entry(step.at_ms).or_default() += 1;
    }
    for (at_ms, count) in &steps {
        let told = format!("SELECT COUNT(*) FROM tracking_event WHERE item_code = '{paper}' AND event_time = {at_ms}");
        assert_eq!(
            read::number(store, &told).await,
            *count,
            "{paper}: steps of {at_ms} that were told"
        );
    }
    // What was told beside the steps, such as that it was ordered, was told once too.
    let hours: Vec<String> = steps.keys().map(ToString::to_string).collect();
    let doubled = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM tracking_event WHERE item_code = '{paper}' AND event_time NOT IN ({}) \
         GROUP BY status_message, event_time HAVING COUNT(*) > 1) t",
        hours.join(", ")
    );
    assert_eq!(read::number(store, &doubled).await, 0, "{paper}: told twice");
}
