//! Dates as HTTP writes them.

use chrono::{DateTime, Utc};
use http::header::IF_MODIFIED_SINCE;
use http::{HeaderMap, HeaderValue};

/// Reads `If-Modified-Since` in any of the three forms. What is no date, or stands there twice, counts as nothing; so does any date
/// beside `If-None-Match`, which takes its place, and cannot hold, as no answer here has an entity tag. RFC 9110 section 13.1.3.
pub(super) fn if_modified_since(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let mut values = headers.get_all(IF_MODIFIED_SINCE).iter();
    match (values.next(), values.next(), headers.contains_key(http::header::IF_NONE_MATCH)) {
        (Some(value), None, false) => httpdate::parse_http_date(value.to_str().ok()?.trim()).ok().map(DateTime::from),
        _ => None,
    }
}

/// Writes `Last-Modified`, as IMF-fixdate; years that have no four digits become the nearest that has.
pub(super) fn http_date(date: DateTime<Utc>) -> HeaderValue {
    let date = date.clamp(DateTime::UNIX_EPOCH, LAST.unwrap_or(DateTime::UNIX_EPOCH));
    let text = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"))
}

/// The end of the year 9999.
const LAST: Option<DateTime<Utc>> = DateTime::from_timestamp(253_402_300_799, 0);

#[cfg(test)]
mod tests {
    use http::header::IF_NONE_MATCH;

    use super::*;

    #[test]
    fn dates_are_read_in_all_forms_and_written_in_one() {
        let date = "1994-11-06T08:49:37Z".parse::<DateTime<Utc>>().unwrap();
        let read = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            values.iter().for_each(|value| _ = headers.append(IF_MODIFIED_SINCE, value.parse().unwrap()));
            if_modified_since(&headers)
        };
        let fixed = "Sun, 06 Nov 1994 08:49:37 GMT";
        for text in [fixed, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(read(&[text]), Some(date), "{text}");
        }
        for text in ["784111777", "1994-11-06T08:49:37Z", "", "Sun, 31 Feb 1994 08:49:37 GMT", "(null)"] {
            assert_eq!(read(&[text]), None, "{text}");
        }
        assert_eq!(read(&[fixed, fixed]), None);
        let headers = [(IF_MODIFIED_SINCE, fixed), (IF_NONE_MATCH, "\"x\"")];
        let headers = headers.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
        assert_eq!(if_modified_since(&headers), None);

        assert_eq!(http_date(date), fixed);
        assert_eq!(http_date(DateTime::<Utc>::MIN_UTC), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(DateTime::<Utc>::MAX_UTC), "Fri, 31 Dec 9999 23:59:59 GMT");
    }
}
