//! Prepared pictures, kept while they are in use.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use walletpass_apple::{Artwork, Identity, Package};
use walletpass_core::Pass;

use super::{Error, Issuer};

/// The artworks that were used last: preparing one takes as long as some hundred signatures.
#[derive(Default)]
pub(super) struct Artworks {
    kept: Mutex<VecDeque<(String, Artwork)>>,
}

impl Artworks {
    fn get(&self, key: &str) -> Option<Artwork> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == key)?;
        let found = kept.remove(at)?;
        let artwork = found.1.clone();
        kept.push_front(found);
        Some(artwork)
    }

    fn put(&self, key: String, artwork: Artwork) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((key, artwork));
        kept.truncate(MOST);
    }
}

impl fmt::Debug for Artworks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Artworks").finish_non_exhaustive()
    }
}

impl Issuer {
    /// Draws a stored pass up for an identity.
    pub(super) async fn package(&self, pass: &Pass, identity: &Identity) -> Result<Package, Error> {
        let key = key_of(pass);
        if let Some(artwork) = key.as_ref().and_then(|key| self.inner.artworks.get(key)) {
            return Ok(Package::with_artwork(pass, identity, &artwork)?);
        }
        let mut pass = pass.clone();
        self.load_pictures(&mut pass).await?;
        let package = Package::new(&pass, identity)?;
        if let Some(key) = key {
            self.inner.artworks.put(key, package.artwork().clone());
        }
        Ok(package)
    }
}

/// Names the pictures of a stored pass by their digests. None where the files depend on the languages of the pass too.
fn key_of(pass: &Pass) -> Option<String> {
    let mut pass = pass.clone();
    let mut key = pass.kind.name().to_owned();
    for (path, picture) in pass.pictures_mut() {
        if !picture.localized.is_empty() {
            return None;
        }
        for source in picture.sources_mut() {
            key.push_str(&format!(" {path} {source:?}"));
        }
        key.push_str(&format!(
            " {:?}",
            [picture.scales.x1.is_some(), picture.scales.x2.is_some(), picture.scales.x3.is_some()]
        ));
    }
    Some(key)
}

/// How many designs are kept ready; each has some hundred kilobytes.
const MOST: usize = 64;
