//! The files under the stores, taken once at the start of a worker.

use wasm_bindgen::prelude::wasm_bindgen;

use super::error::{Thrown, thrown};
use crate::core::HostError;
use crate::core::store::browser;

/// Takes the files in a folder of the origin's private file system; before any store is opened. Throws kind `Host` if another
/// tab has them (`why` says so) or the browser has none to give.
#[wasm_bindgen(js_name = openStorage)]
pub async fn open_storage(folder: String) -> Result<(), Thrown> {
    let taken = browser::take_pool(&folder).await;
    taken.map_err(|error| thrown(HostError::new(error.to_string())))
}
