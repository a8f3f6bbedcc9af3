//! The catalogue of the Google rules.

use crate::lint::Rule;
use crate::lint::rule::rules;

rules! {
    /// Lists every rule that [`check`](super::check) knows.
    pub const RULES;
    BARCODE_VALUE = error("google-barcode-value", "the value must be one that the bars of its type can say");
    CARD_ROW = warning("google-card-row", "a generic pass shows a text module on its front only when a card row names it");
    CLASS_ID = error("google-class-id", "the `classId` of the object is the `id` of the class");
    COLOR = error("google-color", "a colour is `#rrggbb` or `#rgb`");
    DATE_FORM = error("google-date-form", "a date is `YYYY-MM-DDThh:mm[:ss[.fff]]`, with or without an offset");
    DATE_OFFSET = error("google-date-offset", "the local times of a flight have no offset, and times of balances and rotating barcodes have one");
    DEPRECATED = warning("google-deprecated", "a field or a spelling is deprecated");
    DRAFT_CLASS = error("google-draft-class", "a class in `DRAFT` can have no objects");
    FIELD_PATH = error("google-field-path", "a `fieldPath` names fields that exist");
    /// Section 1.2.
    FLIGHT_CODE = error("google-flight-code", "codes of airlines and airports have 2 or 3 characters, and a flight number has digits only");
    ID_PREFIX = error("google-id-prefix", "an id begins with the issuer id and a dot");
    ID_SUFFIX = error("google-id-suffix", "what follows the issuer id is made of letters, digits and `._-`");
    IMAGE_HOST = error("google-image-host", "Google's servers can reach the host of an image");
    IMAGE_HTTP = warning("google-image-http", "images are fetched over https");
    IMAGE_SOURCE = error("google-image-source", "an image has exactly one of `sourceUri` and `privateImageId`");
    IMAGE_URL = error("google-image-url", "an image has an absolute URL without user name or password");
    INTERVAL_OFFSET = error("google-interval-offset", "both ends of an interval have an offset, or neither has");
    ISSUER_ID = error("google-issuer-id", "an issuer id is 10 to 20 digits");
    JSON_TYPE = error("google-json-type", "each field has its JSON type");
    LEGACY_LOCATIONS = warning("google-legacy-locations", "`locations` triggers nothing any more");
    LINKED_OBJECT = error("google-linked-object", "at most 50 linked objects, all of the same issuer and none the object itself");
    /// Section 1.8.
    LIST_LENGTH = warning("google-list-length", "more entries than Wallet shows");
    MERCHANT_LOCATION = error("google-merchant-location", "at most 10 merchant locations, within ±90 and ±180 degrees");
    /// Section 1.2.
    ONE_OF = error("google-one-of", "of some fields only one may be set");
    /// Section 1.9.
    PLATFORM_SET = error("google-platform-set", "some fields are set by Google only");
    REQUIRED_FIELD = error("google-required-field", "a required field is missing or blank");
    REVIEW_STATUS = error("google-review-status", "only `UNDER_REVIEW` and `DRAFT` may be written");
    /// Section 1.2.
    SMART_TAP = warning("google-smart-tap", "Smart Tap needs `enableSmartTap`, `redemptionIssuers` and `smartTapRedemptionValue`");
    SMART_TAP_VALUE = error("google-smart-tap-value", "`smartTapRedemptionValue` is ASCII");
    /// Section 1.8.
    TEXT_LENGTH = warning("google-text-length", "a text is longer than recommended and may be cut");
    TEXT_MODULE = warning("google-text-module", "a card item names text modules that are not there, so it shows nothing");
    TEXT_MODULE_ID = error("google-text-module-id", "the id of a text module is made of letters, digits, `_` and `-`");
    TEXT_MODULE_TWICE = error("google-text-module-twice", "each text module of a class or object has an id of its own");
    TEXT_ONLY = error("google-text-only", "a barcode of type `TEXT_ONLY` has no `alternateText`");
    /// The bound of the list.
    TOO_MANY = warning("google-too-many-findings", "the list of findings is cut at 200");
    UNKNOWN_ENUM = error("google-unknown-enum", "a value is not one of those that Google names");
    UNKNOWN_KEY = error("google-unknown-key", "a field does not exist in this schema");
}
