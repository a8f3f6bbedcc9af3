//! Judges the finished wire form of a pass, whoever made it.
//!
//! [`apple::check`] reads a `pass.json`, [`apple::check_files`] what lies beside it, [`google::check`] a class and an object.
//! They know nothing of the pass model, so they judge raw extra JSON and the packages of others as well. What they may
//! find is listed in [`apple::RULES`] and [`google::RULES`]. A [`Finding`] says what is wrong and how to mend it; where the
//! mend is certain it carries a [`Fix`] too, and [`apple::fix`] applies them all.

mod bounded;
mod date;
mod finding;
mod findings;
mod fix;
mod nearest;
mod path;
mod quote;
mod rule;
mod symbology;

pub mod apple;
pub mod google;

pub(crate) use apple::unique_keys;
pub use bounded::Bounded;
pub use finding::{Finding, Severity};
pub use fix::{Fix, Operation};
pub use quote::quoted;
pub(crate) use quote::shorten;
pub use rule::Rule;
pub(crate) use rule::rules;
