//! Which of the six requests it is.

use http::Method;

/// A request by its path, with the names decoded but not judged.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    Log,
    Pass { pass_type: String, serial: String },
    Personalization { pass_type: String, serial: String },
    Registration { device: String, pass_type: String, serial: String },
    Registrations { device: String, pass_type: String },
}

/// A `%` that is not followed by two hexadecimal digits, or what is no UTF-8 when decoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadEncoding;

impl Route {
    /// Finds the route of a path, which begins with `base`.
    pub(super) fn of(path: &str, base: &str) -> Result<Option<Self>, BadEncoding> {
        let Some(path) = path.strip_prefix(base).and_then(|path| path.strip_prefix('/')) else { return Ok(None) };
        // A `webServiceURL` that ends with a slash may give `//v1`.
        let path = path.strip_prefix('/').unwrap_or(path);
        let names = path.splitn(MOST + 1, '/').map(decode).collect::<Result<Vec<_>, _>>()?;
        let names = names.iter().map(String::as_str).collect::<Vec<_>>();
        Ok(match names[..] {
            ["v1", "devices", device, "registrations", pass_type] => {
                Some(Self::Registrations { device: device.to_owned(), pass_type: pass_type.to_owned() })
            }
            ["v1", "devices", device, "registrations", pass_type, serial] => Some(Self::Registration {
                device: device.to_owned(),
                pass_type: pass_type.to_owned(),
                serial: serial.to_owned(),
            }),
            ["v1", "log"] => Some(Self::Log),
            ["v1", "passes", pass_type, serial] => {
                Some(Self::Pass { pass_type: pass_type.to_owned(), serial: serial.to_owned() })
            }
            ["v1", "passes", pass_type, serial, "personalize"] => {
                Some(Self::Personalization { pass_type: pass_type.to_owned(), serial: serial.to_owned() })
            }
            _ => None,
        })
    }

    /// Names the methods that the route knows, as `Allow` does.
    pub(super) fn allow(&self) -> &'static str {
        match self {
            Self::Log | Self::Personalization { .. } => "POST",
            Self::Pass { .. } | Self::Registrations { .. } => "GET, HEAD",
            Self::Registration { .. } => "DELETE, POST",
        }
    }

    /// Says whether the route knows a method.
    pub(super) fn allows(&self, method: &Method) -> bool {
        self.allow().split(", ").any(|allowed| allowed == method.as_str())
    }
}

/// Finds the value of `passesUpdatedSince`, decoded; an empty one counts as none.
///
/// A plus sign stays one: iOS leaves it as it is where it means itself.
pub(super) fn updated_since(query: &str) -> Result<Option<String>, BadEncoding> {
    let mut values = query.split('&').filter_map(|pair| match pair.split_once('=') {
        Some((PARAMETER, value)) => Some(value),
        _ => None,
    });
    let value = values.next().map(decode).transpose()?.filter(|value| !value.is_empty());
    // Two tags are no tag, and without one everything is listed.
    Ok(value.filter(|_| values.next().is_none()))
}

/// Decodes a name once, and so that a slash in it ends nothing.
fn decode(text: &str) -> Result<String, BadEncoding> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match *rest {
            [b'%', high, low, ref rest @ ..] => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                bytes.push(digit(high).zip(digit(low)).map(|(high, low)| high << 4 | low).ok_or(BadEncoding)?);
                rest
            }
            [b'%', ..] => return Err(BadEncoding),
            [byte, ref rest @ ..] => {
                bytes.push(byte);
                rest
            }
            [] => return String::from_utf8(bytes).map_err(|_| BadEncoding),
        };
    }
}

/// The names in the longest path.
const MOST: usize = 6;
const PARAMETER: &str = "passesUpdatedSince";

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(serial: &str) -> Result<Option<Route>, BadEncoding> {
        Ok(Some(Route::Pass { pass_type: "pass.x".to_owned(), serial: serial.to_owned() }))
    }

    #[test]
    fn names_are_decoded_once_and_stay_in_their_place() {
        for (text, serial) in [
            ("a%2Fb", "a/b"),
            ("a%20b", "a b"),
            ("a+b", "a+b"),
            ("%2e%2E", ".."),
            ("..", ".."),
            ("%252F", "%2F"),
            ("%C3%BC%E5%B8%AD", "ü席"),
            ("a;b=c", "a;b=c"),
            ("", ""),
        ] {
            assert_eq!(Route::of(&format!("/v1/passes/pass.x/{text}"), ""), pass(serial), "{text}");
        }
        for text in ["%", "%2", "%zz", "%+1", "%ff", "%C3", "a%"] {
            assert_eq!(Route::of(&format!("/v1/passes/pass.x/{text}"), ""), Err(BadEncoding), "{text}");
        }
    }

    #[test]
    fn other_paths_lead_nowhere() {
        for path in [
            "",
            "/",
            "*",
            "/v1",
            "/v2/log",
            "/v1/log/",
            "/v1%2Flog",
            "/v1/passes/a/b/c",
            "/v1/passes/a/b/personalize/d",
            "/x/v1/log",
            "///v1/log",
        ] {
            assert_eq!(Route::of(path, ""), Ok(None), "{path}");
        }
        assert_eq!(Route::of("//v1/log", ""), Ok(Some(Route::Log)));
    }

    #[test]
    fn a_base_is_taken_off_at_the_end_of_a_name() {
        assert_eq!(Route::of("/wallet/v1/log", "/wallet"), Ok(Some(Route::Log)));
        assert_eq!(Route::of("/wallet//v1/log", "/wallet"), Ok(Some(Route::Log)));
        for path in ["/walletv1/log", "/wallets/v1/log", "/v1/log", "/wallet"] {
            assert_eq!(Route::of(path, "/wallet"), Ok(None), "{path}");
        }
    }

    #[test]
    fn a_tag_is_text() {
        for (query, tag) in [
            ("passesUpdatedSince=17", Some("17")),
            ("a=b&passesUpdatedSince=2026-11-21T10:00:00%2B01:00&", Some("2026-11-21T10:00:00+01:00")),
            ("passesUpdatedSince=1+2", Some("1+2")),
            ("passesUpdatedSince=a=b", Some("a=b")),
            ("passesUpdatedSince=", None),
            ("passesUpdatedSince", None),
            ("passesUpdatedSince=1&passesUpdatedSince=2", None),
            ("", None),
        ] {
            assert_eq!(updated_since(query), Ok(tag.map(str::to_owned)), "{query}");
        }
        assert_eq!(updated_since("passesUpdatedSince=%f"), Err(BadEncoding));
    }
}
