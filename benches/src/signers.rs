//! Who signs: with the key, and with a stored signature.

use std::sync::Arc;

use walletpass::apple::Identity;
use walletpass::google::Account;
use walletpass::model::port::{Clock, SigningKey};
use walletpass_testkit::ServiceAccount;

use crate::{BareKey, Credentials, StoredSignature};

/// An Apple identity and what it is compared with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Signers {
    /// The key alone: the base line.
    pub bare: Arc<BareKey>,
    /// The identity with that key.
    pub identity: Identity,
    /// The same with a stored signature: everything but the signature.
    pub unsigned: Identity,
}

impl Signers {
    /// Loads credentials. The clock stamps the packages.
    pub fn new(credentials: &Credentials, clock: &Arc<dyn Clock>) -> Self {
        let Credentials { certificate, intermediate, key, .. } = credentials;
        let (certificate, intermediates) = (certificate.as_bytes(), [intermediate.as_bytes()]);
        let identity = Identity::from_pem(certificate, key.expose().as_bytes(), None, &intermediates);
        let bare = Arc::new(BareKey::from_pem(key.expose()));
        let stored = Arc::new(StoredSignature::new(Arc::clone(&bare)));
        let unsigned = Identity::from_signing_key(certificate, stored, &intermediates);
        let clocked = |identity: Identity| identity.with_clock(Arc::clone(clock));
        Self {
            bare,
            identity: identity.map(clocked).expect("the credentials are in order"),
            unsigned: unsigned.map(clocked).expect("the credentials are in order"),
        }
    }
}

/// A Google account and what it is compared with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Linkers {
    /// The account with an RSA key, that of the [`Signers`].
    pub account: Account,
    /// The same with a stored signature: everything but the signature.
    pub unsigned: Account,
}

impl Linkers {
    /// Makes the accounts. The clock stamps the links.
    pub fn new(bare: &Arc<BareKey>, clock: &Arc<dyn Clock>) -> Self {
        let account = |key: Arc<dyn SigningKey>| {
            let issuer = "3388000000000000001".parse().expect("an issuer id");
            let account = Account::from_signing_key(ServiceAccount::EMAIL, issuer, key).expect("an RSA key");
            account.with_key_id(ServiceAccount::KEY_ID).with_clock(Arc::clone(clock))
        };
        let stored = Arc::new(StoredSignature::new(Arc::clone(bare)));
        Self { account: account(Arc::clone(bare) as Arc<dyn SigningKey>), unsigned: account(stored) }
    }
}
