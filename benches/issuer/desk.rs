//! A store with many passes, and the issuers over it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use walletpass::issuer::{Change, GoogleOutcome};
use walletpass::model::port::{Clock, SystemClock};
use walletpass::model::{Kind, Serial};
use walletpass::{Issuer, Pass, Value};
use walletpass_benches::{Design, scatter};
use walletpass_push::Recorder;
use walletpass_webservice::store::{Assets, DocumentKey, NewDocument, NewEvent, NewPass, Store, StoredPass, Write};
use walletpass_webservice::{PassKey, Tenant};

use crate::firm::{Firm, PASS_TYPE};

/// What is asked of an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// `create`: a new pass.
    Create(Wallets),
    /// `update`: one point more, and the one device that holds the pass is woken.
    Update(Wallets),
    /// `update` that changes nothing.
    Keep(Wallets),
    /// Nothing of an issuer, but what an update cannot be without: the pass is read, and the next version with its event committed.
    Bare,
}

/// For which wallets an issuer issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wallets {
    Apple,
    Both,
}

/// A store that is filled, and an issuer for each choice of wallets.
pub(crate) struct Desk {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) tenant: Tenant,
    apple: Issuer,
    both: Issuer,
    /// What is created.
    design: Pass,
    /// What the serial number of each pass is made of. In their order the store is filled, as one loads what one has sorted.
    names: Arc<[u64]>,
    /// How many changes were asked for.
    asked: AtomicU64,
    /// The number of the next pass.
    next: AtomicU64,
}

impl Desk {
    /// Fills a store with passes, each of which a device of its own has registered, and each with an object at Google.
    pub(crate) async fn fill<S: Store + Assets + 'static>(
        firm: &Firm,
        store: Arc<S>,
        tenant: Tenant,
        passes: u64,
    ) -> Self {
        let first = first_of(&tenant);
        let mut names: Vec<u64> = (0..passes).map(|pass| scatter(first.wrapping_add(pass))).collect();
        names.sort_unstable();
        let desk = Self::new(firm, store, tenant, names.into(), first.wrapping_add(1 << 40));
        let pattern = Pattern::draw(firm, &desk).await;
        for names in desk.names.chunks(BULK) {
            let writes = names.iter().flat_map(|name| pattern.writes(&desk, *name)).collect();
            desk.store.commit(writes).await.expect("the store takes passes, and was empty");
        }
        desk
    }

    /// Gives the same over another handle on what is stored.
    pub(crate) fn beside<S: Store + Assets + 'static>(&self, firm: &Firm, store: Arc<S>) -> Self {
        let next = first_of(&self.tenant).wrapping_add(1 << 41);
        Self::new(firm, store, self.tenant.clone(), Arc::clone(&self.names), next)
    }

    fn new<S: Store + Assets + 'static>(
        firm: &Firm,
        store: Arc<S>,
        tenant: Tenant,
        names: Arc<[u64]>,
        next: u64,
    ) -> Self {
        let url = "https://wallet.example".parse().expect("an address");
        let issuer = Issuer::new(Arc::clone(&store), url).expect("an address with https").tenant(tenant.clone());
        let apple = issuer.apple(firm.identity.clone(), Arc::new(Recorder::new()));
        let both = apple.clone().google(firm.google.clone());
        let (asked, next) = (AtomicU64::new(0), AtomicU64::new(next));
        Self { store, tenant, apple, both, design: Design::loyalty().pass, names, asked, next }
    }

    /// Asks, and sees that the answer is the right one.
    pub(crate) async fn ask(&self, ask: Ask) {
        match ask {
            Ask::Create(wallets) => {
                let serial = serial(scatter(self.next.fetch_add(1, Ordering::Relaxed)));
                let issued = self.issuer(wallets).create(&self.pass(serial)).await;
                assert!(issued.expect("a pass in order").is_new);
            }
            Ask::Update(wallets) => {
                let change = self.issuer(wallets).update(&self.serial(), add_point).await.expect("a pass in order");
                let Change::Changed { notified, google, .. } = &change else { unreachable!("{change:?}") };
                assert_eq!((*notified, google), (1, &wallets.at_google()), "{change:?}");
            }
            Ask::Keep(wallets) => {
                let change = self.issuer(wallets).update(&self.serial(), |_| ()).await;
                assert_eq!(change.expect("a pass in order"), Change::Unchanged);
            }
            Ask::Bare => {
                let (key, at) = (self.key(self.serial()), SystemClock.now());
                let StoredPass { pass, tag, .. } = self.stored(&key).await;
                let event = NewEvent {
                    tenant: key.tenant.clone(),
                    kind: "updated".to_owned(),
                    pass: Some(key),
                    at,
                    body: Bytes::new(),
                };
                let update = Write::UpdatePass { pass: NewPass { at, ..pass }, expected: tag };
                self.store.commit(vec![update, Write::AppendEvent(event)]).await.expect("nobody else changes it");
            }
        }
    }

    /// Gives the next pass; so many as may be in flight at once are different ones.
    fn serial(&self) -> Serial {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        let place = asked.wrapping_mul(STRIDE) % self.names.len() as u64;
        serial(self.names.get(place as usize).copied().expect("a place of them"))
    }

    fn pass(&self, serial: Serial) -> Pass {
        let mut pass = self.design.clone();
        pass.serial = serial;
        pass
    }

    fn issuer(&self, wallets: Wallets) -> &Issuer {
        match wallets {
            Wallets::Apple => &self.apple,
            Wallets::Both => &self.both,
        }
    }

    fn key(&self, serial: Serial) -> PassKey {
        PassKey { tenant: self.tenant.clone(), pass_type: PASS_TYPE.parse().expect("a pass type"), serial }
    }

    async fn stored(&self, key: &PassKey) -> StoredPass {
        self.store.pass(key).await.expect("the store gives passes").expect("it is there")
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("store", &self.store).field("passes", &self.names.len()).finish_non_exhaustive()
    }
}

