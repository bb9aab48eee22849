//! Every code that is scanned or typed at a counter: reading it, making it, saying why it is wrong.
//!
//! One module per code, each with its own type, its own error and its own doubts. An error is hard syntax
//! and refuses the text; a warning is a soft check and refuses nothing. [`inspect`] tells the codes apart.
//! The item code, the telephone number and the procedure code are older and live in [`crate::item_code`],
//! [`crate::phone`] and [`crate::procedure_code`]. What is uncertain or changes (service indicators, agency
//! codes, postcodes, banks) is a table that is passed in. Nothing here proves who a person is.
//!
//! Source: Quy ước Trao Tay, đọc mã

pub mod agency;
pub mod bank;
pub mod birth_province;
pub mod block_holder;
pub mod card_qr;
pub mod country;
pub mod dossier_code;
pub mod dossier_grammar;
pub mod inspect;
pub mod item_label;
pub mod old_id;
pub mod payment_token;
pub mod personal_id;
pub mod postcode;
pub mod reuse;
pub mod serial_block;
pub mod serial_blocks;
pub mod service;
pub mod vietqr;
pub mod words;
