//! What is true of An Giang: codes that changed their meaning, postage worked by hand.

use std::path::Path;

use domain::catalogue::{Channel, FindError, LegacyLevels, LimitUnit};
use domain::mode::Mode;
use domain::money::{Amount, Dong, StateFee, ThreeLines};
use domain::place::{CodeList, ConvertError, Converted, Successions, UnitCode};
use domain::procedure_code::ProcedureCode;
use domain::tariff::Relation::{InterDistrict, InterRegion, IntraDistrict, IntraRegion};
use domain::tariff::{End, ExemptionClass, Geography, Leg, Proof, Quote, Relation, Tariff};
use domain::wire::procedure::{ProcedureRecord, read_procedures};
use domain::wire::tariff::{TariffFileRecord, read_geography, read_tariffs};
use domain::wire::units::{
    OtherCodeRecord, SuccessionRecord, ZoneRecord, read_other_codes, read_successions, read_zones,
};
use serde::de::DeserializeOwned;
use time::Date;
use time::macros::date;

const DAY: Date = date!(2026 - 04 - 24);

fn text(folder: &str, file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../data")
        .join(folder)
        .join(file);
    std::fs::read_to_string(path).expect("the folder has the file")
}

fn rows<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let text = text("an-giang", file);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn successions() -> Successions {
    read_successions(&rows::<SuccessionRecord>("successions.csv")).expect("in order")
}

fn geography() -> Geography {
    let file: TariffFileRecord = serde_json::from_str(&text("an-giang", "tariff.json")).expect("the record");
    let zones = read_zones(&rows::<ZoneRecord>("zones.csv")).expect("in order");
    read_geography(&file, zones).expect("in order")
}

fn tariff(folder: &str) -> Tariff {
    let file: TariffFileRecord = serde_json::from_str(&text(folder, "tariff.json")).expect("the record");
    read_tariffs(&file)
        .expect("in order")
        .in_force(DAY)
        .expect("in force")
        .clone()
}

fn units(list: CodeList, codes: &[&str]) -> Vec<UnitCode> {
    codes
        .iter()
        .map(|code| UnitCode::new(list, code).expect("a code"))
        .collect()
}

fn since(code: &str) -> UnitCode {
    UnitCode::new(CodeList::SinceJuly2025, code).expect("a code")
}

#[test]
fn a_bare_91_needs_its_list() {
    let table = successions();
    assert_eq!(
        table.read("91", None),
        Err(ConvertError::NeedsList { code: "91".to_owned() })
    );
    assert_eq!(table.old_name("91"), Some("tỉnh Kiên Giang"));
    let (before, today) = (CodeList::BeforeJuly2025, CodeList::SinceJuly2025);
    for code in ["89", "91"] {
        assert_eq!(table.convert(code, before, today), Ok(Converted::One(since("91"))));
    }
    assert_eq!(
        table.convert("91", today, before),
        Ok(Converted::Ask(units(before, &["89", "91"])))
    );
}

#[test]
fn the_communes_of_former_tinh_bien_come_from_its_fourteen() {
    let table = successions();
    let (before, today) = (CodeList::BeforeJuly2025, CodeList::SinceJuly2025);
    for (code, from) in [("30520", 3), ("30502", 3), ("30505", 3), ("30526", 3), ("30538", 2)] {
        let Ok(Converted::Ask(candidates)) = table.convert(code, today, before) else {
            panic!("{code} was formed from several")
        };
        assert_eq!(candidates.len(), from, "{code}");
    }
    // the same digits, another unit
    assert_eq!(
        table.convert("30520", before, today),
        Ok(Converted::One(since("30520")))
    );
    assert_eq!(
        table.convert("890", before, today),
        Ok(Converted::Ask(units(
            today,
            &["30502", "30505", "30520", "30526", "30538"]
        )))
    );
}

