//! How much of all dossiers goes through the post.
//!
//! Lodging and returning are two figures. The third counts each dossier once, also when it
//! used the post both ways.
//!
//! Source: Quyết định 766/QĐ-TTg, chỉ số 3.3; Quy ước Trao Tay, tỷ lệ sử dụng bưu chính

use super::measures::{RETURN_SHARE, SUBMIT_SHARE, USED_SHARE};
use crate::dossier::ReturnProof;
use crate::report::record::records;
use crate::report::tally::{Marking, Tally};
use crate::report::{Channel, DossierHistory, Figure, ReportError, ReportPeriod};

pub(super) fn figures(
    dossiers: &[DossierHistory],
    period: &ReportPeriod,
    as_of_ms: i64,
    marking: &Marking,
) -> Result<[Figure; 3], ReportError> {
    let mut submit = Tally::new(SUBMIT_SHARE);
    let mut back = Tally::new(RETURN_SHARE);
    let mut used = Tally::new(USED_SHARE);
    for dossier in records(dossiers, as_of_ms, period.until_ms())? {
        let holds = |at_ms: Option<i64>| at_ms.is_some_and(|at_ms| period.contains(at_ms));
        let is_lodged_by_post = dossier.attributes.channel == Some(Channel::Post);
        let is_returned_by_post = dossier.returned_by == Some(ReturnProof::Post);
        let (is_received, is_returned) = (holds(dossier.received_at_ms), holds(dossier.returned_at_ms));
        if is_received {
            submit.count(dossier.subject(), is_lodged_by_post);
        }
        if is_returned {
            back.count(dossier.subject(), is_returned_by_post);
        }
        if is_received || is_returned {
            let is_used = (is_received && is_lodged_by_post) || (is_returned && is_returned_by_post);
            used.count(dossier.subject(), is_used);
        }
    }
    Ok([submit, back, used].map(|tally| tally.share(marking)))
}
