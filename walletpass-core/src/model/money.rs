//! Money: an exact amount in a currency.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// An exact amount of money, in millionths of the currency's unit.
///
/// ```
/// # use walletpass_core::Money;
/// let price = Money::parse("12.50", "EUR")?;
/// assert_eq!((price.micros, price.amount()), (12_500_000, "12.50".to_owned()));
/// # Ok::<(), walletpass_core::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "MoneyJson", into = "MoneyJson")]
#[expect(clippy::exhaustive_structs, reason = "an amount and a currency are all there is")]
pub struct Money {
    /// Millionths of the unit: 12.50 is 12,500,000 in every currency.
    pub micros: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// Counts in millionths of the currency's unit, as Google does.
    pub const fn micros(micros: i64, currency: Currency) -> Self {
        Self { micros, currency }
    }

    /// Reads an amount such as `12.50` and a currency code such as `EUR`.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] when the amount is no decimal number with at most six decimals, does not fit, or the code is not ISO 4217.
    pub fn parse(amount: &str, currency: &str) -> Result<Self, MoneyError> {
        let micros = parse_micros(amount).ok_or_else(|| MoneyError::Amount(amount.chars().take(40).collect()))?;
        Ok(Self { micros, currency: currency.parse()? })
    }

    /// Writes the amount as a decimal number with at least two decimals: `12.50`.
    pub fn amount(&self) -> String {
        let (sign, whole) = (if self.micros < 0 { "-" } else { "" }, self.micros.unsigned_abs());
        let decimals = format!("{:06}", whole % 1_000_000);
        let trimmed = decimals.trim_end_matches('0');
        format!("{sign}{}.{trimmed:0<2}", whole / 1_000_000)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

/// A currency by its ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// Gives the code: `EUR`.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        let listed = CODES.split_ascii_whitespace().any(|listed| listed == code);
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(letters) if listed => Ok(Self(letters)),
            _ => Err(MoneyError::Currency(code.chars().take(40).collect())),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(code: String) -> Result<Self, MoneyError> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl JsonSchema for Currency {
    fn schema_name() -> Cow<'static, str> {
        "Currency".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Z]{3}$", "description": "An ISO 4217 code." })
    }
}

/// Says why an amount of money was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The amount does not parse or does not fit.
    #[error(
        "{0:?} is not an amount: write a decimal number such as \"12.50\", at most six decimals, without separators"
    )]
    Amount(String),
    /// The code is not ISO 4217.
    #[error("{0:?} is not a currency: write an ISO 4217 code in capitals, such as EUR")]
    Currency(String),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Money")]
struct MoneyJson {
    /// A decimal number as a string: `"12.50"`.
    amount: String,
    currency: Currency,
}

impl TryFrom<MoneyJson> for Money {
    type Error = MoneyError;

    fn try_from(json: MoneyJson) -> Result<Self, MoneyError> {
        Self::parse(&json.amount, json.currency.as_str())
    }
}

impl From<Money> for MoneyJson {
    fn from(money: Money) -> Self {
        Self { amount: money.amount(), currency: money.currency }
    }
}

impl JsonSchema for Money {
    fn schema_name() -> Cow<'static, str> {
        MoneyJson::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        MoneyJson::json_schema(generator)
    }
}

fn parse_micros(amount: &str) -> Option<i64> {
    let (negative, digits) = amount.strip_prefix('-').map_or((false, amount), |rest| (true, rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 13 || decimals.len() > 6 || !all_digits(whole) || !all_digits(decimals) {
        return None;
    }
    let micros: i64 = format!("{whole}{decimals:0<6}").parse().ok()?;
    Some(if negative { -micros } else { micros })
}

/// The active codes of ISO 4217, funds and metals left out.
const CODES: &str = "\
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY \
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS \
    INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP \
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR \
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND \
    VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (text, micros) in [
            ("12.50", 12_500_000),
            ("0", 0),
            ("-0.01", -10_000),
            ("1234567890123", 1_234_567_890_123_000_000),
            ("0.000001", 1),
        ] {
            assert_eq!(Money::parse(text, "EUR").unwrap().micros, micros, "{text}");
        }
        for (micros, text) in
            [(12_500_000, "12.50"), (0, "0.00"), (-10_000, "-0.01"), (1, "0.000001"), (5_000_000, "5.00")]
        {
            assert_eq!(Money::micros(micros, "JPY".parse().unwrap()).amount(), text);
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", ".5", "1,50", "1e3", "12.5000001", "99999999999999", "--1", "NaN", "１２"] {
            assert!(matches!(Money::parse(text, "EUR"), Err(MoneyError::Amount(_))), "{text}");
        }
        for code in ["eur", "EURO", "XXX", ""] {
            assert!(matches!(Money::parse("1", code), Err(MoneyError::Currency(_))), "{code}");
        }
    }
}
