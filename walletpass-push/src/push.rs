//! The seam: whoever can wake a phone.

use std::fmt;

use async_trait::async_trait;
use walletpass_core::PassTypeId;

use crate::Outcome;

/// Wakes the phones that hold a pass: [`Apns`](crate::Apns) in earnest, [`Recorder`](crate::Recorder) in tests.
///
/// # Contract
///
/// - One call is one push to one device, with an empty payload: "something of this pass type has changed". Phones then ask the
///   device web service what it is.
/// - Any text may come as `token`. One that cannot be a token is [`Gone::Malformed`](crate::Gone::Malformed), and no other push
///   suffers by it.
/// - It ends by itself, in a minute at most, and each outcome says what the caller does next. What is not known to have been taken is
///   [`Outcome::Later`]: a phone that is woken twice finds nothing new the second time, one that is never woken shows an old pass.
/// - It may be called from many tasks at once. Dropping the future stops the waiting; the push may still arrive.
/// - Neither `Debug` nor an outcome shows the token or a key.
///
/// <https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes>
#[async_trait]
pub trait Push: fmt::Debug + Send + Sync {
    /// Wakes the device behind `token`, which it gave when it registered a pass of type `topic`.
    async fn wake(&self, topic: &PassTypeId, token: &str) -> Outcome;
}

/// Says whether a text can be a push token: an even number of hexadecimal digits, 2 to 512; Apple promises no length.
pub(crate) fn is_token(text: &str) -> bool {
    (2..=512).contains(&text.len()) && text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_judged_by_their_form() {
        for (token, expected) in
            [("", false), ("ab", true), ("AB12", true), ("abc", false), ("a/../b00", false), ("é0", false)]
        {
            assert_eq!(is_token(token), expected, "{token:?}");
        }
        assert!(is_token(&"a".repeat(512)));
        assert!(!is_token(&"a".repeat(10_240)));
    }
}
