//! The way from one phone to the server, and what happens on it.

use super::plant::{self, Plant};
use super::server::Server;
use super::wire;
use custody::ids::EventId;
use domain::wire::v1::{DepositResult, DepositView, Deposited};
use entity::inbox::Fact;
use mobile_ffi::core::{HostError, Reply, Transport};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What goes wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It never arrives.
    RequestLost,
    /// It is done, and the answer never arrives.
    AnswerLost,
    /// It arrives twice.
    Twice,
    /// The phone gives it up, and it arrives later, behind others.
    Delayed,
    /// The server dies before it reads it.
    KilledBefore,
    /// The server dies when it has committed it, before it answers.
    KilledAfter,
    /// Somebody adds an event of their own to the deposit, in another's name.
    Smuggled(Vec<u8>),
    /// Somebody adds each event of the deposit again under the other signature, before or after it.
    Twins {
        /// Before.
        first: bool,
    },
    /// The events of the deposit arrive in the opposite order.
    Reversed,
}

impl Trouble {
    /// Its name in the tally.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::RequestLost => "request lost",
            Self::AnswerLost => "answer lost after commit",
            Self::Twice => "request delivered twice",
            Self::Delayed => "request delayed behind others",
            Self::KilledBefore => "server killed before a request",
            Self::KilledAfter => "server killed after a commit",
            Self::Smuggled(_) => "forged event smuggled in",
            Self::Twins { .. } => "twin signatures delivered",
            Self::Reversed => "batch reordered",
        }
    }

    /// Whether it only concerns deposits.
    const fn is_of_deposits(&self) -> bool {
        matches!(self, Self::Smuggled(_) | Self::Twins { .. } | Self::Reversed)
    }
}

/// A request that is still on its way.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What happened on the way.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// Events the server said it had, whether the phone heard it or not.
    pub(crate) acknowledged: Vec<EventId>,
    /// What is still on its way.
    pub(crate) delayed: Vec<Request>,
    /// What went wrong.
    pub(crate) met: Option<Trouble>,
}

/// The way for one sync.
pub(crate) struct Link<'a> {
    server: &'a Mutex<Server>,
    at: Option<usize>,
    state: Mutex<State>,
}

struct State {
    requests: usize,
    trouble: Option<Trouble>,
    heard: Heard,
}

impl<'a> Link<'a> {
    /// A way on which the n-th request meets trouble, or the first deposit.
    pub(crate) fn new(server: &'a Mutex<Server>, trouble: Option<(Option<usize>, Trouble)>) -> Self {
        let (at, trouble) = trouble.map_or((None, None), |(at, trouble)| (at, Some(trouble)));
        Self {
            server,
            at,
            state: Mutex::new(State {
                requests: 0,
                trouble,
                heard: Heard::default(),
            }),
        }
    }

    /// What happened on it.
    pub(crate) fn heard(self) -> Heard {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).heard
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The trouble of this request, if it is its turn.
    fn trouble(&self, path: &str) -> Option<Trouble> {
        let mut state = self.state();
        let n = state.requests;
        state.requests += 1;
        let turn = state.trouble.as_ref().is_some_and(|trouble| match self.at {
            Some(at) if !trouble.is_of_deposits() => n == at,
            _ => path == wire::EVENTS,
        });
        let trouble = if turn { state.trouble.take() } else { None };
        if trouble.is_some() {
            state.heard.met.clone_from(&trouble);
        }
        trouble
    }

    /// What a phone makes of silence.
    fn no_answer(&self, request: &Request) -> Result<Reply, HostError> {
        let takes_for_stored = self.server().plant == Some(Plant::SentIsStored) && request.path == wire::EVENTS;
        if takes_for_stored {
            Ok(taken_for_stored(&request.body))
        } else {
            Err(cut())
        }
    }

    fn deliver(&self, request: &Request) -> Reply {
        let reply = deliver(&mut self.server(), request);
        self.state().heard.acknowledged.extend(acknowledged(request, &reply));
        reply
    }
}

/// Brings a request to the server.
pub(crate) fn deliver(server: &mut Server, request: &Request) -> Reply {
    plant::answer(server, &request.method, &request.path, &request.headers, &request.body)
}

/// What the server said it had.
pub(crate) fn acknowledged(request: &Request, reply: &Reply) -> Vec<EventId> {
    if request.path != wire::EVENTS {
        return Vec::new();
    }
    let kept = wire::results(reply).into_iter().filter(|(_, result)| result.is_kept());
    kept.map(|(id, _)| id).collect()
}

fn cut() -> HostError {
    HostError::new("no answer")
}

impl Transport for Link<'_> {
    fn send(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Result<Reply, HostError> {
        let mut request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: headers.to_vec(),
            body: body.to_vec(),
        };
        match self.trouble(path) {
            None => Ok(self.deliver(&request)),
            Some(Trouble::RequestLost) => self.no_answer(&request),
            Some(Trouble::AnswerLost) => {
                self.deliver(&request);
                Err(cut())
            }
            Some(Trouble::Twice) => {
                self.deliver(&request);
                Ok(self.deliver(&request))
            }
            Some(Trouble::Delayed) => {
                self.state().heard.delayed.push(request.clone());
                self.no_answer(&request)
            }
            Some(Trouble::KilledBefore) => {
                self.server().kill();
                self.no_answer(&request)
            }
            Some(Trouble::KilledAfter) => {
                self.deliver(&request);
                self.server().kill();
                Err(cut())
            }
            Some(Trouble::Smuggled(event)) => {
                request.body.extend(event);
                Ok(self.deliver(&request))
            }
            Some(Trouble::Twins { first }) => {
                let genuine = wire::sequence(body);
                let twins: Vec<Vec<u8>> = genuine.iter().map(|raw| wire::twin(raw)).collect();
                let all = if first { [twins, genuine] } else { [genuine, twins] };
                request.body = all.concat().concat();
                Ok(self.deliver(&request))
            }
            Some(Trouble::Reversed) => {
                let mut events = wire::sequence(body);
                events.reverse();
                request.body = events.concat();
                Ok(self.deliver(&request))
            }
        }
    }
}

/// What a phone tells itself that takes "sent" for "stored".
fn taken_for_stored(body: &[u8]) -> Reply {
    let results = wire::sequence(body).into_iter().map(|raw| Deposited {
        event_id: Fact::from_bytes(raw).id.to_string(),
        result: DepositResult::Stored,
        reason: None,
    });
    let view = DepositView {
        results: results.collect(),
    };
    Reply {
        status: 200,
        headers: Vec::new(),
        body: serde_json::to_vec(&view).expect("JSON"),
    }
}
