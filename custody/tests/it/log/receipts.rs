//! Receipts: green, amber, and red for every bit that is changed.

use custody::act::{Act, seal_act};
use custody::envelope::{Signer as _, SoftSigner, seal};
use custody::event::Event;
use custody::ids::{EventId, Nonce};
use custody::kind::Kind;
use custody::log::leaf::{self, Salt, commit};
use custody::log::receipt::Logged;
use custody::log::tiles::Tiles;
use custody::log::{Algorithm, Checkpoint, Fact, NoteKey, Policy, Reason, Receipt, Verdict};
use domain::dossier::words::Language;
use ed25519_dalek::SigningKey;

const ORIGIN: &str = "post.example/custody/2026";

struct Log {
    key: NoteKey,
    witness: NoteKey,
}

impl Log {
    fn new() -> Self {
        let key = |name, algorithm, seed| NoteKey::new(name, algorithm, SigningKey::from_bytes(&[seed; 32]));
        Self {
            key: key(ORIGIN, Algorithm::Log, 1).expect("a name"),
            witness: key("archive.example", Algorithm::Cosignature, 2).expect("a name"),
        }
    }

    fn policy(&self) -> Policy {
        let (log, witness) = (self.key.verifier(), self.witness.verifier());
        Policy::parse(&format!("log {log}\nwitness W {witness}\nquorum W\n")).expect("a policy")
    }

    /// A log of nine leaves, the fifth of them these bytes.
    fn hold(&self, signed: &[u8]) -> Logged {
        let salt = [7; 32];
        let mut tree = Tiles::default();
        for index in 0..9 {
            let data = if index == 5 {
                commit(&Salt(salt), signed).to_vec()
            } else {
                vec![u8::try_from(index).expect("small")]
            };
            tree.append(index, leaf::hash(&data));
        }
        let head = Checkpoint {
            origin: ORIGIN.to_owned(),
            size: 9,
            root: tree.root(9).expect("a root"),
        };
        let text = head.text();
        let lines = [self.key.line(&text, 0), self.witness.line(&text, 1_800_000_000)].concat();
        Logged {
            salt,
            index: 5,
            hashes: tree.inclusion(5, 9).expect("a proof"),
            note: format!("{text}\n{lines}"),
        }
    }
}

fn device() -> SoftSigner {
    SoftSigner::from_bytes(&[9; 32]).expect("a key")
}

fn signed_event() -> Receipt {
    let device = device();
    let event = Event::new(Kind::TakeIn, device.public_key().device_id(), 1, EventId::ZERO);
    Receipt {
        signed: seal(&event, &device).expect("signed").bytes,
        signer: device.public_key().0.to_vec(),
        logged: None,
    }
}

fn signed_act() -> Receipt {
    let key = SigningKey::from_bytes(&[3; 32]);
    let act = Act {
        kind: "dossier.received".to_owned(),
        subject: [4; 16],
        actor: "user:1".to_owned(),
        at_ms: 1,
        data: "{}".to_owned(),
        nonce: Nonce([5; 16]),
    };
    Receipt {
        signed: seal_act(&act, &key).bytes,
        signer: key.verifying_key().as_bytes().to_vec(),
        logged: None,
    }
}

fn in_log(log: &Log, receipt: Receipt) -> Receipt {
    Receipt {
        logged: Some(log.hold(&receipt.signed)),
        ..receipt
    }
}

#[test]
fn what_is_in_the_log_is_green_and_says_who_saw_it() {
    let log = Log::new();
    for receipt in [signed_event(), signed_act()] {
        let receipt = in_log(&log, receipt);
        let Verdict::Green {
            index,
            size,
            origin,
            witnesses,
            ..
        } = receipt.check(&log.policy())
        else {
            panic!("{:?}", receipt.check(&log.policy()));
        };
        assert_eq!((index, size, origin.as_str()), (5, 9, ORIGIN));
        assert_eq!(witnesses, [("archive.example".to_owned(), 1_800_000_000)]);
        let text = receipt.to_text().expect("a text");
        assert_eq!(Receipt::parse(&text), Ok(receipt.clone()));
        assert_eq!(Receipt::parse(&receipt.to_code()), Ok(receipt));
    }
}

#[test]
fn what_is_signed_and_not_in_the_log_yet_is_amber() {
    let receipt = signed_event();
    let Verdict::Amber {
        fact: Fact::Event(event),
        ..
    } = receipt.check(&Log::new().policy())
    else {
        panic!("not amber");
    };
    assert_eq!(event.kind, Kind::TakeIn);
    assert_eq!(receipt.to_text(), None, "there is no proof to write");
    let code = receipt.to_code();
    for text in [code.clone(), format!("https://post.example/verify#{code}\n")] {
        assert_eq!(Receipt::parse(&text), Ok(receipt.clone()), "{text}");
    }
    assert_eq!(in_log(&Log::new(), receipt.clone()).provisional(), receipt);
}

