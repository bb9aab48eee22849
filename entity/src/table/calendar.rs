//! A province's files that are kept whole, and the official notices that came later.

/// A file of a province as it was loaded last.
pub mod province_file {
    use sea_orm::entity::prelude::*;

    /// A file of a province as it was loaded last.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "province_file")]
    pub struct Model {
        /// Its name, as `calendar.json`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        /// Its records (JSON).
        pub body: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An official notice that was entered while the program ran. Never changed or deleted.
pub mod calendar_notice {
    use sea_orm::entity::prelude::*;

    /// An official notice that was entered while the program ran. Never changed or deleted.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "calendar_notice")]
    pub struct Model {
        /// Its official number.
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: String,
        /// Since when it is known, in milliseconds UTC.
        pub known_at: i64,
        /// The notice's record (JSON).
        pub body: String,
        /// Who entered it.
        pub actor: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
