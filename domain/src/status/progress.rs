//! What a dossier's life looks like in rows for the national portal.
//!
//! A row tells a step of the agency. The list has no status for postal custody, so what the post does makes no row and
//! changes no status; a delivered result only asks the agency to confirm 10. A dossier without a code has no rows.
//!
//! Source: DVCQG danh mục trạng thái, 1 đến 10; Quy ước Trao Tay, dòng tiến độ hồ sơ

use time::Date;

use super::dvcqg::{DvcqgStatus, PostSays, from_post};
use crate::catalogue::Channel;
use crate::dossier::{Dossier, DossierFact, DossierState, Policy, ReturnProof};
use crate::item::{ItemKind, ItemState};
use crate::local_time::local;
use crate::wire::dvcqg::{DossierRow, ReturnToConfirm, StepRow};

/// Rows of one call, as the systems that send them group them.
pub const CHUNK: usize = 10;

/// A dossier with everything the rows say of it.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// What its facts add up to.
    pub dossier: &'a Dossier,
    /// Its facts.
    pub facts: &'a [DossierFact],
    /// The rules of its day.
    pub policy: &'a Policy,
    /// The number its order has in the agency's own software.
    pub order_number: Option<&'a str>,
    /// The procedure's code, name and sector.
    pub procedure: Option<(&'a str, &'a str, &'a str)>,
    /// Who applies.
    pub applicant_name: &'a str,
    /// Their telephone.
    pub applicant_phone: &'a str,
    /// The agency's name.
    pub agency: &'a str,
    /// How it is lodged, where told; else by post when the post carries it, and not told otherwise.
    pub channel: Option<Channel>,
}

