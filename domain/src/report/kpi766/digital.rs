//! 4.1 to 4.5: result files, digitised papers and their use.
//!
//! Source: Quyết định 766/QĐ-TTg, chỉ số 4.1; Quyết định 766/QĐ-TTg, chỉ số 4.2; Quyết định 766/QĐ-TTg, chỉ số 4.3; Quyết định 766/QĐ-TTg, chỉ số 4.4; Quyết định 766/QĐ-TTg, chỉ số 4.5

use super::measures::{CITIZEN_STORE, DIGITISED, POPULATION_DATA, RESULT_FILE, REUSED};
use super::{Window, decided_in, received_in};
use crate::report::tally::{Marking, Tally};
use crate::report::{DossierRecord, Figure};

/// 4.1 and 4.2 look at dossiers decided in the period, 4.3 to 4.5 at those received in it.
/// 4.3 is counted by dossier: papers used again, of those whose papers are digitised.
pub(super) fn figures(dossiers: &[DossierRecord], window: Window, marking: &Marking) -> [Figure; 5] {
    let mut result_file = Tally::new(RESULT_FILE);
    let mut digitised = Tally::new(DIGITISED);
    for dossier in decided_in(dossiers, window) {
        let known = &dossier.attributes;
        if !known.result_not_required {
            result_file.count(dossier.subject(), known.result_file);
        }
        digitised.count(dossier.subject(), known.digitised && known.result_file);
    }
    let mut reused = Tally::new(REUSED);
    let mut store = Tally::new(CITIZEN_STORE);
    let mut population = Tally::new(POPULATION_DATA);
    for dossier in received_in(dossiers, window) {
        let known = &dossier.attributes;
        if known.digitised {
            reused.count(dossier.subject(), known.reused);
        }
        store.count(dossier.subject(), known.from_citizen_store);
        population.count(dossier.subject(), known.population_data);
    }
    [result_file, digitised, reused, store, population].map(|tally| tally.share(marking))
}
