//! The inbox, the sequencer and what could not even be framed.

/// One deposited fact, verbatim. `log_index` is given once by the sequencer.
pub mod inbox {
    use sea_orm::entity::prelude::*;

    /// One deposited fact, verbatim. `log_index` is given once by the sequencer.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "inbox")]
    pub struct Model {
        /// SHA-256 of the signed structure.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
        /// `lane`.
        pub lane: i64,
        /// `raw`.
        pub raw: Vec<u8>,
        /// `received_at` (milliseconds UTC).
        pub received_at: i64,
        /// Its place among what this process received: tells apart facts of one millisecond, and keeps a batch in its order.
        pub place: i64,
        /// `source`.
        pub source: String,
        /// Place in the log.
        pub log_index: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The one row that numbers facts and remembers how far the projections are.
pub mod sequencer {
    use sea_orm::entity::prelude::*;

    /// The one row that numbers facts and remembers how far the projections are.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sequencer")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        /// `epoch`.
        pub epoch: i64,
        /// `last_index`.
        pub last_index: i64,
        /// `applied_index`.
        pub applied_index: i64,
        /// `tracking_seq`.
        pub tracking_seq: i64,
        /// `change_seq`.
        pub change_seq: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A body whose framing could not be read, kept whole for a person to look at.
pub mod unreadable_deposit {
    use sea_orm::entity::prelude::*;

    /// A body whose framing could not be read, kept whole for a person to look at.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "unreadable_deposit")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `raw`.
        pub raw: Vec<u8>,
        /// `reason`.
        pub reason: String,
        /// `source`.
        pub source: String,
        /// `received_at` (milliseconds UTC).
        pub received_at: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Bytes that are here, whole, under their hash in [`crate::blob::Blobs`].
pub mod blob {
    use sea_orm::entity::prelude::*;

    /// Bytes that are here.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "blob")]
    pub struct Model {
        /// SHA-256 of the bytes.
        #[sea_orm(primary_key, auto_increment = false)]
        pub sha256: Vec<u8>,
        /// How many.
        pub size: i64,
        /// What they are, as a media type told from the bytes.
        pub media: String,
        /// Who brought them first.
        pub bringer: String,
        /// When they were whole, milliseconds UTC.
        pub stored_at: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A file of a phone whose key store failed, sealed as it came.
pub mod salvage {
    use sea_orm::entity::prelude::*;

    /// A file of a phone whose key store failed, sealed as it came.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "salvage")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Of the content.
        pub sha256: Vec<u8>,
        /// The file.
        pub content: Vec<u8>,
        /// Who brought it.
        pub staff_id: Uuid,
        /// `received_at` (milliseconds UTC).
        pub received_at: i64,
        /// When it was opened and what was in it deposited (milliseconds UTC).
        pub opened_at: Option<i64>,
        /// Envelopes that were in it.
        pub events: Option<i64>,
        /// Lines that did not open.
        pub unopened: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
