//! A dossier that is none of the caller's, opened for a short time because somebody else of the same role agreed.

pub(super) mod ask;
pub(super) mod list;
pub(super) mod steps;

use crate::auth::StaffRight;
use crate::problem::{Kind, Mistake, Problem};
use entity::repo::glass::Side;
use entity::repo::staff::Role;

/// Among whom the caller asks and agrees.
pub(in crate::routes) fn side(right: &StaffRight) -> Result<Side, Problem> {
    let person = &right.person;
    let side = match right.role {
        Role::AgencyManager => person.agency.map(Side::Agency),
        _ => person.operator.map(Side::Post),
    };
    side.ok_or_else(|| Kind::MissingRight.into())
}

/// A reason of 10 to 500 characters: one word is none.
pub(in crate::routes) fn reason(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if (10..=500).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    let mistake = Mistake::invalid(
        "#/reason",
        "Lý do có 10 đến 500 ký tự, trên một dòng.",
        "a reason has 10 to 500 characters, in one line",
    );
    Err(Problem::field(Kind::InvalidRequest, mistake))
}
