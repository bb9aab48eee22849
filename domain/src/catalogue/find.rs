//! Looking a procedure up: the version in force on a day, for a case and a channel.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6

use std::collections::BTreeMap;

use time::Date;

use super::case::{ChannelTerms, ProcedureCase};
use super::channel::Channel;
use super::procedure::Procedure;
use crate::procedure_code::ProcedureCode;
use crate::validity::{Validity, first_overlap};

/// Every procedure in every version, by national code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    versions: BTreeMap<String, Vec<Procedure>>,
}

/// Why procedures make no catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Two versions of a procedure share a day.
    #[error("two versions of {0} hold on the same day")]
    Overlap(String),
}

/// Why there is nothing in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// No procedure has this code or had it.
    #[error("no procedure has the code {0}")]
    Unknown(ProcedureCode),
    /// It is not in force on that day.
    #[error("{0} is not in force on that day")]
    NotInForce(ProcedureCode),
    /// It was replaced by another before that day.
    #[error("{old} was replaced by {by}")]
    Replaced {
        /// The code asked for.
        old: ProcedureCode,
        /// The code to ask for instead.
        by: ProcedureCode,
    },
    /// The version in force has no such case.
    #[error("the procedure has no case {0}")]
    NoCase(String),
    /// The case is not offered on the channel.
    #[error("the case is not offered through {0}")]
    NotOffered(Channel),
}

/// What holds for a dossier: the version, the case and the terms of the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The version in force.
    pub procedure: &'a Procedure,
    /// The case.
    pub case: &'a ProcedureCase,
    /// The terms on the channel.
    pub terms: &'a ChannelTerms,
}

impl Catalogue {
    /// Gathers versions of procedures.
    ///
    /// # Errors
    /// [`CatalogueError::Overlap`] when two versions of one hold on the same day.
    pub fn new(procedures: impl IntoIterator<Item = Procedure>) -> Result<Self, CatalogueError> {
        let mut versions: BTreeMap<String, Vec<Procedure>> = BTreeMap::new();
        for procedure in procedures {
            versions
                .entry(procedure.code.national().to_owned())
                .or_default()
                .push(procedure);
        }
        for (code, list) in &mut versions {
            list.sort_by_key(|procedure| procedure.validity);
            let periods: Vec<Validity> = list.iter().map(|procedure| procedure.validity).collect();
            if first_overlap(&periods).is_some() {
                return Err(CatalogueError::Overlap(code.clone()));
            }
        }
        Ok(Self { versions })
    }

    /// Every version, by code and then by day.
    pub fn procedures(&self) -> impl Iterator<Item = &Procedure> {
        self.versions.values().flatten()
    }

    /// The version in force on a day. An old code leads to nothing but a pointer to the new
    /// one, so that nobody takes a dossier under a list that no longer holds.
    ///
    /// # Errors
    /// [`FindError::Unknown`], [`FindError::NotInForce`] or [`FindError::Replaced`].
    pub fn in_force(&self, code: &ProcedureCode, day: Date) -> Result<&Procedure, FindError> {
        let versions = self.versions.get(code.national()).map_or(&[][..], Vec::as_slice);
        if let Some(found) = versions.iter().find(|version| version.validity.holds_on(day)) {
            return Ok(found);
        }
        let replaced = versions
            .iter()
            .rev()
            .find(|version| version.validity.to().is_some_and(|to| to < day))
            .and_then(|version| version.replaced_by.clone());
        if let Some(by) = replaced.or_else(|| self.successor(code, day)) {
            return Err(FindError::Replaced { old: code.clone(), by });
        }
        if versions.is_empty() {
            Err(FindError::Unknown(code.clone()))
        } else {
            Err(FindError::NotInForce(code.clone()))
        }
    }

    /// The procedure in force that says it had this code before.
    fn successor(&self, code: &ProcedureCode, day: Date) -> Option<ProcedureCode> {
        self.procedures()
            .find(|procedure| {
                procedure.validity.holds_on(day)
                    && procedure.old_codes.iter().any(|old| old.national() == code.national())
            })
            .map(|procedure| procedure.code.clone())
    }

    /// What holds for a case on a channel on a day.
    ///
    /// # Errors
    /// [`FindError`].
    pub fn terms(&self, code: &ProcedureCode, case: &str, channel: Channel, day: Date) -> Result<Offer<'_>, FindError> {
        let procedure = self.in_force(code, day)?;
        let case = procedure.case(case).ok_or_else(|| FindError::NoCase(case.to_owned()))?;
        let terms = case.channels.get(&channel).ok_or(FindError::NotOffered(channel))?;
        Ok(Offer { procedure, case, terms })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::catalogue::{
        AgencyLevel, Authorisation, Component, CopyKind, LimitUnit, OnlineLevel, ProcedureError, Required, ResultKind,
        StateFeeRule, TimeLimit,
    };

