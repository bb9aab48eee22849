//! Codes of communes in the lists of other authorities, such as police and tax.
//!
//! Source: Quyết định 19/2025/QĐ-TTg, điều 1

use std::collections::BTreeMap;

/// Codes of other lists, each with the commune of today it means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherCodes(BTreeMap<(String, String), String>);

impl OtherCodes {
    /// Gathers `(system, code, commune)`; none when a code of a system stands twice.
    pub fn new(codes: impl IntoIterator<Item = (String, String, String)>) -> Option<Self> {
        let mut map = BTreeMap::new();
        for (system, code, commune) in codes {
            if map.insert((system, code), commune).is_some() {
                return None;
            }
        }
        Some(Self(map))
    }

    /// The commune a code of a system means.
    pub fn commune(&self, system: &str, code: &str) -> Option<&str> {
        self.0.get(&(system.to_owned(), code.to_owned())).map(String::as_str)
    }

    /// The code a system has for a commune.
    pub fn code(&self, system: &str, commune: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|((of, _), means)| of == system && *means == commune)
            .map(|((_, code), _)| code.as_str())
    }
}
