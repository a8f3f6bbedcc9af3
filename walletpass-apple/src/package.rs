//! What is to be signed: `pass.json`, pictures, translations, and the manifest over them all.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};
use walletpass_core::Pass;
use walletpass_core::projection::{self, AppleSheet, Report};

use crate::archive::{Section, Writer};
use crate::source::Source;
use crate::{Artwork, Error, Identity, manifest, strings};

/// A package without its signature; cheap to clone.
///
/// It holds everything that [`Identity::sign`] signs, and nothing is added after the manifest is made.
/// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
#[derive(Clone)]
pub struct Package {
    pass_json: Bytes,
    manifest: Bytes,
    artwork: Artwork,
    /// Translations, `pass.json` and manifest.
    section: Section,
    /// What `pass.json` says of its issuer.
    pass_type: Option<String>,
    team: Option<String>,
    /// Whether something asks for an NFC certificate.
    has_nfc: bool,
    report: Report,
}

impl Package {
    /// Draws a pass up for an identity, pictures included.
    ///
    /// To make many passes with the same pictures, take [`artwork`](Package::artwork) of the first for
    /// [`with_artwork`](Package::with_artwork) of the others: resizing pictures costs far more than all the rest.
    ///
    /// ```
    /// # use walletpass_apple::Package;
    /// # use walletpass_core::{Generic, Pass};
    /// # let identity = walletpass_testkit::Authority::new().identity("pass.org.example.library", "A1B2C3D4E5");
    /// let card = |serial: &str| {
    ///     let serial = serial.parse().expect("a legal serial number");
    ///     Pass::new(serial, "Town Library", Generic::new("Reader's card"))
    /// };
    /// let first = Package::new(&card("1"), &identity)?;
    /// let second = Package::with_artwork(&card("2"), &identity, first.artwork())?;
    /// assert!(first.pass_json().starts_with(br#"{"description":"#));
    /// assert_ne!(first.manifest(), second.manifest());
    /// # Ok::<(), walletpass_apple::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the lint finds errors; [`Error::Picture`] and [`Error::PictureNotLoaded`] for a picture;
    /// [`Error::TooLarge`].
    /// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
    pub fn new(pass: &Pass, identity: &Identity) -> Result<Self, Error> {
        let sheet = sheet(pass, identity);
        refuse_errors(&sheet)?;
        let artwork = Artwork::prepare(&sheet.art)?;
        Self::from_sheet(sheet, &artwork)
    }

    /// Draws a pass up for an identity, with pictures that were prepared before; its own are not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the lint finds errors; [`Error::TooLarge`].
    /// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
    pub fn with_artwork(pass: &Pass, identity: &Identity, artwork: &Artwork) -> Result<Self, Error> {
        Self::from_sheet(sheet(pass, identity), artwork)
    }

    /// Takes the source folder of a pass that someone else made: `pass.json`, pictures, `xx.lproj/…`, by their names in the folder.
    ///
    /// Every file goes into the package as it is. `pass.json` does too, unless `passTypeIdentifier` or `teamIdentifier` is absent:
    /// then it is filled in from the identity, and nothing else in it is touched. A `manifest.json` and a `signature` that lie there from
    /// an earlier signing are dropped, and made anew.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use bytes::Bytes;
    /// # use walletpass_apple::{Artwork, Package};
    /// # let identity = walletpass_testkit::Authority::new().identity("pass.org.example.library", "A1B2C3D4E5");
    /// let pass_json = r#"{
    ///     "formatVersion": 1,
    ///     "serialNumber": "reader-4711",
    ///     "organizationName": "Town Library",
    ///     "description": "Reader's card",
    ///     "generic": {}
    /// }"#;
    /// let mut files = BTreeMap::from([("pass.json".to_owned(), Bytes::from(pass_json))]);
    /// # let icons = Artwork::prepare(&Default::default())?;
    /// # files.extend(icons.files().map(|(name, bytes)| (name.to_owned(), bytes.clone())));
    /// let package = Package::from_files(files, &identity)?;
    /// let pkpass = identity.sign(&package)?;
    /// # Ok::<(), walletpass_apple::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the lint finds errors in `pass.json` or in the files, or there is no `pass.json`;
    /// [`Error::IdentityMismatch`] and [`Error::NfcNotPermitted`] when this identity may not sign it; [`Error::TooLarge`].
    /// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
    pub fn from_files(files: BTreeMap<String, Bytes>, identity: &Identity) -> Result<Self, Error> {
        let Source { pass, pass_json, pictures, others, report } = Source::read(files, identity)?;
        let artwork = Artwork::lay_out(pictures)?;
        let package = Self::lay_out(&pass, &pass_json, others.into_iter().collect(), &artwork, report)?;
        package.check_signer(identity)?;
        Ok(package)
    }

