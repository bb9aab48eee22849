//! The file: written part by part, and read to its end before any of it is believed.

use super::BackupError;
use super::manifest::{FORMAT, Manifest, Member};
use super::{row, schema};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};

const OPENING: &str = "traotay-backup";
const OPENING_TEXT: &str = "A backup of Trao Tay. Check it with `traotay restore FILE --check`, use it with \
                            `traotay restore FILE --into DIR`.\nIt holds personal data: keep it as you keep the database.\n";
pub(super) const KEYS: &str = "server.keys";
const MANIFEST: &str = "manifest.json";
const MANIFEST_HASH: &str = "manifest.sha256";
const TABLES: &str = "tables/";

/// The largest part we would read into memory. Ours close at a few megabytes; one row has little more than one.
const MOST: u64 = 64 * 1024 * 1024;

type Packed = tar::Builder<zstd::Encoder<'static, BufWriter<File>>>;

/// A file in the making. It has another name until it is whole and on the disk.
pub(super) struct Writer {
    draft: PathBuf,
    path: PathBuf,
    out: Option<Packed>,
    members: Vec<Member>,
    at_s: u64,
}

impl Writer {
    /// Begins a file that only its owner may read.
    ///
    /// # Errors
    /// [`BackupError::Refused`] when there is one already.
    pub(super) fn create(path: &Path, now_ms: i64) -> Result<Self, BackupError> {
        if path.exists() {
            return Err(BackupError::Refused(format!("{} is there already", path.display())));
        }
        let mut draft = path.as_os_str().to_owned();
        draft.push(".unfinished");
        let draft = PathBuf::from(draft);
        let failed = BackupError::file(&draft);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&draft).map_err(&failed)?;
        let mut zstd = zstd::Encoder::new(BufWriter::new(file), 0).map_err(&failed)?;
        zstd.include_checksum(true).map_err(&failed)?;
        let mut writer = Self {
            draft,
            path: path.to_owned(),
            out: Some(tar::Builder::new(zstd)),
            members: Vec::new(),
            at_s: u64::try_from(now_ms / 1000).unwrap_or(0),
        };
        writer.add(OPENING, OPENING_TEXT.as_bytes())?;
        Ok(writer)
    }

    /// Adds a part and lists it.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        self.append(name, bytes)?;
        self.members.push(member(name, bytes));
        Ok(())
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(self.at_s);
        let out = self.out.as_mut().ok_or_else(|| BackupError::refused("it is closed"))?;
        out.append_data(&mut header, name, bytes)
            .map_err(BackupError::file(&self.draft))
    }

    /// Adds the manifest, and gives the file its name once it is on the disk. Says how large it is.
    pub(super) fn finish(mut self, mut manifest: Manifest) -> Result<(Manifest, u64), BackupError> {
        manifest.members = std::mem::take(&mut self.members);
        let text = serde_json::to_vec_pretty(&manifest).map_err(BackupError::refused)?;
        self.append(MANIFEST, &text)?;
        self.append(MANIFEST_HASH, hex::encode(Sha256::digest(&text)).as_bytes())?;
        let failed = BackupError::file(&self.draft);
        let out = self.out.take().ok_or_else(|| BackupError::refused("it is closed"))?;
        let file = out
            .into_inner()
            .and_then(zstd::Encoder::finish)
            .and_then(|buffered| buffered.into_inner().map_err(io::IntoInnerError::into_error))
            .map_err(&failed)?;
        file.sync_all().map_err(&failed)?;
        let bytes = file.metadata().map_err(&failed)?.len();
        std::fs::rename(&self.draft, &self.path).map_err(&failed)?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(BackupError::file(folder))?;
        Ok((manifest, bytes))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Nothing is there any more when it was finished; otherwise half a backup helps nobody.
        let _ = std::fs::remove_file(&self.draft);
    }
}

fn member(name: &str, bytes: &[u8]) -> Member {
    Member {
        name: name.to_owned(),
        bytes: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(bytes)),
    }
}

/// The name of a part of a table.
pub(super) fn part_name(table: &str, n: usize) -> String {
    format!("{TABLES}{table}/{n:08}.cbor")
}

/// The table a part belongs to.
pub(super) fn table_of(part: &str) -> Option<&str> {
    part.strip_prefix(TABLES)?.split('/').next()
}

