//! The first version of a pass.

use std::fmt;

use chrono::{DateTime, Utc};
use openssl::rand::rand_bytes;
use serde_json::{Map, Value};
use url::Url;
use walletpass_core::projection::{self, Report};
use walletpass_core::{Expiry, Pass, PassTypeId, Secret, Serial, State};
use walletpass_google::{Card, Inserted, SaveLink};
use walletpass_webservice::PassKey;
use walletpass_webservice::store::{NewPass, StoreError, StoredPass, Write};

use super::at_google::{self, GoogleOutcome, Shadow};
use super::notify::Posted;
use super::outbox::{Errand, GOOGLE};
use super::pictures::{Brought, Fetched};
use super::record::{self, Origin, Record};
use super::template::{Difference, Pattern, as_json};
use super::{Error, Issuer, trace};

/// A pass that was created.
#[derive(Clone)]
#[non_exhaustive]
pub struct Issued {
    /// Its serial number.
    pub serial: Serial,
    /// Its pass type.
    pub pass_type: PassTypeId,
    /// Whether this call created it; not if it was there already.
    pub is_new: bool,
    /// Where it stands in its life.
    pub state: State,
    /// When it was created.
    pub created: DateTime<Utc>,
    /// Where the `.pkpass` can be downloaded, by whoever knows the address: absent without an Apple identity.
    pub apple: Option<Url>,
    /// The link that saves the pass to Google Wallet: absent without a Google client.
    pub google: Option<SaveLink>,
    /// Whether the object is at Google, where the link needs that: until it is [`Done`](GoogleOutcome::Done) such a link fails.
    pub at_google: GoogleOutcome,
    /// What each wallet calls such a pass.
    pub kinds: Kinds,
    /// Where each fact landed on each wallet, what was lost, and the warnings.
    pub report: Report,
}

/// What each wallet calls a pass of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kinds {
    /// Apple's style: `storeCard`. Absent without an Apple identity.
    pub apple: Option<&'static str>,
    /// Google's vertical: `loyalty`. Absent without a Google client.
    pub google: Option<&'static str>,
}

/// Leaves out the address of the package, since whoever knows it has the pass.
impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { serial, pass_type, is_new, state, created, google, at_google, kinds, report, .. } = self;
        let mut shown = f.debug_struct("Issued");
        shown.field("serial", serial).field("pass_type", pass_type).field("is_new", is_new).field("created", created);
        shown.field("state", state);
        shown.field("google", google).field("at_google", at_google).field("kinds", kinds).field("report", report);
        shown.finish_non_exhaustive()
    }
}

/// A pass that is to be created, its pictures named.
pub(super) struct Draft {
    pub(super) pass: Pass,
    pub(super) brought: Brought,
    /// The digest of what was asked for.
    pub(super) first: String,
    /// The template, and what was said over it.
    pub(super) origin: Option<(Pattern, Map<String, Value>)>,
}

/// Whose the object of a pass is that is being created.
enum Claimed {
    /// Nobody's before: this write makes it its own.
    New(Write),
    /// Its own already, if it is created again, or was deleted and left its object behind.
    Own(Shadow),
}

/// A pass as both wallets would have it, judged.
pub(super) struct Judged {
    pub(super) report: Report,
    pub(super) card: Option<Card>,
    /// The class at Google that it shares with the passes of its template.
    pub(super) class: Option<String>,
    kinds: Kinds,
}

impl Issuer {
    /// Creates a pass on both wallets.
    ///
    /// Created again with the same serial number and content it is the pass that is there, also if that was changed since; with other
    /// content that is an error. Google is asked for nothing, unless the link would be too long: then the object is put there, and
    /// the link names it; or a pass of this serial number was deleted: then its object is put back into use.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`], [`Error::ObjectTaken`], [`Error::NoWallet`]; [`Error::Apple`] and [`Error::Google`] with everything that a wallet would refuse;
    /// [`Error::OwnKey`]; [`Error::Picture`], [`Error::PictureUnfetched`], [`Error::PicturesTooMany`], [`Error::PictureLost`],
    /// [`Error::PictureUnreadable`]; [`Error::Random`], [`Error::Stored`], [`Error::Store`]. Nothing is written then.
    #[tracing::instrument(name = "create", skip_all, fields(serial = %pass.serial, tenant = self.inner.tenant.as_str()), err)]
    pub async fn create(&self, pass: &Pass) -> Result<Issued, Error> {
        let mut pass = pass.clone();
        let brought = self.take_pictures(&mut pass, &mut Fetched::new()).await?;
        let first = record::digest(&pass);
        self.create_drawn(Draft { pass, brought, first, origin: None }).await
    }

