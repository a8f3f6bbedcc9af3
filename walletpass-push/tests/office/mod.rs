//! A post office: a fake APNs and the clients that push through it.
#![allow(dead_code, clippy::unwrap_used, reason = "of tests, each of which takes what it needs")]

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Private};
use openssl::sign::Signer;
use walletpass_core::PassTypeId;
use walletpass_core::port::{Algorithm, Clock, SigningError, SigningKey, SystemClock};
use walletpass_push::{Apns, ClientCertificate, Credentials, Error, ProviderToken};
use walletpass_testkit::{Authority, Credentials as Issued, FakeApns, ProviderKey, SeenPush};

pub(crate) const TOPIC: &str = "pass.org.example.library";

pub(crate) fn topic() -> PassTypeId {
    TOPIC.parse().unwrap()
}

pub(crate) struct Office {
    pub(crate) authority: Authority,
    pub(crate) apns: FakeApns,
}

impl Office {
    pub(crate) fn open() -> Self {
        Self::open_at(SystemClock)
    }

    pub(crate) fn open_at(clock: impl Clock + 'static) -> Self {
        let authority = Authority::new();
        let apns = FakeApns::start_at(&authority, clock);
        Self { authority, apns }
    }

    /// Gives a client with a certificate for [`TOPIC`].
    pub(crate) fn client(&self) -> Apns {
        self.client_with(certificate_of(&self.authority.issue(TOPIC, "A1B2C3D4E5")).unwrap())
    }

    pub(crate) fn client_with(&self, credentials: impl Into<Credentials>) -> Apns {
        let client = Apns::new(credentials).unwrap().with_server(self.apns.url()).unwrap();
        client.with_roots(self.authority.root_pem().as_bytes()).unwrap()
    }

    pub(crate) fn provider_token(&self) -> ProviderToken {
        let p8 = self.apns.provider_key().p8();
        ProviderToken::from_p8(p8.expose().as_bytes(), ProviderKey::ID, &ProviderKey::TEAM.parse().unwrap()).unwrap()
    }
}

pub(crate) fn certificate_of(issued: &Issued) -> Result<ClientCertificate, Error> {
    let (certificate, key) = (issued.certificate_pem(), issued.key_pem());
    ClientCertificate::from_pem(&topic(), certificate.as_bytes(), key.expose().as_bytes(), None)
}

/// A token for each number.
pub(crate) fn token(number: u32) -> String {
    format!("{number:064x}")
}

/// Gives the headers of a push in the order of their names, the provider token last.
pub(crate) fn headers(push: &SeenPush) -> Vec<String> {
    let mut lines: Vec<_> =
        push.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    lines.sort_by_key(|line| (line.starts_with("authorization"), line.clone()));
    lines
}

pub(crate) fn base64(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// A key that lives elsewhere.
pub(crate) fn remote_key(issued: &Issued) -> Arc<dyn SigningKey> {
    Arc::new(RemoteKey(PKey::private_key_from_pem(issued.key_pem().expose().as_bytes()).unwrap()))
}

#[derive(Debug)]
struct RemoteKey(PKey<Private>);

impl SigningKey for RemoteKey {
    fn algorithm(&self) -> Algorithm {
        if self.0.id() == Id::EC { Algorithm::EcdsaP256Sha256 } else { Algorithm::RsaSha256 }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.0).map_err(SigningError::new)?;
        signer.sign_oneshot_to_vec(message).map_err(SigningError::new)
    }
}
