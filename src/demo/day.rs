//! The day itself: half hours in which everybody does something at once, a server that is killed in the middle, and an
//! evening in which everything is brought home.

use super::arrivals::{Arrival, Door};
use super::bus::{self, Client};
use super::cast::{Party, Post};
use super::dice::Dice;
use super::exchange::stopped;
use super::http::{Ask, Http, header, json, pause};
use super::ledger::{Ledger, count};
use super::line::{Line, Traffic, Weather};
use super::progress::Progress;
use super::server::Server;
use super::world::{Paper, Place, Plan, World};
use super::{courier, enrol, office, pool};
use crate::cli::Failure;
use domain::item::ItemKind;
use mobile_ffi::core::CourierError;
use serde_json::json as object;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Half hours of an ordinary day.
pub(super) const ROUNDS: u32 = 22;
/// Half hours of overtime at most.
const OVERTIME: u32 = 22;
/// Rounds in which nothing moves before the day counts as over.
const STILL: u32 = 3;
/// How long a round waits for the server to have done its jobs. The next round comes anyway.
const CALM_WITHIN: Duration = Duration::from_millis(800);
/// How long the evening may take.
const EVENING: Duration = Duration::from_mins(2);

/// Everything the day is played with.
pub(super) struct Day {
    pub(super) seed: u64,
    pub(super) wall_ms: i64,
    pub(super) http: Http,
    pub(super) cast: Vec<Party>,
    pub(super) clients: Vec<Client>,
    pub(super) arrivals: Vec<Arrival>,
    pub(super) world: World,
    pub(super) ledger: Ledger,
    pub(super) traffic: Traffic,
    /// Acts of desks.
    pub(super) acts: AtomicU64,
    /// Orders called off in time.
    pub(super) called_off: AtomicU64,
    pub(super) server: Mutex<Server>,
    /// Who can enrol one more device, and for whom.
    pub(super) supervisor: Option<enrol::Supervisor>,
    /// Where devices have their stores.
    pub(super) folder: PathBuf,
    pub(super) kills: AtomicU32,
}

/// Who acts in a round.
#[derive(Debug, Clone, Copy)]
enum Actor {
    Client(usize),
    Party(usize),
}

