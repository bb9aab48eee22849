//! Phones and servers that lost something: what a dead phone had not sent, and what a restored server forgot.

use domain::hat::Hat;
use domain::item::ItemKind;
use domain::item_code::ItemCode;
use e2e::{Backend, Network, Phone, Site, Staff, both, read};
use mobile_ffi::core::{Manner, TakeIn};
use serde_json::Value;
use std::collections::BTreeSet;

both!(
    what_a_dead_phone_had_not_sent_reaches_the_server_through_its_file,
    phones_bring_back_what_a_server_forgot_when_it_was_restored,
);

const NOW: i64 = 1_795_413_600_000;

fn label(serial: u32) -> String {
    ItemCode::from_serial("EE", 97_000_000 + serial, "VN")
        .expect("a serial")
        .to_string()
}

fn take_in(phone: &Phone, serial: u32) -> Vec<u8> {
    let code = label(serial);
    let what = TakeIn {
        item_code: &code,
        item_kind: Some(ItemKind::ResultToApplicant),
        seal: "S-1",
        paper_count: 2,
    };
    phone
        .core
        .take_in(&what, &Manner::of(Hat::Carrier))
        .expect("recorded")
        .event_id
        .0
        .to_vec()
}

fn inbox(site: &Site) -> BTreeSet<Vec<u8>> {
    site.look(|store| Box::pin(async move { read::bytes(store, "SELECT event_id FROM inbox WHERE lane = 1").await }))
}

fn couriers(site: &Site) -> (Staff, [Phone; 2]) {
    let supervisor = Staff::sign_in(&site.http(), "dieuphoi.tb", "post_supervisor");
    let phones = ["buuta01", "buuta02"].map(|login| {
        let phone = Phone::blank(&site.http(), NOW);
        phone.enrol(&supervisor.code_for(login));
        phone
    });
    (supervisor, phones)
}

fn what_a_dead_phone_had_not_sent_reaches_the_server_through_its_file(backend: Backend) {
    let site = Site::found(backend);
    let server = site.start();
    let (supervisor, [phone, other]) = couriers(&site);
    let mut events = vec![take_in(&phone, 1), take_in(&phone, 2)];
    let handed = phone.hand_over(Hat::Carrier, &other, Hat::Carrier, &[&label(1)]);
    events.push(handed.accept_id.0.to_vec());

    let salvage = phone.core.salvage().expect("exports");
    assert_eq!((salvage.events, salvage.without_copy), (5, 0));
    let headers = [("authorization", supervisor.authorization())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let bring = |bytes: &[u8]| {
        site.http()
            .send("POST", "/api/v1/sync/salvage", &headers, bytes)
            .expect("answers")
    };
    assert_eq!(bring(salvage.file.as_bytes()).expect(201).json()["is_new"], true);
    assert_eq!(bring(salvage.file.as_bytes()).expect(201).json()["is_new"], false);
    assert_eq!(bring(b"traotay salvage v1").status, 422);
    server.kill();
    assert!(inbox(&site).is_empty(), "it is sealed until somebody opens it");

    let said = site.ask("salvage", &["--json"]);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    let said: Value = serde_json::from_slice(&said.stdout).expect("JSON");
    assert_eq!(
        (&said["files"][0]["events"], &said["files"][0]["stored"]),
        (&5.into(), &5.into())
    );
    let there = inbox(&site);
    assert!(there.len() == 5 && events.iter().all(|id| there.contains(id)));

    // It is opened once; and the phone, if it comes to life after all, brings nothing that is not there.
    let again = site.ask("salvage", &["--json"]);
    assert_eq!(again.stdout, b"{\"files\":[]}\n");
    let server = site.start();
    phone.core.sync(&Network::new(&site.http())).expect("syncs");
    server.kill();
    assert_eq!(inbox(&site).len(), 5);
}

fn phones_bring_back_what_a_server_forgot_when_it_was_restored(backend: Backend) {
    let site = Site::found(backend);
    let server = site.start();
    let (_, [giver, receiver]) = couriers(&site);
    for serial in 1..=20 {
        take_in(&giver, serial);
    }
    giver.sync();
    let file = site.folder().join("half-past.backup");
    let made = site.ask("backup", &["--to", &file.to_string_lossy(), "--with-keys"]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");

    for serial in 21..=40 {
        take_in(&giver, serial);
    }
    giver.hand_over(Hat::Carrier, &receiver, Hat::Carrier, &[&label(1), &label(30)]);
    for phone in [&giver, &receiver] {
        phone.sync();
    }
    server.kill();
    let before = inbox(&site);

    let (restored, said) = Site::restored(backend, &file, &["--json"]);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    assert_eq!(inbox(&restored).len(), 20, "half an hour is gone");
    let server = restored.start();
    for phone in [&giver, &receiver] {
        phone.core.sync(&Network::new(&restored.http())).expect("syncs");
        assert_eq!(phone.unsent(), 0);
    }
    server.kill();
    assert_eq!(inbox(&restored), before);
}