    /// Creates a pass that is thought out.
    pub(super) async fn create_drawn(&self, draft: Draft) -> Result<Issued, Error> {
        let Draft { mut pass, brought, first, origin } = draft;
        let at = self.inner.clock.now();
        settle_expiry(&mut pass, None, at);
        let pattern = origin.as_ref().map(|(pattern, _)| pattern);
        let Judged { report, card, class, kinds } = self.judge(&pass, None, &brought, pattern).await?;
        let google = match (&self.inner.google, &card) {
            (Some(google), Some(card)) => Some(card.fitting_link(google.client.account()).await?),
            _ => None,
        };
        let key = self.key(&pass.serial);
        let new = NewPass {
            key: key.clone(),
            body: Record {
                pass: pass.clone(),
                first: first.clone(),
                posted: None,
                signed_up: None,
                origin: origin_of(origin.as_ref(), &pass, class),
            }
            .body(),
            token: random_token()?,
            template: pattern.map(|pattern| pattern.name.clone()),
            state: pass.state,
            at,
        };
        let mut writes = vec![Write::CreatePass(new.clone()), self.event("created", &key, Default::default())];
        let is_needed = google.as_ref().is_some_and(|link| link.needs() == Inserted::Object);
        let mut own = None;
        if let Some(card) = &card {
            match self.claim_object(card, &key).await? {
                Claimed::New(write) => writes.push(write),
                Claimed::Own(shadow) => own = Some(shadow),
            }
        }
        // Google takes nothing of a link whose object is there already.
        if is_needed || own.is_some() {
            writes.push(self.task(GOOGLE, &key, Errand::about(&key)));
        }
        self.keep_pictures(brought).await?;
        let (stored, is_new) = match self.inner.store.commit(writes).await {
            Ok(_) => (new, true),
            Err(StoreError::Conflict { .. }) => (self.present(&new, &first, card.as_ref()).await?.pass, false),
            Err(error) => return Err(error.into()),
        };
        trace::created(is_new);
        if let Some(pattern) = pattern {
            self.catch_up(pattern, &key).await;
        }
        let at_google = match is_needed || (is_new && own.is_some()) {
            true if !is_new && own.is_some_and(|shadow| shadow.is_written()) => GoogleOutcome::Done,
            true => self.google_outcome(self.deliver(&key).await),
            false => GoogleOutcome::Unused,
        };
        let created = match is_new {
            true => stored.at,
            false => self.stored(&pass.serial).await?.created,
        };
        Ok(Issued {
            serial: pass.serial,
            apple: self.download(&stored),
            pass_type: key.pass_type,
            is_new,
            state: stored.state,
            created,
            google,
            at_google,
            kinds,
            report,
        })
    }

    /// Makes a serial number that no other pass has: 128 random bits, in 32 hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`Error::Random`].
    pub fn new_serial(&self) -> Result<Serial, Error> {
        Ok(random_digits()?.parse()?)
    }

    /// Gives the stored pass.
    pub(super) async fn stored(&self, serial: &Serial) -> Result<StoredPass, Error> {
        let stored = self.inner.store.pass(&self.key(serial)).await?;
        stored.ok_or_else(|| Error::NotFound { serial: serial.clone() })
    }

