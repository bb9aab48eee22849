//! From records to rule sets, with every fault told by row and field.
//!
//! Source: Quy ước Trao Tay, bộ quy tắc theo ngày

use super::{
    CountingModeRecord, DossierCodeGrammarRecord, HoldRecord, RuleSetRecord, SlaDaysRecord, SlaTableRecord,
    SourcedRecord, SupplementClockRecord,
};
use crate::dossier::SupplementClock;
use crate::rules::{
    CountingMode, DossierCodeGrammar, Evidence, HoldRule, RuleSet, RuleSetError, RuleSetId, RuleSets, SlaDays,
    SlaTable, Sourced, TimeOfDay,
};
use crate::wire::row::{Row, RowError, gather};

/// The file rule sets are in.
const FILE: &str = "rules.json";

/// The rule sets of the records of `rules.json`.
///
/// # Errors
/// Every fault, row by row.
pub fn read_rules(records: &[RuleSetRecord]) -> Result<RuleSets, Vec<RowError>> {
    let sets = records.iter().enumerate().map(|(at, record)| {
        let row = Row {
            file: FILE,
            row: at + 1,
            about: &record.id,
        };
        rule_set(&row, record)
    });
    RuleSets::new(gather(sets)?).map_err(|error| {
        let (id, reason) = match &error {
            RuleSetError::Id => (String::new(), "tên bộ quy tắc không hợp lệ".to_owned()),
            RuleSetError::Twice(id) => (id.to_string(), "tên xuất hiện hai lần".to_owned()),
            RuleSetError::Overlap(one, other) => {
                (other.to_string(), format!("cùng có hiệu lực trong một ngày với {one}"))
            }
        };
        let at = records.iter().rposition(|record| record.id == id);
        let row = Row {
            file: FILE,
            row: at.unwrap_or_default() + 1,
            about: &id,
        };
        vec![row.fault("valid_from", reason)]
    })
}

/// Puts what a record says in the place of a default.
fn put<T: Clone, U>(
    row: &Row<'_>,
    field: &str,
    said: Option<&SourcedRecord<T>>,
    place: &mut Sourced<U>,
    read: impl FnOnce(T) -> Result<U, RowError>,
) -> Result<(), RowError> {
    if let Some(SourcedRecord { value, source_ref }) = said {
        *place = Sourced::new(read(value.clone())?, source_ref)
            .map_err(|_| row.fault(field, "phải nêu căn cứ ở source_ref"))?;
    }
    Ok(())
}

fn rule_set(row: &Row<'_>, record: &RuleSetRecord) -> Result<RuleSet, RowError> {
    let id = RuleSetId::new(&record.id)
        .map_err(|_| row.fault("id", "chỉ dùng chữ không dấu, số và gạch nối, tối đa 40 ký tự"))?;
    let validity = row.validity(Some(&record.valid_from), record.valid_to.as_deref())?;
    let mut set = RuleSet::with_defaults(id, validity);
    let (law, said) = (&mut set.law, &record.law);
    macro_rules! same {
        ($place:ident, $said:ident: $($field:ident)*) => {
            $(put(row, stringify!($field), $said.$field.as_ref(), &mut $place.$field, Ok)?;)*
        };
    }
    same!(law, said: form_set supplement_limit_working_days supplement_max extension_max apology_lead_days
        agency_due_date_prevails retention_paper_years retention_electronic_years complaint_window_months
        complaint_answer_days_within_province complaint_answer_days_between_provinces compensation_payment_days
        compensation_postage_multiple authorisation_default_years incomplete_with_waiver);
    let hour = |field: &str, text: &str| {
        TimeOfDay::parse(text).ok_or_else(|| row.fault(field, format!("«{text}» không phải giờ; viết dạng 15:00")))
    };
    put(
        row,
        "cutoff_15h",
        said.cutoff_15h.as_ref(),
        &mut law.cutoff_15h,
        |text| text.map(|text| hour("cutoff_15h", &text)).transpose(),
    )?;
    let grammar = said.dossier_code_grammar.as_ref();
    put(
        row,
        "dossier_code_grammar",
        grammar,
        &mut law.dossier_code_grammar,
        |value| {
            Ok(match value {
                DossierCodeGrammarRecord::LowestFirst => DossierCodeGrammar::LowestFirst,
                DossierCodeGrammarRecord::HighestFirst => DossierCodeGrammar::HighestFirst,
            })
        },
    )?;
    put(
        row,
        "counting_mode",
        said.counting_mode.as_ref(),
        &mut law.counting_mode,
        |value| {
            Ok(match value {
                CountingModeRecord::Days => CountingMode::Days,
                CountingModeRecord::Hours => CountingMode::Hours,
            })
        },
    )?;
    put(
        row,
        "supplement_clock",
        said.supplement_clock.as_ref(),
        &mut law.supplement_clock,
        |value| {
            Ok(match value {
                SupplementClockRecord::Restart => SupplementClock::Restart,
                SupplementClockRecord::Subtract => SupplementClock::Subtract,
            })
        },
    )?;
    put(row, "sla_table", said.sla_table.as_ref(), &mut law.sla_table, |value| {
        Ok(sla_table(value))
    })?;

    let (delivery, said) = (&mut set.delivery, &record.delivery);
    same!(delivery, said: attempts invitations invitation_gap_working_days redirect_allowed
        fee_unpaid_is_failed_attempt);
    put(row, "hold", said.hold.as_ref(), &mut delivery.hold, |value| {
        Ok(match value {
            HoldRecord::AfterLastInvitation(working_days) => HoldRule::AfterLastInvitation { working_days },
            HoldRecord::FromFirstInvitation(days) => HoldRule::FromFirstInvitation { days },
        })
    })?;
    put(
        row,
        "evidence",
        said.evidence.as_ref(),
        &mut delivery.evidence,
        |value| {
            let names = Evidence::ALL.map(Evidence::as_str);
            let one = |text: &String| row.one_of("evidence", text, Evidence::parse(text), names);
            value.iter().map(one).collect()
        },
    )?;

    let (money, said) = (&mut set.money, &record.money);
    same!(money, said: transfer_working_days other_obligations_on_instruction);
    put(
        row,
        "remittance_cutoff",
        said.remittance_cutoff.as_ref(),
        &mut money.remittance_cutoff,
        |text| hour("remittance_cutoff", &text),
    )?;
    Ok(set)
}

