//! Bytes that events name by their hash: photographs, drawn signatures. In a folder, or in any S3.
//!
//! What comes in parts lies under its bringer's name until it is whole, so nobody spoils another's. Then it is checked against its
//! hash and lies under that for good. This file keeps and checks; who may bring and who may read is said by
//! [`crate::repo::evidence`] and the scope.

use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Why bytes cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The folder or the service does not work.
    #[error("the store of blobs does not answer: {0}")]
    Store(#[from] object_store::Error),
    /// The address of the store cannot be used.
    #[error("{0}")]
    Address(String),
}

impl BlobError {
    /// Whether there is no room left.
    pub fn is_full(&self) -> bool {
        let Self::Store(error) = self else { return false };
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = cause {
            let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
            if matches!(
                kind,
                Some(
                    std::io::ErrorKind::StorageFull
                        | std::io::ErrorKind::QuotaExceeded
                        | std::io::ErrorKind::FileTooLarge
                )
            ) {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// So many bytes are held now, from the first one on.
    Held(u64),
    /// It begins after a gap: so many are held.
    Gap(u64),
}

/// Where bytes are kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    home: Path,
}

impl Blobs {
    /// In a folder, which is made. Each file and its folder are synced before it counts as kept.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn in_folder(folder: &std::path::Path) -> Result<Self, BlobError> {
        std::fs::create_dir_all(folder).map_err(|error| BlobError::Address(error.to_string()))?;
        Ok(Self {
            store: Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true)),
            home: Path::default(),
        })
    }

    /// Below an address such as `s3://bucket/folder`. Settings of the service are its own, for example `aws_access_key_id`.
    ///
    /// # Errors
    /// When the address is of no service we know.
    pub fn at(address: &str, settings: impl IntoIterator<Item = (String, String)>) -> Result<Self, BlobError> {
        let bad = |why: String| BlobError::Address(why);
        let url = url::Url::parse(address).map_err(|error| bad(error.to_string()))?;
        if url.scheme() == "file" {
            let folder = url.to_file_path().map_err(|()| bad("it names no folder".to_owned()))?;
            return Self::in_folder(&folder);
        }
        if url.password().is_some() {
            return Err(bad("a secret does not belong into an address".to_owned()));
        }
        let (store, home) = object_store::parse_url_opts(&url, settings)?;
        Ok(Self {
            store: Arc::from(store),
            home,
        })
    }

    /// In memory, for tests.
    pub fn in_memory() -> Self {
        Self {
            store: Arc::new(InMemory::new()),
            home: Path::default(),
        }
    }

    fn place(&self, sha256: &[u8; 32]) -> Path {
        let name = hex::encode(sha256);
        self.below(&["whole", &name[..2], &name])
    }

    fn parts(&self, by: &str, sha256: &[u8; 32]) -> Path {
        self.below(&["parts", by, &hex::encode(sha256)])
    }

    fn below(&self, names: &[&str]) -> Path {
        names.iter().fold(self.home.clone(), |path, name| path.join(*name))
    }

    /// The parts of a blob that lie end to end from its first byte, and how many bytes that is. Whatever lies behind a gap was
    /// written by a request that was overtaken, and is written again.
    async fn run(&self, by: &str, sha256: &[u8; 32]) -> Result<(Vec<Path>, u64), BlobError> {
        let listed: Vec<_> = self.store.list(Some(&self.parts(by, sha256))).try_collect().await?;
        let mut parts: Vec<(u64, u64, Path)> = listed
            .into_iter()
            .filter_map(|one| Some((one.location.filename()?.parse().ok()?, one.size, one.location)))
            .collect();
        parts.sort();
        let (mut held, mut run) = (0, Vec::new());
        for (offset, size, path) in parts {
            if offset == held {
                held += size;
                run.push(path);
            }
        }
        Ok((run, held))
    }

    /// How many bytes of a blob its bringer has brought, from the first one on.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn held(&self, by: &str, sha256: &[u8; 32]) -> Result<u64, BlobError> {
        Ok(self.run(by, sha256).await?.1)
    }

    /// How many bytes of blobs that are not whole yet somebody has brought.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn unfinished(&self, by: &str) -> Result<u64, BlobError> {
        let listed = self.store.list(Some(&self.below(&["parts", by])));
        Ok(listed.try_fold(0, async |sum, part| Ok(sum + part.size)).await?)
    }

    /// Keeps a part that begins at `offset`. A part that is there already, whole or in pieces, is left alone.
    ///
    /// # Errors
    /// When the store does not answer; then the part counts as not brought.
    pub async fn append(&self, by: &str, sha256: &[u8; 32], offset: u64, bytes: Bytes) -> Result<Appended, BlobError> {
        let held = self.held(by, sha256).await?;
        let end = offset + bytes.len() as u64;
        if offset > held {
            return Ok(Appended::Gap(held));
        }
        if end <= held {
            return Ok(Appended::Held(held));
        }
        let known = usize::try_from(held - offset).unwrap_or(usize::MAX);
        let new = bytes.slice(known..);
        let path = self.parts(by, sha256).join(format!("{held:012}"));
        self.store.put(&path, new.into()).await?;
        Ok(Appended::Held(end))
    }

    /// Puts the parts of a blob together, and says its first bytes, by which its kind is told. `None` when they are not what was
    /// named: then they are thrown away.
    ///
    /// # Errors
    /// When the store does not answer; the parts are still there.
    pub async fn join(&self, by: &str, sha256: &[u8; 32]) -> Result<Option<Bytes>, BlobError> {
        let (run, held) = self.run(by, sha256).await?;
        let mut whole = BytesMut::with_capacity(usize::try_from(held).unwrap_or(0));
        for part in &run {
            whole.extend_from_slice(&self.store.get(part).await?.bytes().await?);
        }
        let whole = whole.freeze();
        let is_it = <[u8; 32]>::from(Sha256::digest(&whole)) == *sha256;
        if !is_it {
            self.drop_parts(by, sha256).await?;
            return Ok(None);
        }
        self.store.put(&self.place(sha256), whole.clone().into()).await?;
        Ok(Some(whole))
    }

    /// Throws the parts of a blob away: it is whole, or was not what was named.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn drop_parts(&self, by: &str, sha256: &[u8; 32]) -> Result<(), BlobError> {
        let listed: Vec<_> = self.store.list(Some(&self.parts(by, sha256))).try_collect().await?;
        for part in listed {
            self.store.delete(&part.location).await?;
        }
        Ok(())
    }

    /// A whole blob.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn read(&self, sha256: &[u8; 32]) -> Result<Option<Bytes>, BlobError> {
        match self.store.get(&self.place(sha256)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Throws parts away that nobody has gone on with since `before_ms` (UTC). Their bringer begins anew.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sweep(&self, before_ms: i64) -> Result<u64, BlobError> {
        let listed: Vec<_> = self.store.list(Some(&self.below(&["parts"]))).try_collect().await?;
        let mut swept = 0;
        for part in listed {
            if part.last_modified.timestamp_millis() < before_ms {
                self.store.delete(&part.location).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

#[cfg(test)]
mod tests {
    use super::{Appended, Blobs};
    use bytes::Bytes;
    use sha2::{Digest, Sha256};

    const WHOLE: &[u8] = b"a photograph of a door";

    fn name() -> [u8; 32] {
        Sha256::digest(WHOLE).into()
    }

    async fn every_way(blobs: &Blobs) {
        let name = name();
        let part = |from: usize, to: usize| Bytes::from_static(&WHOLE[from..to]);
        let put = async |by: &str, from: usize, to: usize| {
            blobs
                .append(by, &name, from as u64, part(from, to))
                .await
                .expect("kept")
        };
        assert_eq!(put("one", 5, 9).await, Appended::Gap(0));
        assert_eq!(put("one", 0, 5).await, Appended::Held(5));
        assert_eq!(put("one", 0, 5).await, Appended::Held(5), "a repeat");
        assert_eq!(put("one", 3, 9).await, Appended::Held(9), "it overlaps");
        assert_eq!(
            blobs.held("two", &name).await.expect("read"),
            0,
            "another's is another's"
        );
        assert!(
            blobs.join("one", &name).await.expect("read").is_none(),
            "half is not it"
        );
        assert_eq!(blobs.held("one", &name).await.expect("read"), 0, "thrown away");
        assert!(blobs.read(&name).await.expect("read").is_none());
        assert_eq!(put("one", 0, WHOLE.len()).await, Appended::Held(WHOLE.len() as u64));
        assert_eq!(blobs.join("one", &name).await.expect("read").as_deref(), Some(WHOLE));
        assert_eq!(
            blobs.join("one", &name).await.expect("read").as_deref(),
            Some(WHOLE),
            "twice"
        );
        assert_eq!(blobs.read(&name).await.expect("read").as_deref(), Some(WHOLE));
        blobs.drop_parts("one", &name).await.expect("dropped");
        assert_eq!(
            blobs.read(&name).await.expect("read").as_deref(),
            Some(WHOLE),
            "it stays"
        );
        put("two", 0, 4).await;
        assert_eq!(blobs.unfinished("two").await.expect("read"), 4);
        assert_eq!(blobs.unfinished("one").await.expect("read"), 0);
        assert_eq!(blobs.sweep(0).await.expect("swept"), 0, "it is fresh");
        assert_eq!(blobs.sweep(i64::MAX).await.expect("swept"), 1);
        assert_eq!(blobs.held("two", &name).await.expect("read"), 0);
    }

    #[tokio::test]
    async fn a_blob_comes_in_parts_and_lies_under_its_hash_in_memory() {
        every_way(&Blobs::in_memory()).await;
    }

    #[tokio::test]
    async fn a_blob_comes_in_parts_and_lies_under_its_hash_in_a_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        every_way(&Blobs::in_folder(&folder.path().join("blobs")).expect("a store")).await;
    }

    #[test]
    fn an_address_says_where_and_never_holds_a_secret() {
        let at = |address: &str| Blobs::at(address, [("aws_region".to_owned(), "x".to_owned())]);
        let folder = tempfile::tempdir().expect("a folder");
        assert!(at(&format!("file://{}/blobs", folder.path().display())).is_ok());
        assert!(at("s3://bucket/folder").is_ok());
        assert!(at("s3://key:secret@bucket").is_err());
        assert!(at("nowhere").is_err());
        assert!(at("mailto:a@b").is_err());
    }
}
