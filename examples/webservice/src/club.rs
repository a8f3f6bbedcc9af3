//! A host: who signs, what the cards look like, and where they are kept.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use url::Url;
use walletpass::apple::{Artwork, Identity, Package};
use walletpass::model::PassTypeId;
use walletpass::model::port::{Clock, SystemClock};
use walletpass::{Art, Loyalty, Pass, Picture, Role, Secret, Slot};
use walletpass_testkit::{Authority, Iphone};
use walletpass_webservice::device::{DeviceError, Log, PassFile, SignUp};
use walletpass_webservice::store::{NewPass, RegistrationQuery, Store, StoredPass, Write};
use walletpass_webservice::{Body, DeviceApi, PassHost, PassKey, StoredPasses, Tenant};

/// A club whose members carry a card, with throw-away keys. It keeps its cards in any store.
pub struct Club {
    authority: Authority,
    identity: Identity,
    artwork: Artwork,
    store: Arc<dyn Store>,
    logs: Mutex<Vec<String>>,
}

/// Why an example ends.
pub type Failed = Box<dyn Error + Send + Sync>;

impl Club {
    /// The `webServiceURL` of the cards. Phones demand https, which the examples leave to a proxy.
    pub const WEB_SERVICE: &str = "https://club.example/wallet";
    /// The pass type of the cards.
    pub const PASS_TYPE: &str = "pass.org.walletpass.club";

    /// Opens a club over a store.
    ///
    /// # Errors
    ///
    /// For pictures that cannot be prepared.
    pub fn open(store: Arc<dyn Store>) -> Result<Arc<Self>, Failed> {
        let authority = Authority::new();
        let identity = authority.identity(Self::PASS_TYPE, "A1B2C3D4E5");
        let logo = Picture::png(include_bytes!("../../passes/art/loyalty-logo.png").as_slice())?;
        let icon = Picture::png(include_bytes!("../../passes/art/loyalty-icon.png").as_slice())?;
        // Once: preparing pictures takes as long as some hundred signatures.
        let artwork = Artwork::prepare(&Art::default().with(Slot::Logo, logo).with(Slot::Icon, icon))?;
        Ok(Arc::new(Self { authority, identity, artwork, store, logs: Mutex::default() }))
    }

    /// Gives what answers the phones that hold the cards, at [`WEB_SERVICE`](Club::WEB_SERVICE).
    pub fn api(self: &Arc<Self>) -> DeviceApi<StoredPasses> {
        let host: Arc<dyn PassHost> = Arc::clone(self) as _;
        DeviceApi::new(Arc::new(StoredPasses::new(Arc::clone(&self.store), host)))
    }

    /// Writes the card of a member, be it new or not.
    ///
    /// # Errors
    ///
    /// Those of the store; one of them says that somebody else wrote the card meanwhile.
    pub async fn put(&self, serial: &str, points: i64) -> Result<(), Failed> {
        let key = self.key(serial)?;
        let card = Loyalty::new("Bean Club", Picture::file("bean.png")).points(points).holder("Ada Example");
        let card = Pass::new(key.serial.clone(), "Bean & Co", card)
            .background("#4b2e1e".parse()?)
            .on_change(Role::Points, "You now have %@ points");
        let stored = self.store.pass(&key).await?;
        let token = match &stored {
            Some(stored) => stored.pass.token.clone(),
            None => random_token()?,
        };
        let body = serde_json::to_vec(&card)?.into();
        let pass = NewPass { key, body, token, template: None, state: Default::default(), at: SystemClock.now() };
        self.store
            .commit(vec![match stored {
                Some(stored) => Write::UpdatePass { pass, expected: stored.tag },
                None => Write::CreatePass(pass),
            }])
            .await?;
        Ok(())
    }

