//! Changes of what is no person: one-stop systems, territories, tariffs and rules.

use super::judge::Judged;
use super::kind::{ChangeBody, ChangeKind, Fault};
use super::{ChangeRefusal, Standstill};
use crate::StoreError;
use crate::repo::reference::{FIRST_OPERATOR, id_of};
use crate::repo::{province_file, setting};
use crate::table::{agency, lgsp_client, province_file as file, service_point};
use domain::ids::OperatorId;
use domain::wire::province::{LgspClientRecord, SIGNED, TOKEN_MODES};
use domain::wire::row::RowError;
use domain::wire::rules::{RuleSetRecord, read_rules};
use domain::wire::tariff::{TariffFileRecord, read_geography, read_tariffs};
use domain::wire::units::{ZoneRecord, read_zones};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::{Value, json};

const TARIFF: &str = "tariff.json";
const RULES: &str = "rules.json";

/// Whether a change of this kind is possible, and what it makes of what.
pub(super) async fn judge(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    kind: ChangeKind,
    subject: &str,
    body: &ChangeBody,
) -> Result<Judged, ChangeRefusal> {
    let (was, becomes) = match kind {
        ChangeKind::Territory => territory(db, operator, subject, body).await?,
        ChangeKind::Tariff | ChangeKind::Rules => records(db, operator, kind, subject, body).await?,
        _ => client(db, operator, kind, subject, body).await?,
    };
    if was == becomes && kind != ChangeKind::ClientSecret {
        return Err(ChangeRefusal::NotNow(Standstill::Already));
    }
    Ok(Judged {
        was,
        becomes,
        subject: None,
    })
}

/// Holds what a change is about until the transaction ends.
pub(super) async fn lock(tx: &DatabaseTransaction, kind: ChangeKind, subject: &str) -> Result<(), StoreError> {
    match kind {
        ChangeKind::Territory => {
            let office = service_point::Entity::find().filter(service_point::Column::Code.eq(subject));
            office.lock_exclusive().one(tx).await?;
        }
        ChangeKind::Tariff | ChangeKind::Rules => {
            file::Entity::find_by_id(name_of(kind)).lock_exclusive().one(tx).await?;
        }
        _ => {
            let client = lgsp_client::Entity::find().filter(lgsp_client::Column::CustomerCode.eq(subject));
            client.lock_exclusive().one(tx).await?;
        }
    }
    Ok(())
}

/// Makes a change that was judged a moment ago.
pub(super) async fn apply(
    tx: &DatabaseTransaction,
    operator: OperatorId,
    kind: ChangeKind,
    (subject, body): (&str, &ChangeBody),
    hash: Option<String>,
) -> Result<(), ChangeRefusal> {
    let no_secret = || StoreError::Refused("a change that makes a secret came without one".to_owned());
    match kind {
        ChangeKind::Territory => {
            let office = office(tx, operator, subject).await?;
            let mut row = office.into_active_model();
            row.territory = Set(body.territory.as_ref().map(Value::to_string));
            row.update(tx).await?;
        }
        ChangeKind::Tariff | ChangeKind::Rules => {
            let records = body.records.clone().unwrap_or(Value::Null);
            // It says by itself that reference data changed.
            province_file::put(tx, name_of(kind), &records).await?;
            return Ok(());
        }
        ChangeKind::ClientAdd => {
            let row = new_client(tx, operator, subject, body, hash.ok_or_else(no_secret)?).await?;
            row.into_active_model().insert(tx).await?;
        }
        _ => {
            let row = known(tx, operator, subject).await?.ok_or(ChangeRefusal::Unknown)?;
            let next = next(&row, kind, body, hash)?;
            next.into_active_model().reset_all().update(tx).await?;
        }
    }
    setting::reference_changed(tx).await?;
    Ok(())
}

async fn office(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    code: &str,
) -> Result<service_point::Model, ChangeRefusal> {
    let found = service_point::Entity::find()
        .filter(service_point::Column::Code.eq(code))
        .filter(service_point::Column::OperatorId.eq(operator.0));
    found.one(db).await?.ok_or(ChangeRefusal::Unknown)
}

