//! An issuer with everything around it: a phone, a fake APNs, a fake Google, and a clock that waits for nobody.

use std::sync::Arc;

use axum::Router;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use walletpass::apple::Identity;
use walletpass::issuer::{Delivered, Outcome};
use walletpass::model::Kind;
use walletpass::push::{Apns, ClientCertificate};
use walletpass::{Barcode, Issuer, Loyalty, Pass, Picture, Role, google};
use walletpass_testkit::{Authority, FakeApns, FakeGoogle, Iphone, Leaf, ManualTime, Wakeup};
use walletpass_webservice::store::{Assets, Store};

pub(crate) const PASS_TYPE: &str = "pass.org.example.beans";
pub(crate) const ADDRESS: &str = "https://beans.example/wallet";

pub(crate) struct Stage {
    pub(crate) issuer: Issuer,
    pub(crate) phone: Iphone,
    pub(crate) apns: FakeApns,
    pub(crate) google: FakeGoogle,
    pub(crate) time: ManualTime,
    pub(crate) authority: Authority,
    pub(crate) identity: Identity,
    address: Url,
}

/// For which wallets an issuer issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wallets {
    Apple,
    Both,
    Google,
}

impl Stage {
    pub(crate) async fn open<S: Store + Assets + 'static>(store: Arc<S>) -> Self {
        Self::open_for(store, Wallets::Both).await
    }

    pub(crate) async fn open_for<S: Store + Assets + 'static>(store: Arc<S>, wallets: Wallets) -> Self {
        let time = ManualTime::at("2027-01-01T00:00:00Z".parse().unwrap());
        let authority = Authority::new();
        let leaf = Leaf { nfc: true, ..Leaf::new(PASS_TYPE, "A1B2C3D4E5") };
        let identity = authority.issue_leaf(&leaf).identity().with_clock(Arc::new(time.clone()));
        let apns = FakeApns::start(&authority);
        let google = FakeGoogle::start_at(time.clone());
        let issuer = Issuer::new(Arc::clone(&store), ADDRESS.parse().unwrap()).unwrap();
        let address = "http://127.0.0.1".parse().unwrap();
        let phone = phone(&authority, &address, &time);
        let mut stage = Self { issuer, phone, apns, google, time, authority, identity, address };
        stage.issuer = stage.another_issuer(store, wallets);
        stage.address = serve(&stage.issuer).await;
        stage.phone = stage.another_phone();
        stage
    }

    /// Makes an issuer that knows nothing but the store, as another process would.
    pub(crate) fn another_issuer<S: Store + Assets + 'static>(&self, store: Arc<S>, wallets: Wallets) -> Issuer {
        let issuer = Issuer::new(store, ADDRESS.parse().unwrap()).unwrap().clock(Arc::new(self.time.clone()));
        let issuer = match wallets {
            Wallets::Google => issuer,
            Wallets::Apple | Wallets::Both => {
                issuer.apple(self.identity.clone(), Arc::new(self.push_of(&self.identity)))
            }
        };
        match wallets {
            Wallets::Apple => issuer,
            Wallets::Both | Wallets::Google => issuer.google(self.client(&self.google.url())),
        }
    }

    pub(crate) fn push_of(&self, identity: &Identity) -> Apns {
        let chain = identity.chain_pem().as_bytes();
        let certificate = ClientCertificate::from_signing_key(identity.pass_type(), chain, identity.signing_key());
        let push = Apns::new(certificate.unwrap()).unwrap().with_server(self.apns.url()).unwrap();
        push.with_roots(self.authority.root_pem().as_bytes()).unwrap()
    }

    /// Makes a client of Google, which is said to be at an address.
    pub(crate) fn client(&self, base: &Url) -> google::Client {
        let (time, issuer) = (Arc::new(self.time.clone()), FakeGoogle::ISSUER.parse().unwrap());
        let account = google::Account::from_json(self.google.key_file().expose().as_bytes(), issuer).unwrap();
        let http = Arc::new(google::Http::new().unwrap());
        google::Client::new(account.with_clock(time.clone()), http, time).with_base(base).unwrap()
    }

    /// Goes on with another issuer over the same store, and another phone.
    pub(crate) async fn go_on_with(&mut self, issuer: Issuer) {
        self.address = serve(&issuer).await;
        self.phone = self.another_phone();
        self.issuer = issuer;
    }

    pub(crate) fn another_phone(&self) -> Iphone {
        self.phone_at(&self.address)
    }

    pub(crate) fn phone_at(&self, address: &Url) -> Iphone {
        phone(&self.authority, address, &self.time)
    }

    /// Creates a card, and puts it onto the phone.
    pub(crate) async fn hold(&mut self, serial: &str, points: i64) -> walletpass::model::Serial {
        let serial = self.issuer.create(&card(serial, points)).await.unwrap().serial;
        self.phone.add(&self.issuer.pkpass(&serial).await.unwrap().to_vec()).await.unwrap();
        serial
    }

    /// Does on the phone what the last push to it causes.
    pub(crate) async fn wake_phone(&mut self) -> Wakeup {
        let pushes = self.apns.pushes();
        let own = self.phone.push_token(PASS_TYPE).unwrap().to_owned();
        assert!(pushes.iter().any(|push| push.token == own && push.status == 200), "nobody woke the phone");
        self.phone.push(PASS_TYPE, &own).await.unwrap()
    }

    pub(crate) fn object(&self, serial: &str) -> Value {
        self.google.resource("loyaltyObject", &object_id(serial)).unwrap()
    }

    pub(crate) fn class_of(&self, serial: &str) -> Value {
        let class = self.object(serial)["classId"].as_str().unwrap().to_owned();
        self.google.resource("loyaltyClass", &class).unwrap()
    }

    pub(crate) async fn download(&self, url: &Url) -> Vec<u8> {
        let (status, body) = self.get(url).await;
        assert_eq!(status, 200, "{url}");
        body
    }

    pub(crate) async fn status(&self, url: &Url) -> u16 {
        self.get(url).await.0
    }

    async fn get(&self, url: &Url) -> (u16, Vec<u8>) {
        self.send("GET", &format!("{}?{}", url.path(), url.query().unwrap_or_default()), Vec::new()).await
    }

    /// Sends a request to where the service listens.
    pub(crate) async fn send(&self, method: &str, target: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
        let stream = TcpStream::connect(self.address.socket_addrs(|| None).unwrap()[0]).await.unwrap();
        let (mut send, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = Request::builder().method(method).uri(target).header("host", "beans.example");
        let response = send.send_request(request.body(Full::new(Bytes::from(body))).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
    }
}

/// Serves an issuer, and gives the address.
pub(crate) async fn serve(issuer: &Issuer) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let router = Router::new().nest_service("/wallet", issuer.service(|log| panic!("{log:?}")));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = hyper_util::service::TowerToHyperService::new(router.clone());
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

fn phone(authority: &Authority, address: &Url, time: &ManualTime) -> Iphone {
    Iphone::new(authority).reached_at("beans.example", address).with_clock(Arc::new(time.clone()))
}

pub(crate) fn object_id(serial: &str) -> String {
    format!("{}.loyalty.{serial}", FakeGoogle::ISSUER)
}

pub(crate) fn card(serial: &str, points: i64) -> Pass {
    let logo = Picture::png(include_bytes!("../../../passes/art/loyalty-icon.png").as_slice()).unwrap();
    let card = Loyalty::new("Bean Club", logo).points(points).tier("Gold").holder("Ada Example");
    Pass::new(serial.parse().unwrap(), "Bean & Co", card)
        .barcode(Barcode::qr("4711"))
        .on_change(Role::Points, "You now have %@ points")
}

pub(crate) fn set_points(pass: &mut Pass, points: i64) {
    let Kind::Loyalty(card) = &mut pass.kind else { panic!("no loyalty card") };
    card.points = Some(points.into());
}

pub(crate) fn add_point(pass: &mut Pass) {
    let points = points_of(pass);
    set_points(pass, points + 1);
}

pub(crate) fn points_of(pass: &Pass) -> i64 {
    serde_json::to_value(pass).unwrap()["kind"]["loyalty"]["points"].as_i64().unwrap()
}

pub(crate) fn points(phone: &Iphone) -> String {
    phone.pass(PASS_TYPE, "member-4711").visible("points").unwrap().value
}

pub(crate) fn told(delivered: &[Delivered]) -> Vec<String> {
    let told = delivered.iter().map(|delivered| match &delivered.outcome {
        Outcome::Apple(woken) => format!("woken {}, gone {}, waiting {}", woken.notified, woken.gone, woken.waiting),
        Outcome::Google(outcome) => format!("Google: {outcome:?}"),
        other => format!("{other:?}"),
    });
    told.collect()
}
