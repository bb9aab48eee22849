//! Folds of the inbox: each of these tables can be emptied and rebuilt to the same bytes.

/// A device key and how complete its chain of events is.
pub mod device {
    use sea_orm::entity::prelude::*;

    /// A device key and how complete its chain of events is.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "device")]
    pub struct Model {
        /// `device_id`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub device_id: Vec<u8>,
        /// `public_key`.
        pub public_key: Vec<u8>,
        /// `staff_id`.
        pub staff_id: Uuid,
        /// `hats`.
        pub hats: String,
        /// `enrolled_index`.
        pub enrolled_index: i64,
        /// `revoked_index`.
        pub revoked_index: Option<i64>,
        /// `contiguous`.
        pub contiguous: i64,
        /// `seq_max`.
        pub seq_max: i64,
        /// `fork_at` (milliseconds UTC).
        pub fork_at: Option<i64>,
        /// `broken_at` (milliseconds UTC).
        pub broken_at: Option<i64>,
        /// `browser`, or nothing for the key store of a phone or desk.
        pub key_class: Option<String>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The readable face of one signed custody event and the verdict on it.
pub mod custody_event {
    use sea_orm::entity::prelude::*;

    /// The readable face of one signed custody event and the verdict on it.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "custody_event")]
    pub struct Model {
        /// SHA-256 of the signed structure.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
        /// Place in the log.
        pub log_index: i64,
        /// `kind`.
        pub kind: i64,
        /// `device_id`.
        pub device_id: Vec<u8>,
        /// `seq`.
        pub seq: i64,
        /// `prev`.
        pub prev: Vec<u8>,
        /// `about`.
        pub about: Option<Vec<u8>>,
        /// `verdict`.
        pub verdict: String,
        /// False when it names a server time that this server did not tell its device; then only its receipt says when it was.
        pub time_is_ours: bool,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which events speak of which item.
pub mod item_event {
    use sea_orm::entity::prelude::*;

    /// Which events speak of which item.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "item_event")]
    pub struct Model {
        /// First 16 bytes of SHA-256("traotay/item/v1" ‖ item code).
        #[sea_orm(primary_key, auto_increment = false)]
        pub item_id: Vec<u8>,
        /// SHA-256 of the signed structure.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which bytes an event names by their hash: photographs, drawn signatures.
pub mod event_evidence {
    use sea_orm::entity::prelude::*;

    /// Which bytes an event names by their hash.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "event_evidence")]
    pub struct Model {
        /// SHA-256 of the signed structure.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
        /// SHA-256 of the bytes.
        #[sea_orm(primary_key, auto_increment = false)]
        pub sha256: Vec<u8>,
        /// The device the event names.
        pub device_id: Vec<u8>,
        /// When the event came, milliseconds UTC.
        pub since: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who holds an item and in which state it is; `body` is the fold's own bytes.
pub mod item_custody {
    use sea_orm::entity::prelude::*;

    /// Who holds an item and in which state it is; `body` is the fold's own bytes.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "item_custody")]
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
        /// `state`.
        pub state: String,
        /// `holder`.
        pub holder: Option<String>,
        /// `head`.
        pub head: Option<Vec<u8>>,
        /// `since_ms` (milliseconds UTC).
        pub since_ms: i64,
        /// `provisional`.
        pub provisional: bool,
        /// `disputed`.
        pub disputed: bool,
        /// `parked`.
        pub parked: i64,
        /// `attempts`.
        pub attempts: i64,
        /// How many steps of this item the tracking feed has told.
        pub told: i64,
        /// `body`.
        pub body: Vec<u8>,
        /// Place in the log.
        pub log_index: i64,
        /// The label on the sealed bag it lies in.
        pub bag: Option<String>,
        /// The event that packed it.
        pub packed_in: Option<Vec<u8>>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An administrative act on a dossier, in log order.
pub mod dossier_act {
    use sea_orm::entity::prelude::*;

    /// An administrative act on a dossier, in log order.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "dossier_act")]
    pub struct Model {
        /// SHA-256 of the signed structure.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
        /// `dossier_id`.
        pub dossier_id: Uuid,
        /// Place in the log.
        pub log_index: i64,
        /// `kind`.
        pub kind: String,
        /// `at_ms` (milliseconds UTC).
        pub at_ms: i64,
        /// `data`.
        pub data: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The dossier's folded state; `body` holds its timestamps.
pub mod dossier_state {
    use sea_orm::entity::prelude::*;

