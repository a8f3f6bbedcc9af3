//! Each kind of pass, drawn on both sheets side by side.
//!
//! A drawing function takes the facts apart without `..`, so that a fact that is drawn nowhere does not compile.

pub(super) mod coupon;
pub(super) mod event;
pub(super) mod flight;
pub(super) mod generic;
pub(super) mod gift_card;
pub(super) mod loyalty;
pub(super) mod transit;