#[test]
fn a_commune_that_was_split_is_asked_for() {
    let table = successions();
    let convert = |code| table.convert(code, CodeList::BeforeJuly2025, CodeList::SinceJuly2025);
    for (old, new) in [
        ("30334", &["30316", "30325"][..]),
        ("30355", &["30337", "30346"]),
        ("30358", &["30337", "30346", "30352"]),
    ] {
        assert_eq!(convert(old), Ok(Converted::Ask(units(CodeList::SinceJuly2025, new))));
    }
    assert_eq!(convert("30999"), Err(ConvertError::Unknown("30999".to_owned())));
}

#[test]
fn six_communes_did_not_change_and_one_only_became_a_special_zone() {
    let table = successions();
    let unchanged: Vec<String> = rows::<SuccessionRecord>("successions.csv")
        .into_iter()
        .filter(|row| {
            let converted = table.convert(&row.old_code, CodeList::BeforeJuly2025, CodeList::SinceJuly2025);
            matches!(converted, Ok(Converted::Same(_)))
        })
        .map(|row| row.old_name)
        .collect();
    assert_eq!(
        unchanged,
        [
            "xã Mỹ Hoà Hưng",
            "xã Tiên Hải",
            "xã Sơn Hải",
            "xã Hòn Nghệ",
            "xã Bình Sơn",
            "xã Bình Giang",
            "xã Thổ Châu"
        ]
    );
}

#[test]
fn codes_of_the_police_lead_to_communes_and_back() {
    let codes = read_other_codes(&rows::<OtherCodeRecord>("other_codes.csv")).expect("in order");
    for (code, commune) in [("80513030", "30520"), ("80513031", "30502"), ("80513028", "30526")] {
        assert_eq!(codes.commune("police", code), Some(commune));
        assert_eq!(codes.code("police", commune), Some(code));
    }
    assert_eq!(codes.commune("tax", "80513030"), None);
}

#[test]
fn the_maximum_table_gives_the_worked_postage() {
    let tariff = tariff("an-giang");
    let (send, back) = (&tariff.send, &tariff.back);
    for (table, relation, grams, dong) in [
        (send, IntraDistrict, 1, 26_000),
        (send, InterDistrict, 180, 30_000),
        (send, IntraDistrict, 1_250, 30_900),
        (send, IntraDistrict, 501, 28_700),
        (send, InterRegion, 250, 34_000),
        (back, InterDistrict, 60, 30_000),
        (back, InterRegion, 500, 40_000),
        (back, IntraRegion, 1_000, 38_100),
        (back, IntraDistrict, 101, 27_000),
    ] {
        let price = table.price(relation, grams).expect("a price");
        assert_eq!(price.dong(), Dong::new(dong), "{relation:?} {grams} g");
    }
    assert!(send.price(IntraDistrict, 0).is_err());
}

fn leg(relation: Relation, grams: u32) -> Leg {
    Leg {
        relation,
        grams,
        surcharge: Amount::ZERO,
    }
}

#[test]
fn both_ways_is_the_sum_of_the_two() {
    let quote = |mode, send, back| {
        let quote = tariff("an-giang").quote(mode, send, back, None, DAY).expect("a quote");
        quote.payable.dong().as_i64()
    };
    let (send, back) = (Some(leg(InterDistrict, 180)), Some(leg(InterDistrict, 60)));
    assert_eq!(quote(Mode::Both, send, back), 60_000);
    assert_eq!(quote(Mode::Send, send, back), 30_000);
    let near = Some(leg(IntraDistrict, 100));
    let postage = tariff("an-giang")
        .quote(Mode::Both, near, near, None, DAY)
        .expect("a quote")
        .payable;
    let lines = ThreeLines {
        postage,
        state_fee: Amount::<StateFee>::new(Dong::new(8_000)).expect("not negative"),
        other: Amount::ZERO,
    };
    let shown: Vec<String> = lines.lines().iter().map(|(_, dong)| dong.to_string()).collect();
    assert_eq!(shown, ["52.000 ₫", "8.000 ₫", "0 ₫"]);
}