impl Told<'_> {
    /// The code the agency gave, or the number of its order when that is one.
    pub fn code(&self) -> Option<&str> {
        let given = self.dossier.code.as_deref();
        given.or(self.order_number.filter(|number| is_code(number)))
    }

    /// The dossier as it stands; none before the agency has it or without a code.
    pub fn dossier_row(&self) -> Option<DossierRow> {
        let (code, status, times) = (self.code()?, self.dossier.dvcqg()?, &self.dossier.times);
        let mode = self.dossier.mode;
        let by_post = mode.carries_dossier().then_some(Channel::Post);
        let channel = self.channel.or(by_post);
        let part = |pick: fn((&str, &str, &str)) -> String| self.procedure.map(pick);
        let refused_at = self.facts.iter().rev().find_map(|fact| match fact {
            DossierFact::NotAccepted { at_ms, .. } => Some(*at_ms),
            _ => None,
        });
        Some(DossierRow {
            ma_ho_so: code.to_owned(),
            ma_tthc: part(|(code, _, _)| code.to_owned()),
            ten_tthc: part(|(_, name, _)| name.to_owned()),
            ten_linh_vuc: part(|(_, _, sector)| sector.to_owned()),
            chu_ho_so: self.applicant_name.to_owned(),
            so_dien_thoai: self.applicant_phone.to_owned(),
            kenh_thuc_hien: channel.map(|channel| channel.number().to_string()),
            hinh_thuc: u8::from(mode.carries_result()).to_string(),
            don_vi_xu_ly: self.agency.to_owned(),
            ngay_nop_ho_so: times.legal_lodging_at_ms().map(stamp),
            ngay_tiep_nhan: times.received_at_ms.map(stamp),
            ngay_hen_tra: times.due_current.map(end_of),
            ngay_tu_choi: refused_at
                .filter(|_| self.dossier.state == DossierState::NotAccepted)
                .map(stamp),
            ngay_ket_thuc_xu_ly: times.resolved_at_ms.map(stamp),
            ngay_tra: times.return_confirmed_at_ms.and(times.returned_at_ms).map(stamp),
            trang_thai_ho_so: status.to_string(),
        })
    }

    /// Every step of the agency so far, by the hour it was done.
    pub fn step_rows(&self) -> Vec<StepRow> {
        let Some(code) = self.code() else { return Vec::new() };
        let mut facts: Vec<&DossierFact> = self.facts.iter().collect();
        facts.sort_by(|one, other| (one.at_ms(), one).cmp(&(other.at_ms(), other)));
        facts.dedup();
        let mut told: Vec<&DossierFact> = Vec::new();
        let mut rows = Vec::new();
        for known in 1..=facts.len() {
            let known = facts.get(..known).unwrap_or_default();
            let (id, mode) = (self.dossier.id, self.dossier.mode);
            let then = Dossier::fold_under(self.policy, id, mode, known.iter().map(|fact| (*fact).clone()));
            // what waited until now is told as well, under the status it led to
            let fresh = known
                .iter()
                .filter(|fact| !then.waiting.contains(fact) && !told.contains(fact));
            let fresh: Vec<&DossierFact> = fresh.copied().collect();
            for fact in fresh {
                told.push(fact);
                let (Some(what), Some(status)) = (step(fact), then.dvcqg()) else {
                    continue;
                };
                rows.push(StepRow {
                    ma_ho_so: code.to_owned(),
                    nguoi_xu_ly: self.agency.to_owned(),
                    chuc_danh: String::new(),
                    thoi_diem_xu_ly: stamp(fact.at_ms()),
                    phong_ban_xu_ly: self.agency.to_owned(),
                    noi_dung_xu_ly: what,
                    trang_thai: status.to_string(),
                    ngay_bat_dau: stamp(fact.at_ms()),
                    ngay_ket_thuc_theo_quy_dinh: then.times.due_current.map(end_of),
                });
            }
        }
        rows
    }

    /// The return the agency is asked to confirm, once the post has delivered the result.
    pub fn return_to_confirm(&self) -> Option<ReturnToConfirm> {
        let (code, status) = (self.code()?, DvcqgStatus::from_number(self.dossier.dvcqg()?)?);
        let at_ms = self.dossier.times.returned_at_ms?;
        let by_post = self.dossier.proof == Some(ReturnProof::Post);
        let says = from_post(ItemKind::ResultToApplicant, ItemState::Delivered, Some(status));
        (by_post && says == PostSays::AsksToConfirmReturn).then(|| ReturnToConfirm {
            ma_ho_so: code.to_owned(),
            thoi_diem_phat: stamp(at_ms),
            trang_thai: status.code().to_owned(),
            de_nghi: DvcqgStatus::Returned.code().to_owned(),
        })
    }
}

