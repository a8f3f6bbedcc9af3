//! The keys of pass.json and what each must hold, one line a key.
//!
//! <https://developer.apple.com/documentation/walletpasses/pass>

use serde_json::Value;

use super::members::Members;
use super::rules;
use super::semantics::SEMANTICS;
use super::shape::Shape::{
    Bool, Color, Currency, Date, Distance, Email, Free, Latitude, Link, List, Longitude, Map, Number, OneOf, Phone,
    Port, Scalar, Secret, StoreId, Text, Uuid, Zone,
};
use super::shape::{Index, Table, optional, required};

/// The style keys, Apple's five classic ones first.
pub(super) const STYLES: [&str; 6] = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric"];

/// What a pass has under each of its possible styles, in the order of [`STYLES`].
pub(super) type Styles<'p> = [Option<&'p Value>; STYLES.len()];

/// Looks the styles of a pass up, once for all who ask.
pub(super) fn styles<'p>(pass: &Members<'p>) -> Styles<'p> {
    STYLES.map(|style| pass.get(style))
}

/// The field groups of a style; the first five are those that every style draws.
pub(crate) const GROUPS: [&str; 7] = [
    "headerFields",
    "primaryFields",
    "secondaryFields",
    "auxiliaryFields",
    "backFields",
    "additionalInfoFields",
    "footerFields",
];

/// The transit types of a boarding pass.
pub(super) const TRANSIT_TYPES: [&str; 5] =
    ["PKTransitTypeAir", "PKTransitTypeBoat", "PKTransitTypeBus", "PKTransitTypeGeneric", "PKTransitTypeTrain"];

/// The top level.
pub(super) static PASS: Table = Table {
    noun: "a pass",
    class: rules::JSON_TYPE,
    missing: rules::MISSING_KEY,
    keys: &[
        required("formatVersion", Number),
        required("passTypeIdentifier", Text),
        required("serialNumber", Text),
        required("teamIdentifier", Text),
        required("organizationName", Text),
        required("description", Text),
        // Styles.
        optional("boardingPass", Map(&STYLE)),
        optional("coupon", Map(&STYLE)),
        optional("eventTicket", Map(&STYLE)),
        optional("generic", Map(&STYLE)),
        optional("posterGeneric", Map(&STYLE)),
        optional("storeCard", Map(&STYLE)),
        // All styles.
        optional("appLaunchURL", Link),
        optional("associatedStoreIdentifiers", List(&StoreId)),
        optional("authenticationToken", Secret),
        optional("backgroundColor", Color),
        optional("barcode", Map(&LEGACY_BARCODE)),
        optional("barcodes", List(&Map(&BARCODE))),
        optional("beacons", List(&Map(&BEACON))),
        optional("expirationDate", Date),
        optional("featuredActions", List(&Map(&FEATURED_ACTION))),
        optional("foregroundColor", Color),
        optional("groupingIdentifier", Text),
        optional("labelColor", Color),
        optional("locations", List(&Map(&LOCATION))),
        optional("logoSymbolName", Text), // only in Apple's own library
        optional("logoText", Text),
        optional("maxDistance", Distance),
        optional("nfc", Map(&NFC)),
        optional("preferredStyleSchemes", List(&Text)),
        optional("relevantDate", Date),
        optional("relevantDates", List(&Map(&RELEVANT_DATE))),
        optional("semantics", Map(&SEMANTICS)),
        optional("sharingProhibited", Bool),
        optional("stripColor", Color), // only in Apple's own library
        optional("suppressStripShine", Bool),
        optional("userInfo", Free),
        optional("voided", Bool),
        optional("webServiceURL", Text),
        // Poster event tickets.
        optional("accessibilityURL", Link),
        optional("addOnURL", Link),
        optional("auxiliaryStoreIdentifiers", List(&StoreId)),
        optional("bagPolicyURL", Link),
        optional("contactVenueEmail", Email),
        optional("contactVenuePhoneNumber", Phone),
        optional("contactVenueWebsite", Link),
        optional("directionsInformationURL", Link),
        optional("eventLogoText", Text),
        optional("footerBackgroundColor", Color),
        optional("merchandiseURL", Link),
        optional("orderFoodURL", Link),
        optional("parkingInformationURL", Link),
        optional("purchaseParkingURL", Link),
        optional("sellURL", Link),
        optional("suppressHeaderDarkening", Bool),
        optional("transferURL", Link),
        optional("transitInformationURL", Link),
        optional("upcomingPassInformation", List(&Map(&UPCOMING))),
        optional("useAutomaticColors", Bool),
        // Semantic boarding passes.
        optional("businessChatIdentifier", Text), // only in Apple's article on airlines
        optional("changeSeatURL", Link),
        optional("entertainmentURL", Link),
        optional("managementURL", Link),
        optional("purchaseAdditionalBaggageURL", Link),
        optional("purchaseLoungeAccessURL", Link),
        optional("purchaseWifiURL", Link),
        optional("registerServiceAnimalURL", Link),
        optional("reportLostBagURL", Link),
        optional("requestWheelchairURL", Link),
        optional("trackBagsURL", Link),
        optional("transitProviderEmail", Email),
        optional("transitProviderPhoneNumber", Phone),
        optional("transitProviderWebsiteURL", Link),
        optional("upgradeURL", Link),
    ],
    index: Index::new(),
};

