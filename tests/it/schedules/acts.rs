//! What one person does with a parcel in a schedule: fetch it, deliver it, fail to, keep it at the office.

use super::ledger::{Paper, Step};
use super::sim::Sim;
use super::template::DESK;
use custody::envelope::Envelope;
use custody::ids::{EventId, ItemId};
use domain::holder::Holder;
use domain::item::{AttemptReason, ItemKind};
use mobile_ffi::core::{Core, CourierError, Manner, Recipient, Recorded, TakeIn};

impl Sim {
    /// Somebody does something with a parcel that is in their hands or at a door.
    pub(crate) fn work(&mut self) {
        let is_at_hand = |paper| match paper {
            Paper::Citizen => true,
            Paper::Phone(phone) => self.phones[phone].lives,
            Paper::Arrived => false,
        };
        let parcels = self.ledger.parcels.iter().enumerate();
        let at_hand: Vec<usize> = parcels
            .filter(|(_, truth)| !truth.is_orphan && is_at_hand(truth.paper))
            .map(|(n, _)| n)
            .collect();
        if at_hand.is_empty() {
            return;
        }
        let parcel = self.dice.one_of(&at_hand);
        match self.ledger.parcels[parcel].paper {
            Paper::Citizen => self.fetch(parcel),
            Paper::Phone(DESK) => self.give_on(DESK, parcel),
            Paper::Phone(phone) => match self.dice.below(10) {
                0..=6 => self.give_on(phone, parcel),
                7 | 8 => self.deliver(phone, parcel),
                _ => self.fail_or_hold(phone, parcel),
            },
            Paper::Arrived => {}
        }
    }

    pub(crate) fn code(&self, parcel: usize) -> String {
        self.ledger.parcels[parcel].parcel.code.clone()
    }

    fn fetch(&mut self, parcel: usize) {
        let tried = self.ledger.parcels[parcel].fetched_by;
        let phone = tried.unwrap_or_else(|| self.dice.below(DESK));
        if !self.phones[phone].lives {
            return;
        }
        let (code, hat, holder) = (self.code(parcel), self.phones[phone].hat, self.phones[phone].holder);
        if self.dice.percent(20) {
            // Others who fetched it then would tell another story of the same door.
            self.ledger.parcels[parcel].fetched_by = Some(phone);
            self.one_party(phone, parcel, (None, Paper::Citizen), |core| {
                core.attempt_failed(&code, AttemptReason::NotHome, &Manner::of(hat))
            });
        } else {
            self.one_party(phone, parcel, (Some(holder), Paper::Phone(phone)), |core| {
                let what = TakeIn {
                    item_code: &code,
                    item_kind: None,
                    seal: "NP-0002",
                    paper_count: 2,
                };
                core.take_in(&what, &Manner::of(hat))
            });
        }
    }

    fn deliver(&mut self, phone: usize, parcel: usize) {
        if self.ledger.parcels[parcel].parcel.kind != ItemKind::ResultToApplicant {
            return;
        }
        let (code, hat) = (self.code(parcel), self.phones[phone].hat);
        self.one_party(phone, parcel, (Some(Holder::Citizen), Paper::Arrived), |core| {
            core.deliver(&code, Recipient::Addressee, 1, &Manner::of(hat))
        });
    }

    fn fail_or_hold(&mut self, phone: usize, parcel: usize) {
        let (code, hat, holder) = (self.code(parcel), self.phones[phone].hat, self.phones[phone].holder);
        let stays = (Some(holder), Paper::Phone(phone));
        let fails = self.dice.percent(60);
        self.one_party(phone, parcel, stays, |core| {
            if fails {
                core.attempt_failed(&code, AttemptReason::NotHome, &Manner::of(hat))
            } else {
                core.hold(&code, &Manner::of(hat))
            }
        });
    }

    /// An act of one person; afterwards the parcel is there and with them.
    fn one_party(
        &mut self,
        phone: usize,
        parcel: usize,
        (holder, paper): (Option<Holder>, Paper),
        act: impl Fn(&Core) -> Result<Recorded, CourierError>,
    ) {
        if self.dice.percent(6) {
            self.phones[phone].kill_while(|core| drop(act(core)));
            self.fault("phone killed while it signs");
            self.look_into(phone);
        }
        let done = act(self.phones[phone].core());
        let Some(recorded) = self.recorded(phone, done, "acts alone") else {
            return;
        };
        self.names_last_head(parcel, &recorded);
        self.touch(phone, parcel);
        let truth = &mut self.ledger.parcels[parcel];
        truth.chain.push(Step {
            id: recorded.event_id,
            offer: None,
            release: None,
            holder,
            is_handed: truth.paper != paper,
        });
        truth.paper = paper;
        if self.dice.percent(8) {
            self.kill_phone(phone);
        }
    }

    /// Writes an act into the ledger that a phone showed as recorded.
    pub(crate) fn recorded(
        &mut self,
        phone: usize,
        done: Result<Recorded, CourierError>,
        what: &str,
    ) -> Option<Recorded> {
        match done {
            Ok(recorded) => {
                self.tell(format!(
                    "phone {phone} {what}: {} as {}",
                    kind_of(&recorded.envelope),
                    short(recorded.event_id)
                ));
                self.ledger
                    .record(phone, recorded.event_id, recorded.seq, &recorded.envelope);
                Some(recorded)
            }
            Err(error) => {
                self.tell(format!("phone {phone} {what}: refused, {error}"));
                self.tally.refused += 1;
                if matches!(error, CourierError::Store(_) | CourierError::Host(_)) {
                    self.accuse("I1", format!("phone {phone} failed: {error:?}"));
                }
                None
            }
        }
    }

    pub(crate) fn touch(&mut self, phone: usize, parcel: usize) {
        self.ledger.touched[phone].insert(parcel);
    }

    /// Whoever has a paper goes on from the last thing that happened to it.
    pub(crate) fn names_last_head(&mut self, parcel: usize, recorded: &Recorded) {
        let truth = &self.ledger.parcels[parcel];
        let last = truth.chain.last().map_or(EventId::ZERO, |step| step.id);
        let envelope = Envelope::parse(&recorded.envelope).expect("our own envelope");
        let named = envelope
            .event()
            .item(ItemId::of(&truth.parcel.code))
            .map(|line| line.head);
        if named != Some(last) {
            let what = format!(
                "{} goes on from {:?} and not from {}, where its holder had it",
                short(recorded.event_id),
                named.map(short),
                short(last)
            );
            self.accuse("head", what);
        }
    }
}

fn kind_of(envelope: &[u8]) -> String {
    let envelope = Envelope::parse(envelope).expect("our own envelope");
    envelope.event().kind.name().to_string()
}

/// The first digits of an id, for people to read.
pub(crate) fn short(id: EventId) -> String {
    id.to_string()[..8].to_owned()
}
