//! A throw-away Google service account.
#![expect(clippy::expect_used, reason = "a test tool: what fails here fails the test")]

use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use serde_json::json;
use walletpass_core::Secret;

/// A service account that Google never heard of: its key file looks like a real one, so everything but Google takes it.
#[derive(Clone)]
pub struct ServiceAccount {
    key: PKey<Private>,
}

impl ServiceAccount {
    /// The e-mail address in its key file.
    pub const EMAIL: &str = "issuer@walletpass-testkit.iam.gserviceaccount.com";

    /// The id of its key.
    pub const KEY_ID: &str = "0123456789abcdef0123456789abcdef01234567";

    /// Makes an account with a key of its own.
    ///
    /// # Panics
    ///
    /// When OpenSSL cannot make a key.
    #[expect(clippy::new_without_default, reason = "each one differs from the others")]
    pub fn new() -> Self {
        let key = Rsa::generate(2048).and_then(PKey::from_rsa).expect("OpenSSL makes RSA keys");
        Self { key }
    }

    /// Gives its JSON key file, as the Google Cloud console would.
    ///
    /// # Panics
    ///
    /// When OpenSSL cannot write the key.
    pub fn json(&self) -> Secret<String> {
        self.json_with("https://oauth2.googleapis.com/token")
    }

    /// Gives its JSON key file, for access tokens from another address.
    ///
    /// # Panics
    ///
    /// When OpenSSL cannot write the key.
    pub fn json_with(&self, token_uri: &str) -> Secret<String> {
        let pem = self.key.private_key_to_pem_pkcs8().expect("OpenSSL writes its own keys");
        let file = json!({
            "type": "service_account",
            "project_id": "walletpass-testkit",
            "private_key_id": Self::KEY_ID,
            "private_key": String::from_utf8_lossy(&pem),
            "client_email": Self::EMAIL,
            "client_id": "100000000000000000001",
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        });
        Secret::new(file.to_string())
    }

    pub(crate) fn key(&self) -> &PKey<Private> {
        &self.key
    }

    /// Gives the public key as PEM, to verify what the account signs.
    ///
    /// # Panics
    ///
    /// When OpenSSL cannot write the key.
    pub fn public_key_pem(&self) -> String {
        let pem = self.key.public_key_to_pem().expect("OpenSSL writes its own keys");
        String::from_utf8_lossy(&pem).into_owned()
    }
}

impl std::fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServiceAccount(…)")
    }
}
