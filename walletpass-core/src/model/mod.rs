//! The nouns: pure data. No wallet decides anything here.

pub(crate) mod action;
pub(crate) mod art;
pub(crate) mod barcode;
pub(crate) mod beacon;
pub(crate) mod color;
pub(crate) mod dates;
pub(crate) mod extra;
pub(crate) mod field;
pub(crate) mod id;
pub(crate) mod json;
pub(crate) mod kind;
pub(crate) mod link;
pub(crate) mod money;
pub(crate) mod nfc;
pub(crate) mod pass;
pub(crate) mod person;
pub(crate) mod personalization;
pub(crate) mod picture;
pub(crate) mod place;
pub(crate) mod role;
pub(crate) mod source;
pub(crate) mod state;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod value;
pub(crate) mod zone;
