//! The words of the catalogue: forms of papers, units, authorisation, results.
//!
//! Source: Thông tư 01/2018/TT-VPCP, điều 3

/// In which form a paper is asked for or given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CopyKind {
    /// Bản chính, bản gốc.
    Original,
    /// Bản sao chứng thực.
    Certified,
    /// Bản photo, bản chụp.
    Plain,
    /// Bản điện tử.
    Electronic,
}

impl CopyKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Original, Self::Certified, Self::Plain, Self::Electronic];

    /// The text form in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Certified => "certified",
            Self::Plain => "plain",
            Self::Electronic => "electronic",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The words for people.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Original => "bản chính",
            Self::Certified => "bản sao chứng thực",
            Self::Plain => "bản chụp",
            Self::Electronic => "bản điện tử",
        }
    }

    /// The words in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Certified => "certified copy",
            Self::Plain => "plain copy",
            Self::Electronic => "electronic copy",
        }
    }

    /// Whether a paper of this kind can stand where another is asked for: a certified copy
    /// does for a plain one. An original is never taken where a copy would do, because it
    /// would have to travel.
    pub const fn stands_for(self, asked: Self) -> bool {
        match asked {
            Self::Original => matches!(self, Self::Original),
            Self::Certified => matches!(self, Self::Certified),
            Self::Plain => matches!(self, Self::Plain | Self::Certified),
            Self::Electronic => matches!(self, Self::Electronic),
        }
    }
}

/// The unit of a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitUnit {
    /// Ngày làm việc.
    WorkingDays,
    /// Ngày.
    CalendarDays,
    /// Giờ.
    Hours,
}

impl LimitUnit {
    /// Every unit.
    pub const ALL: [Self; 3] = [Self::WorkingDays, Self::CalendarDays, Self::Hours];

    /// The text form in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WorkingDays => "working",
            Self::CalendarDays => "calendar",
            Self::Hours => "hours",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == text)
    }

    /// The words for people.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::WorkingDays => "ngày làm việc",
            Self::CalendarDays => "ngày",
            Self::Hours => "giờ làm việc",
        }
    }

    /// The words in English, for so many.
    pub const fn english(self, amount: u16) -> &'static str {
        match (self, amount) {
            (Self::WorkingDays, 1) => "working day",
            (Self::WorkingDays, _) => "working days",
            (Self::CalendarDays, 1) => "calendar day",
            (Self::CalendarDays, _) => "calendar days",
            (Self::Hours, 1) => "working hour",
            (Self::Hours, _) => "working hours",
        }
    }
}

/// Whether somebody else may act for the person.
///
/// Source: Bộ luật Dân sự 2015, điều 138; Quyết định 45/2016/QĐ-TTg, điều 1 khoản 2
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Authorisation {
    /// By a written authorisation.
    Written,
    /// Only by a notarised or certified one.
    Notarised,
    /// Not at all: the person must come. Such a procedure is outside the service.
    Forbidden,
}

impl Authorisation {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Written, Self::Notarised, Self::Forbidden];

    /// The text form in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Notarised => "notarised",
            Self::Forbidden => "forbidden",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == text)
    }

    /// The words for people.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Written => "được ủy quyền bằng văn bản",
            Self::Notarised => "chỉ được ủy quyền bằng văn bản công chứng hoặc chứng thực",
            Self::Forbidden => "phải trực tiếp có mặt, không được ủy quyền",
        }
    }

    /// The words in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Written => "somebody else may act with a written authorisation",
            Self::Notarised => "somebody else may act with a notarised or certified authorisation only",
            Self::Forbidden => "you must come in person; nobody can act for you",
        }
    }
}

/// In which form the result comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResultKind {
    /// Paper: there is something to carry.
    Paper,
    /// Electronic: there is nothing to carry.
    Electronic,
    /// Both.
    Both,
}

impl ResultKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Paper, Self::Electronic, Self::Both];

    /// The text form in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Electronic => "electronic",
            Self::Both => "both",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The words for people.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Self::Paper => "bản giấy",
            Self::Electronic => "bản điện tử",
            Self::Both => "bản giấy và bản điện tử",
        }
    }

    /// The words in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Paper => "on paper",
            Self::Electronic => "electronic",
            Self::Both => "on paper and electronic",
        }
    }

    /// Whether there is paper to carry.
    pub const fn has_paper(self) -> bool {
        match self {
            Self::Paper | Self::Both => true,
            Self::Electronic => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certified_copy_does_for_a_plain_one_and_an_original_for_neither() {
        assert!(CopyKind::Certified.stands_for(CopyKind::Plain));
        assert!(!CopyKind::Plain.stands_for(CopyKind::Certified));
        assert!(!CopyKind::Original.stands_for(CopyKind::Plain));
        for kind in CopyKind::ALL {
            assert!(kind.stands_for(kind));
        }
    }
}
