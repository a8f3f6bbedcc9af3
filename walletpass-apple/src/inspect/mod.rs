//! Reads packages back, whoever made them: opens, verifies and lints `.pkpass` and `.pkpasses` files.
//!
//! A phone that refuses a pass says nothing. [`Inspector::inspect`] says what is wrong with it, all of it at once, and how to mend it:
//! the archive, the manifest, the signature, the certificates, `pass.json` and the files beside it. It is also the check to run on
//! packages of one's own: what it finds nothing wrong with, Wallet is not known to refuse.
//!
//! ```
//! use walletpass_apple::inspect::{Inspector, Roots};
//! # use walletpass_apple::Package;
//! # use walletpass_core::{Generic, Pass};
//! # let authority = walletpass_testkit::Authority::new();
//! # let identity = authority.identity("pass.org.example.library", "A1B2C3D4E5");
//! # let pass = Pass::new("reader-4711".parse()?, "Town Library", Generic::new("Reader's card"));
//! # let archive = identity.sign(&Package::new(&pass, &identity)?)?.to_vec();
//! # let root = authority.root_pem();
//!
//! let inspector = Inspector::new();
//! let inspection = inspector.inspect(&archive)?;
//! // A throw-away authority signed this one, and no phone would take it.
//! let found: Vec<&str> = inspection.errors().map(|finding| finding.rule).collect();
//! assert_eq!(found, ["apple-root-untrusted"]);
//!
//! let inspection = inspector.roots(Roots::none().with(root.as_bytes())?).inspect(&archive)?;
//! assert!(!inspection.has_errors());
//! assert_eq!(inspection.passes[0].summary.serial.as_deref(), Some("reader-4711"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bundle;
mod chain;
mod directory;
mod error;
mod findings;
mod inspection;
mod leaf;
mod limits;
mod looks;
mod manifest;
mod roots;
mod rules;
mod signature;
mod signed_data;
mod summary;
mod unpack;

use std::sync::Arc;

use serde_json::{Map, Value};
use walletpass_core::lint;
use walletpass_core::lint::Finding;
use walletpass_core::port::{Clock, SystemClock};

use self::findings::{Findings, shown};
use self::leaf::Claims;
use self::manifest::{MANIFEST, SIGNATURE};
use self::signature::Circumstances;
use self::unpack::{Budget, Unpacked, unpack};

pub use self::error::InspectError;
pub use self::inspection::{Inspected, Inspection};
pub use self::limits::Limits;
pub use self::roots::Roots;
pub use self::rules::RULES;
pub use self::signature::{Signature, Signer};
pub use self::summary::{Barcode, Field, Picture, Summary};

/// Inspects archives.
///
/// It trusts Apple's root, reads within the default [`Limits`] and tells the time by the clock of the machine, unless told otherwise.
/// It is cheap to keep and to share; one inspection takes a few milliseconds of processor time.
#[derive(Clone, Debug)]
pub struct Inspector {
    roots: Roots,
    limits: Limits,
    clock: Arc<dyn Clock>,
}

impl Inspector {
    /// Makes an inspector that sees what an iPhone would.
    pub fn new() -> Self {
        Self { roots: Roots::apple(), limits: Limits::default(), clock: Arc::new(SystemClock) }
    }

    /// Trusts these roots, and no others.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = roots;
        self
    }

    /// Reads within these limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Tells the time by `clock`.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Inspects a `.pkpass` or a `.pkpasses` file, told apart by what is in it.
    ///
    /// The passes of a bundle are inspected like any other; an archive in a pass is a file and is not opened.
    ///
    /// # Errors
    ///
    /// [`InspectError::NotArchive`] for bytes that are no zip archive, with a word on what they look like;
    /// [`InspectError::OverLimit`] for one that asks for more than the limits allow. Everything else is a finding.
    /// <https://developer.apple.com/documentation/walletpasses/building-a-pass>
    pub fn inspect(&self, archive: &[u8]) -> Result<Inspection, InspectError> {
        let mut budget = Budget::new(self.limits);
        if archive.len() > budget.limits.archive {
            return Err(budget.over("archive", ""));
        }
        let mut findings = Findings::default();
        let unpacked = unpack(archive, &mut budget, &mut findings)?;
        if bundle::is_one(&unpacked) {
            return bundle::inspect(self, archive.len(), unpacked, &budget, findings);
        }
        let pass = self.inspect_pass(None, unpacked, &budget, findings)?;
        Ok(Inspection { is_bundle: false, passes: vec![pass], findings: Vec::new() })
    }

    /// Judges one package.
    fn inspect_pass(
        &self,
        name: Option<String>,
        mut unpacked: Unpacked,
        budget: &Budget,
        mut findings: Findings,
    ) -> Result<Inspected, InspectError> {
        if let Some(folder) = strip_folder(&mut unpacked) {
            let cause = format!("everything lies in the folder `{}`", shown(&folder));
            findings.add(&rules::PASS_JSON_MISSING, PASS_JSON, cause, PACK_FILES);
        }
        bound_documents(&unpacked, budget)?;
        let now = self.clock.now();
        let Unpacked { files, unreadable } = &unpacked;

        let mut lint_findings = Vec::new();
        let mut pass_json = None;
        match files.get(PASS_JSON) {
            Some(bytes) => match lint::apple::parse(bytes) {
                Ok(pass) => pass_json = Some(pass),
                Err(finding) => lint_findings.push(finding),
            },
            None if unreadable.contains(PASS_JSON) => {}
            None => findings.push(missing_pass_json(files.keys())),
        }
        if let Some(pass) = &pass_json {
            let views = files.iter().map(|(name, data)| (name.as_str(), data.as_ref())).collect();
            lint_findings.extend(lint::apple::check(pass, now));
            lint_findings.extend(lint::apple::check_files(pass, &views));
        }

        manifest::judge(&unpacked, &mut findings);
        let circumstances = Circumstances { roots: &self.roots, now, claims: claims(pass_json.as_ref(), &unpacked) };
        let signature = match files.get(SIGNATURE) {
            Some(bytes) if !bytes.is_empty() => {
                let manifest = files.get(MANIFEST).map(|bytes| bytes.as_ref());
                signature::judge(bytes, manifest, &circumstances, &mut findings)
            }
            None if unreadable.contains(SIGNATURE) => None,
            found => {
                let cause = if found.is_some() { "the signature is empty" } else { "the package has no signature" };
                let mend = "sign manifest.json, and look at the exit code and messages of what signs";
                findings.add(&rules::SIGNATURE_MISSING, SIGNATURE, cause, mend);
                None
            }
        };

        let summary = Summary::of(pass_json.as_ref(), files);
        let mut findings = findings.finish();
        findings.extend(lint_findings);
        Ok(Inspected { name, files: unpacked.files, pass_json, summary, signature, findings })
    }
}

