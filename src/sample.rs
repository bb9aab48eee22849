//! The few invented dossiers that `serve --demo` starts with, so that there is something to look at.

use crate::cli::Failure;
use domain::mode::Mode;
use entity::repo::dossier;
use entity::repo::intake::{self, Applicant, NewOrder};
use entity::repo::reference::id_of;
use entity::{Scope, ServerKeys, Store};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Number, mode, agency, procedure, name, phone, address. Invented people; true procedures and places.
const SAMPLES: [(&str, Mode, &str, &str, &str, &str, &str); 4] = [
    (
        "DEMO-1",
        Mode::Send,
        "AG-UB-30520",
        "2.000635",
        "Nguyễn Thị Mẫu",
        "0912000001",
        "Khóm Xuân Hòa, phường Tịnh Biên, tỉnh An Giang",
    ),
    (
        "DEMO-2",
        Mode::Both,
        "AG-UB-30526",
        "1.004873",
        "Trần Văn Thử",
        "0912000002",
        "Ấp Tân Biên, xã An Cư, tỉnh An Giang",
    ),
    (
        "DEMO-3",
        Mode::Return,
        "AG-UB-30520",
        "2.000720",
        "Lê Thị Ví Dụ",
        "0912000003",
        "Phường Nhà Bàng, thị xã Tịnh Biên, tỉnh An Giang",
    ),
    // Two communes could be meant: this one goes to the dispatcher's list, with the reason.
    (
        "DEMO-4",
        Mode::Send,
        "AG-UB-30502",
        "1.001193",
        "Phạm Văn Ảo",
        "0912000004",
        "Số 12, đường Trần Hưng Đạo",
    ),
];

/// The customer code samples are numbered under.
const CUSTOMER: &str = "demo";

/// Places the samples; again changes nothing.
pub(crate) async fn place(store: &Store, keys: &ServerKeys) -> Result<(), Failure> {
    for (number, mode, agency, procedure, name, phone, address) in SAMPLES {
        let order = NewOrder {
            operator: entity::repo::reference::FIRST_OPERATOR,
            client: None,
            customer_code: CUSTOMER.to_owned(),
            order_number: number.to_owned(),
            digest: Sha256::digest(number.as_bytes()).into(),
            mode,
            agency: domain::ids::AgencyId(id_of("agency", agency)),
            desk: None,
            procedure: Some(procedure.to_owned()),
            case: None,
            channel: None,
            applicant: Applicant {
                name: name.to_owned(),
                phone: phone.to_owned(),
                address: address.to_owned(),
                ..Applicant::default()
            },
            paper_count: 0,
            weight_g: None,
            cod_amount: 0,
            body: json!({ "sample": true }),
            label: None,
            office: None,
            needs_pickup: true,
            receiver: None,
        };
        intake::place(store, keys, order).await?;
    }
    Ok(())
}

/// Paths of the samples' citizen pages.
pub(crate) async fn pages(store: &Store, keys: &ServerKeys) -> Result<Vec<String>, Failure> {
    let known = dossier::of_customer(store.read(), &Scope::everything(), CUSTOMER).await?;
    Ok(known
        .into_iter()
        .map(|id| format!("/t/{}", keys.capability(id.0)))
        .collect())
}