/// Reads a file to its end and hands over each part.
///
/// # Errors
/// [`BackupError::Refused`] when it is no backup or is damaged, and whatever `each` returns.
pub(super) fn read(
    path: &Path,
    mut each: impl FnMut(&str, Vec<u8>) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    let file = File::open(path).map_err(BackupError::file(path))?;
    let damaged = |error: io::Error| BackupError::Refused(format!("{} is damaged: {error}", path.display()));
    let foreign = || BackupError::Refused(format!("{} is not a backup of Trao Tay", path.display()));
    let zstd = zstd::Decoder::new(BufReader::new(file)).map_err(BackupError::file(path))?;
    let mut archive = tar::Archive::new(zstd);
    let mut is_ours = false;
    for entry in archive.entries().map_err(|_| foreign())? {
        let entry = entry.map_err(|error| if is_ours { damaged(error) } else { foreign() })?;
        let name = entry.path().map_err(damaged)?.to_string_lossy().into_owned();
        if !is_ours && name != OPENING {
            return Err(foreign());
        }
        is_ours = true;
        let (told, mut bytes) = (entry.size(), Vec::new());
        entry.take(MOST).read_to_end(&mut bytes).map_err(damaged)?;
        if bytes.len() as u64 != told {
            return Err(BackupError::Refused(format!(
                "{} is damaged: {name} is cut",
                path.display()
            )));
        }
        each(&name, bytes)?;
    }
    if !is_ours {
        return Err(foreign());
    }
    // What follows the archive is nothing of ours, but the checksum over all of it comes last.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(damaged)?;
    Ok(())
}

/// Reads a whole file and says what it holds.
///
/// # Errors
/// [`BackupError::Refused`] when it is no backup, is damaged, or was made by a newer program.
pub fn inspect(path: &Path) -> Result<Manifest, BackupError> {
    let damaged = |what: &str| BackupError::Refused(format!("{} is damaged: {what}", path.display()));
    let (mut members, mut manifest, mut hash) = (Vec::new(), None, None);
    read(path, |name, bytes| {
        match name {
            MANIFEST => manifest = Some(bytes),
            MANIFEST_HASH => hash = Some(bytes),
            _ if manifest.is_some() => return Err(damaged("something follows the manifest")),
            _ => members.push(member(name, &bytes)),
        }
        Ok(())
    })?;
    let text = manifest.ok_or_else(|| damaged("it has no manifest"))?;
    if hash.as_deref() != Some(hex::encode(Sha256::digest(&text)).as_bytes()) {
        return Err(damaged("the manifest is not what was written"));
    }
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|_| BackupError::refused("a newer program made it; use that one"))?;
    if manifest.format != FORMAT {
        return Err(BackupError::refused("a newer program made it; use that one"));
    }
    if let Some((found, _)) = members
        .iter()
        .zip(&manifest.members)
        .find(|(found, told)| found != told)
    {
        return Err(damaged(&format!("{} is not what was written", found.name)));
    }
    if members.len() != manifest.members.len() {
        return Err(damaged("a part is missing"));
    }
    schema::steps(&manifest.schema)?;
    count_rows(path, &manifest)?;
    Ok(manifest)
}

/// Reads every row again, so that a backup that says it is good can be used.
fn count_rows(path: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let mut found: HashMap<&str, u64> = HashMap::new();
    let tables: HashMap<&str, _> = manifest
        .tables
        .iter()
        .map(|table| (table.name.as_str(), table))
        .collect();
    read(path, |name, bytes| {
        let Some(name) = table_of(name) else { return Ok(()) };
        let table = tables
            .get(name)
            .ok_or_else(|| BackupError::Refused(format!("the manifest does not know the table {name}")))?;
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            row::read(&mut rest, table)?;
            *found.entry(table.name.as_str()).or_default() += 1;
        }
        Ok(())
    })?;
    for table in &manifest.tables {
        let rows = found.get(table.name.as_str()).copied().unwrap_or(0);
        if rows != table.rows {
            let why = format!("{} has {rows} rows, the manifest says {}", table.name, table.rows);
            return Err(BackupError::Refused(why));
        }
    }
    Ok(())
}
