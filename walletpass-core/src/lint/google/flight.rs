//! Codes of airlines, airports and flights.

use serde_json::{Map, Value};

use super::rules;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::shorten;
use crate::lint::symbology::is_digits;

/// Judges the codes in one object of a schema about flights.
pub(super) fn judge(schema: &str, object: &Map<String, Value>, path: &Path<'_>, findings: &mut Findings) {
    let mut expect = |key: &str, good: fn(&str) -> bool, mend: &'static str| {
        if let Some(Value::String(text)) = object.get(key)
            && !good(text)
        {
            findings
                .add(&rules::FLIGHT_CODE, &path.key(key), || (format!("\"{}\" is no `{key}`", shorten(text)), mend));
        }
    };
    match schema {
        "AirportInfo" => expect("airportIataCode", is_airport, "write the three letters of the airport, `ZRH`"),
        "FlightCarrier" => {
            expect("carrierIataCode", |code| is_code(code, 2), "write the two characters of the airline, `LX`");
            expect("carrierIcaoCode", |code| is_code(code, 3), "write the three characters of the airline, `SWR`");
        }
        "FlightHeader" => {
            expect("flightNumber", is_digits, "write the digits only: the airline's code is in `carrier`")
        }
        _ => {}
    }
}

fn is_airport(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_code(code: &str, length: usize) -> bool {
    code.len() == length && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
