//! Folds of what the log says of money and of matters beside the dossier; and what people wrote, which is in no log.

/// One line of a dossier's money: an act, or a cash event of a device.
pub mod money_line {
    use sea_orm::entity::prelude::*;

    /// One line of a dossier's money: an act, or a cash event of a device.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "money_line")]
    pub struct Model {
        /// The act or event.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
        /// Its place in the log when it was folded.
        pub log_index: i64,
        /// Whose it is.
        pub dossier_id: Uuid,
        /// `money.charged`, `money.exempted`, `money.collected` or `money.refunded`.
        pub kind: String,
        /// `postage`, `state_fee` or `other`.
        pub ledger: String,
        /// Whole đồng.
        pub amount: i64,
        /// How it was paid.
        pub tender: Option<String>,
        /// Whose hands it came into or went out of.
        pub till: Option<String>,
        /// Who said so.
        pub actor: String,
        /// When (milliseconds UTC).
        pub at_ms: i64,
        /// The line's record (JSON).
        pub data: String,
        /// Since when the device that told it is not trusted (milliseconds UTC).
        pub distrusted_at: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A receipt for a State fee. A void one keeps its number.
pub mod fee_receipt {
    use sea_orm::entity::prelude::*;

    /// A receipt for a State fee. A void one keeps its number.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fee_receipt")]
    pub struct Model {
        /// Point, series and serial as printed.
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: String,
        /// The service point.
        pub point_id: Uuid,
        /// The series.
        pub series: String,
        /// The number in the series.
        pub serial: i64,
        /// Whose it is.
        pub dossier_id: Uuid,
        /// Whose fee it is.
        pub agency_id: Uuid,
        /// Whole đồng.
        pub amount: i64,
        /// The collection it is for.
        pub line_id: Vec<u8>,
        /// When it was issued (milliseconds UTC).
        pub issued_at: i64,
        /// When it was voided (milliseconds UTC).
        pub voided_at: Option<i64>,
        /// Why it is void.
        pub void_reason: Option<String>,
        /// The statement it stands in.
        pub remittance_id: Option<Uuid>,
        /// The last fact that changed it.
        pub log_index: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An act on a matter beside the dossier: a shift, a remittance, a complaint, compensation, feedback.
pub mod matter_act {
    use sea_orm::entity::prelude::*;

    /// An act on a matter beside the dossier: a shift, a remittance, a complaint, compensation, feedback.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "matter_act")]
    pub struct Model {
        /// The act.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
        /// Its place in the log.
        pub log_index: i64,
        /// The matter.
        pub subject: Uuid,
        /// For example `complaint.answered`.
        pub kind: String,
        /// The dossier it is about.
        pub dossier_id: Option<Uuid>,
        /// The till, office or agency it is at.
        pub place: Option<String>,
        /// Who did it.
        pub actor: String,
        /// When (milliseconds UTC).
        pub at_ms: i64,
        /// What it says (JSON); nothing personal.
        pub data: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a person wrote in a matter. It may be personal, so the log has its hash only.
pub mod matter_text {
    use sea_orm::entity::prelude::*;

    /// What a person wrote in a matter. It may be personal, so the log has its hash only.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "matter_text")]
    pub struct Model {
        /// The act it was written with.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
        /// The matter.
        pub subject: Uuid,
        /// The dossier it is about.
        pub dossier_id: Uuid,
        /// The text.
        pub body: String,
        /// When (milliseconds UTC).
        pub created_at: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