    fn from_sheet(sheet: AppleSheet, artwork: &Artwork) -> Result<Self, Error> {
        refuse_errors(&sheet)?;
        let AppleSheet { pass, strings, report, .. } = sheet;
        let strings = strings.iter();
        let files =
            strings.map(|(locale, strings)| (strings::file_name(locale), Bytes::from(strings::encode(strings))));

        // A host that turns on `preserve_order` of serde_json gets maps in another order; this puts them back.
        let mut pass = pass;
        pass.sort_keys();
        pass.values_mut().for_each(Value::sort_all_objects);
        let pass_json = serde_json::to_vec(&pass).map_err(|_| Error::TooLarge)?;
        Self::lay_out(&pass, &pass_json, files.collect(), artwork, report)
    }

    /// Writes the files, `pass.json` and the manifest behind the pictures.
    fn lay_out(
        pass: &Map<String, Value>,
        pass_json: &[u8],
        others: Vec<(String, Bytes)>,
        artwork: &Artwork,
        report: Report,
    ) -> Result<Self, Error> {
        let text = |key: &str| pass.get(key).and_then(Value::as_str).map(str::to_owned);
        let (pass_type, team) = (text("passTypeIdentifier"), text("teamIdentifier"));
        let has_nfc = pass.contains_key("nfc") || others.iter().any(|(name, _)| name == PERSONALIZATION);

        let mut section = Writer::after(artwork.section());
        let mut digests = Vec::with_capacity(others.len() + 1);
        for (name, data) in others {
            section.add(&name, &data)?;
            digests.push((name, manifest::digest(&data)));
        }
        let pass_json_at = section.add(PASS_JSON, pass_json)?;
        digests.push((PASS_JSON.to_owned(), manifest::digest(pass_json)));
        let own = digests.iter().map(|(name, digest)| (name.as_str(), digest.as_str()));
        let manifest = manifest::write(&artwork.digests().chain(own).collect());
        let manifest_at = section.add("manifest.json", manifest.as_bytes())?;

        let section = section.close();
        let (pass_json, manifest) = (section.bytes().slice(pass_json_at), section.bytes().slice(manifest_at));
        Ok(Self { pass_json, manifest, artwork: artwork.clone(), section, pass_type, team, has_nfc, report })
    }

    /// Gives where each fact landed, what was lost, and the warnings.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Gives the content of `pass.json`.
    pub fn pass_json(&self) -> &Bytes {
        &self.pass_json
    }

    /// Gives the content of `manifest.json`, the very bytes that are signed.
    pub fn manifest(&self) -> &Bytes {
        &self.manifest
    }

    /// Gives the pictures, to be shared with other packages.
    pub fn artwork(&self) -> &Artwork {
        &self.artwork
    }

    /// Gives the members that follow the pictures.
    pub(crate) fn section(&self) -> &Section {
        &self.section
    }

    /// Refuses an identity that may not sign this package: the phone would.
    pub(crate) fn check_signer(&self, identity: &Identity) -> Result<(), Error> {
        let (pass_type, team) = (identity.pass_type(), identity.team());
        if self.pass_type.as_deref() != Some(pass_type.as_str()) || self.team.as_deref() != Some(team.as_str()) {
            return Err(Error::IdentityMismatch {
                found_pass_type: self.pass_type.clone(),
                found_team: self.team.clone(),
                pass_type: pass_type.clone(),
                team: team.clone(),
            });
        }
        if self.has_nfc && !identity.nfc() {
            return Err(Error::NfcNotPermitted);
        }
        Ok(())
    }
}

/// Shows sizes and the report: the content may hold a token or a PIN.
impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Package");
        shown.field("pass_json", &self.pass_json.len()).field("artwork", &self.artwork).field("report", &self.report);
        shown.finish_non_exhaustive()
    }
}

fn sheet(pass: &Pass, identity: &Identity) -> AppleSheet {
    projection::apple(pass, identity.pass_type(), identity.team(), identity.now())
}

fn refuse_errors(sheet: &AppleSheet) -> Result<(), Error> {
    if sheet.report.has_errors() {
        return Err(Error::Refused { report: Box::new(sheet.report.clone()) });
    }
    Ok(())
}

const PASS_JSON: &str = "pass.json";
/// Asks for an NFC certificate, as the key `nfc` does.
const PERSONALIZATION: &str = "personalization.json";