/// Whether a number has the shape of a dossier code in any system seen: letters, digits and points, a date of six or eight
/// digits, a number of four to seven. The parts are not judged: the agency gave them.
fn is_code(number: &str) -> bool {
    let digits = |text: &str, length: std::ops::RangeInclusive<usize>| {
        length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<&str> = number.split('-').collect();
    let [agency, date, sequence] = parts.as_slice() else {
        return false;
    };
    let is_agency = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'.';
    !agency.is_empty() && agency.bytes().all(is_agency) && digits(date, 6..=8) && digits(sequence, 4..=7)
}

/// What a fact says as a step of the agency; none for what the post or the applicant did.
fn step(fact: &DossierFact) -> Option<String> {
    use DossierFact as F;
    let because = |what: &str, reason: &str| match reason.trim() {
        "" => what.to_owned(),
        reason => format!("{what}: {reason}"),
    };
    Some(match fact {
        F::Lodged { .. } => "Nhận hồ sơ nộp qua dịch vụ bưu chính công ích".to_owned(),
        F::Received { .. } => "Tiếp nhận hồ sơ".to_owned(),
        F::NotAccepted { reason, .. } => because("Từ chối tiếp nhận hồ sơ", reason),
        F::StepGiven { .. } => "Chuyển cơ quan phối hợp giải quyết".to_owned(),
        F::Processing { .. } => "Đang giải quyết".to_owned(),
        F::StepTaken { .. } => "Cơ quan phối hợp đã nhận".to_owned(),
        F::StepDone { .. } => "Cơ quan phối hợp đã giải quyết xong".to_owned(),
        F::SupplementRequested { reason, .. } => because("Yêu cầu bổ sung giấy tờ", reason),
        F::Supplemented { .. } => "Đã nhận đủ giấy tờ bổ sung".to_owned(),
        F::PaymentRequested { .. } => "Yêu cầu thực hiện nghĩa vụ tài chính".to_owned(),
        F::Paid { .. } => "Đã thực hiện nghĩa vụ tài chính".to_owned(),
        F::Redated { reason, .. } => because("Xin lỗi và hẹn lại ngày trả kết quả", reason),
        F::DueMoved { notice, .. } => because("Ngày hẹn trả thay đổi theo thông báo", notice),
        F::WithdrawalRequested { .. } => "Công dân yêu cầu rút hồ sơ".to_owned(),
        F::Stopped { reason, .. } => because("Dừng giải quyết", reason),
        F::Resolved { .. } => "Đã giải quyết xong".to_owned(),
        F::ResultFoundWrong { reason, .. } => because("Kết quả có sai sót, chờ sửa", reason),
        F::ResultCorrected { .. } => "Đã sửa kết quả".to_owned(),
        F::ReturnConfirmed { .. } => "Đã trả kết quả".to_owned(),
        F::Ordered { .. }
        | F::Assisted { .. }
        | F::Represented { .. }
        | F::IntakeOpened { .. }
        | F::IntakeIncomplete { .. }
        | F::TakenIn { .. }
        | F::AtHandover { .. }
        | F::HandoverRefused { .. }
        | F::AppointmentTold { .. }
        | F::CarriageCharged { .. }
        | F::ResultReady { .. }
        | F::SurrenderListed { .. }
        | F::ResultInPost { .. }
        | F::ItemLost { .. }
        | F::DossierBack { .. }
        | F::ResultBack { .. }
        | F::Surrendered { .. }
        | F::SurrenderExcepted { .. }
        | F::Returned { .. }
        | F::PapersReturned { .. }
        | F::SurrenderDelivered { .. }
        | F::Cancelled { .. } => return None,
    })
}

/// An instant (milliseconds UTC) as the portal writes it, in Vietnam: `yyyyMMddHHmmss`.
fn stamp(at_ms: i64) -> String {
    let (date, time) = local(at_ms);
    format!(
        "{}{:02}{:02}{:02}",
        day(date),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// The last second of a promised day.
fn end_of(date: Date) -> String {
    format!("{}235959", day(date))
}

fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::dossier::Outcome;
    use crate::ids::DossierId;
    use crate::mode::Mode;

    /// 23/11/2026 09:30 in Vietnam.
    const AT: i64 = 1_795_401_000_000;
    const HOUR: i64 = 3_600_000;

    fn life() -> Vec<DossierFact> {
        let at = |hours: i64| AT + hours * HOUR;
        vec![
            DossierFact::Ordered { at_ms: at(0) },
            DossierFact::TakenIn {
                at_ms: at(1),
                slip: None,
            },
            DossierFact::AtHandover { at_ms: at(2) },
            DossierFact::Lodged { at_ms: at(3) },
            DossierFact::Received {
                at_ms: at(4),
                code: "H01.30520-261123-0001".to_owned(),
                due_on: Some(date!(2026 - 11 - 26)),
            },
            DossierFact::Processing { at_ms: at(5) },
            DossierFact::Resolved {
                at_ms: at(6),
                outcome: Outcome::Granted,
            },
            DossierFact::ResultInPost { at_ms: at(7) },
            DossierFact::Returned {
                at_ms: at(8),
                proof: ReturnProof::Post,
            },
            DossierFact::ReturnConfirmed { at_ms: at(9) },
        ]
    }

    fn told<T>(facts: &[DossierFact], order_number: Option<&str>, ask: impl FnOnce(Told<'_>) -> T) -> T {
        let (policy, id) = (Policy::default(), DossierId(uuid::Uuid::nil()));
        let dossier = Dossier::fold(id, Mode::Both, facts.iter().cloned());
        ask(Told {
            dossier: &dossier,
            facts,
            policy: &policy,
            order_number,
            procedure: Some(("1.000001", "Cấp bản sao", "Hộ tịch")),
            applicant_name: "Nguyễn Thị Mẫu",
            applicant_phone: "+84912345678",
            agency: "UBND phường Tịnh Biên",
            channel: None,
        })
    }

    #[test]
    fn a_whole_life_is_told_by_the_agencys_steps_alone() {
        let rows = told(&life(), None, |told| told.step_rows());
        let seen: Vec<(&str, &str)> = rows
            .iter()
            .map(|row| (row.trang_thai.as_str(), row.thoi_diem_xu_ly.as_str()))
            .collect();
        let expected = [
            ("1", "20261123123000"),
            ("2", "20261123133000"),
            ("4", "20261123143000"),
            ("9", "20261123153000"),
            ("10", "20261123183000"),
        ];
        assert_eq!(seen, expected);
        assert_eq!(rows[1].ngay_ket_thuc_theo_quy_dinh.as_deref(), Some("20261126235959"));
        let row = told(&life(), None, |told| told.dossier_row()).expect("a row");
        assert_eq!((row.trang_thai_ho_so.as_str(), row.hinh_thuc.as_str()), ("10", "1"));
        assert_eq!(
            (row.kenh_thuc_hien.as_deref(), row.ngay_tra.as_deref()),
            (Some("3"), Some("20261123173000"))
        );
    }

    #[test]
    fn what_the_post_does_makes_no_row_and_no_status() {
        let life = life();
        for known in 0..=life.len() {
            let facts = &life[..known];
            let rows = told(facts, Some("H01.30520-261123-0001"), |told| told.step_rows());
            let steps = facts.iter().filter(|fact| step(fact).is_some()).count();
            assert_eq!(rows.len(), steps, "after {known} facts");
            let confirmed = facts
                .iter()
                .any(|fact| matches!(fact, DossierFact::ReturnConfirmed { .. }));
            let status = told(facts, Some("H01.30520-261123-0001"), |told| told.dossier_row());
            assert_eq!(status.is_some_and(|row| row.trang_thai_ho_so == "10"), confirmed);
        }
    }

    #[test]
    fn a_delivered_result_asks_for_confirmation_until_the_agency_gives_it() {
        let life = life();
        let asks = |known: usize| told(&life[..known], None, |told| told.return_to_confirm());
        assert_eq!(asks(8), None, "in the post");
        let asked = asks(9).expect("delivered");
        assert_eq!((asked.trang_thai.as_str(), asked.de_nghi.as_str()), ("9", "10"));
        assert_eq!(asks(10), None, "confirmed");
    }

    #[test]
    fn a_number_is_a_code_when_it_has_the_shape_of_one() {
        for code in [
            "H01.30520-261123-0001",
            "G09.20-20260609-0092637",
            "000.00.15.H01-260703-0012",
        ] {
            assert!(is_code(code), "{code}");
        }
        for other in [
            "DN-261123-000101__0.84",
            "26112300000101",
            "h01-261123-0001",
            "-261123-0001",
            "H01-26-0001",
        ] {
            assert!(!is_code(other), "{other}");
        }
    }

    #[test]
    fn facts_in_any_order_give_the_same_rows_and_a_dossier_without_a_code_gives_none() {
        let mut shuffled = life();
        shuffled.reverse();
        let rows = |facts: &[DossierFact]| told(facts, None, |told| told.step_rows());
        assert_eq!(rows(&shuffled), rows(&life()));
        let lodged = &life()[..4];
        assert_eq!(told(lodged, Some("DN-0001__0.84"), |told| told.dossier_row()), None);
        assert!(told(lodged, Some("H01.30520-261123-0001"), |told| told.dossier_row()).is_some());
    }
}
