//! `POST /api/v1/intakes`

use crate::App;
use crate::auth::PostAgentRight;
use crate::extract::Json;
use crate::once::{IdempotencyKey, digest};
use crate::openapi::StaffWrite;
use crate::problem::{Kind, Mistake, Problem};
use crate::words::local_date;
use axum::extract::State;
use axum::http::StatusCode;
use domain::catalogue::Channel;
use domain::ids::{AgencyId, DeskId, OperatorId, ServicePointId};
use domain::item_code::ItemCode;
use domain::mode::Mode;
use domain::phone::Phone;
use entity::repo::intake::{self, Applicant, NewOrder, Placing};
use entity::repo::{catalogue, reference};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// The heaviest item the post takes, grams; a number above it is a slip of the finger. Source: UPU Convention Regulations, parcels.
const HEAVIEST_G: u32 = 31_500;

/// A dossier a citizen brought to the counter.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct IntakeRequest {
    /// `send`, or `both` when the post also brings the result.
    mode: String,
    /// The agency that decides.
    agency_id: Uuid,
    /// The desk that receives, when it is known.
    desk_id: Option<Uuid>,
    /// The procedure, when it is known.
    procedure_code: Option<String>,
    /// The case of the procedure by its code, when it is not the ordinary one; the time limit follows from it.
    procedure_case: Option<String>,
    /// Who applies.
    applicant: ApplicantRequest,
    /// Papers counted together.
    paper_count: u32,
    /// What the envelope weighs, grams, when it was weighed.
    #[schema(minimum = 1, maximum = 31500)]
    weight_g: Option<u32>,
    /// Amount to collect, đồng.
    #[serde(default)]
    cod_amount: u32,
    /// The number printed on the slip; names the intake when there is no Idempotency-Key.
    slip_number: Option<String>,
    /// The label that is on the envelope already; otherwise one is drawn.
    item_code: Option<String>,
}

/// Who applies.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ApplicantRequest {
    /// Name.
    name: String,
    /// Telephone.
    phone: String,
    /// Address as written.
    address: String,
    /// Commune code, when the address was picked from the list.
    commune_code: Option<String>,
}

/// What the intake made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntakeView {
    /// The dossier.
    dossier_id: Uuid,
    /// The label.
    item_code: String,
    /// The citizen's page. Print it on the slip as a QR code; whoever has it can read it.
    tracking_url: String,
}

/// Opens a dossier at the counter. The same number with the same content answers as the first time.
#[utoipa::path(post, path = "/api/v1/intakes", tag = "dossier", request_body = IntakeRequest, security(("staff" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Names this intake; or give slip_number")),
    responses((status = 201, body = IntakeView), (status = 200, body = IntakeView, description = "placed before"), StaffWrite))]
pub(crate) async fn handler(
    State(app): State<App>,
    right: PostAgentRight,
    key: IdempotencyKey,
    Json(body): Json<Value>,
) -> Result<(StatusCode, Json<IntakeView>), Problem> {
    let request: IntakeRequest = crate::extract::from_value(body.clone())?;
    let office = reference::service_point(app.store.open(), right.office)
        .await?
        .ok_or(Kind::MissingRight)?;
    let order = order(&app, request, key, &office, body).await?;
    let (status, placed) = match intake::place(&app.store, &app.keys, order).await {
        Ok(Placing::New(placed)) => (StatusCode::CREATED, placed),
        Ok(Placing::Same(placed)) => (StatusCode::OK, placed),
        Ok(Placing::Different) => return Err(Kind::OrderExists.into()),
        Err(error) if error.is_duplicate() => return Err(Problem::caused(Kind::LabelTaken, error)),
        Err(error) => return Err(error.into()),
    };
    let tracking_url = format!("{}/t/{}", app.config.public_url, app.keys.capability(placed.dossier.0));
    Ok((
        status,
        Json(IntakeView {
            dossier_id: placed.dossier.0,
            item_code: placed.item_code.to_string(),
            tracking_url,
        }),
    ))
}

fn refuse(field: &str, vietnamese: &str, english: &str) -> Problem {
    let mistake = Mistake::invalid(format!("#/{field}"), vietnamese, english);
    Problem::field(Kind::InvalidRequest, mistake)
}

fn unknown(field: &str, vietnamese: &str, english: &str) -> Problem {
    let mistake = Mistake::reference(format!("#/{field}"), vietnamese, english);
    Problem::field(Kind::InvalidRequest, mistake)
}

