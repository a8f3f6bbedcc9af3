//! The scanner's side of rotating barcodes.

use std::ops::RangeInclusive;

use chrono::{DateTime, TimeDelta, Utc};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::memcmp;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use walletpass_core::{RotatingBarcode, RotatingKey};

/// Verifies what a scanner read from a rotating barcode.
///
/// The clock of a phone is not quite right, and a code is read a moment after it was made: `skew` is how far off either may
/// be, ten seconds for instance, and at most 100 periods count. Which pass is scanned follows from a part of the pattern that
/// the host reads first, its number for instance.
///
/// A code is good for its whole period, on a picture of the screen too. So remember the last [`Rotation::step`] of each pass
/// and refuse one that is not greater.
///
/// ```
/// use chrono::TimeDelta;
/// use walletpass_core::RotatingBarcode;
/// use walletpass_google::{RotatingError, verify_rotating};
///
/// let key = "3132333435363738393031323334353637383930".parse()?;
/// let barcode = RotatingBarcode::qr("4711-{totp_value_0}", 30_000, key);
///
/// let skew = TimeDelta::seconds(10);
/// let rotation = verify_rotating(&barcode, "4711-94287082", "1970-01-01T00:00:59Z".parse()?, skew)?;
/// assert_eq!(rotation.step, 1);
/// let late = verify_rotating(&barcode, "4711-94287082", "1970-01-01T00:01:20Z".parse()?, skew);
/// assert!(matches!(late, Err(RotatingError::Stale)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`RotatingError`], a variant for each answer that the one at the door gives.
///
/// RFC 6238; <https://developers.google.com/wallet/generic/rest/v1/RotatingBarcode>
pub fn verify_rotating(
    barcode: &RotatingBarcode,
    scanned: &str,
    now: DateTime<Utc>,
    skew: TimeDelta,
) -> Result<Rotation, RotatingError> {
    let parts = parts(&barcode.pattern);
    let period = period(barcode, &parts)?;
    let read = read(barcode, &parts, scanned)?;
    let skew = skew.num_milliseconds().clamp(0, period.saturating_mul(MOST_STEPS));
    let now = now.timestamp_millis();
    let step = |millis: i64| millis.div_euclid(period);
    let (first, last) = (step(now.saturating_sub(skew)), step(now.saturating_add(skew)));
    let mut made_at = first..=last;
    if let Some(made) = read.made {
        // With its time in it, few periods can have made it: one, or those that meet in a second.
        made_at = step(*made.start()).max(first)..=step(*made.end()).min(last);
    }
    for step in made_at.filter_map(|step| u64::try_from(step).ok()) {
        let mut fits = true;
        for (key, code) in &read.codes {
            fits &= memcmp::eq(totp(key, step)?.as_bytes(), code.as_bytes());
        }
        if fits {
            return Ok(Rotation { step });
        }
    }
    Err(RotatingError::Stale)
}

/// Writes what a phone shows at an instant: for tests of scanners, and for paper that is good for one period.
///
/// # Errors
///
/// [`RotatingError::Definition`] when the barcode has no codes that could be made.
pub fn rotating_message(barcode: &RotatingBarcode, at: DateTime<Utc>) -> Result<String, RotatingError> {
    let parts = parts(&barcode.pattern);
    let period = period(barcode, &parts)?;
    let millis = at.timestamp_millis();
    let step = u64::try_from(millis.div_euclid(period));
    let step = step.map_err(|_| RotatingError::Definition("there are no codes before 1970"))?;
    let mut message = String::new();
    for part in parts {
        match part {
            Part::Code(index) => message.push_str(&totp(key(barcode, index)?, step)?),
            Part::Literal(text) => message.push_str(text),
            Part::Millis => message.push_str(&millis.to_string()),
            Part::Seconds => message.push_str(&at.timestamp().to_string()),
        }
    }
    Ok(message)
}

/// The period in which a code was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Rotation {
    /// Its number since 1970: that of a later code is greater.
    pub step: u64,
}

