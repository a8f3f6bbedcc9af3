//! `Authorization: ApplePass <authenticationToken>`.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use subtle::{Choice, ConstantTimeEq};

/// Finds the token that a request shows: of the one header, after the scheme in whatever case.
pub(super) fn shown(headers: &HeaderMap) -> Option<&[u8]> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.as_bytes().split_at_checked(SCHEME.len())?;
    let token = token.strip_prefix(b" ").filter(|_| scheme.eq_ignore_ascii_case(SCHEME))?;
    Some(token.trim_ascii()).filter(|token| !token.is_empty())
}

/// Compares the token that a request shows with the one of the pass. How long that takes depends on the shown one only: not on
/// where the two differ, nor on whether there is such a pass at all.
pub(super) fn is_same(shown: &[u8], expected: Option<&[u8]>) -> bool {
    let known = expected.filter(|token| !token.is_empty());
    let expected = known.unwrap_or(NOBODYS);
    // Over and over again, as the shown one may be longer.
    let differing = shown.iter().zip(expected.iter().cycle()).fold(0, |all, (one, other)| all | (one ^ other));
    let is_same = std::hint::black_box(differing).ct_eq(&0) & shown.len().ct_eq(&expected.len());
    (is_same & Choice::from(u8::from(known.is_some()))).into()
}

const SCHEME: &[u8] = b"ApplePass";
/// What is compared where there is no token; it lets nobody in.
const NOBODYS: &[u8] = b"0123456789abcdef0123456789abcdef";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_apples_in_any_case() {
        let shown_in = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            values.iter().for_each(|value| _ = headers.append(AUTHORIZATION, value.parse().unwrap()));
            shown(&headers).map(<[u8]>::to_vec)
        };
        for value in ["ApplePass token", "applepass token", "APPLEPASS   token "] {
            assert_eq!(shown_in(&[value]), Some(b"token".to_vec()), "{value}");
        }
        assert_eq!(shown_in(&["ApplePass to ken"]), Some(b"to ken".to_vec()));
        for value in ["", "ApplePass", "ApplePass ", "ApplePasstoken", "AndroidPass token", "Bearer token", "token"] {
            assert_eq!(shown_in(&[value]), None, "{value}");
        }
        assert_eq!(shown_in(&["ApplePass token", "ApplePass token"]), None, "one of the two may be a proxy's");
        assert_eq!(shown_in(&[]), None);
    }

    #[test]
    fn only_the_very_token_is_the_same() {
        assert!(is_same(b"abc", Some(b"abc")));
        for (shown, expected) in
            [("abc", "abd"), ("abcabc", "abc"), ("abc", "abcabc"), ("ab", "abc"), ("", ""), ("a", "")]
        {
            assert!(!is_same(shown.as_bytes(), Some(expected.as_bytes())), "{shown:?} {expected:?}");
        }
        assert!(!is_same(NOBODYS, None));
        assert!(!is_same(b"", None));
    }
}
