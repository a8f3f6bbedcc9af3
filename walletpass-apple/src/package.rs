//! What is to be signed: `pass.json`, pictures, translations, and the manifest over them all.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use walletpass_core::projection::{self, AppleSheet, Report};
use walletpass_core::{Pass, PassTypeId, TeamId};

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
    /// Translations, the sign-up form, `pass.json` and manifest.
    section: Section,
    needs: Needs,
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
        Self::for_issuer(pass, identity.pass_type(), identity.team(), identity.now())
    }

    /// Draws a pass up for whoever issues it, to judge it where no certificate is at hand; one of this issuer can sign it.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Package::new).
    /// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
    pub fn for_issuer(pass: &Pass, pass_type: &PassTypeId, team: &TeamId, now: DateTime<Utc>) -> Result<Self, Error> {
        let sheet = projection::apple(pass, pass_type, team, now);
        refuse_errors(&sheet.report)?;
        let artwork = Artwork::prepare_localized(&sheet.art, &sheet.localized_art)?;
        Self::from_sheet(sheet, &artwork)
    }

    /// Draws a pass up for an identity, with pictures that were prepared before; its own are not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the lint finds errors; [`Error::TooLarge`].
    /// <https://developer.apple.com/documentation/walletpasses/creating-the-source-for-a-pass>
    pub fn with_artwork(pass: &Pass, identity: &Identity, artwork: &Artwork) -> Result<Self, Error> {
        let sheet = projection::apple_without_art(pass, identity.pass_type(), identity.team(), identity.now());
        Self::from_sheet(sheet, artwork)
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
        let artwork = Artwork::lay_out(pictures, Vec::new())?;
        let others = others.into_iter().collect();
        let write_pass = |out: &mut Vec<u8>| out.extend_from_slice(&pass_json);
        let package = Self::lay_out(Needs::of(&pass), write_pass, others, &artwork, report)?;
        package.check_signer(identity)?;
        Ok(package)
    }

    fn from_sheet(sheet: AppleSheet, artwork: &Artwork) -> Result<Self, Error> {
        refuse_errors(&sheet.report)?;
        let AppleSheet { pass, strings, personalization, mut report, .. } = sheet;
        let mut files: Vec<(String, Bytes)> =
            strings.iter().map(|(locale, table)| (strings::file_name(locale), strings::encode(table).into())).collect();
        files.extend(personalization.map(|form| {
            let mut written = Vec::new();
            write_json(&mut written, form);
            (PERSONALIZATION_JSON.to_owned(), written.into())
        }));

        let others = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_ref())).collect();
        report.findings.extend(artwork.gallery().check(&pass, &others));
        report.findings.extend_from_slice(artwork.findings());
        refuse_errors(&report)?;

        Self::lay_out(Needs::of(&pass), |out| write_json(out, pass), files, artwork, report)
    }

    /// Writes the files, `pass.json` and the manifest behind the pictures.
    fn lay_out(
        mut needs: Needs,
        write_pass: impl FnOnce(&mut Vec<u8>),
        others: Vec<(String, Bytes)>,
        artwork: &Artwork,
        report: Report,
    ) -> Result<Self, Error> {
        needs.nfc |= others.iter().any(|(name, _)| name == PERSONALIZATION_JSON);
        let mut section = Writer::after(artwork.section()).with_room(artwork.room());
        let mut digests = Vec::with_capacity(others.len() + 1);
        for (name, data) in &others {
            section.add(name, data)?;
            digests.push((name.as_str(), manifest::digest(data)));
        }
        let pass_json_at = section.add_written(PASS_JSON, write_pass)?;
        let pass_json = section.bytes().get(pass_json_at.clone()).unwrap_or_default();
        digests.push((PASS_JSON, manifest::digest(pass_json)));
        let manifest_at =
            section.add_written("manifest.json", |out| manifest::write(out, artwork.entries(), digests))?;
        artwork.note_room(section.bytes().len());

        let section = section.close();
        let (pass_json, manifest) = (section.bytes().slice(pass_json_at), section.bytes().slice(manifest_at));
        Ok(Self { pass_json, manifest, artwork: artwork.clone(), section, needs, report })
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
        let Needs { pass_type: found_pass_type, team: found_team, nfc } = &self.needs;
        let (pass_type, team) = (identity.pass_type(), identity.team());
        if found_pass_type.as_deref() != Some(pass_type.as_str()) || found_team.as_deref() != Some(team.as_str()) {
            return Err(Error::IdentityMismatch {
                found_pass_type: found_pass_type.clone(),
                found_team: found_team.clone(),
                pass_type: pass_type.clone(),
                team: team.clone(),
            });
        }
        if *nfc && !identity.nfc() {
            return Err(Error::NfcNotPermitted);
        }
        Ok(())
    }
}

/// What a package asks of the identity that signs it.
#[derive(Clone)]
struct Needs {
    pass_type: Option<String>,
    team: Option<String>,
    /// Whether something asks for an NFC certificate.
    nfc: bool,
}

impl Needs {
    fn of(pass: &Map<String, Value>) -> Self {
        let text = |key: &str| pass.get(key).and_then(Value::as_str).map(str::to_owned);
        Self { pass_type: text("passTypeIdentifier"), team: text("teamIdentifier"), nfc: pass.contains_key("nfc") }
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

fn refuse_errors(report: &Report) -> Result<(), Error> {
    if report.has_errors() {
        return Err(Error::Refused { report: Box::new(report.clone()) });
    }
    Ok(())
}

/// Writes JSON as it is signed.
fn write_json(out: &mut Vec<u8>, members: Map<String, Value>) {
    // A host that turns on `preserve_order` of serde_json gets maps in another order; this puts them back.
    let mut json = Value::Object(members);
    json.sort_all_objects();
    // Fails only where writing does, and nothing can be wrong with a vector.
    let _ = serde_json::to_writer(out, &json);
}

const PASS_JSON: &str = "pass.json";
/// Asks for an NFC certificate, as the key `nfc` does.
const PERSONALIZATION_JSON: &str = "personalization.json";
