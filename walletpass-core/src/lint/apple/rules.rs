//! The catalogue of the Apple rules.

use crate::lint::Rule;
use crate::lint::rule::rules;

rules! {
    /// Lists every rule that [`parse`](super::parse) and [`check`](super::check) know.
    ///
    /// The severities combine Apple's documentation, Apple's own library and field reports; they are not the result
    /// of a device test.
    pub const RULES;
    AUTHENTICATION_TOKEN = error("apple-authentication-token", "a `webServiceURL` needs an `authenticationToken` of 16 characters or more");
    APP_LAUNCH_URL = error("apple-app-launch-url", "`appLaunchURL` needs `associatedStoreIdentifiers`");
    ATTRIBUTED_VALUE = error("apple-attributed-value", "`attributedValue` knows only the tag `<a href='…'>`, and `&` and `<` must be escaped");
    BARCODE_ENCODING = error("apple-barcode-encoding", "a barcode names the charset of its message, and the message can be written in it");
    BARCODE_FALLBACK = warning("apple-barcode-fallback", "a linear barcode needs a QR, PDF417 or Aztec code beside it for the watch and older systems");
    BARCODE_INCOMPLETE = error("apple-barcode-incomplete", "a barcode needs a format and a message that is not empty");
    BARCODE_MESSAGE = error("apple-barcode-message", "the message must be one that the bars of its format can say");
    BEACON = error("apple-beacon", "a beacon has a UUID, and `major` and `minor` from 0 to 65535");
    BEACON_COUNT = error("apple-beacon-count", "a pass has at most 10 beacon UUIDs");
    CHANGE_MESSAGE = warning("apple-change-message", "a `changeMessage` has exactly one `%@` and no other `%` directive");
    COLOR = error("apple-color", "a colour is `rgb(r, g, b)` with integers from 0 to 255, or `#rrggbb`");
    CONTRAST = warning("apple-contrast", "text needs a contrast of 3:1 against the background");
    CURRENCY = warning("apple-currency", "a `currencyCode` is one of ISO 4217, without a `numberStyle` beside it");
    DATA_DETECTORS = warning("apple-data-detectors", "`dataDetectorTypes` works on back fields only");
    DATE_FORM = error("apple-date-form", "a date is `YYYY-MM-DDThh:mm[:ss]` with `Z` or `±hh:mm`");
    DATE_FRACTION = warning("apple-date-fraction", "dates are in whole seconds");
    DATE_STYLE = error("apple-date-style", "`dateStyle` and `timeStyle` need a value that is a date");
    DATE_STYLE_PAIR = warning("apple-date-style-pair", "`dateStyle` and `timeStyle` go together");
    DUPLICATE_FIELD_KEY = error("apple-duplicate-field-key", "the `key` of a field is unique in its style");
    DUPLICATE_KEY = error("apple-duplicate-key", "a JSON object has each key once");
    EXPIRED = warning("apple-expired", "a date that lies in the past moves the pass to the expired ones");
    FEATURED_ACTION = error("apple-featured-action", "at most two `featuredActions`, each with a `url` or a place, and not on a poster or semantic scheme");
    FIELD_COUNT = warning("apple-field-count", "more fields than the style draws");
    FIELD_INCOMPLETE = error("apple-field-incomplete", "a field needs a `key` and a `value`");
    FORMAT_VERSION = error("apple-format-version", "`formatVersion` is the number 1");
    GROUPING = warning("apple-grouping", "`groupingIdentifier` works on boarding passes and event tickets only");
    JSON_TYPE = error("apple-json-type", "each key has its JSON type");
    LOCATION = error("apple-location", "a location has a latitude from -90 to 90 and a longitude from -180 to 180, as numbers");
    LOCATION_COUNT = error("apple-location-count", "a pass has at most 10 locations");
    MAX_DISTANCE = error("apple-max-distance", "`maxDistance` is a number of metres above 0");
    MISSING_KEY = error("apple-missing-key", "a required key is missing or blank");
    NULL_VALUE = error("apple-null-value", "nothing is null");
    NUMBER_STYLE = error("apple-number-style", "`currencyCode` and `numberStyle` need a value that is a number");
    /// Section 1.2.
    PASS_TYPE = error("apple-pass-type", "a `passTypeIdentifier` begins with `pass.`");
    PLACEHOLDER = warning("apple-placeholder", "an identifier of somebody's example is left in, or the team is not ten capitals and digits");
    RELEVANCE = warning("apple-relevance", "a date alone brings no coupon or store card to the lock screen");
    RELEVANT_DATE_KEY = warning("apple-relevant-date-key", "iOS 18 reads `relevantDate`, iOS 26 reads `date`");
    RELEVANT_INTERVAL = warning("apple-relevant-interval", "a relevant interval has both ends in order and at most 24 hours apart");
    ROW = error("apple-row", "`row` is 0 or 1, on auxiliary fields of an event ticket");
    SEMANTIC_TYPE = error("apple-semantic-type", "each semantic tag has its type");
    STORE_IDENTIFIER = error("apple-store-identifier", "App Store identifiers are integers");
    STRICT_JSON = error("apple-strict-json", "pass.json is one object in strict JSON, in UTF-8 without a byte order mark");
    STYLE = error("apple-style", "a pass has exactly one style, and `posterGeneric` may stand beside one that is no boarding pass");
    TEXT_ALIGNMENT = error("apple-text-alignment", "`textAlignment` is not for primary and back fields");
    /// The bound of the list.
    TOO_MANY = warning("apple-too-many-findings", "the list of findings is cut at 200");
    TRANSIT_TYPE = error("apple-transit-type", "a boarding pass, and nothing else, has one of the five transit types");
    UNKNOWN_ENUM = error("apple-unknown-enum", "a value is not one of those that Apple names");
    UNKNOWN_KEY = warning("apple-unknown-key", "Wallet ignores a key that it does not know");
    UNUSED_TOKEN = warning("apple-unused-token", "an `authenticationToken` without a `webServiceURL` has no use");
    WEB_SERVICE_URL = error("apple-web-service-url", "`webServiceURL` is an absolute https URL");
    WEB_SERVICE_VERSION = warning("apple-web-service-version", "`webServiceURL` ends before `/v1`, which Wallet appends");
}
