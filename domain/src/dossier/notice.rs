//! What a citizen must be told beyond the stage: delays, losses, mistakes, costs.
//!
//! Every notice names the party, never a person, and says who pays where that is known.
//!
//! Source: Thông tư 17/2017/TT-BTTTT, điều 12; Nghị định 61/2018/NĐ-CP, điều 19; Quyết định 45/2016/QĐ-TTg, điều 14

use time::Date;

use super::words::Language;
use super::{Dossier, DossierState, Outcome, PromiseCause};
use crate::calendar::show_date;
use crate::item::ItemKind;
use crate::party::Party;

impl Dossier {
    /// What is out of the ordinary as of `today`, in the order of the dossier's life.
    pub fn notices(&self, today: Date, language: Language) -> Vec<String> {
        let mut told = Vec::new();
        let mut say = |vietnamese: String, english: String| {
            told.push(match language {
                Language::Vietnamese => vietnamese,
                Language::English => english,
            });
        };
        for (kind, vietnamese, english) in LOST {
            if self.losses.iter().any(|loss| loss.kind == kind) {
                say(vietnamese.to_owned(), english.to_owned());
            }
        }
        if !self.refused_handovers.is_empty() && self.state == DossierState::InPost {
            say(
                "Bưu điện đã đến cơ quan nhưng chưa bàn giao được, sẽ đến lại".to_owned(),
                "The post was at the agency and could not hand over; it will come again".to_owned(),
            );
        }
        self.tell_dates(today, &mut say);
        self.tell_supplement(&mut say);
        self.tell_result(&mut say);
        told
    }

    /// How the due date moved.
    fn tell_dates(&self, today: Date, say: &mut impl FnMut(String, String)) {
        let mut before: Option<Date> = None;
        for promise in &self.times.promises {
            let now = show_date(promise.due_on);
            match (&promise.cause, before.map(show_date)) {
                (PromiseCause::Extension, Some(old)) => say(
                    format!("Cơ quan xin lỗi và hẹn lại: từ ngày {old} sang ngày {now}"),
                    format!("The agency apologises: the date moves from {old} to {now}"),
                ),
                (PromiseCause::CalendarNotice(notice), Some(old)) => say(
                    format!("Ngày hẹn trả chuyển từ {old} sang {now} theo thông báo lịch nghỉ {notice}"),
                    format!("The due date moves from {old} to {now} by the calendar notice {notice}"),
                ),
                (PromiseCause::Supplement, Some(old)) => say(
                    format!("Đã đủ giấy tờ, thời hạn tính lại: ngày hẹn trả mới là {now}, trước đó là {old}"),
                    format!("The papers are complete and the limit starts again: {now} instead of {old}"),
                ),
                (
                    PromiseCause::Extension
                    | PromiseCause::CalendarNotice(_)
                    | PromiseCause::Supplement
                    | PromiseCause::Reception,
                    _,
                ) => {}
            }
            before = Some(promise.due_on);
        }
        if self.is_overdue(today) {
            say(
                "Đã quá ngày hẹn trả mà chưa có kết quả".to_owned(),
                "The due date is over and there is no result yet".to_owned(),
            );
        }
    }

    /// Who pays for sending more papers.
    fn tell_supplement(&self, say: &mut impl FnMut(String, String)) {
        let fault = self.times.supplements.last().and_then(|round| round.fault);
        let (DossierState::Supplement, Some(fault @ (Party::Post | Party::Agency))) = (self.state, fault) else {
            return;
        };
        say(
            format!(
                "Bạn không phải trả cước gửi bổ sung: {} chịu",
                fault.words(Language::Vietnamese)
            ),
            format!(
                "You do not pay for sending more papers: {} does",
                fault.words(Language::English)
            ),
        );
    }

