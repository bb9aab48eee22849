//! Reading an address.
//!
//! Source: Quy ước Trao Tay, không đoán địa chỉ

use std::collections::BTreeSet;

use super::commune::CommuneKind;
use super::fold::{Word, words};
use super::gazetteer::{Gazetteer, Hit, Level};
use super::province;

/// Which commune an address means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Exactly one.
    Located(Located),
    /// It could be any of these; a person must say which. Codes in ascending order.
    Ambiguous(Vec<String>),
    /// It names no commune of this province.
    Unknown,
}

/// The commune an address means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The commune's code.
    pub commune: String,
    /// Whether today's name is in the address, and not only an old one.
    pub by_todays_name: bool,
}

/// What the word in front of a name says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Title {
    /// Nothing.
    None,
    /// It is a commune.
    Commune(CommuneKind),
    /// It is a district.
    District,
    /// It is a province.
    Province,
    /// It is a hamlet, a street or a canal, which may be called like a commune.
    Smaller,
}

/// The words in front of a name, longest first.
const TITLES: [(&[&str], Title); 33] = [
    (&["thi", "xa"], Title::District),
    (&["thi", "tran"], Title::Commune(CommuneKind::Township)),
    (&["thanh", "pho"], Title::District),
    (&["dac", "khu"], Title::Commune(CommuneKind::SpecialZone)),
    (&["khu", "pho"], Title::Smaller),
    (&["khu", "vuc"], Title::Smaller),
    (&["quoc", "lo"], Title::Smaller),
    (&["tinh", "lo"], Title::Smaller),
    (&["xa"], Title::Commune(CommuneKind::Rural)),
    (&["x"], Title::Commune(CommuneKind::Rural)),
    (&["phuong"], Title::Commune(CommuneKind::Ward)),
    (&["p"], Title::Commune(CommuneKind::Ward)),
    (&["tt"], Title::Commune(CommuneKind::Township)),
    (&["huyen"], Title::District),
    (&["h"], Title::District),
    (&["quan"], Title::District),
    (&["tx"], Title::District),
    (&["tp"], Title::District),
    (&["tinh"], Title::Province),
    (&["t"], Title::Province),
    (&["ap"], Title::Smaller),
    (&["khom"], Title::Smaller),
    (&["thon"], Title::Smaller),
    (&["xom"], Title::Smaller),
    (&["soc"], Title::Smaller),
    (&["to"], Title::Smaller),
    (&["kp"], Title::Smaller),
    (&["duong"], Title::Smaller),
    (&["hem"], Title::Smaller),
    (&["kenh"], Title::Smaller),
    (&["rach"], Title::Smaller),
    (&["cau"], Title::Smaller),
    (&["cum"], Title::Smaller),
];

/// What an address says, gathered over its parts.
#[derive(Default)]
struct Said {
    /// Names with a commune's title.
    communes: Vec<(Hit, CommuneKind)>,
    /// Names with a district's title.
    districts: Vec<BTreeSet<usize>>,
    /// Names without a title.
    bare: Vec<Hit>,
    /// Former provinces.
    provinces: Vec<BTreeSet<usize>>,
    /// Whether it names a district or province that is not of here.
    is_elsewhere: bool,
    /// Whether it calls something a commune that is none of ours.
    has_unknown_commune: bool,
}

impl Gazetteer {
    /// Finds the commune in an address as people write it.
    pub fn locate(&self, address: &str) -> Place {
        let said = self.listen(address);
        if said.is_elsewhere {
            return Place::Unknown;
        }
        let found = if let Some((first, rest)) = said.communes.split_first() {
            decide_titled(&said, first, rest)
        } else if said.bare.iter().any(|hit| !hit.communes().is_empty()) {
            decide_bare(&said)
        } else {
            let regions = said.districts.iter().chain(&said.provinces);
            let bare: Vec<BTreeSet<usize>> = said.bare.iter().map(Hit::districts).collect();
            meet(regions.chain(&bare).filter(|set| !set.is_empty()))
        };
        self.name(&found, &said)
    }

    fn listen(&self, address: &str) -> Said {
        let parts: Vec<Vec<Word>> = address
            .split([',', ';', '\n', '(', ')', '–', '/'])
            .flat_map(|part| part.split(" - "))
            .map(words)
            .filter(|run| !run.is_empty() && !is_country(run))
            .collect();
        let mut said = Said::default();
        for (at, run) in parts.iter().enumerate() {
            self.listen_to(run, at + 1 == parts.len(), &mut said);
        }
        said
    }

