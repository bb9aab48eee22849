//! The names of a province, ready to be found in a text.
//!
//! Source: Nghị quyết 1654/NQ-UBTVQH15, điều 1

use std::collections::{BTreeMap, BTreeSet};

use super::commune::{self, Commune, CommuneKind, ReadCommunesError};
use super::fold::{Word, words};

/// One way to read a name.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// The words with accents.
    accented: Vec<String>,
    /// The kind in front of the name, for a commune.
    pub(super) kind: Option<CommuneKind>,
    /// What sort of unit the name is.
    pub(super) level: Level,
    /// The commune meant, or one that lies in the region meant.
    pub(super) commune: usize,
}

/// What sort of unit a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// A commune of today.
    Today,
    /// A commune of before July 2025.
    Before,
    /// A former district.
    District,
    /// A former province that is now a part of this one.
    Province,
}

/// A name found in a text.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// The first word.
    pub(super) start: usize,
    /// How many words.
    pub(super) len: usize,
    /// The ways to read it.
    pub(super) readings: Vec<Reading>,
}

impl Hit {
    /// The communes it may name.
    pub(super) fn communes(&self) -> BTreeSet<usize> {
        self.of(|level| matches!(level, Level::Today | Level::Before))
    }

    /// The communes of the districts it may name.
    pub(super) fn districts(&self) -> BTreeSet<usize> {
        self.of(|level| level == Level::District)
    }

    /// The communes of the former provinces it may name.
    pub(super) fn provinces(&self) -> BTreeSet<usize> {
        self.of(|level| level == Level::Province)
    }

    fn of(&self, wanted: impl Fn(Level) -> bool) -> BTreeSet<usize> {
        self.readings
            .iter()
            .filter(|reading| wanted(reading.level))
            .map(|reading| reading.commune)
            .collect()
    }
}

/// The communes of a province with every name they go by.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    /// The province's name, without accents.
    province: Vec<String>,
    communes: Vec<Commune>,
    /// Readings by the words without accents.
    names: BTreeMap<Vec<String>, Vec<Reading>>,
    longest: usize,
}

impl Gazetteer {
    /// Indexes the communes of a province («An Giang») by today's names, old names and
    /// former districts.
    pub fn new(province: &str, communes: Vec<Commune>) -> Self {
        let province = words(province).into_iter().map(|word| word.plain).collect();
        let mut gazetteer = Self {
            province,
            communes: Vec::new(),
            names: BTreeMap::new(),
            longest: 0,
        };
        for (at, commune) in communes.iter().enumerate() {
            gazetteer.add(&commune.name, Some(commune.kind), Level::Today, at);
            for old in &commune.old_names {
                gazetteer.add(&old.name, old.kind, Level::Before, at);
            }
            for region in &commune.old_regions {
                let (level, name) = split_region(region);
                gazetteer.add(name, None, level, at);
            }
        }
        gazetteer.communes = communes;
        gazetteer
    }

    /// Reads a `communes.csv` and indexes it.
    ///
    /// # Errors
    /// [`ReadCommunesError`] names the first line that is wrong.
    pub fn from_csv(province: &str, csv: &str) -> Result<Self, ReadCommunesError> {
        commune::read(csv).map(|communes| Self::new(province, communes))
    }

    /// Every commune, in the order given.
    pub fn communes(&self) -> &[Commune] {
        &self.communes
    }

    /// The commune with this code.
    pub fn find(&self, code: &str) -> Option<&Commune> {
        self.communes.iter().find(|commune| commune.code == code)
    }

    fn add(&mut self, name: &str, kind: Option<CommuneKind>, level: Level, commune: usize) {
        let (plain, accented): (Vec<String>, Vec<String>) =
            words(name).into_iter().map(|word| (word.plain, word.accented)).unzip();
        if plain.is_empty() {
            return;
        }
        self.longest = self.longest.max(plain.len());
        self.names.entry(plain).or_default().push(Reading {
            accented,
            kind,
            level,
            commune,
        });
    }

    /// Whether these words without accents begin with the province as a whole.
    pub(super) fn starts_with_home(&self, plain: &[String]) -> bool {
        !self.province.is_empty() && plain.starts_with(&self.province)
    }

    /// Whether these words without accents are a name of this province.
    pub(super) fn knows(&self, plain: &[String]) -> bool {
        self.names.contains_key(plain)
    }

    /// The names in a run of words: the longest ones first choice, none overlapping,
    /// in the order of the text.
    pub(super) fn hits(&self, run: &[Word]) -> Vec<Hit> {
        let mut found: Vec<Hit> = Vec::new();
        for len in (1..=self.longest.min(run.len())).rev() {
            for (start, window) in run.windows(len).enumerate() {
                let is_taken = found
                    .iter()
                    .any(|hit| start < hit.start + hit.len && hit.start < start + len);
                if is_taken {
                    continue;
                }
                let plain: Vec<String> = window.iter().map(|word| word.plain.clone()).collect();
                if let Some(readings) = self.names.get(&plain) {
                    found.push(Hit {
                        start,
                        len,
                        readings: as_accented(window, readings),
                    });
                }
            }
        }
        found.sort_by_key(|hit| hit.start);
        found
    }
}

/// The readings whose accents are those of the text, or all when none has them.
fn as_accented(window: &[Word], readings: &[Reading]) -> Vec<Reading> {
    let exact: Vec<Reading> = readings
        .iter()
        .filter(|reading| window.iter().map(|word| &word.accented).eq(&reading.accented))
        .cloned()
        .collect();
    let has_accents = window.iter().any(|word| word.plain != word.accented);
    if has_accents && !exact.is_empty() {
        exact
    } else {
        readings.to_vec()
    }
}

/// Splits «thị xã Tịnh Biên» into what it is and its name.
fn split_region(text: &str) -> (Level, &str) {
    for (prefix, level) in [
        ("thị xã ", Level::District),
        ("thành phố ", Level::District),
        ("huyện ", Level::District),
        ("tỉnh ", Level::Province),
    ] {
        if let Some(name) = text.strip_prefix(prefix) {
            return (level, name);
        }
    }
    (Level::District, text)
}
