//! Scans of papers in a dossier: what they are of, who added them, and under which hash the bytes lie. Whoever carries the envelope
//! never sees them (postal secrecy); an applicant does, with a code.

use super::evidence;
use crate::store::Store;
use crate::table::{blob, dossier, scan};
use crate::{Scope, StoreError, clock};
use domain::ids::{DossierId, StaffId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

/// A scan.
pub type Scan = scan::Model;

/// Scans of one dossier at most: the longest list of papers, each in a few pages.
const MOST: u64 = 200;

/// A scan whose bytes are kept already.
#[derive(Debug, Clone)]
pub struct NewScan {
    /// What it is of, as the procedure names it.
    pub paper: String,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// What the bytes are.
    pub media: &'static str,
    /// How many bytes.
    pub size: i64,
    /// Who adds it.
    pub by: StaffId,
}

/// What became of a scan.
#[derive(Debug, Clone, PartialEq)]
pub enum Added {
    /// It is there, now or since before: the same bytes are one scan.
    Scan(Scan),
    /// These eyes see no such dossier.
    Unknown,
    /// The dossier has as many as it may.
    TooMany,
}

/// Adds a scan to a dossier these eyes may see.
///
/// # Errors
/// When the database fails.
pub async fn add(store: &Store, scope: Scope, id: DossierId, new: NewScan) -> Result<Added, StoreError> {
    let now = store.now_ms();
    let kept = blob::Model {
        sha256: new.sha256.to_vec(),
        size: new.size,
        media: new.media.to_owned(),
        bringer: bringer_of(new.by),
        stored_at: now,
    };
    evidence::stored(store, kept).await?;
    let row = Scan {
        id: clock::new_id(),
        dossier_id: id.0,
        paper: new.paper,
        sha256: new.sha256.to_vec(),
        media: new.media.to_owned(),
        size: new.size,
        staff_id: new.by.0,
        created_at: now,
    };
    let attempt = |row: Scan, scope: Scope| {
        store.write(move |tx| {
            Box::pin(async move {
                let seen = scope
                    .dossiers()
                    .filter(dossier::Column::Id.eq(row.dossier_id))
                    .one(tx)
                    .await?;
                if seen.is_none() {
                    return Ok(Added::Unknown);
                }
                let theirs = || scan::Entity::find().filter(scan::Column::DossierId.eq(row.dossier_id));
                let same = theirs()
                    .filter(scan::Column::Sha256.eq(row.sha256.clone()))
                    .one(tx)
                    .await?;
                if let Some(same) = same {
                    return Ok(Added::Scan(same));
                }
                if theirs().count(tx).await? >= MOST {
                    return Ok(Added::TooMany);
                }
                row.clone().into_active_model().insert(tx).await?;
                Ok::<_, StoreError>(Added::Scan(row))
            })
        })
    };
    match attempt(row.clone(), scope.clone()).await {
        // Two of the same at once: the other one won, so now it can be found.
        Err(error) if error.is_duplicate() => attempt(row, scope).await,
        other => other,
    }
}

/// The scans of a dossier these eyes may see, in the order they were added.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, scope: &Scope, id: DossierId) -> Result<Vec<Scan>, StoreError> {
    Ok(scan::Entity::find()
        .filter(scan::Column::DossierId.eq(id.0))
        .filter(scan::Column::DossierId.in_subquery(scope.dossier_ids()))
        .order_by_asc(scan::Column::CreatedAt)
        .order_by_asc(scan::Column::Id)
        .all(db)
        .await?)
}

/// One scan of a dossier these eyes may see.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    dossier: DossierId,
    id: Uuid,
) -> Result<Option<Scan>, StoreError> {
    Ok(scan::Entity::find_by_id(id)
        .filter(scan::Column::DossierId.eq(dossier.0))
        .filter(scan::Column::DossierId.in_subquery(scope.dossier_ids()))
        .one(db)
        .await?)
}

/// How somebody who works here is named as the bringer of bytes.
pub fn bringer_of(staff: StaffId) -> String {
    format!("staff-{staff}")
}
