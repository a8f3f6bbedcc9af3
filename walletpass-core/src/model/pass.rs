//! The pass.

mod pictures;
mod setters;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::action::Action;
use crate::model::art::Art;
use crate::model::barcode::Barcode;
use crate::model::beacon::Beacon;
use crate::model::color::Colors;
use crate::model::dates::Dates;
use crate::model::extra::Extra;
use crate::model::field::Fields;
use crate::model::id::{FieldKey, ObjectId, Serial};
use crate::model::json::{map_by_name, map_by_name_schema};
use crate::model::kind::Kind;
use crate::model::link::Link;
use crate::model::nfc::Nfc;
use crate::model::personalization::Personalization;
use crate::model::place::Place;
use crate::model::protection::Protection;
use crate::model::role::{Role, Wording};
use crate::model::rotating::RotatingBarcode;
use crate::model::smart_tap::SmartTap;
use crate::model::state::{Sharing, State};
use crate::model::text::{Locale, Text};

pub use self::pictures::LoadError;

/// A pass: what it says, whichever wallet shows it.
///
/// It is its own builder: the constructor takes what is mandatory, setters take the pass and give it back, fields are
/// public for reading. Its serde form is the JSON API ([`from_json`](Pass::from_json), [`schema`](Pass::schema)).
///
/// ```
/// use walletpass_core::{Barcode, Color, Loyalty, Pass, Picture, Role};
///
/// let card = Loyalty::new("Bean Club", Picture::file("logo.png")).points(2_450).tier("Gold").holder("Ada Example");
/// let pass = Pass::new("member-4711".parse()?, "Bean & Co", card)
///     .background("#4b2e1e".parse()?)
///     .barcode(Barcode::qr("4711"))
///     .on_change(Role::Points, "You now have %@ points");
/// # assert_eq!(serde_json::to_value(&pass)?["kind"]["loyalty"]["points"], 2450);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The same in JSON: keys in camelCase, the kind as an object with one key, pictures by their slot, wording by role.
///
/// ```
/// # use walletpass_core::Pass;
/// let pass = Pass::from_json(br##"{
///     "serial": "RDR-0501-42A",
///     "organization": "Rio Douro Rail",
///     "kind": {
///         "transit": {
///             "mode": "rail",
///             "operator": "Rio Douro Rail",
///             "logo": { "source": "rail.png", "url": "https://img.example/rail.png" },
///             "trip": "oneWay",
///             "from": { "name": "Porto", "code": "OPO" },
///             "to": { "name": { "default": "Pinhao", "pt": "Pinh\u00e3o" }, "code": "PIN" },
///             "departs": "2027-05-01T09:15:00+01:00",
///             "passenger": { "given": "Ada", "family": "Example" },
///             "price": { "amount": "18.50", "currency": "EUR" }
///         }
///     },
///     "colors": { "background": "#0B3C7D" },
///     "art": { "footer": "band.png" },
///     "barcode": { "format": "aztec", "message": "RDR|20270501|42A" },
///     "fields": { "back": [{ "key": "bike", "label": "Bicycle", "value": 1, "onChange": "Bicycles: %@" }] },
///     "wording": { "departure": { "label": "Leaves" } },
///     "places": [{ "latitude": 41.1456, "longitude": -8.6109, "text": "Your train leaves here" }],
///     "dates": { "expires": "2027-05-02T00:00:00+01:00" }
/// }"##)?;
/// # assert_eq!(pass.fields.back.len(), 1);
/// println!("{}", serde_json::to_string_pretty(&Pass::schema())?); // all there is
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "a pass: an object with `serial`, `organization` and `kind`"
)]
#[non_exhaustive]
pub struct Pass {
    /// Tells this pass from every other of the issuer, for ever.
    pub serial: Serial,
    /// Who issues it. Shown on the lock screen and in mail; about 20 characters are shown by Google.
    pub organization: Text,
    /// What kind of pass it is, with the facts of that kind.
    pub kind: Kind,
    /// The language in which the default of each text is written.
    #[serde(default = "Locale::english", skip_serializing_if = "is_english")]
    pub language: Locale,
    /// What VoiceOver says. Absent: the organization and the headline of the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// The text beside the logo on Apple. Absent: the name of a loyalty programme, else none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_text: Option<Text>,
    /// The colours.
    #[serde(default, skip_serializing_if = "is_default")]
    pub colors: Colors,
    /// The pictures.
    #[serde(default, skip_serializing_if = "Art::is_empty")]
    pub art: Art,
    /// What a scanner reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<Barcode>,
    /// What a scanner reads where the phone makes a new code every few seconds; Google only, beside the barcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotating_barcode: Option<RotatingBarcode>,
    /// Fields beside those that the facts of the kind make.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// The order of the details on Google, by keys of fields and names of facts of the kind (`holder`, `memberNumber`); the other
    /// fields, pictures and links of the pass follow. What Google shows there of itself, a seat for instance, is not shown unless it is named. Absent: Google's own
    /// order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<FieldKey>,
    /// Labels and change messages of the roles.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "map_by_name")]
    #[schemars(schema_with = "map_by_name_schema::<Role, Wording>")]
    pub wording: BTreeMap<Role, Wording>,
    /// When it matters and when it ends.
    #[serde(default, skip_serializing_if = "Dates::is_empty")]
    pub dates: Dates,
    /// Where it matters; at most [`Place::MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 10))]
    pub places: Vec<Place>,
    /// Bluetooth beacons near which it matters; Apple only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beacons: Vec<Beacon>,
    /// What a contactless reader gets; Apple only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nfc: Option<Nfc>,
    /// What a contactless reader gets; Google only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smart_tap: Option<SmartTap>,
    /// Buttons on the front, at most two; before iOS 27 and on Google, links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 2))]
    pub actions: Vec<Action>,
    /// The form by which a holder signs up for a rewards card; Apple only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personalization: Option<Personalization>,
    /// Pages, telephone numbers and mail addresses on the back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Terms and conditions, on the back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Text>,
    /// Passes of one group lie together: the tickets of one evening, the legs of one trip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether it may be handed on. Absent: cards not, tickets and coupons yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<Sharing>,
    /// What makes it harder to copy; Google only.
    #[serde(default, skip_serializing_if = "is_default")]
    pub protection: Protection,
    /// Passes that come along with it, by their ids at Google, where they are already; Google only, at most 50.
    ///
    /// A link cannot be undone, and a linked pass links no others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub linked: Vec<ObjectId>,
    /// Where it stands in its life.
    #[serde(default, skip_serializing_if = "State::is_active")]
    pub state: State,
    /// What only one wallet knows.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

impl Pass {
    /// Makes a pass of its serial number, its issuer and the facts of a kind: [`Loyalty`](crate::Loyalty),
    /// [`Coupon`](crate::Coupon), [`Event`](crate::Event), [`Generic`](crate::Generic), [`GiftCard`](crate::GiftCard),
    /// [`Transit`](crate::Transit) or [`Flight`](crate::Flight).
    pub fn new(serial: Serial, organization: impl Into<Text>, facts: impl Into<Kind>) -> Self {
        Self {
            serial,
            organization: organization.into(),
            kind: facts.into(),
            language: Locale::english(),
            description: None,
            logo_text: None,
            colors: Colors::default(),
            art: Art::default(),
            barcode: None,
            rotating_barcode: None,
            fields: Fields::default(),
            details: Vec::new(),
            wording: BTreeMap::new(),
            dates: Dates::default(),
            places: Vec::new(),
            beacons: Vec::new(),
            nfc: None,
            smart_tap: None,
            actions: Vec::new(),
            personalization: None,
            links: Vec::new(),
            terms: None,
            group: None,
            sharing: None,
            protection: Protection::default(),
            linked: Vec::new(),
            state: State::default(),
            extra: Extra::default(),
        }
    }

    /// Says whether the pass may be handed on, by its own word or the custom of its kind.
    pub(crate) fn may_be_shared(&self) -> bool {
        self.sharing.unwrap_or(if self.kind.is_card() { Sharing::Prohibited } else { Sharing::Allowed })
            == Sharing::Allowed
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_english(locale: &Locale) -> bool {
    *locale == Locale::english()
}