    /// What is special about the result and the papers that come back.
    fn tell_result(&self, say: &mut impl FnMut(String, String)) {
        if self.outcome == Some(Outcome::Refused) {
            say(
                "Cơ quan từ chối giải quyết; văn bản nêu rõ lý do và cách khiếu nại".to_owned(),
                "The agency refused; its letter gives the reason and how to object".to_owned(),
            );
        }
        if self.times.has_open_correction() {
            say(
                "Kết quả có sai sót; cơ quan sửa và chịu chi phí".to_owned(),
                "The result is wrong; the agency corrects it at its own cost".to_owned(),
            );
        }
        let open: Vec<&str> = self
            .surrender
            .iter()
            .filter(|paper| !paper.is_settled())
            .map(|paper| paper.name.as_str())
            .collect();
        if !open.is_empty() && !self.state.is_terminal() {
            let papers = open.join(", ");
            say(
                format!("Khi nhận kết quả, bạn nộp lại: {papers}"),
                format!("Against the result you give up: {papers}"),
            );
        }
        if self.owes_originals() {
            say(
                "Bản chính của bạn đang được gửi trả".to_owned(),
                "Your originals are on their way back".to_owned(),
            );
        }
    }
}

/// What to say about an envelope that was lost.
const LOST: [(ItemKind, &str, &str); 3] = [
    (
        ItemKind::DossierToAgency,
        "Hồ sơ bị mất trên đường. Bưu điện xin lỗi, chịu chi phí cấp lại và bồi thường theo quy định",
        "Your dossier was lost on the road. The post apologises, bears the cost of new papers and compensates by law",
    ),
    (
        ItemKind::SupplementToAgency,
        "Giấy tờ bổ sung bị mất trên đường. Bưu điện xin lỗi, chịu chi phí cấp lại và bồi thường theo quy định",
        "The added papers were lost on the road. The post apologises, bears the cost of new ones and compensates by law",
    ),
    (
        ItemKind::ResultToApplicant,
        "Kết quả bị mất trên đường. Bưu điện xin lỗi, chịu chi phí cấp lại và bồi thường theo quy định",
        "The result was lost on the road. The post apologises, bears the cost of a new one and compensates by law",
    ),
];

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;
    use crate::dossier::DossierFact as F;
    use crate::ids::DossierId;
    use crate::mode::Mode;

    fn received() -> Vec<F> {
        vec![
            F::TakenIn { at_ms: 1, slip: None },
            F::Lodged { at_ms: 2 },
            F::Received {
                at_ms: 3,
                code: "H01.23-260428-0001".to_owned(),
                due_on: Some(date!(2026 - 05 - 05)),
            },
            F::Processing { at_ms: 4 },
        ]
    }

    fn told(more: impl IntoIterator<Item = F>, language: Language) -> Vec<String> {
        let facts = received().into_iter().chain(more);
        Dossier::fold(DossierId(Uuid::nil()), Mode::Both, facts).notices(date!(2026 - 05 - 04), language)
    }

    #[test]
    fn an_ordinary_dossier_has_no_notice() {
        assert_eq!(told([], Language::Vietnamese), Vec::<String>::new());
    }

    #[test]
    fn a_new_date_says_from_when_to_when_and_why() {
        let notice = F::DueMoved {
            at_ms: 5,
            due_on: date!(2026 - 05 - 06),
            notice: "9441/TB-BNV".to_owned(),
        };
        let apology = F::Redated {
            at_ms: 6,
            due_on: date!(2026 - 05 - 08),
            reason: String::new(),
        };
        assert_eq!(
            told([notice, apology], Language::Vietnamese),
            [
                "Ngày hẹn trả chuyển từ 05/05/2026 sang 06/05/2026 theo thông báo lịch nghỉ 9441/TB-BNV",
                "Cơ quan xin lỗi và hẹn lại: từ ngày 06/05/2026 sang ngày 08/05/2026",
            ]
        );
    }

    #[test]
    fn whoever_is_at_fault_pays_and_the_citizen_reads_it() {
        let asked = F::SupplementRequested {
            at_ms: 5,
            reason: "thiếu bản chính".to_owned(),
            fault: Some(Party::Agency),
        };
        assert_eq!(
            told([asked], Language::English),
            ["You do not pay for sending more papers: the agency does"]
        );
    }

    #[test]
    fn a_lost_result_is_told_with_who_bears_the_cost() {
        let facts = [
            F::Resolved {
                at_ms: 5,
                outcome: Outcome::Granted,
            },
            F::ResultInPost { at_ms: 6 },
            F::ItemLost {
                at_ms: 7,
                kind: ItemKind::ResultToApplicant,
            },
        ];
        let told = told(facts, Language::Vietnamese);
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("Bưu điện xin lỗi"), "{told:?}");
    }
}