/// The object under a style key.
static STYLE: Table = Table {
    noun: "a style",
    class: rules::JSON_TYPE,
    missing: rules::MISSING_KEY,
    keys: &[
        optional("transitType", Text),
        optional("headerFields", List(&Map(&FIELD))),
        optional("primaryFields", List(&Map(&FIELD))),
        optional("secondaryFields", List(&Map(&FIELD))),
        optional("auxiliaryFields", List(&Map(&FIELD))),
        optional("backFields", List(&Map(&FIELD))),
        optional("additionalInfoFields", List(&Map(&FIELD))),
        optional("footerFields", List(&Map(&FIELD))),
    ],
    index: Index::new(),
};

/// One field, <https://developer.apple.com/documentation/walletpasses/passfieldcontent>.
static FIELD: Table = Table {
    noun: "a field",
    class: rules::JSON_TYPE,
    missing: rules::FIELD_INCOMPLETE,
    keys: &[
        required("key", Text),
        required("value", Scalar),
        optional("attributedValue", Scalar),
        optional("changeMessage", Text),
        optional("currencyCode", Currency),
        optional("dataDetectorTypes", List(&OneOf(&DATA_DETECTORS))),
        optional("dateStyle", OneOf(&DATE_STYLES)),
        optional("ignoresTimeZone", Bool),
        optional("isRelative", Bool),
        optional("label", Text),
        optional("numberStyle", OneOf(&NUMBER_STYLES)),
        optional("row", Number),
        optional("semantics", Map(&SEMANTICS)),
        optional("textAlignment", OneOf(&TEXT_ALIGNMENTS)),
        optional("timeStyle", OneOf(&DATE_STYLES)),
    ],
    index: Index::new(),
};

/// An element of `barcodes`, <https://developer.apple.com/documentation/walletpasses/pass/barcodes-data.dictionary>.
static BARCODE: Table = Table {
    noun: "a barcode",
    class: rules::JSON_TYPE,
    missing: rules::BARCODE_INCOMPLETE,
    keys: &[
        required("format", OneOf(&BARCODE_FORMATS)),
        required("message", Text),
        optional("messageEncoding", Text), // required too, but under a rule of its own
        optional("altText", Text),
    ],
    index: Index::new(),
};

/// The `barcode` of iOS 8 and older, which knows three formats.
static LEGACY_BARCODE: Table = Table {
    noun: "a barcode",
    class: rules::JSON_TYPE,
    missing: rules::BARCODE_INCOMPLETE,
    keys: &[
        required("format", OneOf(&SQUARE_FORMATS)),
        required("message", Text),
        optional("messageEncoding", Text),
        optional("altText", Text),
    ],
    index: Index::new(),
};

/// An element of `locations`.
static LOCATION: Table = Table {
    noun: "a location",
    class: rules::LOCATION,
    missing: rules::LOCATION,
    keys: &[
        required("latitude", Latitude),
        required("longitude", Longitude),
        optional("altitude", Number),
        optional("relevantText", Text),
    ],
    index: Index::new(),
};

/// An element of `beacons`.
static BEACON: Table = Table {
    noun: "a beacon",
    class: rules::BEACON,
    missing: rules::BEACON,
    keys: &[
        required("proximityUUID", Uuid),
        optional("major", Port),
        optional("minor", Port),
        optional("relevantText", Text),
    ],
    index: Index::new(),
};

/// The payload for contactless readers.
static NFC: Table = Table {
    noun: "an NFC payload",
    class: rules::JSON_TYPE,
    missing: rules::MISSING_KEY,
    keys: &[required("message", Text), required("encryptionPublicKey", Text), optional("requiresAuthentication", Bool)],
    index: Index::new(),
};

/// An element of `relevantDates`.
static RELEVANT_DATE: Table = Table {
    noun: "a relevant date",
    class: rules::JSON_TYPE,
    missing: rules::MISSING_KEY,
    keys: &[
        optional("date", Date),
        optional("relevantDate", Date), // what iOS 18 calls it
        optional("startDate", Date),
        optional("endDate", Date),
    ],
    index: Index::new(),
};

/// An element of `featuredActions`.
static FEATURED_ACTION: Table = Table {
    noun: "a featured action",
    class: rules::JSON_TYPE,
    missing: rules::FEATURED_ACTION,
    keys: &[
        required("identifier", Text),
        required("type", OneOf(&ACTION_TYPES)),
        optional("placeIdentifier", Text),
        optional("url", Text),
    ],
    index: Index::new(),
};

