//! `Price` (`pricehcc`, `getprice`): what carriage costs by the province's tariff.
//!
//! `isreturn` 1 asks for the way of a result, 0 or nothing for the way of a dossier; `mode` (`send`, `return`, `both`) says it
//! outright. A price is never guessed: what the tariff cannot tell apart is refused, with what is missing.

use super::dispatch::Refusal;
use super::fields::{Fields, Whole};
use super::reply::{PriceView, Reply};
use crate::App;
use crate::auth::ClientRight;
use crate::words::local_date;
use axum::response::Response;
use domain::mode::Mode;
use domain::money::Amount;
use domain::status::vnpost::ORDER_ACCEPTED;
use domain::tariff::{End, FormerEnd, Leg, QuoteError, Relation, RelationError};
use entity::repo::tariff::{self, Pricing};
use serde_json::Value;

/// The service this post sells here.
const SERVICE: &str = "HCC";

/// Answers what it costs.
pub(super) async fn run(app: &App, right: &ClientRight, fields: &Fields) -> Result<Response, Refusal> {
    let pricing = tariff::pricing(app.store.open()).await?;
    let pricing = pricing.ok_or_else(|| Reply::unreadable("Chưa có bảng cước của tỉnh này (no tariff is loaded)"))?;
    if let Some(service) = fields
        .text("mainsrv")
        .filter(|name| !name.eq_ignore_ascii_case(SERVICE))
    {
        return Err(Reply::unreadable(format!(
            "Chỉ có giá cước dịch vụ {SERVICE}, không có {service} (no such service)"
        ))
        .into());
    }
    let grams = match fields.whole("weight") {
        Whole::Is(grams) => u32::try_from(grams).ok().filter(|grams| *grams > 0),
        Whole::Absent | Whole::Unreadable => None,
    };
    let grams = grams.ok_or_else(|| Reply::unreadable("weight phải là số gam từ 1 trở lên (grams, at least 1)"))?;
    let mode = mode(fields)?;
    let ends = ["sender", "receiver"].map(|which| Told::read(which, &fields.inner(which), right, &pricing));
    let [from, to] = ends;
    let (from, to) = (from?, to?);
    let relation = relation(&pricing, &from, &to)?;
    let mut surcharge = Amount::ZERO;
    for end in [&from, &to] {
        let special = end
            .commune
            .as_deref()
            .and_then(|commune| pricing.geography.special(commune));
        if let Some(special) = special {
            surcharge = surcharge.plus(special.surcharge).map_err(|_| too_much())?;
        }
    }
    let today = local_date(app.store.now_ms());
    let in_force = pricing.tariffs.in_force(today);
    let in_force = in_force
        .ok_or_else(|| Reply::unreadable("Không có bảng cước nào có hiệu lực hôm nay (no tariff holds today)"))?;
    let leg = Some(Leg {
        relation,
        grams,
        surcharge,
    });
    let quote = in_force
        .quote(mode, leg, leg, None, today)
        .map_err(|error| match error {
            QuoteError::NotInForce(_)
            | QuoteError::NoLeg(_)
            | QuoteError::NotExempt
            | QuoteError::Price(_)
            | QuoteError::Amount(_) => too_much(),
        })?;
    let reply = Reply {
        content: Some(Box::new(PriceView {
            price: quote.payable.dong().as_i64(),
            send: quote.send.map(|amount| amount.dong().as_i64()),
            back: quote.back.map(|amount| amount.dong().as_i64()),
            relation: relation.vietnamese(),
            tariff: quote.tariff,
        })),
        ..Reply::new(ORDER_ACCEPTED, "Giá cước đã tính")
    };
    Ok(reply.to(&right.client))
}

fn too_much() -> Reply {
    Reply::unreadable("Bảng cước không có giá cho khối lượng này (no price for that weight)")
}

fn mode(fields: &Fields) -> Result<Mode, Reply> {
    match fields.text("mode") {
        Some(mode) => mode
            .parse()
            .map_err(|_| Reply::unreadable("mode phải là send, return hoặc both")),
        None if fields.is_true("isreturn") => Ok(Mode::Return),
        None => Ok(Mode::Send),
    }
}

/// One end, in today's list as far as it can be.
struct Told {
    province: String,
    district: Option<String>,
    commune: Option<String>,
}

impl Told {
    fn read(which: &str, fields: &Fields, right: &ClientRight, pricing: &Pricing) -> Result<Self, Reply> {
        let code = |name| fields.any_text(name).filter(|code| code != "0");
        let province =
            code("provcode").ok_or_else(|| Reply::unreadable(format!("Thiếu {which}.provCode (missing)")))?;
        Ok(Self {
            province: todays(&province, &right.client.profile, pricing)?,
            district: code("distcode"),
            commune: code("communecode").or(code("wardcode")),
        })
    }
}

/// A province's code in today's list: by the client's own table first, then by the list its profile names.
fn todays(code: &str, profile: &Value, pricing: &Pricing) -> Result<String, Reply> {
    if let Some(known) = profile["provinceCodes"][code].as_str() {
        return Ok(known.to_owned());
    }
    match profile["provinceCodeSystem"].as_str() {
        Some("vnpost") => Err(Reply::unreadable(format!(
            "Chưa có bảng đối chiếu mã tỉnh {code} của VNPost sang mã hiện hành (VNPost's code is not mapped for this client)"
        ))),
        Some("gso-legacy") => {
            let succeeded = pricing.successions.iter().find(|line| line.old_code == code);
            Ok(succeeded.map_or(code, |line| &line.new_code).to_owned())
        }
        _ => Ok(code.to_owned()),
    }
}

fn relation(pricing: &Pricing, from: &Told, to: &Told) -> Result<Relation, Reply> {
    let geography = &pricing.geography;
    let told = match (&from.commune, &to.commune) {
        (Some(one), Some(other)) => geography.relation(
            End {
                province: &from.province,
                commune: one,
            },
            End {
                province: &to.province,
                commune: other,
            },
        ),
        _ => geography.relation_by_district(from.former(), to.former()),
    };
    told.map_err(|error| {
        Reply::unreadable(match error {
            RelationError::NoZone(commune) => {
                format!("Chưa biết xã {commune} thuộc huyện cũ nào, không tính được cước (commune has no zone)")
            }
            RelationError::NoRegion(province) => {
                format!("Chưa biết tỉnh {province} thuộc vùng nào, không tính được cước (province has no region)")
            }
            RelationError::NoDistrict(_) => {
                "Trong cùng một tỉnh, cước tính theo huyện cũ: cần distCode ở cả hai đầu, hoặc \
                 communeCode (within a province the tariff needs both districts or both communes)"
                    .to_owned()
            }
        })
    })
}

impl Told {
    fn former(&self) -> FormerEnd<'_> {
        FormerEnd {
            province: &self.province,
            district: self.district.as_deref(),
        }
    }
}
