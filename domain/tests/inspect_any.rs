//! Whatever is scanned or typed, looking at it never fails and always gives the same answer.

use std::sync::LazyLock;

use domain::wire::inspect::InspectionRecord;
use domain::{CodeKind, InspectContext, inspect};
use proptest::prelude::*;
use time::macros::date;

const VALID: [&str; 12] = [
    "RR473124829VN",
    "000.23.11.H01-240229-0012",
    "H15.50.05.13-261008-0975",
    "089090012345",
    "091204123456||Danh Sóc Kha|29022004|Nam|Ấp Tân Lợi, An Cư, An Giang|01082025|||",
    "00020101021238540010A00000072701240006970436011012345678900208QRIBFTTA53037045405260005802VN62280824BCCI H012311 261008 097563049926",
    "05127",
    "+84 91 234 5678",
    "0296.3876543",
    "c2sp.org/tlog-proof@v1\nindex 4\n",
    "2.001218.000.00.00.H38",
    "https://post.example/v#AAEC",
];

static CONTEXT: LazyLock<InspectContext> = LazyLock::new(|| InspectContext::new(date!(2026 - 11 - 22)));

/// Looks, and checks what holds for every answer.
fn check(text: &str) -> Result<(), TestCaseError> {
    let found = inspect(text, &CONTEXT);
    prop_assert_eq!(found.valid, found.reason.is_none());
    prop_assert!(!found.valid || !matches!(found.kind, CodeKind::Unknown | CodeKind::Receipt));
    prop_assert_eq!(&inspect(text, &CONTEXT), &found);
    let record = serde_json::to_value(InspectionRecord::from(found)).expect("text and numbers");
    prop_assert_eq!(
        record["warnings"].as_array().map(Vec::len),
        record["warnings_en"].as_array().map(Vec::len)
    );
    for part in record["parts"].as_object().expect("a map").values() {
        prop_assert!(part.is_string() || part.is_u64());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        check(&text)?;
    }

    #[test]
    fn any_text_with_control_characters(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn what_looks_like_a_code(text in "[A-Za-z0-9.|+ ()đ-]{0,40}|[0-9]{0,16}|[A-Z]{2}[0-9 ]{7,12}[A-Z]{2}|000201[0-9A-Z]{0,60}") {
        check(&text)?;
    }

    #[test]
    fn a_code_with_characters_changed_lost_or_added(
        which in 0..VALID.len(), edits in prop::collection::vec((any::<prop::sample::Index>(), 0u8..3, any::<char>()), 1..4)
    ) {
        let mut characters: Vec<char> = VALID.get(which).expect("one of them").chars().collect();
        for (at, edit, character) in edits {
            let at = at.index(characters.len());
            match edit {
                0 => { characters.remove(at); }
                1 => characters.insert(at, character),
                _ => if let Some(place) = characters.get_mut(at) { *place = character },
            }
        }
        check(&characters.into_iter().collect::<String>())?;
    }

    #[test]
    fn a_code_cut_anywhere(which in 0..VALID.len(), length in 0usize..140) {
        check(&VALID.get(which).expect("one of them").chars().take(length).collect::<String>())?;
    }
}
