//! What a citizen reads: where the dossier is, who has it, what comes next.
//!
//! Plain words, no codes. Staff are never named: a citizen learns the party, not the
//! person. What is out of the ordinary is in [`Dossier::notices`].
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 8; Thông tư 17/2017/TT-BTTTT, điều 12

mod facts;

use super::{Dossier, DossierState};
use crate::holder::{Holder, HolderClass};
use crate::item::ItemKind;
use crate::mode::Mode;
use facts::FACTS;

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Vietnamese.
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// The code in the HTML `lang` attribute.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    const fn pick(self, vietnamese: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Vietnamese => vietnamese,
            Self::English => english,
        }
    }
}

/// Where the dossier stands.
pub const fn stage(state: DossierState, language: Language) -> &'static str {
    use DossierState as S;
    let (vietnamese, english) = match state {
        S::Draft => ("Đang chuẩn bị hồ sơ", "Being prepared"),
        S::IntakeCheck => (
            "Bưu điện đang kiểm đếm giấy tờ",
            "The post office is checking your papers",
        ),
        S::InPost => (
            "Bưu điện đã nhận, đang chuyển đến cơ quan",
            "With the post, on its way to the agency",
        ),
        S::AtHandover => ("Đang bàn giao cho cơ quan", "Being handed to the agency"),
        S::Lodged => (
            "Đã nộp tại cơ quan, chờ tiếp nhận",
            "Lodged with the agency, to be examined",
        ),
        S::Received => ("Cơ quan đã tiếp nhận", "Accepted by the agency"),
        S::NotAccepted => ("Cơ quan không tiếp nhận", "Not accepted by the agency"),
        S::Processing => ("Cơ quan đang giải quyết", "Being processed"),
        S::Supplement => ("Cần bổ sung giấy tờ", "More papers are needed"),
        S::Payment => ("Cần nộp phí, lệ phí", "A payment is needed"),
        S::WithdrawRequested => ("Đã yêu cầu rút hồ sơ", "Withdrawal requested"),
        S::Stopped => ("Đã dừng giải quyết", "Stopped"),
        S::Resolved => ("Đã có kết quả", "The result is ready"),
        S::ResultInPost => ("Bưu điện đang chuyển kết quả", "The result is with the post"),
        S::Returned => ("Đã trả kết quả", "You have the result"),
        S::ResultBack => ("Kết quả đã chuyển lại cơ quan", "The result went back to the agency"),
    };
    language.pick(vietnamese, english)
}

/// What a fact is called, by its stable name ([`super::DossierFact::kind`]); none for a name of tomorrow.
pub fn fact(kind: &str, language: Language) -> Option<&'static str> {
    facts(language)
        .find(|(known, _)| *known == kind)
        .map(|(_, words)| words)
}

/// Every fact by its stable name, and what it is called.
pub fn facts(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
    FACTS
        .iter()
        .map(move |(kind, vietnamese, english)| (*kind, language.pick(vietnamese, english)))
}

/// Who has the papers now. `place` is the name of the office or agency, where there is one.
pub fn holder(holder: Option<&Holder>, place: Option<&str>, language: Language) -> String {
    let Some(holder) = holder else {
        return language
            .pick("Chưa giao cho ai", "Not handed to anybody yet")
            .to_owned();
    };
    let class = holder.class();
    let plain = match class {
        HolderClass::Citizen => language.pick("Bạn", "You"),
        HolderClass::Staff => language.pick("Bưu tá", "A courier"),
        HolderClass::ServicePoint => language.pick("Bưu cục", "A post office"),
        HolderClass::Agency => language.pick("Cơ quan giải quyết", "The agency"),
        HolderClass::Bag => language.pick("Túi thư đang vận chuyển", "A sealed bag on the road"),
    };
    match (class, place) {
        (HolderClass::ServicePoint | HolderClass::Agency, Some(place)) => place.to_owned(),
        (HolderClass::Staff, Some(place)) => match language {
            Language::Vietnamese => format!("Bưu tá của {place}"),
            Language::English => format!("A courier of {place}"),
        },
        (HolderClass::Citizen | HolderClass::Bag, _) | (_, None) => plain.to_owned(),
    }
}