#[test]
fn what_is_not_in_the_log_is_believed_of_known_keys_only() {
    let log = Log::new();
    for receipt in [signed_event(), signed_act()] {
        let key = hex::encode(&receipt.signer);
        let other = hex::encode(vec![2; receipt.signer.len()]);
        let line = |key: &str| match receipt.signer.len() {
            32 => format!("server {key}\n"),
            _ => format!("device {} {key} 7 9\n", "00".repeat(16)),
        };
        let with = |lines: &str| log.policy().with_signers(lines).expect("keys");
        let known = with(&format!("{}{}", line(&other), line(&key)));
        assert!(matches!(receipt.check(&known), Verdict::Amber { .. }));
        let strange = with(&line(&other));
        assert_eq!(receipt.check(&strange), Verdict::Red(Reason::UnknownSigner));
        let proved = in_log(&log, receipt.clone()).check(&strange);
        assert!(matches!(proved, Verdict::Green { .. }), "the log vouches: {proved:?}");
    }
    assert!(log.policy().with_signers("server zz\n").is_err());
}

#[test]
fn each_reason_has_its_case_and_its_words() {
    let log = Log::new();
    let whole = in_log(&log, signed_event());
    let red = |receipt: &Receipt, policy: &Policy| match receipt.check(policy) {
        Verdict::Red(reason) => Some(reason),
        Verdict::Green { .. } | Verdict::Amber { .. } => None,
    };
    let logged = whole.logged.clone().expect("in the log");
    let with = |logged: Logged| Receipt {
        logged: Some(logged),
        ..whole.clone()
    };
    let of_other = Receipt {
        signer: SoftSigner::from_bytes(&[8; 32]).expect("a key").public_key().0.to_vec(),
        ..whole.clone()
    };
    assert_eq!(red(&of_other, &log.policy()), Some(Reason::BadSignature));
    let nothing = Receipt {
        signed: b"nothing".to_vec(),
        ..whole.clone()
    };
    assert_eq!(red(&nothing, &log.policy()), Some(Reason::NotAFact));
    let other_salt = with(Logged {
        salt: [8; 32],
        ..logged.clone()
    });
    assert_eq!(red(&other_salt, &log.policy()), Some(Reason::NotInLog));
    let no_note = with(Logged {
        note: "nothing".to_owned(),
        ..logged.clone()
    });
    assert_eq!(red(&no_note, &log.policy()), Some(Reason::BadCheckpoint));
    let unknown = Policy::of_log(
        NoteKey::new("other.example", Algorithm::Log, SigningKey::from_bytes(&[1; 32]))
            .expect("a name")
            .verifier(),
    );
    assert_eq!(red(&whole, &unknown), Some(Reason::UnknownLog));
    let unwitnessed = with(Logged {
        note: logged
            .note
            .lines()
            .take(5)
            .fold(String::new(), |all, line| all + line + "\n"),
        ..logged
    });
    assert_eq!(red(&unwitnessed, &log.policy()), Some(Reason::TooFewWitnesses));
    assert!(
        matches!(
            unwitnessed.check(&Policy::of_log(log.key.verifier())),
            Verdict::Green { .. }
        ),
        "nobody asked for one"
    );
    for (reason, name) in Reason::ALL {
        assert_eq!(reason.as_str(), name);
        assert_ne!(reason.words(Language::Vietnamese), reason.words(Language::English));
    }
}

#[test]
fn no_bit_of_a_receipt_can_be_changed() {
    let log = Log::new();
    let policy = log.policy();
    for receipt in [signed_event(), signed_act()] {
        let text = in_log(&log, receipt).to_text().expect("a text");
        let (mut tried, bytes) = (0, text.as_bytes());
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut bent = bytes.to_vec();
                bent[at] ^= 1 << bit;
                let Ok(bent) = String::from_utf8(bent) else { continue };
                tried += 1;
                let accepted =
                    Receipt::parse(&bent).is_ok_and(|one| matches!(one.check(&policy), Verdict::Green { .. }));
                assert!(!accepted, "bit {bit} of byte {at}");
            }
        }
        assert!(tried > 5000, "{tried}");
    }
}

#[test]
fn no_letter_of_a_code_can_be_changed() {
    let log = Log::new();
    let receipt = in_log(&log, signed_event());
    let (code, policy) = (receipt.to_code(), log.policy());
    for at in 0..code.len() {
        let mut bent = code.clone().into_bytes();
        bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
        let bent = String::from_utf8(bent).expect("letters");
        let accepted = Receipt::parse(&bent).is_ok_and(|one| matches!(one.check(&policy), Verdict::Green { .. }));
        assert!(!accepted, "letter {at}");
    }
    assert!(Receipt::parse(&code.to_lowercase()).is_err(), "one way to write it");
    assert!(Receipt::parse("").is_err());
}
