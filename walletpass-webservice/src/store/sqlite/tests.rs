//! Tests
pub(super) fn remember(_sql: &str) {}
