//! A shop with many passes, and what its devices ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use walletpass_benches::scatter;
use walletpass_webservice::device::{DeviceError, Log, PassFile, SignUp};
use walletpass_webservice::store::{NewPass, Store, StoredPass, Tag, Write, Written};
use walletpass_webservice::{DeviceApi, PassHost, PassKey, StoredPasses, Tenant};

/// What a device asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// What changed since the tag before its pass's: one serial number.
    List,
    /// Its pass, which has not changed.
    Fetch,
    /// To be registered; a new device each time.
    Register,
}

/// A store that is filled, behind the device API.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) api: DeviceApi<StoredPasses>,
    store: Arc<dyn Store>,
    tenant: Tenant,
    /// What the names of each pass and its device are made of. In their order the store is filled, as one loads what one has sorted: so
    /// it is done in a minute.
    names: Arc<[u64]>,
    /// How many questions were asked.
    asked: AtomicU64,
    /// The number of the next device.
    next_device: AtomicU64,
}

impl Shop {
    /// Fills a store with passes, each of which a device of its own has registered.
    pub(crate) async fn fill(store: Arc<dyn Store>, tenant: Tenant, passes: u64) -> Self {
        let mut names: Vec<u64> = (0..passes).map(scatter).collect();
        names.sort_unstable();
        let shop = Self::new(store, tenant, names.into(), passes);
        let mut tags = 1..;
        for names in shop.names.chunks(BULK) {
            let writes = names.iter().flat_map(|name| shop.writes(*name)).collect();
            let written = shop.store.commit(writes).await.expect("the store takes passes");
            let mut passes = written.into_iter().step_by(2).zip(&mut tags);
            assert!(passes.all(|(written, tag)| written == Written::Pass(Tag(tag))), "the store was not empty");
        }
        shop
    }

    /// Gives the same shop over another handle on what is stored.
    pub(crate) fn beside(&self, store: Arc<dyn Store>) -> Self {
        Self::new(store, self.tenant.clone(), Arc::clone(&self.names), 1 << 40)
    }

    fn new(store: Arc<dyn Store>, tenant: Tenant, names: Arc<[u64]>, first_device: u64) -> Self {
        let stored = StoredPasses::new(Arc::clone(&store), Arc::new(Silent)).with_tenant(tenant.clone());
        let api = DeviceApi::new(Arc::new(stored));
        let (asked, next_device) = (AtomicU64::new(0), AtomicU64::new(first_device));
        Self { api, store, tenant, names, asked, next_device }
    }

    fn writes(&self, name: u64) -> [Write; 2] {
        let at = AT.parse().expect("an instant");
        let (pass_type, serial) = (PASS_TYPE.parse().expect("a pass type"), serial(name).parse().expect("a serial"));
        let key = PassKey { tenant: self.tenant.clone(), pass_type, serial };
        let (device, push_token) = (device(name).parse().expect("a device"), push_token(name));
        let push_token = push_token.parse().expect("a push token");
        let register = Write::Register { device, pass: key.clone(), push_token, at };
        let body = Bytes::from_static(include_bytes!("../../examples/passes/loyalty.json"));
        let (token, template) = (TOKEN.into(), Some("loyalty".to_owned()));
        [Write::CreatePass(NewPass { key, body, token, template, state: Default::default(), at }), register]
    }

    /// Writes the next request, about any of the passes.
    pub(crate) fn request(&self, ask: Ask) -> Request<Full<Bytes>> {
        let place = scatter(self.asked.fetch_add(1, Ordering::Relaxed)) % self.names.len() as u64;
        let name = self.names.get(place as usize).copied().expect("a place of them");
        let pass = serial(name);
        let (request, body) = match ask {
            Ask::List => {
                let device = device(name);
                // The tag of a pass is its place and one.
                let path = format!("/v1/devices/{device}/registrations/{PASS_TYPE}?passesUpdatedSince={place}");
                (Request::get(path), Bytes::new())
            }
            Ask::Fetch => {
                let request = Request::get(format!("/v1/passes/{PASS_TYPE}/{pass}"));
                (request.header("authorization", AUTHORIZATION).header("if-modified-since", MODIFIED), Bytes::new())
            }
            Ask::Register => {
                let name = scatter(self.next_device.fetch_add(1, Ordering::Relaxed));
                let (device, push_token) = (device(name), push_token(name));
                let request = Request::post(format!("/v1/devices/{device}/registrations/{PASS_TYPE}/{pass}"));
                (request.header("authorization", AUTHORIZATION), format!("{{\"pushToken\":\"{push_token}\"}}").into())
            }
        };
        request.body(Full::new(body)).expect("a request")
    }
}

impl Ask {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::List, Self::Fetch, Self::Register];

    /// Gives the only right answer.
    pub(crate) fn answer(self) -> StatusCode {
        match self {
            Self::List => StatusCode::OK,
            Self::Fetch => StatusCode::NOT_MODIFIED,
            Self::Register => StatusCode::CREATED,
        }
    }
}

/// Prints nothing: no question here may need a signature.
#[derive(Debug)]
struct Silent;

#[async_trait]
impl PassHost for Silent {
    async fn print(&self, _: StoredPass) -> Result<PassFile, DeviceError> {
        Err(DeviceError::failed("a pass that has not changed was to be signed"))
    }

    async fn personalize(&self, _: StoredPass, _: SignUp) -> Result<Bytes, DeviceError> {
        Err(DeviceError::failed("no one asked for that"))
    }

    async fn log(&self, _: Log) -> Result<(), DeviceError> {
        Err(DeviceError::failed("no one asked for that"))
    }
}

fn serial(name: u64) -> String {
    format!("{name:016x}")
}

fn device(name: u64) -> String {
    format!("{name:016x}{:016x}", scatter(name))
}

fn push_token(name: u64) -> String {
    device(name).repeat(2)
}

/// How many passes a commit of the filling has: with their registrations as many writes as every store takes.
const BULK: usize = 500;

const PASS_TYPE: &str = "pass.org.walletpass.benches";
const TOKEN: &str = "vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc";
const AUTHORIZATION: &str = "ApplePass vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc";
const AT: &str = "2026-11-21T10:00:00Z";
const MODIFIED: &str = "Sat, 21 Nov 2026 10:00:00 GMT";
