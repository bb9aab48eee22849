//! Stories across processes: the real server, a real database, the real phone core.
//!
//! [`World`] is a server in this process, on a leash: it works when it is told to, at an hour the test chooses. [`Site`] is
//! the program itself in a process that can be killed. Both are reached over HTTP only; what a test reads from the store
//! beside that is evidence, never a shortcut. [`Phone`] is a courier's phone, [`Device`] a bare key that makes events fast,
//! [`Lgsp`] a one-stop system, [`Staff`] somebody who signed in.

mod device;
mod disk;
mod http;
mod lgsp;
mod phone;
mod province;
pub mod read;
pub mod rude;
mod site;
mod staff;
mod world;

pub use device::Device;
pub use disk::Disk;
pub use entity::testing::{BACKENDS, Backend};
pub use http::{Answer, Http};
pub use lgsp::{Lgsp, Order};
pub use phone::{Network, Phone};
pub use province::{PASSWORD, found};
pub use site::{Server, Site, built, program, spawn};
pub use staff::Staff;
pub use world::{MORNING, World};

use std::time::{Duration, Instant};

/// Makes a test of each function for each database.
#[macro_export]
macro_rules! both {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[test]
            fn on_sqlite() {
                super::$name($crate::Backend::Sqlite);
            }

            #[test]
            fn on_postgres() {
                super::$name($crate::Backend::Postgres);
            }
        })+
    };
}

/// A setting of the test run.
pub fn setting(key: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where a test run's settings are read"
    )]
    let value = std::env::var(key).ok();
    value.filter(|text| !text.is_empty())
}

/// Whether this run takes the time for the full number of faults instead of the one that fits every change.
pub fn is_torture() -> bool {
    setting("TRAOTAY_TORTURE").as_deref() == Some("full")
}

/// Looks until something is there, and says what was missing when it does not come.
///
/// # Panics
/// When half a minute was not enough: it never comes.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{what} did not come");
        #[expect(
            clippy::disallowed_methods,
            reason = "between two looks at the thing itself, never instead of one"
        )]
        std::thread::sleep(Duration::from_millis(5));
    }
}
