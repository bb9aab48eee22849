//! Those who go on while the server dies: a phone that deposits until it is acknowledged, and a one-stop system that orders
//! until it has a label. Each keeps a ledger of what it was told.

use custody::envelope::Sealed;
use custody::ids::EventId;
use e2e::{Device, Http, Lgsp, Order};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// What was acknowledged.
pub(crate) struct Told {
    /// Events, and how often the server said `stored` of each.
    pub(crate) events: BTreeMap<EventId, u32>,
    /// How many events the device made.
    pub(crate) seq: u64,
    /// The device.
    pub(crate) device: custody::ids::DeviceId,
    /// Orders and their labels.
    pub(crate) orders: BTreeMap<String, String>,
    /// Labels that were taken in.
    pub(crate) taken: BTreeSet<String>,
    /// Requests that got no good answer: the kills that were felt.
    pub(crate) unanswered: u64,
}

/// How many requests the two go ahead of whoever waits for them: enough that every kill finds some on their way, and no
/// more, so that what has to be looked at in the end does not grow with the time that starting takes.
const AHEAD: u64 = 40;

/// Requests sent so far, for whoever waits for the next.
#[derive(Default)]
struct Sent {
    count: Mutex<Count>,
    change: Condvar,
    unanswered: AtomicU64,
    over: AtomicBool,
    kept: Mutex<Kept>,
}

/// What was acknowledged so far, for whoever looks in the middle.
#[derive(Clone, Default)]
pub(crate) struct Kept {
    /// Events.
    pub(crate) events: Vec<EventId>,
    /// Labels of orders.
    pub(crate) labels: Vec<String>,
}

#[derive(Default)]
struct Count {
    sent: u64,
    allowed: u64,
}

impl Sent {
    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for leave to send one more.
    fn one(&self) {
        let full = |count: &mut Count| count.sent >= count.allowed && !self.is_over();
        let waited = self.change.wait_while(self.count(), full);
        waited.unwrap_or_else(PoisonError::into_inner).sent += 1;
        self.change.notify_all();
    }

    /// Waits until so many more were sent.
    fn more(&self, more: u64) {
        let mut count = self.count();
        let until = count.sent + more;
        count.allowed = until + AHEAD;
        self.change.notify_all();
        let waited = self.change.wait_while(count, |count| count.sent < until);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Nobody waits any more.
    fn end(&self) {
        let _count = self.count();
        self.over.store(true, Ordering::SeqCst);
        self.change.notify_all();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// Counts a request without an answer; the client looks again.
    fn unanswered(&self) {
        self.unanswered.fetch_add(1, Ordering::SeqCst);
    }
}

/// The two at work.
pub(crate) struct Driver {
    sent: Arc<Sent>,
    phone: JoinHandle<(Device, BTreeMap<EventId, u32>, BTreeSet<String>)>,
    one_stop: JoinHandle<BTreeMap<String, String>>,
}

impl Driver {
    pub(crate) fn start(http: &Http, device: Device, lgsp: Lgsp) -> Self {
        let sent = Arc::new(Sent::default());
        // Labels on their way from the one who orders to the one who fetches.
        let (labels, fetch) = std::sync::mpsc::channel();
        let (http, theirs, ours) = (http.clone(), sent.clone(), sent.clone());
        Self {
            phone: std::thread::spawn(move || phone(&http, device, &fetch, &theirs)),
            one_stop: std::thread::spawn(move || order(&lgsp, &labels, &ours)),
            sent,
        }
    }

    /// Waits until so many more requests were sent.
    pub(crate) fn wait_for(&self, more: u64) {
        self.sent.more(more);
    }

    /// What was acknowledged so far.
    pub(crate) fn kept(&self) -> Kept {
        self.sent.kept().clone()
    }

    /// Lets both finish what they are at; the server must run.
    pub(crate) fn stop(self) -> Told {
        self.sent.end();
        let orders = self.one_stop.join().expect("the one-stop system works");
        let (device, events, taken) = self.phone.join().expect("the phone works");
        let unanswered = self.sent.unanswered.load(Ordering::SeqCst);
        Told {
            events,
            seq: device.seq(),
            device: device.id(),
            orders,
            taken,
            unanswered,
        }
    }
}

fn order(lgsp: &Lgsp, labels: &std::sync::mpsc::Sender<String>, sent: &Sent) -> BTreeMap<String, String> {
    let mut orders = BTreeMap::new();
    let mut number = 0;
    while !sent.is_over() {
        number += 1;
        let order = lgsp.pickup(&format!("K-{number}"));
        let label = until_answered(sent, || placed(lgsp, &order));
        if number % 7 == 0 {
            let again = until_answered(sent, || placed(lgsp, &order));
            assert_eq!(again, label, "the same order again has the same label");
        }
        sent.kept().labels.push(label.clone());
        orders.insert(order.number, label.clone());
        let _ = labels.send(label);
    }
    orders
}

fn placed(lgsp: &Lgsp, order: &Order) -> Option<String> {
    let answer = lgsp
        .try_post("OrderPost", &order.body)
        .ok()
        .filter(|answer| answer.status == 200)?;
    let reply: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    assert_eq!(reply["Status"], json!(100), "{reply}");
    reply["ItemCode"].as_str().map(str::to_owned)
}

/// Sends the same again until it is answered: a server that is away comes back.
fn until_answered<T>(sent: &Sent, mut ask: impl FnMut() -> Option<T>) -> T {
    e2e::eventually("an answer", || {
        sent.one();
        let answer = ask();
        if answer.is_none() {
            sent.unanswered();
        }
        answer
    })
}

fn phone(
    http: &Http,
    mut device: Device,
    fetch: &std::sync::mpsc::Receiver<String>,
    sent: &Sent,
) -> (Device, BTreeMap<EventId, u32>, BTreeSet<String>) {
    let (mut acknowledged, mut taken) = (BTreeMap::new(), BTreeSet::new());
    let mut before: VecDeque<Sealed> = VecDeque::new();
    // The last labels come after the word to stop.
    while !sent.is_over() || !taken_all(fetch, &mut device, &mut before, &mut taken) {
        if before.is_empty() {
            taken_all(fetch, &mut device, &mut before, &mut taken);
            before.extend((0..3).map(|_| device.note(0)));
        }
        let batch: Vec<Sealed> = before.drain(..).collect();
        let body: Vec<u8> = batch.iter().flat_map(|sealed| sealed.bytes.clone()).collect();
        let results = until_answered(sent, || {
            let answer = device.deposit(http, &body).ok().filter(|answer| answer.status == 200)?;
            serde_json::from_slice::<domain::wire::v1::DepositView>(&answer.body).ok()
        });
        assert_eq!(results.results.len(), batch.len());
        for (sealed, line) in batch.iter().zip(&results.results) {
            assert!(line.result.is_kept() && line.event_id == sealed.id.to_string());
            sent.kept().events.push(sealed.id);
            let new = line.result == domain::wire::v1::DepositResult::Stored;
            *acknowledged.entry(sealed.id).or_default() += u32::from(new);
        }
    }
    (device, acknowledged, taken)
}

/// Takes in what was ordered meanwhile; whether nothing was.
fn taken_all(
    fetch: &std::sync::mpsc::Receiver<String>,
    device: &mut Device,
    before: &mut VecDeque<Sealed>,
    taken: &mut BTreeSet<String>,
) -> bool {
    let mut none = before.is_empty();
    while let Ok(label) = fetch.try_recv() {
        before.push_back(device.take_in(&label, 0));
        taken.insert(label);
        none = false;
    }
    none
}
