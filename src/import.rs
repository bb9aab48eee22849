//! `traotay import`: a province is a folder of files, checked row by row and loaded so that loading again is safe.
//!
//! Codes refer from file to file; identifiers follow from codes, so the same folder always makes the same rows. Passwords and
//! client secrets are never in the files: they are made here, shown once, and kept when the folder is loaded again.

mod check;
mod read;
mod records;

use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use api::auth::password;
use domain::agency_list::AgencyList;
use domain::wire::agency::read_agency_codes;
use entity::Store;
use entity::repo::reference::{self, Reference};
use entity::repo::{serial, setting};
use read::Folder;
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

/// Whether people and clients without a secret get one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// Make them and return them, once.
    Generate,
    /// Leave people without a password: they cannot sign in until they get one.
    None,
}

/// A login made by an import.
#[derive(Debug, Clone)]
pub struct Login {
    /// `staff` or `lgsp`.
    pub kind: &'static str,
    /// Login name or client key.
    pub name: String,
    /// Password or client secret, in the clear, this once.
    pub secret: String,
    /// Who that is, for display.
    pub who: String,
}

/// What an import did.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Rows by table.
    pub counts: Vec<(&'static str, usize)>,
    /// Secrets that were made.
    pub logins: Vec<Login>,
}

impl Loaded {
    /// The logins as lines of text.
    pub fn logins_text(&self) -> String {
        let mut text = String::new();
        for Login {
            kind,
            name,
            secret,
            who,
        } in &self.logins
        {
            let _ = writeln!(text, "  {kind:<6} {name:<28} {secret:<22} {who}");
        }
        text
    }
}

/// The codes of agencies of a province's folder.
///
/// # Errors
/// [`Failure::Refused`] with every fault of the file.
pub fn agency_codes(folder: &Path) -> Result<AgencyList, Failure> {
    let records = read::agency_codes(folder)?;
    read_agency_codes(&records).map_err(|faults| Failure::Refused(records::lines(&faults)))
}

/// Loads a province's folder.
///
/// # Errors
/// [`Failure::Refused`] with every problem found, or what the store says.
pub async fn load(store: &Store, folder: &Path, secrets: Secrets) -> Result<Loaded, Failure> {
    let folder = Folder::read(folder)?;
    let problems = check::problems(&folder);
    if !problems.is_empty() {
        return Err(Failure::Refused(problems.join("\n")));
    }
    let (province, name) = (folder.province.code.clone(), folder.province.name.clone());
    let blocks = folder
        .blocks()
        .map_err(|faults| Failure::Refused(records::lines(&faults)))?;
    let block_count = blocks.as_slice().len();
    let (mut reference, who) = folder.into_reference()?;
    let logins = match secrets {
        Secrets::Generate => make_secrets(&mut reference, &who).await,
        Secrets::None => Vec::new(),
    };
    let mut counts = counts(&reference);
    counts.push(("serial_blocks", block_count));
    store
        .write(move |tx| {
            Box::pin(async move {
                reference::load(tx, reference).await?;
                serial::keep(tx, blocks).await?;
                setting::put(tx, "province", &province).await?;
                // What addresses end with; without it they would all be somewhere else.
                setting::put(tx, "province_name", &name).await
            })
        })
        .await?;
    Ok(Loaded { counts, logins })
}

/// Gives everybody who may sign in a password of their own.
async fn make_secrets(reference: &mut Reference, who: &[(String, String)]) -> Vec<Login> {
    let names: Vec<(&'static str, String)> = reference
        .staff
        .iter()
        .map(|row| ("staff", row.login.clone()))
        .chain(
            reference
                .lgsp_clients
                .iter()
                .map(|row| ("lgsp", row.client_key.clone())),
        )
        .collect();
    // Hashing is slow on purpose; it must not hold up the runtime.
    let made = tokio::task::spawn_blocking(move || {
        let secret = |(kind, name)| {
            let secret = password::generate();
            let hash = password::hash(&secret);
            (kind, name, secret, hash)
        };
        names.into_iter().map(secret).collect::<Vec<_>>()
    })
    .await
    .unwrap_or_default();
    let mut logins = Vec::new();
    for (kind, name, secret, hash) in made {
        if let Some(row) = reference
            .staff
            .iter_mut()
            .find(|row| kind == "staff" && row.login == name)
        {
            row.password_hash = Some(hash);
        } else if let Some(row) = reference
            .lgsp_clients
            .iter_mut()
            .find(|row| kind == "lgsp" && row.client_key == name)
        {
            row.secret_hash = hash;
        }
        let who = who
            .iter()
            .find(|(login, _)| *login == name)
            .map(|(_, who)| who.clone())
            .unwrap_or_default();
        logins.push(Login {
            kind,
            name,
            secret,
            who,
        });
    }
    logins
}

fn counts(reference: &Reference) -> Vec<(&'static str, usize)> {
    vec![
        ("communes", reference.communes.len()),
        ("agencies", reference.agencies.len()),
        ("service_points", reference.service_points.len()),
        ("desks", reference.desks.len()),
        ("staff", reference.staff.len()),
        ("couriers", reference.couriers.len()),
        ("procedures", reference.procedures.len()),
        ("calendar_days", calendar_days(&reference.calendar)),
        ("lgsp_clients", reference.lgsp_clients.len()),
    ]
}

/// The command.
///
/// # Errors
/// When the folder is not in order or the store fails.
pub async fn run(place: &Place, folder: &Path, only_check: bool, as_json: bool) -> Result<Verdict, Failure> {
    let files = Folder::read(folder)?;
    let problems = check::problems(&files);
    if only_check || !problems.is_empty() {
        if as_json {
            print(&json!({ "ok": problems.is_empty(), "problems": problems }).to_string());
        } else if problems.is_empty() {
            print("every row is in order");
        } else {
            print(&problems.join("\n"));
        }
        return Ok(if problems.is_empty() { Verdict::Yes } else { Verdict::No });
    }
    let config = Config::load(place)?;
    let store = config.open_options().open().await?;
    let loaded = load(&store, folder, Secrets::None).await;
    store.close().await;
    let loaded = loaded?;
    if as_json {
        let counts: serde_json::Map<String, serde_json::Value> = loaded
            .counts
            .iter()
            .map(|(table, rows)| ((*table).to_owned(), json!(rows)))
            .collect();
        print(&json!({ "ok": true, "loaded": counts }).to_string());
    } else {
        for (table, rows) in &loaded.counts {
            print(&format!("{table:<16} {rows:>6}"));
        }
    }
    Ok(Verdict::Yes)
}

/// Days of both calendars that differ from an ordinary week.
fn calendar_days(calendars: &domain::wire::calendar::CalendarsRecord) -> usize {
    let of = |calendar: &domain::wire::calendar::CalendarRecord| calendar.days_off.len() + calendar.days_worked.len();
    of(&calendars.state) + of(&calendars.post)
}