    fn listen_to(&self, run: &[Word], is_last: bool, said: &mut Said) {
        let hits = self.hits(run);
        said.is_elsewhere |= self.is_elsewhere(run, &hits, is_last);
        said.has_unknown_commune |= has_unknown_commune(run, &hits);
        for hit in &hits {
            if self.goes_on(run, hit, &hits) {
                continue;
            }
            let hit = hit.clone();
            match title_before(run, hit.start) {
                Title::Commune(kind) if !hit.communes().is_empty() => said.communes.push((hit, kind)),
                Title::District => said.districts.push(hit.districts()),
                Title::Province => said.provinces.push(hit.provinces()),
                Title::None if !hit.provinces().is_empty() => said.provinces.push(hit.provinces()),
                Title::None => said.bare.push(hit),
                // a district called a commune, or a street called like one, says nothing
                Title::Commune(_) | Title::Smaller => {}
            }
        }
    }

    /// Whether the name goes on after the words found: «Bình Hoà Nam» is not Bình Hoà.
    fn goes_on(&self, run: &[Word], hit: &Hit, hits: &[Hit]) -> bool {
        let end = hit.start + hit.len;
        let Some(next) = run.get(end) else { return false };
        let rest: Vec<String> = run[end..].iter().map(|word| word.plain.clone()).collect();
        let ends = hits.iter().any(|other| other.start == end)
            || TITLES.iter().any(|(prefix, _)| {
                rest.iter()
                    .map(String::as_str)
                    .take(prefix.len())
                    .eq(prefix.iter().copied())
            })
            || ["cu", "moi", "viet"].contains(&next.plain.as_str())
            || is_number(&next.plain)
            || self.starts_with_home(&rest);
        !ends
    }

    /// Whether a part names a district or a province that is not of here.
    fn is_elsewhere(&self, run: &[Word], hits: &[Hit], is_last: bool) -> bool {
        let plain: Vec<String> = run.iter().map(|word| word.plain.clone()).collect();
        let is_ours =
            |start: usize| hits.iter().any(|hit| hit.start == start) || self.starts_with_home(&plain[start..]);
        let is_titled_elsewhere = (1..plain.len()).any(|start| {
            let rest = &plain[start..];
            match title_before(run, start) {
                // «huyện 3» or «TP» before nothing is not the name of a district
                Title::District => !is_ours(start) && !is_number(&rest[0]) && rest[0].len() > 1,
                Title::Province => !is_ours(start) && starts_with_province(rest),
                Title::None | Title::Commune(_) | Title::Smaller => false,
            }
        });
        let ends_elsewhere = is_last
            && (0..plain.len()).any(|start| {
                let rest = &plain[start..];
                province::ALL.contains(&rest.join(" ").as_str()) && !self.starts_with_home(rest) && !self.knows(rest)
            });
        is_titled_elsewhere || ends_elsewhere
    }

    fn name(&self, found: &BTreeSet<usize>, said: &Said) -> Place {
        let codes: Vec<String> = found
            .iter()
            .filter_map(|at| self.communes().get(*at))
            .map(|commune| commune.code.clone())
            .collect();
        match (codes.as_slice(), found.first()) {
            ([], _) | (_, None) => Place::Unknown,
            ([code], Some(at)) if !said.contradicts(*at) => Place::Located(Located {
                commune: code.clone(),
                by_todays_name: said
                    .hits()
                    .flat_map(|hit| &hit.readings)
                    .any(|reading| reading.commune == *at && reading.level == Level::Today),
            }),
            _ => {
                let mut codes = codes;
                codes.sort();
                Place::Ambiguous(codes)
            }
        }
    }
}

impl Said {
    fn hits(&self) -> impl Iterator<Item = &Hit> {
        self.communes.iter().map(|(hit, _)| hit).chain(&self.bare)
    }

    /// Whether the address names a district or former province the commune is not in.
    fn contradicts(&self, commune: usize) -> bool {
        (self.has_unknown_commune && self.communes.is_empty())
            || self.districts.iter().any(|set| !set.contains(&commune))
            || self
                .provinces
                .iter()
                .any(|set| !set.is_empty() && !set.contains(&commune))
    }
}

