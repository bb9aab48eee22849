//! `OrderCancel`

use super::dispatch::Refusal;
use super::fields::Fields;
use super::order::customer_code;
use super::reply::Reply;
use crate::App;
use crate::auth::ClientRight;
use axum::response::Response;
use domain::status::vnpost::{ORDER_CANCELLED, ORDER_COLLECTED};
use entity::repo::intake::{self, Cancelling};

/// Cancels an order unless its item has been collected.
pub(super) async fn run(app: &App, right: &ClientRight, fields: &Fields) -> Result<Response, Refusal> {
    let customer = customer_code(right, fields)?;
    let number = fields
        .any_text("ordernumber")
        .ok_or_else(|| Reply::unreadable("Thiếu OrderNumber (missing)"))?;
    let cancelling = intake::cancel(&app.store, &app.keys, right.client.id, customer, number).await?;
    let reply = match cancelling {
        Cancelling::Cancelled => Reply::new(ORDER_CANCELLED, "Đã hủy đơn hàng"),
        Cancelling::AlreadyCollected => Reply::new(ORDER_COLLECTED, "Bưu gửi đã được thu gom, không thể hủy"),
        Cancelling::Unknown => Reply::new(404, "Không có đơn hàng này"),
    };
    Ok(reply.to(&right.client))
}
