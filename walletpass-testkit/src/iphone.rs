//! An iPhone in a test: Wallet, and the dialogue that it has with its server.

mod audit;
mod complaint;
mod exchange;
mod fetch;
mod format;
mod held;
mod list;
mod log;
mod refused;
mod registration;
mod sign_up;
mod update;
mod wakeup;
mod wire;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{FixedOffset, Offset, Utc};
use http::Uri;
use url::Url;
use walletpass_apple::inspect::{Inspection, Inspector, Roots};
use walletpass_core::Secret;
use walletpass_core::lint::Finding;
use walletpass_core::port::{Clock, HttpClient, SystemClock};

use self::log::Line;
use self::registration::{Known, PushTokens};
use self::wire::Plain;
use crate::authority::Authority;

pub use self::complaint::{Complaint, Fault};
pub use self::held::{HeldPass, VisibleField};
pub use self::refused::Refused;
pub use self::sign_up::Applicant;
pub use self::wakeup::{FieldChange, PassChange, Shown, Wakeup};

/// An iPhone that never was: it takes passes as Wallet does, registers for their updates over real HTTP, and notices what the server
/// does wrong.
///
/// A real phone says nothing when something is wrong. This one refuses a pass with [reasons](Refused) and keeps
/// [complaints](Iphone::complaints) about the server, each with its mend; [`audit`](Iphone::audit) finds what no phone could notice.
///
/// It reaches the server of a test by [`reached_at`](Iphone::reached_at), so that passes keep the https address that they have
/// in earnest; or by an [`HttpClient`] of the host's, which may call its router in-process.
///
/// ```
/// # use http_body_util::{BodyExt, Full};
/// # use hyper::service::service_fn;
/// # use hyper_util::rt::TokioIo;
/// use walletpass_apple::Package;
/// use walletpass_core::{Generic, Pass};
/// use walletpass_testkit::{Authority, Fault, Iphone};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// # let server = url::Url::parse(&format!("http://{}", listener.local_addr()?))?;
/// # tokio::spawn(async move {
/// #     while let Ok((stream, _)) = listener.accept().await {
/// #         let service = service_fn(|_| async {
/// #             Ok::<_, std::convert::Infallible>(hyper::Response::new(Full::new(bytes::Bytes::new())))
/// #         });
/// #         tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
/// #     }
/// # });
/// let authority = Authority::new();
/// let identity = authority.identity("pass.org.example.library", "A1B2C3D4E5");
/// let mut pass = Pass::new("reader-4711".parse()?, "Town Library", Generic::new("Reader's card"));
/// pass.extra.apple.insert("webServiceURL".to_owned(), "https://library.example.org/wallet".into());
/// pass.extra.apple.insert("authenticationToken".to_owned(), "vxwxd7J8AlNNFPS8k0a0".into());
/// let file = identity.sign(&Package::new(&pass, &identity)?)?.to_vec();
///
/// // `server` answers everything with an empty 200, which is not what a phone hopes for.
/// let mut phone = Iphone::new(&authority).reached_at("library.example.org", &server);
/// phone.add(&file).await?;
/// assert_eq!(phone.pass("pass.org.example.library", "reader-4711").summary().organization.as_deref(), Some("Town Library"));
/// assert_eq!(phone.complaints()[0].fault, Fault::Registration, "a new registration is 201");
///
/// let wakeup = phone.wake("pass.org.example.library").await;
/// assert_eq!(wakeup.faults(), [Fault::ContentType, Fault::InvalidList]);
/// # Ok(())
/// # }
/// ```
///
/// What it does beyond Apple's documentation is made up as a cautious phone would do it: its `User-Agent`, `Accept` and `Accept-Language`, the content
/// type of what it sends, that it asks again for a pass that it did not get when it is woken next, that it forgets no tag, and
/// which log line goes with which status. It waits for nothing and has no timeouts: what a real phone does later by itself, it does when it is told to.
/// <https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes>
pub struct Iphone {
    device: String,
    roots: Roots,
    /// The root and the intermediate, for signatures over sign-ups.
    authorities: [String; 2],
    clock: Arc<dyn Clock>,
    client: Arc<dyn HttpClient>,
    routes: BTreeMap<String, Uri>,
    language: String,
    zone: FixedOffset,
    entries: BTreeMap<Name, Entry>,
    registrations: BTreeMap<(Name, String), Known>,
    /// Pass types at web services that were ever spoken to, with the tag that was last given.
    tags: BTreeMap<(String, String), Option<String>>,
    push_tokens: BTreeMap<String, PushTokens>,
    complaints: Vec<Complaint>,
    log: Vec<Line>,
}