async fn territory(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    code: &str,
    body: &ChangeBody,
) -> Result<(Value, Value), ChangeRefusal> {
    let row = office(db, operator, code).await?;
    let was = row.territory.as_deref().map(serde_json::from_str).transpose();
    let was: Option<Value> = was.map_err(|error| StoreError::corrupt("service_point", &row.code, error))?;
    let becomes = body.territory.clone().unwrap_or(Value::Null);
    let is_polygon = matches!(becomes["type"].as_str(), Some("Polygon" | "MultiPolygon"));
    if !is_polygon || !becomes["coordinates"].is_array() {
        let fault = Fault::at(
            "body/territory",
            "invalid",
            "a GeoJSON Polygon or MultiPolygon",
            "phải là Polygon hoặc MultiPolygon theo GeoJSON",
        );
        return Err(fault.into());
    }
    Ok((json!({ "territory": was }), json!({ "territory": becomes })))
}

fn name_of(kind: ChangeKind) -> &'static str {
    if kind == ChangeKind::Tariff { TARIFF } else { RULES }
}

/// Tariffs and rules are the whole province's: whoever runs the installation changes them, the first operator.
async fn records(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    kind: ChangeKind,
    subject: &str,
    body: &ChangeBody,
) -> Result<(Value, Value), ChangeRefusal> {
    if operator != FIRST_OPERATOR || subject != name_of(kind) {
        return Err(ChangeRefusal::Unknown);
    }
    let becomes = body.records.clone().unwrap_or(Value::Null);
    let wrong = match kind {
        ChangeKind::Tariff => tariff_faults(db, &becomes).await?,
        _ => match serde_json::from_value::<Vec<RuleSetRecord>>(becomes.clone()) {
            Ok(records) => told(read_rules(&records).err()),
            Err(error) => vec![unreadable(&error)],
        },
    };
    if !wrong.is_empty() {
        return Err(ChangeRefusal::Faults(wrong));
    }
    let was: Option<Value> = province_file::find(db, name_of(kind)).await?;
    Ok((json!({ "records": was }), json!({ "records": becomes })))
}

async fn tariff_faults(db: &impl ConnectionTrait, records: &Value) -> Result<Vec<Fault>, ChangeRefusal> {
    let record = match serde_json::from_value::<TariffFileRecord>(records.clone()) {
        Ok(record) => record,
        Err(error) => return Ok(vec![unreadable(&error)]),
    };
    let zones: Vec<ZoneRecord> = province_file::find(db, "zones.csv").await?.unwrap_or_default();
    let zones = read_zones(&zones).map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        StoreError::corrupt("province_file", "zones.csv", first)
    })?;
    let mut wrong = told(read_tariffs(&record).err());
    wrong.extend(told(read_geography(&record, zones).err()));
    Ok(wrong)
}

/// Faults of rows, in the words of an import.
fn told(faults: Option<Vec<RowError>>) -> Vec<Fault> {
    let all = faults.into_iter().flatten();
    all.map(|fault| Fault::at("body/records", "invalid", fault.to_string(), fault.to_string()))
        .collect()
}

fn unreadable(error: &serde_json::Error) -> Fault {
    let english = format!("not the records of such a file: {error}");
    let vietnamese = format!("không phải bản ghi của loại tệp này: {error}");
    Fault::at("body/records", "invalid", english, vietnamese)
}

async fn known(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    code: &str,
) -> Result<Option<lgsp_client::Model>, StoreError> {
    let found = lgsp_client::Entity::find()
        .filter(lgsp_client::Column::CustomerCode.eq(code))
        .filter(lgsp_client::Column::OperatorId.eq(operator.0));
    Ok(found.one(db).await?)
}

async fn client(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    kind: ChangeKind,
    code: &str,
    body: &ChangeBody,
) -> Result<(Value, Value), ChangeRefusal> {
    if kind == ChangeKind::ClientAdd {
        // Two codes that differ in their letters' case would sign in by one key.
        let same = Condition::any()
            .add(lgsp_client::Column::CustomerCode.eq(code))
            .add(lgsp_client::Column::ClientKey.eq(key_of(code)));
        let taken = lgsp_client::Entity::find().filter(same);
        if taken.one(db).await?.is_some() {
            let (english, vietnamese) = ("this customer code is taken", "mã khách hàng này đã có");
            return Err(Fault::at("subject", "invalid", english, vietnamese).into());
        }
        let row = new_client(db, operator, code, body, "a secret".to_owned()).await?;
        return Ok((Value::Null, value(&row)?));
    }
    let row = known(db, operator, code).await?.ok_or(ChangeRefusal::Unknown)?;
    let after = next(&row, kind, body, Some("a secret".to_owned()))?;
    Ok((value(&row)?, value(&after)?))
}

