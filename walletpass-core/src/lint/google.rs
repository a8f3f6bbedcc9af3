//! Judges a finished class and object.
//!
//! [`check`] holds both against the field table of Google's discovery document (`data/google-fields.json`) and
//! against what its descriptions demand beyond types. It knows nothing of the pass model, so it judges raw extra JSON
//! and what others made too. [`RULES`] lists what it may find; the save link, the account and everything that needs
//! the network are judged elsewhere.
//!
//! A new field is a line in the table; a new rule is one line in the rule table and a check in the file that owns its
//! subject.

mod barcode;
mod conditions;
mod dates;
mod fields;
mod flight;
mod ids;
mod images;
mod layout;
mod limits;
mod links;
mod rotating;
mod rules;
mod shape;
mod status;
mod texts;
mod transit;

use serde_json::{Map, Value};

use super::Finding;
use super::findings::Findings;
use super::path::Path;

pub use rules::RULES;

/// The seven kinds of pass that Google Wallet knows, each with a class and an object of its own.
///
/// New ones come only with a new kind of pass here, so the list is open to exhaustive matching.
///
/// See <https://developers.google.com/wallet/reference/rest>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vertical {
    /// A ticket for an event.
    EventTicket,
    /// A boarding pass for a flight.
    Flight,
    /// Anything else.
    Generic,
    /// A gift card.
    GiftCard,
    /// A loyalty card.
    Loyalty,
    /// A coupon.
    Offer,
    /// A ticket for train, bus, tram or ferry.
    Transit,
}

impl Vertical {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::EventTicket, Self::Flight, Self::Generic, Self::GiftCard, Self::Loyalty, Self::Offer, Self::Transit];

    /// Names the vertical as the collections of the REST API begin: `eventTicket`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EventTicket => "eventTicket",
            Self::Flight => "flight",
            Self::Generic => "generic",
            Self::GiftCard => "giftCard",
            Self::Loyalty => "loyalty",
            Self::Offer => "offer",
            Self::Transit => "transit",
        }
    }

    /// Names the schema of the class: `EventTicketClass`.
    pub const fn class_schema(self) -> &'static str {
        match self {
            Self::EventTicket => "EventTicketClass",
            Self::Flight => "FlightClass",
            Self::Generic => "GenericClass",
            Self::GiftCard => "GiftCardClass",
            Self::Loyalty => "LoyaltyClass",
            Self::Offer => "OfferClass",
            Self::Transit => "TransitClass",
        }
    }

    /// Names the schema of the object: `EventTicketObject`.
    pub const fn object_schema(self) -> &'static str {
        match self {
            Self::EventTicket => "EventTicketObject",
            Self::Flight => "FlightObject",
            Self::Generic => "GenericObject",
            Self::GiftCard => "GiftCardObject",
            Self::Loyalty => "LoyaltyObject",
            Self::Offer => "OfferObject",
            Self::Transit => "TransitObject",
        }
    }

    /// Names the array that carries classes in a save link: `eventTicketClasses`.
    pub const fn class_array(self) -> &'static str {
        match self {
            Self::EventTicket => "eventTicketClasses",
            Self::Flight => "flightClasses",
            Self::Generic => "genericClasses",
            Self::GiftCard => "giftCardClasses",
            Self::Loyalty => "loyaltyClasses",
            Self::Offer => "offerClasses",
            Self::Transit => "transitClasses",
        }
    }

    /// Names the array that carries objects in a save link: `eventTicketObjects`.
    pub const fn object_array(self) -> &'static str {
        match self {
            Self::EventTicket => "eventTicketObjects",
            Self::Flight => "flightObjects",
            Self::Generic => "genericObjects",
            Self::GiftCard => "giftCardObjects",
            Self::Loyalty => "loyaltyObjects",
            Self::Offer => "offerObjects",
            Self::Transit => "transitObjects",
        }
    }
}

/// Judges a class and an object of it, in the form in which they are written to Google.
///
/// `issuer` is the configured issuer id, if there is one: then every id must begin with it. Paths in the findings
/// begin with `class.` or `object.`. An empty list means that Google is not known to refuse or ignore anything in the
/// two. The list holds at most 200 findings and then one that says how many are left out; errors are kept before
/// warnings. The order is by subject, and equal for equal input. Values that are secret (a PIN, a rotating barcode's
/// key, a Smart Tap value) are not repeated.
///
/// ```
/// use serde_json::json;
/// use walletpass_core::lint::google::{self, Vertical};
///
/// let class = json!({
///     "id": "3388000000000000001.gift", "issuerName": "Acme", "reviewStatus": "UNDER_REVIEW",
/// });
/// let object = json!({
///     "id": "3388000000000000001.gift-1", "classId": "3388000000000000001.gift", "state": "ACTIVE",
/// });
/// let (class, object) = (class.as_object().unwrap(), object.as_object().unwrap());
/// let findings = google::check(Vertical::GiftCard, class, object, Some("3388000000000000001"));
///
/// assert_eq!(findings.len(), 1);
/// assert_eq!(findings[0].rule, "google-required-field");
/// assert_eq!(findings[0].path, "object.cardNumber");
/// ```
///
/// See <https://developers.google.com/wallet/reference/rest>.
pub fn check(
    vertical: Vertical,
    class: &Map<String, Value>,
    object: &Map<String, Value>,
    issuer: Option<&str>,
) -> Vec<Finding> {
    let mut findings = Findings::default();
    let sheet = Sheet { vertical, class, object };
    let (class_path, object_path) = (Path::ROOT.key("class"), Path::ROOT.key("object"));
    shape::judge_root(&sheet, Side::Class, &class_path, &mut findings);
    shape::judge_root(&sheet, Side::Object, &object_path, &mut findings);
    ids::judge(&sheet, issuer, &mut findings);
    status::judge(&sheet, &mut findings);
    layout::judge(&sheet, &mut findings);
    rotating::judge(&sheet, &mut findings);
    if vertical == Vertical::Transit {
        transit::judge(&sheet, &mut findings);
    }
    findings.finish(&rules::TOO_MANY)
}

/// What is being judged.
struct Sheet<'s> {
    vertical: Vertical,
    class: &'s Map<String, Value>,
    object: &'s Map<String, Value>,
}

/// One of the two halves of a pass.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Class,
    Object,
}

impl Side {
    const fn name(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Object => "object",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Class => Self::Object,
            Self::Object => Self::Class,
        }
    }
}

impl<'s> Sheet<'s> {
    const fn half(&self, side: Side) -> &'s Map<String, Value> {
        match side {
            Side::Class => self.class,
            Side::Object => self.object,
        }
    }

    const fn schema(&self, side: Side) -> &'static str {
        match side {
            Side::Class => self.vertical.class_schema(),
            Side::Object => self.vertical.object_schema(),
        }
    }
}

#[cfg(test)]
mod tests;