    fn code(text: &str) -> ProcedureCode {
        ProcedureCode::parse(text).expect("a code")
    }

    fn terms(days: u16) -> ChannelTerms {
        ChannelTerms {
            limit: TimeLimit::new(days, LimitUnit::WorkingDays).expect("a limit"),
            fee: StateFeeRule::NotPublished,
        }
    }

    fn version(text: &str, validity: Validity, days: u16) -> Procedure {
        let channels = BTreeMap::from([(Channel::InPerson, terms(days)), (Channel::Post, terms(days + 2))]);
        let case = ProcedureCase {
            code: "1".to_owned(),
            name: "Trường hợp chung".to_owned(),
            sets: 1,
            components: vec![Component {
                number: 1,
                name: "Tờ khai".to_owned(),
                copy: CopyKind::Original,
                quantity: 1,
                required: Required::Always,
            }],
            surrender: Vec::new(),
            channels,
        };
        Procedure {
            code: code(text),
            validity,
            name: "Thủ tục".to_owned(),
            sector: "Hộ tịch".to_owned(),
            level: AgencyLevel::Commune,
            bcci_submit: true,
            bcci_return: true,
            authorisation: Authorisation::Written,
            result: ResultKind::Paper,
            online: OnlineLevel::Full,
            cases: vec![case.checked().expect("a case")],
            old_codes: Vec::new(),
            replaced_by: None,
            source: "thử nghiệm".to_owned(),
        }
    }

    fn until(to: Date) -> Validity {
        Validity::new(date!(2024 - 01 - 01), Some(to)).expect("a period")
    }

    #[test]
    fn the_day_and_the_channel_decide_the_limit() {
        let catalogue = Catalogue::new([
            version("1.001193", until(date!(2025 - 06 - 30)), 3),
            version("1.001193", Validity::since(date!(2025 - 07 - 01)), 1),
        ])
        .expect("no overlap");
        for (day, channel, days) in [
            (date!(2025 - 06 - 30), Channel::InPerson, 3),
            (date!(2025 - 07 - 01), Channel::InPerson, 1),
            (date!(2025 - 07 - 01), Channel::Post, 3),
        ] {
            let offer = catalogue
                .terms(&code("1.001193.000.00.00.H01"), "1", channel, day)
                .expect("in force");
            assert_eq!(offer.terms.limit.amount(), days);
        }
        assert_eq!(
            catalogue.terms(&code("1.001193"), "1", Channel::Online, date!(2026 - 01 - 01)),
            Err(FindError::NotOffered(Channel::Online))
        );
        assert_eq!(
            catalogue.in_force(&code("1.001193"), date!(2023 - 12 - 31)),
            Err(FindError::NotInForce(code("1.001193")))
        );
    }

    #[test]
    fn an_old_code_points_to_the_new_one() {
        let mut old = version("1.004199", until(date!(2024 - 07 - 31)), 7);
        old.replaced_by = Some(code("1.012783"));
        let mut new = version("1.012783", Validity::since(date!(2024 - 08 - 01)), 5);
        new.old_codes = vec![code("1.004199"), code("2.000983")];
        let catalogue = Catalogue::new([old, new]).expect("no overlap");
        for asked in ["1.004199", "2.000983"] {
            assert_eq!(
                catalogue.in_force(&code(asked), date!(2026 - 01 - 01)),
                Err(FindError::Replaced {
                    old: code(asked),
                    by: code("1.012783")
                })
            );
        }
        assert!(catalogue.in_force(&code("1.004199"), date!(2024 - 07 - 31)).is_ok());
    }

    #[test]
    fn refuses_two_versions_on_one_day() {
        let both = [
            version("1.001193", until(date!(2025 - 07 - 01)), 3),
            version("1.001193", Validity::since(date!(2025 - 07 - 01)), 1),
        ];
        assert_eq!(
            Catalogue::new(both),
            Err(CatalogueError::Overlap("1.001193".to_owned()))
        );
    }

    #[test]
    fn a_procedure_that_forbids_authorisation_is_outside_the_service() {
        let mut procedure = version("1.000894", Validity::since(date!(2025 - 07 - 01)), 1);
        procedure.authorisation = Authorisation::Forbidden;
        assert_eq!(procedure.checked(), Err(ProcedureError::InPersonOnly));
    }
}
