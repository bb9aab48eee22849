//! A handover in three scans, and what happens between two of them: it goes on where it was, is broken off, taken up again or
//! taken back; and an old offer is shown once more.

use super::ledger::{Aside, Paper, Step};
use super::plant::Plant;
use super::sim::{Open, Sim};
use super::template::DESK;
use custody::envelope::Envelope;
use custody::event::exception_code;
use custody::ids::ItemId;
use domain::item::ItemKind;
use mobile_ffi::core::{Exception, Manner, Recorded, Seen};

/// Most parcels of one handover.
const MOST: usize = 3;

impl Sim {
    pub(crate) fn give_on(&mut self, giver: usize, parcel: usize) {
        let others: Vec<usize> = (0..self.phones.len())
            .filter(|other| *other != giver && self.phones[*other].lives)
            .filter(|other| *other != DESK || self.ledger.parcels[parcel].parcel.kind == ItemKind::DossierToAgency)
            .collect();
        if others.is_empty() {
            return;
        }
        let receiver = self.dice.one_of(&others);
        let mut parcels = vec![parcel];
        let kind = self.ledger.parcels[parcel].parcel.kind;
        for (n, truth) in self.ledger.parcels.iter().enumerate() {
            let fits = n != parcel && truth.paper == Paper::Phone(giver) && !truth.is_orphan;
            if fits && truth.parcel.kind == kind && parcels.len() < MOST && self.dice.percent(50) {
                parcels.push(n);
            }
        }
        self.hand_over(giver, receiver, parcels);
    }

    /// A handover from its first scan; it may end before its last.
    fn hand_over(&mut self, giver: usize, receiver: usize, parcels: Vec<usize>) {
        let Some(hello) = self.hello(receiver) else { return };
        if !self.goes_on(giver, receiver) {
            return;
        }
        let codes: Vec<String> = parcels.iter().map(|parcel| self.code(*parcel)).collect();
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        let hat = self.phones[giver].hat;
        let offered = self.phones[giver].core().offer(&hello, &codes, &Manner::of(hat));
        let Some(offer) = self.recorded(giver, offered, "offers") else {
            return;
        };
        for parcel in &parcels {
            self.names_last_head(*parcel, &offer);
            self.touch(giver, *parcel);
        }
        let handover = Envelope::parse(&offer.envelope)
            .expect("our own envelope")
            .event()
            .handover_id;
        let left = if parcels.len() > 1 && self.dice.percent(15) {
            vec![parcels[parcels.len() - 1]]
        } else {
            Vec::new()
        };
        let open = Open {
            giver,
            receiver,
            handover: handover.expect("an offer has one"),
            offer,
            accept: None,
            parcels,
            left,
        };
        self.go_on(open);
    }

    fn hello(&mut self, phone: usize) -> Option<Vec<u8>> {
        let host = self.phones[phone].host.clone();
        host.stick(self.plant == Some(Plant::SameNonce));
        let hello = self.phones[phone].core().hello(self.phones[phone].hat);
        host.stick(false);
        match hello {
            Ok(hello) => Some(hello),
            Err(error) => {
                self.tell(format!("phone {phone} cannot receive: {error}"));
                self.tally.refused += 1;
                None
            }
        }
    }

    /// A handover from where it is, as far as it gets.
    fn go_on(&mut self, mut open: Open) {
        if !self.goes_on(open.giver, open.receiver) {
            self.open.push(open);
            return;
        }
        if open.accept.is_none() {
            let Some(accept) = self.accept(&open) else {
                self.open.push(open);
                return;
            };
            open.accept = Some(accept);
            if !self.goes_on(open.giver, open.receiver) {
                self.open.push(open);
                return;
            }
        }
        let accept = open.accept.clone().expect("it was accepted");
        let released = self.phones[open.giver].core().release(&accept.envelope);
        let Some(release) = self.recorded(open.giver, released, "turns green") else {
            self.open.push(open);
            return;
        };
        self.papers_move(&open, &accept, &release);
        if !self.goes_on(open.giver, open.receiver) || !self.phones[open.receiver].lives {
            return;
        }
        // The giver shows the same again, also after it was killed.
        let again = self.phones[open.giver].core().release(&accept.envelope);
        if !again.is_ok_and(|again| again == release) {
            self.accuse("I2", "a giver signs another release for the same acceptance");
        }
        match self.phones[open.receiver].core().finish(&release.envelope) {
            Ok(done) if done.accept_id == accept.event_id => {
                self.tell(format!("phone {} keeps the release", open.receiver));
                self.ledger.keep(open.receiver, release.event_id);
                if self.dice.percent(8) {
                    self.show(open.receiver, &open.offer);
                }
            }
            other => self.accuse("I4", format!("the receiver does not keep the release: {other:?}")),
        }
    }

