//! One pass model for Apple Wallet and Google Wallet: its JSON form, what each wallet gets of it, and the lint.
//!
//! No I/O, no async runtime, no cryptography: values and functions. `walletpass-apple` signs what this crate draws,
//! `walletpass-google` makes links of it, and the crate `walletpass` joins them.
//!
//! ```
//! use walletpass_core::{Barcode, Loyalty, Pass, Picture, projection};
//!
//! let logo = Picture::file("logo.png").hosted_at("https://img.example/logo.png".parse()?);
//! let card = Loyalty::new("Bean Club", logo).points(2_450).holder("Ada Example");
//! let pass = Pass::new("member-4711".parse()?, "Bean & Co", card).barcode(Barcode::qr("4711"));
//!
//! let sheet = projection::google(&pass, "2027-01-01T00:00:00Z".parse()?);
//! assert_eq!(sheet.object["loyaltyPoints"]["balance"]["int"], 2450);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! | where | what |
//! |---|---|
//! | [`Pass`] and the types beside it | the nouns: pure data, with serde; no wallet decides anything there |
//! | [`projection`] | what each wallet gets, and the [`Report`](projection::Report) of where each fact landed |
//! | [`import`] | makes a pass of an Apple pass that anybody issued |
//! | [`lint`] | judges the finished wire form, of these passes and of anyone's |
//! | [`checkup`] | the form of a doctor's note on credentials |
//! | [`port`] | what the crate family asks of the outside world: the time and a private key |

pub mod checkup;
pub mod import;
pub mod lint;
mod model;
pub mod port;
pub mod projection;
mod secret;

pub use model::action::{Action, ActionPurpose, ActionTarget};
pub use model::art::{Art, Slot};
pub use model::barcode::{Barcode, Symbology};
pub use model::beacon::Beacon;
pub use model::color::{Color, ColorError, Colors};
pub use model::dates::{Dates, Expiry, ExpiryError, Relevance, Reminders};
pub use model::extra::Extra;
pub use model::field::{Align, Field, Fields};
pub use model::game::{Game, Team};
pub use model::guide::GuidePage;
pub use model::id::{
    AirportCode, BeaconId, CarrierCode, FieldKey, FlightNumber, IdError, IssuerId, ObjectId, PassTypeId, Serial, TeamId,
};
pub use model::json::JsonError;
pub use model::kind::Kind;
pub use model::kind::coupon::{Coupon, RedemptionChannel};
pub use model::kind::event::{Event, EventCategory, Seat, Venue};
pub use model::kind::flight::{Airport, Carrier, Flight, FlightStatus, FrequentFlyer};
pub use model::kind::generic::{Generic, Purpose};
pub use model::kind::gift_card::GiftCard;
pub use model::kind::loyalty::Loyalty;
pub use model::kind::transit::{Station, Transit, TransitMode, TripType};
pub use model::link::Link;
pub use model::money::{Currency, Money, MoneyError};
pub use model::nfc::{Nfc, NfcKey, NfcKeyError};
pub use model::pass::{LoadError, Pass};
pub use model::person::PersonName;
pub use model::personalization::{PersonalField, Personalization};
pub use model::personalization_token::{PersonalizationToken, PersonalizationTokenError};
pub use model::picture::{Picture, Scales};
pub use model::place::{Place, PlaceError};
pub use model::protection::Protection;
pub use model::role::{Role, Wording};
pub use model::rotating::{RotatingBarcode, RotatingKey, RotatingSymbology, TotpKey, TotpKeyError};
pub use model::service::FlightService;
pub use model::smart_tap::SmartTap;
pub use model::source::{ArtError, Source};
pub use model::state::{Sharing, State};
pub use model::text::{Locale, LocaleError, Text};
pub use model::time::TimeError;
pub use model::upcoming::{RemoteImage, Upcoming};
pub use model::value::{DateStyle, DateValue, Value, ZoneRule};
pub use model::zone::{TimeZone, TimeZoneError};
pub use secret::Secret;
