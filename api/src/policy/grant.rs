//! What a role may, in which relation.

use entity::repo::staff::Role;
use std::fmt;

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Anybody, without proof.
    Anyone,
    /// A member of staff in one of their roles.
    Staff(Role),
    /// An enrolled device.
    Device,
    /// A one-stop system.
    Client,
}

impl Subject {
    /// The name the file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::Staff(role) => role.as_str(),
            Self::Device => "device",
            Self::Client => "lgsp_client",
        }
    }

    /// The subject of a name in the file.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "anyone" => Some(Self::Anyone),
            "device" => Some(Self::Device),
            "lgsp_client" => Some(Self::Client),
            role => Role::parse(role).map(Self::Staff),
        }
    }

    /// Every subject.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Anyone, Self::Device, Self::Client]
            .into_iter()
            .chain(Role::ALL.iter().map(|(role, _)| Self::Staff(*role)))
    }
}

/// How a caller stands to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Theirs: the applicant's dossier, the caller's session or device.
    Own,
    /// Holds it, or held it until a day ago.
    Cust,
    /// On their round.
    Route,
    /// At, due at, or lately left from their office.
    Office,
    /// Was at their office at any time: what is settled long after the envelope has gone.
    Past,
    /// Addressed to their agency.
    Agency,
    /// Of their postal operator.
    Tenant,
    /// None of theirs, but opened to them for a short time because another one agreed.
    Glass,
    /// Ordered by this system.
    Client,
    /// About nobody's object.
    None,
}

impl Relation {
    /// Every relation with the name the file uses.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Own, "own"),
        (Self::Cust, "cust"),
        (Self::Route, "route"),
        (Self::Office, "office"),
        (Self::Past, "past"),
        (Self::Agency, "agency"),
        (Self::Tenant, "tenant"),
        (Self::Glass, "glass"),
        (Self::Client, "client"),
        (Self::None, "none"),
    ];

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(relation, _)| *relation)
    }
}

impl Relation {
    /// The name the file uses.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(relation, _)| *relation == self)
            .map_or("", |(_, name)| name)
    }
}

/// What a cell leaves out of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redaction {
    /// Nothing.
    Nothing,
    /// Papers, unless somebody proved a short while ago who they are.
    PapersUnproved,
    /// Names, where the role sees none, and papers.
    NamesAndPapers,
}

/// One cell of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// In any of these relations.
    pub relations: Vec<Relation>,
    /// What is left out.
    pub redaction: Redaction,
    /// Only shortly after proving again who one is.
    pub needs_step_up: bool,
    /// Only when somebody else agrees.
    pub needs_second: bool,
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relations = self.relations.iter().map(|relation| relation.as_str());
        let narrowed = [
            (self.redaction == Redaction::NamesAndPapers, "redacted"),
            (self.redaction == Redaction::PapersUnproved, "papers-step-up"),
            (self.needs_step_up, "step-up"),
            (self.needs_second, "second"),
        ];
        let narrowed = narrowed.into_iter().filter_map(|(is_so, word)| is_so.then_some(word));
        f.write_str(&relations.chain(narrowed).collect::<Vec<_>>().join(" "))
    }
}