/// Says why a scanned code is not good.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RotatingError {
    /// The barcode itself is at fault, so no code can be good: mend the pass.
    #[error("the rotating barcode cannot be verified: {0}")]
    Definition(&'static str),
    /// What was scanned is not of this barcode: look whether it is another pass.
    #[error("what was scanned does not fit the pattern of the rotating barcode: perhaps it is another pass")]
    Foreign,
    /// OpenSSL could not make a code.
    #[error("OpenSSL cannot compute HMAC with SHA-1; see the cause")]
    Hmac(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The code is not of now: it is old or copied, or a clock is wrong. Ask for the pass itself, not a picture of it.
    #[error(
        "the code of the rotating barcode is not of now: ask for the pass itself, not a picture; if that helps nobody, set the clock"
    )]
    Stale,
}

impl From<ErrorStack> for RotatingError {
    fn from(error: ErrorStack) -> Self {
        Self::Hmac(Box::new(error))
    }
}

/// What stands in a scanned text at the places of the pattern.
struct Read<'b, 's> {
    codes: Vec<(&'b RotatingKey, &'s str)>,
    /// When it says it was made, in milliseconds: a second is a thousand of them.
    made: Option<RangeInclusive<i64>>,
}

fn read<'b, 's>(
    barcode: &'b RotatingBarcode,
    parts: &[Part<'_>],
    scanned: &'s str,
) -> Result<Read<'b, 's>, RotatingError> {
    let (mut rest, mut codes) = (scanned, Vec::new());
    let (mut millis, mut seconds) = (None, None);
    for part in parts {
        match part {
            Part::Code(index) => {
                let key = key(barcode, *index)?;
                codes.push((key, digits(&mut rest, key.digits.into())?));
            }
            Part::Literal(text) => rest = rest.strip_prefix(text).ok_or(RotatingError::Foreign)?,
            Part::Millis => millis = Some(instant(digits(&mut rest, 13)?, millis)?),
            Part::Seconds => seconds = Some(instant(digits(&mut rest, 10)?, seconds)?),
        }
    }
    match (millis, seconds) {
        _ if !rest.is_empty() => Err(RotatingError::Foreign),
        (Some(millis), Some(seconds)) if millis / 1000 != seconds => Err(RotatingError::Foreign),
        (Some(millis), _) => Ok(Read { codes, made: Some(millis..=millis) }),
        // Ten digits times a thousand are far from the end of the numbers.
        (None, seconds) => Ok(Read { codes, made: seconds.map(|seconds| seconds * 1000..=seconds * 1000 + 999) }),
    }
}

/// Reads a time, which is the same at each place of the pattern.
fn instant(digits: &str, known: Option<i64>) -> Result<i64, RotatingError> {
    let instant = digits.parse().map_err(|_| RotatingError::Foreign)?;
    if known.is_some_and(|known| known != instant) { Err(RotatingError::Foreign) } else { Ok(instant) }
}

/// Takes so many digits off the front of a text.
fn digits<'s>(rest: &mut &'s str, count: usize) -> Result<&'s str, RotatingError> {
    let (digits, after) = rest.split_at_checked(count).ok_or(RotatingError::Foreign)?;
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(RotatingError::Foreign);
    }
    *rest = after;
    Ok(digits)
}

/// A piece of a pattern.
enum Part<'p> {
    Code(usize),
    Literal(&'p str),
    Millis,
    Seconds,
}

/// Takes a pattern apart. Braces around anything else stand for themselves.
fn parts(pattern: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut literal, mut from) = (pattern, 0);
    while let Some(open) = literal.get(from..).and_then(|rest| rest.find('{')).map(|open| from + open) {
        let inner = literal.get(open + 1..).unwrap_or_default();
        let place = inner.split_once('}').and_then(|(name, after)| Some((place(name)?, after)));
        match place {
            Some((place, after)) => {
                parts.extend(literal.get(..open).filter(|text| !text.is_empty()).map(Part::Literal));
                parts.push(place);
                (literal, from) = (after, 0);
            }
            None => from = open + 1,
        }
    }
    parts.extend(Some(literal).filter(|text| !text.is_empty()).map(Part::Literal));
    parts
}

fn place(name: &str) -> Option<Part<'static>> {
    match name {
        "totp_timestamp_millis" => Some(Part::Millis),
        "totp_timestamp_seconds" => Some(Part::Seconds),
        _ => {
            let index = name.strip_prefix("totp_value_")?;
            let is_number = index.len() <= 4 && index.bytes().all(|digit| digit.is_ascii_digit());
            index.parse().ok().filter(|_| is_number).map(Part::Code)
        }
    }
}

