//! How procedures are offered, as the catalogue tells it.
//!
//! Source: Quyết định 766/QĐ-TTg, chỉ số 3.1

use std::collections::BTreeSet;

use super::ProcedureOffer;
use crate::catalogue::Catalogue;
use crate::report::Recorded;

/// The offers of every version of every procedure: from its first day on as it says, and not at all after its last day
/// unless the next version begins then. A catalogue keeps no hour at which it learnt of a version, so each counts as known
/// ever since.
pub fn offers_of(catalogue: &Catalogue) -> Vec<Recorded<ProcedureOffer>> {
    let begins: BTreeSet<_> = catalogue
        .procedures()
        .map(|version| (&version.code, version.validity.from()))
        .collect();
    let mut offers = Vec::new();
    for version in catalogue.procedures() {
        offers.push(ProcedureOffer {
            procedure: version.code.clone(),
            from: version.validity.from(),
            service: Some(version.online.into()),
        });
        let after = version.validity.to().and_then(time::Date::next_day);
        if let Some(from) = after.filter(|from| !begins.contains(&(&version.code, *from))) {
            offers.push(ProcedureOffer {
                procedure: version.code.clone(),
                from,
                service: None,
            });
        }
    }
    offers.into_iter().map(|offer| Recorded::new(i64::MIN, offer)).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::catalogue::LegacyLevels;
    use crate::status::online::OnlineService;
    use crate::wire::procedure::{ProcedureRecord, read_procedures};

    fn version(online: &str, from: &str, to: Option<&str>) -> ProcedureRecord {
        let record = serde_json::json!({
            "code": "1.001193", "name": "Đăng ký khai sinh", "sector": "Hộ tịch", "limit_days": 1,
            "limit_unit": "working", "copies": 1, "post_send": true, "post_return": true, "source_ref": "thử",
            "components": [{ "name": "Tờ khai", "copy": "original", "count": 1 }],
            "online": online, "valid_from": from, "valid_to": to,
        });
        serde_json::from_value(record).expect("a record")
    }

    #[test]
    fn a_version_takes_the_place_of_the_one_before_and_the_last_one_ends() {
        let old = version("partial", "2024-01-01", Some("2025-06-30"));
        let new = ProcedureRecord {
            history: vec![old],
            ..version("full", "2025-07-01", Some("2026-12-31"))
        };
        let catalogue = read_procedures(&[new], &LegacyLevels::default()).expect("in order");
        let mut told: Vec<_> = offers_of(&catalogue)
            .into_iter()
            .map(|offer| (offer.fact.from, offer.fact.service))
            .collect();
        told.sort();
        assert_eq!(
            told,
            [
                (date!(2024 - 01 - 01), Some(OnlineService::Partial)),
                (date!(2025 - 07 - 01), Some(OnlineService::Full)),
                (date!(2027 - 01 - 01), None),
            ]
        );
    }
}
