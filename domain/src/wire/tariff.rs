//! Tariffs as `tariff.json` holds them.
//!
//! Source: Thông tư 22/2017/TT-BTTTT, phụ lục

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::row::{Row, RowError, gather};
use crate::money::{Amount, Dong, Postage};
use crate::place::Zones;
use crate::tariff::{
    Exemption, ExemptionClass, Geography, PriceTable, Rounding, RoundingMode, SpecialArea, Tariff, Tariffs,
    TariffsError, Vat, WeightStep,
};

/// The file tariffs are in.
const FILE: &str = "tariff.json";

/// Prices by relation, in đồng.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricesRecord {
    /// Within one zone.
    pub intra_district: i64,
    /// Between zones of the province.
    pub inter_district: i64,
    /// Between provinces of one region.
    pub intra_region: i64,
    /// Between regions.
    pub inter_region: i64,
}

/// One step of weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Up to so many grams; in `further`, the size of each further step.
    pub grams: u32,
    /// Its prices.
    pub prices: PricesRecord,
}

/// The prices of one direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceTableRecord {
    /// The steps, the lightest first.
    pub steps: Vec<StepRecord>,
    /// Each further step.
    pub further: StepRecord,
}

/// Who pays less.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptionRecord {
    /// The class.
    pub class: String,
    /// What is not asked for, in percent.
    pub percent: u8,
}

/// Value added tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "treatment", rename_all = "snake_case")]
pub enum VatRecord {
    /// The tariff does not say.
    NotStated,
    /// In the prices.
    Included {
        /// In hundredths of a percent.
        rate: u16,
    },
    /// On top of the prices.
    Added {
        /// In hundredths of a percent.
        rate: u16,
    },
}

/// Which way a fraction goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingModeRecord {
    /// To the payer's favour.
    Down,
    /// To the nearest.
    Nearest,
    /// To the post's favour.
    Up,
}

/// How what is payable is rounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundingRecord {
    /// To a multiple of so many đồng.
    pub unit: u32,
    /// Which way.
    pub mode: RoundingModeRecord,
}

/// A tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TariffRecord {
    /// What it is called.
    pub id: String,
    /// Its first day.
    pub valid_from: String,
    /// Its last day.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// To the agency.
    pub send: PriceTableRecord,
    /// To the person.
    #[serde(rename = "return")]
    pub back: PriceTableRecord,
    /// Who pays less.
    #[serde(default)]
    pub exemptions: Vec<ExemptionRecord>,
    /// Value added tax.
    pub vat: VatRecord,
    /// How what is payable is rounded.
    pub rounding: RoundingRecord,
    /// Where this is from, and what is unsure.
    pub source_ref: String,
}

/// A region of the tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionRecord {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The codes of its provinces.
    pub provinces: Vec<String>,
    /// Where this is from, and what is unsure.
    pub source_ref: String,
}

/// A special area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialAreaRecord {
    /// The commune.
    pub commune_code: String,
    /// What it adds, in đồng; left out until the post publishes it.
    #[serde(default)]
    pub surcharge: Option<i64>,
    /// The postal days the post publishes.
    #[serde(default)]
    pub sla_days: Option<u16>,
    /// Why it is special, and what is unsure.
    pub source_ref: String,
}

/// `tariff.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TariffFileRecord {
    /// The tariffs.
    pub tariffs: Vec<TariffRecord>,
    /// The regions.
    pub regions: Vec<RegionRecord>,
    /// Special areas.
    #[serde(default)]
    pub special_areas: Vec<SpecialAreaRecord>,
}

/// The tariffs of the file.
///
/// # Errors
/// Every fault, row by row.
pub fn read_tariffs(record: &TariffFileRecord) -> Result<Tariffs, Vec<RowError>> {
    let tariffs = record.tariffs.iter().enumerate().map(|(at, record)| {
        let row = Row {
            file: FILE,
            row: at + 1,
            about: &record.id,
        };
        tariff(&row, record)
    });
    Tariffs::new(gather(tariffs)?).map_err(|TariffsError::Overlap(one, other)| {
        let at = record.tariffs.iter().rposition(|record| record.id == other);
        let row = Row {
            file: FILE,
            row: at.unwrap_or_default() + 1,
            about: &other,
        };
        vec![row.fault("valid_from", format!("cùng có hiệu lực trong một ngày với {one}"))]
    })
}

