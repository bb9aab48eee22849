//! The last head of each log that was signed or seen, in a file outside the database: a database that was turned back, by accident or on
//! purpose, cannot make the signer sign a second history, nor a witness see one.

use crate::StoreError;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Size and root of a head.
type Head = (u64, [u8; 32]);

/// The file, held by this process until it is dropped.
#[derive(Debug)]
pub struct Seen {
    path: PathBuf,
    heads: BTreeMap<String, Head>,
    _lock: File,
}

impl Seen {
    /// Takes the file. Waits for another process that has it: a matter of milliseconds.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn take(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::File {
            path: path.display().to_string(),
            source,
        };
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        let lock = options.open(beside(path, "lock")).map_err(failed)?;
        fs4::fs_std::FileExt::lock_exclusive(&lock).map_err(failed)?;
        let heads = match std::fs::read_to_string(path) {
            Ok(text) => text.lines().map(read).collect::<Option<_>>(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(BTreeMap::new()),
            Err(error) => return Err(failed(error)),
        };
        let unreadable = || StoreError::Refused(format!("{} is not a list of heads of logs", path.display()));
        Ok(Self {
            path: path.to_owned(),
            heads: heads.ok_or_else(unreadable)?,
            _lock: lock,
        })
    }

    /// The last head of the log of this origin: its size and root.
    pub fn last(&self, origin: &str) -> Option<Head> {
        self.heads.get(origin).copied()
    }

    /// Keeps a head, so that it stays kept wherever the power is cut.
    ///
    /// # Errors
    /// When it cannot be written; then nothing changed.
    pub fn put(&mut self, origin: &str, head: Head) -> Result<(), StoreError> {
        let mut heads = self.heads.clone();
        heads.insert(origin.to_owned(), head);
        let mut text = String::new();
        for (origin, (size, root)) in &heads {
            let _ = writeln!(text, "{size} {} {origin}", hex::encode(root));
        }
        let draft = beside(&self.path, "new");
        let write = || {
            let mut file = File::create(&draft)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&draft, &self.path)?;
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        write().map_err(|source| StoreError::File {
            path: self.path.display().to_string(),
            source,
        })?;
        self.heads = heads;
        Ok(())
    }
}

fn read(line: &str) -> Option<(String, Head)> {
    let mut words = line.splitn(3, ' ');
    let (size, root, origin) = (words.next()?, words.next()?, words.next()?);
    let root = hex::decode(root).ok()?.try_into().ok()?;
    Some((origin.to_owned(), (size.parse().ok()?, root)))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".");
    beside.push(ending);
    beside.into()
}