impl Wallets {
    /// What an update says of Google.
    fn at_google(self) -> GoogleOutcome {
        match self {
            Self::Apple => GoogleOutcome::Unused,
            Self::Both => GoogleOutcome::Done,
        }
    }
}

/// How a pass lies in the store that was created and changed on both wallets; the others are made after it.
struct Pattern {
    serial: Serial,
    body: String,
    pass: NewPass,
    /// What is remembered of its object at Google.
    shadow: NewDocument,
    shadow_body: String,
}

impl Pattern {
    async fn draw(firm: &Firm, desk: &Desk) -> Self {
        let serial = serial(scatter(first_of(&desk.tenant).wrapping_sub(1)));
        desk.both.create(&desk.pass(serial.clone())).await.expect("the example can be issued");
        let change = desk.both.update(&serial, add_point).await.expect("the example can be changed");
        assert!(matches!(change, Change::Changed { google: GoogleOutcome::Done, .. }), "{change:?}");
        let stored = desk.stored(&desk.key(serial.clone())).await;
        let name = format!("{}.loyalty.{serial}", firm.google.account().issuer());
        let key = DocumentKey { tenant: Tenant::default(), kind: "google-object".to_owned(), name };
        let shadow = desk.store.document(&key).await.expect("the store has documents").expect("the object was written");
        let text = |bytes: &Bytes| String::from_utf8(bytes.to_vec()).expect("JSON");
        Self {
            serial,
            body: text(&stored.pass.body),
            pass: stored.pass,
            shadow_body: text(&shadow.body),
            shadow: NewDocument { key: shadow.key, body: shadow.body, at: shadow.updated },
        }
    }

    fn writes(&self, desk: &Desk, name: u64) -> [Write; 3] {
        let serial = serial(name);
        let named = |text: &str| text.replace(self.serial.as_str(), serial.as_str());
        let (mut shadow, mut pass) = (self.shadow.clone(), self.pass.clone());
        shadow.key.name = named(&shadow.key.name);
        shadow.body = named(&self.shadow_body).into();
        pass.body = named(&self.body).into();
        pass.key = desk.key(serial.clone());
        let device = format!("{name:016x}{:016x}", scatter(name));
        let (push_token, at) = (device.repeat(2).parse().expect("a push token"), pass.at);
        let device = device.parse().expect("a device");
        let register = Write::Register { device, pass: pass.key.clone(), push_token, at };
        [Write::CreatePass(pass), register, Write::PutDocument { document: shadow, expected: None }]
    }
}

/// Adds a point to a loyalty card.
pub(crate) fn add_point(pass: &mut Pass) {
    let Kind::Loyalty(card) = &mut pass.kind else { unreachable!("the example is a loyalty card") };
    let Some(Value::Integer(points)) = &mut card.points else { unreachable!("the example has points") };
    *points += 1;
}

/// Gives the number of the first pass of a tenant: tenants with one Google account must not have the same serial numbers.
fn first_of(tenant: &Tenant) -> u64 {
    tenant.as_str().bytes().fold(0, |number, byte| scatter(number ^ u64::from(byte)))
}

fn serial(name: u64) -> Serial {
    format!("{name:016x}").parse().expect("a serial")
}

/// How many passes a commit of the filling has: with what belongs to them fewer writes than every store takes.
const BULK: usize = 300;
/// The step from one pass to the next, with no divisor in common with the usual sizes.
const STRIDE: u64 = 7_919;
/// So many passes that those in flight are different ones.
pub(crate) const FEWEST: u64 = 200;