    fn accept(&mut self, open: &Open) -> Option<Recorded> {
        let taken = open.parcels.iter().filter(|parcel| !open.left.contains(parcel));
        let seen: Vec<Seen> = taken.clone().map(|parcel| Seen::intact(&self.code(*parcel))).collect();
        let left: Vec<Exception> = open
            .left
            .iter()
            .map(|parcel| Exception {
                item_code: self.code(*parcel),
                code: exception_code::DAMAGED,
            })
            .collect();
        let accepted = self.phones[open.receiver]
            .core()
            .accept(&open.offer.picture, &seen, &left);
        let accept = self.recorded(open.receiver, accepted, "accepts")?;
        self.ledger.keep(open.receiver, open.offer.event_id);
        self.photographs.push((open.receiver, open.offer.clone()));
        for parcel in taken {
            self.touch(open.receiver, *parcel);
            let to = self.phones[open.receiver].holder;
            let truth = &mut self.ledger.parcels[*parcel];
            truth.asides.push(Aside {
                at: truth.chain.len(),
                accept: accept.event_id,
                offer: open.offer.event_id,
                to,
                revoke: None,
            });
        }
        if self.plant == Some(Plant::PapersBeforeGreen) {
            self.ledger.moved.push((open.offer.event_id, accept.event_id));
        }
        Some(accept)
    }

    /// The giver is green: only now papers change hands.
    fn papers_move(&mut self, open: &Open, accept: &Recorded, release: &Recorded) {
        self.ledger.keep(open.giver, accept.event_id);
        if self.plant != Some(Plant::PapersBeforeGreen) {
            self.ledger.moved.push((open.offer.event_id, accept.event_id));
        }
        let (to, arrives) = (self.phones[open.receiver].holder, open.receiver == DESK);
        for parcel in open.parcels.iter().filter(|parcel| !open.left.contains(parcel)) {
            let truth = &mut self.ledger.parcels[*parcel];
            truth.asides.retain(|aside| aside.accept != accept.event_id);
            truth.chain.push(Step {
                id: accept.event_id,
                offer: Some(open.offer.event_id),
                release: Some(release.event_id),
                holder: Some(to),
                is_handed: true,
            });
            truth.paper = if arrives {
                Paper::Arrived
            } else {
                Paper::Phone(open.receiver)
            };
        }
    }

    /// What happens between two scans; whether the exchange goes on.
    fn goes_on(&mut self, giver: usize, receiver: usize) -> bool {
        match self.dice.below(100) {
            0..=71 => {}
            72..=79 => {
                self.kill_phone(giver);
                self.tally.fault("giver killed between two scans");
            }
            80..=87 => {
                self.kill_phone(receiver);
                self.tally.fault("receiver killed between two scans");
            }
            88 | 89 => self.reboot_phone(receiver),
            90..=97 => {
                self.fault("handover broken off");
                return false;
            }
            98 => self.lose_phone(giver),
            _ => self.lose_phone(receiver),
        }
        self.phones[giver].lives && self.phones[receiver].lives
    }

    /// Two who broke off meet again, or the giver takes the offer back.
    pub(crate) fn take_up_again(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let at = self.dice.below(self.open.len());
        let open = self.open.remove(at);
        if !self.phones[open.giver].lives {
            return;
        }
        let papers_wait = open
            .parcels
            .iter()
            .all(|parcel| self.ledger.parcels[*parcel].paper == Paper::Phone(open.giver));
        if papers_wait && self.phones[open.receiver].lives && self.dice.percent(60) {
            self.tell("two who broke off go on");
            self.go_on(open);
        } else {
            self.revoke(open);
        }
    }

    fn revoke(&mut self, open: Open) {
        let revoked = self.phones[open.giver].core().revoke_offer(open.handover);
        let Some(revoke) = self.recorded(open.giver, revoked, "takes the offer back") else {
            self.open.push(open);
            return;
        };
        for truth in &mut self.ledger.parcels {
            for aside in truth
                .asides
                .iter_mut()
                .filter(|aside| aside.offer == open.offer.event_id)
            {
                aside.revoke = Some(revoke.event_id);
            }
        }
    }

    /// Somebody shows an offer again that was accepted before.
    pub(crate) fn show_a_photograph(&mut self) {
        if self.photographs.is_empty() {
            return;
        }
        let at = self.dice.below(self.photographs.len());
        let (named, offer) = self.photographs[at].clone();
        let target = if self.dice.percent(75) {
            Some(named)
        } else {
            self.somebody()
        };
        if let Some(target) = target.filter(|phone| self.phones[*phone].lives) {
            self.show(target, &offer);
        }
    }

    /// Shows an old offer to a phone that is ready to receive.
    fn show(&mut self, target: usize, offer: &Recorded) {
        if self.hello(target).is_none() {
            return;
        }
        self.fault("old offer shown again");
        let envelope = Envelope::parse(&offer.envelope).expect("our own envelope");
        let items = &envelope.event().items;
        let parcels = self.ledger.parcels.iter().map(|truth| &truth.parcel.code);
        let seen: Vec<Seen> = parcels
            .filter(|code| items.iter().any(|line| line.item == ItemId::of(code)))
            .map(|code| Seen::intact(code))
            .collect();
        let accepted = self.phones[target].core().accept(&offer.picture, &seen, &[]);
        if let Ok(accept) = accepted
            && !self.ledger.on[target].contains(&accept.event_id)
        {
            self.accuse("T5", format!("phone {target} accepted an old offer again"));
            self.ledger
                .record(target, accept.event_id, accept.seq, &accept.envelope);
        }
    }
}
