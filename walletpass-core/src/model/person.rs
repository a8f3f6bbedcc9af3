//! The name of a person.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name of a person: as it is written, or in its parts.
///
/// Apple's boarding passes need the parts, which no program can tell from a written name.
///
/// ```
/// # use walletpass_core::PersonName;
/// assert_eq!(PersonName::parts("Ana", "Exemplo").to_string(), "Ana Exemplo");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields, expecting = "a name, or an object with `given` and `family`")]
#[non_exhaustive]
pub enum PersonName {
    /// As it is written.
    Written(String),
    /// In its parts.
    Parts {
        /// The given name.
        given: String,
        /// The family name.
        family: String,
    },
}

impl PersonName {
    /// Takes a name in its parts.
    pub fn parts(given: impl Into<String>, family: impl Into<String>) -> Self {
        Self::Parts { given: given.into(), family: family.into() }
    }
}

impl From<&str> for PersonName {
    fn from(name: &str) -> Self {
        Self::Written(name.to_owned())
    }
}

impl From<String> for PersonName {
    fn from(name: String) -> Self {
        Self::Written(name)
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written(name) => f.write_str(name),
            Self::Parts { given, family } => write!(f, "{given} {family}"),
        }
    }
}
