//! Published vectors: a tree of eight leaves, and a checkpoint with a witness and a proof.

use custody::log::leaf::{self, Salt, commit};
use custody::log::note::open;
use custody::log::tiles::{self, Tiles, check_consistency, check_inclusion};
use custody::log::{Algorithm, NoteKey, Policy, Proof};
use ed25519_dalek::SigningKey;

/// The tree of RFC 6962's own tests: leaf data in hex, and the root after each.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const LOG_KEY: &str = "log.example/custody-test+a7b57de1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
const WITNESS_KEY: &str = "witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X";
pub(super) const PROOF: &str = "c2sp.org/tlog-proof@v1
index 4
I/qTAv7ahYItMvXHZb+4ixAJS0v7m5wE9LrLdd+Mzgg=
S9elquVn09FTQ5oEAjm8oaP7OcbX+5DSbPRFUkXl3+I=
Aq32Oz5DMS8amWcb7LpfKh6y1UxANA5veCaOdKVSD4k=

log.example/custody-test
7
Zfo/f1CUEUAbk4tTm/su63Z05AsuhpPg4iJZ4DZ98gY=

— log.example/custody-test p7V94SB3A9BpodpV3wU5hL1CqBBVADYN/jzI1YlzCnjfXmpClkBsOa67a7/G7nOo5fFzkBWSGIFq6UhA0pqv57/eyAo=
— witness.example/w1 IDJKvgAAAABqsTu8qKZWPMckJTS4c36sCjph+uEDslILS2oUy3dr/YksyszmT9OEorc9T5+AXP8C4nXaTOHuX45G/ty5gWldDDtyAA==
";
/// The ACCEPT of the hand-over vectors, which is leaf 4.
const ACCEPT_LEAF: &str = "01f7321150c2e5742effe857c44f0b192cffc53b46a4109d0155a8db3b4b1ea22d";

fn bytes(hex_text: &str) -> Vec<u8> {
    hex::decode(hex_text).expect("hex")
}

fn hash(hex_text: &str) -> [u8; 32] {
    bytes(hex_text).try_into().expect("a hash")
}

pub(super) fn policy(quorum: &str) -> Policy {
    let text = format!("log {LOG_KEY}\nwitness w1 {WITNESS_KEY}\nquorum {quorum}\n");
    Policy::parse(&text).expect("a policy")
}

