//! Who opened a dossier, for whoever it belongs to.

use super::{STYLE, rendered, show};
use crate::App;
use crate::auth::purpose;
use crate::problem::Problem;
use crate::words::{hour, pick};
use askama::Template;
use domain::dossier::words::Language;
use domain::ids::{AgencyId, ServicePointId};
use entity::repo::access::{self, Access};
use entity::repo::reference;
use entity::repo::staff::Role;

/// Looks on the page, newest first. Beyond them the oldest are left out; an auditor has them all.
const MOST: u64 = 50;

/// The page.
#[derive(Template)]
#[template(path = "accesses.html")]
struct Accesses {
    looks: Vec<Look>,
    style: &'static str,
    language: Language,
}

struct Look {
    who: &'static str,
    place: Option<String>,
    purpose: &'static str,
    when: String,
}

impl Accesses {
    fn say(&self, vietnamese: &'static str, english: &'static str) -> &'static str {
        pick(self.language, vietnamese, english)
    }
}

/// The page of this secret, unless there is none or it has been closed for too long.
pub(super) async fn page(app: &App, secret: &str, language: Language) -> Result<Option<String>, Problem> {
    let Some(id) = show::opened(app, secret).await? else {
        return Ok(None);
    };
    let mut looks = Vec::new();
    for row in access::into_dossier(app.store.open(), id, MOST).await? {
        let (vietnamese, english) = purpose::words(&row.purpose);
        looks.push(Look {
            who: who(&row.role, language),
            place: place(app, &row).await?,
            purpose: pick(language, vietnamese, english),
            when: hour(row.at_ms),
        });
    }
    Ok(Some(rendered(&Accesses {
        looks,
        style: STYLE,
        language,
    })))
}

/// The office or agency a reader worked for then.
async fn place(app: &App, row: &Access) -> Result<Option<String>, Problem> {
    let db = app.store.open();
    Ok(match (row.service_point_id, row.agency_id) {
        (_, Some(agency)) if !is_of_the_post(&row.role) => {
            reference::agency(db, AgencyId(agency)).await?.map(|agency| agency.name)
        }
        (Some(point), _) => reference::service_point(db, ServicePointId(point))
            .await?
            .map(|point| point.name),
        (None, _) => None,
    })
}

fn is_of_the_post(role: &str) -> bool {
    matches!(
        Role::parse(role),
        Some(Role::Courier | Role::PostAgent | Role::PostSupervisor)
    )
}

fn who(role: &str, language: Language) -> &'static str {
    let (vietnamese, english) = match Role::parse(role) {
        Some(Role::Courier) => ("Bưu tá", "A courier"),
        Some(Role::PostAgent) => ("Giao dịch viên bưu cục", "A clerk of the post office"),
        Some(Role::PostSupervisor) => ("Điều phối bưu cục", "A dispatcher of the post office"),
        Some(Role::DeskAgent) => ("Cán bộ một cửa", "An official at the one-stop desk"),
        Some(Role::AgencyReceiver) => ("Cán bộ tiếp nhận của cơ quan", "A receiving official of the agency"),
        Some(Role::AgencyManager) => ("Lãnh đạo cơ quan", "A manager of the agency"),
        Some(Role::OpsAdmin | Role::KeyAdmin) => ("Quản trị hệ thống", "An administrator of the system"),
        Some(Role::Auditor) => ("Kiểm toán", "An auditor"),
        None => ("Người có thẩm quyền", "Somebody entitled"),
    };
    pick(language, vietnamese, english)
}
