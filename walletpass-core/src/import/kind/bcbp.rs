//! The barcode of a boarding pass for a flight.

use crate::model::id::{AirportCode, CarrierCode, FlightNumber};
use crate::model::person::PersonName;

/// What the barcode of the first leg says (IATA Resolution 792, the mandatory items).
#[derive(Debug, PartialEq)]
pub(super) struct LegCode {
    pub(super) passenger: Option<PersonName>,
    pub(super) confirmation: Option<String>,
    pub(super) from: AirportCode,
    pub(super) to: AirportCode,
    pub(super) carrier: CarrierCode,
    pub(super) number: FlightNumber,
    pub(super) seat: Option<String>,
    pub(super) sequence: Option<String>,
}

/// Reads the message of a barcode.
pub(super) fn leg(message: &str) -> Option<LegCode> {
    if !message.is_ascii() || !message.starts_with('M') {
        return None;
    }
    let item = |from: usize, to: usize| message.get(from..to).map(str::trim).filter(|item| !item.is_empty());
    let (family, given) = item(2, 22)?.split_once('/').unwrap_or((item(2, 22)?, ""));
    let passenger = if given.is_empty() { family.into() } else { PersonName::parts(given, family) };
    let unpadded = |text: &str| Some(text.trim_start_matches('0').to_owned()).filter(|rest| !rest.is_empty());
    let digits = unpadded(item(39, 44)?)?;
    Some(LegCode {
        passenger: Some(passenger),
        confirmation: item(23, 30).map(str::to_owned),
        from: item(30, 33)?.parse().ok()?,
        to: item(33, 36)?.parse().ok()?,
        carrier: item(36, 39)?.parse().ok()?,
        number: digits.parse().ok()?,
        seat: item(48, 52).and_then(unpadded),
        sequence: item(52, 57).and_then(unpadded),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_barcode_of_a_leg_is_read() {
        let leg = leg("M1EXAMPLE/ADA         EABC123 OPOZRHXB 0123 064Y012C0042 100").unwrap();
        assert_eq!(leg.passenger, Some(PersonName::parts("ADA", "EXAMPLE")));
        assert_eq!((leg.from.as_str(), leg.to.as_str()), ("OPO", "ZRH"));
        assert_eq!((leg.carrier.as_str(), leg.number.as_str()), ("XB", "123"));
        assert_eq!((leg.confirmation.as_deref(), leg.seat.as_deref()), (Some("ABC123"), Some("12C")));
        assert_eq!(leg.sequence.as_deref(), Some("42"));
    }

    #[test]
    fn other_barcodes_are_none() {
        for message in
            ["", "M", "4711", "M1SHORT", "https://example.org/a/very/long/address/of/some/sixty/letters/in/it"]
        {
            assert_eq!(leg(message), None, "{message}");
        }
    }
}
