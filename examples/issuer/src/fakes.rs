//! Those who are not the host: Apple, Google, and a member with a phone. Nothing of this is for a program in earnest.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use walletpass::apple::Identity;
use walletpass::google::{self, SaveLink};
use walletpass::model::Serial;
use walletpass::model::port::HttpClient;
use walletpass::push::{Apns, ClientCertificate};
use walletpass::url::Url;
use walletpass_testkit::{Authority, FakeApns, FakeGoogle, Iphone, Wakeup};

use crate::Failed;

/// Everybody whom a host has to do with.
pub struct Fakes {
    authority: Authority,
    identity: Identity,
    apns: FakeApns,
    google: FakeGoogle,
    http: google::Http,
}

impl Fakes {
    /// Where the club is, as phones and Google see it.
    pub const HOST: &str = "beans.example";
    /// The pass type of the cards.
    pub const PASS_TYPE: &str = "pass.org.example.beans";

    /// Starts them, each on a port of the loopback.
    ///
    /// # Errors
    ///
    /// When the TLS library refuses its own settings.
    pub fn start() -> Result<Self, Failed> {
        let authority = Authority::new();
        let identity = authority.identity(Self::PASS_TYPE, "A1B2C3D4E5");
        let apns = FakeApns::start(&authority);
        Ok(Self { authority, identity, apns, google: FakeGoogle::start(), http: google::Http::new()? })
    }

    /// Gives an identity. In earnest: `Identity::from_p12`.
    pub fn identity(&self) -> Identity {
        self.identity.clone()
    }

    /// Gives what wakes the phones. In earnest without the last two lines.
    ///
    /// # Errors
    ///
    /// For a certificate that is none.
    pub fn push(&self) -> Result<Arc<Apns>, Failed> {
        let (pass_type, chain) = (self.identity.pass_type(), self.identity.chain_pem().as_bytes());
        let certificate = ClientCertificate::from_signing_key(pass_type, chain, self.identity.signing_key())?;
        let push = Apns::new(certificate)?;
        let push = push.with_server(self.apns.url())?.with_roots(self.authority.root_pem().as_bytes())?;
        Ok(Arc::new(push))
    }

    /// Gives the client of Google's API. In earnest: `Client::over_https` with an account from your key file.
    ///
    /// # Errors
    ///
    /// For a key file that is none.
    pub fn google_client(&self) -> Result<google::Client, Failed> {
        let key_file = self.google.key_file();
        let account = google::Account::from_json(key_file.expose().as_bytes(), FakeGoogle::ISSUER.parse()?)?;
        Ok(google::Client::over_https(account)?.with_base(&self.google.url())?)
    }

    /// Gives a new phone, which finds the club at this address.
    pub fn phone(&self, server: &Url) -> Iphone {
        Iphone::new(&self.authority).reached_at(Self::HOST, server)
    }

    /// Follows an address of the club, and gives the status and what came.
    ///
    /// # Errors
    ///
    /// When nobody answers.
    pub async fn get(&self, url: &Url, server: &Url) -> Result<(u16, Bytes), Failed> {
        let mut there = server.clone();
        there.set_path(url.path());
        there.set_query(url.query());
        let answer = self.http.send(http::Request::get(there.as_str()).body(Bytes::new())?).await?;
        Ok((answer.status().as_u16(), answer.into_body()))
    }

    /// Follows a save link, as Google does when somebody clicks it.
    ///
    /// # Errors
    ///
    /// When Google would not have what is in it.
    pub async fn save(&self, link: &SaveLink) -> Result<(), Failed> {
        self.google_client()?.insert_link(link).await?;
        Ok(())
    }

    /// Waits until the object of a card is in this state at Google with these points, and says so.
    ///
    /// # Errors
    ///
    /// When it is not for ten seconds.
    pub async fn object(&self, member: &Serial, state: &str, points: i64) -> Result<String, Failed> {
        let id = format!("{}.loyalty.{member}", FakeGoogle::ISSUER);
        until(|| {
            let object = self.google.resource("loyaltyObject", &id)?;
            let is_so = object.get("state")? == state && object.pointer("/loyaltyPoints/balance/int")? == points;
            is_so.then(|| format!("the object has {points} points and is {state}"))
        })
        .await
        .ok_or_else(|| {
            format!("the object is not {state} with {points} points: {:?}", self.google.resource("loyaltyObject", &id))
                .into()
        })
    }

    /// Waits for the next push to a phone, after so many, and has the phone do what it causes.
    ///
    /// # Errors
    ///
    /// When there is none for ten seconds.
    pub async fn wake(&self, phone: &mut Iphone, seen: &mut usize) -> Result<Wakeup, Failed> {
        let token = phone.push_token(Self::PASS_TYPE).ok_or("the phone is not registered")?.to_owned();
        *seen = until(|| {
            let count = self.apns.pushes().iter().filter(|push| push.token == token && push.status == 200).count();
            (count > *seen).then_some(count)
        })
        .await
        .ok_or("nobody woke the phone")?;
        Ok(phone.push(Self::PASS_TYPE, &token).await.ok_or("the push is for another phone")?)
    }
}

impl fmt::Debug for Fakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fakes").finish_non_exhaustive()
    }
}

/// Asks again and again for ten seconds: the worker may be the one who does what is due.
async fn until<T>(mut found: impl FnMut() -> Option<T>) -> Option<T> {
    for _ in 0..500 {
        if let Some(found) = found() {
            return Some(found);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    None
}
