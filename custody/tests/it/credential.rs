//! Who may be named in a hand-over: only whom the server vouches for, as who they are, while it does.

use custody::credential::{Credential, CredentialError};
use custody::handover::{Hello, Introduced, StrangerError, introduce};
use domain::hat::Hat;
use ed25519_dalek::SigningKey;

use crate::handover::{Meeting, line};
use crate::world::{NOW_MS, Person, party, server};

fn person() -> Person {
    Person::new(2, Hat::AgencyReceiver)
}

fn meet(picture: &[u8]) -> Result<Credential, StrangerError> {
    Hello::decode(picture, &[server().verifying_key()], NOW_MS).map(|(_, who)| who)
}

fn picture(credential: &[u8]) -> Vec<u8> {
    Meeting::new().receiver.hello().encode(credential)
}

#[test]
fn a_credential_says_who_this_is_and_under_which_hats_and_fits_a_picture() {
    let issued = person().credential().issue(&server());
    assert_eq!(
        Credential::open(&issued, &[server().verifying_key()]),
        Ok(person().credential())
    );
    assert_eq!(person().credential().party(Hat::AgencyReceiver), Some(party(2)));
    assert_eq!(person().credential().party(Hat::Carrier), None);
    assert!(issued.len() < 300, "{}", issued.len());
}

#[test]
fn a_long_name_is_told_up_to_a_whole_letter() {
    let long = Credential {
        name: "ữ".repeat(200),
        ..person().credential()
    };
    let told = Credential::open(&long.issue(&server()), &[server().verifying_key()]).expect("reads");
    assert_eq!(told.name, "ữ".repeat(20));
}

#[test]
fn nobody_vouches_for_what_another_key_signed_or_somebody_changed() {
    let forged = person().credential().issue(&SigningKey::from_bytes(&[78; 32]));
    assert_eq!(meet(&picture(&forged)), Err(StrangerError::Unknown));
    let issued = person().credential().issue(&server());
    assert!(meet(&picture(&issued)).is_ok());
    for at in 0..issued.len() {
        let mut bent = issued.clone();
        bent[at] ^= 1;
        let opened = Credential::open(&bent, &[server().verifying_key()]);
        assert!(opened.is_err(), "byte {at}: {opened:?}");
    }
    assert_eq!(
        Credential::open(&issued, &[]),
        Err(CredentialError::Forged),
        "a phone that knows no server believes nobody"
    );
    assert_eq!(Credential::open(b"", &[]), Err(CredentialError::Unreadable));
}

#[test]
fn a_hat_that_is_not_theirs_and_an_ended_credential_are_refused() {
    let as_carrier = Person::new(2, Hat::Carrier).credential().issue(&server());
    assert_eq!(meet(&picture(&as_carrier)), Err(StrangerError::NotTheirs));
    let until = |until_ms| {
        let credential = Credential {
            until_ms,
            ..person().credential()
        };
        meet(&picture(&credential.issue(&server()))).map(drop)
    };
    assert_eq!(until(NOW_MS), Ok(()));
    assert_eq!(until(NOW_MS - 1), Err(StrangerError::Ended));
}

#[test]
fn an_offer_is_its_givers_and_not_under_somebody_elses_credential() {
    let meeting = Meeting::new();
    let (_, offer) = meeting.offer(vec![line(1)]);
    let shown = |credential: Credential| {
        let message = introduce(&offer.bytes, &credential.issue(&server()));
        Introduced::decode(&message, &[server().verifying_key()], NOW_MS)
    };
    let introduced = shown(meeting.giver.credential()).expect("the giver's own");
    assert_eq!((introduced.offer, introduced.hat), (offer.bytes.clone(), Hat::Carrier));
    assert_eq!(introduced.giver, meeting.giver.credential());
    assert_eq!(
        shown(Person::new(3, Hat::Carrier).credential()),
        Err(StrangerError::NotTheirs)
    );
    assert_eq!(
        Introduced::decode(&offer.bytes, &[server().verifying_key()], NOW_MS),
        Err(StrangerError::Unreadable),
        "an offer without a credential is nobody's"
    );
}
