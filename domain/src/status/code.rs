//! A status code with the name of the list it belongs to.
//!
//! Does not know what a code means: that is in the lists.
//!
//! Source: Quy ước Trao Tay, cặp hệ mã và mã trạng thái

use std::fmt;

/// A list of status codes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeSystem {
    /// `TrangThaiHoSo` of the national public service portal.
    ///
    /// Source: DVCQG danh mục trạng thái, 1 đến 10
    Dvcqg,
    /// `Status` in the replies of VNPost's order interface.
    VnpostOrder,
    /// VNPost's parcel list 1, of the order portal.
    VnpostParcel1,
    /// VNPost's parcel list 2, of the customer interface.
    VnpostParcel2,
    /// The events of an item in the post.
    ///
    /// Source: UPU EMSEVT, mã sự kiện
    Upu,
    /// The four levels of online services before they became partial and full.
    ///
    /// Source: Nghị định 224/2026/NĐ-CP, dịch vụ công trực tuyến toàn trình và một phần
    OnlineLevel,
    /// `Status` of the national monitoring of one-stop desks.
    Emc,
    /// A list this version does not know, by its name. Made by [`CodeSystem::named`].
    Other(String),
}

impl CodeSystem {
    /// Every list that is known.
    pub const KNOWN: [Self; 7] = [
        Self::Dvcqg,
        Self::VnpostOrder,
        Self::VnpostParcel1,
        Self::VnpostParcel2,
        Self::Upu,
        Self::OnlineLevel,
        Self::Emc,
    ];

    /// The name of the list, as it is stored and sent.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Dvcqg => "dvcqg",
            Self::VnpostOrder => "vnpost-order",
            Self::VnpostParcel1 => "vnpost-parcel-1",
            Self::VnpostParcel2 => "vnpost-parcel-2",
            Self::Upu => "upu-emsevt",
            Self::OnlineLevel => "online-level",
            Self::Emc => "emc",
            Self::Other(name) => name,
        }
    }

    /// The list with this name; a name nobody knows is kept.
    pub fn named(name: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|system| system.as_str() == name)
            .unwrap_or_else(|| Self::Other(name.to_owned()))
    }
}

impl fmt::Display for CodeSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A code and its list. Any text is a code, known or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusCode {
    /// The list.
    pub system: CodeSystem,
    /// The code, exactly as it came.
    pub code: String,
}

impl StatusCode {
    /// A code of a list.
    pub fn new(system: CodeSystem, code: impl Into<String>) -> Self {
        Self {
            system,
            code: code.into(),
        }
    }
}

impl fmt::Display for StatusCode {
    /// Shows `list:code`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.system, self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_reads_back_from_its_name_and_a_strange_one_is_kept() {
        for system in CodeSystem::KNOWN {
            assert_eq!(CodeSystem::named(system.as_str()), system);
        }
        let strange = StatusCode::new(CodeSystem::named("igate"), "17");
        assert_eq!(strange.to_string(), "igate:17");
        assert_eq!(CodeSystem::named(strange.system.as_str()), strange.system);
    }
}