impl Dossier {
    /// What comes next, for the citizen.
    pub fn next_step(&self, language: Language) -> &'static str {
        use DossierState as S;
        let by_post = self.mode.carries_result() && self.times.cancelled_at_ms.is_none();
        let (vietnamese, english) = match self.state {
            S::Draft if self.losses.iter().any(|loss| loss.kind == ItemKind::DossierToAgency) => (
                "Bưu điện giúp bạn làm lại giấy tờ bị mất và chịu chi phí",
                "The post helps to have the lost papers issued again, at its own cost",
            ),
            S::Draft if matches!(self.mode, Mode::Return) => (
                "Bưu điện sẽ nhận kết quả từ cơ quan khi có",
                "The post will fetch the result once it is ready",
            ),
            S::Draft => (
                "Bưu tá sẽ đến nhận, hoặc mời bạn mang hồ sơ đến bưu cục",
                "A courier will come, or bring the papers to a post office",
            ),
            S::IntakeCheck => (
                "Ký phiếu gửi khi giấy tờ đã đủ và được niêm phong",
                "Sign the slip once the papers are complete and sealed",
            ),
            S::InPost => (
                "Cơ quan sẽ ký biên bản giao nhận; thời hạn tính từ lúc đó",
                "The agency will sign for it; its time limit starts then",
            ),
            S::AtHandover => ("Cơ quan kiểm đếm và ký biên bản", "The agency counts and signs"),
            S::Lodged => (
                "Cơ quan cấp mã hồ sơ và ngày hẹn trả",
                "The agency will give a code and a due date",
            ),
            S::Received | S::Processing => ("Chờ kết quả theo ngày hẹn trả", "Wait for the result by the due date"),
            S::Supplement => (
                "Bạn cần gửi thêm giấy tờ theo phiếu yêu cầu",
                "Send the papers the agency asked for",
            ),
            S::Payment => (
                "Bạn cần nộp khoản cơ quan đã thông báo",
                "Pay what the agency asked for",
            ),
            S::WithdrawRequested => (
                "Cơ quan xác nhận việc rút hồ sơ",
                "The agency will confirm the withdrawal",
            ),
            S::Resolved | S::ResultBack if self.times.has_open_correction() => (
                "Cơ quan sửa kết quả và chịu mọi chi phí",
                "The agency corrects the result at its own cost",
            ),
            S::Resolved if self.losses.iter().any(|loss| loss.kind == ItemKind::ResultToApplicant) => (
                "Cơ quan cấp lại kết quả; bưu điện chịu chi phí",
                "The agency issues the result again, at the cost of the post",
            ),
            S::Resolved if by_post => ("Bưu điện sẽ đến cơ quan nhận kết quả", "The post will fetch the result"),
            S::Resolved => ("Mời bạn nhận kết quả tại cơ quan", "Collect the result at the agency"),
            S::ResultInPost => (
                "Bưu tá sẽ giao; chuẩn bị giấy tờ tùy thân và giấy tờ phải nộp lại",
                "A courier will deliver; have your identity paper and any paper to surrender ready",
            ),
            S::ResultBack => (
                "Nhận tại cơ quan, hoặc yêu cầu bưu điện giao lại",
                "Collect it at the agency, or ask the post to deliver again",
            ),
            S::NotAccepted | S::Stopped if self.times.papers_returned_at_ms.is_some() => (
                "Bạn đã nhận lại giấy tờ; muốn tiếp tục, nộp hồ sơ mới",
                "You have your papers back; to go on, lodge a new dossier",
            ),
            S::NotAccepted | S::Stopped => (
                "Giấy tờ được gửi trả lại; muốn tiếp tục, nộp hồ sơ mới",
                "The papers come back; to go on, lodge a new dossier",
            ),
            S::Returned if self.times.has_open_correction() => (
                "Kết quả có sai sót: cơ quan làm lại theo hồ sơ mới và chịu chi phí",
                "The result is wrong: the agency makes it anew under a new dossier, at its own cost",
            ),
            S::Returned => ("Không còn việc gì phải làm", "Nothing more to do"),
        };
        language.pick(vietnamese, english)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::{AgencyId, DossierId, StaffId};

    #[test]
    fn a_courier_is_named_by_the_office_only() {
        let courier = Holder::Staff(StaffId(Uuid::nil()));
        let words = holder(Some(&courier), Some("Bưu cục Nhà Bàng"), Language::Vietnamese);
        assert_eq!(words, "Bưu tá của Bưu cục Nhà Bàng");
        let words = holder(Some(&courier), None, Language::English);
        assert_eq!(words, "A courier");
    }

    #[test]
    fn an_agency_is_named_when_its_name_is_known() {
        let agency = Holder::Agency(AgencyId(Uuid::nil()));
        assert_eq!(
            holder(Some(&agency), Some("UBND xã An Cư"), Language::English),
            "UBND xã An Cư"
        );
        assert_eq!(holder(None, None, Language::Vietnamese), "Chưa giao cho ai");
    }

    #[test]
    fn every_state_has_words_in_both_languages() {
        for state in DossierState::ALL {
            let mut dossier = Dossier::new(DossierId(Uuid::nil()), Mode::Both);
            dossier.state = state;
            for language in [Language::Vietnamese, Language::English] {
                assert!(!stage(state, language).is_empty());
                assert!(!dossier.next_step(language).is_empty());
            }
        }
    }
}