    /// Gives the signed package of a card, as the member gets it first: from a website, in a mail.
    ///
    /// # Errors
    ///
    /// For a card that is not there or cannot be signed.
    pub async fn package(&self, serial: &str) -> Result<Vec<u8>, Failed> {
        let stored = self.store.pass(&self.key(serial)?).await?.ok_or("there is no such card")?;
        Ok(Body::from(self.print(stored).await?).into_iter().collect::<Vec<_>>().concat())
    }

    /// Gives the push tokens of the phones that hold a card: whom to wake after a change.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub async fn push_tokens(&self, serial: &str) -> Result<Vec<String>, Failed> {
        let mut query = RegistrationQuery { pass: self.key(serial)?, cursor: None, limit: 100 };
        let mut tokens = Vec::new();
        loop {
            let page = self.store.registrations(&query).await?;
            tokens.extend(page.items.into_iter().map(|registration| registration.push_token.as_str().to_owned()));
            query.cursor = page.next;
            if query.cursor.is_none() {
                return Ok(tokens);
            }
        }
    }

    /// Gives the `authenticationToken` of a card.
    ///
    /// # Errors
    ///
    /// For a card that is not there.
    pub async fn token(&self, serial: &str) -> Result<Secret<String>, Failed> {
        Ok(self.store.pass(&self.key(serial)?).await?.ok_or("there is no such card")?.pass.token)
    }

    /// Makes a phone that trusts the club's certificates and finds its web service at this address.
    pub fn phone(&self, server: &Url) -> Iphone {
        Iphone::new(&self.authority).reached_at("club.example", server)
    }

    /// Gives the lines that phones logged since this was called last.
    pub fn take_logs(&self) -> Vec<String> {
        self.logs.lock().map(|mut logs| std::mem::take(&mut *logs)).unwrap_or_default()
    }

    fn key(&self, serial: &str) -> Result<PassKey, Failed> {
        let pass_type: PassTypeId = self.identity.pass_type().clone();
        Ok(PassKey { tenant: Tenant::default(), pass_type, serial: serial.parse()? })
    }
}

#[async_trait]
impl PassHost for Club {
    async fn print(&self, stored: StoredPass) -> Result<PassFile, DeviceError> {
        let mut pass = Pass::from_json(&stored.pass.body).map_err(DeviceError::failed)?;
        // The token is kept apart from what the card says, and joins it only here.
        pass.extra.apple.insert("authenticationToken".to_owned(), stored.pass.token.expose().as_str().into());
        pass.extra.apple.insert("webServiceURL".to_owned(), Self::WEB_SERVICE.into());
        let package = Package::with_artwork(&pass, &self.identity, &self.artwork).map_err(DeviceError::failed)?;
        let pkpass = self.identity.sign(&package).map_err(DeviceError::failed)?; // a millisecond of one core
        Ok(PassFile::new(pkpass.chunks().iter().cloned()))
    }

    async fn personalize(&self, _: StoredPass, _: SignUp) -> Result<Bytes, DeviceError> {
        Err(DeviceError::Refused { message: "the card has no form to sign up with: use it as it is".to_owned() })
    }

    async fn log(&self, log: Log) -> Result<(), DeviceError> {
        // Anybody may send lines, so keep the last ones, or hand them to what bounds its size by itself.
        if let Ok(mut logs) = self.logs.lock() {
            logs.extend(log.lines.into_iter().map(|line| format!("{}: {}", line.text, line.complaint.mend())));
            let surplus = logs.len().saturating_sub(MOST_LOGS);
            logs.drain(..surplus);
        }
        Ok(())
    }
}

impl fmt::Debug for Club {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Club").field("identity", &self.identity).field("store", &self.store).finish_non_exhaustive()
    }
}

/// Makes an `authenticationToken`: of its own for each card, or the holder of one could fetch all.
fn random_token() -> Result<Secret<String>, Failed> {
    let mut bytes = [0; 16];
    openssl::rand::rand_bytes(&mut bytes)?;
    Ok(Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
}

const MOST_LOGS: usize = 1_000;
