//! Orders, dossiers, items: who asked for what. Personal data lives here and nowhere in the evidence.

/// A one-stop system that talks to us through the province's bus.
pub mod lgsp_client {
    use sea_orm::entity::prelude::*;

    /// A one-stop system that talks to us through the province's bus.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "lgsp_client")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `customer_code`.
        pub customer_code: String,
        /// `name`.
        pub name: String,
        /// `agency_id`.
        pub agency_id: Uuid,
        /// `client_key`.
        pub client_key: String,
        /// `secret_hash`.
        pub secret_hash: String,
        /// `profile`.
        pub profile: String,
        /// `operator_id`: whom it orders from.
        pub operator_id: Uuid,
        /// The key it signs assertions with, as a JWK.
        pub public_key: Option<String>,
        /// Whether it may order.
        pub active: bool,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An opaque access token, stored as its hash.
pub mod lgsp_token {
    use sea_orm::entity::prelude::*;

    /// An opaque access token, stored as its hash.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "lgsp_token")]
    pub struct Model {
        /// `token_hash`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: Vec<u8>,
        /// `client_id`.
        pub client_id: Uuid,
        /// `expires_at` (milliseconds UTC).
        pub expires_at: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A dossier: who applied, where, through which agency.
pub mod dossier {
    use sea_orm::entity::prelude::*;

    /// A dossier: who applied, where, through which agency.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "dossier")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `mode`.
        pub mode: String,
        /// `agency_id`.
        pub agency_id: Uuid,
        /// `desk_id`.
        pub desk_id: Option<Uuid>,
        /// `procedure_code`.
        pub procedure_code: Option<String>,
        /// `procedure_case`: its case, by the code within the procedure; the ordinary one when absent.
        pub procedure_case: Option<String>,
        /// `channel`: `in_person`, `online` or `post`; by the mode when absent.
        pub channel: Option<String>,
        /// `applicant_name`.
        pub applicant_name: String,
        /// `applicant_phone`.
        pub applicant_phone: String,
        /// `applicant_address`.
        pub applicant_address: String,
        /// `commune_code`.
        pub commune_code: Option<String>,
        /// `lat`.
        pub lat: Option<f64>,
        /// `lon`.
        pub lon: Option<f64>,
        /// `paper_count`.
        pub paper_count: i64,
        /// `capability_hash`.
        pub capability_hash: Vec<u8>,
        /// `created_at` (milliseconds UTC).
        pub created_at: i64,
        /// `operator_id`: who carries it.
        pub operator_id: Uuid,
        /// `counter_id`: the post office it was brought to, when it was.
        pub counter_id: Option<Uuid>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An order as a client sent it; (customer code, order number) is its natural key.
pub mod postal_order {
    use sea_orm::entity::prelude::*;

    /// An order as a client sent it; (customer code, order number) is its natural key.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "postal_order")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `client_id`.
        pub client_id: Option<Uuid>,
        /// `customer_code`.
        pub customer_code: String,
        /// `order_number`.
        pub order_number: String,
        /// `body_digest`.
        pub body_digest: Vec<u8>,
        /// `direction`.
        pub direction: String,
        /// `dossier_id`.
        pub dossier_id: Uuid,
        /// First 16 bytes of SHA-256("traotay/item/v1" ‖ item code).
        pub item_id: Option<Vec<u8>>,
        /// `cod_amount`.
        pub cod_amount: i64,
        /// `body`.
        pub body: String,
        /// `created_at` (milliseconds UTC).
        pub created_at: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A sealed envelope that carries a label.
pub mod postal_item {
    use sea_orm::entity::prelude::*;

    /// A sealed envelope that carries a label.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "postal_item")]
    pub struct Model {
        /// First 16 bytes of SHA-256("traotay/item/v1" ‖ item code).
        #[sea_orm(primary_key, auto_increment = false)]
        pub item_id: Vec<u8>,
        /// `item_code`.
        pub item_code: String,
        /// `kind`.
        pub kind: String,
        /// `dossier_id`.
        pub dossier_id: Uuid,
        /// `order_id`.
        pub order_id: Option<Uuid>,
        /// `created_at` (milliseconds UTC).
        pub created_at: i64,
        /// What it weighed at the counter, grams.
        pub weight_g: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A file of orders from an office that has no interface.
pub mod order_file {
    use sea_orm::entity::prelude::*;

