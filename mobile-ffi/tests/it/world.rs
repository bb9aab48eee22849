//! Phones and labels for the stories.

use std::path::PathBuf;
use std::sync::Arc;

use domain::hat::Hat;
use domain::holder::Holder;
use domain::ids::{AgencyId, ServicePointId, StaffId};
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use mobile_ffi::core::{Core, Finished, Manner, Platform, Recorded, Seen, SoftPlatform, TakeIn};
use tempfile::TempDir;
use uuid::Uuid;

use crate::server::Server;

/// Monday 23 November 2026, 13:00 in An Giang.
pub(crate) const NOW: i64 = 1_795_413_600_000;
pub(crate) const HOUR: u64 = 3_600_000;
pub(crate) const THREE_DAYS: i64 = 72 * 3_600_000;

pub(crate) const CARRIER: Hat = Hat::Carrier;

/// A phone, its owner's key and its store.
pub(crate) struct Phone {
    pub(crate) core: Core,
    pub(crate) host: Arc<SoftPlatform>,
    pub(crate) folder: TempDir,
}

impl Phone {
    /// A courier's phone, enrolled.
    pub(crate) fn courier(server: &Server, number: u128) -> Self {
        Self::enrolled(server, number, &[("carrier", courier(number).to_string())])
    }

    /// A service point's counter.
    pub(crate) fn counter(server: &Server, number: u128) -> Self {
        Self::enrolled(server, number, &[("post_agent", office(number).to_string())])
    }

    /// A one-stop desk.
    pub(crate) fn desk(server: &Server, number: u128) -> Self {
        Self::enrolled(server, number, &[("desk_agent", agency(number).to_string())])
    }

    pub(crate) fn enrolled(server: &Server, number: u128, hats: &[(&str, String)]) -> Self {
        let phone = Self::blank(number);
        let code = format!("code-{number}");
        server.expect(&code, hats, NOW + THREE_DAYS);
        phone.core.enrol(&code, server).expect("enrols");
        phone
    }

    /// A phone nobody enrolled.
    pub(crate) fn blank(number: u128) -> Self {
        let mut secret = [1; 32];
        secret[16..].copy_from_slice(&number.to_be_bytes());
        let host = Arc::new(SoftPlatform::new(&secret, NOW).expect("a key"));
        let folder = tempfile::tempdir().expect("a folder");
        let core = Core::open(folder.path().join("phone.db"), host.clone()).expect("opens");
        Self { core, host, folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("phone.db")
    }

    /// The same store and key in a new process.
    pub(crate) fn reopened(self) -> Self {
        let Self { core, host, folder } = self;
        drop(core);
        let core = Core::open(folder.path().join("phone.db"), host.clone()).expect("opens");
        Self { core, host, folder }
    }

    /// The same store under another host.
    pub(crate) fn core_with(&self, host: Arc<dyn Platform>) -> Core {
        Core::open(self.path(), host).expect("opens")
    }

    pub(crate) fn take_in(&self, code: &str) -> Recorded {
        self.core
            .take_in(&envelope(code), &Manner::of(CARRIER))
            .expect("recorded")
    }
}

/// A sealed envelope with a result in it.
pub(crate) fn envelope(code: &str) -> TakeIn<'_> {
    TakeIn {
        item_code: code,
        item_kind: Some(ItemKind::ResultToApplicant),
        seal: "S-0001",
        paper_count: 3,
    }
}

/// The whole handover of these items between two phones.
pub(crate) fn hand_over(giver: &Phone, as_giver: Hat, receiver: &Phone, as_receiver: Hat, codes: &[&str]) -> Finished {
    let hello = receiver.core.hello(as_receiver).expect("hello");
    let offer = giver.core.offer(&hello, codes, &Manner::of(as_giver)).expect("offer");
    let seen: Vec<Seen> = codes.iter().map(|code| Seen::intact(code)).collect();
    let accept = receiver.core.accept(&offer.picture, &seen, &[]).expect("accept");
    let release = giver.core.release(&accept.envelope).expect("release");
    receiver.core.finish(&release.envelope).expect("finish")
}

pub(crate) fn label(serial: u32) -> String {
    ItemCode::from_serial("EE", serial, "VN").expect("a serial").to_string()
}

pub(crate) fn courier(number: u128) -> Holder {
    Holder::Staff(StaffId(Uuid::from_u128(number)))
}

pub(crate) fn office(number: u128) -> Holder {
    Holder::ServicePoint(ServicePointId(Uuid::from_u128(number)))
}

pub(crate) fn agency(number: u128) -> Holder {
    Holder::Agency(AgencyId(Uuid::from_u128(number)))
}
