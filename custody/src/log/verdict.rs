//! What a receipt proves, in three colours.

use ed25519_dalek::VerifyingKey;

use domain::dossier::words::Language;

use super::note::{NoteError, open};
use super::policy::Policy;
use super::receipt::{Logged, Receipt};
use super::{leaf, tiles};
use crate::act::{SignedAct, parse_act, server_key_id, verify_act};
use crate::envelope::{Envelope, PublicKey};
use crate::event::Event;
use crate::ids::EventId;

/// A signed fact whose signature was checked.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// What a device signed.
    Event(Box<Event>),
    /// What the server was told.
    Act(Box<crate::act::Act>),
}

/// What a receipt proves.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Signed, and in the log that enough witnesses have seen.
    Green {
        /// The fact's id.
        id: EventId,
        /// What was signed.
        fact: Fact,
        /// Its number in the log, from 0.
        index: u64,
        /// The log.
        origin: String,
        /// How many leaves the log had.
        size: u64,
        /// The root over them.
        root: [u8; 32],
        /// Who saw it, and when, in seconds UTC.
        witnesses: Vec<(String, u64)>,
    },
    /// Signed, not yet in the log.
    Amber {
        /// The fact's id.
        id: EventId,
        /// What was signed.
        fact: Fact,
    },
    /// It proves nothing.
    Red(Reason),
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Not a receipt at all.
    #[error("this is no receipt")]
    NotAReceipt,
    /// The signed bytes are not an event or act of ours.
    #[error("what was signed cannot be read")]
    NotAFact,
    /// The signature is not the signer's.
    #[error("the signature is not that of the key named")]
    BadSignature,
    /// Signed by a key of nobody we know, and the log does not vouch for it.
    #[error("it is not in the log, and none of the keys we know signed it")]
    UnknownSigner,
    /// The checkpoint is not one.
    #[error("the log's signed head cannot be read")]
    BadCheckpoint,
    /// The log is not one we know, or its signature is wrong.
    #[error("the log's head is not signed by a log we know")]
    UnknownLog,
    /// Too few witnesses have seen this head.
    #[error("too few witnesses have signed the log's head")]
    TooFewWitnesses,
    /// The leaf is not in the tree.
    #[error("the log does not hold this")]
    NotInLog,
}

impl Reason {
    /// Every reason with its stable name.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::NotAReceipt, "not_a_receipt"),
        (Self::NotAFact, "not_a_fact"),
        (Self::BadSignature, "bad_signature"),
        (Self::UnknownSigner, "unknown_signer"),
        (Self::BadCheckpoint, "bad_checkpoint"),
        (Self::UnknownLog, "unknown_log"),
        (Self::TooFewWitnesses, "too_few_witnesses"),
        (Self::NotInLog, "not_in_log"),
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(reason, _)| *reason == self)
            .map_or("", |(_, name)| name)
    }

    /// The reason for people.
    pub fn words(self, language: Language) -> String {
        let vietnamese = match self {
            Self::NotAReceipt => "Đây không phải biên nhận của Trao Tay.",
            Self::NotAFact => "Không đọc được nội dung đã ký.",
            Self::BadSignature => "Chữ ký không đúng: nội dung đã bị sửa hoặc người khác ký.",
            Self::UnknownSigner => {
                "Chưa vào sổ, và không do khóa nào đã biết ký: ai cũng có thể tự làm. Nếu trang này đã lưu lâu, hãy mở lại khi có mạng."
            }
            Self::BadCheckpoint => "Không đọc được xác nhận của sổ.",
            Self::UnknownLog => "Xác nhận của sổ không do sổ đã biết ký.",
            Self::TooFewWitnesses => "Chưa đủ bên làm chứng ký xác nhận của sổ.",
            Self::NotInLog => "Sổ không có việc này: biên nhận đã bị sửa hoặc làm giả.",
        };
        match language {
            Language::Vietnamese => vietnamese.to_owned(),
            Language::English => self.to_string(),
        }
    }
}

impl Receipt {
    /// What it proves to who believes in this policy. Nothing is asked of anybody: no network, no clock.
    pub fn check(&self, policy: &Policy) -> Verdict {
        let (id, fact) = match self.fact() {
            Ok(read) => read,
            Err(reason) => return Verdict::Red(reason),
        };
        let Some(logged) = &self.logged else {
            return if policy.believes(&self.signer) {
                Verdict::Amber { id, fact }
            } else {
                Verdict::Red(Reason::UnknownSigner)
            };
        };
        match self.in_log(logged, policy) {
            Err(reason) => Verdict::Red(reason),
            Ok(opened) => Verdict::Green {
                id,
                fact,
                index: logged.index,
                origin: opened.checkpoint.origin,
                size: opened.checkpoint.size,
                root: opened.checkpoint.root,
                witnesses: opened.witnesses,
            },
        }
    }

    fn fact(&self) -> Result<(EventId, Fact), Reason> {
        if let Ok(envelope) = Envelope::parse(&self.signed) {
            let key = self.signer.as_slice().try_into().map(PublicKey);
            let key = key.map_err(|_| Reason::BadSignature)?;
            envelope.verify(&key).map_err(|_| Reason::BadSignature)?;
            return Ok((envelope.id(), Fact::Event(Box::new(envelope.into_event()))));
        }
        let act = parse_act(&self.signed).map_err(|_| Reason::NotAFact)?;
        let key = self.signer.as_slice().try_into().ok();
        let key = key.and_then(|key| VerifyingKey::from_bytes(key).ok());
        let key = key
            .filter(|key| server_key_id(key) == act.kid)
            .ok_or(Reason::BadSignature)?;
        verify_act(&act, &key).map_err(|_| Reason::BadSignature)?;
        let SignedAct { id, act, .. } = act;
        Ok((id, Fact::Act(Box::new(act))))
    }

    fn in_log(&self, logged: &Logged, policy: &Policy) -> Result<super::Opened, Reason> {
        let opened = open(logged.note.as_bytes(), policy).map_err(|error| match error {
            NoteError::Malformed => Reason::BadCheckpoint,
            NoteError::NotSigned => Reason::UnknownLog,
        })?;
        let leaf = leaf::hash(&leaf::commit(&leaf::Salt(logged.salt), &self.signed));
        let head = (opened.checkpoint.size, opened.checkpoint.root);
        tiles::check_inclusion(&logged.hashes, head, logged.index, leaf).map_err(|_| Reason::NotInLog)?;
        if !policy.is_met(&opened.witnesses) {
            return Err(Reason::TooFewWitnesses);
        }
        Ok(opened)
    }
}
