//! A pass as the issuer keeps it: its JSON form, with pictures named by their digests.

use std::collections::BTreeMap;
use std::io::{self, Cursor};
use std::path::Path;

use bytes::Bytes;
use openssl::sha::sha256;
use walletpass_core::{Pass, Picture, Serial, Source};
use walletpass_webservice::store::{Asset, Digest, StoredPass};

use super::{Error, Issuer};

impl Issuer {
    /// Keeps the pictures of a pass, and names them in it instead.
    pub(super) async fn put_pictures(&self, pass: &mut Pass) -> Result<(), Error> {
        let mut assets = BTreeMap::new();
        for (path, picture) in pass.pictures_mut() {
            for source in picture.sources_mut() {
                match source {
                    Source::Png(bytes) => {
                        let digest = Digest(sha256(bytes));
                        assets.insert(digest, bytes.clone());
                        *source = Source::File(file_name(digest).into());
                    }
                    Source::File(file) if digest_of(file).is_some() => {}
                    Source::File(file) => return Err(Error::Picture { path, named: file.display().to_string() }),
                    Source::Url(url) => return Err(Error::Picture { path, named: url.to_string() }),
                    _ => return Err(Error::Picture { path, named: "it".to_owned() }),
                }
            }
            self.host_picture(picture);
        }
        for (digest, bytes) in assets {
            let asset = Asset { media_type: "image/png".to_owned(), bytes };
            self.inner.assets.put(digest, asset).await?;
        }
        Ok(())
    }

    /// Gives the picture the address where Google finds it, unless the host has it somewhere else.
    fn host_picture(&self, picture: &mut Picture) {
        let Ok(images) = self.inner.url.join(IMAGES) else { return };
        let is_ours = picture.url.as_ref().is_none_or(|url| url.as_str().starts_with(images.as_str()));
        if let (true, Source::File(file)) = (is_ours, &picture.source) {
            picture.url = images.join(&file.to_string_lossy()).ok();
        }
    }

    /// Puts the bytes back into the pictures of a stored pass.
    pub(super) async fn load_pictures(&self, pass: &mut Pass) -> Result<(), Error> {
        let mut loaded: BTreeMap<Digest, Bytes> = BTreeMap::new();
        let mut wanted = Vec::new();
        for (path, picture) in pass.pictures_mut() {
            for source in picture.sources_mut() {
                if let Source::File(file) = source
                    && let Some(digest) = digest_of(file)
                {
                    wanted.push((path.clone(), digest));
                }
            }
        }
        for (path, digest) in wanted {
            if !loaded.contains_key(&digest) {
                let asset = self.inner.assets.get(digest).await?;
                let asset = asset.ok_or(Error::PictureCorrupt { path, source: None })?;
                loaded.insert(digest, asset.bytes);
            }
        }
        let open = |file: &Path| {
            let bytes = digest_of(file).and_then(|digest| loaded.get(&digest)).cloned();
            bytes.map(Cursor::new).ok_or_else(|| io::ErrorKind::NotFound.into())
        };
        pass.load_pictures(open).map_err(|_| Error::PictureCorrupt { path: "art".to_owned(), source: None })
    }
}

/// Writes a pass down; equal passes give equal bytes.
pub(super) fn encode(pass: &Pass) -> Bytes {
    // A pass has no key that is not text and no number that JSON lacks.
    serde_json::to_vec(pass).unwrap_or_default().into()
}

/// Reads a pass as it was written down.
pub(super) fn decode(stored: &StoredPass) -> Result<Pass, Error> {
    let serial = || -> Serial { stored.pass.key.serial.clone() };
    Pass::from_json(&stored.pass.body).map_err(|source| Error::Stored { serial: serial(), source })
}

pub(super) fn file_name(digest: Digest) -> String {
    format!("{digest}.png")
}

pub(super) fn digest_of(file: &Path) -> Option<Digest> {
    file.to_str()?.strip_suffix(".png")?.parse().ok()
}

/// Where pictures are below the address of the issuer.
pub(super) const IMAGES: &str = "images/";