    /// A file of orders from an office that has no interface.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_file")]
    pub struct Model {
        /// SHA-256("traotay/order-file/v1" ‖ agency ‖ SHA-256 of the file).
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Vec<u8>,
        /// `agency_id`.
        pub agency_id: Uuid,
        /// SHA-256 of the file.
        pub sha256: Vec<u8>,
        /// `rows`: what was read (JSON).
        pub rows: String,
        /// `report`: what was found (JSON).
        pub report: String,
        /// `actor`: who sent it first.
        pub actor: String,
        /// `uploaded_at` (milliseconds UTC).
        pub uploaded_at: i64,
        /// `committed_at` (milliseconds UTC): when its orders were placed first.
        pub committed_at: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who receives a dossier's result, when that is not whoever sent the papers.
pub mod result_receiver {
    use sea_orm::entity::prelude::*;

    /// Who receives a dossier's result, when that is not whoever sent the papers.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "result_receiver")]
    pub struct Model {
        /// `dossier_id`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub dossier_id: Uuid,
        /// `name`.
        pub name: String,
        /// `phone`.
        pub phone: String,
        /// `address`.
        pub address: String,
        /// `commune_code`, when the address was understood.
        pub commune_code: Option<String>,
        /// `lat`.
        pub lat: Option<f64>,
        /// `lon`.
        pub lon: Option<f64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A run of serials to label items with.
pub mod serial_block {
    use sea_orm::entity::prelude::*;

    /// A run of serials to label items with.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "serial_block")]
    pub struct Model {
        /// Service and first serial, `EE00000001`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        /// The two letters of service.
        pub service: String,
        /// The first serial.
        pub first: i64,
        /// The last serial.
        pub last: i64,
        /// The next serial to give; one more than the last when all are given.
        pub next: i64,
        /// A [`domain::code::block_holder::BlockHolder`] in text form.
        pub holder: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A decision of the assignment job: who fetches or delivers which item.
pub mod assignment {
    use sea_orm::entity::prelude::*;

    /// A decision of the assignment job: who fetches or delivers which item.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "assignment")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// First 16 bytes of SHA-256("traotay/item/v1" ‖ item code).
        pub item_id: Vec<u8>,
        /// `dossier_id`.
        pub dossier_id: Uuid,
        /// `leg`.
        pub leg: String,
        /// `staff_id`.
        pub staff_id: Uuid,
        /// `service_point_id`.
        pub service_point_id: Uuid,
        /// `why`.
        pub why: String,
        /// `decided_at` (milliseconds UTC).
        pub decided_at: i64,
        /// The event after which the item lay where the decision found it; absent before the post had it.
        pub head: Option<Vec<u8>>,
        /// When the decision ceased to stand (milliseconds UTC): another took its place, the courier brought the item back to
        /// an office, or nobody has to carry it any more.
        pub ended_at: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What the assignment job could not place, with the reason, until someone resolves it.
pub mod unplaced {
    use sea_orm::entity::prelude::*;

    /// What the assignment job could not place, with the reason, until someone resolves it.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "unplaced")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// First 16 bytes of SHA-256("traotay/item/v1" ‖ item code).
        pub item_id: Vec<u8>,
        /// `leg`.
        pub leg: String,
        /// `reason`.
        pub reason: String,
        /// `detail`.
        pub detail: String,
        /// `since` (milliseconds UTC).
        pub since: i64,
        /// `resolution`.
        pub resolution: Option<String>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The words a dossier is found by: of names, and telephones. Written with the dossier, and by the sweep where they are missing.
pub mod search_word {
    use sea_orm::entity::prelude::*;

    /// A word a dossier is found by.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "search_word")]
    pub struct Model {
        /// The dossier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub dossier_id: Uuid,
        /// Lower case with accents, the tone last, as UTF-8.
        #[sea_orm(primary_key, auto_increment = false)]
        pub accented: Vec<u8>,
        /// Lower case without accents, as UTF-8.
        pub plain: Vec<u8>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A scan of a paper in a dossier.
pub mod scan {
    use sea_orm::entity::prelude::*;

    /// A scan of a paper in a dossier.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "scan")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `dossier_id`.
        pub dossier_id: Uuid,
        /// What it is of.
        pub paper: String,
        /// Under which hash the bytes lie.
        pub sha256: Vec<u8>,
        /// What the bytes are.
        pub media: String,
        /// How many bytes.
        pub size: i64,
        /// Who added it.
        pub staff_id: Uuid,
        /// `created_at` (milliseconds UTC).
        pub created_at: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An assertion a one-stop client has used, by its hash.
pub mod client_assertion {
    use sea_orm::entity::prelude::*;

    /// An assertion a one-stop client has used, by its hash.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "client_assertion")]
    pub struct Model {
        /// SHA-256 of client and `jti`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        /// `expires_at` (milliseconds UTC).
        pub expires_at: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
