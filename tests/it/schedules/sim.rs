//! One schedule: a few days of four phones and a server, drawn from a seed.

use super::database::Database;
use super::dice::Dice;
use super::judge::{self, Violation};
use super::ledger::{Ledger, Paper, Truth};
use super::link::{self, Link, Request, Trouble};
use super::phone::Phone;
use super::plant::Plant;
use super::server::Server;
use super::tally::Tally;
use super::template::{self, CAST, Template};
use custody::ids::{EventId, HandoverId};
use e2e::Backend;
use mobile_ffi::core::{CourierError, Recorded, SyncReport};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// Steps of one schedule.
const STEPS: usize = 34;

/// In one of so many schedules everything is folded again at the end: that takes as long as all the rest.
const REBUILDS: u64 = 4;

/// A handover that was broken off.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub(crate) giver: usize,
    pub(crate) receiver: usize,
    pub(crate) handover: HandoverId,
    pub(crate) offer: Recorded,
    pub(crate) accept: Option<Recorded>,
    /// Parcels on offer, and of them those that were not taken.
    pub(crate) parcels: Vec<usize>,
    pub(crate) left: Vec<usize>,
}

/// A schedule at work.
pub(crate) struct Sim {
    pub(crate) dice: Dice,
    server: Mutex<Server>,
    pub(crate) phones: Vec<Phone>,
    pub(crate) ledger: Ledger,
    pub(crate) tally: Tally,
    pub(crate) plant: Option<Plant>,
    pub(crate) open: Vec<Open>,
    /// Offers somebody may have photographed, each with its receiver.
    pub(crate) photographs: Vec<(usize, Recorded)>,
    delayed: VecDeque<Request>,
    /// What happened, for whoever reads a failure.
    story: Vec<String>,
    pub(crate) violations: Vec<Violation>,
    _folder: TempDir,
}

/// How a schedule ended.
pub(crate) struct Ended {
    pub(crate) tally: Tally,
    pub(crate) violations: Vec<Violation>,
    pub(crate) story: Vec<String>,
    /// What every phone has, in its order: the same for the same seed.
    pub(crate) history: Vec<EventId>,
}

impl Ended {
    /// Everything it is accused of, in lines.
    pub(crate) fn accusation(&self) -> String {
        let lines: Vec<String> = self.violations.iter().map(ToString::to_string).collect();
        lines.join("\n")
    }
}

/// Runs the schedule of a seed on a database, with a planted fault or without.
pub(crate) fn run(backend: Backend, seed: u64, plant: Option<Plant>) -> Ended {
    let template = Template::on(backend);
    let mut sim = Sim::begin(backend, template, seed, plant);
    if sim.dice.percent(50) {
        sim.back_up();
    }
    for _ in 0..STEPS {
        sim.step();
    }
    sim.come_to_rest();
    sim.end(seed.is_multiple_of(REBUILDS))
}

impl Sim {
    fn begin(backend: Backend, template: &'static Template, seed: u64, plant: Option<Plant>) -> Self {
        let folder = template::folder();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let database = Database::of(backend, &template.database, folder.path());
        let database = runtime.expect("a runtime").block_on(database);
        let phones: Vec<Phone> = (0..CAST.len())
            .map(|number| Phone::of(template, number, seed, folder.path()))
            .collect();
        let mut ledger = Ledger {
            on: vec![BTreeSet::new(); CAST.len()],
            touched: vec![BTreeSet::new(); CAST.len()],
            ..Ledger::default()
        };
        for (number, phone) in phones.iter().enumerate() {
            for event in phone.core().events().expect("readable") {
                if event.own {
                    ledger.record(number, event.event_id, event.seq, &event.envelope);
                }
                ledger.keep(number, event.event_id);
                ledger.acknowledged.insert(event.event_id);
            }
        }
        ledger.parcels = template
            .parcels
            .iter()
            .map(|parcel| Truth {
                parcel: parcel.clone(),
                paper: match parcel.kind.sender() {
                    domain::item::Addressee::Citizen => Paper::Citizen,
                    domain::item::Addressee::Agency => Paper::Phone(template::DESK),
                },
                chain: Vec::new(),
                asides: Vec::new(),
                is_orphan: false,
                fetched_by: None,
            })
            .collect();
        Self {
            dice: Dice::of(seed, 1),
            server: Mutex::new(Server::start(template, database, plant)),
            phones,
            ledger,
            tally: Tally::default(),
            plant,
            open: Vec::new(),
            photographs: Vec::new(),
            delayed: VecDeque::new(),
            story: Vec::new(),
            violations: Vec::new(),
            _folder: folder,
        }
    }

    pub(crate) fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down what happened.
    pub(crate) fn tell(&mut self, what: impl Into<String>) {
        self.story.push(what.into());
    }

    /// Writes down what must not happen.
    pub(crate) fn accuse(&mut self, rule: &'static str, what: impl Into<String>) {
        self.violations.push(Violation {
            rule,
            what: what.into(),
        });
    }

