//! What the examples of the device web service share: a club with a card, and a phone that holds it.
//!
//! `axum.rs`, `actix.rs` and `hyper.rs` beside this folder are made to be copied, with [`Club`] for what is yours.
#![allow(clippy::print_stdout, reason = "examples print")]

mod club;
mod show;

pub use club::{Club, Failed};
pub use show::run;
