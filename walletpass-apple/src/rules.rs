//! What this crate finds beside the lint of `walletpass-core`, as data: one table for each room.

pub use crate::artwork::RULES as ARTWORK;
