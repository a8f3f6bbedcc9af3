//! What Google tells: that somebody saved a pass, or deleted it.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use bytes::{Buf, Bytes};
use http::StatusCode;
use http_body::Body;
use walletpass_core::Pass;
use walletpass_google::{Callback, CallbackError, CallbackEvent, Callbacks, NonceStore};
use walletpass_webservice::store::{Event, StoreError};

use super::events::OF_GOOGLE;
use super::google_nonces::GoogleNonces;
use super::{Error, Issuer};

impl Issuer {
    /// Takes what Google tells of saved and deleted passes, and has it told: each class names the address of the [service](Issuer::service) for
    /// that, unless it names one of its own in `extra.googleClass.callbackOptions`. Classes that are at Google already learn it with the next change of a
    /// pass of theirs, or of their template.
    ///
    /// Each becomes an event, [`Installed`](super::What::Installed) or [`Removed`](super::What::Removed). Which ones were taken before is kept in the store
    /// of the issuer, in place of what `callbacks` had for that, so that any node may take a callback, and none is taken twice.
    /// <https://developers.google.com/wallet/generic/use-cases/use-callbacks-for-saves-and-deletions>
    pub fn callbacks(self, callbacks: Callbacks) -> Self {
        self.with(|inner| {
            let nonces = Arc::new(GoogleNonces::new(Arc::clone(&inner.store)));
            let callbacks = Arc::new(callbacks.with_nonces(Arc::clone(&nonces) as Arc<dyn NonceStore>));
            inner.callbacks = Some((callbacks, nonces));
        })
    }

    /// Names the address for callbacks in the class of a pass.
    pub(super) fn name_callback(&self, pass: &mut Pass) {
        let options = serde_json::json!({ "url": format!("{}{CALLBACK}", self.inner.url) });
        pass.extra.google_class.entry("callbackOptions").or_insert(options);
    }

    /// Says whether this is where Google posts to.
    pub(super) fn is_callback(&self, path: &str) -> bool {
        self.inner.callbacks.is_some() && path == CALLBACK
    }

    /// Takes a callback, and gives what to answer.
    #[tracing::instrument(name = "callback", skip_all)]
    pub(super) async fn take_callback<B: Body>(&self, body: B) -> StatusCode {
        let Some((callbacks, nonces)) = &self.inner.callbacks else { return StatusCode::NOT_FOUND };
        let body = match read(body, Callbacks::MAX_BODY).await {
            Ok(body) => body,
            Err(status) => return status,
        };
        let callback = match callbacks.verify(&body).await {
            Ok(callback) => callback,
            Err(error) => {
                if !matches!(error, CallbackError::Replayed) {
                    tracing::warn!(error = &error as &dyn std::error::Error, "callback not taken");
                }
                return StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            }
        };
        match self.record_callback(&callback, nonces).await {
            // In a conflict another node took it at the same time.
            Ok(()) | Err(Error::Store(StoreError::Conflict { .. })) => StatusCode::OK,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "callback not recorded: Google is asked to repeat it");
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    async fn record_callback(&self, callback: &Callback, nonces: &GoogleNonces) -> Result<(), Error> {
        let object = callback.object_id.as_str();
        let kind = match &callback.event {
            CallbackEvent::Saved => Event::INSTALLED,
            CallbackEvent::Deleted => Event::REMOVED,
            other => {
                tracing::warn!(object, event = ?other, "Google tells of something that this version does not know");
                return Ok(());
            }
        };
        let shadow = match self.shadow_of(object).await {
            // No object of ours has such a name.
            Err(Error::Store(StoreError::Invalid { .. })) => None,
            found => found?,
        };
        let key = shadow.map(|(shadow, _)| (self.key_of(&shadow.pass_type, &shadow.serial), shadow));
        let Some((key, _)) = key.filter(|(key, shadow)| shadow.is_of(key)) else {
            tracing::warn!(object, kind, "Google tells of an object that is none of this issuer's");
            return Ok(());
        };
        let mut writes = vec![self.event(kind, &key, Bytes::from_static(OF_GOOGLE))];
        writes.extend(nonces.taken(&callback.nonce, self.inner.clock.now()));
        self.inner.store.commit(writes).await?;
        tracing::debug!(monotonic_counter.walletpass_callbacks = 1_u64, serial = %key.serial, kind, "callback taken");
        Ok(())
    }
}

/// Reads a body whole, and no more than is allowed of it.
async fn read<B: Body>(body: B, most: usize) -> Result<Vec<u8>, StatusCode> {
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let Ok(mut data) = frame.map_err(|_| StatusCode::BAD_REQUEST)?.into_data() else { continue };
        if data.remaining() > most - bytes.len() {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        while data.has_remaining() {
            let chunk = data.chunk();
            bytes.extend_from_slice(chunk);
            let length = chunk.len();
            data.advance(length);
        }
    }
    Ok(bytes)
}

/// Where Google posts to, below the address of the issuer.
const CALLBACK: &str = "google/callback";
