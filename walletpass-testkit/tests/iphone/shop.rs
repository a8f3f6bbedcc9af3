//! The web service of this family over a store in memory, served by hyper.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use url::Url;
use walletpass_webservice::device::{DeviceError, Log, PassFile, SignUp};
use walletpass_webservice::store::{MemoryStore, NewPass, RegistrationQuery, Store, StoredPass, Write};
use walletpass_webservice::{DeviceApi, PassHost, PassKey, StoredPasses, Tenant};

use super::issuer::{CLUB, IDENTITIES, card, token};
use super::now;

/// When somebody else writes while a phone asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The list was answered, and the pass is asked for.
    BeforeFetch,
    /// The pass was read from the store, and is signed.
    WhileSigning,
}

/// Keeps signed packages in a store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shop {
    store: MemoryStore,
    logs: Arc<Mutex<Vec<Log>>>,
    sign_ups: Arc<Mutex<Vec<SignUp>>>,
    race: Arc<Mutex<Option<Race>>>,
}

/// A card that is written at a moment, once.
#[derive(Debug)]
struct Race {
    moment: Moment,
    serial: &'static str,
    points: i64,
}

impl Shop {
    /// Serves until the runtime of the test ends.
    pub(crate) async fn open() -> (Self, Url) {
        let shop = Self::default();
        let passes = StoredPasses::new(Arc::new(shop.store.clone()), Arc::new(shop.clone()));
        let api = DeviceApi::new(Arc::new(passes.with_clock(Arc::new(now())))).at("/wallet");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let served = shop.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (shop, api) = (served.clone(), api.clone());
                let service = service_fn(move |request: Request<Incoming>| {
                    let (shop, api) = (shop.clone(), api.clone());
                    async move {
                        if request.uri().path().contains("/v1/passes/") {
                            shop.race_at(Moment::BeforeFetch).await;
                        }
                        Ok::<_, DeviceError>(api.handle(request).await)
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        (shop, url)
    }

    /// Writes a card.
    pub(crate) async fn put(&self, serial: &str, points: i64) -> Vec<u8> {
        let file = card(CLUB, serial, points);
        self.put_file(serial, file.clone()).await;
        file
    }

    pub(crate) async fn put_file(&self, serial: &str, file: Vec<u8>) {
        let (key, token) = (key(serial), token(CLUB, serial).as_str().into());
        let body = Bytes::from(file);
        let pass = NewPass { key: key.clone(), body, token, template: None, state: Default::default(), at: now() };
        let write = match self.store.pass(&key).await.unwrap() {
            Some(stored) => Write::UpdatePass { pass, expected: stored.tag },
            None => Write::CreatePass(pass),
        };
        self.store.commit(vec![write]).await.unwrap();
    }

    pub(crate) async fn delete(&self, serial: &str) {
        let expected = self.store.pass(&key(serial)).await.unwrap().unwrap().tag;
        self.store.commit(vec![Write::DeletePass { key: key(serial), expected, at: now() }]).await.unwrap();
    }

    /// Writes a card when a phone has come that far, once.
    pub(crate) fn race(&self, moment: Moment, serial: &'static str, points: i64) {
        *self.race.lock().unwrap() = Some(Race { moment, serial, points });
    }

    /// Gives the push tokens that a change of the pass would be told to.
    pub(crate) async fn push_tokens(&self, serial: &str) -> Vec<String> {
        let query = RegistrationQuery { pass: key(serial), cursor: None, limit: 100 };
        let page = self.store.registrations(&query).await.unwrap();
        page.items.into_iter().map(|registration| registration.push_token.as_str().to_owned()).collect()
    }

    pub(crate) fn logs(&self) -> Vec<Log> {
        self.logs.lock().unwrap().clone()
    }

    pub(crate) fn sign_ups(&self) -> Vec<SignUp> {
        self.sign_ups.lock().unwrap().clone()
    }

    async fn race_at(&self, moment: Moment) {
        let race = self.race.lock().unwrap().take_if(|race| race.moment == moment);
        if let Some(Race { serial, points, .. }) = race {
            self.put(serial, points).await;
        }
    }
}

#[async_trait]
impl PassHost for Shop {
    async fn print(&self, pass: StoredPass) -> Result<PassFile, DeviceError> {
        self.race_at(Moment::WhileSigning).await;
        Ok(PassFile::from(pass.pass.body))
    }

    async fn personalize(&self, pass: StoredPass, request: SignUp) -> Result<Bytes, DeviceError> {
        let signature = IDENTITIES[CLUB].sign_personalization_token(&request.token).map_err(DeviceError::failed)?;
        self.sign_ups.lock().unwrap().push(request);
        self.put(pass.pass.key.serial.as_str(), 500).await;
        Ok(signature.into())
    }

    async fn log(&self, log: Log) -> Result<(), DeviceError> {
        self.logs.lock().unwrap().push(log);
        Ok(())
    }
}

fn key(serial: &str) -> PassKey {
    PassKey { tenant: Tenant::default(), pass_type: CLUB.parse().unwrap(), serial: serial.parse().unwrap() }
}
