//! The root object: one store, one device key.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use custody::envelope::PublicKey;
use custody::ids::{DeviceId, ItemId};
use domain::hat::Hat;
use domain::holder::Holder;

use super::act::one_party::parse;
use super::credential::Credential;
use super::error::{CourierError, Refusal};
use super::gate::Gate;
use super::platform::Platform;
use super::record::Recorder;
use super::store::event::StoredEvent;
use super::store::item::LocalItem;
use super::store::{self, Store};

/// One device's custody work. Call it from any thread.
pub struct Core {
    pub(crate) store: Store,
    pub(crate) platform: Arc<dyn Platform>,
    pub(crate) key: PublicKey,
    pub(crate) path: PathBuf,
    pub(crate) gate: Gate,
    /// Held during a sync, so that one request is in flight at a time; acts never wait for it.
    pub(crate) syncing: Mutex<()>,
}

impl Core {
    /// Opens the store at `path`, creating it if there is none.
    ///
    /// If the host's key is another than before, because the phone was changed or its key store lost it, the device
    /// starts a new chain and has to enrol; events of the old key stay in the store and are sent afterwards.
    ///
    /// # Errors
    /// [`CourierError::Store`] if the file cannot be used, in particular
    /// [`WrongKey`](super::store::StoreError::WrongKey): then nothing was changed, and [`export`](super::salvage::export) gets out what
    /// was not sent. [`CourierError::Host`] if the host has no key.
    pub fn open(path: impl AsRef<Path>, platform: Arc<dyn Platform>) -> Result<Self, CourierError> {
        Self::open_behind(path, platform, Gate::default())
    }

    /// The same behind a gate that may close.
    pub(crate) fn open_behind(
        path: impl AsRef<Path>,
        platform: Arc<dyn Platform>,
        gate: Gate,
    ) -> Result<Self, CourierError> {
        let key = PublicKey(platform.public_key()?);
        let path = path.as_ref().to_owned();
        let store = Store::open(&path, &platform.store_key()?)?;
        store.write(|tx| store::device::insert(tx, key.device_id(), &key.0))?;
        Ok(Self {
            store,
            platform,
            key,
            path,
            gate,
            syncing: Mutex::new(()),
        })
    }

    /// This device.
    pub fn device_id(&self) -> DeviceId {
        self.key.device_id()
    }

    /// This device's public key, for whoever enrols it or checks its signatures.
    pub fn public_key(&self) -> PublicKey {
        self.key
    }

    /// Who this device speaks for; `None` before enrolment.
    ///
    /// # Errors
    /// [`CourierError::Store`].
    pub fn credential(&self) -> Result<Option<Credential>, CourierError> {
        Ok(self
            .store
            .read(|db| store::device::find_credential(db, self.device_id()))?)
    }

    /// Everything this phone knows about items, by label.
    ///
    /// # Errors
    /// [`CourierError::Store`].
    pub fn items(&self) -> Result<Vec<LocalItem>, CourierError> {
        self.enter()?;
        Ok(self.store.read(store::item::list)?)
    }

    /// One item by its label.
    ///
    /// # Errors
    /// [`CourierError::Unreadable`] if it is no label, [`CourierError::Store`].
    pub fn item(&self, item_code: &str) -> Result<Option<LocalItem>, CourierError> {
        self.enter()?;
        let code = parse(item_code)?;
        Ok(self.store.read(|db| store::item::find(db, ItemId::of(code.as_str())))?)
    }

    /// Every envelope on this phone in the order of recording, ours and our peers': for checks and for salvage.
    ///
    /// # Errors
    /// [`CourierError::Store`].
    pub fn events(&self) -> Result<Vec<StoredEvent>, CourierError> {
        self.enter()?;
        Ok(self.store.read(store::event::list)?)
    }

    /// Runs one act in one transaction, for the party the person is in this hat. Returns after COMMIT.
    pub(crate) fn act<T>(
        &self,
        hat: Hat,
        act: impl FnOnce(&Recorder<'_>, Holder) -> Result<T, CourierError>,
    ) -> Result<T, CourierError> {
        self.inside(|recorder| {
            let party = recorder.credential.party(hat).ok_or(Refusal::HatNotYours { hat })?;
            act(recorder, party)
        })
    }

    /// Runs something in one transaction at this moment, for this person.
    pub(crate) fn inside<T>(
        &self,
        what: impl FnOnce(&Recorder<'_>) -> Result<T, CourierError>,
    ) -> Result<T, CourierError> {
        self.enter()?;
        self.store.write(|tx| {
            let credential =
                store::device::find_credential(tx, self.device_id())?.ok_or_else(|| CourierError::NotEnrolled {
                    why: "no credential yet".into(),
                })?;
            what(&Recorder::new(tx, &credential, &*self.platform, self.key)?)
        })
    }
}
