//! Compares what the driver knows by itself with what server and phones say once all is quiet: the invariants I1 to I9.

use super::acts::short;
use super::ledger::{Expected, Truth};
use super::plant;
use super::server::Server;
use super::sim::Sim;
use custody::envelope::Envelope;
use custody::ids::EventId;
use domain::holder::Holder;
use entity::table::{custody_event, device, inbox, item_custody, quarantine, tracking_event};
use entity::{fsck, rebuild};
use sea_orm::EntityTrait;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Something that must not be.
#[derive(Clone)]
pub(crate) struct Violation {
    /// The invariant.
    pub(crate) rule: &'static str,
    /// What was seen.
    pub(crate) what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is broken: {}", self.rule, self.what)
    }
}

/// The rows of one table.
macro_rules! rows {
    ($server:expr, $table:ident) => {
        $server
            .run($table::Entity::find().all($server.store().read()))
            .expect("readable")
    };
}

pub(super) use rows;

/// Everything that is wrong with how a schedule ended, and how many parcels ended how.
pub(crate) fn judge(sim: &Sim, rebuilds: bool) -> (Vec<Violation>, BTreeMap<&'static str, u64>) {
    let server = sim.server();
    let rows = rows!(server, inbox);
    let mut bench = Bench {
        sim,
        server: &server,
        has: rows
            .iter()
            .filter(|row| row.lane == 1)
            .map(|row| id(&row.event_id))
            .collect(),
        inbox: rows,
        found: Vec::new(),
        endings: BTreeMap::new(),
    };
    bench.nothing_is_lost();
    bench.nothing_is_applied_twice();
    bench.every_parcel_has_its_holder();
    bench.papers_moved_with_two_signatures();
    bench.nobody_spoke_for_another();
    bench.gaps_are_known();
    bench.jobs_were_done_once();
    bench.phones_heard_what_is_theirs();
    plant::before_rebuilding(&server);
    bench.the_past_is_as_it_was();
    if rebuilds {
        bench.folding_again_gives_the_same();
    }
    (bench.found, bench.endings)
}

fn id(bytes: &[u8]) -> EventId {
    EventId::try_from(bytes).expect("32 bytes")
}

/// Where the judge sits.
pub(super) struct Bench<'a> {
    pub(super) sim: &'a Sim,
    pub(super) server: &'a Server,
    inbox: Vec<inbox::Model>,
    /// The custody events the server has.
    has: BTreeSet<EventId>,
    found: Vec<Violation>,
    endings: BTreeMap<&'static str, u64>,
}