/// The regions and special areas of the file, with the zones of the province.
///
/// # Errors
/// Every fault, row by row.
pub fn read_geography(record: &TariffFileRecord, zones: Zones) -> Result<Geography, Vec<RowError>> {
    let mut faults = Vec::new();
    let mut regions = BTreeMap::new();
    for (at, region) in record.regions.iter().enumerate() {
        let row = Row {
            file: FILE,
            row: at + 1,
            about: &region.code,
        };
        for province in &region.provinces {
            if regions.insert(province.clone(), region.code.clone()).is_some() {
                faults.push(row.fault("provinces", format!("tỉnh {province} ở hai vùng")));
            }
        }
    }
    let mut special = BTreeMap::new();
    for (at, area) in record.special_areas.iter().enumerate() {
        let row = Row {
            file: FILE,
            row: at + 1,
            about: &area.commune_code,
        };
        let surcharge = area
            .surcharge
            .map_or(Ok(Amount::ZERO), |dong| amount(&row, "surcharge", dong));
        match surcharge {
            Ok(surcharge) => {
                let area_value = SpecialArea {
                    surcharge,
                    sla_days: area.sla_days,
                    source: area.source_ref.clone(),
                };
                if special.insert(area.commune_code.clone(), area_value).is_some() {
                    faults.push(row.fault("commune_code", "xã xuất hiện hai lần"));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() {
        Ok(Geography {
            zones,
            regions,
            special,
        })
    } else {
        Err(faults)
    }
}

fn amount(row: &Row<'_>, field: &str, dong: i64) -> Result<Amount<Postage>, RowError> {
    Amount::new(Dong::new(dong)).map_err(|_| row.fault(field, "giá cước không thể âm"))
}

fn tariff(row: &Row<'_>, record: &TariffRecord) -> Result<Tariff, RowError> {
    if record.source_ref.trim().is_empty() {
        return Err(row.fault("source_ref", "không được để trống"));
    }
    let exemptions = record.exemptions.iter().map(|exemption| {
        let names = ExemptionClass::ALL.map(ExemptionClass::as_str);
        let class = ExemptionClass::parse(&exemption.class);
        let class = row.one_of("exemptions.class", &exemption.class, class, names)?;
        Exemption::new(class, exemption.percent).map_err(|_| row.fault("exemptions.percent", "mức giảm từ 1 đến 100 %"))
    });
    if record.rounding.unit == 0 {
        return Err(row.fault("rounding.unit", "đơn vị làm tròn từ 1 đồng trở lên"));
    }
    Ok(Tariff {
        id: record.id.clone(),
        validity: row.validity(Some(&record.valid_from), record.valid_to.as_deref())?,
        send: table(row, "send", &record.send)?,
        back: table(row, "return", &record.back)?,
        exemptions: exemptions.collect::<Result<_, _>>()?,
        vat: match record.vat {
            VatRecord::NotStated => Vat::NotStated,
            VatRecord::Included { rate } => Vat::Included(rate),
            VatRecord::Added { rate } => Vat::Added(rate),
        },
        rounding: Rounding {
            unit: record.rounding.unit,
            mode: match record.rounding.mode {
                RoundingModeRecord::Down => RoundingMode::Down,
                RoundingModeRecord::Nearest => RoundingMode::Nearest,
                RoundingModeRecord::Up => RoundingMode::Up,
            },
        },
        source: record.source_ref.clone(),
    })
}

fn table(row: &Row<'_>, field: &str, record: &PriceTableRecord) -> Result<PriceTable, RowError> {
    let step = |step: &StepRecord| {
        let PricesRecord {
            intra_district,
            inter_district,
            intra_region,
            inter_region,
        } = step.prices;
        Ok(WeightStep {
            up_to_grams: step.grams,
            prices: [
                amount(row, field, intra_district)?,
                amount(row, field, inter_district)?,
                amount(row, field, intra_region)?,
                amount(row, field, inter_region)?,
            ],
        })
    };
    let steps = record.steps.iter().map(step).collect::<Result<_, _>>()?;
    PriceTable::new(steps, step(&record.further)?)
        .map_err(|_| row.fault(field, "các nấc khối lượng phải tăng dần từ trên 0 gam"))
}
