//! The pictures of a pass: kept once under their digests, and hosted where Google fetches them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Cursor};
use std::path::Path;

use bytes::Bytes;
use url::Url;
use walletpass_apple::{Identity, Package};
use walletpass_core::{Pass, Picture, Source};
use walletpass_webservice::store::{Asset, Digest};

use super::fetch::BareUrl;
use super::{Error, Issuer};

/// Pictures that came with a pass, by their digests.
pub(super) type Brought = BTreeMap<Digest, Bytes>;

/// What was fetched for one verb, so that it is fetched once however often a change is computed anew.
pub(super) type Fetched = BTreeMap<Url, Bytes>;

impl Issuer {
    /// Names the pictures of a pass by their digests, and gives their bytes. Nothing is written.
    pub(super) async fn take_pictures(&self, pass: &mut Pass, fetched: &mut Fetched) -> Result<Brought, Error> {
        let mut brought = Brought::new();
        for (path, picture) in pass.pictures_mut() {
            for source in picture.sources_mut() {
                let bytes = match source {
                    Source::Png(bytes) => bytes.clone(),
                    Source::File(file) if digest_of(file).is_some() => continue,
                    Source::File(file) => return Err(Error::Picture { path, named: file.display().to_string() }),
                    Source::Url(url) => self.fetched(&path, url, fetched).await?,
                    _ => return Err(Error::Picture { path, named: "it".to_owned() }),
                };
                let digest = self.inner.shelf.digests.of(&bytes);
                brought.insert(digest, bytes);
                *source = Source::File(file_name(digest).into());
            }
            self.host_picture(picture);
        }
        Ok(brought)
    }

    async fn fetched(&self, path: &str, url: &Url, fetched: &mut Fetched) -> Result<Bytes, Error> {
        if let Some(bytes) = fetched.get(url) {
            return Ok(bytes.clone());
        }
        let path = path.to_owned();
        let Some(pictures) = &self.inner.pictures else {
            return Err(Error::Picture { path, named: BareUrl::from(url).to_string() });
        };
        if fetched.len() >= MOST_FETCHED {
            return Err(Error::PicturesTooMany { path, most: MOST_FETCHED });
        }
        let bytes = pictures.fetch(url).await.map_err(|source| Error::PictureUnfetched { path, source })?;
        fetched.insert(url.clone(), bytes.clone());
        Ok(bytes)
    }

    /// Keeps pictures that the store may not have.
    pub(super) async fn keep_pictures(&self, brought: Brought) -> Result<(), Error> {
        for (digest, bytes) in brought {
            if self.inner.shelf.stored.get(&digest).is_none() {
                let asset = Asset { media_type: "image/png".to_owned(), bytes };
                self.inner.assets.put(digest, asset).await?;
                self.inner.shelf.stored.put(digest, ());
            }
        }
        Ok(())
    }

    /// Draws a pass up for an identity; its pictures are among those that came with it, or are kept.
    pub(super) async fn package(
        &self,
        mut pass: Pass,
        identity: &Identity,
        brought: &Brought,
    ) -> Result<Package, Error> {
        let key = artwork_key(&mut pass);
        if let Some(artwork) = key.as_ref().and_then(|key| self.inner.shelf.artworks.get(key)) {
            return Ok(Package::with_artwork(&pass, identity, &artwork)?);
        }
        self.load_pictures(&mut pass, brought).await?;
        let package = Package::new(&pass, identity)?;
        if let Some(key) = key {
            self.inner.shelf.artworks.put(key, package.artwork().clone());
        }
        Ok(package)
    }

    /// Gives the picture the address where Google finds it, unless the host has it somewhere else.
    fn host_picture(&self, picture: &mut Picture) {
        let Ok(images) = self.inner.url.join(IMAGES) else { return };
        let is_ours = picture.url.as_ref().is_none_or(|url| url.as_str().starts_with(images.as_str()));
        if let (true, Source::File(file)) = (is_ours, &picture.source) {
            picture.url = images.join(&file.to_string_lossy()).ok();
        }
    }

    /// Puts the bytes into pictures that are named by their digests.
    async fn load_pictures(&self, pass: &mut Pass, brought: &Brought) -> Result<(), Error> {
        let mut wanted = Vec::new();
        for (path, picture) in pass.pictures_mut() {
            let sources = picture.sources_mut();
            wanted.extend(sources.filter_map(|source| named_by(source)).map(|digest| (path.clone(), digest)));
        }
        let mut found = Brought::new();
        for (path, digest) in wanted {
            let bytes = match brought.get(&digest) {
                Some(bytes) => bytes.clone(),
                None => self.inner.assets.get(digest).await?.ok_or(Error::PictureLost { path, digest })?.bytes,
            };
            found.insert(digest, bytes);
        }
        let open = |file: &Path| {
            let bytes = digest_of(file).and_then(|digest| found.get(&digest)).cloned();
            bytes.map(Cursor::new).ok_or_else(|| io::ErrorKind::NotFound.into())
        };
        pass.load_pictures(open).map_err(|source| Error::PictureUnreadable { source })
    }
}

/// Names the pictures of a pass, so that equal pictures have one name. None where their files depend on the languages of the pass too.
fn artwork_key(pass: &mut Pass) -> Option<String> {
    let mut key = pass.kind.name().to_owned();
    for (path, picture) in pass.pictures_mut() {
        if !picture.localized.is_empty() {
            return None;
        }
        let scales = &picture.scales;
        let given = [scales.x1.is_some(), scales.x2.is_some(), scales.x3.is_some()];
        let _ = write!(key, " {path} {given:?}"); // a String takes everything
        for source in picture.sources_mut() {
            let _ = write!(key, " {source:?}");
        }
    }
    Some(key)
}

pub(super) fn file_name(digest: Digest) -> String {
    format!("{digest}.png")
}

pub(super) fn digest_of(file: &Path) -> Option<Digest> {
    file.to_str()?.strip_suffix(".png")?.parse().ok()
}

fn named_by(source: &Source) -> Option<Digest> {
    match source {
        Source::File(file) => digest_of(file),
        _ => None,
    }
}

/// Where pictures are below the address of the issuer.
pub(super) const IMAGES: &str = "images/";
/// So many addresses one pass may name: each may take some seconds.
const MOST_FETCHED: usize = 32;
