//! Rows as the systems that report to the national portal exchange them: `DongBoHoSoMC` and `CapNhatTienDoHoSoMC`.
//!
//! Every value is text, times are `yyyyMMddHHmmss` in Vietnam. What is not known here is left out, so that nobody's own
//! data are overwritten by an empty value.
//!
//! Source: DVCQG danh mục trạng thái, 1 đến 10; Quy ước Trao Tay, dòng tiến độ hồ sơ

use serde::{Deserialize, Serialize};

/// One dossier, of `DongBoHoSoMC`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DossierRow {
    /// The code the agency gave.
    pub ma_ho_so: String,
    /// The procedure's code.
    #[serde(rename = "MaTTHC", default, skip_serializing_if = "Option::is_none")]
    pub ma_tthc: Option<String>,
    /// The procedure's name.
    #[serde(rename = "TenTTHC", default, skip_serializing_if = "Option::is_none")]
    pub ten_tthc: Option<String>,
    /// The sector's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ten_linh_vuc: Option<String>,
    /// Who applies.
    pub chu_ho_so: String,
    /// Their telephone.
    pub so_dien_thoai: String,
    /// 1 in person, 2 online, 3 by the public post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kenh_thuc_hien: Option<String>,
    /// How the result is returned: 0 in person, 1 by post.
    pub hinh_thuc: String,
    /// The agency that decides.
    pub don_vi_xu_ly: String,
    /// When it was lodged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ngay_nop_ho_so: Option<String>,
    /// When it was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ngay_tiep_nhan: Option<String>,
    /// The promised date, to its last second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ngay_hen_tra: Option<String>,
    /// When it was not accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ngay_tu_choi: Option<String>,
    /// When the agency decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ngay_ket_thuc_xu_ly: Option<String>,
    /// When the result was returned, once the agency has confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ngay_tra: Option<String>,
    /// The status, 1 to 10.
    pub trang_thai_ho_so: String,
}

/// One step, of `CapNhatTienDoHoSoMC`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StepRow {
    /// The code the agency gave.
    pub ma_ho_so: String,
    /// Who did it: the agency. Which official it was is not told by us.
    pub nguoi_xu_ly: String,
    /// Empty: the official's office is the agency's to say.
    pub chuc_danh: String,
    /// When.
    pub thoi_diem_xu_ly: String,
    /// The unit: the agency.
    pub phong_ban_xu_ly: String,
    /// What was done, in Vietnamese.
    pub noi_dung_xu_ly: String,
    /// The status after it, 1 to 10.
    pub trang_thai: String,
    /// When the step began.
    pub ngay_bat_dau: String,
    /// The promised date as it stood then, to its last second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ngay_ket_thuc_theo_quy_dinh: Option<String>,
}

/// A result the post has delivered, which the agency has not confirmed as returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReturnToConfirm {
    /// The code the agency gave.
    pub ma_ho_so: String,
    /// When the post delivered it.
    pub thoi_diem_phat: String,
    /// The status it has: 9.
    pub trang_thai: String,
    /// The status the agency is asked to confirm: 10.
    pub de_nghi: String,
}