fn key(barcode: &RotatingBarcode, index: usize) -> Result<&RotatingKey, RotatingError> {
    let key =
        barcode.keys.get(index).ok_or(RotatingError::Definition("its pattern names a key that it does not have"))?;
    if (1..=MOST_DIGITS).contains(&key.digits) {
        Ok(key)
    } else {
        Err(RotatingError::Definition("its codes have no digits, or more than ten"))
    }
}

/// Checks what every verification needs, and gives the period.
fn period(barcode: &RotatingBarcode, parts: &[Part<'_>]) -> Result<i64, RotatingError> {
    if !parts.iter().any(|part| matches!(part, Part::Code(_))) {
        return Err(RotatingError::Definition("its pattern has no `{totp_value_0}`, so there is nothing to verify"));
    }
    match barcode.period_millis {
        0 => Err(RotatingError::Definition("its period is 0")),
        period => Ok(period.into()),
    }
}

/// Makes the code of a step: HMAC-SHA-1, dynamically truncated (RFC 4226 section 5.3).
fn totp(key: &RotatingKey, step: u64) -> Result<String, RotatingError> {
    let hmac = PKey::hmac(key.key.bytes().expose())?;
    let digest = Signer::new(MessageDigest::sha1(), &hmac)?.sign_oneshot_to_vec(&step.to_be_bytes())?;
    let offset = usize::from(digest.last().copied().unwrap_or_default() & 0x0f);
    let bytes = digest.get(offset..offset + 4).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
    let number = u64::from(u32::from_be_bytes(bytes) & 0x7fff_ffff);
    let digits = usize::from(key.digits.min(MOST_DIGITS));
    Ok(format!("{:0digits$}", number % 10_u64.pow(key.digits.min(MOST_DIGITS).into())))
}

/// The most periods before and after now that are tried.
const MOST_STEPS: i64 = 100;

/// The digits of the greatest number that a code is cut from.
const MOST_DIGITS: u8 = 10;

#[cfg(test)]
mod tests {
    use walletpass_core::{RotatingSymbology, TotpKey};

    use super::*;

    fn rotating(pattern: &str, digits: u8) -> RotatingBarcode {
        let key = TotpKey::new(b"12345678901234567890".to_vec()).unwrap();
        let other = TotpKey::new(b"another key, as long".to_vec()).unwrap();
        let keys = [RotatingKey::new(key, digits), RotatingKey::new(other, 6)];
        RotatingBarcode::new(RotatingSymbology::Qr, pattern, 30_000, keys)
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        let barcode = rotating("{totp_value_0}", 8);
        for (second, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(rotating_message(&barcode, at(second)).unwrap(), code);
            let rotation = verify_rotating(&barcode, code, at(second), TimeDelta::zero()).unwrap();
            assert_eq!(rotation.step, u64::try_from(second / 30).unwrap());
        }
    }

    /// RFC 4226 appendix D has the numbers before they are cut to six digits.
    #[test]
    fn codes_are_those_of_rfc_4226_appendix_d() {
        for (step, number) in [1_284_755_224_u64, 1_094_287_082, 137_359_152, 1_726_969_429].into_iter().enumerate() {
            for digits in 6..=10 {
                let barcode = rotating("{totp_value_0}", digits);
                let code = rotating_message(&barcode, at(i64::try_from(step).unwrap() * 30)).unwrap();
                assert_eq!(code, format!("{:0width$}", number % 10_u64.pow(digits.into()), width = digits.into()));
            }
        }
    }

    #[test]
    fn a_code_is_good_for_its_period_and_the_skew() {
        let barcode = rotating("P4711/{totp_value_0}/{totp_value_1}", 8);
        let made = 1_800_000_000;
        let message = rotating_message(&barcode, at(made)).unwrap();
        for (now, skew, is_good) in [
            (made, 0, true),
            (made + 29, 0, true),
            (made + 30, 0, false),
            (made + 34, 5, true),
            (made + 35, 5, false),
            (made - 1, 0, false),
            (made - 5, 5, true),
            (made - 6, 5, false),
            (made, -5, true),
            (made + 100 * 30, i64::MAX / 1000, true),
            (made + 101 * 30, i64::MAX / 1000, false),
        ] {
            let outcome = verify_rotating(&barcode, &message, at(now), TimeDelta::seconds(skew));
            assert_eq!(outcome.is_ok(), is_good, "{now} {skew} {outcome:?}");
            assert!(is_good || matches!(outcome, Err(RotatingError::Stale)));
        }
        // One of two codes is not enough.
        let swapped = message.replace(&message[message.len() - 1..], "x").replace('x', "0");
        if swapped != message {
            assert!(verify_rotating(&barcode, &swapped, at(made), TimeDelta::zero()).is_err());
        }
    }

    #[test]
    fn the_time_in_a_code_is_the_time_of_the_code() {
        let barcode = rotating("{totp_timestamp_seconds}{totp_value_0}.{totp_timestamp_millis}", 8);
        let made = 1_800_000_010;
        let message = rotating_message(&barcode, at(made)).unwrap();
        assert!(message.starts_with("1800000010") && message.ends_with(".1800000010000"), "{message}");
        let verify = |message: &str, now| verify_rotating(&barcode, message, at(now), TimeDelta::seconds(30));
        assert!(verify(&message, made).is_ok() && verify(&message, made + 49).is_ok());
        // An old code under a new time, or a new time beside an old one.
        let newer = message.replace("1800000010", "1800000040");
        assert!(matches!(verify(&newer, made + 30), Err(RotatingError::Stale)));
        assert!(matches!(verify(&message.replacen("1800000010", "1800000011", 1), made), Err(RotatingError::Foreign)));
        assert!(matches!(verify(&message, made + 200), Err(RotatingError::Stale)));
        // A period that ends within a second: the seconds alone do not tell on which side of it the code was made.
        let mut barcode = rotating("{totp_timestamp_seconds}.{totp_value_0}", 8);
        barcode.period_millis = 1_500;
        for millis in [1_800_000_001_100, 1_800_000_001_499, 1_800_000_001_500, 1_800_000_001_900] {
            let now = DateTime::from_timestamp_millis(millis).unwrap();
            let message = rotating_message(&barcode, now).unwrap();
            assert!(verify_rotating(&barcode, &message, now, TimeDelta::zero()).is_ok(), "{millis}");
        }
    }

    #[test]
    fn what_is_of_another_pattern_is_foreign() {
        let barcode = rotating("A-{totp_value_0}-Ä{x}", 8);
        let good = rotating_message(&barcode, at(0)).unwrap();
        assert!(good.starts_with("A-84755224-Ä{x}"), "{good}");
        for bad in ["", "A-", "A-8475522", "A-8475522é-Ä{x}", "A-84755224-Ä{x}!", "B-84755224-Ä{x}", "A-+4755224-Ä{x}"]
        {
            let outcome = verify_rotating(&barcode, bad, at(0), TimeDelta::zero());
            assert!(matches!(outcome, Err(RotatingError::Foreign)), "{bad}: {outcome:?}");
        }
    }

    #[test]
    fn a_barcode_that_proves_nothing_is_refused() {
        let mut still = rotating("{totp_value_0}", 8);
        still.period_millis = 0;
        for barcode in [
            still,
            rotating("4711", 8),
            rotating("{totp_value_}{totp_value_x}{totp_value_+1}{totp_timestamp_seconds}", 8),
            rotating("{totp_value_2}", 8),
            rotating("{totp_value_0}", 0),
            rotating("{totp_value_0}", 11),
        ] {
            assert!(matches!(rotating_message(&barcode, at(0)), Err(RotatingError::Definition(_))), "{barcode:?}");
            let outcome = verify_rotating(&barcode, "4711", at(0), TimeDelta::zero());
            assert!(matches!(outcome, Err(RotatingError::Definition(_))), "{barcode:?}");
        }
    }

    #[test]
    fn no_text_is_too_odd_to_be_scanned() {
        for pattern in
            ["{{totp_value_0}}", "{totp_value_0}{", "}{totp_value_00}é{", "{totp_value_0", "{é{totp_value_1}"]
        {
            let barcode = rotating(pattern, 8);
            if let Ok(message) = rotating_message(&barcode, at(1_800_000_000)) {
                assert!(verify_rotating(&barcode, &message, at(1_800_000_000), TimeDelta::zero()).is_ok(), "{pattern}");
            }
            for now in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
                assert!(verify_rotating(&barcode, "é{12345678}", now, TimeDelta::MAX).is_err());
            }
        }
    }
}
