//! A disk that forgets what was not synced, under a program that is then cut off from its power.
//!
//! The program runs with `tests/power_cut/shim.c` preloaded, which keeps beside its folder what a disk would hold. On
//! [`Disk::cut`] that takes the folder's place, with some of the pages that were written and never synced: a disk may also
//! write what nobody asked it to.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// What a disk writes at once.
const PAGE: usize = 4096;
/// Files that are no part of the installation: what the servers say goes straight to the test.
const LOG: &str = "log";
/// How the index of SQLite's log ends: it is memory that looks like a file, and gone after a cut.
const IN_MEMORY: &str = "-shm";

/// A folder on a disk that forgets.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    copies: TempDir,
    shim: PathBuf,
}

impl Disk {
    /// Puts such a disk under a folder.
    ///
    /// # Panics
    /// When the shim cannot be compiled.
    pub fn under(folder: &Path) -> Self {
        let copies = tempfile::tempdir().expect("a folder");
        // Not among the copies: those are cleared.
        let shim = folder.join(".shim.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("power_cut/shim.c");
        let built = Command::new("cc")
            .args(["-O2", "-shared", "-fPIC", "-o"])
            .args([&shim, &source])
            .args(["-ldl", "-lpthread"])
            .output();
        match built {
            Ok(output) if output.status.success() => {}
            Ok(output) => panic!(
                "cc does not compile {}; Debian's packages for it are gcc and libc6-dev (apt-get install gcc libc6-dev):\n{}",
                source.display(),
                String::from_utf8_lossy(&output.stderr)
            ),
            Err(error) => panic!(
                "no C compiler ({error}), and power cuts cannot be tried without one: apt-get install gcc libc6-dev"
            ),
        }
        Self {
            folder: folder.to_owned(),
            copies,
            shim,
        }
    }

    /// Makes a program that is about to start write to this disk. What lies in the folder now counts as written long ago.
    ///
    /// # Panics
    /// When it cannot be copied.
    pub fn carry(&self, command: &mut Command) {
        for name in names(self.copies.path()) {
            std::fs::remove_file(self.copies.path().join(name)).expect("removed");
        }
        for name in self.files() {
            std::fs::copy(self.folder.join(&name), self.copies.path().join(&name)).expect("copied");
        }
        command
            .env("LD_PRELOAD", &self.shim)
            .env("POWER_CUT_FOLDER", &self.folder)
            .env("POWER_CUT_DISK", self.copies.path());
    }

    /// As [`Disk::carry`], and the program dies in place of its n-th call that would change the disk.
    pub fn carry_until(&self, command: &mut Command, call: u64) {
        self.carry(command);
        command.env("POWER_CUT_AFTER", call.to_string());
    }

    /// How many calls would have changed the disk, of a program under [`Disk::carry_until`] that ended before its call.
    pub fn calls(&self) -> Option<u64> {
        std::fs::read_to_string(self.copies.path().join(".calls"))
            .ok()?
            .parse()
            .ok()
    }

    /// What the power cut leaves, once the program is dead: what was synced, and by chance pages that were only written.
    ///
    /// # Panics
    /// When the files cannot be read or written.
    pub fn cut(&self, seed: u64) {
        let mut chance = StdRng::seed_from_u64(seed);
        // Some disks write everything at once, some hardly anything.
        let taken: u32 = chance.random_range(0..=100);
        for name in self.files() {
            let (here, there) = (self.folder.join(&name), self.copies.path().join(&name));
            let written = std::fs::read(&here).expect("read");
            let unnamed = self.synced_without_its_name(&here);
            std::fs::remove_file(&here).expect("removed");
            if name.to_string_lossy().ends_with(IN_MEMORY) {
                continue;
            }
            let synced = match std::fs::read(&there) {
                Ok(synced) => synced,
                // The folder was not synced since it got this name; the disk may have written it all the same.
                Err(_) if chance.random_range(0..100) < taken => unnamed,
                Err(_) => continue,
            };
            std::fs::write(&here, torn(&written, synced, || chance.random_range(0..100) < taken)).expect("written");
        }
        // Names that were taken away, and the folder not synced.
        let here: BTreeSet<OsString> = names(&self.folder).collect();
        for name in names(self.copies.path()).filter(|name| !here.contains(name) && is_kept(name)) {
            std::fs::copy(self.copies.path().join(&name), self.folder.join(&name)).expect("copied");
        }
    }

    /// A copy of the folder as it is, to look at without touching it.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn copy(&self) -> TempDir {
        let copy = tempfile::tempdir().expect("a folder");
        for name in self.files() {
            std::fs::copy(self.folder.join(&name), copy.path().join(&name)).expect("copied");
        }
        copy
    }

    /// What of a file was synced before its name was. The shim keeps it as `.<process>.<number of the file>.<n>`.
    fn synced_without_its_name(&self, file: &Path) -> Vec<u8> {
        let number = std::fs::metadata(file).expect("there").ino().to_string();
        let nth = |name: &OsString| {
            let name = name.to_string_lossy().into_owned();
            let mut parts = name.split('.').skip(2);
            (parts.next() == Some(&number)).then(|| parts.next()?.parse::<u32>().ok())?
        };
        // Numbers come again: the last one had it.
        let last = names(self.copies.path())
            .filter(|name| nth(name).is_some())
            .max_by_key(nth);
        last.map_or_else(Vec::new, |name| {
            std::fs::read(self.copies.path().join(name)).expect("read")
        })
    }

    fn files(&self) -> Vec<OsString> {
        // Photographs lie in a folder of their own, which the object store syncs; this disk forgets what lies beside it.
        names(&self.folder)
            .filter(|name| name != LOG && !is_hidden(name) && !self.folder.join(name).is_dir())
            .collect()
    }
}

fn names(folder: &Path) -> impl Iterator<Item = OsString> {
    let all = std::fs::read_dir(folder).expect("a folder");
    all.map(|entry| entry.expect("an entry").file_name())
}

fn is_hidden(name: &OsString) -> bool {
    name.to_string_lossy().starts_with('.')
}

fn is_kept(name: &OsString) -> bool {
    !is_hidden(name) && !name.to_string_lossy().ends_with(IN_MEMORY)
}

/// The synced bytes, with those pages of the written ones that got through.
fn torn(written: &[u8], mut synced: Vec<u8>, mut got_through: impl FnMut() -> bool) -> Vec<u8> {
    for (number, page) in written.chunks(PAGE).enumerate() {
        let (start, end) = (number * PAGE, number * PAGE + page.len());
        if synced.get(start..end) == Some(page) || !got_through() {
            continue;
        }
        // A page beyond the end leaves a hole before it.
        if synced.len() < end {
            synced.resize(end, 0);
        }
        synced[start..end].copy_from_slice(page);
    }
    synced
}

#[cfg(test)]
mod tests {
    use super::{PAGE, torn};

    #[test]
    fn what_was_not_synced_is_gone_unless_it_got_through() {
        let (old, new) = (vec![1; 2 * PAGE], vec![2; 3 * PAGE]);
        assert_eq!(torn(&new, old.clone(), || false), old);
        assert_eq!(torn(&new, old.clone(), || true), new);
        let mut turn = 0;
        let last_only = torn(&new, old.clone(), || {
            turn += 1;
            turn == 3
        });
        assert_eq!(last_only, [old, vec![2; PAGE]].concat());
    }
}