impl Day {
    /// Plays all rounds. `kills` times the server loses its power in the middle of one.
    pub(super) fn play(&self, kills: u32, progress: &Progress) -> Result<(), Failure> {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let pollers: Vec<_> = self
                .clients
                .iter()
                .map(|client| scope.spawn(|| client.poll(&self.http, &over)))
                .collect();
            let played = self.rounds(kills, progress).and_then(|()| self.evening(progress));
            over.store(true, Ordering::SeqCst);
            let polled: Result<Vec<()>, Failure> = pollers.into_iter().map(pool::join).collect();
            played.and(polled.map(drop))
        })
    }

    fn rounds(&self, kills: u32, progress: &Progress) -> Result<(), Failure> {
        let (mut still, mut before) = (0, 0);
        for round in 0..ROUNDS + OVERTIME {
            progress.round(round, self);
            let is_fatal = (1..=kills).any(|kill| round == ROUNDS * kill / (kills + 1));
            self.round(round, is_fatal)?;
            let is_calm = !is_fatal && self.calm(CALM_WITHIN);
            let done = self.ledger.len() as u64 + self.acts.load(Ordering::Relaxed);
            // Nothing moved, and not because the server has yet to say what is to be moved.
            still = if done == before { still + u32::from(is_calm) } else { 0 };
            before = done;
            if round >= ROUNDS && still >= STILL {
                break;
            }
        }
        Ok(())
    }

    /// Everybody's half hour, in any order and at once.
    fn round(&self, round: u32, is_fatal: bool) -> Result<(), Failure> {
        let mut actors: Vec<Actor> = (0..self.clients.len()).map(Actor::Client).collect();
        actors.extend((0..self.cast.len()).map(Actor::Party));
        Dice::of(self.seed, "round", round.into()).shuffle(&mut actors);
        let begun = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let (half, begun) = (actors.len() / 2, &begun);
            let knife = is_fatal.then(|| scope.spawn(move || self.kill_when(|| begun.load(Ordering::SeqCst) >= half)));
            let played = pool::run(&actors, |actor| {
                begun.fetch_add(1, Ordering::SeqCst);
                self.act(*actor, round)
            });
            // Whoever waits for the knife must not wait for ever when the round ended early.
            begun.store(usize::MAX, Ordering::SeqCst);
            let killed = knife.map_or(Ok(()), pool::join);
            played.and(killed)
        })
    }

    fn act(&self, actor: Actor, round: u32) -> Result<(), Failure> {
        match actor {
            Actor::Client(number) => self.order(number, round),
            Actor::Party(number) => {
                let me = &self.cast[number];
                match me.post {
                    Post::Courier { .. } => courier::work(self, me, round),
                    Post::Counter { .. } => office::counter(self, me, round),
                    Post::Desk { .. } => office::desk(self, me, round),
                }
            }
        }
    }

    /// A one-stop system's round: new orders, and what is called off.
    fn order(&self, number: usize, round: u32) -> Result<(), Failure> {
        let client = &self.clients[number];
        for arrival in self.arrivals.iter().filter(|arrival| arrival.door == Door::Bus(number)) {
            let again = arrival.number % 9 == 0;
            if arrival.round == round {
                let label = bus::place(client, &self.http, &arrival.errand, again, &self.ledger)?;
                self.world.add(ordered(self.seed, arrival, label, client.desk));
            }
            // Some think better of it at once, others when a courier may be on the way.
            if round == arrival.round + u32::from(arrival.number % 2 == 0) && arrival.errand.collects {
                self.call_off(client, arrival)?;
            }
        }
        Ok(())
    }

    /// The citizen changes their mind while the envelope is still at home.
    fn call_off(&self, client: &Client, arrival: &Arrival) -> Result<(), Failure> {
        let is_it =
            |paper: &Paper| paper.number == arrival.number && paper.place == Place::Home && paper.plan.called_off;
        for code in self.world.labels(is_it) {
            if let Some(mut paper) = self.world.claim(&code, is_it) {
                if client.cancel(&self.http, &arrival.errand.order_number)? {
                    paper.place = Place::CalledOff;
                    self.called_off.fetch_add(1, Ordering::Relaxed);
                }
                self.world.put(paper);
            }
        }
        Ok(())
    }

    /// One sync on a line of this quality; that it does not get through is part of the day.
    pub(super) fn sync(&self, party: &Party, weather: Weather, dice: &mut Dice) -> Result<(), Failure> {
        let line = Line::new(
            &self.http,
            &self.traffic,
            weather,
            Dice::of(self.seed, &party.login, dice.next()),
        );
        match party.core.sync(&line) {
            Ok(_) => {
                count(&self.ledger.syncs);
                Ok(())
            }
            Err(CourierError::Unreachable { .. }) => {
                count(&self.ledger.syncs_cut);
                Ok(())
            }
            Err(error) => Err(stopped(party, "sync")(error)),
        }
    }

    pub(super) fn sign_in(&self, login: &str, password: &str, role: &str) -> Result<String, Failure> {
        let body = object!({ "login": login, "password": password, "role": role }).to_string();
        let headers = [header("Content-Type", "application/json")];
        let ask = Ask {
            method: "POST",
            path: "/api/v1/session",
            headers: &headers,
            body: body.as_bytes(),
        };
        let answer = json(&self.http.insist(ask)?, "/api/v1/session", &[200])?;
        Ok(answer["access_token"].as_str().unwrap_or_default().to_owned())
    }

    /// Kills the server as soon as `now` says so, and starts it again.
    fn kill_when(&self, now: impl Fn() -> bool) -> Result<(), Failure> {
        while !now() {
            pause(Duration::from_millis(1));
        }
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        server.kill()?;
        server.start()?;
        self.kills.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// Waits until the server has no job left, or long enough.
    fn calm(&self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        loop {
            if self.open_jobs() == Some(0) {
                return true;
            }
            if Instant::now() > deadline {
                return false;
            }
            pause(Duration::from_millis(25));
        }
    }

    fn open_jobs(&self) -> Option<u64> {
        let reply = self.http.get("/metrics").ok()?;
        let text = String::from_utf8(reply.body).ok()?;
        let line = text.lines().find(|line| line.starts_with("jobs_open "))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// Everybody comes home and syncs until nothing is left on a phone; then the server does the rest.
    fn evening(&self, progress: &Progress) -> Result<(), Failure> {
        let deadline = Instant::now() + EVENING;
        progress.evening(self);
        pool::run(&self.cast, |party| {
            let mut dice = Dice::of(self.seed, &party.login, u64::MAX);
            loop {
                self.sync(party, Weather::CLEAR, &mut dice)?;
                let left = party.core.status().map_err(stopped(party, "status"))?.unsent;
                if left == 0 {
                    return Ok(());
                }
                if Instant::now() > deadline {
                    return Err(Failure::Refused(format!(
                        "{}: {left} events would not leave the phone",
                        party.login
                    )));
                }
                pause(Duration::from_millis(50));
            }
        })?;
        // Numbers are given in the order of arrival, so once the last thing that arrives is folded, everything is.
        while Instant::now() < deadline {
            enrol::one_more(self, deadline)?;
            if self.calm(EVENING) {
                enrol::one_more(self, deadline)?;
                if self.open_jobs() == Some(0) {
                    return Ok(());
                }
            }
        }
        Err(Failure::Refused(
            "the server did not come to rest in the evening".to_owned(),
        ))
    }
}

/// The envelope an order is about.
fn ordered(seed: u64, arrival: &Arrival, label: String, desk: usize) -> Paper {
    let plan = Plan::draw(seed, arrival.number);
    let (kind, place) = if arrival.errand.collects {
        (ItemKind::DossierToAgency, Place::Home)
    } else {
        (ItemKind::ResultToApplicant, Place::With(desk))
    };
    Paper::new(label, kind, arrival.mode(), place, desk, plan, arrival.number)
}