/// The address calls a name «xã», «phường» or the like.
fn decide_titled(said: &Said, first: &(Hit, CommuneKind), rest: &[(Hit, CommuneKind)]) -> BTreeSet<usize> {
    let named: Vec<BTreeSet<usize>> = rest.iter().map(|(hit, _)| hit.communes()).collect();
    let all = first.0.communes();
    let mut found = named
        .iter()
        .fold(all.clone(), |met, set| met.intersection(set).copied().collect());
    if found.is_empty() {
        // two communes that never were one
        return named
            .into_iter()
            .fold(all, |union, set| union.union(&set).copied().collect());
    }
    for region in said.districts.iter().chain(&said.provinces) {
        narrow(&mut found, region);
    }
    for hit in &said.bare {
        let mut wider = hit.districts();
        wider.extend(hit.communes());
        narrow(&mut found, &wider);
    }
    for (hit, kind) in std::iter::once(first).chain(rest) {
        let of_level = |level: Option<Level>| -> BTreeSet<usize> {
            hit.readings
                .iter()
                .filter(|reading| reading.kind == Some(*kind) && level.is_none_or(|level| reading.level == level))
                .map(|reading| reading.commune)
                .collect()
        };
        narrow(&mut found, &of_level(None));
        if said.districts.is_empty() {
            // no district: the address is written in today's way
            narrow(&mut found, &of_level(Some(Level::Today)));
        }
    }
    found
}

/// The address says names only: one is the commune, the others are where it lies.
fn decide_bare(said: &Said) -> BTreeSet<usize> {
    let sets: Vec<(BTreeSet<usize>, BTreeSet<usize>)> =
        said.bare.iter().map(|hit| (hit.communes(), hit.districts())).collect();
    let regions: Vec<&BTreeSet<usize>> = said
        .districts
        .iter()
        .chain(&said.provinces)
        .filter(|set| !set.is_empty())
        .collect();
    let everything: BTreeSet<usize> = sets
        .iter()
        .flat_map(|(communes, districts)| communes.union(districts))
        .copied()
        .collect();
    let lies_within = |at: &usize, except: usize, loosely: bool| {
        sets.iter().enumerate().all(|(other, (communes, districts))| {
            other == except || districts.contains(at) || (loosely && communes.contains(at))
        })
    };
    for loosely in [false, true] {
        let found: BTreeSet<usize> = sets
            .iter()
            .enumerate()
            .flat_map(|(index, (communes, _))| communes.iter().filter(move |at| lies_within(at, index, loosely)))
            .copied()
            .filter(|at| regions.iter().all(|set| set.contains(at)))
            .collect();
        if !found.is_empty() && !is_only_a_district(&sets, &regions) {
            return found;
        }
    }
    everything
}

/// Whether the only name is also that of a district with other communes.
fn is_only_a_district(sets: &[(BTreeSet<usize>, BTreeSet<usize>)], regions: &[&BTreeSet<usize>]) -> bool {
    match sets {
        [(communes, districts)] => regions.is_empty() && !districts.is_subset(communes),
        _ => false,
    }
}

/// Keeps what is in both, unless nothing is.
fn narrow(found: &mut BTreeSet<usize>, by: &BTreeSet<usize>) {
    let both: BTreeSet<usize> = found.intersection(by).copied().collect();
    if !both.is_empty() {
        *found = both;
    }
}

/// What is in every set; nothing when there is no set.
fn meet<'a>(mut sets: impl Iterator<Item = &'a BTreeSet<usize>>) -> BTreeSet<usize> {
    let Some(first) = sets.next() else {
        return BTreeSet::new();
    };
    sets.fold(first.clone(), |met, set| met.intersection(set).copied().collect())
}

fn title_before(run: &[Word], start: usize) -> Title {
    let is_office = start >= 2 && run[start - 1].plain == "quan" && run[start - 2].plain == "co";
    if is_office {
        return Title::None;
    }
    TITLES
        .iter()
        .find(|(prefix, _)| {
            start >= prefix.len()
                && run[start - prefix.len()..start]
                    .iter()
                    .map(|word| word.plain.as_str())
                    .eq(prefix.iter().copied())
        })
        .map_or(Title::None, |(_, title)| *title)
}

/// Whether a part calls something a commune that no name of ours begins.
fn has_unknown_commune(run: &[Word], hits: &[Hit]) -> bool {
    (1..run.len()).any(|start| {
        matches!(title_before(run, start), Title::Commune(_))
            // a single letter may be anything
            && run[start - 1].plain.len() > 1
            && !hits.iter().any(|hit| hit.start == start)
    })
}

fn is_country(run: &[Word]) -> bool {
    run.iter().map(|word| word.plain.as_str()).eq(["viet", "nam"])
        || run.iter().all(|word| word.plain.len() == 5 && is_number(&word.plain))
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn starts_with_province(words: &[String]) -> bool {
    (1..=words.len().min(4)).any(|len| province::ALL.contains(&words[..len].join(" ").as_str()))
}