impl Bench<'_> {
    pub(super) fn accuse(&mut self, rule: &'static str, what: impl Into<String>) {
        self.found.push(Violation {
            rule,
            what: what.into(),
        });
    }

    /// I1: what a phone that lives showed as recorded, and what the server said it had, is there.
    fn nothing_is_lost(&mut self) {
        let due = self.sim.ledger.due(&self.sim.lives());
        for lost in due.difference(&self.has).copied().collect::<Vec<_>>() {
            let by = &self.sim.ledger.signed[&lost];
            self.accuse("I1", format!("{} of phone {} is lost", short(lost), by.phone));
        }
        for (number, phone) in self.sim.phones.iter().enumerate() {
            let events = phone.core().events().expect("readable");
            let has: BTreeSet<EventId> = events.iter().map(|event| event.event_id).collect();
            if has != self.sim.ledger.on[number] {
                self.accuse("I1", format!("phone {number} does not have what it showed"));
            }
        }
    }

    /// I2: one row, one verdict and one step told for each event, however often it came.
    fn nothing_is_applied_twice(&mut self) {
        let mut seen = BTreeSet::new();
        for n in 0..self.inbox.len() {
            let row = &self.inbox[n];
            let content = Envelope::parse(&row.raw)
                .ok()
                .filter(|_| row.lane == 1)
                .map(|one| one.id());
            if content.is_some_and(|content| !seen.insert(content) || content != id(&row.event_id)) {
                let what = format!("{} is there under two identifiers", short(id(&row.event_id)));
                self.accuse("I2", what);
            }
        }
        let folded = rows!(self.server, custody_event).len();
        if folded != self.has.len() {
            self.accuse("I2", format!("{} events, {folded} of them folded", self.has.len()));
        }
        let told = rows!(self.server, tracking_event);
        for truth in &self.sim.ledger.parcels {
            let rows = told.iter().filter(|row| row.item_code == truth.parcel.code).count();
            let steps = i64::try_from(rows).expect("few") - truth.parcel.told;
            let moves = i64::try_from(truth.moves(&self.has).count()).expect("few");
            let least = match truth.expected(&self.has) {
                Expected::Held { steps, .. } | Expected::Disputed { steps } => i64::try_from(steps).expect("few"),
            };
            let is_plain = truth.asides.is_empty() && usize::try_from(least).ok() == Some(truth.chain.len());
            let most = if is_plain { least } else { moves };
            if steps < least || steps > most {
                self.accuse(
                    "I2",
                    format!(
                        "{}: {steps} steps told, between {least} and {most} happened",
                        truth.parcel.code
                    ),
                );
            }
        }
    }

    /// I3: the server names whoever has the paper, or says that there are two stories.
    fn every_parcel_has_its_holder(&mut self) {
        let said = rows!(self.server, item_custody);
        for truth in &self.sim.ledger.parcels {
            let row = said.iter().find(|row| row.item_code == truth.parcel.code);
            let Some(row) = row else {
                self.accuse("I3", format!("{} is unknown", truth.parcel.code));
                continue;
            };
            let expected = truth.expected(&self.has);
            *self.endings.entry(ending(truth, expected)).or_default() += 1;
            let holder = |holder: Option<Holder>| holder.map(|holder| holder.to_string());
            let is_right = match expected {
                Expected::Disputed { .. } => row.disputed,
                Expected::Held {
                    holder: who,
                    provisional,
                    ..
                } => !row.disputed && row.holder == holder(who) && row.provisional == provisional,
            };
            if !is_right {
                self.accuse(
                    "I3",
                    format!(
                        "{}: the server says holder {:?}, provisional {}, disputed {}; it is {expected:?}",
                        truth.parcel.code, row.holder, row.provisional, row.disputed
                    ),
                );
            }
        }
    }

    /// I4: whenever papers changed hands, both signatures are on the server or on a phone that lives.
    fn papers_moved_with_two_signatures(&mut self) {
        let due = self.sim.ledger.due(&self.sim.lives());
        for (offer, accept) in &self.sim.ledger.moved {
            let is_there = |id| self.has.contains(id) || due.contains(id);
            if !is_there(offer) || !is_there(accept) {
                self.accuse(
                    "I4",
                    format!("papers moved by {} without two signatures", short(*accept)),
                );
            }
        }
    }

    /// I7: every trusted event is one its phone signed; what was forged is set aside with its reason.
    fn nobody_spoke_for_another(&mut self) {
        for event in rows!(self.server, custody_event) {
            let id = id(&event.event_id);
            let is_signed = self.sim.ledger.signed.contains_key(&id);
            if event.verdict == "ok" && !is_signed {
                self.accuse("I7", format!("{} is trusted and nobody signed it", short(id)));
            }
            if event.verdict != "ok" && is_signed {
                self.accuse(
                    "I7",
                    format!("{} is genuine and was set aside: {}", short(id), event.verdict),
                );
            }
        }
        let shown: BTreeSet<EventId> = rows!(self.server, quarantine)
            .iter()
            .map(|row| id(&row.event_id))
            .collect();
        let forged = &self.sim.ledger.forged;
        let hidden: Vec<EventId> = forged
            .intersection(&self.has)
            .filter(|id| !shown.contains(id))
            .copied()
            .collect();
        let wrong: Vec<EventId> = shown.difference(forged).copied().collect();
        for id in hidden {
            self.accuse("I7", format!("{} was forged and is not shown", short(id)));
        }
        for id in wrong {
            self.accuse("I7", format!("{} is shown in quarantine", short(id)));
        }
    }

    /// I8: the server knows of each device how much of its chain it has.
    fn gaps_are_known(&mut self) {
        let devices = rows!(self.server, device);
        for number in 0..self.sim.phones.len() {
            let own = self.sim.ledger.signed.iter();
            let own = own.filter(|(id, signed)| signed.phone == number && self.has.contains(*id));
            let seqs: BTreeSet<u64> = own.map(|(_, signed)| signed.seq).collect();
            let whole = (1..=seqs.len() as u64).take_while(|seq| seqs.contains(seq)).count();
            let last = seqs.last().copied().unwrap_or(0);
            let id = self.sim.phones[number].core().device_id();
            let Some(row) = devices.iter().find(|row| row.device_id == id.0) else {
                self.accuse("I8", format!("phone {number} is unknown"));
                continue;
            };
            let told = (usize::try_from(row.contiguous).ok(), u64::try_from(row.seq_max).ok());
            if told != (Some(whole), Some(last)) || row.fork_at.is_some() || row.broken_at.is_some() {
                self.accuse(
                    "I8",
                    format!("phone {number}: whole to {whole}, last {last}; the server says {row:?}"),
                );
            }
        }
    }

    /// I5: every byte is as it was signed.
    fn the_past_is_as_it_was(&mut self) {
        for row in rows!(self.server, inbox).iter().filter(|row| row.lane == 1) {
            let signed = self.sim.ledger.signed.get(&id(&row.event_id));
            let Some(signed) = signed else { continue };
            let low = Envelope::parse(&row.raw).map(|envelope| envelope.low_s_bytes());
            if low.as_ref() != Ok(&signed.bytes) {
                self.accuse("I5", format!("{} is not what was signed", short(id(&row.event_id))));
            }
        }
        let keys = &self.server.template.keys;
        match self.server.run(fsck::check(self.server.store(), keys)) {
            Ok(checked) if checked.damaged.is_empty() && checked.hole_at.is_none() => {}
            other => self.accuse("I5", format!("the log is not whole: {other:?}")),
        }
    }

    /// What people look at is a function of the log.
    fn folding_again_gives_the_same(&mut self) {
        let projector = self.server.projector();
        match self.server.run(rebuild::rebuild(self.server.store(), &projector)) {
            Ok(compared) => {
                for table in compared.iter().filter(|table| !table.is_same()) {
                    self.accuse("rebuild", format!("{} is another when folded again", table.table));
                }
            }
            Err(error) => self.accuse("rebuild", format!("folding again fails: {error:?}")),
        }
    }
}

fn ending(truth: &Truth, expected: Expected) -> &'static str {
    match expected {
        Expected::Disputed { .. } => "disputed: two stories are told",
        Expected::Held { provisional: true, .. } => "with its holder, the giver's release missing",
        Expected::Held { .. } if truth.is_orphan => "where it was when its story was lost with a phone",
        Expected::Held { holder: None, .. } => "not in the post yet",
        Expected::Held { .. } => "with its one holder",
    }
}
