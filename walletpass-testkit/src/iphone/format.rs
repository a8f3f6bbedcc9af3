//! How a phone writes values: in American English, whatever the language of the pass.
//!
//! Apple documents the styles and not the words. These are those of the formatters of its systems, with common spaces.

use chrono::{DateTime, FixedOffset};
use serde_json::{Map, Value};

/// Writes the value of a field as it is shown.
pub(super) fn text(field: &Map<String, Value>, value: &Value, zone: FixedOffset) -> String {
    let named = |key: &str| field.get(key).and_then(Value::as_str);
    match value {
        Value::String(text) => date(field, text, zone).unwrap_or_else(|| text.clone()),
        Value::Number(number) => {
            let amount = number.as_f64().unwrap_or_default();
            match (named("currencyCode"), named("numberStyle")) {
                (Some(currency), _) => money(amount, currency),
                (_, Some("PKNumberStyleDecimal")) => rounded(amount, 3),
                (_, Some("PKNumberStylePercent")) => format!("{}%", rounded(amount * 100.0, 0)),
                (_, Some("PKNumberStyleScientific")) => format!("{amount:E}"),
                // Numbers spelt out are digits here.
                _ => number.to_string(),
            }
        }
        _ => String::new(),
    }
}

/// Takes the tags of an `attributedValue` away.
pub(super) fn without_tags(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

/// Writes a date by the styles of its field, if it has any and is one.
fn date(field: &Map<String, Value>, text: &str, zone: FixedOffset) -> Option<String> {
    let style = |key: &str| field.get(key).and_then(Value::as_str).and_then(|style| style.strip_prefix("PKDateStyle"));
    let (date_style, time_style) = (style("dateStyle"), style("timeStyle"));
    date_style.or(time_style)?;
    let written = parse(text)?;
    let keeps_zone = field.get("ignoresTimeZone") == Some(&Value::Bool(true));
    let at = if keeps_zone { written } else { written.with_timezone(&zone) };
    let day = match date_style {
        Some("Short") => "%-m/%-d/%y",
        Some("Medium") => "%b %-d, %Y",
        Some("Long") => "%B %-d, %Y",
        Some("Full") => "%A, %B %-d, %Y",
        _ => "",
    };
    let time = match time_style {
        Some("Short") => "%-I:%M %p",
        Some("Medium") => "%-I:%M:%S %p",
        Some("Long" | "Full") => "%-I:%M:%S %p GMT%:z",
        _ => "",
    };
    let between = match (day, time, date_style) {
        ("", _, _) | (_, "", _) => "",
        (_, _, Some("Long" | "Full")) => " at ",
        _ => ", ",
    };
    Some(at.format(&format!("{day}{between}{time}")).to_string())
}

/// Reads a date with or without seconds.
fn parse(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok().or_else(|| {
        let offset = text.strip_suffix('Z').map(|rest| format!("{rest}+00:00"));
        DateTime::parse_from_str(offset.as_deref().unwrap_or(text), "%Y-%m-%dT%H:%M%:z").ok()
    })
}

fn money(amount: f64, currency: &str) -> String {
    let places = match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    };
    let symbol = match currency {
        "AUD" => "A$",
        "BRL" => "R$",
        "CAD" => "CA$",
        "CNY" => "CN¥",
        "EUR" => "€",
        "GBP" => "£",
        "HKD" => "HK$",
        "ILS" => "₪",
        "INR" => "₹",
        "JPY" => "¥",
        "KRW" => "₩",
        "MXN" => "MX$",
        "NZD" => "NZ$",
        "TWD" => "NT$",
        "USD" => "$",
        "VND" => "₫",
        _ => "",
    };
    let code = if symbol.is_empty() { format!("{currency} ") } else { symbol.to_owned() };
    let digits = grouped(&to_places(amount, places));
    format!("{}{code}{digits}", if amount < 0.0 { "-" } else { "" })
}

