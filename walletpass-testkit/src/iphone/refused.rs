//! Why a file is not taken.

use std::error::Error;
use std::fmt;

use walletpass_apple::inspect::InspectError;
use walletpass_core::lint::Finding;

/// The reasons for which Wallet would not take a file. A real phone gives none.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refused {
    /// What is wrong with its passes, errors only.
    Findings(Vec<Finding>),
    /// It is no archive, or too large.
    Unreadable(InspectError),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Findings(findings) => {
                f.write_str("Wallet would not take this pass: ")?;
                for (index, finding) in findings.iter().enumerate() {
                    write!(f, "{}{finding}", if index > 0 { "; " } else { "" })?;
                }
                Ok(())
            }
            Self::Unreadable(_) => f.write_str("Wallet would not take this file: see the cause"),
        }
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Findings(_) => None,
            Self::Unreadable(error) => Some(error),
        }
    }
}
