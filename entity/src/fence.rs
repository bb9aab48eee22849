//! A second fence on PostgreSQL: the tables themselves show a pair of eyes only its own rows.
//!
//! Repositories filter by [`crate::Scope`]; should one forget to, the database still gives nothing away. Every transaction that
//! reads for a caller says whose eyes it has (`app.eyes`), and a policy on each table of somebody's asks `app_sees`. Jobs and the
//! command line have eyes for everything; a connection that says nothing sees nothing.
//!
//! The function runs as the owner of the tables, who is not fenced; so the program must not be the owner, which start-up checks.
//! SQLite has no such thing: there the repositories stand alone, under the same tests.

use crate::StoreError;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use sha2::{Digest, Sha256};

/// Tables of somebody's, with the column that says whose.
pub const FENCED: [(&str, &str); 14] = [
    ("dossier", "id"),
    ("postal_order", "dossier_id"),
    ("postal_item", "dossier_id"),
    ("item_custody", "dossier_id"),
    ("holding", "dossier_id"),
    ("dossier_act", "dossier_id"),
    ("dossier_state", "dossier_id"),
    ("assignment", "dossier_id"),
    ("notification", "dossier_id"),
    ("result_receiver", "dossier_id"),
    ("money_line", "dossier_id"),
    ("matter_text", "dossier_id"),
    ("search_word", "dossier_id"),
    ("scan", "dossier_id"),
];

/// Tables of an agency's, with the column that says which: its own eyes alone see them, whatever dossier they speak of.
pub const FENCED_BY_AGENCY: [(&str, &str); 1] = [("order_file", "agency_id")];

/// What a pair of eyes sees: the conditions of [`crate::Scope`], said once more in the database's own words.
const SEES: &str = "CREATE OR REPLACE FUNCTION app_sees(one uuid) RETURNS boolean \
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ \
    DECLARE \
        eyes text[] := string_to_array(coalesce(current_setting('app.eyes', true), ''), ':'); \
        since bigint := coalesce(nullif(eyes[3], ''), '0')::bigint; \
    BEGIN \
        IF eyes[4] IS NOT NULL AND EXISTS (SELECT 1 FROM broken_glass WHERE dossier_id = one \
            AND staff_id = eyes[4]::uuid AND until_ms > eyes[5]::bigint) THEN RETURN true; END IF; \
        CASE eyes[1] \
        WHEN 'everything' THEN RETURN true; \
        WHEN 'dossier' THEN RETURN one = eyes[2]::uuid; \
        WHEN 'agency' THEN RETURN EXISTS (SELECT 1 FROM dossier WHERE id = one AND agency_id = eyes[2]::uuid); \
        WHEN 'operator' THEN RETURN EXISTS (SELECT 1 FROM dossier WHERE id = one AND operator_id = eyes[2]::uuid); \
        WHEN 'capability' THEN RETURN EXISTS \
            (SELECT 1 FROM dossier WHERE id = one AND capability_hash = decode(eyes[2], 'hex')); \
        WHEN 'client' THEN RETURN EXISTS \
            (SELECT 1 FROM postal_order WHERE dossier_id = one AND client_id = eyes[2]::uuid); \
        WHEN 'courier' THEN RETURN EXISTS (SELECT 1 FROM assignment WHERE dossier_id = one \
                AND staff_id = eyes[2]::uuid AND (ended_at IS NULL OR ended_at >= since)) \
            OR EXISTS (SELECT 1 FROM holding WHERE dossier_id = one \
                AND holder = 'staff:' || eyes[2] AND (until_ms IS NULL OR until_ms >= since)); \
        WHEN 'service_point' THEN RETURN EXISTS (SELECT 1 FROM dossier WHERE id = one \
                AND counter_id = eyes[2]::uuid AND created_at >= since) \
            OR EXISTS (SELECT 1 FROM assignment WHERE dossier_id = one \
                AND service_point_id = eyes[2]::uuid AND (ended_at IS NULL OR ended_at >= since)) \
            OR EXISTS (SELECT 1 FROM holding WHERE dossier_id = one AND (until_ms IS NULL OR until_ms >= since) \
                AND (holder = 'service_point:' || eyes[2] \
                    OR party IN (SELECT id FROM staff WHERE service_point_id = eyes[2]::uuid))); \
        ELSE RETURN false; \
        END CASE; \
    END $$";

