//! Words by which the fields of others say what they are.

use crate::model::role::Role;

/// Writes a key or label without what tells spellings apart: `memberSince`, `member_since`, `Member since:`.
pub(super) fn plain(text: &str) -> String {
    text.chars().take(64).filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Lists the words of a role beside its own key and label, in English and German.
pub(super) fn of(role: Role) -> &'static [&'static str] {
    match role {
        Role::Arrival => &["arrives", "arrivaltime", "arr", "landing", "ankunft", "arrivaldate", "scheduledarrival"],
        Role::Balance => &[
            "credit",
            "amount",
            "cardbalance",
            "currentbalance",
            "guthaben",
            "saldo",
            "restwert",
            "value",
            "remaining",
            "remainingbalance",
        ],
        Role::BalanceAsOf => &["balancedate", "asof", "lastupdated", "updated", "stand"],
        Role::Boarding => &["boardingtime", "boards", "boardingat", "board", "boardingbegins"],
        Role::BoardingGroup => &["group", "boardingzone", "zone", "grp", "gruppe", "boardinggroupzone"],
        Role::CardNumber => &["card", "cardno", "number", "giftcardnumber", "kartennummer", "accountnumber", "cardid"],
        Role::Coach => &["car", "carriage", "wagon", "wagen", "carnumber", "coachnumber"],
        Role::Code => &["promocode", "couponcode", "promo", "gutscheincode", "vouchercode"],
        Role::Confirmation => &[
            "confirmationnumber",
            "confirmationcode",
            "bookingreference",
            "bookingref",
            "booking",
            "bookingcode",
            "pnr",
            "recordlocator",
            "order",
            "ordernumber",
            "reservation",
            "reservationnumber",
            "buchungscode",
            "buchungsnummer",
            "bestellnummer",
            "reference",
            "ref",
        ],
        Role::Departure => &[
            "departs",
            "departuretime",
            "depart",
            "dep",
            "departuredate",
            "abfahrt",
            "abflug",
            "scheduleddeparture",
            "leaves",
            "depttime",
            "deptime",
        ],
        Role::Destination => {
            &["to", "dest", "arrivalstation", "arrivalairport", "arrivalcity", "nach", "ziel", "zu", "destinationcity"]
        }
        Role::Details => {
            &["detail", "description", "about", "info", "conditionsofoffer", "offerdetails", "beschreibung"]
        }
        Role::Doors => &["doorsopen", "doortime", "doorsopenat", "einlass", "admission"],
        Role::End => &["endtime", "enddate", "ende", "endsat"],
        Role::EstimatedDeparture => &["newdeparture", "estimated", "revisedtime", "etd", "newdeparturetime"],
        Role::FaceValue => &["price", "ticketprice", "preis", "cost", "amountpaid"],
        Role::FareClass => {
            &["class", "cabin", "cabinclass", "travelclass", "serviceclass", "klasse", "seatclass", "fare"]
        }
        Role::Flight => &["flightnumber", "flightno", "flightcode", "flug", "flugnummer", "flt"],
        Role::FrequentFlyer => {
            &["frequentflyernumber", "ffn", "ffnumber", "loyaltynumber", "milesnumber", "frequentflier"]
        }
        Role::Gate => &["gatenumber", "departuregate", "entrance", "entry", "eingang", "flugsteig"],
        Role::Holder => &[
            "name",
            "member",
            "membername",
            "cardholder",
            "holdername",
            "customer",
            "customername",
            "attendee",
            "guest",
            "inhaber",
            "mitglied",
            "kunde",
            "fullname",
            "accountholder",
            "accountname",
            "ticketholder",
        ],
        Role::MemberNumber => &[
            "memberid",
            "membershipid",
            "membershipnumber",
            "membernr",
            "membershipno",
            "mitgliedsnummer",
            "mitgliedsnr",
            "kundennummer",
            "accountid",
            "customerid",
            "id",
            "idnumber",
            "no",
            "membernumber",
            "ausweisnummer",
        ],
        Role::Name => &[
            "event",
            "eventname",
            "eventtitle",
            "title",
            "show",
            "film",
            "movie",
            "concert",
            "match",
            "veranstaltung",
            "konzert",
        ],
        Role::Offer => &["discount", "deal", "coupon", "angebot", "rabatt", "promotion", "offertitle"],
        Role::Origin => {
            &["from", "departurestation", "departureairport", "departurecity", "von", "ab", "start", "origincity"]
        }
        Role::Passenger => {
            &["passengername", "traveller", "traveler", "name", "reisender", "fahrgast", "pax", "passagier"]
        }
        Role::Performers => &["performer", "artist", "artists", "lineup", "kuenstler", "künstler", "mit"],
        Role::Pin => &["pincode", "securitycode", "cardpin", "geheimzahl"],
        Role::Platform => &["track", "gleis", "departureplatform", "bay", "stop"],
        Role::Points => &[
            "pointsbalance",
            "currentpoints",
            "rewardpoints",
            "stars",
            "punkte",
            "punktestand",
            "miles",
            "mypoints",
            "loyaltypoints",
        ],
        Role::Price => &["fare", "total", "totalprice", "preis", "amount", "ticketprice", "cost"],
        Role::Restrictions => &["restriction", "conditionsofcarriage", "einschränkungen"],
        Role::Room => &["hall", "auditorium", "screen", "saal", "raum", "halle"],
        Role::Row => &["seatrow", "reihe"],
        Role::Seat => &["seatnumber", "seatno", "place", "sitz", "sitzplatz", "platz", "seats"],
        Role::SecondaryPoints => &["rewards", "stamps", "stempel", "visits", "coupons", "vouchers"],
        Role::Section => &["seatsection", "block", "area", "sektor", "bereich"],
        Role::Sequence => {
            &["seq", "sequencenumber", "seqno", "boardingsequence", "boardingsequencenumber", "securitynumber"]
        }
        Role::Start => &[
            "starttime",
            "startdate",
            "eventdate",
            "datetime",
            "date",
            "time",
            "when",
            "beginn",
            "datum",
            "begins",
            "showtime",
        ],
        Role::Status => &["flightstatus"],
        Role::Terminal => &["departureterminal", "term"],
        Role::Terms => {
            &["termsandconditions", "tandc", "tc", "conditions", "agb", "bedingungen", "legal", "teilnahmebedingungen"]
        }
        Role::TicketNumber => &["ticketno", "ticketid", "eticket", "eticketnumber", "etkt", "ticketnr", "ticketnummer"],
        Role::TicketType => &["type", "category", "admissionlevel", "ticket", "kategorie", "tickettyp"],
        Role::Tier => &["level", "status", "memberstatus", "membershiplevel", "membershiptier", "stufe", "rank"],
        Role::Title => &[],
        Role::Venue => &[
            "location",
            "venuename",
            "where",
            "theatre",
            "theater",
            "cinema",
            "stadium",
            "ort",
            "veranstaltungsort",
            "kino",
        ],
        Role::Zone => &["zones", "tariffzone", "farezone", "tarifzone"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_are_one() {
        for text in ["memberSince", "member_since", "Member since:", "MEMBER-SINCE"] {
            assert_eq!(plain(text), "membersince");
        }
        for word in of(Role::Confirmation) {
            assert_eq!(*word, plain(word));
        }
    }
}
