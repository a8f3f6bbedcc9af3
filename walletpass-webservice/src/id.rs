//! Who talks, and of which pass.

use std::fmt;
use std::str::FromStr;

use walletpass_core::{PassTypeId, Serial};

/// Keeps apart those who share a store: whoever asks as one tenant sees nothing of another.
///
/// At most 64 of `A–Z a–z 0–9 . _ -`; the default is the empty name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenant(String);

/// Tells one pass from every other in a store.
///
/// The same serial number under two pass types is two passes.
/// <https://developer.apple.com/documentation/walletpasses/pass>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a key does not grow")]
pub struct PassKey {
    /// Whose pass it is.
    pub tenant: Tenant,
    /// Its pass type identifier.
    pub pass_type: PassTypeId,
    /// Its serial number.
    pub serial: Serial,
}

/// Names a device towards one server: Apple's `deviceLibraryIdentifier`, which is opaque.
///
/// 1 to 256 bytes of text without control characters. Whoever knows it may ask which passes the device has, so Debug does not show it.
/// <https://developer.apple.com/documentation/walletpasses/register-a-pass-for-update-notifications>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(String);

/// The address of a device at the Apple Push Notification service, for one pass type.
///
/// An even number of hexadecimal digits, 2 to 512; Apple promises no length. Debug shows the first eight.
/// <https://developer.apple.com/documentation/walletpasses/register-a-pass-for-update-notifications>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PushToken(String);

/// A name or a token that cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no {what}: write {mend}")]
#[non_exhaustive]
pub struct RefusedId {
    /// What it was to be: "push token".
    pub what: &'static str,
    /// What it must look like.
    pub mend: &'static str,
}

impl Tenant {
    /// Gives the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tenant {
    type Err = RefusedId;

    fn from_str(text: &str) -> Result<Self, RefusedId> {
        let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        match text.len() <= 64 && text.bytes().all(is_legal) {
            true => Ok(Self(text.to_owned())),
            false => Err(RefusedId { what: "tenant", mend: "at most 64 of A-Z a-z 0-9 . _ -" }),
        }
    }
}

impl DeviceId {
    /// Gives the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DeviceId {
    type Err = RefusedId;

    fn from_str(text: &str) -> Result<Self, RefusedId> {
        match (1..=256).contains(&text.len()) && !text.chars().any(char::is_control) {
            true => Ok(Self(text.to_owned())),
            false => Err(RefusedId {
                what: "device library identifier",
                mend: "1 to 256 bytes of text without control characters",
            }),
        }
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceId(…)")
    }
}

impl PushToken {
    /// Gives the hexadecimal digits, as the device sent them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PushToken {
    type Err = RefusedId;

    fn from_str(text: &str) -> Result<Self, RefusedId> {
        let is_legal = (2..=512).contains(&text.len()) && text.len().is_multiple_of(2);
        match is_legal && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            true => Ok(Self(text.to_owned())),
            false => Err(RefusedId { what: "push token", mend: "an even number of hexadecimal digits, 2 to 512" }),
        }
    }
}

impl fmt::Debug for PushToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PushToken({}…)", self.0.get(..8).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_their_form() {
        for (text, is_tenant, is_device, is_token) in [
            ("", true, false, false),
            ("acme-2.eu_west", true, true, false),
            ("abcd", true, true, true),
            ("abc", true, true, false),
            ("a b", false, true, false),
            ("a\nb", false, false, false),
        ] {
            assert_eq!(text.parse::<Tenant>().is_ok(), is_tenant, "{text:?}");
            assert_eq!(text.parse::<DeviceId>().is_ok(), is_device, "{text:?}");
            assert_eq!(text.parse::<PushToken>().is_ok(), is_token, "{text:?}");
        }
        assert!("ab".repeat(256).parse::<PushToken>().is_ok());
        assert!("ab".repeat(257).parse::<PushToken>().is_err());
        let error = "xyz".parse::<PushToken>().unwrap_err().to_string();
        assert_eq!(error, "this is no push token: write an even number of hexadecimal digits, 2 to 512");
    }

    #[test]
    fn what_names_a_device_is_not_shown() {
        let (device, token) =
            ("device-4711".parse::<DeviceId>().unwrap(), "00112233445566".parse::<PushToken>().unwrap());
        assert_eq!(format!("{device:?} {token:?}"), "DeviceId(…) PushToken(00112233…)");
    }
}
