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
        let (day, rest) = text.split_once('T')?;
        let (clock, zone) = match rest.find(['Z', '+', '-']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let mut parts = day.splitn(3, '-');
        let year = digits(parts.next()?, 4)?;
        let day = NaiveDate::from_ymd_opt(year.try_into().ok()?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?)?;
        let mut parts = clock.splitn(3, ':');
        let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
        let (second, fraction) = match parts.next() {
            None => (0, false),
            Some(text) => match text.split_once('.') {
                None => (digits(text, 2)?, false),
                Some((whole, part)) => {
                    digits(part, part.len().clamp(1, 9))?;
                    (digits(whole, 2)?, true)
                }
            },
        };
        Some(Self { local: day.and_hms_opt(hour, minute, second)?, offset: offset(zone)?, fraction })
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
fn offset(zone: &str) -> Option<Option<FixedOffset>> {
    let (sign, ahead) = match (zone, zone.strip_prefix('+'), zone.strip_prefix('-')) {
        ("", ..) => return Some(None),
        ("Z", ..) => (1, "00:00"),
        (_, Some(ahead), _) => (1, ahead),
        (_, _, Some(behind)) => (-1, behind),
        _ => return None,
    };
    let (hours, minutes) = ahead.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    if minutes > 59 {
        return None;
    }
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    FixedOffset::east_opt(sign * seconds).map(Some)
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
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
