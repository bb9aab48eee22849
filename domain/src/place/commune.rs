//! A commune: the lowest unit of administration, and the one that routes.
//!
//! Source: Nghị quyết 1654/NQ-UBTVQH15, điều 1; Quyết định 19/2025/QĐ-TTg, phụ lục

/// The kind of a commune, of today or of before July 2025.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommuneKind {
    /// Xã.
    Rural,
    /// Phường.
    Ward,
    /// Thị trấn; none since July 2025.
    Township,
    /// Đặc khu.
    SpecialZone,
}

impl CommuneKind {
    /// The word in front of the name.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Rural => "xã",
            Self::Ward => "phường",
            Self::Township => "thị trấn",
            Self::SpecialZone => "đặc khu",
        }
    }

    /// Splits `xã An Cư` into the kind and the name; a name alone has no kind.
    fn split(text: &str) -> (Option<Self>, &str) {
        let text = text.trim();
        [Self::Rural, Self::Ward, Self::Township, Self::SpecialZone]
            .into_iter()
            .find_map(|kind| {
                let rest = text.strip_prefix(kind.vietnamese())?;
                rest.starts_with(' ').then(|| (Some(kind), rest.trim()))
            })
            .unwrap_or((None, text))
    }
}

/// The words in front of a former district or province.
const REGIONS: [&str; 4] = ["huyện ", "thị xã ", "thành phố ", "tỉnh "];

/// A commune of before July 2025 that became part of one of today's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldName {
    /// Its kind, where known.
    pub kind: Option<CommuneKind>,
    /// Its name without the kind.
    pub name: String,
}

/// A commune of today.
#[derive(Debug, Clone, PartialEq)]
pub struct Commune {
    /// The five-digit code of the national statistics list.
    pub code: String,
    /// The name without the kind.
    pub name: String,
    /// The kind.
    pub kind: CommuneKind,
    /// The communes it was formed from, wholly or in part.
    pub old_names: Vec<OldName>,
    /// The former districts (and former province) it lies in, with the kind in front.
    pub old_regions: Vec<String>,
    /// Latitude of its centre.
    pub lat: f64,
    /// Longitude of its centre.
    pub lon: f64,
}

impl Commune {
    /// Makes a commune of the fields of a file or a table. `old_names` holds the former
    /// communes, districts and province, each with its kind in front, separated by `;`.
    ///
    /// # Errors
    /// A fragment that says which field is wrong.
    pub fn from_fields(
        code: &str,
        name: &str,
        kind: &str,
        old_names: &str,
        lat: f64,
        lon: f64,
    ) -> Result<Self, &'static str> {
        if code.len() != 5 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("the code is not five digits");
        }
        let (Some(kind), _) = CommuneKind::split(&format!("{kind} x")) else {
            return Err("the kind is none of xã, phường, thị trấn, đặc khu");
        };
        let is_on_earth = lat.abs() <= 90.0 && lon.abs() <= 180.0;
        if !is_on_earth {
            return Err("a coordinate is not a number of degrees");
        }
        let (regions, communes): (Vec<&str>, Vec<&str>) = old_names
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .partition(|part| REGIONS.iter().any(|prefix| part.starts_with(prefix)));
        let old_names = communes.into_iter().map(|text| {
            let (kind, name) = CommuneKind::split(text);
            OldName {
                kind,
                name: name.to_owned(),
            }
        });
        Ok(Self {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            old_names: old_names.collect(),
            old_regions: regions.into_iter().map(str::to_owned).collect(),
            lat,
            lon,
        })
    }

    /// The name with the kind in front: «xã An Cư».
    pub fn full_name(&self) -> String {
        format!("{} {}", self.kind.vietnamese(), self.name)
    }
}

/// Why a list of communes cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the communes: {why}")]
pub struct ReadCommunesError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: &'static str,
}

/// Reads `code,name,kind,old_names,lat,lon` below a line of headings.
pub(super) fn read(csv: &str) -> Result<Vec<Commune>, ReadCommunesError> {
    csv.lines()
        .enumerate()
        .skip(1)
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| read_line(line).map_err(|why| ReadCommunesError { line: at + 1, why }))
        .collect()
}

fn read_line(line: &str) -> Result<Commune, &'static str> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let [code, name, kind, old_names, lat, lon] = fields.as_slice() else {
        return Err("there are not six fields");
    };
    let degrees = |text: &str| text.parse().map_err(|_| "a coordinate is not a number");
    Commune::from_fields(code, name, kind, old_names, degrees(lat)?, degrees(lon)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_line_with_its_old_names_and_regions() {
        let csv = "code,name,kind,old_names,lat,lon\n\
                   30526,An Cư,xã,xã An Cư;xã Văn Giáo;thị xã Tịnh Biên,10.559,105.012\n";
        let communes = read(csv).expect("a good list");
        assert_eq!(communes[0].full_name(), "xã An Cư");
        assert_eq!(
            communes[0].old_names[1],
            OldName {
                kind: Some(CommuneKind::Rural),
                name: "Văn Giáo".to_owned()
            }
        );
        assert_eq!(communes[0].old_regions, ["thị xã Tịnh Biên"]);
    }

    #[test]
    fn says_which_line_is_wrong() {
        for (line, why) in [
            ("30526,An Cư,xã", "there are not six fields"),
            ("3052,An Cư,xã,,10,105", "the code is not five digits"),
            (
                "30526,An Cư,huyện,,10,105",
                "the kind is none of xã, phường, thị trấn, đặc khu",
            ),
            ("30526,An Cư,xã,,10,two", "a coordinate is not a number"),
            ("30526,An Cư,xã,,NaN,105", "a coordinate is not a number of degrees"),
        ] {
            assert_eq!(
                read(&format!("head\n\n{line}")),
                Err(ReadCommunesError { line: 3, why })
            );
        }
    }
}
