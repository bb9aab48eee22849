//! Who may come in.

/// A one-time code that lets one device enrol for one person.
pub mod enrolment_code {
    use sea_orm::entity::prelude::*;

    /// A one-time code that lets one device enrol for one person.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "enrolment_code")]
    pub struct Model {
        /// `code_hash`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub code_hash: Vec<u8>,
        /// `staff_id`.
        pub staff_id: Uuid,
        /// `created_at` (milliseconds UTC).
        pub created_at: i64,
        /// `expires_at` (milliseconds UTC).
        pub expires_at: i64,
        /// `used_at` (milliseconds UTC).
        pub used_at: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The stored answer of a request that may be repeated.
pub mod idempotency_key {
    use sea_orm::entity::prelude::*;

    /// The stored answer of a request that may be repeated.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_key")]
    pub struct Model {
        /// `key_hash`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key_hash: Vec<u8>,
        /// `request_digest`.
        pub request_digest: Vec<u8>,
        /// `status`.
        pub status: i64,
        /// `answer`.
        pub answer: String,
        /// `created_at` (milliseconds UTC).
        pub created_at: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
