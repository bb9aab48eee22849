//! Codes of bank transfers.
//!
//! Source: NAPAS VietQR, đặc tả

use super::{CodeKind, InspectContext, Inspection, Parts};
use crate::code::vietqr::{Initiation, NAPAS, VietQr};
use crate::code::words::Explain;

/// Twelve digits may be a personal id, all else that starts like a transfer code is meant as one.
pub(super) fn is_meant(text: &str) -> bool {
    let is_number = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    (text.starts_with("000201") && !is_number) || (text.len() > NAPAS.len() && text.contains(NAPAS))
}

pub(super) fn inspect(text: &str, context: &InspectContext) -> Inspection {
    let code = match VietQr::read(text) {
        Ok(code) => code,
        Err(error) => return Inspection::refused(CodeKind::VietQr, error.explain()),
    };
    let mut parts = Parts::default();
    parts.put(
        "initiation",
        match code.initiation() {
            Initiation::Static => "static",
            Initiation::Dynamic => "dynamic",
        },
    );
    parts.put("bin", code.bin().as_str());
    parts.put_if("bank", context.banks.name(code.bin()));
    parts.put("account", code.account());
    parts.put("service", code.to().name());
    if let Some(amount) = code.amount() {
        parts.put_number("amount", amount);
    }
    parts.put("currency", "VND");
    parts.put("country", "VN");
    parts.put_if("bill", code.bill());
    parts.put_if("purpose", code.purpose());
    let mut inspection = Inspection::valid(CodeKind::VietQr, parts);
    inspection.warn_all(code.warnings());
    inspection
}
