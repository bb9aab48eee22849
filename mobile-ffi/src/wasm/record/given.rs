//! What a page gives: read from plain objects, each fault an `Unreadable` with its reason.

use std::collections::BTreeMap;

use domain::hat::Hat;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::core;
use crate::wasm::error::{Thrown, unreadable};

/// Reads one value.
pub(in crate::wasm) fn given<T: DeserializeOwned>(value: JsValue, what: &'static str) -> Result<T, Thrown> {
    serde_wasm_bindgen::from_value(value).map_err(|error| unreadable(what, error.to_string()))
}

/// Reads a list of values.
pub(in crate::wasm) fn given_list<T: DeserializeOwned, C: From<T>>(
    value: JsValue,
    what: &'static str,
) -> Result<Vec<C>, Thrown> {
    Ok(given::<Vec<T>>(value, what)?.into_iter().map(Into::into).collect())
}

/// Reads a word by the one text form it has everywhere.
pub(in crate::wasm) fn word<T>(
    value: JsValue,
    what: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, Thrown> {
    let text: String = given(value, what)?;
    read(&text).ok_or_else(|| unreadable(what, "not one of its words"))
}

/// Reads a hat.
pub(in crate::wasm) fn read_hat(value: JsValue) -> Result<Hat, Thrown> {
    word(value, "hat", |text| text.parse().ok())
}

/// How an act is done.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::wasm) struct Manner {
    hat: String,
    #[serde(default)]
    force: bool,
    #[serde(default)]
    details: Option<BTreeMap<String, String>>,
    #[serde(default)]
    evidence: Option<Vec<Vec<u8>>>,
}

impl Manner {
    /// Reads it from the page.
    pub(in crate::wasm) fn read(value: JsValue) -> Result<core::Manner, Thrown> {
        let manner: Self = given(value, "manner")?;
        let hash = |bytes: Vec<u8>| {
            bytes
                .try_into()
                .map_err(|_| unreadable("evidence", "a hash has 32 bytes"))
        };
        Ok(core::Manner {
            hat: manner
                .hat
                .parse()
                .map_err(|_| unreadable("hat", "not one of its words"))?,
            force: manner.force,
            details: manner.details.unwrap_or_default().into_iter().collect(),
            evidence: manner
                .evidence
                .unwrap_or_default()
                .into_iter()
                .map(hash)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// An item the receiver looked at.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::wasm) struct Seen {
    item_code: String,
    #[serde(default)]
    seal: Option<String>,
    #[serde(default)]
    intact: bool,
}

impl From<Seen> for core::Seen {
    fn from(seen: Seen) -> Self {
        let Seen {
            item_code,
            seal,
            intact,
        } = seen;
        Self {
            item_code,
            seal,
            intact,
        }
    }
}

/// An offered item the receiver does not take: 1 damaged, 2 missing, 3 seal.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::wasm) struct NotTaken {
    item_code: String,
    code: u64,
}

impl From<NotTaken> for core::Exception {
    fn from(left: NotTaken) -> Self {
        let NotTaken { item_code, code } = left;
        Self { item_code, code }
    }
}
