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

/// A session of a member of staff: one sign-in, in one role at a time.
pub mod staff_session {
    use sea_orm::entity::prelude::*;

    /// A session of a member of staff: one sign-in, in one role at a time.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff_session")]
    pub struct Model {
        /// `id`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `staff_id`.
        pub staff_id: Uuid,
        /// `role`: the hat worn now.
        pub role: String,
        /// `device_id`: the device it is bound to, when it is.
        pub device_id: Option<Vec<u8>>,
        /// `generation`: which refresh token is the newest.
        pub generation: i64,
        /// `turned_at`: when the newest was made (milliseconds UTC).
        pub turned_at: i64,
        /// `replays`: how often the one before it was answered again.
        pub replays: i64,
        /// `created_at` (milliseconds UTC).
        pub created_at: i64,
        /// `expires_at` (milliseconds UTC).
        pub expires_at: i64,
        /// `proved_at`: when the person last proved again who they are (milliseconds UTC).
        pub proved_at: Option<i64>,
        /// `ended_at` (milliseconds UTC).
        pub ended_at: Option<i64>,
        /// `ended_why`: `left`, `idle`, `reused` or `shut`.
        pub ended_why: Option<String>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody's second factor. Its secret is derived from the server's keys and the salt.
pub mod second_factor {
    use sea_orm::entity::prelude::*;

    /// Somebody's second factor.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "second_factor")]
    pub struct Model {
        /// `staff_id`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub staff_id: Uuid,
        /// `salt`.
        pub salt: Vec<u8>,
        /// `created_at` (milliseconds UTC).
        pub created_at: i64,
        /// `confirmed_at`: since when it must be used (milliseconds UTC).
        pub confirmed_at: Option<i64>,
        /// `last_step`: the newest time step whose code was used.
        pub last_step: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One look of a member of staff into a dossier, or a list of dossiers.
pub mod access_log {
    use sea_orm::entity::prelude::*;

    /// One look of a member of staff into a dossier, or a list of dossiers.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "access_log")]
    pub struct Model {
        /// `id`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `at_ms`: milliseconds UTC.
        pub at_ms: i64,
        /// `staff_id`.
        pub staff_id: Uuid,
        /// `role`: the hat they wore.
        pub role: String,
        /// `service_point_id`: their post office then.
        pub service_point_id: Option<Uuid>,
        /// `agency_id`: their agency then.
        pub agency_id: Option<Uuid>,
        /// `operator_id`: their postal operator then.
        pub operator_id: Option<Uuid>,
        /// `dossier_id`: none for a list.
        pub dossier_id: Option<Uuid>,
        /// `what`: `dossier`, `list` or `notices`.
        pub what: String,
        /// `purpose`, as a word.
        pub purpose: String,
        /// `rows`: dossiers shown.
        pub rows: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A change that one person proposed and another decides about.
pub mod change_request {
    use sea_orm::entity::prelude::*;

    /// A change that one person proposed and another decides about.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "change_request")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `operator_id`: whose people it concerns.
        pub operator_id: Uuid,
        /// `kind`, for example `user.roles`.
        pub kind: String,
        /// `subject`: the login it is about.
        pub subject: String,
        /// `body`: what is asked (JSON).
        pub body: String,
        /// `was`: how it stood when it was proposed (JSON).
        pub was: String,
        /// `becomes`: how it stands once approved (JSON).
        pub becomes: String,
        /// `reason`, in the proposer's words.
        pub reason: String,
        /// `proposed_by`: who.
        pub proposed_by: Uuid,
        /// `proposed_as`: in which role.
        pub proposed_as: String,
        /// `proposed_at`: milliseconds UTC.
        pub proposed_at: i64,
        /// `expires_at`: when it lapses undecided.
        pub expires_at: i64,
        /// `decision`: `approved`, `rejected` or `withdrawn`.
        pub decision: Option<String>,
        /// `decision_reason`, in the decider's words.
        pub decision_reason: Option<String>,
        /// `decided_by`: who.
        pub decided_by: Option<Uuid>,
        /// `decided_at`: milliseconds UTC.
        pub decided_at: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A dossier somebody asked to see although it is none of theirs, and what became of it.
pub mod broken_glass {
    use sea_orm::entity::prelude::*;

    /// A dossier somebody asked to see although it is none of theirs, and what became of it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "broken_glass")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `dossier_id`.
        pub dossier_id: Uuid,
        /// Who asked.
        pub staff_id: Uuid,
        /// In which role.
        pub role: String,
        /// Of which postal operator, when of one.
        pub operator_id: Option<Uuid>,
        /// Of which agency, when of one.
        pub agency_id: Option<Uuid>,
        /// Why.
        pub reason: String,
        /// `asked_at` (milliseconds UTC).
        pub asked_at: i64,
        /// Until when somebody may agree (milliseconds UTC).
        pub lapses_at: i64,
        /// `opened` or `refused`.
        pub decision: Option<String>,
        /// Who decided.
        pub decided_by: Option<Uuid>,
        /// `decided_at` (milliseconds UTC).
        pub decided_at: Option<i64>,
        /// Until when it is seen (milliseconds UTC).
        pub until_ms: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A ruling somebody proposed, and what became of it.
pub mod ruling_request {
    use sea_orm::entity::prelude::*;

    /// A ruling somebody proposed, and what became of it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ruling_request")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The item in dispute (16 bytes) or the event that is not applied (32 bytes).
        pub case_id: Vec<u8>,
        /// Who proposed it.
        pub staff_id: Uuid,
        /// In which role.
        pub role: String,
        /// Of which postal operator, when of one.
        pub operator_id: Option<Uuid>,
        /// Of which agency, when of one.
        pub agency_id: Option<Uuid>,
        /// `stands`, `found`, `apply`, `attach` or `reject`.
        pub outcome: String,
        /// What the log would say.
        pub data: String,
        /// Why.
        pub reason: String,
        /// `asked_at` (milliseconds UTC).
        pub asked_at: i64,
        /// Until when somebody may agree (milliseconds UTC).
        pub lapses_at: i64,
        /// `approved`, `rejected` or `withdrawn`.
        pub decision: Option<String>,
        /// Who decided.
        pub decided_by: Option<Uuid>,
        /// `decided_at` (milliseconds UTC).
        pub decided_at: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A one-time code of a citizen, without the code.
pub mod citizen_code {
    use sea_orm::entity::prelude::*;

    /// A one-time code of a citizen, without the code.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "citizen_code")]
    pub struct Model {
        /// Identifier.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `dossier_id`.
        pub dossier_id: Uuid,
        /// What it is for.
        pub act: String,
        /// The telephone it is sent to, under the server's secret.
        pub phone_hash: Vec<u8>,
        /// `made_at` (milliseconds UTC).
        pub made_at: i64,
        /// `expires_at` (milliseconds UTC).
        pub expires_at: i64,
        /// Wrong tries.
        pub tries: i64,
        /// `ended_at` (milliseconds UTC).
        pub ended_at: Option<i64>,
        /// `used`, `wrong` or `replaced`.
        pub ended_why: Option<String>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
