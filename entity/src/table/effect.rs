//! Effects and what they leave behind.

/// A job: written with its cause, counted before it runs, leased while it runs.
pub mod outbox {
    use sea_orm::entity::prelude::*;

    /// A job: written with its cause, counted before it runs, leased while it runs.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `kind`.
        pub kind: String,
        /// `payload`.
        pub payload: String,
        /// `dedup_key`.
        pub dedup_key: String,
        /// `state`.
        pub state: String,
        /// `attempt`.
        pub attempt: i64,
        /// `next_run_at` (milliseconds UTC).
        pub next_run_at: i64,
        /// `lease_until`.
        pub lease_until: Option<i64>,
        /// `lease_token`.
        pub lease_token: Option<Uuid>,
        /// `last_error`.
        pub last_error: Option<String>,
        /// `created_at` (milliseconds UTC).
        pub created_at: i64,
        /// `finished_at` (milliseconds UTC).
        pub finished_at: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A notice in the sink: what a citizen or office would have been told.
pub mod notification {
    use sea_orm::entity::prelude::*;

    /// A notice in the sink: what a citizen or office would have been told.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "notification")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `dossier_id`.
        pub dossier_id: Uuid,
        /// `channel`.
        pub channel: String,
        /// `template`.
        pub template: String,
        /// `data`.
        pub data: String,
        /// `created_at` (milliseconds UTC).
        pub created_at: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Something the sweep found: a gap, an orphan, an event parked too long.
pub mod finding {
    use sea_orm::entity::prelude::*;

    /// Something the sweep found: a gap, an orphan, an event parked too long.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "finding")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `kind`.
        pub kind: String,
        /// `subject`.
        pub subject: String,
        /// `detail`.
        pub detail: String,
        /// `since` (milliseconds UTC).
        pub since: i64,
        /// `resolved_at` (milliseconds UTC).
        pub resolved_at: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
