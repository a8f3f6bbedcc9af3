//! Whom to trust.

use std::fmt;

use crate::Error;
use crate::certificate::Certificate;

/// The root certificates that signatures must lead to.
///
/// ```
/// use walletpass_apple::inspect::Roots;
///
/// assert_eq!(format!("{:?}", Roots::apple()), r#"["Apple Root CA"]"#);
/// ```
#[derive(Clone)]
pub struct Roots {
    certificates: Vec<Certificate>,
}

impl Roots {
    /// Trusts Apple's root and no other, as an iPhone does for passes.
    /// <https://www.apple.com/certificateauthority/>
    pub fn apple() -> Self {
        Self { certificates: Certificate::from_der(APPLE).into_iter().collect() }
    }

    /// Trusts nobody yet: the start of a list without Apple.
    pub fn none() -> Self {
        Self { certificates: Vec::new() }
    }

    /// Trusts another root too: DER, or a PEM with one certificate or several.
    ///
    /// # Errors
    ///
    /// [`Error::RootUnreadable`] when it is neither.
    pub fn with(mut self, certificate: &[u8]) -> Result<Self, Error> {
        self.certificates
            .extend(Certificate::read_all(certificate).map_err(|source| Error::RootUnreadable { source })?);
        Ok(self)
    }

    /// Walks the certificates.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter()
    }
}

/// Shows the common names.
impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(Certificate::subject_name)).finish()
    }
}

/// Apple Root CA, valid until 9 February 2035.
/// <https://www.apple.com/appleca/AppleIncRootCertificate.cer>
const APPLE: &[u8] = include_bytes!("../../data/AppleRootCA.cer");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wwdr;

    #[test]
    fn the_bundled_root_issued_the_bundled_intermediate() {
        let roots = Roots::apple();
        let root = roots.iter().next().unwrap();
        assert!(wwdr::bundled().unwrap().was_issued_by(root));
        assert!(root.is_authority() && root.is_self_issued());
        assert_eq!(root.key_id().as_deref(), Some("2BD06947947609FEF46B8D2E40A6F7474D7F085E"));
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        assert!(matches!(Roots::none().with(b"hello"), Err(Error::RootUnreadable { .. })));
        assert_eq!(Roots::none().iter().count(), 0);
    }
}
