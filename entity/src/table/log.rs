//! The public log.

/// A part of the log with a tree of its own: a year, or what followed a restore.
pub mod log_shard {
    use sea_orm::entity::prelude::*;

    /// A part of the log with a tree of its own: a year, or what followed a restore.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "log_shard")]
    pub struct Model {
        /// The last part of its origin, for example `2026`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        /// The log index of its first leaf.
        pub first_index: i64,
        /// How many leaves it has.
        pub size: i64,
        /// Which restore it follows (milliseconds UTC); 0 for none.
        pub restored_at: i64,
        /// `opened_at` (milliseconds UTC).
        pub opened_at: i64,
        /// When another one followed it (milliseconds UTC).
        pub closed_at: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The leaf of a fact.
pub mod log_leaf {
    use sea_orm::entity::prelude::*;

    /// The leaf of a fact.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "log_leaf")]
    pub struct Model {
        /// The fact's number.
        #[sea_orm(primary_key, auto_increment = false)]
        pub log_index: i64,
        /// The fact.
        pub event_id: Vec<u8>,
        /// The random part of the commitment; for the parties only.
        pub salt: Vec<u8>,
        /// The leaf's hash in the tree.
        pub hash: Vec<u8>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Up to 256 hashes of one level of one shard's tree.
pub mod log_tile {
    use sea_orm::entity::prelude::*;

    /// Up to 256 hashes of one level of one shard's tree.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "log_tile")]
    pub struct Model {
        /// Shard, level and place on the level: `2026/0/17`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: String,
        /// The hashes, one after the other.
        pub data: Vec<u8>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A signed head.
pub mod log_checkpoint {
    use sea_orm::entity::prelude::*;

    /// A signed head.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "log_checkpoint")]
    pub struct Model {
        /// Shard and size, so that they sort: `2026/00000000000000000042`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: String,
        /// `shard`.
        pub shard: String,
        /// `size`.
        pub size: i64,
        /// `root`.
        pub root: Vec<u8>,
        /// The signed note, with the signatures of witnesses that came since.
        pub note: String,
        /// `signed_at` (milliseconds UTC).
        pub signed_at: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