#[test]
fn eight_leaves_give_the_roots_of_the_published_tree() {
    let mut tree = Tiles::default();
    for (index, (leaf, root)) in (0_u64..).zip(LEAVES.iter().zip(ROOTS)) {
        tree.append(index, leaf::hash(&bytes(leaf)));
        assert_eq!(
            hex::encode(tree.root(index + 1).expect("a root")),
            root,
            "{} leaves",
            index + 1
        );
    }
    let empty = hex::encode(tree.root(0).expect("a root"));
    assert_eq!(
        empty,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    let proof: Vec<String> = tree.inclusion(4, 7).expect("a proof").iter().map(hex::encode).collect();
    assert_eq!(
        proof,
        [
            "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
        ]
    );
    let proof: Vec<String> = tree
        .consistency(3, 7)
        .expect("a proof")
        .iter()
        .map(hex::encode)
        .collect();
    assert_eq!(
        proof,
        [
            "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
            "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e"
        ]
    );
}

#[test]
fn keys_of_fixed_seeds_read_and_write_as_published() {
    let seed = |from: u8| std::array::from_fn(|at| from + u8::try_from(at).expect("small"));
    let log = NoteKey::new(
        "log.example/custody-test",
        Algorithm::Log,
        SigningKey::from_bytes(&seed(0)),
    );
    let witness = NoteKey::new(
        "witness.example/w1",
        Algorithm::Cosignature,
        SigningKey::from_bytes(&seed(0x20)),
    );
    let (log, witness) = (log.expect("a name"), witness.expect("a name"));
    assert_eq!(log.verifier().to_string(), LOG_KEY);
    assert_eq!(witness.verifier().to_string(), WITNESS_KEY);
    let opened = open(PROOF.split_once("\n\n").expect("a note").1.as_bytes(), &policy("w1")).expect("opens");
    let text = opened.checkpoint.text();
    for line in [log.line(&text, 0), witness.line(&text, opened.witnesses[0].1)] {
        assert!(PROOF.contains(&line), "{line}");
    }
}

#[test]
fn the_published_proof_is_accepted_and_each_mutation_of_it_refused() {
    let proof = Proof::parse(PROOF).expect("a proof");
    let opened = open(proof.note.as_bytes(), &policy("w1")).expect("opens");
    let head = (opened.checkpoint.size, opened.checkpoint.root);
    let leaf = leaf::hash(&bytes(ACCEPT_LEAF));
    assert_eq!(
        leaf,
        hash("b812d854aa98ebfb14ffd550c0407aa4f1a0f2a503d744196b4c505a27c9f5d6")
    );
    assert!(check_inclusion(&proof.hashes, head, 4, leaf).is_ok());
    assert_eq!(Proof::parse(PROOF).expect("a proof").to_text(), PROOF);

    let refused = |hashes: &[[u8; 32]], head, index, leaf| check_inclusion(hashes, head, index, leaf).is_err();
    for other in [3, 5, 7, u64::MAX] {
        assert!(refused(&proof.hashes, head, other, leaf), "index {other}");
    }
    // A proof says nothing of the size: that stands in the signed head, which is why it is refused there.
    assert!(refused(&proof.hashes, (4, head.1), 4, leaf), "size 4");
    let mut bent = proof.hashes.clone();
    bent[1][31] ^= 1;
    assert!(refused(&bent, head, 4, leaf), "a bit of a hash");
    assert!(refused(&proof.hashes[..2], head, 4, leaf), "a hash missing");
    bent = proof.hashes.clone();
    bent.push([0; 32]);
    assert!(refused(&bent, head, 4, leaf), "a hash too many");
    let mut root = head.1;
    root[0] ^= 0x80;
    assert!(refused(&proof.hashes, (7, root), 4, leaf), "a bit of the root");
    let without_prefix = tiles::node(leaf, leaf);
    assert!(refused(&proof.hashes, head, 4, without_prefix), "another prefix");

    let bad = |from: &str, to: &str| {
        let note = proof.note.replacen(from, to, 1);
        assert_ne!(note, proof.note);
        assert!(open(note.as_bytes(), &policy("w1")).is_err(), "{from} became {to}");
    };
    bad("\n7\n", "\n6\n");
    bad("\n7\n", "\n8\n");
    bad("\n7\n", "\n07\n");
    bad("log.example/custody-test\n7", "log.example/custody-other\n7");
    bad("Zfo/", "Zfp/");
    bad("p7V94S", "p7V94T");
    bad("IDJKvgAAAABqsTu8", "IDJKvgAAAABqsTu9");
    let stranger = LOG_KEY.replace("custody-test", "custody-tess");
    assert!(
        stranger.parse::<custody::log::VerifierKey>().is_err(),
        "the id is of another name"
    );
}

#[test]
fn a_leaf_is_what_the_salt_and_the_bytes_make() {
    let salt = Salt(std::array::from_fn(|at| u8::try_from(at).expect("small")));
    // Leaf 0 of the published log.
    let filler = commit(&salt, b"filler-0");
    assert_ne!(filler, commit(&salt, b"filler-1"));
    assert_ne!(
        filler,
        commit(&Salt([0; 32]), b"filler-0"),
        "another salt is another leaf"
    );
    assert_eq!(filler[0], 1);
    let mut tree = Tiles::default();
    for index in 0..7_u64 {
        let data = if index == 4 {
            bytes(ACCEPT_LEAF)
        } else {
            commit(&salt, format!("filler-{index}").as_bytes()).to_vec()
        };
        tree.append(index, leaf::hash(&data));
    }
    assert_eq!(
        hex::encode(tree.root(7).expect("a root")),
        "65fa3f7f509411401b938b539bfb2eeb7674e40b2e8693e0e22259e0367df206"
    );
}

#[test]
fn a_witness_takes_an_empty_proof_from_nothing_and_to_the_same_only() {
    let (one, other) = ([1; 32], [2; 32]);
    assert!(check_consistency(&[], (0, other), (7, one)).is_ok());
    assert!(check_consistency(&[], (7, one), (7, one)).is_ok());
    assert!(
        check_consistency(&[[0; 32]], (0, other), (7, one)).is_err(),
        "a proof of nothing"
    );
    assert!(
        check_consistency(&[], (7, one), (7, other)).is_err(),
        "another tree of this size"
    );
    assert!(check_consistency(&[], (8, one), (7, one)).is_err(), "smaller");
}
