//! What a device asks of a server, and what it is told.
//!
//! [`DeviceService`] is written for the host that has tables of its own. [`DeviceApi`](crate::DeviceApi) speaks HTTP for it;
//! [`StoredPasses`](crate::StoredPasses) is one over a [`Store`](crate::store::Store).

mod error;
mod file;
mod log;
mod sign_up;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use walletpass_core::{PassTypeId, Secret, Serial};

use crate::{DeviceId, PushToken};

pub use error::DeviceError;
pub use file::PassFile;
pub use log::{Complaint, Log, LogLine, LogTask, Severity};
pub use sign_up::{Holder, SignUp};

/// Answers devices: who holds which pass, what changed, and the pass itself.
///
/// [`DeviceApi`](crate::DeviceApi) does what HTTP asks, and checks the token of a pass before it calls
/// [`register`](DeviceService::register), [`unregister`](DeviceService::unregister) or [`latest`](DeviceService::latest).
///
/// # Contract
///
/// - The same serial number under two pass types is two passes, with a token each.
/// - A pass that is unknown, or is gone since its token was asked for, is [`DeviceError::UnknownPass`], and the device is told as
///   much as one with a wrong token.
/// - Names come decoded and in the case in which the device sent them: compare them by their bytes.
/// - Calls may come twice and at the same time: a device repeats what it got no answer to.
/// - A future may be dropped at any point, as a device hangs up. What the call changes is then done whole or not at all.
/// - What comes from a device is hostile input; only its form was checked.
///
/// <https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes>
#[async_trait]
pub trait DeviceService: fmt::Debug + Send + Sync {
    /// Gives the `authenticationToken` that is written in a pass, or nothing when there is no such pass. An empty one lets nobody in.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unavailable`], [`DeviceError::Failed`].
    async fn authentication_token(
        &self,
        pass_type: &PassTypeId,
        serial: &Serial,
    ) -> Result<Option<Secret<String>>, DeviceError>;

    /// Registers a device for a pass. The push token is from now on the one for all passes of this type on the device, whatever
    /// it was before.
    ///
    /// # Errors
    ///
    /// [`DeviceError::UnknownPass`], [`DeviceError::Unavailable`], [`DeviceError::Failed`].
    async fn register(&self, request: Register) -> Result<Registered, DeviceError>;

    /// Ends a registration; it is no error if there is none. A device without registrations is forgotten.
    ///
    /// # Errors
    ///
    /// [`DeviceError::UnknownPass`], [`DeviceError::Unavailable`], [`DeviceError::Failed`].
    async fn unregister(&self, request: Unregister) -> Result<(), DeviceError>;

    /// Lists which of the passes that a device registered changed after `since`; without it, or with one that was never
    /// given, all of them. Gives nothing when there is none, also for a device that is unknown.
    ///
    /// The `last_updated` that goes along covers what is listed and nothing that is not: a change that becomes visible later must
    /// be listed for it.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unavailable`], [`DeviceError::Failed`].
    async fn changed(&self, request: ListChanged) -> Result<Option<Changed>, DeviceError>;

    /// Gives a pass as it is now. Its date is that of the very content that is given; another content has a later date.
    ///
    /// Whoever has no use for `if_modified_since` ignores it: [`DeviceApi`](crate::DeviceApi) compares the dates too.
    ///
    /// # Errors
    ///
    /// [`DeviceError::UnknownPass`], [`DeviceError::Unavailable`], [`DeviceError::Failed`].
    async fn latest(&self, request: Fetch) -> Result<Latest, DeviceError>;

    /// Takes what a device says went wrong. Anybody may send it.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unavailable`], [`DeviceError::Failed`].
    async fn log(&self, log: Log) -> Result<(), DeviceError>;

