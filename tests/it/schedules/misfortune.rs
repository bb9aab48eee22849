//! What happens to phones, network and server that nobody wanted.

use super::effects;
use super::ledger::{Paper, Truth};
use super::link::Trouble;
use super::plant::Plant;
use super::sim::Sim;
use super::template::DESK;
use custody::envelope::{Signer, seal};
use custody::event::{ItemRef, Mono, Stamp};
use custody::ids::{EventId, HandoverId, ItemId};
use custody::kind::Kind;
use std::collections::BTreeSet;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

impl Sim {
    pub(crate) fn draw_trouble(&mut self) -> (Option<usize>, Trouble) {
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
            Paper::Phone(phone) if phone != DESK && !truth.chain.is_empty() => Some((n, phone)),
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
        let device = signer.public_key().device_id();
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

    pub(crate) fn misfortune(&mut self) {
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

    pub(crate) fn back_up(&mut self) {
        let acknowledged = self.ledger.acknowledged.clone();
        self.server().back_up(acknowledged);
        self.tell("the server is backed up");
    }

    fn restore(&mut self) {
        let told = effects::told(&self.server());
        let restored = self.server().restore();
        let Some(acknowledged) = restored else { return };
        self.ledger.theirs_before.extend(told);
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
}