/// A pass type and a serial number.
type Name = (String, String);

/// A pass and how it stands with its server.
struct Entry {
    pass: HeldPass,
    service: Option<Service>,
    last_modified: Option<String>,
    is_automatic: bool,
    /// Whether it came since the last list was read, so that the next one may name it with right.
    is_fresh: bool,
    /// Whether it was listed and could not be had.
    is_pending: bool,
}

/// Where a pass is updated.
#[derive(Clone)]
struct Service {
    base: String,
    token: Secret<String>,
}

impl Iphone {
    /// Makes a phone that trusts this authority as others trust Apple, with an empty Wallet and a name of its own.
    ///
    /// # Panics
    ///
    /// When OpenSSL has no random numbers.
    pub fn new(authority: &Authority) -> Self {
        let roots = Roots::none().with(authority.root_pem().as_bytes()).unwrap_or_else(|_| Roots::none());
        Self {
            device: registration::random(16),
            roots,
            authorities: [authority.root_pem(), authority.intermediate_pem()],
            clock: Arc::new(SystemClock),
            client: Arc::new(Plain),
            routes: BTreeMap::new(),
            language: "en".to_owned(),
            zone: Utc.fix(),
            entries: BTreeMap::new(),
            registrations: BTreeMap::new(),
            tags: BTreeMap::new(),
            push_tokens: BTreeMap::new(),
            complaints: Vec::new(),
            log: Vec::new(),
        }
    }

    /// Finds a host of a `webServiceURL` at another address: `phone.reached_at("wallet.example.com", &server)`. Of that URL only scheme, host and port
    /// count; the `Host` header stays. A port other than the usual one belongs to the name: `wallet.example.com:8443`.
    ///
    /// # Panics
    ///
    /// For a URL without a host.
    #[expect(clippy::expect_used, reason = "a test tool: what fails here fails the test")]
    pub fn reached_at(mut self, host: &str, server: &Url) -> Self {
        let server = server.as_str().parse::<Uri>().expect("a URL with a host");
        self.routes.insert(host.to_owned(), server);
        self
    }

    /// Sends requests by another client: one with TLS, or one that calls a router in-process.
    ///
    /// It must not follow redirects, nor decode, cache or add anything; then the phone sees what the server does.
    pub fn with_client(mut self, client: Arc<dyn HttpClient>) -> Self {
        self.client = client;
        self
    }

    /// Tells the time by `clock`: signatures are judged by it, and log lines dated.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Shows passes in this language, as far as they have a folder of that very name: `de`. It is `en` at first.
    pub fn with_language(mut self, language: &str) -> Self {
        language.clone_into(&mut self.language);
        self
    }

    /// Shows dates in this zone. It is UTC at first.
    pub fn with_zone(mut self, zone: FixedOffset) -> Self {
        self.zone = zone;
        self
    }

    /// Gives the name of the device towards servers: Apple's `deviceLibraryIdentifier`.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Opens a `.pkpass` or `.pkpasses` as Wallet does, keeps the passes and registers for those that can be updated. One that is in
    /// Wallet already is replaced.
    ///
    /// What goes wrong with the registration is a [complaint](Iphone::complaints): the pass is in Wallet all the same, and the phone tries
    /// again when it is woken.
    ///
    /// # Errors
    ///
    /// [`Refused`], with the reasons, for what Wallet would not take. Then nothing of the file is kept.
    pub async fn add(&mut self, file: &[u8]) -> Result<(), Refused> {
        for pass in self.open(file)? {
            let name = (pass.pass_type().to_owned(), pass.serial().to_owned());
            let service = service_of(&pass);
            let is_updated = service.is_some();
            let entry = Entry {
                pass,
                service,
                last_modified: None,
                is_automatic: is_updated,
                is_fresh: true,
                is_pending: false,
            };
            self.entries.insert(name.clone(), entry);
            self.register(&name).await;
        }
        self.send_log().await;
        Ok(())
    }

