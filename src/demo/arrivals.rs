//! What comes in during the day, drawn before it begins.

use super::bus::{Client, Errand};
use super::cast::{Party, Post};
use super::dice::Dice;
use super::province::Province;
use domain::mode::Mode;

/// One dossier on its way to us.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    /// Its number, from 0.
    pub(super) number: u64,
    /// When.
    pub(super) round: u32,
    /// Through which door.
    pub(super) door: Door,
    /// Who and what.
    pub(super) errand: Errand,
    /// The commune the applicant lives in; empty where the address names none.
    pub(super) commune: String,
}

/// How a dossier reaches the post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Ordered by the client of this number.
    Bus(usize),
    /// Brought to the counter of this number, for the desk of that number.
    Counter {
        /// Which counter.
        counter: usize,
        /// Which desk.
        desk: usize,
    },
}

impl Arrival {
    /// What the post does for it.
    pub(super) fn mode(&self) -> Mode {
        match (self.errand.collects, self.errand.both) {
            (false, _) => Mode::Return,
            (true, true) => Mode::Both,
            (true, false) => Mode::Send,
        }
    }
}

const NAMES: [&str; 6] = [
    "Nguyễn Thị Mẫu",
    "Trần Văn Thử",
    "Lê Thị Ví Dụ",
    "Chau Mẫu",
    "Phạm Văn Nháp",
    "Võ Thị Giả",
];
const HAMLETS: [&str; 6] = ["Xuân Hòa", "Xuân Bình", "An Thạnh", "Tân Biên", "Phú Nhứt", "Vĩnh Hưng"];

/// Draws the day's dossiers. `until` is the last round in which any arrives.
pub(super) fn draw(
    province: &Province,
    cast: &[Party],
    clients: &[Client],
    seed: u64,
    dossiers: u32,
    until: u32,
) -> Vec<Arrival> {
    let homes = homes(province);
    let counters: Vec<&Party> = cast
        .iter()
        .filter(|party| matches!(party.post, Post::Counter { .. }))
        .collect();
    let desks: Vec<&Party> = cast
        .iter()
        .filter(|party| matches!(party.post, Post::Desk { .. }))
        .collect();
    let draw_one = |number: u64| {
        let mut dice = Dice::of(seed, "arrival", number);
        let round = u32::try_from(dice.below(until.max(1).into())).unwrap_or(0);
        let (way, client) = (dice.below(100), dice.below(clients.len() as u64));
        let counter = dice.pick(&counters).copied();
        let client = usize::try_from(client).unwrap_or(0);
        let near = way < 65
            && clients
                .get(client)
                .is_some_and(|client| client.record.dispatch == "path");
        // The client of one ward orders for people around it, the province's for everybody.
        let among = if near { homes.get(..5).unwrap_or(&homes) } else { &homes };
        let commune = dice
            .pick(among)
            .filter(|_| !dice.clone().percent(2))
            .cloned()
            .unwrap_or_default();
        let door = match counter {
            Some(counter) if way >= 65 || clients.is_empty() => Door::Counter {
                counter: counter.number,
                desk: desk_for(province, counter, &desks, &mut dice),
            },
            _ => Door::Bus(client),
        };
        let errand = Errand {
            order_number: format!("H01.{:02}-261123-{number:05}", 10 + client),
            collects: !(40..65).contains(&way),
            both: if way < 40 { dice.percent(15) } else { dice.percent(85) },
            name: (*dice.pick(&NAMES).unwrap_or(&NAMES[0])).to_owned(),
            phone: format!("+849{:08}", dice.below(100_000_000)),
            address: address(province, &commune, &mut dice),
            procedure: dice.pick(&province.procedures).map(|procedure| procedure.code.clone()),
        };
        Arrival {
            number,
            round,
            door,
            errand,
            commune,
        }
    };
    (0..u64::from(dossiers)).map(draw_one).collect()
}

/// Communes a courier knows, the first of each first.
fn homes(province: &Province) -> Vec<String> {
    let mut homes: Vec<String> = Vec::new();
    let firsts = province.couriers.iter().filter_map(|courier| courier.areas.first());
    let others = province
        .couriers
        .iter()
        .flat_map(|courier| courier.areas.iter().skip(1));
    for code in firsts.chain(others) {
        if !homes.contains(code) {
            homes.push(code.clone());
        }
    }
    homes
}

/// Mostly the desk of the counter's own commune.
fn desk_for(province: &Province, counter: &Party, desks: &[&Party], dice: &mut Dice) -> usize {
    let point = match &counter.post {
        Post::Counter { point } => point.as_str(),
        Post::Courier { .. } | Post::Desk { .. } => "",
    };
    let own = province
        .couriers
        .iter()
        .find(|courier| courier.service_point_code == point);
    let commune = own.and_then(|courier| courier.areas.first());
    let of_commune = |party: &&&Party| match &party.post {
        Post::Desk { code, .. } => province
            .desks
            .iter()
            .any(|desk| desk.code == *code && Some(&desk.commune_code) == commune),
        Post::Courier { .. } | Post::Counter { .. } => false,
    };
    let near = desks.iter().find(of_commune).filter(|_| dice.percent(80));
    near.or(dice.pick(desks)).map_or(0, |party| party.number)
}

fn address(province: &Province, commune: &str, dice: &mut Dice) -> String {
    let hamlet = dice.pick(&HAMLETS).copied().unwrap_or_default();
    match province.commune(commune) {
        Some(commune) => format!(
            "Số {}, khóm {hamlet}, {}, tỉnh An Giang",
            1 + dice.below(200),
            commune.name
        ),
        None => format!("Nhà sàn cuối đường đất, số {}", 1 + dice.below(200)),
    }
}