#[test]
fn exempt_people_pay_nothing_or_half_and_show_why() {
    let quote = |class| -> Quote {
        let proof = Proof::new("123/GCN", date!(2020 - 07 - 27)).expect("a number");
        let near = Some(leg(IntraDistrict, 1_250));
        let quote = tariff("an-giang").quote(Mode::Send, near, None, Some((class, proof)), DAY);
        quote.expect("a quote")
    };
    let all = quote(ExemptionClass::HeroicMother);
    assert_eq!(
        (all.payable.dong(), all.reduction.dong()),
        (Dong::ZERO, Dong::new(30_900))
    );
    let half = quote(ExemptionClass::PoorHousehold);
    assert_eq!(half.payable.dong(), Dong::new(15_450));
    assert_eq!(
        half.exempt.map(|(_, proof)| proof.number().to_owned()),
        Some("123/GCN".to_owned())
    );
}

#[test]
fn tax_on_top_and_rounding_follow_the_tariff_and_come_once_at_the_end() {
    let near = Some(leg(IntraDistrict, 100));
    let quote = |mode, exempt| {
        tariff("tinh-mau")
            .quote(mode, near, near, exempt, DAY)
            .expect("a quote")
    };
    // 10.000 + 11.001 = 21.001; with 8 %: 22.681,08; to the nearest 1.000: 23.000
    assert_eq!(quote(Mode::Both, None).payable.dong(), Dong::new(23_000));
    let proof = Proof::new("7", DAY).expect("a number");
    // half of it with 8 %: 11.340,54
    let half = quote(Mode::Both, Some((ExemptionClass::PoorHousehold, proof)));
    assert_eq!(half.payable.dong(), Dong::new(11_000));
}

#[test]
fn relations_follow_former_districts_and_regions() {
    let geography = geography();
    let end = |province, commune| End { province, commune };
    let here = end("91", "30520");
    for (to, relation) in [
        (end("91", "30538"), IntraDistrict),
        (end("91", "30544"), InterDistrict),
        (end("91", "31078"), InterDistrict),
        (end("80", "27826"), IntraRegion),
        (end("48", "20194"), InterRegion),
    ] {
        assert_eq!(geography.relation(here, to), Ok(relation), "{to:?}");
    }
    assert!(geography.special("31105").is_some() && geography.special("30520").is_none());
}

#[test]
fn the_catalogue_covers_the_sectors_and_its_old_codes_point_on() {
    let records: Vec<ProcedureRecord> = serde_json::from_str(&text("an-giang", "procedures.json")).expect("the record");
    let catalogue = read_procedures(&records, &LegacyLevels::default()).expect("in order");
    for sector in [
        "Hộ tịch",
        "Chứng thực",
        "Đất đai",
        "Thành lập và hoạt động của hộ kinh doanh",
        "Lý lịch tư pháp",
        "Bảo hiểm xã hội",
    ] {
        assert!(catalogue.procedures().any(|one| one.sector == sector), "{sector}");
    }
    let code = |text| ProcedureCode::parse(text).expect("a code");
    let copy = catalogue
        .terms(&code("2.000635"), "1", Channel::Post, DAY)
        .expect("in force");
    let fee = copy.terms.fee.fee(1).expect("fits").expect("published");
    assert_eq!(fee.dong(), Dong::new(8_000));
    let land = catalogue
        .terms(&code("1.012783"), "2", Channel::Post, DAY)
        .expect("in force");
    assert_eq!(
        (land.terms.limit.amount(), land.terms.limit.unit()),
        (10, LimitUnit::WorkingDays)
    );
    assert_eq!(
        catalogue.in_force(&code("1.004199"), DAY),
        Err(FindError::Replaced {
            old: code("1.004199"),
            by: code("1.012783")
        })
    );
    let before = catalogue
        .in_force(&code("1.001612"), date!(2025 - 06 - 30))
        .expect("in force");
    assert_ne!(
        before.level,
        catalogue.in_force(&code("1.001612"), DAY).expect("in force").level
    );
    assert_eq!(
        catalogue.terms(&code("1.000894"), "1", Channel::Post, DAY),
        Err(FindError::NotOffered(Channel::Post))
    );
}
