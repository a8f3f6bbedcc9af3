#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! The names that a program needs every day stand at the root; each room has the rest.
//!
//! | where | what |
//! |---|---|
//! | [`Issuer`] and [`issuer`] | creates passes, changes them, ends them, delivers, and answers phones: [`Issuer::create`], [`Issuer::update`], [`Issuer::scan`], [`Issuer::notify`], [`Issuer::put_template`], [`Issuer::worker`], [`Issuer::service`] |
//! | [`Pass`] and the types beside it | what a pass says, whichever wallet shows it |
//! | [`apple`] | signs: [`apple::Identity`], [`apple::Package`], [`apple::Pkpass`]; reads: [`apple::inspect`]; examines credentials: [`apple::Diagnosis`] |
//! | [`google`] | links: [`google::Account`], [`google::SaveLink`]; changes: [`google::Client`]; listens: [`google::Callbacks`]; examines credentials: [`google::Diagnosis`] |
//! | [`model`] | everything of the pass model, the projection onto the wallets, the import of Apple passes, and the lint |
//! | [`push`] | wakes phones: [`push::Apns`], [`push::FanOut`] |
//! | [`webservice`] | keeps passes: [`webservice::store`] with [`MemoryStore`](webservice::store::MemoryStore) and those of the features `sqlite` and `postgres`; the web service of the devices without an issuer: [`webservice::DeviceApi`] |
//! | [`chrono`], [`url`] | the crates whose types the pass model speaks in |

pub mod issuer;

#[doc(inline)]
pub use walletpass_apple as apple;
#[doc(inline)]
pub use walletpass_core as model;
#[doc(inline)]
pub use walletpass_google as google;
#[doc(inline)]
pub use walletpass_push as push;
#[doc(inline)]
pub use walletpass_webservice as webservice;

#[doc(inline)]
pub use issuer::Issuer;

pub use chrono;
pub use url;

pub use walletpass_core::lint::Finding;
pub use walletpass_core::projection::Report;
pub use walletpass_core::{
    Airport, Art, Barcode, Carrier, Color, Coupon, Event, EventCategory, Expiry, Field, Flight, FlightNumber,
    FlightService, Game, Generic, GiftCard, GuidePage, Kind, Link, Locale, Loyalty, Money, Nfc, Pass, PersonName,
    Picture, Place, RedemptionChannel, Relevance, Role, Seat, Secret, Slot, State, Station, Symbology, Team, Text,
    TimeZone, Transit, TransitMode, TripType, Value, Venue,
};