/// Raises the fence and gives `role` what the program needs, as the owner of the tables. Raising it again changes nothing.
pub(crate) async fn raise(owner: &DatabaseConnection, role: &str) -> Result<(), StoreError> {
    // To change a policy takes a lock that waits for every reader, and makes everybody wait behind it: a start beside a running
    // backup would stand still, and the servers with it. So what stands is left alone.
    if !stands(owner).await? {
        build(owner).await?;
    }
    let current: String = one(owner, "SELECT current_user::text").await?;
    if current != role {
        give(owner, role).await?;
    }
    Ok(())
}

/// What this program's fence is called in the comment of its function: another version of it has another name.
fn name() -> String {
    let mut hash = Sha256::new();
    hash.update(SEES);
    for (table, column) in FENCED.iter().chain(&FENCED_BY_AGENCY) {
        hash.update([0]);
        hash.update(table);
        hash.update([0]);
        hash.update(column);
    }
    format!("fence {}", hex::encode(&hash.finalize()[..8]))
}

/// Whether this very fence is raised around every table.
async fn stands(owner: &DatabaseConnection) -> Result<bool, StoreError> {
    let known: String = one(
        owner,
        "SELECT coalesce(obj_description(to_regprocedure('app_sees(uuid)'), 'pg_proc'), '')",
    )
    .await?;
    Ok(known == name() && is_raised(owner).await?)
}

async fn build(owner: &DatabaseConnection) -> Result<(), StoreError> {
    owner.execute_unprepared(SEES).await?;
    let of_dossiers = FENCED.map(|(table, column)| (table, format!("app_sees({column})")));
    let of_agencies = FENCED_BY_AGENCY.map(|(table, column)| {
        let own = format!("current_setting('app.eyes', true) = 'agency:' || {column}::text");
        (table, own)
    });
    for (table, sees) in of_dossiers.iter().chain(&of_agencies) {
        owner
            .execute_unprepared(&format!(
                "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; \
                 DROP POLICY IF EXISTS eyes ON {table}; \
                 CREATE POLICY eyes ON {table} USING \
                     (current_setting('app.eyes', true) = 'everything' OR {sees})"
            ))
            .await?;
    }
    // Last, so that a fence half built is built again.
    let named = format!("COMMENT ON FUNCTION app_sees(uuid) IS '{}'", name());
    owner.execute_unprepared(&named).await?;
    Ok(())
}

/// Gives `role` what the program needs of the owner's tables.
async fn give(owner: &DatabaseConnection, role: &str) -> Result<(), StoreError> {
    let (role, database) = (
        quoted(role),
        quoted(&one::<String>(owner, "SELECT current_database()::text").await?),
    );
    let grants = format!(
        "GRANT USAGE ON SCHEMA public TO {role}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}; \
         GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}; \
         GRANT CREATE ON DATABASE {database} TO {role}"
    );
    owner.execute_unprepared(&grants).await?;
    Ok(())
}

/// Why the fence does not hold this connection back; `None` when it does.
pub(crate) async fn gap(db: &DatabaseConnection) -> Result<Option<&'static str>, StoreError> {
    let passes: bool = one(
        db,
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
    )
    .await?;
    if passes {
        return Ok(Some(
            "the database role of DATABASE_URL is a superuser or bypasses row security",
        ));
    }
    let owns: bool = one(
        db,
        "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)",
    )
    .await?;
    if owns {
        return Ok(Some("the database role of DATABASE_URL owns the tables"));
    }
    let raised = is_raised(db).await?;
    Ok((!raised).then_some("row security is not switched on; run `traotay migrate`"))
}

/// Whether every table of somebody's has its row security switched on.
async fn is_raised(db: &DatabaseConnection) -> Result<bool, StoreError> {
    let names = fenced()
        .map(|table| format!("'{table}'"))
        .collect::<Vec<_>>()
        .join(", ");
    let raised: i64 = one(
        db,
        &format!(
            "SELECT count(*) FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace \
             AND relname IN ({names})"
        ),
    )
    .await?;
    Ok(usize::try_from(raised) == Ok(fenced().count()))
}

/// Every table of somebody's.
fn fenced() -> impl Iterator<Item = &'static str> {
    FENCED.iter().chain(&FENCED_BY_AGENCY).map(|(table, _)| *table)
}

async fn one<T: sea_orm::TryGetable>(db: &DatabaseConnection, sql: &str) -> Result<T, StoreError> {
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await?
        .ok_or_else(|| StoreError::Refused("the database gave no answer about itself".to_owned()))?;
    Ok(row.try_get_by_index(0)?)
}

/// An identifier as PostgreSQL reads it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
