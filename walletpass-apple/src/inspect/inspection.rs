//! What was found in an archive.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};
use walletpass_core::lint::{Finding, Severity};

use super::signature::Signature;
use super::summary::Summary;

/// What an archive holds, and all that is wrong with it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Inspection {
    /// Whether it is a bundle, `.pkpasses`.
    pub is_bundle: bool,
    /// The passes: one, or those of the bundle by name.
    pub passes: Vec<Inspected>,
    /// What is wrong with the bundle as such; what is wrong with a pass stands with the pass.
    pub findings: Vec<Finding>,
}

impl Inspection {
    /// Says whether a phone would refuse the archive, or one of the passes in it.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Walks all findings: those of the bundle, then those of each pass.
    pub fn all_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().chain(self.passes.iter().flat_map(|pass| &pass.findings))
    }

    /// Walks the findings for which a phone would refuse it.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.all_findings().filter(|finding| finding.severity == Severity::Error)
    }
}

/// One pass of an archive.
#[derive(Clone)]
#[non_exhaustive]
pub struct Inspected {
    /// The name of its package in the bundle; none where there is no bundle.
    pub name: Option<String>,
    /// The files that could be read, by name, `manifest.json` and `signature` included; a folder around them all, which is an
    /// error, is left out of their names.
    pub files: BTreeMap<String, Bytes>,
    /// The content of `pass.json`, if it is an object in strict JSON.
    pub pass_json: Option<Map<String, Value>>,
    /// What the pass says.
    pub summary: Summary,
    /// What its signature says, if that can be read.
    pub signature: Option<Signature>,
    /// What is wrong: the archive, manifest and signature first, then what the lint says of `pass.json` and the files.
    pub findings: Vec<Finding>,
}

/// Shows names and sizes of the files, not their content. Summary and findings are shown, and repeat short values of `pass.json`.
impl fmt::Debug for Inspected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: BTreeMap<&str, usize> = self.files.iter().map(|(name, data)| (name.as_str(), data.len())).collect();
        f.debug_struct("Inspected")
            .field("name", &self.name)
            .field("files", &files)
            .field("summary", &self.summary)
            .field("signature", &self.signature)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}
