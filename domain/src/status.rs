//! The status lists of other systems, as `(code system, code)` pairs, and what they mean here.
//!
//! The same number means different things in different lists, so a code never travels
//! without the name of its list. Each list is data: its codes with their names, and for
//! each code the state of ours it stands for, or a said reason why there is none. A code
//! nobody knows is kept as it came.
//!
//! It does not decide what may be reported to whom, with one exception that is law: see
//! [`dvcqg::from_post`].
//!
//! Source: Quy ước Trao Tay, cặp hệ mã và mã trạng thái

mod code;
pub mod dvcqg;
mod entry;
pub mod online;
pub mod progress;
pub mod tracking;
mod translate;
pub mod upu;
pub mod vnpost;

pub use code::{CodeSystem, StatusCode};
pub use entry::{Entry, Fit, Means};
pub use translate::Translation;