    /// Draws a pass for each wallet, with the message that it shows, and refuses what one of them would refuse.
    pub(super) async fn judge(
        &self,
        pass: &Pass,
        posted: Option<&Posted>,
        brought: &Brought,
        pattern: Option<&Pattern>,
    ) -> Result<Judged, Error> {
        if let Some(key) = OWN_KEYS.into_iter().find(|key| pass.extra.apple.contains_key(*key)) {
            return Err(Error::OwnKey { key });
        }
        let mut kinds = Kinds { apple: None, google: None };
        let mut report = None::<Report>;
        if let Some(apple) = self.inner.apple.get(&self.inner.pass_type) {
            // What the package will have beside what the pass says is judged too.
            let own = pass.extra.apple.is_empty();
            let mut pass = pass.clone();
            self.introduce(&mut pass, posted, &Secret::new("0".repeat(TOKEN_DIGITS)));
            kinds.apple = Some(projection::apple_style(&pass));
            let package = self.package(pass, &apple.identity, brought).await?;
            let mut judged = package.report().clone();
            if own {
                judged.placements.retain(|placement| placement.fact != "extra.apple"); // nothing of the pass
            }
            report = Some(judged);
        }
        let drawn = self.inner.google.as_ref().map(|google| self.card_of(google, pass, pattern)).transpose()?;
        let (card, class) = drawn.unzip();
        if let Some(card) = &card {
            kinds.google = Some(card.vertical.name());
            report = Some(match report {
                Some(report) => report.join(card.report.clone()),
                None => card.report.clone(),
            });
        }
        Ok(Judged { report: report.ok_or(Error::NoWallet)?, card, class: class.flatten(), kinds })
    }

    /// Sees to it that the object of a new pass is no other pass's.
    async fn claim_object(&self, card: &Card, key: &PassKey) -> Result<Claimed, Error> {
        match self.shadow(card).await? {
            None => Ok(Claimed::New(self.put_shadow(card, &Shadow::of(key), None))),
            Some((shadow, _)) if shadow.is_of(key) => Ok(Claimed::Own(shadow)),
            Some(_) => {
                let object = at_google::id_of(&card.object).to_owned();
                Err(Error::ObjectTaken { object, serial: key.serial.clone() })
            }
        }
    }

    /// Gives the pass that was to be created and is there already.
    async fn present(&self, new: &NewPass, first: &str, card: Option<&Card>) -> Result<StoredPass, Error> {
        let exists = || Error::Exists { serial: new.key.serial.clone() };
        let Some(stored) = self.inner.store.pass(&new.key).await? else {
            // Then it was the object that another pass took at the same time.
            if let Some(card) = card {
                self.claim_object(card, &new.key).await?;
            }
            return Err(exists());
        };
        match Record::read(&stored)?.first == first {
            true => Ok(stored),
            false => Err(exists()),
        }
    }

    /// Gives the address of the package, which holds the token of the pass: whoever has the package has the token.
    fn download(&self, pass: &NewPass) -> Option<Url> {
        let key = &pass.key;
        self.inner.apple.get(&key.pass_type)?;
        let mut url = self.inner.url.join("passes/").ok()?;
        let name = format!("{}.pkpass", key.serial);
        url.path_segments_mut().ok()?.pop_if_empty().push(key.pass_type.as_str()).push(&name);
        url.query_pairs_mut().append_pair("token", pass.token.expose());
        Some(url)
    }
}

/// Writes down how a new pass follows its template.
fn origin_of(origin: Option<&(Pattern, Map<String, Value>)>, pass: &Pass, class: Option<String>) -> Option<Origin> {
    let (pattern, said) = origin?;
    let json = as_json(pass);
    let overrides = Difference::between(&pattern.pass, &json).then(Difference::said(said, &json));
    Some(Origin { template: pattern.name.clone(), revision: pattern.revision, overrides, class })
}

/// Fixes from when on days count until a pass ends; they count on where the same number of days was given before.
pub(super) fn settle_expiry(pass: &mut Pass, before: Option<&Pass>, now: DateTime<Utc>) {
    if let Some(Expiry::Days { days, from: from @ None }) = &mut pass.dates.expires {
        *from = match before.and_then(|before| before.dates.expires) {
            Some(Expiry::Days { days: same, from }) if same == *days => from,
            _ => Some(now.fixed_offset()),
        };
    }
}

/// Makes an `authenticationToken`.
fn random_token() -> Result<Secret<String>, Error> {
    random_digits().map(Secret::new)
}

/// Writes 128 random bits in hexadecimal.
pub(super) fn random_digits() -> Result<String, Error> {
    let mut bytes = [0; TOKEN_DIGITS / 2];
    rand_bytes(&mut bytes).map_err(|source| Error::Random { source })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What the issuer puts into each package itself.
const OWN_KEYS: [&str; 2] = ["authenticationToken", "webServiceURL"];
const TOKEN_DIGITS: usize = 32;