    /// The dossier's folded state; `body` holds its timestamps.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "dossier_state")]
    pub struct Model {
        /// `dossier_id`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub dossier_id: Uuid,
        /// `state`.
        pub state: String,
        /// `mode`.
        pub mode: String,
        /// `code`.
        pub code: Option<String>,
        /// `due_on`.
        pub due_on: Option<String>,
        /// `waiting`.
        pub waiting: i64,
        /// `body`.
        pub body: String,
        /// Place in the log.
        pub log_index: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One row of the tracking feed that one-stop systems poll.
pub mod tracking_event {
    use sea_orm::entity::prelude::*;

    /// One row of the tracking feed that one-stop systems poll.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tracking_event")]
    pub struct Model {
        /// `seq`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        /// Place in the log.
        pub log_index: i64,
        /// `client_id`.
        pub client_id: Option<Uuid>,
        /// `customer_code`.
        pub customer_code: String,
        /// `order_number`.
        pub order_number: String,
        /// `item_code`.
        pub item_code: String,
        /// `pos_code`.
        pub pos_code: String,
        /// `status_code`.
        pub status_code: i64,
        /// `status_message`.
        pub status_message: String,
        /// `notes`.
        pub notes: String,
        /// `event_time`.
        pub event_time: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One row of the feed a phone pulls; `recipient` is a holder in text form.
pub mod change {
    use sea_orm::entity::prelude::*;

    /// One row of the feed a phone pulls; `recipient` is a holder in text form.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "change")]
    pub struct Model {
        /// `seq`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        /// Place in the log.
        pub log_index: i64,
        /// `recipient`.
        pub recipient: String,
        /// `body`.
        pub body: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An event that is kept but not applied, and why.
pub mod quarantine {
    use sea_orm::entity::prelude::*;

    /// An event that is kept but not applied, and why.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "quarantine")]
    pub struct Model {
        /// SHA-256 of the signed structure.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
        /// Place in the log.
        pub log_index: i64,
        /// `reason`.
        pub reason: String,
        /// `source`.
        pub source: String,
        /// `since` (milliseconds UTC).
        pub since: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What two people ruled, or what followed by itself from what was known of an event.
pub mod ruling {
    use sea_orm::entity::prelude::*;

    /// A ruling, as the log tells it.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "ruling")]
    pub struct Model {
        /// The act that says so.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
        /// Place in the log.
        pub log_index: i64,
        /// The item in dispute, or the one an event is attached to.
        pub item_id: Option<Vec<u8>>,
        /// The event ruled on, when it was one.
        pub about: Option<Vec<u8>>,
        /// `stands`, `found`, `apply`, `attach`, `reject` or `bracketed`.
        pub outcome: String,
        /// `at_ms` (milliseconds UTC).
        pub at_ms: i64,
        /// What the act says.
        pub data: String,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An event that waits for another one to arrive.
pub mod parked {
    use sea_orm::entity::prelude::*;

    /// An event that waits for another one to arrive.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "parked")]
    pub struct Model {
        /// SHA-256 of the signed structure.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Vec<u8>,
        /// Place in the log.
        pub log_index: i64,
        /// `reason`.
        pub reason: String,
        /// `since` (milliseconds UTC).
        pub since: i64,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who held an item from when until when, one row for each change of hands.
pub mod holding {
    use sea_orm::entity::prelude::*;

    /// Who held an item from when until when.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "holding")]
    pub struct Model {
        /// `item_id`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub item_id: Vec<u8>,
        /// `nth`: counted from 0.
        #[sea_orm(primary_key, auto_increment = false)]
        pub nth: i64,
        /// `dossier_id`.
        pub dossier_id: Uuid,
        /// `holder`, as in the log.
        pub holder: String,
        /// `party`: the holder's id, when it has one.
        pub party: Option<Uuid>,
        /// `since_ms`: milliseconds UTC.
        pub since_ms: i64,
        /// `until_ms`: milliseconds UTC; none while it has it.
        pub until_ms: Option<i64>,
    }

    /// Relations are written as explicit queries; none are declared here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