fn sla_table(record: SlaTableRecord) -> SlaTable {
    let days = |SlaDaysRecord { carriage, notice }: SlaDaysRecord| SlaDays { carriage, notice };
    SlaTable {
        id: record.id,
        within_zone: days(record.within_zone),
        between_zones: days(record.between_zones),
        between_big_cities: days(record.between_big_cities),
        between_provinces: days(record.between_provinces),
        counts_saturdays: record.counts_saturdays,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<RuleSets, Vec<RowError>> {
        let records: Vec<RuleSetRecord> = serde_json::from_str(json).expect("the shape of the record");
        read_rules(&records)
    }

    #[test]
    fn what_is_said_takes_the_place_of_the_default_and_keeps_its_source() {
        let sets = read(
            r#"[{"id": "T", "valid_from": "2025-07-01", "law": {
                "cutoff_15h": {"value": "15:00", "source_ref": "Quyết định của tỉnh"},
                "supplement_clock": {"value": "subtract", "source_ref": "Quyết định của tỉnh"}}}]"#,
        )
        .expect("in order");
        let law = &sets.all()[0].law;
        assert_eq!(*law.cutoff_15h.value(), Some(TimeOfDay::THREE_IN_THE_AFTERNOON));
        assert_eq!(*law.supplement_clock.value(), SupplementClock::Subtract);
        assert_eq!(law.supplement_clock.source(), "Quyết định của tỉnh");
        assert_eq!(*law.extension_max.value(), 1);
    }

    #[test]
    fn refuses_a_value_without_a_source_and_an_hour_that_is_none() {
        let faults = |law: &str| {
            read(&format!(r#"[{{"id": "T", "valid_from": "2025-07-01", "law": {law}}}]"#))
                .expect_err("refused")
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            faults(r#"{"extension_max": {"value": 2, "source_ref": " "}}"#),
            ["rules.json, dòng 1 (T), trường extension_max: phải nêu căn cứ ở source_ref"]
        );
        assert_eq!(
            faults(r#"{"cutoff_15h": {"value": "3pm", "source_ref": "x"}}"#),
            ["rules.json, dòng 1 (T), trường cutoff_15h: «3pm» không phải giờ; viết dạng 15:00"]
        );
    }

    #[test]
    fn a_misspelt_parameter_is_noticed() {
        let json = r#"[{"id": "T", "valid_from": "2025-07-01", "law": {"extention_max": null}}]"#;
        assert!(serde_json::from_str::<Vec<RuleSetRecord>>(json).is_err());
    }
}
