//! Devices answered out of a store.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use walletpass_core::port::{Clock, SystemClock};
use walletpass_core::{PassTypeId, Secret, Serial};

use crate::device::{
    Changed, DeviceError, DeviceService, Fetch, Latest, ListChanged, Log, PassFile, Register, Registered, SignUp,
    Unregister,
};
use crate::store::{DeviceKey, Store, StoreError, StoredPass, Write, Written};
use crate::{PassKey, Tenant};

/// Does for [`StoredPasses`] what a store cannot.
///
/// # Contract
///
/// What [`DeviceService`] says of futures and of input holds here too.
#[async_trait]
pub trait PassHost: fmt::Debug + Send + Sync {
    /// Makes the signed package of a pass. It has to say nothing but what is stored: a device that has this version never fetches it again.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Failed`] for a pass that cannot be signed, [`DeviceError::Unavailable`] for a key that cannot be reached.
    async fn print(&self, pass: StoredPass) -> Result<PassFile, DeviceError>;

    /// Makes a pass the holder's own, and signs the token, as [`DeviceService::personalize`] says.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Refused`] for a pass without a form, [`DeviceError::Unavailable`], [`DeviceError::Failed`].
    async fn personalize(&self, pass: StoredPass, request: SignUp) -> Result<Bytes, DeviceError>;

    /// Takes what a device says went wrong. Anybody may send it.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unavailable`], [`DeviceError::Failed`].
    async fn log(&self, log: Log) -> Result<(), DeviceError>;
}

/// Answers devices out of a [`Store`], for one tenant.
///
/// `Last-Modified` is [`StoredPass::modified`] of the version that is printed, and `lastUpdated` the [`Tag`](crate::store::Tag) of the last pass that is
/// listed. A device has the newest version if it sends the very date of that. A tag that is no number, or that the store has not given yet, lists everything.
#[derive(Clone)]
pub struct StoredPasses {
    store: Arc<dyn Store>,
    host: Arc<dyn PassHost>,
    tenant: Tenant,
    clock: Arc<dyn Clock>,
}

impl StoredPasses {
    /// Answers for the tenant without a name, by the clock of the machine.
    pub fn new(store: Arc<dyn Store>, host: Arc<dyn PassHost>) -> Self {
        Self { store, host, tenant: Tenant::default(), clock: Arc::new(SystemClock) }
    }

    /// Answers for this tenant.
    pub fn with_tenant(self, tenant: Tenant) -> Self {
        Self { tenant, ..self }
    }

    /// Sets the clock by which devices register.
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    fn key(&self, pass_type: PassTypeId, serial: Serial) -> PassKey {
        PassKey { tenant: self.tenant.clone(), pass_type, serial }
    }

    async fn pass(&self, pass_type: PassTypeId, serial: Serial) -> Result<StoredPass, DeviceError> {
        self.store.pass(&self.key(pass_type, serial)).await?.ok_or(DeviceError::UnknownPass)
    }
}

#[async_trait]
impl DeviceService for StoredPasses {
    async fn authentication_token(
        &self,
        pass_type: &PassTypeId,
        serial: &Serial,
    ) -> Result<Option<Secret<String>>, DeviceError> {
        let stored = self.store.pass(&self.key(pass_type.clone(), serial.clone())).await?;
        Ok(stored.map(|stored| stored.pass.token))
    }

    async fn register(&self, request: Register) -> Result<Registered, DeviceError> {
        let Register { device, pass_type, serial, push_token } = request;
        let pass = self.key(pass_type, serial);
        let write = Write::Register { device, pass, push_token, at: self.clock.now() };
        match self.store.commit(vec![write]).await {
            Ok(written) => match written.first() {
                Some(Written::Registered { is_new: true }) => Ok(Registered::New),
                Some(Written::Registered { is_new: false }) => Ok(Registered::Known),
                _ => Err(DeviceError::failed("the store did not say what became of a registration")),
            },
            Err(StoreError::Conflict { .. }) => Err(DeviceError::UnknownPass), // deleted since its token was asked for
            Err(error) => Err(error.into()),
        }
    }

    async fn unregister(&self, request: Unregister) -> Result<(), DeviceError> {
        let Unregister { device, pass_type, serial } = request;
        let pass = self.key(pass_type, serial);
        self.store.commit(vec![Write::Unregister { device, pass, at: self.clock.now() }]).await?;
        Ok(())
    }

    async fn changed(&self, request: ListChanged) -> Result<Option<Changed>, DeviceError> {
        let ListChanged { device, pass_type, since } = request;
        let key = DeviceKey { tenant: self.tenant.clone(), pass_type, device };
        let since = since.and_then(|since| since.parse().ok());
        let changes = self.store.changed_since(&key, since).await?;
        Ok(changes.map(|changes| Changed { serials: changes.serials, last_updated: changes.tag.to_string() }))
    }

    async fn latest(&self, request: Fetch) -> Result<Latest, DeviceError> {
        // Date and content are of one read: an update in between only makes the device come again.
        let stored = self.pass(request.pass_type, request.serial).await?;
        let last_modified = stored.modified;
        match request.if_modified_since.is_some_and(|since| since.timestamp() == last_modified.timestamp()) {
            true => Ok(Latest::NotModified { last_modified }),
            false => Ok(Latest::Modified { file: self.host.print(stored).await?, last_modified }),
        }
    }

    async fn log(&self, log: Log) -> Result<(), DeviceError> {
        self.host.log(log).await
    }

    async fn personalize(&self, request: SignUp) -> Result<Bytes, DeviceError> {
        let stored = self.pass(request.pass_type.clone(), request.serial.clone()).await?;
        self.host.personalize(stored, request).await
    }
}

impl fmt::Debug for StoredPasses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("StoredPasses");
        shown.field("store", &self.store).field("host", &self.host).field("tenant", &self.tenant);
        shown.field("clock", &self.clock).finish()
    }
}
