//! One act signed by this server: an item made or assigned, a device enrolled or revoked, a dossier moved.

use super::{Cx, dossier, event, feed, item, money, ruling, unfit};
use crate::StoreError;
use crate::repo::assignment;
use crate::repo::device::Device;
use crate::table::{device, dossier_act, inbox};
use custody::act::{Act, parse_act, verify_act};
use custody::ids::{DeviceId, ItemId};
use domain::ids::DossierId;
use domain::item::ItemState;
use domain::item_code::ItemCode;
use ed25519_dalek::VerifyingKey;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::Value;
use uuid::Uuid;

/// Folds one row of the act lane.
pub(super) async fn apply(cx: &mut Cx<'_>, row: &inbox::Model, keys: &[VerifyingKey]) -> Result<(), StoreError> {
    let Ok(signed) = parse_act(&row.raw) else {
        return unfit::quarantine(cx, &row.event_id, "not_an_act", &row.source).await;
    };
    if !keys.iter().any(|key| verify_act(&signed, key).is_ok()) {
        return unfit::quarantine(cx, &row.event_id, "bad_server_signature", &row.source).await;
    }
    let Ok(data) = serde_json::from_str::<Value>(&signed.act.data) else {
        return unfit::quarantine(cx, &row.event_id, "act_data_unreadable", &row.source).await;
    };
    let act = &signed.act;
    let understood = match act.kind.as_str() {
        "device.enrolled" => enrolled(cx, act, &data).await?,
        "device.revoked" => revoked(cx, act).await?,
        "item.created" => created(cx, act, &data).await?,
        "item.assigned" => assigned(cx, act, &data).await?,
        kind if kind.starts_with("dossier.") => moved(cx, row, act).await?,
        kind if kind.starts_with("money.") => money::line(cx, row, act).await?,
        ruling::APPROVED | ruling::BRACKETED => ruling::apply(cx, row, act).await?,
        kind if kind.starts_with("receipt.") => money::receipt(cx, row, act).await?,
        _ => money::matter(cx, row, act, &data).await?,
    };
    if !understood {
        unfit::quarantine(cx, &row.event_id, "act_not_interpreted", &row.source).await?;
    }
    Ok(())
}

fn subject(act: &Act) -> DossierId {
    DossierId(Uuid::from_bytes(act.subject))
}

fn code(data: &Value) -> Option<ItemCode> {
    data["item_code"].as_str().and_then(|text| ItemCode::parse(text).ok())
}

async fn enrolled(cx: &mut Cx<'_>, act: &Act, data: &Value) -> Result<bool, StoreError> {
    let key = data["public_key"].as_str().and_then(|text| hex::decode(text).ok());
    let staff = data["staff"].as_str().and_then(|text| text.parse::<Uuid>().ok());
    let (Some(key), Some(staff)) = (key, staff) else {
        return Ok(false);
    };
    let row = device::ActiveModel {
        device_id: Set(act.subject.to_vec()),
        public_key: Set(key),
        staff_id: Set(staff),
        hats: Set(data["hats"].to_string()),
        enrolled_index: Set(cx.log_index),
        revoked_index: Set(None),
        contiguous: Set(0),
        seq_max: Set(0),
        fork_at: Set(None),
        broken_at: Set(None),
        key_class: Set(data["key_class"].as_str().map(str::to_owned)),
    };
    // What this batch knows about the device is written before somebody else writes the row, and read again afterwards.
    let id = DeviceId(act.subject);
    cx.flush().await?;
    cx.forget_device(id);
    device::Entity::insert(row)
        .on_conflict(
            OnConflict::column(device::Column::DeviceId)
                .update_columns([device::Column::StaffId, device::Column::Hats, device::Column::KeyClass])
                .to_owned(),
        )
        .exec_without_returning(cx.tx)
        .await?;
    if let Some(device) = cx.device(id).await? {
        event::rejudge(cx, &device).await?;
    }
    Ok(true)
}

async fn revoked(cx: &mut Cx<'_>, act: &Act) -> Result<bool, StoreError> {
    let device = cx.device(DeviceId(act.subject)).await?;
    if let Some(device) = device.filter(|device| device.revoked_index.is_none()) {
        cx.change_device(Device {
            revoked_index: Some(cx.log_index),
            ..device
        });
    }
    Ok(true)
}

async fn created(cx: &mut Cx<'_>, act: &Act, data: &Value) -> Result<bool, StoreError> {
    let kind = data["kind"].as_str().and_then(|text| text.parse().ok());
    let (Some(code), Some(kind)) = (code(data), kind) else {
        return Ok(false);
    };
    item::create(cx, &code, kind, subject(act)).await?;
    dossier::refold(cx, subject(act), None).await?;
    Ok(true)
}

async fn assigned(cx: &mut Cx<'_>, act: &Act, data: &Value) -> Result<bool, StoreError> {
    let staff = data["staff"].as_str().and_then(|text| text.parse::<Uuid>().ok());
    let decision = data["assignment"].as_str().and_then(|text| text.parse::<Uuid>().ok());
    let leg = data["leg"].as_str();
    let (Some(code), Some(leg), Some(staff), Some(decision)) = (code(data), leg, staff, decision) else {
        return Ok(false);
    };
    if leg == "pickup" {
        item::assigned(cx, &code).await?;
    }
    let state = item::known(cx, &code).await?.map(|row| row.state);
    // Decided at the very moment the order was cancelled: nobody is sent.
    if state.as_deref() != Some(ItemState::Withdrawn.code()) {
        feed::tell_assigned(cx, &code, leg, staff, decision).await?;
    }
    let is_closed = state.is_some_and(|state| state.parse().is_ok_and(assignment::is_closed));
    if is_closed && cx.effects {
        assignment::end_of_item(cx.tx, &ItemId::of(code.as_str()).0, cx.received_at).await?;
    }
    dossier::refold(cx, subject(act), None).await?;
    Ok(true)
}

async fn moved(cx: &mut Cx<'_>, row: &inbox::Model, act: &Act) -> Result<bool, StoreError> {
    let done = dossier_act::ActiveModel {
        event_id: Set(row.event_id.clone()),
        dossier_id: Set(subject(act).0),
        log_index: Set(cx.log_index),
        kind: Set(act.kind.clone()),
        at_ms: Set(act.at_ms),
        data: Set(act.data.clone()),
    }
    .insert(cx.tx)
    .await?;
    cx.add_act(done);
    if dossier::fact_of(&act.kind, act.at_ms, &act.data).is_none() {
        return Ok(false);
    }
    if act.kind == "dossier.cancelled" {
        for row in cx.items_of(subject(act)).await? {
            item::withdrawn(cx, row, act.at_ms).await?;
        }
    }
    dossier::refold(cx, subject(act), None).await?;
    Ok(true)
}