/// An element of `upcomingPassInformation`.
static UPCOMING: Table = Table {
    noun: "an upcoming event",
    class: rules::JSON_TYPE,
    missing: rules::MISSING_KEY,
    keys: &[
        required("identifier", Text),
        required("name", Text),
        required("type", OneOf(&["event"])),
        optional("additionalInfoFields", List(&Map(&FIELD))),
        optional("auxiliaryStoreIdentifiers", List(&StoreId)),
        optional("backFields", List(&Map(&FIELD))),
        optional("dateInformation", Map(&DATE_INFORMATION)),
        optional("images", Map(&REMOTE_IMAGES)),
        optional("isActive", Bool),
        optional("semantics", Map(&SEMANTICS)),
        optional("URLs", Map(&GUIDE_URLS)),
    ],
    index: Index::new(),
};

static DATE_INFORMATION: Table = Table {
    noun: "a date information",
    class: rules::JSON_TYPE,
    missing: rules::MISSING_KEY,
    keys: &[
        optional("date", Date),
        optional("ignoreTimeComponents", Bool),
        optional("isAllDay", Bool),
        optional("isUnannounced", Bool),
        optional("isUndetermined", Bool),
        optional("timeZone", Zone),
    ],
    index: Index::new(),
};

static GUIDE_URLS: Table = Table {
    noun: "an event guide",
    class: rules::JSON_TYPE,
    missing: rules::MISSING_KEY,
    keys: &[
        optional("accessibilityURL", Link),
        optional("addOnURL", Link),
        optional("bagPolicyURL", Link),
        optional("contactVenueEmail", Email),
        optional("contactVenuePhoneNumber", Phone),
        optional("contactVenueWebsite", Link),
        optional("directionsInformationURL", Link),
        optional("merchandiseURL", Link),
        optional("orderFoodURL", Link),
        optional("parkingInformationURL", Link),
        optional("purchaseParkingURL", Link),
        optional("sellURL", Link),
        optional("transferURL", Link),
        optional("transitInformationURL", Link),
    ],
    index: Index::new(),
};

static REMOTE_IMAGES: Table = Table {
    noun: "a set of images",
    class: rules::JSON_TYPE,
    missing: rules::MISSING_KEY,
    keys: &[optional("headerImage", Map(&REMOTE_IMAGE)), optional("venueMap", Map(&REMOTE_IMAGE))],
    index: Index::new(),
};

static REMOTE_IMAGE: Table = Table {
    noun: "an image",
    class: rules::JSON_TYPE,
    missing: rules::MISSING_KEY,
    keys: &[optional("reuseExisting", Bool), optional("URLs", List(&Map(&REMOTE_FILE)))],
    index: Index::new(),
};

static REMOTE_FILE: Table = Table {
    noun: "an image file",
    class: rules::JSON_TYPE,
    missing: rules::MISSING_KEY,
    keys: &[required("SHA256", Text), required("URL", Text), optional("scale", Number), optional("size", Number)],
    index: Index::new(),
};

/// The barcode formats that every system draws.
pub(super) static SQUARE_FORMATS: [&str; 3] = ["PKBarcodeFormatQR", "PKBarcodeFormatPDF417", "PKBarcodeFormatAztec"];

pub(super) static BARCODE_FORMATS: [&str; 8] = [
    "PKBarcodeFormatQR",
    "PKBarcodeFormatPDF417",
    "PKBarcodeFormatAztec",
    "PKBarcodeFormatCode128",
    "PKBarcodeFormatCode39",
    "PKBarcodeFormatCodabar",
    "PKBarcodeFormatEAN13",
    "PKBarcodeFormatI2of5",
];

static DATA_DETECTORS: [&str; 4] = [
    "PKDataDetectorTypePhoneNumber",
    "PKDataDetectorTypeLink",
    "PKDataDetectorTypeAddress",
    "PKDataDetectorTypeCalendarEvent",
];

static DATE_STYLES: [&str; 5] =
    ["PKDateStyleNone", "PKDateStyleShort", "PKDateStyleMedium", "PKDateStyleLong", "PKDateStyleFull"];

static NUMBER_STYLES: [&str; 4] =
    ["PKNumberStyleDecimal", "PKNumberStylePercent", "PKNumberStyleScientific", "PKNumberStyleSpellOut"];

static TEXT_ALIGNMENTS: [&str; 4] =
    ["PKTextAlignmentLeft", "PKTextAlignmentCenter", "PKTextAlignmentRight", "PKTextAlignmentNatural"];

static ACTION_TYPES: [&str; 14] = [
    "viewSchedule",
    "watchTrailer",
    "listenToMusic",
    "call",
    "place",
    "addToBalance",
    "order",
    "shop",
    "membershipBenefits",
    "bookAppointment",
    "bookCar",
    "bookFlight",
    "bookStay",
    "viewOffersRewards",
];