/// The case of a procedure that is asked for; none for the ordinary one.
async fn case(app: &App, procedure: Option<&str>, case: Option<String>) -> Result<Option<String>, Problem> {
    let procedure = match procedure {
        Some(code) => Some(
            reference::procedure(app.store.open(), code)
                .await?
                .ok_or_else(|| unknown("procedure_code", "Không có thủ tục này.", "no such procedure_code"))?,
        ),
        None => None,
    };
    let Some(case) = case.filter(|case| !case.trim().is_empty()) else {
        return Ok(None);
    };
    let procedure = procedure.ok_or_else(|| {
        let vietnamese = "Cần mã thủ tục để chọn trường hợp.";
        refuse("procedure_case", vietnamese, "procedure_case needs a procedure_code")
    })?;
    let today = local_date(app.store.now_ms());
    if !catalogue::has_case(&procedure, &case, today)? {
        let vietnamese = "Thủ tục không có trường hợp này.";
        let english = "that procedure has no such procedure_case";
        return Err(unknown("procedure_case", vietnamese, english));
    }
    Ok(Some(case))
}

async fn order(
    app: &App,
    request: IntakeRequest,
    key: IdempotencyKey,
    office: &entity::table::service_point::Model,
    body: Value,
) -> Result<NewOrder, Problem> {
    let mode = request.mode.parse();
    let mode: Mode = mode.map_err(|_| refuse("mode", "Chọn send hoặc both.", "mode is send or both"))?;
    if !mode.carries_dossier() {
        return Err(refuse(
            "mode",
            "Kết quả do cơ quan đặt, không đặt tại quầy.",
            "a result is ordered by its agency, not at the counter",
        ));
    }
    let order_number = request
        .slip_number
        .map(|slip| slip.trim().to_owned())
        .filter(|slip| !slip.is_empty())
        .or(key.0);
    let order_number = order_number.ok_or_else(|| {
        let english = "give an Idempotency-Key or a slip_number";
        Problem::field(
            Kind::InvalidRequest,
            Mistake::at(
                "#/slip_number",
                "missing",
                "Cần số phiếu hoặc tiêu đề Idempotency-Key.",
                english,
            ),
        )
    })?;
    let db = app.store.open();
    let agency = reference::agency(db, AgencyId(request.agency_id))
        .await?
        .ok_or_else(|| unknown("agency_id", "Không có cơ quan này.", "no such agency_id"))?;
    if let Some(desk) = request.desk_id {
        let desk = reference::desk(db, DeskId(desk)).await?;
        desk.filter(|desk| desk.agency_id == agency.id).ok_or_else(|| {
            let vietnamese = "Không phải bộ phận một cửa của cơ quan này.";
            unknown("desk_id", vietnamese, "desk_id is no desk of that agency")
        })?;
    }
    let case = case(app, request.procedure_code.as_deref(), request.procedure_case).await?;
    let ApplicantRequest {
        name,
        phone,
        address,
        commune_code,
    } = request.applicant;
    for (field, text) in [("applicant/name", &name), ("applicant/address", &address)] {
        if text.trim().is_empty() {
            let vietnamese = "Cần họ tên và địa chỉ của người nộp.";
            return Err(refuse(field, vietnamese, "the applicant needs a name and an address"));
        }
    }
    if request.weight_g.is_some_and(|grams| !(1..=HEAVIEST_G).contains(&grams)) {
        let vietnamese = "Khối lượng từ 1 đến 31.500 gam.";
        return Err(refuse("weight_g", vietnamese, "an envelope weighs 1 to 31,500 grams"));
    }
    let label = request.item_code.as_deref().map(ItemCode::parse).transpose();
    Ok(NewOrder {
        client: None,
        customer_code: format!("counter:{}", office.code),
        order_number,
        digest: digest(&body),
        operator: OperatorId(office.operator_id),
        mode,
        agency: AgencyId(agency.id),
        desk: request.desk_id.map(DeskId),
        procedure: request.procedure_code,
        case,
        // What is taken in at the post's counter comes by post.
        channel: Some(Channel::Post),
        applicant: Applicant {
            name: name.trim().to_owned(),
            // A number we cannot read is kept as it was given: a person may still be able to.
            phone: Phone::parse(&phone).map_or_else(|_| phone.trim().to_owned(), |phone| phone.as_str().to_owned()),
            address: address.trim().to_owned(),
            commune_code,
            place: None,
        },
        paper_count: request.paper_count.into(),
        weight_g: request.weight_g.map(i64::from),
        cod_amount: request.cod_amount.into(),
        body,
        label: label.map_err(|error| {
            let english = format!("item_code: {error}");
            refuse("item_code", "Mã bưu gửi không hợp lệ.", &english)
        })?,
        office: Some(ServicePointId(office.id)),
        needs_pickup: false,
        receiver: None,
    })
}
