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
use custody::envelope::seal;
use custody::event::{ItemRef, Mono, Stamp};
use custody::ids::{EventId, HandoverId, ItemId};
use custody::kind::Kind;
use e2e::Backend;
use mobile_ffi::core::{CourierError, Recorded, SyncReport};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

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

    fn draw_trouble(&mut self) -> (Option<usize>, Trouble) {
        // The deposit, or one of greeting, deposit and feed, each perhaps twice for a fresh nonce.
        let at = self.dice.percent(50).then(|| self.dice.below(4));
        let trouble = match self.dice.below(13) {
            0 | 1 => Trouble::AnswerLost,
            2 | 12 => Trouble::RequestLost,
            3 => Trouble::Twice,
            4 | 5 => Trouble::Delayed,
            6 => Trouble::KilledBefore,
            7 => Trouble::KilledAfter,
            8 => self.forgery().map_or(Trouble::Twice, Trouble::Smuggled),
            9 => Trouble::Twins {
                first: self.dice.percent(50),
            },
            _ => Trouble::Reversed,
        };
        (at, trouble)
    }

    /// Says in another's name that they gave a parcel to its addressee.
    fn forgery(&mut self) -> Option<Vec<u8>> {
        let carried = |(n, truth): (usize, &Truth)| match truth.paper {
            Paper::Phone(phone) if phone != template::DESK && !truth.chain.is_empty() => Some((n, phone)),
            _ => None,
        };
        let carried: Vec<(usize, usize)> = self.ledger.parcels.iter().enumerate().filter_map(carried).collect();
        if carried.is_empty() {
            return None;
        }
        let (parcel, victim) = self.dice.one_of(&carried);
        let own = self.ledger.signed.iter().filter(|(_, signed)| signed.phone == victim);
        let (prev, last) = own.max_by_key(|(_, signed)| signed.seq)?;
        let truth = &self.ledger.parcels[parcel];
        let stamp = Stamp {
            acting_as: self.phones[victim].hat,
            seq: last.seq + 1,
            prev: *prev,
            wall_ms: 1,
            mono: Mono {
                boot_id: [7; 16],
                ms: 1,
            },
            beacon: None,
            seen_checkpoint: None,
        };
        let signer = self.phones[victim].host.signer();
        let device = custody::envelope::Signer::public_key(signer).device_id();
        let mut event = stamp.event(Kind::Deliver, device, HandoverId([9; 16]));
        event.assurance = Some(1);
        event.items = vec![ItemRef {
            item: ItemId::of(&truth.parcel.code),
            head: truth.chain.last()?.id,
            seal: String::new(),
        }];
        let sealed = seal(&event, signer).expect("a soft key signs");
        self.ledger.forged.insert(sealed.id);
        if self.plant == Some(Plant::SignatureUnchecked) {
            // A server that looks at no signature takes this for that phone's.
            return Some(sealed.bytes);
        }
        Some(super::wire::forged(&sealed.bytes))
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

    fn misfortune(&mut self) {
        let Some(phone) = self.somebody() else { return };
        match self.dice.below(15) {
            0 | 1 => self.kill_phone(phone),
            2 => self.reboot_phone(phone),
            3 | 4 => {
                let by = self.dice.one_of(&[5 * MINUTE, DAY, 365 * DAY]);
                let by = if self.dice.percent(50) { by } else { -by };
                self.phones[phone].host.move_wall(by);
                self.fault(match by.abs() {
                    DAY => "phone clock moved by a day",
                    ms if ms > DAY => "phone clock moved by a year",
                    _ => "phone clock moved by minutes",
                });
            }
            5 | 6 => {
                let online = self.phones[phone].online;
                self.phones[phone].online = !online;
                if online {
                    self.fault("phone without network for days");
                }
            }
            7 => self.lose_phone(phone),
            8 | 9 => {
                self.server().kill();
                self.fault("server killed");
            }
            10 => {
                let begun = self.server().begin_to_settle();
                self.server().kill();
                self.fault("server killed between two batches");
                if let Err(why) = begun {
                    self.accuse("I9", why);
                }
            }
            11 => self.back_up(),
            _ => self.restore(),
        }
    }

    fn back_up(&mut self) {
        let acknowledged = self.ledger.acknowledged.clone();
        self.server().back_up(acknowledged);
        self.tell("the server is backed up");
    }

    fn restore(&mut self) {
        let restored = self.server().restore();
        let Some(acknowledged) = restored else { return };
        self.fault("server restored from a backup");
        self.ledger.acknowledged = acknowledged;
        self.ledger.find_orphans(&self.lives());
    }

    /// The app is killed and started again: it has what it showed as recorded, and nothing that it did not.
    pub(crate) fn kill_phone(&mut self, phone: usize) {
        self.phones[phone].kill();
        self.fault("phone killed");
        self.look_into(phone);
    }

    /// A phone has all it showed as recorded, and nothing beside that.
    pub(crate) fn look_into(&mut self, phone: usize) {
        let events = self.phones[phone].core().events().expect("readable");
        let has: BTreeSet<EventId> = events.iter().map(|event| event.event_id).collect();
        if has != self.ledger.on[phone] {
            let lost = self.ledger.on[phone].difference(&has).count();
            let more = has.difference(&self.ledger.on[phone]).count();
            self.accuse(
                "I1",
                format!("phone {phone} lost {lost} recorded events and has {more} others"),
            );
        }
    }

    /// The phone restarts: its app is killed and its clock that only runs forward begins anew.
    pub(crate) fn reboot_phone(&mut self, phone: usize) {
        self.phones[phone].host.reboot();
        self.kill_phone(phone);
        self.fault("phone restarted");
    }

    /// A phone is gone for good, once in a schedule: two at the same time are more than two signatures can bear.
    pub(crate) fn lose_phone(&mut self, phone: usize) {
        if self.phones.iter().any(|phone| !phone.lives) {
            return;
        }
        self.phones[phone].lives = false;
        self.fault("phone lost for good");
        self.tell(format!("phone {phone} is lost"));
        self.ledger.find_orphans(&self.lives());
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
