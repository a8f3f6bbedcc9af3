//! The way of a change: from the call to a phone that shows it.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use walletpass::Issuer;
use walletpass::apple::inspect::{Inspector, Roots};
use walletpass::issuer::IssuerService;
use walletpass::model::{PassTypeId, Serial};
use walletpass_benches::{Design, Stopwatch};
use walletpass_push::{Apns, ClientCertificate, Outcome, Push};
use walletpass_testkit::{FakeApns, Iphone};
use walletpass_webservice::Tenant;
use walletpass_webservice::store::{Assets, Store};

use crate::desk::add_point;
use crate::firm::{Firm, PASS_TYPE};

/// An issuer with an APNs and a phone around it, all over loopback.
pub(crate) struct Journey {
    issuer: Issuer,
    serial: Serial,
    phone: Iphone,
    /// The tokens of the phones for which APNs has taken a push.
    woken: mpsc::UnboundedReceiver<String>,
    inspector: Inspector,
    /// Serves while it is there.
    _apns: FakeApns,
    /// All changes so far.
    pub(crate) legs: Vec<Legs>,
}

/// How long after the call of `update` something had happened; but for the last, which is a duration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Legs {
    /// APNs had taken the push.
    pub(crate) pushed: Duration,
    /// `update` had returned.
    pub(crate) returned: Duration,
    /// The phone showed the new value.
    pub(crate) shown: Duration,
    /// How long it takes to judge the package, which the phone has done meanwhile.
    pub(crate) judged: Duration,
}

impl Journey {
    /// Opens a service for one pass, which a phone holds.
    pub(crate) async fn open<S: Store + Assets + 'static>(firm: &Firm, store: Arc<S>, tenant: Tenant) -> Self {
        let Firm { authority, identity, .. } = firm;
        let apns = FakeApns::start(authority);
        let chain = identity.chain_pem().as_bytes();
        let certificate = ClientCertificate::from_signing_key(identity.pass_type(), chain, identity.signing_key());
        let root = authority.root_pem();
        let push = Apns::new(certificate.expect("it signs passes")).and_then(|push| push.with_server(apns.url()));
        let push = push.and_then(|push| push.with_roots(root.as_bytes())).expect("the authority is in order");
        let (rings, woken) = mpsc::unbounded_channel();
        let url = "https://wallet.example".parse().expect("an address");
        let issuer = Issuer::new(store, url).expect("an address with https").tenant(tenant);
        let issuer = issuer.apple(identity.clone(), Arc::new(Bell { push, rings }));

        let address = serve(issuer.service(|log| unreachable!("the phone complains: {log:?}"))).await;
        let address = format!("http://{address}").parse().expect("an address");
        let mut phone = Iphone::new(authority).reached_at("wallet.example", &address);
        let serial: Serial = "the-pass-of-the-phone".parse().expect("a serial number");
        let mut pass = Design::loyalty().pass;
        pass.serial = serial.clone();
        issuer.create(&pass).await.expect("the example can be issued");
        let package = issuer.pkpass(&serial).await.expect("it was created").to_vec();
        phone.add(&package).await.expect("a package in order");
        let inspector = Inspector::new().roots(Roots::none().with(root.as_bytes()).expect("a certificate"));
        Self { issuer, serial, phone, woken, inspector, _apns: apns, legs: Vec::new() }
    }

    /// Changes the pass, waits until the phone shows it, and sees that it does.
    pub(crate) async fn go(&mut self) {
        let before = self.points();
        let (issuer, serial) = (self.issuer.clone(), self.serial.clone());
        let stopwatch = Stopwatch::start();
        let update = tokio::spawn(async move {
            issuer.update(&serial, add_point).await.expect("a pass in order");
            stopwatch.elapsed()
        });
        let token = self.woken.recv().await.expect("the issuer holds the other end");
        let pushed = stopwatch.elapsed();
        self.phone.push(PASS_TYPE, &token).await.expect("its own token");
        let shown = stopwatch.elapsed();
        let returned = update.await.expect("the change is taken");
        assert_eq!((self.points(), self.phone.complaints()), (before + 1, &[][..]));

        let package = self.issuer.pkpass(&self.serial).await.expect("it is there").to_vec();
        let stopwatch = Stopwatch::start();
        self.inspector.inspect(&package).expect("an archive");
        self.legs.push(Legs { pushed, returned, shown, judged: stopwatch.elapsed() });
    }

    fn points(&self) -> i64 {
        let field = self.phone.pass(PASS_TYPE, self.serial.as_str()).field("points");
        field.as_i64().expect("the points are a number")
    }
}

impl fmt::Debug for Journey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journey").field("issuer", &self.issuer).field("legs", &self.legs.len()).finish_non_exhaustive()
    }
}

/// Rings when APNs has taken a push: at this moment a phone would know.
struct Bell {
    push: Apns,
    rings: mpsc::UnboundedSender<String>,
}

#[async_trait]
impl Push for Bell {
    async fn wake(&self, topic: &PassTypeId, token: &str) -> Outcome {
        let outcome = self.push.wake(topic, token).await;
        if outcome.is_delivered() {
            self.rings.send(token.to_owned()).expect("the journey holds the other end");
        }
        outcome
    }
}

impl fmt::Debug for Bell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bell").field("push", &self.push).finish_non_exhaustive()
    }
}

/// Serves on loopback, by hyper, until the process ends.
async fn serve(service: IssuerService) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}
