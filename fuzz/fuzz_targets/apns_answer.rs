//! Any answer has an outcome that follows its status, short enough for a log and on one line.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use walletpass_push::{Gone, Outcome};

// Two bytes of status, the values of `apns-id` and `retry-after` up to a line end each, and the body.
fuzz_target!(|bytes: &[u8]| {
    let [high, low, rest @ ..] = bytes else { return };
    let status = 100 + u16::from_be_bytes([*high, *low]) % 900;
    let mut parts = rest.splitn(3, |byte| *byte == b'\n');
    let mut part = || parts.next().unwrap_or_default();
    let headers = [("apns-id", part()), ("retry-after", part())];
    let outcome = walletpass_push::fuzzed_outcome(status, &headers, part());
    match (&outcome, status) {
        (Outcome::Delivered { .. }, 200) => {}
        (Outcome::Gone(Gone::BadDeviceToken), 400) | (Outcome::Gone(Gone::Unregistered { .. }), 410) => {}
        (Outcome::Later(later), 429 | 500..) => {
            assert!(later.after.is_none_or(|after| after <= Duration::from_secs(86_400)))
        }
        (Outcome::Misconfigured(fault), _) => assert!(fault.status == Some(status) && !fault.mend.is_empty()),
        _ => panic!("{status}: {outcome:?}"),
    }
    assert!(!matches!((&outcome, status), (Outcome::Misconfigured(_), 200 | 410 | 429 | 500..)), "{outcome:?}");
    let said = outcome.to_string();
    assert!(said.len() < 1_000 && !said.contains(char::is_control), "{said:?}");
});
