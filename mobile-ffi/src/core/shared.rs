//! A phone several people work with, one after the other: each with a key, a chain, a store and an outbox of their own.
//!
//! Nothing is shared but the folder. Whoever takes over is let in by the host, which lends the keys of that person's slot
//! in the phone's key store once it has seen who they are; the one before is shut out at that moment. Their outbox stays
//! theirs: it goes out under their own key, through [`Core::sync`] of their own core, and never under another's.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::Core;
use super::error::{CourierError, Refusal};
use super::gate::Gate;
use super::platform::Platform;
use super::store::{database, place};

/// After so long without an act the person has to be let in again.
pub const IDLE_LOCK_MS: u64 = 5 * 60 * 1_000;

/// The folder with everybody's stores.
pub struct SharedPhone {
    folder: PathBuf,
    idle_ms: u64,
    current: Mutex<Option<(String, Arc<Core>)>>,
}

/// Somebody who works with this phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The name the host gave the slot.
    pub name: String,
    /// Events of theirs the server has not confirmed. A number; what they are only their own key shows.
    pub unsent: u64,
    /// Whether they are the one who works now.
    pub current: bool,
}

impl SharedPhone {
    /// The stores in `folder`; nobody is let in yet.
    pub fn open(folder: impl Into<PathBuf>, idle_ms: u64) -> Self {
        Self {
            folder: folder.into(),
            idle_ms,
            current: Mutex::new(None),
        }
    }

    /// Lets the person of this slot in, with the keys the host lends for it, and shuts everybody else out. For the same
    /// person this is how they come back after the lock.
    ///
    /// # Errors
    /// [`CourierError::Unreadable`] for a name that is none (letters, digits and `-`, at most 64), or what
    /// [`Core::open`] says: then whoever was in is shut out all the same.
    pub fn switch(&self, slot: &str, platform: Arc<dyn Platform>) -> Result<Arc<Core>, CourierError> {
        self.lock();
        let path = self.path(slot)?;
        let core = Arc::new(Core::open_behind(path, platform, Gate::closing_after(self.idle_ms))?);
        core.enter()?;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some((slot.to_owned(), Arc::clone(&core)));
        Ok(core)
    }

    /// Shuts out whoever is in.
    pub fn lock(&self) {
        let left = self.current.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((_, core)) = left {
            core.lock();
        }
    }

    /// The one who is in and was not idle for too long.
    ///
    /// # Errors
    /// [`Refusal::Locked`].
    pub fn current(&self) -> Result<Arc<Core>, CourierError> {
        let held = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (_, core) = held.ok_or(Refusal::Locked)?;
        core.enter()?;
        Ok(core)
    }

    /// Everybody with a store on this phone, by name, and how much of theirs waits. Needs nobody's key.
    ///
    /// # Errors
    /// [`CourierError::Store`] if the folder or a store cannot be read.
    pub fn slots(&self) -> Result<Vec<Slot>, CourierError> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut slots = Vec::new();
        for path in place::files_in(&self.folder)? {
            let name = path.file_stem().and_then(|name| name.to_str());
            if let Some(name) = name.filter(|name| is_name(name) && path.extension().is_some_and(|kind| kind == "db")) {
                slots.push(Slot {
                    name: name.to_owned(),
                    unsent: database::unsent_without_key(&path)?,
                    current: current.as_ref().is_some_and(|(slot, _)| slot == name),
                });
            }
        }
        slots.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(slots)
    }

    fn path(&self, slot: &str) -> Result<PathBuf, CourierError> {
        if is_name(slot) {
            return Ok(self.folder.join(format!("{slot}.db")));
        }
        Err(CourierError::Unreadable {
            what: "slot",
            why: "letters, digits and - only, at most 64".into(),
        })
    }
}

fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=64).contains(&name.len()) && name.bytes().all(fits)
}
