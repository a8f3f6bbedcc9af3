//! The first version of a pass.

use chrono::{DateTime, Utc};
use url::Url;
use walletpass_core::projection::Report;
use walletpass_core::{Pass, PassTypeId, Secret, Serial};
use walletpass_google::{Card, Error as GoogleError, Inserted, SaveLink};
use walletpass_webservice::store::{NewPass, StoreError, StoredPass, Write};

use super::outbox::{Errand, GOOGLE};
use super::{Error, Issuer, record};

/// A pass that was created.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Issued {
    /// Its serial number.
    pub serial: Serial,
    /// Its pass type.
    pub pass_type: PassTypeId,
    /// Whether this call created it; not if it was there already with the same content.
    pub is_new: bool,
    /// When it was created.
    pub created: DateTime<Utc>,
    /// Where the `.pkpass` can be downloaded, by whoever knows the address.
    pub apple: Option<Url>,
    /// The link that saves the pass to Google Wallet.
    pub google: Option<SaveLink>,
    /// Where each fact landed on each wallet, what was lost, and the warnings.
    pub report: Report,
}

/// A pass as both wallets would have it, judged.
pub(super) struct Judged {
    pub(super) report: Report,
    pub(super) card: Option<Card>,
}

impl Issuer {
    /// Creates a pass on both wallets.
    ///
    /// Created again with the same serial number and content it is the pass that is there; with other content that is an error. Where Google's
    /// link would be too long, the object is put at Google, and the link names it.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`], [`Error::NoWallet`]; [`Error::Apple`] and [`Error::Google`] with everything that a wallet would refuse;
    /// [`Error::Picture`]; [`Error::Store`]. Nothing is written then.
    pub async fn create(&self, pass: &Pass) -> Result<Issued, Error> {
        let mut pass = pass.clone();
        self.put_pictures(&mut pass).await?;
        let Judged { report, card } = self.judge(&pass).await?;
        let key = self.key(&pass.serial);
        let at = self.inner.clock.now();
        let new = NewPass {
            key: key.clone(),
            body: record::encode(&pass),
            token: random_token()?,
            template: None,
            state: pass.state,
            at,
        };
        let google = card.as_ref().map(|card| self.link(card)).transpose()?;
        let mut writes = vec![Write::CreatePass(new.clone()), self.event("created", &key, Default::default())];
        if google.as_ref().is_some_and(|(_, is_at_google)| *is_at_google) {
            writes.push(self.task(GOOGLE, &key, &Errand::default()));
        }
        let (stored, is_new) = match self.inner.store.commit(writes).await {
            Ok(_) => (self.stored(&pass.serial).await?, true),
            Err(StoreError::Conflict { .. }) => {
                let stored = self.stored(&pass.serial).await?;
                if stored.pass.body != new.body {
                    return Err(Error::Exists { serial: pass.serial });
                }
                (stored, false)
            }
            Err(error) => return Err(error.into()),
        };
        if is_new {
            self.deliver_at_once().await;
        }
        Ok(Issued {
            serial: pass.serial,
            pass_type: key.pass_type,
            is_new,
            created: stored.created,
            apple: self.download(&stored),
            google: google.map(|(link, _)| link),
            report,
        })
    }

    /// Gives the stored pass.
    pub(super) async fn stored(&self, serial: &Serial) -> Result<StoredPass, Error> {
        let stored = self.inner.store.pass(&self.key(serial)).await?;
        stored.ok_or_else(|| Error::NotFound { serial: serial.clone() })
    }

    /// Draws a pass, whose pictures are kept, for each wallet, and refuses what one of them would refuse.
    pub(super) async fn judge(&self, pass: &Pass) -> Result<Judged, Error> {
        let apple = self.inner.apple.get(&self.inner.pass_type);
        let google = self.inner.google.as_ref();
        let mut report = None::<Report>;
        if let Some(apple) = apple {
            report = Some(self.package(pass, &apple.identity).await?.report().clone());
        }
        let card = google.map(|client| client.account().card(pass)).transpose()?;
        if let Some(card) = &card {
            report = Some(match report {
                Some(report) => report.join(card.report.clone()),
                None => card.report.clone(),
            });
        }
        Ok(Judged { report: report.ok_or(Error::NoWallet)?, card })
    }

    /// Makes the link of a card, and says whether the object must be at Google for it.
    fn link(&self, card: &Card) -> Result<(SaveLink, bool), Error> {
        let Some(client) = &self.inner.google else { return Err(Error::NoWallet) };
        match card.save_link(client.account()) {
            Ok(link) => Ok((link, false)),
            Err(GoogleError::LinkTooLong(_)) => Ok((card.save_link_given(client.account(), Inserted::Object)?, true)),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the address of the package, which holds the token of the pass: whoever has the package has the token.
    fn download(&self, stored: &StoredPass) -> Option<Url> {
        let key = &stored.pass.key;
        self.inner.apple.get(&key.pass_type)?;
        let mut url = self.inner.url.join("passes/").ok()?;
        let name = format!("{}.pkpass", key.serial.as_str());
        url.path_segments_mut().ok()?.pop_if_empty().push(key.pass_type.as_str()).push(&name);
        url.query_pairs_mut().append_pair("token", stored.pass.token.expose());
        Some(url)
    }
}

/// Makes an `authenticationToken` of 128 random bits.
fn random_token() -> Result<Secret<String>, Error> {
    let mut bytes = [0; 16];
    openssl::rand::rand_bytes(&mut bytes).map_err(|source| StoreError::Unavailable { source: source.into() })?;
    Ok(Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
}
