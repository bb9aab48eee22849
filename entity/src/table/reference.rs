//! Places, offices, people, procedures and calendars: what an operator loads before the first dossier.

/// A named setting of this installation.
pub mod setting {
    use sea_orm::entity::prelude::*;

    /// A named setting of this installation.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "setting")]
    pub struct Model {
        /// `key`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// `value`.
        pub value: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An administrative unit of commune level, keyed by its official code.
pub mod commune {
    use sea_orm::entity::prelude::*;

    /// An administrative unit of commune level, keyed by its official code.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "commune")]
    pub struct Model {
        /// `code`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        /// `name`.
        pub name: String,
        /// `kind`.
        pub kind: String,
        /// `old_names`.
        pub old_names: String,
        /// `lat`.
        pub lat: f64,
        /// `lon`.
        pub lon: f64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A competent agency.
pub mod agency {
    use sea_orm::entity::prelude::*;

    /// A competent agency.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "agency")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `code`.
        pub code: String,
        /// `name`.
        pub name: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A postal service point and the territory it serves (GeoJSON polygon).
pub mod service_point {
    use sea_orm::entity::prelude::*;

    /// A postal service point and the territory it serves (GeoJSON polygon).
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "service_point")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `code`.
        pub code: String,
        /// `name`.
        pub name: String,
        /// `commune_code`.
        pub commune_code: String,
        /// `pos_code`.
        pub pos_code: String,
        /// `lat`.
        pub lat: f64,
        /// `lon`.
        pub lon: f64,
        /// `territory`.
        pub territory: Option<String>,
        /// `operator_id`: whose point it is.
        pub operator_id: Uuid,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A one-stop-shop desk; `service_point_id` is set when post staff run it.
pub mod desk {
    use sea_orm::entity::prelude::*;

    /// A one-stop-shop desk; `service_point_id` is set when post staff run it.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "desk")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `code`.
        pub code: String,
        /// `name`.
        pub name: String,
        /// `agency_id`.
        pub agency_id: Uuid,
        /// `service_point_id`.
        pub service_point_id: Option<Uuid>,
        /// `commune_code`.
        pub commune_code: String,
        /// `lat`.
        pub lat: f64,
        /// `lon`.
        pub lon: f64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A person who works for the post, a desk or the province. `roles` is a JSON array.
pub mod staff {
    use sea_orm::entity::prelude::*;

    /// A person who works for the post, a desk or the province. `roles` is a JSON array.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `login`.
        pub login: String,
        /// `name`.
        pub name: String,
        /// `roles`.
        pub roles: String,
        /// `password_hash`.
        pub password_hash: Option<String>,
        /// `service_point_id`.
        pub service_point_id: Option<Uuid>,
        /// `desk_id`.
        pub desk_id: Option<Uuid>,
        /// `agency_id`.
        pub agency_id: Option<Uuid>,
        /// `active`.
        pub active: bool,
        /// `operator_id`: whom they work for, when no service point says it.
        pub operator_id: Option<Uuid>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What makes a staff member a courier: area, shift in minutes of the local day, capacity in items.
pub mod courier {
    use sea_orm::entity::prelude::*;

    /// What makes a staff member a courier: area, shift in minutes of the local day, capacity in items.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "courier")]
    pub struct Model {
        /// `staff_id`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub staff_id: Uuid,
        /// `service_point_id`.
        pub service_point_id: Uuid,
        /// `areas`.
        pub areas: String,
        /// `shift_from_min`.
        pub shift_from_min: i64,
        /// `shift_to_min`.
        pub shift_to_min: i64,
        /// `capacity`.
        pub capacity: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An administrative procedure and its time limit in working days.
pub mod procedure {
    use sea_orm::entity::prelude::*;

    /// An administrative procedure and its time limit in working days.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "procedure")]
    pub struct Model {
        /// `code`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        /// `name`.
        pub name: String,
        /// `sector`.
        pub sector: String,
        /// `limit_days`.
        pub limit_days: i64,
        /// `limit_unit`: `working` or `calendar`.
        pub limit_unit: String,
        /// `body`: the file's record (JSON).
        pub body: String,
        /// `source_ref`.
        pub source_ref: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody who runs a postal service.
pub mod postal_operator {
    use sea_orm::entity::prelude::*;

    /// Somebody who runs a postal service.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "postal_operator")]
    pub struct Model {
        /// `id`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `code`.
        pub code: String,
        /// `name`.
        pub name: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
