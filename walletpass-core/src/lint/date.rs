//! Date-times as both wallets write them: the W3C profile of ISO 8601.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};

/// A date-time as written, `YYYY-MM-DDThh:mm[:ss[.f]][Z|±hh:mm]`: each wallet and field has its own mind about offset
/// and fraction.
#[derive(Debug, PartialEq)]
pub(super) struct Stamp {
    /// What the clock on the wall shows.
    pub(super) local: NaiveDateTime,
    /// How far that clock is ahead of UTC, if written.
    pub(super) offset: Option<FixedOffset>,
    /// Whether fractions of a second are written, which are read and dropped.
    pub(super) fraction: bool,
}

impl Stamp {
    /// Reads a date-time. `None` when the form or the calendar is broken.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, rest @ ..] = text.as_bytes()
        else {
            return None;
        };
        let (second, rest) = match rest {
            [b':', s1, s2, rest @ ..] => (Some(number([*s1, *s2])?), rest),
            rest => (None, rest),
        };
        let (fraction, zone) = match rest {
            [b'.', rest @ ..] if second.is_some() => {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                (true, rest.get(digits..).filter(|_| (1..=9).contains(&digits))?)
            }
            zone => (false, zone),
        };
        let year = number([*y1, *y2, *y3, *y4])?.try_into().ok()?;
        let day = NaiveDate::from_ymd_opt(year, number([*m1, *m2])?, number([*d1, *d2])?)?;
        let local = day.and_hms_opt(number([*h1, *h2])?, number([*n1, *n2])?, second.unwrap_or(0))?;
        Some(Self { local, offset: offset(zone)?, fraction })
    }

    /// The instant that is meant, if an offset is written.
    pub(super) fn instant(&self) -> Option<DateTime<Utc>> {
        let utc = self.local.checked_sub_offset(self.offset?)?;
        Some(utc.and_utc())
    }
}

/// Writes a date-time as both wallets take it, if it is clear which instant is meant: `+0100` becomes `+01:00`, `-7:00` becomes
/// `-07:00`, fractions of a second are cut.
pub(super) fn mended(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let (day, rest) = text.trim().split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, zone) = rest.split_at(rest.find(['Z', 'z', '+', '-'])?);
    let (clock, fraction) = clock.trim_end().split_once(['.', ',']).unwrap_or((clock.trim_end(), ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let zone = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => "Z".to_owned(),
        ("Z" | "z", _) => return None,
        (sign, ahead) => {
            let (hours, minutes) = match ahead.split_once(':') {
                Some(parts) => parts,
                None if ahead.len() == 4 => ahead.split_at_checked(2)?,
                None => (ahead, "00"),
            };
            format!("{sign}{hours:0>2}:{minutes}")
        }
    };
    let mended = format!("{day}T{clock}{zone}");
    let stamp = Stamp::parse(&mended)?;
    (stamp.offset.is_some() && !stamp.fraction && mended != text).then_some(mended)
}

/// The offset of a zone: `Some(None)` when none is written, `None` when it is broken.
fn offset(zone: &[u8]) -> Option<Option<FixedOffset>> {
    let (sign, hours, minutes) = match zone {
        [] => return Some(None),
        b"Z" => (1, 0, 0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            (if *sign == b'+' { 1 } else { -1 }, number([*h1, *h2])?, number([*m1, *m2])?)
        }
        _ => return None,
    };
    if minutes > 59 {
        return None;
    }
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    FixedOffset::east_opt(sign * seconds).map(Some)
}

/// Reads a number of two or four digits.
fn number<const N: usize>(digits: [u8; N]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_forms_are_read() {
        for (text, instant) in [
            ("2027-03-05T06:30Z", "2027-03-05T06:30:00Z"),
            ("2027-03-05T06:30:15+01:00", "2027-03-05T05:30:15Z"),
            ("2024-02-29T23:59:59-07:30", "2024-03-01T07:29:59Z"),
        ] {
            assert_eq!(Stamp::parse(text).unwrap().instant(), Some(instant.parse().unwrap()), "{text}");
        }
        assert!(Stamp::parse("2027-03-05T06:30:00.123Z").unwrap().fraction);
        assert_eq!(Stamp::parse("2027-03-05T06:30").unwrap().offset, None);
    }

    #[test]
    fn what_is_clear_is_mended() {
        for (text, good) in [
            ("2027-03-05T06:30+0000", "2027-03-05T06:30+00:00"),
            ("2027-03-05T06:30:15-7:00", "2027-03-05T06:30:15-07:00"),
            ("2027-03-05T06:30+01", "2027-03-05T06:30+01:00"),
            ("2027-03-05T06:30:00.000Z", "2027-03-05T06:30:00Z"),
            ("2027-03-05T06:30:00.123456789012+0530", "2027-03-05T06:30:00+05:30"),
            (" 2027-03-05 06:30:00 -0700", "2027-03-05T06:30:00-07:00"),
        ] {
            assert_eq!(mended(text).as_deref(), Some(good), "{text}");
        }
        for text in [
            "",
            "2027-03-05",
            "2027-03-05T06:30",
            "2027-03-05T06:30ZZ",
            "2027-03-05T06:30Z[Europe/Berlin]",
            "2027-02-29T06:30+0000",
            "2027-03-05T06:30+00000",
            "2027-03-05T06:30Z",
            "05.03.2027 06:30 +0100",
            "tomorrow üüüüü",
        ] {
            assert_eq!(mended(text), None, "{text}");
        }
    }

    #[test]
    fn broken_forms_are_refused() {
        for text in [
            "",
            "2027-03-05",
            "2027-03-05 06:30Z",
            "2027-03-05T06:30+0000",
            "2027-03-05T06:30-7:00",
            "2027-03-05T06:30ZZ",
            "2027-03-05T06:30Z[Europe/Berlin]",
            "2027-02-29T06:30Z",
            "2027-03-05T24:00Z",
            "2027-03-05T06:60Z",
            "2027-3-5T06:30Z",
            "2027-03-05T06Z",
            "2027-03-05T06:30:00.Z",
            "2027-03-05T06:30:00.0123456789Z",
            "2027-03-05T06:30+01:60",
            "2027-03-05T06:30+99:00",
            "+027-03-05T06:30Z",
            "1772692200",
        ] {
            assert_eq!(Stamp::parse(text), None, "{text}");
        }
    }
}
