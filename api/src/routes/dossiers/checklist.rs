//! The procedure of a dossier and the papers it asks for, as they were on the day the dossier was taken in.

use crate::App;
use crate::problem::Problem;
use crate::words::local_date;
use domain::catalogue::Component;
use domain::procedure_code::ProcedureCode;
use entity::repo::reference;
use entity::table::dossier;

/// What a procedure asks for.
#[derive(Debug, Default)]
pub(crate) struct Checklist {
    /// Its name; none when the counter did not say which, or nobody loaded it.
    pub(crate) procedure: Option<String>,
    /// The papers of the dossier's case; none when no whole record was loaded.
    pub(crate) papers: Vec<Component>,
}

/// Reads it.
pub(crate) async fn of(app: &App, row: &dossier::Model) -> Result<Checklist, Problem> {
    let Some(named) = &row.procedure_code else {
        return Ok(Checklist::default());
    };
    let known = reference::procedure(app.store.open(), named).await?;
    let province = app.provinces.get(&app.store).await?;
    let code = ProcedureCode::parse(named).ok();
    let version = code.and_then(|code| province.catalogue.in_force(&code, local_date(row.created_at)).ok());
    let case = version.and_then(|version| match &row.procedure_case {
        Some(case) => version.case(case),
        None => version.cases.first(),
    });
    Ok(Checklist {
        procedure: known.map(|known| known.name),
        papers: case.map(|case| case.components.clone()).unwrap_or_default(),
    })
}
