//! Throw-away credentials, which a second process may read again.

use std::fs;
use std::io;
use std::path::Path;

use walletpass::Secret;
use walletpass_testkit::{Authority, KeyKind, Leaf};

/// A pass certificate with its key and the certificates above it, all PEM.
#[derive(Debug)]
#[non_exhaustive]
pub struct Credentials {
    /// The pass certificate.
    pub certificate: String,
    /// The intermediate that issued it.
    pub intermediate: String,
    /// Its key.
    pub key: Secret<String>,
    /// The root above the intermediate.
    pub root: String,
}

impl Credentials {
    /// Makes credentials with an EC key on P-256.
    pub fn ec() -> Self {
        Self::issue(KeyKind::Ec)
    }

    /// Makes credentials with an RSA key of 2048 bits, as Keychain Access makes it.
    pub fn rsa() -> Self {
        Self::issue(KeyKind::Rsa)
    }

    /// Reads what [`write`](Credentials::write) wrote.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let [certificate, intermediate, key, root] = FILES.map(|name| fs::read_to_string(folder.join(name)));
        Ok(Self { certificate: certificate?, intermediate: intermediate?, key: Secret::new(key?), root: root? })
    }

    /// Writes the credentials into a folder, for a process that would take long to make its own: one under valgrind.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let texts = [&self.certificate, &self.intermediate, self.key.expose(), &self.root];
        FILES.iter().zip(texts).try_for_each(|(name, text)| fs::write(folder.join(name), text))
    }

    fn issue(key: KeyKind) -> Self {
        let authority = Authority::new();
        // With NFC, for then it signs any text, which shows what CMS costs alone.
        let leaf =
            authority.issue_leaf(&Leaf { key, nfc: true, ..Leaf::new("pass.org.walletpass.benches", "A1B2C3D4E5") });
        Self {
            certificate: leaf.certificate_pem(),
            intermediate: authority.intermediate_pem(),
            key: leaf.key_pem(),
            root: authority.root_pem(),
        }
    }
}

const FILES: [&str; 4] = ["certificate.pem", "intermediate.pem", "key.pem", "root.pem"];
