//! The tree as tiles of 256 hashes (C2SP tlog-tiles): adding leaves, its root, and proofs.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use tlog_tiles::tile::Tile;
use tlog_tiles::tlog::{
    Error, Hash, HashReader, check_record, check_tree, node_hash, prove_record, prove_tree, tree_hash,
};

/// The height of a tile: 2⁸ hashes wide.
pub const HEIGHT: u8 = 8;
/// Hashes in a full tile.
pub const WIDTH: u64 = 1 << HEIGHT;
/// Bytes of a hash.
const HASH: usize = 32;

/// Which tile: its level, and its place on that level.
pub type Place = (u8, u64);

/// Tiles of one tree, as many of them as were loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tiles {
    tiles: BTreeMap<Place, Vec<u8>>,
}

/// A tile that is needed is missing or too short, or a proof does not prove.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the tree does not give this: {0}")]
pub struct TreeError(String);

impl From<Error> for TreeError {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl Tiles {
    /// Puts a tile in, as it was stored: whole or partial.
    pub fn put(&mut self, place: Place, data: Vec<u8>) {
        self.tiles.insert(place, data);
    }

    /// A tile's hashes, one after the other.
    pub fn get(&self, place: Place) -> Option<&[u8]> {
        self.tiles.get(&place).map(Vec::as_slice)
    }

    /// Adds the hash of leaf number `index` and says which tiles changed. The tiles on the right edge of the tree of this size have
    /// to be here ([`edge`]).
    pub fn append(&mut self, index: u64, leaf: [u8; 32]) -> Vec<Place> {
        let (mut changed, mut place, mut hash) = (Vec::new(), (0, index / WIDTH), leaf);
        loop {
            let tile = self.tiles.entry(place).or_default();
            tile.extend(hash);
            changed.push(place);
            if tile.len() < HASH << HEIGHT {
                return changed;
            }
            hash = Tile::subtree_hash(tile).0;
            place = (place.0 + 1, place.1 / WIDTH);
        }
    }

    /// The root of the tree of this size.
    ///
    /// # Errors
    /// [`TreeError`] when a tile is missing.
    pub fn root(&self, size: u64) -> Result<[u8; 32], TreeError> {
        Ok(tree_hash(size, self)?.0)
    }

    /// The proof that leaf `index` is in the tree of this size (RFC 6962 §2.1.1).
    ///
    /// # Errors
    /// [`TreeError`] when there is no such leaf or a tile is missing.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<[u8; 32]>, TreeError> {
        Ok(bare(prove_record(size, index, self)?))
    }

    /// The proof that the tree of size `old` is the beginning of the tree of size `size` (RFC 6962 §2.1.2); empty when `old` is 0 or
    /// `size`.
    ///
    /// # Errors
    /// [`TreeError`] when `old` is larger or a tile is missing.
    pub fn consistency(&self, old: u64, size: u64) -> Result<Vec<[u8; 32]>, TreeError> {
        if old == 0 || old == size {
            return Ok(Vec::new());
        }
        Ok(bare(prove_tree(size, old, self)?))
    }
}

impl HashReader for Tiles {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let read = |index: &u64| {
            let tile = Tile::from_index(HEIGHT, *index);
            let data = self.get((tile.level(), tile.level_index()));
            tile.hash_at_index(data.ok_or(Error::InvalidTile)?, *index)
        };
        indexes.iter().map(read).collect()
    }
}

fn bare(hashes: Vec<Hash>) -> Vec<[u8; 32]> {
    hashes.into_iter().map(|hash| hash.0).collect()
}

/// Notes which tiles somebody asks for.
#[derive(Default)]
struct Asked(RefCell<BTreeSet<Place>>);

impl HashReader for Asked {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let tiles = indexes.iter().map(|index| Tile::from_index(HEIGHT, *index));
        self.0
            .borrow_mut()
            .extend(tiles.map(|tile| (tile.level(), tile.level_index())));
        Ok(vec![Hash([0; HASH]); indexes.len()])
    }
}

