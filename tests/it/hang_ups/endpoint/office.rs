//! What staff write.

use super::{Endpoint, inbox, json_of, placed, post};
use e2e::rude::Heard;
use e2e::{Staff, World};
use entity::repo::reference::id_of;
use entity::table::{dossier, enrolment_code};
use sea_orm::{EntityTrait, QuerySelect};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

/// `POST /api/v1/intakes`.
pub(super) struct Intakes {
    pub(super) address: String,
    pub(super) staff: Staff,
    pub(super) next: usize,
}

impl Endpoint for Intakes {
    fn name(&self) -> &'static str {
        "intake"
    }

    fn refresh(&mut self, world: &World, _attempts: usize) {
        self.staff = world.sign_in("quay.tb", "post_agent");
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        self.next += 1;
        let body = json!({
            "mode": "send", "agency_id": id_of("agency", "AG-UB-30520"), "paper_count": 2,
            "applicant": { "name": "Trần Văn Mẫu", "phone": "0912345679", "address": "Khóm Xuân Hòa, phường Tịnh Biên" },
            "slip_number": format!("S-{}", self.next),
        });
        (
            self.next,
            post(&self.address, "/api/v1/intakes", &self.staff.authorization(), &body),
        )
    }

    fn acknowledged(&self, _number: usize, answer: &Heard) -> Option<String> {
        let view = json_of(answer).filter(|_| answer.status == 201)?;
        view["dossier_id"].as_str().map(str::to_owned)
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        let ids = dossier::Entity::find()
            .select_only()
            .column(dossier::Column::Id)
            .into_tuple();
        let ids: Vec<Uuid> = world.run(ids.all(world.store().read())).expect("readable");
        ids.iter().map(Uuid::to_string).collect()
    }
}

/// `POST /api/v1/dossiers/{id}/acts`.
pub(super) struct Acts {
    pub(super) address: String,
    pub(super) staff: Staff,
    pub(super) dossiers: Vec<Uuid>,
    pub(super) next: usize,
}

impl Endpoint for Acts {
    fn name(&self) -> &'static str {
        "act"
    }

    fn refresh(&mut self, world: &World, attempts: usize) {
        self.staff = world.sign_in("haimu.tb1", "desk_agent");
        let more = placed(world, "A", self.dossiers.len(), attempts);
        self.dossiers.extend(more.into_iter().map(|(_, dossier)| dossier));
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        let number = self.next;
        self.next += 1;
        let path = format!("/api/v1/dossiers/{}/acts", self.dossiers[number]);
        (
            number,
            post(
                &self.address,
                &path,
                &self.staff.authorization(),
                &json!({ "act": "lodged" }),
            ),
        )
    }

    fn acknowledged(&self, _number: usize, answer: &Heard) -> Option<String> {
        let view = json_of(answer).filter(|_| answer.status == 201)?;
        view["event_id"].as_str().map(str::to_owned)
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        inbox(world)
    }
}

/// `POST /api/v1/devices/codes`.
pub(super) struct Codes {
    pub(super) address: String,
    pub(super) staff: Staff,
    pub(super) next: usize,
}

impl Endpoint for Codes {
    fn name(&self) -> &'static str {
        "code"
    }

    fn refresh(&mut self, world: &World, _attempts: usize) {
        self.staff = world.sign_in("dieuphoi.tb", "post_supervisor");
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        self.next += 1;
        let body = json!({ "staff_id": id_of("staff", "buuta03") });
        (
            self.next,
            post(
                &self.address,
                "/api/v1/devices/codes",
                &self.staff.authorization(),
                &body,
            ),
        )
    }

    fn acknowledged(&self, _number: usize, answer: &Heard) -> Option<String> {
        let view = json_of(answer).filter(|_| answer.status == 201)?;
        view["code"]
            .as_str()
            .map(|code| hex::encode(Sha256::digest(code.as_bytes())))
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        let hashes = enrolment_code::Entity::find()
            .select_only()
            .column(enrolment_code::Column::CodeHash);
        let hashes: Vec<Vec<u8>> = world
            .run(hashes.into_tuple().all(world.store().read()))
            .expect("readable");
        hashes.into_iter().map(hex::encode).collect()
    }
}
