//! The phone at the web service of this family.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use walletpass_core::port::{HttpClient, HttpError};
use walletpass_testkit::{Complaint, Fault, Iphone};
use walletpass_webservice::device::{DeviceError, Log, LogTask, PassFile, SignUp};
use walletpass_webservice::store::{MemoryStore, NewPass, Store, StoredPass, Tag, Write};
use walletpass_webservice::{DeviceApi, PassHost, PassKey, StoredPasses, Tenant};

use super::issuer::{AUTHORITY, CLUB, card, token};
use super::now;

/// Keeps signed packages in a store.
#[derive(Debug, Default)]
struct Shop(Mutex<Vec<Log>>);

#[async_trait]
impl PassHost for Shop {
    async fn print(&self, pass: StoredPass) -> Result<PassFile, DeviceError> {
        Ok(PassFile::from(pass.pass.body))
    }

    async fn personalize(&self, _: StoredPass, _: SignUp) -> Result<Bytes, DeviceError> {
        Err(DeviceError::UnknownPass)
    }

    async fn log(&self, log: Log) -> Result<(), DeviceError> {
        self.0.lock().unwrap().push(log);
        Ok(())
    }
}

/// Calls the API in-process.
#[derive(Debug)]
struct Direct(DeviceApi<StoredPasses>);

#[async_trait]
impl HttpClient for Direct {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = self.0.handle(request.map(Full::new)).await.into_parts();
        let body = body.collect().await.unwrap_or_else(|error: Infallible| match error {});
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

async fn put(store: &MemoryStore, serial: &str, points: i64, before: Option<Tag>) -> (Vec<u8>, Tag) {
    let file = card(CLUB, serial, points);
    let key = PassKey { tenant: Tenant::default(), pass_type: CLUB.parse().unwrap(), serial: serial.parse().unwrap() };
    let body = Bytes::from(file.clone());
    let token = token(CLUB, serial).as_str().into();
    let pass = NewPass { key: key.clone(), body, token, template: None, state: Default::default(), at: now() };
    let write = match before {
        Some(expected) => Write::UpdatePass { pass, expected },
        None => Write::CreatePass(pass),
    };
    store.commit(vec![write]).await.unwrap();
    (file, store.pass(&key).await.unwrap().unwrap().tag)
}

#[tokio::test]
async fn the_service_of_this_family_gives_no_cause_for_complaint() {
    let store = MemoryStore::new();
    let shop = Arc::new(Shop::default());
    let passes = StoredPasses::new(Arc::new(store.clone()), Arc::clone(&shop) as Arc<dyn PassHost>);
    let api = DeviceApi::new(Arc::new(passes)).at("/wallet");
    let mut phone = Iphone::new(&AUTHORITY).with_client(Arc::new(Direct(api))).with_clock(Arc::new(now()));
    let mut tags = Vec::new();
    for serial in ["4711", "a/b ä", "x%2Fy"] {
        let (file, tag) = put(&store, serial, 1, None).await;
        phone.add(&file).await.unwrap();
        tags.push((serial, tag));
    }
    assert_eq!(phone.wake(CLUB).await.unchanged.len(), 3);
    // All at one instant of the host's clock.
    for points in 2..5 {
        for (serial, tag) in &mut tags {
            *tag = put(&store, serial, points, Some(*tag)).await.1;
        }
        let wakeup = phone.wake(CLUB).await;
        assert_eq!((wakeup.updated.len(), wakeup.messages().len()), (3, 3));
        assert_eq!(phone.pass(CLUB, "a/b ä").field("points"), points);
    }
    assert_eq!(phone.refresh(CLUB, "4711").await.not_modified, ["4711"]);
    phone.restore().await;
    assert_eq!(phone.audit().await, Vec::<Complaint>::new());
    phone.remove(CLUB, "x%2Fy").await;
    assert_eq!(phone.audit().await, Vec::<Complaint>::new());
    assert_eq!(phone.complaints(), []);

    // What the phone logs is read by the other side.
    let (serial, tag) = tags[0];
    let key = PassKey { tenant: Tenant::default(), pass_type: CLUB.parse().unwrap(), serial: serial.parse().unwrap() };
    store.commit(vec![Write::DeletePass { key, expected: tag, at: now() }]).await.unwrap();
    assert_eq!(phone.refresh(CLUB, serial).await.faults(), [Fault::Unauthorized]);
    let logs = shop.0.lock().unwrap();
    let line = &logs[0].lines[0];
    assert_eq!(
        (line.task, line.complaint),
        (Some(LogTask::Fetch), walletpass_webservice::device::Complaint::AuthenticationFailure)
    );
    assert_eq!(line.serial, serial.parse().ok());
}
