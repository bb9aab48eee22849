//! A courier's phone as a process of its own, to be killed: `phone_process STORE SECRET BASE`. It reads one command a line and
//! answers in one line, `ok …` once what it did is on disk, `no …` when it did not do it. For the stories about kills.

use domain::hat::Hat;
use e2e::{Http, Network};
use entity::clock::{Clock, SystemClock};
use mobile_ffi::core::{Core, CourierError, HostError, Manner, Mono, Platform, Recorded, Seen, SoftPlatform, TakeIn};
use std::error::Error;
use std::io::{BufRead, Write};
use std::sync::Arc;

/// A phone whose process ends and whose clock goes on: it counts from the machine's start.
struct Here(SoftPlatform);

impl Platform for Here {
    fn now_ms(&self) -> Result<i64, HostError> {
        Ok(SystemClock.now_ms())
    }

    fn mono(&self) -> Result<Mono, HostError> {
        let uptime = std::fs::read_to_string("/proc/uptime").map_err(|error| HostError::new(error.to_string()))?;
        let digits: String = uptime
            .split(' ')
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| *c != '.')
            .collect();
        let hundredths: u64 = digits.parse().map_err(|_| HostError::new("no uptime"))?;
        Ok(Mono {
            boot_id: [1; 16],
            ms: hundredths * 10,
        })
    }

    fn public_key(&self) -> Result<[u8; 33], HostError> {
        self.0.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], HostError> {
        self.0.sign(message)
    }

    fn store_key(&self) -> Result<[u8; 32], HostError> {
        self.0.store_key()
    }

    fn random(&self, len: usize) -> Result<Vec<u8>, HostError> {
        self.0.random(len)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or_else(|| format!("which {what}?"));
    let (store, secret, base) = (next("store")?, next("secret")?, next("server")?);
    let secret: [u8; 32] = hex::decode(secret)?.try_into().map_err(|_| "a secret has 32 bytes")?;
    let host = Here(SoftPlatform::new(&secret, 0)?);
    let core = Core::open(store, Arc::new(host))?;
    let network = Network::new(&Http::new(&base));
    let mut out = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let answer = match obey(&core, &network, &words) {
            Ok(answer) => format!("ok {answer}"),
            Err(error) => format!("no {error}").replace('\n', " "),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn obey(core: &Core, network: &Network, words: &[&str]) -> Result<String, CourierError> {
    let bytes = |text: &str| hex::decode(text).unwrap_or_default();
    let manner = Manner::of(Hat::Carrier);
    match words {
        ["enrol", once] => core.enrol(once, network).map(|_| String::new()),
        ["take", label] => {
            let what = TakeIn {
                item_code: label,
                item_kind: None,
                seal: "NP-0003",
                paper_count: 1,
            };
            core.take_in(&what, &manner).map(told)
        }
        ["hello"] => core.hello(Hat::Carrier).map(hex::encode),
        ["offer", hello, listed] => {
            let labels: Vec<&str> = listed.split(',').collect();
            core.offer(&bytes(hello), &labels, &manner).map(told)
        }
        ["accept", offer, listed] => {
            let seen: Vec<Seen> = listed.split(',').map(Seen::intact).collect();
            core.accept(&bytes(offer), &seen, &[]).map(told)
        }
        ["release", accept] => core.release(&bytes(accept)).map(told),
        ["finish", release] => core.finish(&bytes(release)).map(|_| String::new()),
        ["sync"] => core.sync(network).map(|_| String::new()),
        ["unsent"] => core.status().map(|status| status.unsent.to_string()),
        ["events"] => {
            let ids = core.events()?.into_iter().filter(|event| event.own);
            Ok(ids
                .map(|event| event.event_id.to_string())
                .collect::<Vec<_>>()
                .join(" "))
        }
        _ => Err(HostError::new("what?").into()),
    }
}

/// An event's id, and what to show to the other phone.
fn told(recorded: Recorded) -> String {
    format!("{} {}", recorded.event_id, hex::encode(recorded.picture))
}
