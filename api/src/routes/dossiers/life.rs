//! What the rules say of a dossier: who must act, what can follow, what was broken, and who had it for how long.

use crate::App;
use crate::problem::Problem;
use domain::calendar::{CalendarKind, due, local, write_date};
use domain::delay::{Calendars, DelayLedger, Keeper, holdings_of_dossier, window_of_dossier};
use domain::dossier::words::Language;
use domain::dossier::{Breach, DossierFact, Refused};
use domain::party::Party;
use entity::Scope;
use entity::repo::life::{self, Life};
use serde::Serialize;
use utoipa::ToSchema;

/// What the rules say of a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LifeView {
    /// `applicant`, `post` or `agency`; nobody once all is done.
    must_act: Option<&'static str>,
    /// What can happen next.
    next: Vec<NextView>,
    /// What the post has to carry, or is carrying.
    carriages: Vec<CarriageView>,
    /// Rules that were broken.
    broken: Vec<BreachView>,
    /// Who had it for how long, in the order they first had it. The sums close to the minute.
    held: Vec<HeldView>,
}

/// Something that can happen next.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NextView {
    /// The act, for example `received`.
    act: &'static str,
    /// Whose act it is.
    by: &'static str,
    /// The form it is done with.
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<&'static str>,
    /// The state it leads to.
    to: &'static str,
}

/// Something the post has to carry.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CarriageView {
    /// What, for example `RESULT_TO_APPLICANT`.
    kind: &'static str,
    /// Who pays; absent where whose fault it is has not been settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_by: Option<&'static str>,
}

/// A broken rule. It accuses a party, never a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BreachView {
    /// The rule, in Vietnamese.
    rule: &'static str,
    /// The party that broke it.
    by: &'static str,
    /// When, in milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_ms: Option<i64>,
    /// The last day on which all was well.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
    /// Where the rule stands.
    source: &'static str,
}

/// The time somebody had it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HeldView {
    /// Who, or what it waited for, in Vietnamese.
    keeper: &'static str,
    /// Which agency, by its code or id.
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<String>,
    /// Minutes in office hours of working days.
    working_minutes: i64,
    /// All other minutes.
    resting_minutes: i64,
}

/// The life of a dossier these eyes may see.
pub(super) async fn read(app: &App, scope: &Scope, id: domain::ids::DossierId) -> Result<Option<Life>, Problem> {
    Ok(life::of(&app.store.see(scope).await?, scope, id, app.store.now_ms()).await?)
}

/// What the rules say of it now.
pub(super) async fn view(app: &App, life: &Life) -> Result<LifeView, Problem> {
    let Life {
        dossier,
        facts,
        policy,
        agency_code,
    } = life;
    let now = app.store.now_ms();
    let book = app.calendars.book(&app.store).await?;
    let (state, post) = (
        book.calendar(CalendarKind::State, None, now),
        book.calendar(CalendarKind::Post, None, now),
    );
    let after = |day, days| due(day, days, &state).date;
    let next = dossier.what_next(policy);
    let window = window_of_dossier(dossier, now);
    let held = window.map_or_else(Vec::new, |window| {
        let holdings = holdings_of_dossier(dossier.id, dossier.mode, agency_code, facts);
        let calendars = Calendars {
            state: &state,
            post: &post,
        };
        held(&DelayLedger::new(window, &holdings, calendars))
    });
    Ok(LifeView {
        must_act: next.must_act.map(Party::as_str),
        next: next
            .possible
            .iter()
            .map(|one| NextView {
                act: one.fact.kind(),
                by: one.by.as_str(),
                form: one.form.map(domain::dossier::FormKind::as_str),
                to: one.to.code(),
            })
            .collect(),
        carriages: next
            .carriages
            .iter()
            .map(|one| CarriageView {
                kind: one.kind.as_str(),
                paid_by: one.paid_by.map(Party::as_str),
            })
            .collect(),
        broken: dossier
            .breaches(policy, local(now).0, &after)
            .iter()
            .map(BreachView::from)
            .collect(),
        held,
    })
}

impl From<&Breach> for BreachView {
    fn from(breach: &Breach) -> Self {
        Self {
            rule: breach.rule.words(Language::Vietnamese),
            by: breach.party().as_str(),
            at_ms: breach.at_ms,
            limit: breach.limit.map(write_date),
            source: breach.source(),
        }
    }
}

fn held(ledger: &DelayLedger) -> Vec<HeldView> {
    let sums = ledger.by_keeper();
    let mut seen: Vec<&Keeper> = Vec::new();
    for stretch in ledger.stretches() {
        if !seen.contains(&&stretch.keeper) {
            seen.push(&stretch.keeper);
        }
    }
    let view = |keeper: &Keeper| {
        let spent = sums.get(keeper)?;
        let agency = match keeper {
            Keeper::Agency(code) => Some(code.clone()),
            _ => None,
        };
        Some(HeldView {
            keeper: keeper.text(Language::Vietnamese),
            agency,
            working_minutes: spent.working,
            resting_minutes: spent.resting,
        })
    };
    seen.into_iter().filter_map(view).collect()
}

/// What speaks against an act that is recorded all the same, in Vietnamese.
pub(super) fn speaks_against(life: &Life, fact: &DossierFact) -> Vec<&'static str> {
    match life.dossier.check(fact, &life.policy) {
        Ok(_) => Vec::new(),
        Err(Refused::Illegal(why)) => vec![why.reason(Language::Vietnamese)],
        Err(Refused::Gaps(gaps)) => gaps.iter().map(|gap| gap.words(Language::Vietnamese)).collect(),
    }
}
