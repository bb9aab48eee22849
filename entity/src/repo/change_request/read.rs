//! Which proposals somebody sees.

use super::Request;
use super::kind::ChangeKind;
use super::state::State;
use crate::StoreError;
use crate::repo::staff::Role;
use crate::table::change_request;
use domain::ids::OperatorId;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Who looks: of which operator and in which role. Whoever looks after people and things does not look after keys, and the other
/// way round (trust §4.3); auditors see both.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Whose changes.
    pub operator: OperatorId,
    /// In which role.
    pub role: Role,
}

impl Reader {
    fn kinds(self) -> Vec<&'static str> {
        let all = ChangeKind::ALL.iter();
        all.filter(|(kind, _)| self.role == Role::Auditor || kind.role() == self.role)
            .map(|(_, name)| *name)
            .collect()
    }

    fn sees(self) -> Condition {
        Condition::all()
            .add(change_request::Column::OperatorId.eq(self.operator.0))
            .add(change_request::Column::Kind.is_in(self.kinds()))
    }

    /// Whether a proposal is one they see.
    pub(super) fn may_see(self, row: &Request) -> bool {
        row.operator_id == self.operator.0 && self.kinds().contains(&row.kind.as_str())
    }
}

/// A proposal.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, reader: Reader, id: Uuid) -> Result<Option<Request>, StoreError> {
    let found = change_request::Entity::find_by_id(id).filter(reader.sees());
    Ok(found.one(db).await?)
}

/// Proposals, the newest first, in this state, older than `before`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    reader: Reader,
    state: Option<State>,
    before: Option<(i64, Uuid)>,
    limit: u64,
    now_ms: i64,
) -> Result<Vec<Request>, StoreError> {
    let (at, id) = (change_request::Column::ProposedAt, change_request::Column::Id);
    let mut query = change_request::Entity::find().filter(reader.sees());
    if let Some(state) = state {
        query = query.filter(state.condition(now_ms));
    }
    if let Some((before_at, before_id)) = before {
        let same = Condition::all().add(at.eq(before_at)).add(id.lt(before_id));
        query = query.filter(Condition::any().add(at.lt(before_at)).add(same));
    }
    Ok(query.order_by_desc(at).order_by_desc(id).limit(limit).all(db).await?)
}
