//! The fourteen collections of the REST API.

use std::fmt;

use walletpass_core::lint::google::Vertical;

/// A collection of the REST API: the classes or the objects of a vertical.
///
/// <https://developers.google.com/wallet/reference/rest>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Collection {
    /// The vertical.
    pub vertical: Vertical,
    /// Classes or objects.
    pub level: Level,
}

/// The two halves of a pass at Google. There is no third, so the list is open to exhaustive matching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// What passes of one design share.
    Class,
    /// One pass.
    Object,
}

impl Collection {
    /// Names the classes of a vertical.
    pub const fn classes(vertical: Vertical) -> Self {
        Self { vertical, level: Level::Class }
    }

    /// Names the objects of a vertical.
    pub const fn objects(vertical: Vertical) -> Self {
        Self { vertical, level: Level::Object }
    }

    /// Says whether what is written here has a review status, as all classes do but the generic.
    pub(crate) fn is_reviewed(self) -> bool {
        self.level == Level::Class && self.vertical != Vertical::Generic
    }
}

/// Writes it as addresses do: `loyaltyObject`.
impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.vertical.name())?;
        f.write_str(match self.level {
            Level::Class => "Class",
            Level::Object => "Object",
        })
    }
}
