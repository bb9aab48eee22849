//! What devices write.

use super::{Endpoint, inbox, json_of};
use custody::ids::EventId;
use domain::hat::Hat;
use domain::ids::StaffId;
use e2e::rude::{Heard, request};
use e2e::{Device, World, read};
use entity::repo::{device, reference::id_of};
use std::collections::BTreeSet;

/// `POST /api/v1/sync/events`: three remarks at a time.
pub(super) struct Deposits {
    pub(super) address: String,
    pub(super) device: Device,
    pub(super) ids: Vec<EventId>,
}

impl Endpoint for Deposits {
    fn name(&self) -> &'static str {
        "deposit"
    }

    fn refresh(&mut self, world: &World, _attempts: usize) {
        self.device.greet(&world.http);
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        let sealed: Vec<_> = (0..3).map(|_| self.device.note(0)).collect();
        let body: Vec<u8> = sealed.iter().flat_map(|sealed| sealed.bytes.clone()).collect();
        self.ids.push(sealed[2].id);
        let proof = self.device.proof("POST", "/api/v1/sync/events");
        let headers = [("dpop", proof.as_str()), ("content-type", "application/cbor-seq")];
        (
            self.ids.len() - 1,
            request("POST", &self.address, "/api/v1/sync/events", &headers, &body),
        )
    }

    fn acknowledged(&self, number: usize, answer: &Heard) -> Option<String> {
        (answer.status == 200).then(|| self.ids[number].to_string())
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        inbox(world)
    }
}

/// `POST /api/v1/devices/enrol`.
pub(super) struct Enrolments {
    pub(super) address: String,
    pub(super) codes: Vec<String>,
    pub(super) next: usize,
}

impl Endpoint for Enrolments {
    fn name(&self) -> &'static str {
        "enrolment"
    }

    fn refresh(&mut self, world: &World, attempts: usize) {
        let (staff, now) = (StaffId(id_of("staff", "buuta02")), world.store().now_ms());
        let codes = world.store().write(move |tx| {
            Box::pin(async move {
                let mut codes = Vec::new();
                for _ in 0..attempts {
                    codes.push(device::new_code(tx, staff, now).await?);
                }
                Ok::<_, entity::StoreError>(codes)
            })
        });
        self.codes.extend(world.run(codes).expect("codes"));
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        let number = self.next;
        self.next += 1;
        let body = Device::new(Hat::Carrier).enrolment(&self.codes[number]).to_string();
        let headers = [("content-type", "application/json")];
        (
            number,
            request(
                "POST",
                &self.address,
                "/api/v1/devices/enrol",
                &headers,
                body.as_bytes(),
            ),
        )
    }

    fn acknowledged(&self, _number: usize, answer: &Heard) -> Option<String> {
        let view = json_of(answer).filter(|_| answer.status == 200)?;
        view["device_id"].as_str().map(str::to_owned)
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        let ids = world.run(read::bytes(world.store(), "SELECT device_id FROM device"));
        ids.into_iter().map(hex::encode).collect()
    }
}
