//! What the reports need to know of the province: zones, postal days, desks, procedures, calendars.

use super::dossiers::Owner;
use crate::StoreError;
use crate::repo::{calendar, catalogue, due, rules, setting, tariff};
use crate::table::{desk, procedure, service_point};
use domain::calendar::{CalendarBook, PostalTable, Term, local};
use domain::catalogue::Catalogue;
use domain::holder::Holder;
use domain::item::{Addressee, ItemKind};
use domain::report::post::Way;
use domain::rules::RuleSets;
use domain::tariff::{End, Geography};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// The setting that holds the province's code.
const PROVINCE: &str = "province";

/// The province, as its files tell it now.
pub(super) struct Ground {
    pub(super) book: CalendarBook,
    pub(super) catalogue: Catalogue,
    /// How long the agency has, by procedure code.
    pub(super) terms: HashMap<String, Term>,
    geography: Geography,
    rules: RuleSets,
    province: Option<String>,
    /// The commune of each desk.
    desks: HashMap<Uuid, String>,
    /// The commune of each agency's first desk, where its envelopes are brought when nobody says to which.
    first_desks: HashMap<Uuid, String>,
    /// The commune of each service point.
    offices: HashMap<Uuid, String>,
}

impl Ground {
    pub(super) async fn read(db: &impl ConnectionTrait) -> Result<Self, StoreError> {
        let rows = procedure::Entity::find()
            .order_by_asc(procedure::Column::Code)
            .all(db)
            .await?;
        let terms = rows
            .iter()
            .filter_map(|row| Some((row.code.clone(), due::limit(row)?)))
            .collect();
        let desks: Vec<(Uuid, Uuid, String)> = desk::Entity::find()
            .select_only()
            .columns([desk::Column::Id, desk::Column::AgencyId, desk::Column::CommuneCode])
            .order_by_desc(desk::Column::Code)
            .into_tuple()
            .all(db)
            .await?;
        let offices: Vec<(Uuid, String)> = service_point::Entity::find()
            .select_only()
            .columns([service_point::Column::Id, service_point::Column::CommuneCode])
            .into_tuple()
            .all(db)
            .await?;
        Ok(Self {
            book: calendar::book(db).await?,
            catalogue: catalogue::all(db).await?,
            terms,
            geography: tariff::geography(db).await?,
            rules: rules::all(db).await?,
            province: setting::get(db, PROVINCE).await?,
            // Last code first, so that the first one stays.
            first_desks: desks
                .iter()
                .map(|(_, agency, commune)| (*agency, commune.clone()))
                .collect(),
            desks: desks.into_iter().map(|(id, _, commune)| (id, commune)).collect(),
            offices: offices.into_iter().collect(),
        })
    }

    /// From where to where an envelope goes that this party took from its sender.
    pub(super) fn way<'a>(&'a self, owner: &'a Owner, kind: ItemKind, taken_by: Option<Holder>) -> Way<'a> {
        let desk = match owner.desk {
            Some(desk) => self.desks.get(&desk),
            None => self.first_desks.get(&owner.agency),
        };
        let agency = self.end(desk);
        let home = self.end(owner.commune.as_ref());
        match (kind.sender(), kind.addressee()) {
            (Addressee::Citizen, _) => {
                // Somebody who came to the counter gave it there, wherever they live.
                let counter = match taken_by {
                    Some(Holder::ServicePoint(point)) => self.end(self.offices.get(&point.0)),
                    _ => None,
                };
                Way {
                    from: counter.or(home),
                    to: agency,
                }
            }
            (Addressee::Agency, Addressee::Citizen) => Way { from: agency, to: home },
            (Addressee::Agency, Addressee::Agency) => Way { from: agency, to: None },
        }
    }

    fn end<'a>(&'a self, commune: Option<&'a String>) -> Option<End<'a>> {
        Some(End {
            province: self.province.as_deref()?,
            commune: commune?,
        })
    }

    /// The zones and special areas.
    pub(super) const fn geography(&self) -> &Geography {
        &self.geography
    }

    /// The postal days that held on the day of an instant (milliseconds UTC); the circular's own where no rules are known.
    pub(super) fn postal_days(&self, at_ms: i64) -> PostalTable {
        let set = self.rules.in_force(local(at_ms).0);
        set.map_or_else(PostalTable::default, |set| set.law.sla_table.value().into())
    }
}
