//! What each wallet gets of a pass.
//!
//! [`apple`](fn@apple) and [`google`](fn@google) draw a [`Pass`] as the JSON that the wallet reads, and report where each fact
//! landed. Each kind of pass is drawn in one file of `kind/`, on both sheets side by side.

mod apple;
mod bounds;
mod format;
mod google;
mod kind;
mod look;
mod raw;
mod report;
mod rules;

use chrono::{DateTime, Utc};

use crate::model::id::{PassTypeId, TeamId};
use crate::model::pass::Pass;

pub use self::apple::{AppleSheet, Strings};
pub use self::google::GoogleSheet;
pub use self::look::{Look, Missing};
pub use self::report::{Placement, Report, Wallet};
pub use self::rules::RULES;

/// Draws a pass for Apple Wallet, and judges the result.
///
/// `pass_type` and `team` are those of the certificate that will sign it; `now` settles expiries given in days.
/// Nothing fails here: what stops the pass from working is an error in [`AppleSheet::report`].
pub fn apple(pass: &Pass, pass_type: &PassTypeId, team: &TeamId, now: DateTime<Utc>) -> AppleSheet {
    apple::draw(pass, pass_type, team, now, true)
}

/// Draws a pass as [`apple`](fn@apple) does, for a package that has its pictures already: the sheet tells where they went and
/// holds none of them.
pub fn apple_without_art(pass: &Pass, pass_type: &PassTypeId, team: &TeamId, now: DateTime<Utc>) -> AppleSheet {
    apple::draw(pass, pass_type, team, now, false)
}

/// Names the style in which [`apple`](fn@apple) draws a pass: `storeCard`.
/// <https://developer.apple.com/documentation/walletpasses/pass>
pub fn apple_style(pass: &Pass) -> &'static str {
    apple::style_of(pass)
}

/// Draws a pass for Google Wallet: a class, which passes of equal class content share, and an object.
///
/// Neither has an id yet, since the id of the class follows from its content: [`GoogleSheet::identify`] gives them and judges
/// the result. `now` settles expiries given in days.
pub fn google(pass: &Pass, now: DateTime<Utc>) -> GoogleSheet {
    google::draw(pass, now)
}
