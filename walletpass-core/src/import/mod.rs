//! Makes a [`Pass`] of an Apple pass that anybody issued, so that it can be issued anew and becomes a Google pass too.
//!
//! [`apple`](fn@apple) reads what has a meaning as facts: semantic tags first, then fields whose key or label says what they
//! are. What the facts do not draw exactly as it was is kept as raw JSON in [`Extra::apple`](crate::Extra::apple), so the
//! imported pass is projected back to the original `pass.json`. The [notes](Imported::notes) account for everything.

mod account;
mod anchor;
mod art;
mod contact;
mod exact;
mod explicit;
mod frame;
mod kind;
mod languages;
mod original;
mod value;
mod words;

use std::fmt;

use serde_json::{Map, Value as Json};

use crate::lint::apple::Files;
use crate::model::id::{IdError, PassTypeId, Serial, TeamId};
use crate::model::pass::Pass;

use self::account::Account;
use self::languages::Languages;
use self::original::Original;

pub use self::account::{Fate, Note};

/// Makes a pass of an Apple pass: its parsed `pass.json` and the files beside it.
///
/// The kind follows from the style: `eventTicket` becomes an event, `coupon` a coupon, `storeCard` a gift card where it
/// shows a balance of money and no points, else a loyalty card, `boardingPass` a flight or a transit ticket, and `generic` a
/// generic pass. A boarding pass that lacks a fact its kind demands becomes a generic pass too, and a note names the fact.
/// A `posterGeneric` beside another style tells no facts: it is drawn again where there is an `artwork`, and raw JSON where it is
/// laid out in another way.
///
/// Projected with the same pass type and team, the imported pass gives the original `pass.json` again, key for key. Three things
/// differ: `authenticationToken` and `webServiceURL` belong to the old issuer and are left out, a `null` is left out, and where
/// texts are looked up in `pass.strings` by an artificial key (`points_label`), the text itself takes its place.
///
/// Work and memory are bounded: 500 fields of a group are read, 10 places, 20 beacons and buttons, 100 further events, 200
/// languages; what is beyond stays raw JSON.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use serde_json::json;
/// use walletpass_core::{Kind, import};
///
/// let pass = json!({
///     "formatVersion": 1,
///     "passTypeIdentifier": "pass.com.acme.club",
///     "serialNumber": "4711",
///     "teamIdentifier": "A1B2C3D4E5",
///     "organizationName": "Acme",
///     "description": "Club card",
///     "coupon": { "primaryFields": [{ "key": "deal", "label": "Today", "value": "2 for 1" }] }
/// });
/// let imported = import::apple(pass.as_object().unwrap(), &BTreeMap::new())?;
///
/// let Kind::Coupon(coupon) = &imported.pass.kind else { panic!() };
/// assert_eq!(coupon.title.default, "2 for 1");
/// # Ok::<(), import::ImportError>(())
/// ```
///
/// # Errors
///
/// [`ImportError`] when no pass can be made at all. Every other mistake of the original is a note.
///
/// <https://developer.apple.com/documentation/walletpasses/pass>
pub fn apple(pass: &Map<String, Json>, files: &Files<'_>) -> Result<Imported, ImportError> {
    let serial = serial(pass)?;
    let mut account = Account::default();
    let form = contact::form(files, &mut account);
    let languages = Languages::read(pass, form.as_ref(), files, &mut account);
    let mut original = Original::new(pass, &languages, account).ok_or(ImportError::Style)?;
    let mut art = art::read(files, &languages, &mut original.account);
    let facts = kind::read(&mut original, &mut art);
    let mut imported = Pass::new(serial, frame::organization(&mut original), facts).language(languages.base.clone());
    imported.art = art.finish();
    frame::read(&mut original, &mut imported);
    contact::read(&mut original, &mut imported, form.as_ref());
    explicit::read(&mut original, &mut imported);
    imported.wording = std::mem::take(&mut original.wording);
    frame::relevance(&mut original, &mut imported);

    let (pass_type, team) = (identity(pass, "passTypeIdentifier"), identity(pass, "teamIdentifier"));
    let sheet = exact::keep(&mut original, &mut imported, pass_type.as_ref(), team.as_ref());
    frame::remark(&mut original, &imported, pass_type.is_some(), team.is_some());
    languages.settle(&sheet.strings, &mut original.account);
    Ok(Imported { pass: imported, notes: original.account.finish(), pass_type, team })
}

/// What an import made of an Apple pass.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Imported {
    /// The pass, with its pictures.
    pub pass: Pass,
    /// What became of each key, field, picture and language of the original, by path.
    pub notes: Vec<Note>,
    /// The pass type under which it was issued; `None` where that is missing or is none.
    pub pass_type: Option<PassTypeId>,
    /// The team that issued it; `None` where that is missing or is none.
    pub team: Option<TeamId>,
}

impl Imported {
    /// Gives the pass without the raw JSON that stands in for what its own facts draw.
    ///
    /// [`pass`](Imported::pass) shows on Apple exactly what the original showed, and so a fact that changes later (points, a
    /// gate) shows there only where no raw JSON stands over it; the notes say where one does. This pass is laid out anew
    /// instead: fields may move and change their keys, what only the raw fields knew (`row`, `dataDetectorTypes`) is gone, and every
    /// later change of a fact shows on both wallets. Keys that no fact draws are kept.
    pub fn redrawn(&self) -> Pass {
        exact::redrawn(&self.pass)
    }
}

/// Shows the notes alone: the pass may hold a PIN.
impl fmt::Debug for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pass: _, notes, pass_type, team } = self;
        let mut shown = f.debug_struct("Imported");
        shown.field("pass_type", pass_type).field("team", team).field("notes", notes).finish_non_exhaustive()
    }
}

/// Says why no pass can be made of an Apple pass.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// There is no serial number, or it is no text.
    #[error("serialNumber: there is none that is a text: give the pass a serial number in quotes, \"4711\"")]
    NoSerial,
    /// The serial number is none.
    #[error("serialNumber: it cannot be taken: give the pass another one")]
    Serial(#[source] IdError),
    /// There is no style.
    #[error(
        "pass.json: there is no style: give it one of `boardingPass`, `coupon`, `eventTicket`, `generic`, `storeCard`, \
         `posterGeneric` that is an object"
    )]
    Style,
}

fn serial(pass: &Map<String, Json>) -> Result<Serial, ImportError> {
    let serial = pass.get("serialNumber").and_then(Json::as_str).ok_or(ImportError::NoSerial)?;
    serial.parse().map_err(ImportError::Serial)
}

fn identity<T: std::str::FromStr>(pass: &Map<String, Json>, key: &str) -> Option<T> {
    pass.get(key).and_then(Json::as_str)?.parse().ok()
}