    /// Makes a pass the holder's own, who signed up with it, and gives the detached signature of the token's bytes by the
    /// certificate that signs the pass.
    ///
    /// Apple documents no authentication here: refuse a pass that has no sign-up form, or has its holder already.
    ///
    /// # Errors
    ///
    /// [`DeviceError::UnknownPass`], [`DeviceError::Refused`], [`DeviceError::Unavailable`], [`DeviceError::Failed`].
    async fn personalize(&self, request: SignUp) -> Result<Bytes, DeviceError>;
}

/// Asks to be woken when a pass changes.
/// <https://developer.apple.com/documentation/walletpasses/register-a-pass-for-update-notifications>
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "services read it, and their tests make it")]
pub struct Register {
    /// Which device.
    pub device: DeviceId,
    /// The pass type of the pass.
    pub pass_type: PassTypeId,
    /// The serial number of the pass.
    pub serial: Serial,
    /// Where to wake the device.
    pub push_token: PushToken,
}

/// What became of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "services make it, and each has its status")]
pub enum Registered {
    /// The device held the pass before: 200.
    Known,
    /// The device is new to the pass: 201.
    New,
}

/// Asks not to be woken any more.
/// <https://developer.apple.com/documentation/walletpasses/unregister-a-pass-for-update-notifications>
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "services read it, and their tests make it")]
pub struct Unregister {
    /// Which device.
    pub device: DeviceId,
    /// The pass type of the pass.
    pub pass_type: PassTypeId,
    /// The serial number of the pass.
    pub serial: Serial,
}

/// Asks which passes of a device changed.
/// <https://developer.apple.com/documentation/walletpasses/get-the-list-of-updatable-passes>
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "services read it, and their tests make it")]
pub struct ListChanged {
    /// Which device.
    pub device: DeviceId,
    /// Of which pass type.
    pub pass_type: PassTypeId,
    /// The `last_updated` of an earlier answer, as the device brought it: any text, never an empty one.
    pub since: Option<String>,
}

/// The passes that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "services make it")]
pub struct Changed {
    /// Their serial numbers. None at all is answered as if there were no `Changed`.
    pub serials: Vec<Serial>,
    /// What the device brings back the next time: `lastUpdated`, not empty.
    pub last_updated: String,
}

/// Asks for a pass.
/// <https://developer.apple.com/documentation/walletpasses/send-an-updated-pass>
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "services read it, and their tests make it")]
pub struct Fetch {
    /// The pass type of the pass.
    pub pass_type: PassTypeId,
    /// The serial number of the pass.
    pub serial: Serial,
    /// The date of the content that the device has, in whole seconds.
    pub if_modified_since: Option<DateTime<Utc>>,
}

/// A pass as it is now.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "services make it, and each has its status")]
pub enum Latest {
    /// The content: 200. A date that is not after the device's is answered with 304 all the same.
    Modified {
        /// The package.
        file: PassFile,
        /// When this content came to be; what is below a second is cut off.
        last_modified: DateTime<Utc>,
    },
    /// The device has it already: 304.
    NotModified {
        /// When the content came to be.
        last_modified: DateTime<Utc>,
    },
}

/// A shared service answers as the service does.
#[async_trait]
impl<S: DeviceService + ?Sized> DeviceService for Arc<S> {
    async fn authentication_token(
        &self,
        pass_type: &PassTypeId,
        serial: &Serial,
    ) -> Result<Option<Secret<String>>, DeviceError> {
        (**self).authentication_token(pass_type, serial).await
    }

    async fn register(&self, request: Register) -> Result<Registered, DeviceError> {
        (**self).register(request).await
    }

    async fn unregister(&self, request: Unregister) -> Result<(), DeviceError> {
        (**self).unregister(request).await
    }

    async fn changed(&self, request: ListChanged) -> Result<Option<Changed>, DeviceError> {
        (**self).changed(request).await
    }

    async fn latest(&self, request: Fetch) -> Result<Latest, DeviceError> {
        (**self).latest(request).await
    }

    async fn log(&self, log: Log) -> Result<(), DeviceError> {
        (**self).log(log).await
    }

    async fn personalize(&self, request: SignUp) -> Result<Bytes, DeviceError> {
        (**self).personalize(request).await
    }
}
