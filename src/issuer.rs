//! The lifecycle of passes: created, changed and ended with one call each, on both wallets.

mod at_google;
mod callback;
mod change;
mod create;
mod error;
mod events;
mod fetch;
mod google_nonces;
mod google_notices;
mod host;
mod message;
mod notify;
mod outbox;
mod pictures;
mod read;
mod record;
mod scan;
mod shelf;
mod sign_up;
mod template;
mod text;
mod trace;
mod turns;
mod wake;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use url::Url;
use walletpass_apple::Identity;
use walletpass_core::port::{Clock, SystemClock};
use walletpass_core::{PassTypeId, Serial};
use walletpass_google as google;
use walletpass_push::Push;
use walletpass_webservice::store::{Assets, Store};
use walletpass_webservice::{PassKey, Tenant};

use self::at_google::Google;
use self::google_nonces::GoogleNonces;
use self::google_notices::GoogleNotices;
use self::shelf::Shelf;
use self::sign_up::FillIn;
use self::turns::Turns;

pub use self::at_google::GoogleOutcome;
pub use self::change::Change;
pub use self::create::{Issued, Kinds};
pub use self::error::Error;
pub use self::events::{EventList, EventsQuery, Happened, What};
#[cfg(feature = "reqwest")]
pub use self::fetch::PublicPictures;
pub use self::fetch::{BareUrl, FetchError, PictureSource, Refusal, is_public_address};
pub use self::host::{IssuerService, Logged};
pub use self::notify::{MessageOutcome, Notice, Notified, PastNotice};
pub use self::outbox::{Delivered, Outcome};
pub use self::read::{Held, PassList};
pub use self::scan::{Scan, ScanAction, Scanned, Verdict};
pub use self::template::{Template, TemplateFailure, TemplateJob};
pub use self::wake::Woken;

/// Creates passes for both wallets, changes them, and sees to it that every phone shows the change.
///
/// Each verb is one commit to the store: the new version, what happened, and what is still to be done about it. Delivery comes after the
/// commit, at once; what fails stays in the store and is done by [`run_due`](Issuer::run_due), which a host calls again and again, in
/// any number of processes.
///
/// Clones share everything. Nothing runs in the background.
///
/// | to | there is |
/// |---|---|
/// | hand passes out | [`create`](Issuer::create), [`pkpass`](Issuer::pkpass), [`service`](Issuer::service) |
/// | change them | [`update`](Issuer::update), [`replace`](Issuer::replace), [`merge`](Issuer::merge) |
/// | end them, or not yet | [`redeem`](Issuer::redeem), [`void`](Issuer::void), [`expire`](Issuer::expire), [`extend`](Issuer::extend), [`reinstate`](Issuer::reinstate), [`delete`](Issuer::delete) |
/// | judge them at a door | [`scan`](Issuer::scan) |
/// | tell their holders something | [`notify`](Issuer::notify), [`notices`](Issuer::notices) |
/// | hear of their holders | [`callbacks`](Issuer::callbacks) of Google, [`sign_up`](Issuer::sign_up) with an iPhone |
/// | read | [`pass`](Issuer::pass), [`passes`](Issuer::passes), and what happened: [`events`](Issuer::events), [`prune_events`](Issuer::prune_events) |
/// | deliver what is left | [`worker`](Issuer::worker), [`run_due`](Issuer::run_due), [`dead`](Issuer::dead), [`revive`](Issuer::revive) |
///
/// ```
/// # use std::sync::Arc;
/// # use walletpass::push::Recorder;
/// use walletpass::issuer::Change;
/// use walletpass::webservice::store::MemoryStore;
/// use walletpass::{Issuer, Kind, Loyalty, Pass, Picture, Role};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let identity = walletpass_testkit::Authority::new().identity("pass.org.example.beans", "A1B2C3D4E5");
/// # let push = Arc::new(Recorder::new());
/// # let logo: &[u8] = include_bytes!("../examples/passes/art/loyalty-icon.png");
/// // SqliteStore keeps passes in a file, PostgresStore serves many nodes.
/// let store = Arc::new(MemoryStore::new());
/// let issuer = Issuer::new(store, "https://passes.example/wallet".parse()?)?.apple(identity, push);
///
/// let card = Loyalty::new("Bean Club", Picture::png(logo)?).points(2_450);
/// let pass = Pass::new("member-4711".parse()?, "Bean & Co", card).on_change(Role::Points, "You now have %@ points");
/// let issued = issuer.create(&pass).await?;
/// println!("download it from {}", issued.apple.expect("there is an Apple identity"));
///
/// let change = issuer.update(&issued.serial, |pass| {
///     if let Kind::Loyalty(card) = &mut pass.kind {
///         card.points = Some(2_500.into());
///     }
/// });
/// assert!(matches!(change.await?, Change::Changed { .. }));
/// assert_eq!(issuer.replace(&issuer.pass(&issued.serial).await?.pass).await?, Change::Unchanged);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Issuer {
    inner: Arc<Inner>,
}