    /// Deletes a pass from Wallet, and tells the server.
    ///
    /// # Panics
    ///
    /// When the pass is not in Wallet.
    pub async fn remove(&mut self, pass_type: &str, serial: &str) {
        let name = self.name(pass_type, serial);
        self.unregister(&name).await;
        self.entries.remove(&name);
        self.send_log().await;
    }

    /// Turns "Automatic Updates" of a pass off or on, and tells the server.
    ///
    /// # Panics
    ///
    /// When the pass is not in Wallet.
    pub async fn automatic_updates(&mut self, pass_type: &str, serial: &str, on: bool) {
        let name = self.name(pass_type, serial);
        if let Some(entry) = self.entries.get_mut(&name) {
            entry.is_automatic = on && entry.service.is_some();
            entry.is_fresh |= on;
        }
        if on {
            self.register(&name).await;
        } else {
            self.unregister(&name).await;
        }
        self.send_log().await;
    }

    /// Gives a pass in Wallet.
    ///
    /// # Panics
    ///
    /// When it is not there.
    #[expect(clippy::panic, reason = "a test tool: what fails here fails the test")]
    pub fn pass(&self, pass_type: &str, serial: &str) -> &HeldPass {
        match self.entries.get(&(pass_type.to_owned(), serial.to_owned())) {
            Some(entry) => &entry.pass,
            None => panic!("no pass {pass_type} {serial} is in Wallet, but {:?}", self.entries.keys()),
        }
    }

    /// Gives the passes in Wallet, sorted by pass type and serial number.
    pub fn passes(&self) -> impl Iterator<Item = &HeldPass> {
        self.entries.values().map(|entry| &entry.pass)
    }

    /// Says whether a pass is in Wallet.
    pub fn holds(&self, pass_type: &str, serial: &str) -> bool {
        self.entries.contains_key(&(pass_type.to_owned(), serial.to_owned()))
    }

    /// Gives what servers did wrong so far, from the first to the last.
    pub fn complaints(&self) -> &[Complaint] {
        &self.complaints
    }

    /// Gives the complaints so far, and forgets them.
    pub fn take_complaints(&mut self) -> Vec<Complaint> {
        std::mem::take(&mut self.complaints)
    }

    fn open(&self, file: &[u8]) -> Result<Vec<HeldPass>, Refused> {
        let passes = self.inspect(file)?.passes.into_iter();
        Ok(passes.filter_map(|pass| HeldPass::new(pass, &self.language, self.zone)).collect())
    }

    /// Gives what Wallet would take.
    fn inspect(&self, file: &[u8]) -> Result<Inspection, Refused> {
        let inspector = Inspector::new().roots(self.roots.clone()).clock(Arc::clone(&self.clock));
        let inspection = inspector.inspect(file).map_err(Refused::Unreadable)?;
        let errors: Vec<Finding> = inspection.errors().cloned().collect();
        if !errors.is_empty() {
            return Err(Refused::Findings(errors));
        }
        Ok(inspection)
    }

    fn name(&self, pass_type: &str, serial: &str) -> Name {
        let pass = self.pass(pass_type, serial);
        (pass.pass_type().to_owned(), pass.serial().to_owned())
    }

    fn names_of(&self, pass_type: &str) -> Vec<Name> {
        self.entries.keys().filter(|name| name.0 == pass_type).cloned().collect()
    }

    fn service(&self, name: &Name) -> Option<Service> {
        self.entries.get(name)?.service.clone()
    }
}

impl fmt::Debug for Iphone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passes: Vec<&HeldPass> = self.passes().collect();
        f.debug_struct("Iphone").field("passes", &passes).field("complaints", &self.complaints).finish_non_exhaustive()
    }
}

fn is_at(entry: &Entry, base: &str) -> bool {
    entry.service.as_ref().is_some_and(|service| service.base == base)
}

fn service_of(pass: &HeldPass) -> Option<Service> {
    let base = pass.text_of("webServiceURL")?.to_owned();
    Some(Service { base, token: Secret::from(pass.text_of("authenticationToken")?) })
}
