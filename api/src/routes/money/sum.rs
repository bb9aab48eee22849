//! Sums and papers as they come in, at which seat somebody sits, and the one way to enter a line.

use super::PaperView;
use crate::App;
use crate::auth::StaffRight;
use crate::auth::staff::actor;
use crate::extract::{Json, Repeat};
use crate::problem::{Kind, Problem};
use crate::told::{ToldView, answered};
use axum::http::StatusCode;
use domain::calendar::read_date;
use domain::holder::Holder;
use domain::ids::{AgencyId, DossierId, ServicePointId};
use domain::money::{Doing, Dong, LedgerKind};
use domain::wire::money::{LineRecord, PaperRecord, VND};
use entity::repo::money::{self, NewLine};
use entity::repo::{dossier, reference};
use uuid::Uuid;

/// Longest number of a paper, name of a tariff.
const LONGEST: usize = 200;

/// Where somebody sits who moves money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    /// At the counter of a post office.
    Counter(ServicePointId),
    /// At an agency or its desk.
    Agency(AgencyId),
}

impl Seat {
    /// The seat of whoever has a right; couriers tell of money by their phones.
    pub(super) fn of(right: &StaffRight) -> Result<Self, Problem> {
        match (right.scope.office(), right.scope.as_agency()) {
            (Some(office), _) => Ok(Self::Counter(office)),
            (None, Some(agency)) => Ok(Self::Agency(agency)),
            (None, None) => Err(Kind::MissingRight.into()),
        }
    }

    /// Only at a counter.
    pub(super) fn counter(self) -> Result<ServicePointId, Problem> {
        match self {
            Self::Counter(office) => Ok(office),
            Self::Agency(_) => Err(Kind::MissingRight.into()),
        }
    }

    /// Into whose hands money comes here.
    pub(super) fn till(self) -> Holder {
        match self {
            Self::Counter(office) => Holder::ServicePoint(office),
            Self::Agency(agency) => Holder::Agency(agency),
        }
    }
}

pub(super) fn refuse(why: impl Into<String>) -> Problem {
    Problem::with(Kind::InvalidRequest, why)
}

/// A sum of one ledger: the ledger, and a record with nothing else known.
pub(super) fn sum(ledger: &str, amount: i64, currency: Option<&str>) -> Result<(LedgerKind, LineRecord), Problem> {
    let ledger = LedgerKind::parse(ledger).ok_or_else(|| refuse("ledger is postage, state_fee or other"))?;
    if currency.is_some_and(|currency| currency != VND) {
        return Err(refuse("currency is VND"));
    }
    if amount <= 0 {
        return Err(refuse("amount is in whole đồng and above zero"));
    }
    Ok((ledger, LineRecord::new(ledger, Dong::new(amount))))
}

/// A short text, not blank.
pub(super) fn short(name: &str, text: Option<&String>) -> Result<Option<String>, Problem> {
    let text = text.map(|text| text.trim()).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > LONGEST) {
        return Err(refuse(format!("{name} has at most {LONGEST} characters")));
    }
    Ok(text.map(str::to_owned))
}

/// A paper as somebody names it; where no issuer is named, it is the agency of the dossier.
pub(super) async fn paper(
    app: &App,
    right: &StaffRight,
    id: DossierId,
    named: Option<&PaperView>,
) -> Result<Option<PaperRecord>, Problem> {
    let Some(named) = named else { return Ok(None) };
    let number = short("number", Some(&named.number))?.ok_or_else(|| refuse("a paper has a number"))?;
    if read_date(&named.date).is_none() {
        return Err(refuse("a paper has a date like 2026-05-04"));
    }
    let issuer = if let Some(issuer) = short("issuer", named.issuer.as_ref())? {
        issuer
    } else {
        let db = &app.store.see(&right.scope).await?;
        let known = dossier::find(db, &right.scope, id).await?.ok_or(Kind::NotFound)?;
        let agency = reference::agency(db, AgencyId(known.dossier.agency_id)).await?;
        agency.map_or_else(String::new, |agency| agency.code)
    };
    Ok(Some(PaperRecord {
        issuer,
        number,
        date: named.date.clone(),
    }))
}

/// Enters a line, once.
pub(super) async fn enter(
    app: &App,
    right: StaffRight,
    id: Uuid,
    (doing, record): (Doing, LineRecord),
    repeat: &Repeat,
) -> Result<(StatusCode, Json<ToldView>), Problem> {
    let actor = actor(&right.person);
    let once = repeat.once(&actor);
    let new = NewLine { doing, record, actor };
    answered(money::enter(&app.store, &app.keys, right.scope, DossierId(id), new, once).await?)
}
