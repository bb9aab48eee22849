//! 3.1 procedures offered online, 3.3 dossiers by channel, 3.5 and 3.6 online payment.
//!
//! Source: Quyết định 766/QĐ-TTg, chỉ số 3.1; Quyết định 766/QĐ-TTg, chỉ số 3.3; Quyết định 766/QĐ-TTg, chỉ số 3.5; Quyết định 766/QĐ-TTg, chỉ số 3.6

use std::collections::BTreeMap;

use super::measures::{
    BY_CHANNEL, BY_CHANNEL_ONLINE, IN_PERSON, OFFERED, ONLINE, PAID_ONLINE, PAYING_PROCEDURES, POST,
};
use super::{Window, received_in};
use crate::procedure_code::ProcedureCode;
use crate::report::tally::{Marking, Tally};
use crate::report::{Channel, DossierRecord, Figure, PaymentChannel, Subject};
use crate::status::online::OnlineService;

pub(super) fn figures(
    dossiers: &[DossierRecord],
    offers: &BTreeMap<&ProcedureCode, OnlineService>,
    window: Window,
    marking: &Marking,
) -> Vec<Figure> {
    let mut figures = vec![offered(offers, marking)];
    figures.extend(by_channel(dossiers, window, marking));
    figures.extend(payment(dossiers, window, marking));
    figures
}

/// 3.1: partial or full, of all procedures offered on the last day of the period.
fn offered(offers: &BTreeMap<&ProcedureCode, OnlineService>, marking: &Marking) -> Figure {
    let mut tally = Tally::new(OFFERED);
    for (code, service) in offers {
        let is_online = match service {
            OnlineService::Partial | OnlineService::Full => true,
            OnlineService::Information => false,
        };
        tally.count(Subject::Procedure((*code).clone()), is_online);
    }
    tally.share(marking)
}

/// 3.3: of the dossiers received in the period. Online takes the file of the result as
/// well, where one is required; a dossier whose channel is not known was lodged in person.
fn by_channel(dossiers: &[DossierRecord], window: Window, marking: &Marking) -> [Figure; 3] {
    let mut online = Tally::of_part(BY_CHANNEL_ONLINE, ONLINE);
    let mut in_person = Tally::of_part(BY_CHANNEL, IN_PERSON);
    let mut post = Tally::of_part(BY_CHANNEL, POST);
    for dossier in received_in(dossiers, window) {
        let known = &dossier.attributes;
        let channel = known.channel.unwrap_or(Channel::InPerson);
        let is_complete = !known.electronic_result_required || known.result_file;
        online.count(dossier.subject(), channel == Channel::Online && is_complete);
        in_person.count(dossier.subject(), channel == Channel::InPerson);
        post.count(dossier.subject(), channel == Channel::Post);
    }
    [online, in_person, post].map(|tally| tally.share(marking))
}

/// 3.5 by procedure, 3.6 by dossier, of the dossiers received in the period for which a
/// payment falls due.
fn payment(dossiers: &[DossierRecord], window: Window, marking: &Marking) -> [Figure; 2] {
    let mut procedures = Tally::new(PAYING_PROCEDURES);
    let mut paid = Tally::new(PAID_ONLINE);
    for dossier in received_in(dossiers, window).filter(|dossier| dossier.attributes.payment_due) {
        let is_online = dossier.attributes.paid_by.is_some_and(PaymentChannel::is_online);
        paid.count(dossier.subject(), is_online);
        if let Some(code) = &dossier.attributes.procedure {
            procedures.count(Subject::Procedure(code.clone()), is_online);
        }
    }
    [procedures, paid].map(|tally| tally.share(marking))
}