    /// A fault happened.
    pub(crate) fn fault(&mut self, name: &'static str) {
        self.tally.fault(name);
        self.tell(format!("  fault: {name}"));
    }

    /// Which phones live.
    pub(crate) fn lives(&self) -> Vec<bool> {
        self.phones.iter().map(|phone| phone.lives).collect()
    }

    fn step(&mut self) {
        self.pass();
        match self.dice.below(100) {
            0..=41 => self.work(),
            42..=60 => self.sync_one(),
            61..=67 => self.settle(),
            68..=80 => self.take_up_again(),
            81..=83 => self.show_a_photograph(),
            84..=86 => self.deliver_late(),
            _ => self.misfortune(),
        }
    }

    /// Time goes on for everybody.
    fn pass(&mut self) {
        let ms = self
            .dice
            .one_of(&[MINUTE, MINUTE, 5 * MINUTE, 20 * MINUTE, 2 * HOUR, 9 * HOUR]);
        self.server().advance(ms);
        for phone in &self.phones {
            phone.host.advance(ms.unsigned_abs());
        }
    }

    fn sync_one(&mut self) {
        let Some(phone) = self.somebody() else { return };
        if !self.phones[phone].online {
            self.tell(format!("phone {phone} has no network"));
            return;
        }
        let trouble = self.dice.percent(45).then(|| self.draw_trouble());
        self.sync(phone, trouble);
    }

    /// One phone talks to the server; what it did when it came through.
    fn sync(&mut self, phone: usize, trouble: Option<(Option<usize>, Trouble)>) -> Option<SyncReport> {
        let link = Link::new(&self.server, trouble);
        let done = self.phones[phone].core().sync(&link);
        let heard = link.heard();
        self.acknowledge(heard.acknowledged);
        self.delayed.extend(heard.delayed);
        if let Some(met) = &heard.met {
            self.fault(met.name());
        }
        self.tally.syncs += 1;
        self.tell(format!("phone {phone} syncs: {done:?}"));
        match done {
            Ok(report) => Some(report),
            Err(CourierError::Unreachable { .. }) => None,
            Err(error) => {
                self.accuse("sync", format!("phone {phone} cannot sync: {error:?}"));
                None
            }
        }
    }

    fn acknowledge(&mut self, ids: Vec<EventId>) {
        let signed = &self.ledger.signed;
        let known = ids.into_iter().filter(|id| signed.contains_key(id));
        self.ledger.acknowledged.extend(known);
    }

    fn settle(&mut self) {
        let done = self.server().settle();
        self.tell("the working side works");
        if let Err(why) = done {
            self.accuse("I9", why);
        }
    }

    /// A request arrives that its phone gave up long ago.
    fn deliver_late(&mut self) {
        let Some(request) = self.delayed.pop_front() else {
            return;
        };
        let reply = link::deliver(&mut self.server(), &request);
        self.acknowledge(link::acknowledged(&request, &reply));
        self.tell(format!("a request arrives late: {}", reply.status));
    }

    /// Somebody who lives.
    pub(crate) fn somebody(&mut self) -> Option<usize> {
        let living: Vec<usize> = (0..self.phones.len()).filter(|n| self.phones[*n].lives).collect();
        (!living.is_empty()).then(|| self.dice.one_of(&living))
    }

    /// Everybody finds a network again and talks until nobody has anything to say.
    fn come_to_rest(&mut self) {
        self.tell("everybody comes home");
        while !self.delayed.is_empty() {
            self.deliver_late();
        }
        self.settle();
        for _ in 0..8 {
            self.pass();
            let mut quiet = true;
            for phone in 0..self.phones.len() {
                if !self.phones[phone].lives {
                    continue;
                }
                let before = self.phones[phone].core().status().expect("status").unsent;
                let done = self.sync(phone, None);
                quiet &= before == 0 && done.is_some_and(|done| done.changes == 0 && done.sent == 0);
            }
            self.settle();
            if quiet {
                return;
            }
        }
        self.accuse("I1", "phones and server do not come to rest");
    }

    fn end(mut self, rebuilds: bool) -> Ended {
        let (found, endings) = judge::judge(&self, rebuilds);
        self.violations.extend(found);
        self.tally.endings = endings;
        self.tally.rebuilds = u64::from(rebuilds);
        let mut history = Vec::new();
        for phone in &self.phones {
            let events = phone.core().events().expect("readable");
            history.extend(events.iter().map(|event| event.event_id));
        }
        self.tally.schedules = 1;
        self.tally.events = self.ledger.signed.len() as u64;
        self.tally.handovers = self.ledger.moved.len() as u64;
        let server = self.server.into_inner().unwrap_or_else(PoisonError::into_inner);
        drop(self.phones);
        server.stop();
        Ended {
            tally: self.tally,
            violations: self.violations,
            story: self.story,
            history,
        }
    }
}
