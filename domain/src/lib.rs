//! What the law and the post say: the words, codes and state machines of Trao Tay.
//!
//! This crate is pure. It reads no clock, draws no random number, does no I/O and
//! never waits; it builds for wasm32, so the server, the phone and the browser share
//! one set of rules. What it needs from outside (an hour, an id, a calendar, the list
//! of communes) comes in as an argument.
//!
//! Glossary, in the words used from SQL to Swift:
//!
//! | Vietnamese | Word here |
//! |---|---|
//! | hồ sơ | [`dossier::Dossier`] |
//! | mã hồ sơ | dossier code: [`code::dossier_code::DossierCode`] |
//! | bưu gửi, one sealed envelope | postal item: [`item::ItemKind`], [`item::ItemState`] |
//! | mã số bưu gửi | [`item_code::ItemCode`] |
//! | thủ tục hành chính | [`catalogue::Procedure`], [`procedure_code::ProcedureCode`] |
//! | trường hợp | [`catalogue::ProcedureCase`] |
//! | cách thức thực hiện | [`catalogue::Channel`] |
//! | thành phần hồ sơ | [`catalogue::Component`] |
//! | giấy tờ phải thu hồi | [`catalogue::SurrenderItem`] |
//! | giá cước | [`tariff::Tariff`], [`money::Postage`] |
//! | phí, lệ phí | [`money::StateFee`] |
//! | biên lai | [`money::FeeReceipt`] |
//! | bưu tá | courier |
//! | điểm phục vụ bưu chính | service point |
//! | bộ phận một cửa | desk |
//! | cơ quan có thẩm quyền | agency |
//! | who has it in hand | [`holder::Holder`] |
//! | in which capacity a person signs | [`hat::Hat`] |
//! | who acts, who must act, who is at fault | [`party::Party`] |
//! | giấy ủy quyền | [`authorisation::Authorisation`] |
//! | bồi thường; khiếu nại | [`compensation`]; [`complaint`] |
//! | phản ánh, kiến nghị; đánh giá | [`feedback`] |
//! | ngày hẹn trả | due date: [`calendar::due`] |
//! | thời gian từng bên giữ hồ sơ | delay ledger: [`delay::DelayLedger`] |
//! | xã, phường, đặc khu | commune: [`place::Commune`] |
//! | số định danh cá nhân | personal id: [`code::personal_id::PersonalId`] |
//! | mã bưu chính | [`code::postcode::Postcode`] |
//! | trạng thái ở hệ thống khác | [`status::StatusCode`] |
//! | kỳ báo cáo | [`report::ReportPeriod`] |
//!
//! Any scanned or typed string is told apart by [`code::inspect::inspect`].
//! Start with [`item`] for custody and [`dossier`] for the administrative side.
//!
//! Source: Quy ước Trao Tay, từ ngữ và cách chia phòng

pub mod agency_list;
pub mod authorisation;
pub mod calendar;
pub mod catalogue;
pub mod code;
pub mod compensation;
pub mod complaint;
pub mod delay;
pub mod dossier;
pub mod feedback;
pub mod hat;
pub mod holder;
pub mod ids;
pub mod item;
pub mod item_code;
mod local_time;
pub mod mode;
pub mod money;
pub mod party;
pub mod phone;
pub mod place;
pub mod procedure_code;
pub mod report;
pub mod rules;
pub mod status;
pub mod tariff;
pub mod validity;
pub mod wire;

pub use code::inspect::{CodeKind, InspectContext, Inspection, inspect};