impl Default for Inspector {
    fn default() -> Self {
        Self::new()
    }
}

/// Refuses files that would be parsed and are too large for it.
fn bound_documents(unpacked: &Unpacked, budget: &Budget) -> Result<(), InspectError> {
    let is_document = |name: &str| name == SIGNATURE || name.ends_with(".json") || name.ends_with(".strings");
    let mut left = budget.limits.documents;
    for (name, data) in unpacked.files.iter().filter(|(name, _)| is_document(name)) {
        left = left.checked_sub(data.len()).ok_or_else(|| budget.over("documents", name))?;
    }
    Ok(())
}

/// Takes away a folder around the whole package, so that what is in it can be judged; gives its name.
fn strip_folder(unpacked: &mut Unpacked) -> Option<String> {
    let Unpacked { files, unreadable } = unpacked;
    let names = files.keys().chain(unreadable.iter());
    // macOS packs its own files beside the folder.
    let mut names = names.filter(|name| !name.starts_with("__MACOSX/") && name.as_str() != ".DS_Store");
    let (folder, _) = names.clone().find_map(|name| name.split_once('/').filter(|(_, file)| *file == PASS_JSON))?;
    let folder = format!("{folder}/");
    if !names.all(|name| name.starts_with(&folder)) {
        return None;
    }
    let stripped = |name: String| name.strip_prefix(&folder).map(str::to_owned).unwrap_or(name);
    *files = std::mem::take(files).into_iter().map(|(name, data)| (stripped(name), data)).collect();
    *unreadable = std::mem::take(unreadable).into_iter().map(stripped).collect();
    Some(folder)
}

/// Tells that there is no `pass.json`, and where it may be.
pub(crate) fn missing_pass_json<'n>(names: impl Iterator<Item = &'n String> + Clone) -> Finding {
    let nested = names.clone().find(|name| name.rsplit_once('/').is_some_and(|(_, file)| file == PASS_JSON));
    let spelled = names.clone().find(|name| name.eq_ignore_ascii_case(PASS_JSON));
    let bundled = names.clone().find(|name| name.contains('/') && name.to_ascii_lowercase().ends_with(".pkpass"));
    let (cause, mend) = match (nested, spelled, bundled) {
        (Some(name), ..) => (format!("pass.json lies in a folder, as `{}`", shown(name)), PACK_FILES),
        (None, Some(name), _) => {
            (format!("there is `{}` instead of pass.json", shown(name)), "write the name in small letters")
        }
        (None, None, Some(name)) => (
            format!("there is no pass.json, but a package in a folder, `{}`", shown(name)),
            "for a bundle, pack the `.pkpass` files at the root (`cd folder && zip ../all.pkpasses *.pkpass`)",
        ),
        (None, None, None) => ("the package has no pass.json".to_owned(), "put pass.json at the root"),
    };
    rules::PASS_JSON_MISSING.finding(PASS_JSON, cause, mend)
}

/// Gathers what the package says of its issuer.
fn claims<'a>(pass: Option<&'a Map<String, Value>>, unpacked: &Unpacked) -> Claims<'a> {
    let text = |key: &str| pass?.get(key)?.as_str();
    let nfc = if pass.is_some_and(|pass| pass.contains_key("nfc")) {
        Some("an `nfc` key")
    } else {
        unpacked.files.contains_key("personalization.json").then_some("a personalization.json")
    };
    Claims { pass_type: text("passTypeIdentifier"), team: text("teamIdentifier"), nfc }
}

const PASS_JSON: &str = "pass.json";
const PACK_FILES: &str = "pack the files in the folder, not the folder (`cd mycard.pass && zip -r ../mycard.pkpass .`)";