#[derive(Clone)]
struct Inner {
    store: Arc<dyn Store>,
    assets: Arc<dyn Assets>,
    tenant: Tenant,
    /// Ends with a slash.
    url: Url,
    pass_type: PassTypeId,
    apple: BTreeMap<PassTypeId, Apple>,
    google: Option<Google>,
    callbacks: Option<(Arc<google::Callbacks>, Arc<GoogleNonces>)>,
    fill_in: Option<FillIn>,
    clock: Arc<dyn Clock>,
    shelf: Shelf,
    turns: Turns,
    pictures: Option<Arc<dyn PictureSource>>,
}

/// One pass type: who signs its passes, and who wakes the devices.
#[derive(Clone)]
struct Apple {
    identity: Identity,
    push: Arc<dyn Push>,
}

impl Issuer {
    /// Keeps passes in `store`; `url` is where the host mounts [`service`](Issuer::service), as phones and Google see it: `https://passes.example/wallet`.
    ///
    /// It issues for no wallet yet: add [`apple`](Issuer::apple), [`google`](Issuer::google), or both.
    ///
    /// # Errors
    ///
    /// [`Error::Url`] when it is not `https`, which phones demand.
    pub fn new<S: Store + Assets + 'static>(store: Arc<S>, mut url: Url) -> Result<Self, Error> {
        if url.scheme() != "https" || url.query().is_some() || url.fragment().is_some() {
            return Err(Error::Url { found: url });
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        let inner = Inner {
            assets: Arc::clone(&store) as Arc<dyn Assets>,
            store,
            tenant: Tenant::default(),
            url,
            pass_type: google_only(),
            apple: BTreeMap::new(),
            google: None,
            callbacks: None,
            fill_in: None,
            clock: Arc::new(SystemClock),
            shelf: Shelf::default(),
            turns: Turns::default(),
            pictures: None,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Issues for Apple Wallet: `identity` signs, and `push` wakes the devices. Of several pass types the first one is meant where
    /// none is [named](Issuer::of).
    pub fn apple(self, identity: Identity, push: Arc<dyn Push>) -> Self {
        self.with(|inner| {
            let pass_type = identity.pass_type().clone();
            if inner.apple.is_empty() {
                inner.pass_type = pass_type.clone();
            }
            inner.apple.insert(pass_type, Apple { identity, push });
        })
    }

    /// Issues for Google Wallet.
    ///
    /// How often each pass has notified its holders is counted in the store of the issuer, for all nodes together, in place of the
    /// [record](google::Client::with_notices) that the client had.
    pub fn google(self, client: google::Client) -> Self {
        self.with(|inner| {
            let client = client.with_notices(Arc::new(GoogleNotices(Arc::clone(&inner.store))));
            inner.google = Some(Google { client, rest: Arc::default() });
        })
    }

    /// Issues for a tenant: several share a store, and none sees what another has. Each has an address and a [`worker`](Issuer::worker) of its own.
    pub fn tenant(self, tenant: Tenant) -> Self {
        self.with(|inner| inner.tenant = tenant)
    }

    /// Keeps pictures elsewhere than with the passes, in an object store for instance.
    pub fn assets(self, assets: Arc<dyn Assets>) -> Self {
        self.with(|inner| {
            inner.assets = assets;
            inner.shelf.stored = Default::default(); // it is of the store that was
        })
    }

    /// Fetches the pictures that passes name by address, once, and hosts them: `PublicPictures`, of the feature `reqwest`, reaches nothing but
    /// public addresses. Without this such a pass is refused.
    pub fn pictures(self, pictures: Arc<dyn PictureSource>) -> Self {
        self.with(|inner| inner.pictures = Some(pictures))
    }

    /// Tells the time by `clock`.
    pub fn clock(self, clock: Arc<dyn Clock>) -> Self {
        self.with(|inner| inner.clock = clock)
    }

    /// Gives an issuer that means passes of this type.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownPassType`] when no identity is for it.
    pub fn of(&self, pass_type: &PassTypeId) -> Result<Self, Error> {
        if !self.inner.apple.contains_key(pass_type) {
            return Err(Error::UnknownPassType { pass_type: pass_type.clone() });
        }
        Ok(self.clone().with(|inner| inner.pass_type = pass_type.clone()))
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.inner));
        self
    }

    fn key(&self, serial: &Serial) -> PassKey {
        self.key_of(&self.inner.pass_type, serial)
    }

    fn key_of(&self, pass_type: &PassTypeId, serial: &Serial) -> PassKey {
        PassKey { tenant: self.inner.tenant.clone(), pass_type: pass_type.clone(), serial: serial.clone() }
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { store, tenant, url, pass_type, apple, google, .. } = &*self.inner;
        f.debug_struct("Issuer")
            .field("store", store)
            .field("tenant", tenant)
            .field("url", &url.as_str())
            .field("pass_type", pass_type)
            .field("apple", &apple.keys())
            .field("google", &google.as_ref().map(|google| google.client.account().issuer()))
            .finish_non_exhaustive()
    }
}

/// The pass type under which a store keeps the passes of an issuer that has none of Apple's.
#[expect(clippy::expect_used, reason = "a constant")]
fn google_only() -> PassTypeId {
    "pass.google.only".parse().expect("a pass type")
}