/// What is to be computed of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Its root.
    Root(u64),
    /// That a leaf is in it: the leaf's index, the tree's size.
    Inclusion(u64, u64),
    /// That it begins with a smaller one: that one's size, its own.
    Consistency(u64, u64),
}

/// The tiles a question needs.
pub fn wanted(question: Question) -> BTreeSet<Place> {
    let asked = Asked::default();
    // What comes out of made-up hashes is of no interest, only what was asked for.
    let _ = match question {
        Question::Root(size) => tree_hash(size, &asked).map(drop),
        Question::Inclusion(index, size) if index < size => prove_record(size, index, &asked).map(drop),
        Question::Consistency(old, size) if 0 < old && old < size => prove_tree(size, old, &asked).map(drop),
        Question::Inclusion(..) | Question::Consistency(..) => Ok(()),
    };
    asked.0.into_inner()
}

/// What a path of the log asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Hashes of this level.
    Level(u8),
    /// Leaves.
    Entries,
}

/// A tile somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Of what.
    pub part: Part,
    /// Its place on its level.
    pub place: u64,
    /// How many hashes or leaves of it.
    pub width: u64,
}

/// Reads what stands after `tile/` in the address of a tile (C2SP tlog-tiles): `0/x001/234`, `entries/000.p/17`. One way to write
/// each.
pub fn read_path(path: &str) -> Option<Wanted> {
    let (level, rest) = path.split_once('/')?;
    // The library asserts these two instead of refusing them.
    let has_width = !rest.ends_with(".p/0");
    let named = match level {
        "entries" => "data".to_owned(),
        level => level.parse::<u8>().ok().filter(|level| *level <= 63)?.to_string(),
    };
    if !has_width || (named != "data" && named != level) {
        return None;
    }
    let tile = Tile::from_path(&format!("tile/{HEIGHT}/{named}/{rest}")).ok()?;
    Some(Wanted {
        part: if tile.is_data() {
            Part::Entries
        } else {
            Part::Level(tile.level())
        },
        place: tile.level_index(),
        width: tile.width().into(),
    })
}

/// The tiles on the right edge of the tree of this size that the next leaf may be added to, with how many hashes each has.
pub fn edge(size: u64) -> Vec<(Place, u64)> {
    let (mut places, mut level, mut left) = (Vec::new(), 0, size);
    while left > 0 {
        if left % WIDTH > 0 {
            places.push(((level, left / WIDTH), left % WIDTH));
        }
        (level, left) = (level + 1, left / WIDTH);
    }
    places
}

/// Checks that a leaf of this hash is number `index` of the tree of this size and root.
///
/// # Errors
/// [`TreeError`] when it is not.
pub fn check_inclusion(
    proof: &[[u8; 32]],
    (size, root): (u64, [u8; 32]),
    index: u64,
    leaf: [u8; 32],
) -> Result<(), TreeError> {
    if index >= size {
        return Err(TreeError("no such leaf".to_owned()));
    }
    let proof = proof.iter().copied().map(Hash).collect();
    Ok(check_record(&proof, size, Hash(root), index, Hash(leaf))?)
}

/// Checks that the tree of `old` is the beginning of the tree of `new`: sizes and roots. From nothing, or to the same, the proof is
/// empty (C2SP tlog-witness).
///
/// # Errors
/// [`TreeError`] when it is not.
pub fn check_consistency(proof: &[[u8; 32]], old: (u64, [u8; 32]), new: (u64, [u8; 32])) -> Result<(), TreeError> {
    if old.0 == 0 || old.0 == new.0 {
        let same = old.0 == 0 || old.1 == new.1;
        return if same && proof.is_empty() {
            Ok(())
        } else {
            Err(TreeError("another tree of the same size".to_owned()))
        };
    }
    if old.0 > new.0 {
        return Err(TreeError("the tree became smaller".to_owned()));
    }
    let proof = proof.iter().copied().map(Hash).collect();
    Ok(check_tree(&proof, new.0, Hash(new.1), old.0, Hash(old.1))?)
}

/// An inner node (RFC 6962 §2.1).
pub fn node(left: [u8; 32], right: [u8; 32]) -> [u8; 32] {
    node_hash(Hash(left), Hash(right)).0
}
