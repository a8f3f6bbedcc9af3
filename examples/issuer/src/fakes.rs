//! Those who are not the host: Apple, Google, and a member with a phone. Nothing of this is for a program in earnest.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use walletpass::google::{self, SaveLink};
use walletpass::model::Serial;
use walletpass::model::port::HttpClient;
use walletpass::url::Url;
use walletpass_testkit::{Authority, Credentials, FakeApns, FakeGoogle, Iphone, Wakeup};

use crate::Failed;
use crate::settings::{FastClock, Settings};

/// Everybody whom a host has to do with.
pub struct Fakes {
    authority: Authority,
    credentials: Credentials,
    apns: FakeApns,
    google: FakeGoogle,
    http: google::Http,
    clock: FastClock,
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
    pub fn start(clock: FastClock) -> Result<Self, Failed> {
        let authority = Authority::new();
        Ok(Self {
            credentials: authority.issue(Self::PASS_TYPE, "A1B2C3D4E5"),
            apns: FakeApns::start_at(&authority, clock),
            google: FakeGoogle::start_at(clock),
            http: google::Http::new()?,
            authority,
            clock,
        })
    }

    /// Gives what a host has to know of them.
    pub fn settings(&self) -> Settings {
        Settings {
            certificate: self.credentials.certificate_pem(),
            key: self.credentials.key_pem().expose().clone(),
            intermediate: self.authority.intermediate_pem(),
            root: self.authority.root_pem(),
            apns: self.apns.url().clone(),
            google: self.google.url(),
            key_file: self.google.key_file().expose().clone(),
            clock: self.clock,
        }
    }

    /// Gives a new phone, which finds the club at this address.
    pub fn phone(&self, server: &Url) -> Iphone {
        Iphone::new(&self.authority).reached_at(Self::HOST, server).with_clock(Arc::new(self.clock))
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
        self.settings().google_client()?.insert_link(link).await?;
        Ok(())
    }

    /// Waits until the object of a card is in this state at Google with these points, and says so.
    ///
    /// # Errors
    ///
    /// When it is not for ten seconds.
    pub async fn object(&self, member: &Serial, state: &str, points: i64) -> Result<String, Failed> {
        let wanted = (state.to_owned(), points);
        match until(|| self.state_and_points(member).filter(|found| *found == wanted)).await {
            Some(_) => Ok(format!("the object has {points} points and is {state}")),
            None => Err(format!("{:?}, where {wanted:?} was due", self.state_and_points(member)).into()),
        }
    }

    /// Gives the state of the object of a card at Google, and its points.
    pub fn state_and_points(&self, member: &Serial) -> Option<(String, i64)> {
        let object = self.google.resource("loyaltyObject", &format!("{}.loyalty.{member}", FakeGoogle::ISSUER))?;
        let points = object.pointer("/loyaltyPoints/balance/int")?.as_i64()?;
        Some((object.get("state")?.as_str()?.to_owned(), points))
    }

    /// Gives whom Apple's service woke so far, as push tokens.
    pub fn woken(&self) -> Vec<String> {
        self.apns.pushes().into_iter().filter(|push| push.status == 200).map(|push| push.token).collect()
    }

    /// Waits for the next push to a phone, after so many, and has the phone do what it causes.
    ///
    /// # Errors
    ///
    /// When there is none for ten seconds.
    pub async fn wake(&self, phone: &mut Iphone, seen: &mut usize) -> Result<Wakeup, Failed> {
        let token = phone.push_token(Self::PASS_TYPE).ok_or("the phone is not registered")?.to_owned();
        let count = || self.woken().iter().filter(|woken| **woken == token).count();
        *seen = until(|| Some(count()).filter(|count| count > seen)).await.ok_or("nobody woke the phone")?;
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