/// A client after a change.
fn next(
    row: &lgsp_client::Model,
    kind: ChangeKind,
    body: &ChangeBody,
    hash: Option<String>,
) -> Result<lgsp_client::Model, ChangeRefusal> {
    let mut next = row.clone();
    match kind {
        ChangeKind::ClientSecret => {
            next.secret_hash = hash.unwrap_or_default();
            // A secret is of no use to who must sign.
            next.profile = with_mode(row, "basic_form")?;
            next.public_key = None;
        }
        ChangeKind::ClientKey => {
            let key = body.public_key.clone().unwrap_or(Value::Null);
            if !is_public(&key) {
                let (english, vietnamese) = (
                    "a public key as a JWK, without its private part",
                    "phải là khóa công khai dạng JWK, không kèm phần bí mật",
                );
                return Err(Fault::at("body/public_key", "invalid", english, vietnamese).into());
            }
            next.public_key = Some(key.to_string());
            next.profile = with_mode(row, SIGNED)?;
            next.secret_hash = String::new();
        }
        ChangeKind::ClientClose => next.active = false,
        _ => next.active = true,
    }
    Ok(next)
}

/// Whether this is a key with nothing in it that its owner keeps (RFC 7517 §9.3).
fn is_public(key: &Value) -> bool {
    let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    key["kty"].is_string() && private.iter().all(|name| key.get(name).is_none())
}

/// A client's profile when it proves itself in another way; one that never signed stays as it was for another secret.
fn with_mode(row: &lgsp_client::Model, mode: &str) -> Result<String, StoreError> {
    let mut profile: Value =
        serde_json::from_str(&row.profile).map_err(|error| StoreError::corrupt("lgsp_client", row.id, error))?;
    if mode == SIGNED || profile["tokenMode"] == SIGNED {
        profile["tokenMode"] = json!(mode);
    }
    Ok(profile.to_string())
}

/// What a change of a client changes, for before and after. A secret is never in it.
fn value(row: &lgsp_client::Model) -> Result<Value, StoreError> {
    let bad = |error| StoreError::corrupt("lgsp_client", row.id, error);
    let profile: Value = serde_json::from_str(&row.profile).map_err(bad)?;
    let key: Option<Value> = row
        .public_key
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(bad)?;
    Ok(json!({
        "name": row.name, "client_key": row.client_key, "agency_id": row.agency_id, "token_mode": profile["tokenMode"],
        "active": row.active, "has_secret": !row.secret_hash.is_empty(), "public_key": key,
    }))
}

/// The key a client of this customer code signs in with.
fn key_of(code: &str) -> String {
    format!("lgsp-{}", code.to_lowercase())
}

async fn new_client(
    db: &impl ConnectionTrait,
    operator: OperatorId,
    code: &str,
    body: &ChangeBody,
    hash: String,
) -> Result<lgsp_client::Model, ChangeRefusal> {
    let is_code = (1..=40).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if !is_code {
        let (english, vietnamese) = (
            "a customer code has 1 to 40 letters, digits, hyphens and underscores",
            "mã khách hàng gồm 1 đến 40 chữ cái không dấu, chữ số, gạch ngang, gạch dưới",
        );
        return Err(Fault::at("subject", "invalid", english, vietnamese).into());
    }
    let mode = body.token_mode.as_deref().unwrap_or("basic_form");
    if !TOKEN_MODES.contains(&mode) || mode == SIGNED {
        let (english, vietnamese) = (
            "no way in which a system with a secret proves itself",
            "không phải cách xác thực bằng mật khẩu",
        );
        return Err(Fault::at("body/token_mode", "invalid", english, vietnamese).into());
    }
    let named = body.agency.clone().unwrap_or_default();
    let agency = agency::Entity::find()
        .filter(agency::Column::Code.eq(named.as_str()))
        .one(db)
        .await?;
    let Some(agency) = agency else {
        let (english, vietnamese) = ("there is no such agency", "không có cơ quan này");
        return Err(Fault::at("body/agency", "unknown_reference", english, vietnamese).into());
    };
    let name = body.name.clone().unwrap_or_default().trim().to_owned();
    let profile = LgspClientRecord::new(code, &name, &agency.code, mode);
    Ok(lgsp_client::Model {
        id: id_of("lgsp_client", code),
        customer_code: code.to_owned(),
        client_key: key_of(code),
        name,
        agency_id: agency.id,
        secret_hash: hash,
        profile: json!(profile).to_string(),
        operator_id: operator.0,
        public_key: None,
        active: true,
    })
}
