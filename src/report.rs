//! `traotay report`: the national index and the post's own reports, from an installation's store.

use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use clap::Args;
use domain::ids::AgencyId;
use domain::report::Report;
use domain::wire::report::{ReportQuery, ReportQueryRecord, ReportRecord};
use entity::repo::reference::{self, id_of};
use entity::repo::report;
use entity::{Scope, Store};
use std::fmt::Write;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::offset;

/// The question.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// Where the installation is.
    #[command(flatten)]
    pub place: Place,
    /// kpi766 (the national index), tt17 (what the post owes) or quality (of carriage)
    pub report: String,
    /// 2026, 2026-H1, 2026-Q4, 2026-05, or two days: 2026-05-01..2026-05-31
    #[arg(long)]
    pub period: String,
    /// calendar (whole months) or state_cut_off (from day 15 to day 14)
    #[arg(long, default_value = "calendar")]
    pub convention: String,
    /// The hour whose knowledge counts: 2026-12-31T17:00:00+07:00; the present when left out
    #[arg(long)]
    pub as_of: Option<String>,
    /// Only the dossiers of one agency, by its code
    #[arg(long)]
    pub agency: Option<String>,
    /// Write CSV for a spreadsheet
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Makes a report and writes it on standard output.
///
/// # Errors
/// [`Failure::Refused`] when the question cannot be read or no agency has the code, or what the store says.
pub async fn run(args: ReportArgs) -> Result<Verdict, Failure> {
    let asked = ReportQueryRecord {
        report: args.report.clone(),
        period: args.period.clone(),
        convention: Some(args.convention.clone()),
        as_of: args.as_of.clone(),
    };
    let query = ReportQuery::try_from(&asked).map_err(|error| {
        let field = error.field().replace('_', "-");
        let dashes = if field == "report" { "" } else { "--" };
        Failure::Refused(format!("{dashes}{field}: {error}"))
    })?;
    let config = Config::load(&args.place)?;
    let store = config.open_options().open().await?;
    let made = make(&store, args.agency.as_deref(), query).await;
    store.close().await;
    let report = made?;
    if args.csv {
        write(&api::csv(&report.table()))?;
    } else if args.json {
        print(&serde_json::to_string_pretty(&ReportRecord::from(&report)).unwrap_or_default());
    } else {
        print(&as_text(&report));
    }
    Ok(Verdict::Yes)
}

async fn make(store: &Store, agency: Option<&str>, query: ReportQuery) -> Result<Report, Failure> {
    let scope = match agency {
        None => Scope::everything(),
        Some(code) => {
            let id = AgencyId(id_of("agency", code));
            let known = reference::agency(store.read(), id).await?;
            known.ok_or_else(|| Failure::Refused(format!("--agency: no agency has the code {code}")))?;
            Scope::agency(id)
        }
    };
    Ok(report::make(store, &scope, query).await?)
}

/// Writes the bytes of a file as they are.
fn write(bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written.map_err(Failure::io("writing to standard output"))
}

/// The hour as people here read it.
fn hour(at_ms: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at_ms.div_euclid(1000));
    let text = at.ok().and_then(|at| at.to_offset(offset!(+7)).format(&Rfc3339).ok());
    text.unwrap_or_default()
}

fn as_text(report: &Report) -> String {
    let (period, as_of) = (report.period().vietnamese(), hour(report.as_of_ms()));
    let mut lines = format!("{period}\nTheo số liệu ghi nhận đến {as_of}\n\n");
    match report {
        Report::Kpi766(report) => figures(&mut lines, &report.figures),
        Report::Quality(report) => figures(&mut lines, &report.figures),
        Report::Tt17(report) => {
            for row in report.table().rows() {
                let cell = |at: usize| row.get(at).map_or("", String::as_str);
                let _ = writeln!(lines, "{:>14} {:<8} {}", cell(2), cell(3), cell(0));
            }
        }
    }
    lines
}

fn figures(lines: &mut String, figures: &[domain::report::Figure]) {
    for figure in figures {
        let sides = format!("{}/{}", figure.numerator, figure.denominator);
        let part = figure
            .part
            .map(|part| format!(" – {}", part.vietnamese))
            .unwrap_or_default();
        let _ = writeln!(
            lines,
            "{:<20} {:>8} {:<8} {sides:>12}  {}{part}",
            figure.measure.code,
            figure.value.to_string(),
            figure.measure.unit.vietnamese(),
            figure.measure.vietnamese,
        );
    }
}
