//! Trees of any size against the plain definition (RFC 6962 §2.1), and policies.

use std::collections::BTreeMap;

use custody::log::tiles::{Question, Tiles, check_consistency, check_inclusion, edge, node, wanted};
use custody::log::{Algorithm, NoteKey, Policy};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

fn leaf(index: u64) -> [u8; 32] {
    custody::log::leaf::hash(&index.to_be_bytes())
}

fn plain_root(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [one] => *one,
        more => {
            let (left, right) = more.split_at(1 << (more.len() - 1).ilog2());
            node(plain_root(left), plain_root(right))
        }
    }
}

fn tree(size: u64) -> Tiles {
    let mut tree = Tiles::default();
    for index in 0..size {
        tree.append(index, leaf(index));
    }
    tree
}

/// Only these tiles of a tree, none longer than the tree of this size has it.
fn only(tree: &Tiles, size: u64, places: impl IntoIterator<Item = (u8, u64)>) -> Tiles {
    let widths: BTreeMap<(u8, u64), u64> = edge(size).into_iter().collect();
    let mut part = Tiles::default();
    for place in places {
        let data = tree.get(place).expect("a tile").to_vec();
        let width = widths
            .get(&place)
            .map_or(8192, |width| usize::try_from(width * 32).expect("small"));
        part.put(place, data[..width].to_vec());
    }
    part
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn root_and_proofs_are_those_of_the_definition(size in 1_u64..1500, old in 0_u64..1500, index in 0_u64..1500) {
        let (old, index) = (old % (size + 1), index % size);
        // More leaves came after: older heads can still be proved.
        let all = tree(size + 300);
        let leaves: Vec<[u8; 32]> = (0..size).map(leaf).collect();
        let root = plain_root(&leaves);
        let small = only(&all, size, wanted(Question::Root(size)));
        prop_assert_eq!(small.root(size).expect("a root"), root);
        let part = only(&all, size, wanted(Question::Inclusion(index, size)));
        let proof = part.inclusion(index, size).expect("a proof");
        prop_assert!(check_inclusion(&proof, (size, root), index, leaf(index)).is_ok());
        prop_assert!(check_inclusion(&proof, (size, root), index, leaf(index + 1)).is_err());
        let part = only(&all, size, wanted(Question::Consistency(old, size)));
        let proof = part.consistency(old, size).expect("a proof");
        let before = if old == 0 { [0; 32] } else { plain_root(&leaves[..usize::try_from(old).expect("small")]) };
        prop_assert!(check_consistency(&proof, (old, before), (size, root)).is_ok());
        if old > 0 {
            let mut other = before;
            other[7] ^= 4;
            prop_assert!(check_consistency(&proof, (old, other), (size, root)).is_err());
        }
    }

    #[test]
    fn a_tree_goes_on_from_its_right_edge_alone(first in 0_u64..700, more in 1_u64..700) {
        let whole = tree(first + more);
        let mut part = only(&tree(first), first, edge(first).into_iter().map(|(place, _)| place));
        for index in first..first + more {
            for place in part.append(index, leaf(index)) {
                prop_assert!(whole.get(place).expect("a tile").starts_with(part.get(place).expect("a tile")));
            }
        }
        for (place, _) in edge(first + more) {
            prop_assert_eq!(whole.get(place), part.get(place));
        }
    }
}

#[test]
fn a_policy_counts_witnesses_in_groups() {
    let key = |name: &str, seed: u8| {
        let key = NoteKey::new(name, Algorithm::Cosignature, SigningKey::from_bytes(&[seed; 32]));
        key.expect("a name").verifier()
    };
    let (a, b, c) = (key("a", 1), key("b", 2), key("c", 3));
    let text = format!(
        "# three of them\nwitness A {a}\nwitness B {b}\nwitness C {c}\ngroup post 1 A B\ngroup both all post C\nquorum both\n"
    );
    let policy = Policy::parse(&text).expect("a policy");
    let signed = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), 1)).collect::<Vec<_>>();
    assert!(policy.is_met(&signed(&["a", "c"])));
    assert!(policy.is_met(&signed(&["b", "c"])));
    assert!(!policy.is_met(&signed(&["a", "b"])), "nobody outside the post");
    assert!(!policy.is_met(&signed(&[])));
    for (bad, line) in [
        (format!("witness A {a}\nwitness A {b}\n"), 2),
        ("quorum nobody\n".to_owned(), 1),
        (format!("witness A {a}\ngroup G 2 A\n"), 2),
        (format!("log {a}\n"), 1),
        ("witness A nonsense\n".to_owned(), 1),
    ] {
        assert_eq!(Policy::parse(&bad).expect_err("refused").line, line, "{bad}");
    }
}
