//! No machine takes every place: requests of one client at work at once.

use crate::network::of_one_client;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Who is at work.
#[derive(Clone, Debug)]
pub(crate) struct Crowd {
    most: usize,
    at_work: Arc<Mutex<HashMap<u128, usize>>>,
}

/// One request at work; its place is free again when this goes.
#[derive(Debug)]
pub(crate) struct Guest {
    crowd: Crowd,
    who: u128,
}

impl Crowd {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            at_work: Arc::default(),
        }
    }

    /// Lets a request of this machine in, or not.
    pub(crate) fn enter(&self, address: IpAddr) -> Option<Guest> {
        let who = of_one_client(address);
        let mut at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        let count = at_work.entry(who).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Guest {
            crowd: self.clone(),
            who,
        })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut at_work = self.crowd.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = at_work.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                at_work.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Crowd;

    #[test]
    fn one_client_leaves_places_to_others_and_has_its_own_back() {
        let crowd = Crowd::new(2);
        let (one, other) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let held = (crowd.enter(one), crowd.enter(one));
        assert!(held.0.is_some() && held.1.is_some());
        assert!(crowd.enter(one).is_none());
        assert!(crowd.enter(other).is_some());
        drop(held.0);
        assert!(crowd.enter(one).is_some());
        drop(held.1);
        assert!(crowd.at_work.lock().expect("free").is_empty(), "nobody is remembered");
    }
}
