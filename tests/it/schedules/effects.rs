//! The judge's questions about what follows from a fold: jobs, and what phones were told.

use super::judge::{Bench, rows};
use super::server::Server;
use domain::holder::{Holder, HolderClass};
use domain::ids::StaffId;
use domain::wire::v1::{Change, ItemChange};
use entity::table::{assignment, change, item_custody, outbox, unplaced};
use sea_orm::{EntityTrait, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};

/// Whom the server has told of which item, or given it to, by party and label.
pub(super) fn told(server: &Server) -> BTreeSet<(String, String)> {
    let labels: BTreeMap<Vec<u8>, String> = rows!(server, item_custody)
        .into_iter()
        .map(|row| (row.item_id, row.item_code))
        .collect();
    let words = rows!(server, change)
        .into_iter()
        .filter_map(|row| match serde_json::from_str(&row.body) {
            Ok(Change::Item(word)) => Some((row.recipient, word.item_code)),
            _ => None,
        });
    let given = rows!(server, assignment).into_iter().filter_map(|row| {
        Some((
            Holder::Staff(StaffId(row.staff_id)).to_string(),
            labels.get(&row.item_id)?.clone(),
        ))
    });
    words.chain(given).collect()
}

impl Bench<'_> {
    /// I9: no job is stuck or given up, none had its effect twice, and what waits at an office waits for somebody.
    pub(super) fn jobs_were_done_once(&mut self) {
        let now = self.server.store().now_ms();
        let jobs = rows!(self.server, outbox);
        for job in &jobs {
            let waits = job.state == "ready" && job.next_run_at <= now;
            if waits || job.state == "running" || job.state == "dead" {
                self.accuse("I9", format!("a job {} is {}", job.dedup_key, job.state));
            }
        }
        let decisions = rows!(self.server, assignment);
        let (mut standing, mut heads) = (BTreeSet::new(), BTreeSet::new());
        for row in &decisions {
            let is_second = row.ended_at.is_none() && !standing.insert((row.item_id.clone(), row.leg.clone()));
            if is_second || !heads.insert((row.item_id.clone(), row.leg.clone(), row.head.clone())) {
                self.accuse("I9", format!("a {} was given out twice", row.leg));
            }
        }
        let listed: BTreeSet<Vec<u8>> = rows!(self.server, unplaced)
            .into_iter()
            .map(|row| row.item_id)
            .collect();
        for row in rows!(self.server, item_custody) {
            let holder: Option<Holder> = row.holder.as_deref().and_then(|text| text.parse().ok());
            let at_office = holder.is_some_and(|holder| holder.class() == HolderClass::ServicePoint);
            let waits = at_office && !row.disputed && ["C2", "C3", "C4"].contains(&row.state.as_str());
            let later = jobs
                .iter()
                .any(|job| job.state == "ready" && job.dedup_key.contains(&row.item_code));
            let somebody = standing.contains(&(row.item_id.clone(), "deliver".to_owned()));
            if waits && !somebody && !later && !listed.contains(&row.item_id) {
                self.accuse("I9", format!("{} waits at an office for nobody", row.item_code));
            }
        }
    }

    /// I6, and that a feed leaves nothing out: a phone knows what its person had to do with, and the server's last word on it.
    pub(super) fn phones_heard_what_is_theirs(&mut self) {
        let feed = self.server.run(
            change::Entity::find()
                .order_by_asc(change::Column::Seq)
                .all(self.server.store().read()),
        );
        let mut words: BTreeMap<String, BTreeMap<String, ItemChange>> = BTreeMap::new();
        for row in feed.expect("readable") {
            if let Ok(Change::Item(word)) = serde_json::from_str(&row.body) {
                words
                    .entry(row.recipient)
                    .or_default()
                    .insert(word.item_code.clone(), word);
            }
        }
        let mut told_ever = told(self.server);
        told_ever.extend(self.sim.ledger.theirs_before.iter().cloned());
        for (number, phone) in self.sim.phones.iter().enumerate().filter(|(_, phone)| phone.lives) {
            let credential = phone.core().credential().expect("readable").expect("enrolled");
            let mut last: BTreeMap<&String, Vec<&ItemChange>> = BTreeMap::new();
            for (_, holder) in &credential.hats {
                for (code, word) in words.get(&holder.to_string()).into_iter().flatten() {
                    last.entry(code).or_default().push(word);
                }
            }
            for (parcel, truth) in self.sim.ledger.parcels.iter().enumerate() {
                let known = phone.core().item(&truth.parcel.code).expect("readable");
                let heard = known.as_ref().and_then(|item| item.server.clone());
                let told = last.get(&truth.parcel.code);
                let is_last = |word: &&&ItemChange| {
                    heard.as_ref().is_some_and(|heard| {
                        heard.head.map(|head| head.to_string()) == word.head
                            && heard.holder.map(|holder| holder.to_string()) == word.holder
                    })
                };
                if told.is_some_and(|told| !told.iter().any(|word| is_last(&word))) {
                    self.accuse(
                        "feed",
                        format!("phone {number} has not heard the last of {}", truth.parcel.code),
                    );
                }
                let parties = credential.hats.iter().map(|(_, holder)| holder.to_string());
                let mut parties = parties.chain([phone.holder.to_string()]);
                let theirs = self.sim.ledger.touched[number].contains(&parcel)
                    || parties.any(|party| told_ever.contains(&(party, truth.parcel.code.clone())));
                if known.is_some() && !theirs {
                    self.accuse("I6", format!("phone {number} knows of {}", truth.parcel.code));
                }
            }
        }
    }
}
