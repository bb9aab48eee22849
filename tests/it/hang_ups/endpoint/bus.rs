//! What one-stop systems write.

use super::{Endpoint, json_of, placed, post};
use e2e::rude::Heard;
use e2e::{Lgsp, Order, World, read};
use entity::table::postal_order;
use sea_orm::{EntityTrait, QuerySelect};
use serde_json::json;
use std::collections::BTreeSet;

/// `OrderPost`.
pub(super) struct Orders {
    pub(super) address: String,
    pub(super) one_stop: Lgsp,
    pub(super) orders: Vec<Order>,
}

impl Endpoint for Orders {
    fn name(&self) -> &'static str {
        "order"
    }

    fn refresh(&mut self, world: &World, _attempts: usize) {
        self.one_stop = world.one_stop("AG30520");
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        let order = self.one_stop.pickup(&format!("H-{}", self.orders.len()));
        let bytes = post(
            &self.address,
            "/lgsp/v1/vnpost/OrderPost",
            &self.one_stop.authorization(),
            &order.body,
        );
        self.orders.push(order);
        (self.orders.len() - 1, bytes)
    }

    fn acknowledged(&self, number: usize, answer: &Heard) -> Option<String> {
        let accepted = answer.status == 200 && json_of(answer)?["Status"] == json!(100);
        accepted.then(|| self.orders[number].number.clone())
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        let numbers = postal_order::Entity::find()
            .select_only()
            .column(postal_order::Column::OrderNumber)
            .into_tuple();
        let numbers: Vec<String> = world.run(numbers.all(world.store().read())).expect("readable");
        numbers.into_iter().collect()
    }
}

/// `OrderCancel`.
pub(super) struct Cancellations {
    pub(super) address: String,
    pub(super) one_stop: Lgsp,
    pub(super) waiting: Vec<String>,
    pub(super) next: usize,
}

impl Endpoint for Cancellations {
    fn name(&self) -> &'static str {
        "cancellation"
    }

    fn refresh(&mut self, world: &World, attempts: usize) {
        self.one_stop = world.one_stop("AG30520");
        let more = placed(world, "C", self.waiting.len(), attempts);
        self.waiting.extend(more.into_iter().map(|(number, _)| number));
    }

    fn attempt(&mut self) -> (usize, Vec<u8>) {
        let number = self.next;
        self.next += 1;
        let body = json!({ "CustomerCode": "AG30520", "OrderNumber": self.waiting[number] });
        (
            number,
            post(
                &self.address,
                "/lgsp/v1/vnpost?service=OrderCancel",
                &self.one_stop.authorization(),
                &body,
            ),
        )
    }

    fn acknowledged(&self, number: usize, answer: &Heard) -> Option<String> {
        let cancelled = answer.status == 200 && json_of(answer)?["Status"] == json!(110);
        cancelled.then(|| self.waiting[number].clone())
    }

    fn present(&self, world: &World) -> BTreeSet<String> {
        let sql = "SELECT o.order_number FROM postal_order o JOIN dossier_act a ON a.dossier_id = o.dossier_id \
                   WHERE a.kind = 'dossier.cancelled'";
        world.run(read::texts(world.store(), sql, [])).into_iter().collect()
    }
}