/// Writes a number with at most so many digits behind the point.
fn rounded(amount: f64, places: usize) -> String {
    let digits = to_places(amount, places);
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
    format!("{}{}", if amount < 0.0 { "-" } else { "" }, grouped(digits))
}

/// Writes the amount without its sign. It rounds what is written, not the binary fraction next to it, and halves to the even digit,
/// as ICU does; no source says so of phones.
fn to_places(amount: f64, places: usize) -> String {
    let written = amount.abs().to_string();
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let (kept, cut) = fraction.split_at_checked(places).unwrap_or((fraction, ""));
    let mut digits: Vec<u8> = format!("{whole}{kept:0<places$}").into_bytes();
    let is_odd = digits.last().is_some_and(|digit| digit % 2 == 1);
    let is_half = cut.trim_end_matches('0') == "5";
    if cut.starts_with(['5', '6', '7', '8', '9']) && (!is_half || is_odd) {
        let nines = digits.iter().rev().take_while(|digit| **digit == b'9').count();
        let rest = digits.len() - nines;
        digits.iter_mut().skip(rest).for_each(|digit| *digit = b'0');
        match digits.iter_mut().take(rest).next_back() {
            Some(digit) => *digit += 1,
            None => digits.insert(0, b'1'),
        }
    }
    let mut text: String = digits.into_iter().map(char::from).collect();
    if places > 0 {
        text.insert(text.len() - places, '.');
    }
    text
}

/// Puts commas between thousands.
fn grouped(digits: &str) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_as_a_phone_writes_them() {
        for (field, expected) in [
            (json!({ "value": 2500 }), "2500"),
            (json!({ "value": 2500, "numberStyle": "PKNumberStyleDecimal" }), "2,500"),
            (json!({ "value": -1234567.8915, "numberStyle": "PKNumberStyleDecimal" }), "-1,234,567.892"),
            (json!({ "value": 100, "numberStyle": "PKNumberStyleDecimal" }), "100"),
            (json!({ "value": 0.2, "numberStyle": "PKNumberStylePercent" }), "20%"),
            (json!({ "value": 2500, "numberStyle": "PKNumberStyleScientific" }), "2.5E3"),
            (json!({ "value": 1021.75, "currencyCode": "USD" }), "$1,021.75"),
            (json!({ "value": -5, "currencyCode": "JPY" }), "-¥5"),
            (json!({ "value": 5, "currencyCode": "CHF" }), "CHF 5.00"),
            (json!({ "value": 2.675, "currencyCode": "EUR" }), "€2.68"),
            (json!({ "value": 2.665, "currencyCode": "EUR" }), "€2.66"),
            (json!({ "value": 999.996, "currencyCode": "EUR" }), "€1,000.00"),
            (json!({ "value": 0.5, "currencyCode": "JPY" }), "¥0"),
            (
                json!({ "value": "2026-11-21T20:05Z", "dateStyle": "PKDateStyleMedium", "timeStyle": "PKDateStyleShort" }),
                "Nov 21, 2026, 9:05 PM",
            ),
            (
                json!({ "value": "2026-11-21T20:05:00Z", "dateStyle": "PKDateStyleFull", "timeStyle": "PKDateStyleShort", "ignoresTimeZone": true }),
                "Saturday, November 21, 2026 at 8:05 PM",
            ),
            (
                json!({ "value": "2026-11-21T20:05:00Z", "dateStyle": "PKDateStyleShort", "timeStyle": "PKDateStyleNone" }),
                "11/21/26",
            ),
            (json!({ "value": "2026-11-21T20:05:00Z" }), "2026-11-21T20:05:00Z"),
            (json!({ "value": "soon", "dateStyle": "PKDateStyleShort" }), "soon"),
        ] {
            let field = field.as_object().unwrap();
            assert_eq!(text(field, &field["value"], FixedOffset::east_opt(3600).unwrap()), expected);
        }
        assert_eq!(without_tags("see <a href='https://acme.com'>Acme &amp; Co</a>!"), "see Acme & Co!");
    }
}
