//! The catalogue of the Google rules.

use crate::lint::Rule;
use crate::lint::rule::rules;

rules! {
    /// Lists every rule that [`check`](super::check) knows.
    ///
    /// Severities and effects follow Google's documentation and reports of issuers; they are not the result of a test against
    /// Google.
    pub const RULES;
    BARCODE_HIDDEN = warning("google-barcode-hidden", "a gift card with a barcode allows to redeem by it",
        "The card is shown without its barcode.");
    BARCODE_VALUE = error("google-barcode-value", "the value must be one that the bars of its type can say",
        "The code cannot be drawn, or a scanner reads something else.");
    BY_ARRANGEMENT = warning("google-by-arrangement", "one device a user, and restrictions of who saves, are arranged with Google first",
        "Google refuses the write or ignores the setting until it has been arranged.");
    CALL_ADDRESS = error("google-call-address", "Google calls back at https addresses on public hosts",
        "Google refuses the write, or you never hear of saves, deletions and activations.");
    CARD_ROW = warning("google-card-row", "a generic pass shows a text module on its front only when a card row names it",
        "The text is in the details only, where few look.");
    CLASS_ID = error("google-class-id", "the `classId` of the object is the `id` of the class",
        "Google looks for the class by that name: the save fails with \"class not found\", or the pass gets the design of another.");
    CODE = warning("google-code", "a country has two capitals, a currency three",
        "Google refuses the write, or formats for another country.");
    COLOR = error("google-color", "a colour is `#rrggbb` or `#rgb`",
        "Google refuses the write.");
    DATE_FORM = error("google-date-form", "a date is `YYYY-MM-DDThh:mm[:ss[.fff]]`, with or without an offset",
        "Google refuses the write.");
    DATE_FORMAT = warning("google-date-format", "a reference to a date says its `dateFormat`, and no other does",
        "The card shows the date as in `2027-03-05T06:30:00Z`, or nothing.");
    DATE_OFFSET = error("google-date-offset", "the local times of a flight have no offset, and times of balances and rotating barcodes have one",
        "Google refuses the write.");
    DEPRECATED = warning("google-deprecated", "a field or a spelling is deprecated",
        "Google takes it and does nothing with it, or will stop taking it.");
    DRAFT_CLASS = error("google-draft-class", "a class in `DRAFT` can have no objects",
        "Google refuses every object of the class.");
    EMAIL_HASH = error("google-email-hash", "`restrictToEmailSha256` is a SHA-256 in lower-case hexadecimal digits",
        "Nobody can save the pass: no address has such a hash.");
    FIELD_PATH = error("google-field-path", "a `fieldPath` names fields that exist",
        "Google refuses the class, or the item stays empty.");
    FLIGHT_CODE = error("google-flight-code", "codes of airlines and airports have 2 or 3 characters, and a flight number has digits only",
        "Google refuses the write, or finds no status for the flight.");
    ID_PREFIX = error("google-id-prefix", "an id begins with the issuer id and a dot",
        "Google refuses the write: invalid resource id, or no permission for the issuer.");
    ID_SUFFIX = error("google-id-suffix", "what follows the issuer id is made of letters, digits and `._-`",
        "Google refuses the write: invalid resource id.");
    IMAGE_HOST = error("google-image-host", "Google's servers can reach the host of an image",
        "Google fetches images when the pass is written, and the write fails.");
    IMAGE_HTTP = warning("google-image-http", "images are fetched over https",
        "Google takes it for now, and whoever is on the way can exchange the image.");
    IMAGE_SOURCE = error("google-image-source", "an image has exactly one of `sourceUri` and `privateImageId`",
        "Google refuses the write.");
    IMAGE_URL = error("google-image-url", "an image has an absolute URL without user name or password",
        "Google cannot fetch the image, and refuses the write.");
    INTERVAL_OFFSET = error("google-interval-offset", "both ends of an interval have an offset, or neither has",
        "Google refuses the write.");
    INTERVAL_ORDER = error("google-interval-order", "an end does not come before its beginning",
        "The pass is never valid, and Google moves it to the expired ones; an event is over before it begins.");
    ISSUER_ID = error("google-issuer-id", "an issuer id is 10 to 20 digits",
        "Google refuses the write: no permission for such an issuer.");
    JSON_TYPE = error("google-json-type", "each field has its JSON type",
        "Google refuses the write.");
    LANGUAGE = warning("google-language-tag", "a language is a tag of BCP 47",
        "No phone has that language, so the text is never shown.");
    LEGACY_LOCATIONS = warning("google-legacy-locations", "`locations` triggers nothing any more",
        "Nothing is shown near these places.");
    LINK = error("google-link", "a link begins with its scheme",
        "Google refuses the write, or the link opens nothing.");
    LINKED_OBJECT = error("google-linked-object", "at most 50 linked objects, all of the same issuer and none the object itself",
        "Google refuses the link, or leaves out what is beyond the limit.");
    LIST_LENGTH = warning("google-list-length", "more entries than Wallet shows",
        "What is beyond the limit is not shown.");
    MERCHANT_LOCATION = error("google-merchant-location", "at most 10 merchant locations, within ±90 and ±180 degrees",
        "Google refuses the write.");
    MESSAGE_TYPE = warning("google-message-type", "a message is `TEXT` or `TEXT_AND_NOTIFY`",
        "The message is not shown as meant, and nobody is notified.");
    ONE_OF = error("google-one-of", "of some fields only one may be set",
        "Google refuses the write.");
    PLATFORM_SET = error("google-platform-set", "some fields are set by Google only",
        "Google ignores what you write there.");
    PREDEFINED_ITEM = error("google-predefined-item", "only flights have predefined items on their cards",
        "Google refuses the class, or the item stays empty.");
    PRIVATE_IMAGE = error("google-private-image", "a private image stands in an image module of an object",
        "Google refuses the write, or shows no image.");
    REMINDER = warning("google-reminder", "a notice of a generic pass counts from its `validTimeInterval`",
        "The notice never comes.");
    RENDER_ENCODING = warning("google-render-encoding", "`renderEncoding` is for QR codes only",
        "Google ignores it, or refuses the write.");
    REQUIRED_FIELD = error("google-required-field", "a required field is missing or blank",
        "Google refuses the write, and a save link says \"Something went wrong\".");
    REVIEW_STATUS = error("google-review-status", "only `UNDER_REVIEW` and `DRAFT` may be written",
        "Google refuses the write.");
    ROTATING_BARCODE = error("google-rotating-barcode", "a rotating barcode is QR or PDF417 and says how its codes are made",
        "Google refuses the write, or shows codes that no scanner accepts.");
    ROTATING_KEY = warning("google-rotating-key", "the key of a rotating barcode has 16 bytes or more",
        "Whoever scans a few codes can compute the key, and so every later code.");
    ROTATING_STILL = warning("google-rotating-still", "the pattern of a rotating barcode names a code",
        "The barcode stays the same for ever, and a picture of it is as good as the pass.");
    SMART_TAP = warning("google-smart-tap", "Smart Tap needs `enableSmartTap`, `redemptionIssuers` and `smartTapRedemptionValue`",
        "Nothing is sent to the reader when the phone is held to it.");
    SMART_TAP_VALUE = error("google-smart-tap-value", "`smartTapRedemptionValue` is ASCII",
        "Google refuses the write, or the reader gets something else.");
    TEXT_LENGTH = warning("google-text-length", "a text is longer than recommended and may be cut",
        "The text is cut or pushes others aside, on small phones first.");
    TEXT_MODULE = warning("google-text-module", "a card item names text modules that are not there, so it shows nothing",
        "The place on the card stays empty.");
    TEXT_MODULE_ID = error("google-text-module-id", "the id of a text module is made of letters, digits, `_` and `-`",
        "No card row finds the text module: the dot would end its path.");
    TEXT_MODULE_TWICE = error("google-text-module-twice", "each text module of a class or object has an id of its own",
        "A card row reaches one of the two only.");
    TEXT_ONLY = error("google-text-only", "a barcode of type `TEXT_ONLY` has no `alternateText`",
        "Google refuses the write.");
    /// The bound of the list.
    TOO_MANY = warning("google-too-many-findings", "the list of findings is cut at 200",
        "Nothing happens to the pass by this: the list of findings is bounded.");
    TRANSLATIONS = warning("google-translations", "translations have a default beside them, and each language comes once",
        "Holders of other languages see nothing, or it is chance which text they see.");
    UNKNOWN_ENUM = error("google-unknown-enum", "a value is not one of those that Google names",
        "Google refuses the write.");
    UNKNOWN_KEY = error("google-unknown-key", "a field does not exist in this schema",
        "Google refuses the write or ignores the field; either way nobody sees it.");
}
