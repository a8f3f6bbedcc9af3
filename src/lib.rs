#![doc = include_str!("../README.md")]
//!
//! # Map
//!
//! The names that the quickstart and the guides use stand at the root; each room has the rest.
//!
//! | where | what |
//! |---|---|
//! | [`Pass`] and the types beside it | what a pass says, whichever wallet shows it |
//! | [`apple`] | signs: [`apple::Identity`], [`apple::Package`], [`apple::Pkpass`] |
//! | [`google`] | links: [`google::Account`], [`google::SaveLink`] |
//! | [`core`] | everything of the pass model, the projection onto the wallets, and the lint |

pub use walletpass_apple as apple;
pub use walletpass_core as core;
pub use walletpass_google as google;

pub use walletpass_core::{
    Art, Barcode, Color, Coupon, Event, Field, Flight, Generic, GiftCard, Link, Loyalty, Money, Pass, Picture, Place,
    Role, Secret, Slot, State, Symbology, Text, Transit,
};
