//! The catalogue of the Apple rules.

use crate::lint::Rule;
use crate::lint::rule::rules;

rules! {
    /// Lists every rule that [`parse`](super::parse), [`check`](super::check), [`check_files`](super::check_files) and
    /// [`check_update`](super::check_update) know.
    ///
    /// The severities combine Apple's documentation, Apple's own library and field reports; they are not the result
    /// of a device test.
    pub const RULES;
    APP_LAUNCH_URL = error("apple-app-launch-url", "`appLaunchURL` needs `associatedStoreIdentifiers`",
        "Wallet does not know which app to open and refuses the pass.");
    ATTRIBUTED_VALUE = error("apple-attributed-value", "`attributedValue` knows only the tag `<a href='…'>`, and `&` and `<` must be escaped",
        "The markup cannot be read: the field is empty, or the whole pass is refused.", fixable);
    AUTHENTICATION_TOKEN = error("apple-authentication-token", "a `webServiceURL` needs an `authenticationToken` of 16 characters or more",
        "Wallet refuses the whole pass.");
    BARCODE_ENCODING = error("apple-barcode-encoding", "a barcode names the charset of its message, and the message can be written in it",
        "Wallet draws no code, or refuses the whole pass.", fixable);
    BARCODE_FALLBACK = warning("apple-barcode-fallback", "a linear barcode needs a QR, PDF417 or Aztec code beside it for the watch and older systems",
        "The watch and older systems show the pass without a code.");
    BARCODE_INCOMPLETE = error("apple-barcode-incomplete", "a barcode needs a format and a message that is not empty",
        "Wallet refuses the whole pass, or draws no code.");
    BARCODE_MESSAGE = error("apple-barcode-message", "the message must be one that the bars of its format can say",
        "Wallet draws no code.");
    BARCODE_PAIR = warning("apple-barcode-pair", "a barcode stands in `barcodes`, a list",
        "Wallet still reads `barcode`, for the three oldest formats only.", fixable);
    BEACON = error("apple-beacon", "a beacon has a UUID, and `major` and `minor` from 0 to 65535",
        "Wallet refuses the whole pass.", fixable);
    BEACON_COUNT = error("apple-beacon-count", "a pass has at most 10 beacon UUIDs",
        "Apple does not say what becomes of the rest.");
    CHANGE_MESSAGE = warning("apple-change-message", "a `changeMessage` has exactly one `%@` and no other `%` directive",
        "The notification of a change shows the text without the new value, or none comes.", fixable);
    COLOR = error("apple-color", "a colour is `rgb(r, g, b)` with integers from 0 to 255, or `#rrggbb`",
        "Wallet refuses the whole pass; the device log says \"Unable to parse color string\".", fixable);
    CONTACT = warning("apple-contact", "a mailbox or a telephone number is written bare",
        "The button leads nowhere.");
    CONTRAST = warning("apple-contrast", "text needs a contrast of 3:1 against the background",
        "The text can hardly be read.");
    CURRENCY = warning("apple-currency", "a `currencyCode` is one of ISO 4217, without a `numberStyle` beside it",
        "The amount is shown with the wrong currency or none, or in one of two formats.", fixable);
    DATA_DETECTORS = warning("apple-data-detectors", "`dataDetectorTypes` works on back fields only",
        "Wallet ignores the key.", fixable);
    DATE_FORM = error("apple-date-form", "a date is `YYYY-MM-DDThh:mm[:ss]` with `Z` or `±hh:mm`",
        "Wallet refuses the whole pass; the device log says \"Unable to parse … as a date. We expect dates in 'W3C date time stamp format'\".", fixable);
    DATE_FRACTION = warning("apple-date-fraction", "dates are in whole seconds",
        "Some systems refuse the date, and with it the pass.", fixable);
    DATE_STYLE = error("apple-date-style", "`dateStyle` and `timeStyle` need a value that is a date",
        "Wallet refuses the whole pass.", fixable);
    DATE_STYLE_PAIR = warning("apple-date-style-pair", "`dateStyle` and `timeStyle` go together",
        "Systems differ in what they show for the part that has no style.", fixable);
    DUPLICATE_FIELD_KEY = error("apple-duplicate-field-key", "the `key` of a field is unique in its style",
        "Wallet refuses the whole pass; the device log says \"more than one field has the key …. Field keys must be unique\".");
    DUPLICATE_KEY = error("apple-duplicate-key", "a JSON object has each key once",
        "Wallet reads one of the two, and which one is not said.");
    ENCLOSING_FOLDER = error("apple-enclosing-folder", "`pass.json` lies at the root of the archive",
        "Wallet refuses the whole pass; the device log says \"No entry in manifest for file …\".");
    EXPIRED = warning("apple-expired", "a date that lies in the past moves the pass to the expired ones",
        "The pass is put with the expired ones, at once or within a day.");
    FEATURED_ACTION = error("apple-featured-action", "at most two `featuredActions`, each with a `url` or a place, and not on a poster or semantic scheme",
        "Wallet shows no action, or refuses the whole pass.");
    FIELD_COUNT = warning("apple-field-count", "more fields than the style draws",
        "Wallet leaves out what does not fit.");
    FIELD_INCOMPLETE = error("apple-field-incomplete", "a field needs a `key` and a `value`",
        "Wallet refuses the whole pass.");
    FILE_NAME = warning("apple-file-name", "Wallet knows files by their exact names, letter case included",
        "Wallet does not see the file.");
    FORMAT_VERSION = error("apple-format-version", "`formatVersion` is the number 1",
        "Wallet refuses the whole pass.");
    GROUPING = warning("apple-grouping", "`groupingIdentifier` works on boarding passes and event tickets only",
        "Wallet ignores the key.", fixable);
    ICON_MISSING = error("apple-icon-missing", "a pass has an icon",
        "Wallet refuses the whole pass; the device log says \"Pass does not contain icon.png/icon@2x.png/icon@3x.png\".");
    ICON_SCALE = warning("apple-icon-scale", "an icon has the sizes `@2x` and `@3x`",
        "Phones scale another size, and the icon is blurred on the lock screen and in Mail.");
    JSON_TYPE = error("apple-json-type", "each key has its JSON type",
        "Wallet refuses the whole pass, or drops the key; the device log says \"Value for key … must be of class …\".", fixable);
    JUNK_FILE = error("apple-junk-file", "a package holds no files of the system that packed it",
        "A file that is not in the manifest makes Wallet refuse the whole pass.");
    LANGUAGE_FOLDER = error("apple-language-folder", "a language folder is named like `de.lproj`, `pt-BR.lproj` or `zh-Hans.lproj`",
        "Wallet does not look into the folder, so nothing in it is shown.");
    LINK = warning("apple-link", "a link is an absolute URL",
        "The button leads nowhere, or is left out.");
    LOCATION = error("apple-location", "a location has a latitude from -90 to 90 and a longitude from -180 to 180, as numbers",
        "Wallet drops the place or refuses the whole pass.", fixable);
    LOCATION_COUNT = error("apple-location-count", "a pass has at most 10 locations",
        "Apple does not say what becomes of the rest.");
    MAX_DISTANCE = error("apple-max-distance", "`maxDistance` is a number of metres above 0",
        "Wallet silently drops the distance.", fixable);
    MEMBER_NAME = error("apple-member-name", "the name of a file stays within the package and can be written on every system",
        "Wallet refuses the archive, or a reader writes the file to another place.");
    MISSING_KEY = error("apple-missing-key", "a required key is missing or blank",
        "Wallet refuses the whole pass; the device log says \"Pass dictionary must contain key …\".");
    NFC_KEY = error("apple-nfc-key", "the NFC key is a public key of P-256 with a compressed point, in base64 without PEM lines",
        "The reader gets nothing, or Wallet refuses the whole pass; the device log may say \"Pass does not contain VAS information\".", fixable);
    NFC_MESSAGE = error("apple-nfc-message", "an NFC message has 1 to 64 bytes",
        "Wallet cuts what is longer, so the reader gets another message.");
    NFC_SHARING = warning("apple-nfc-sharing", "a pass that asks for Face ID at the reader is not shared",
        "Somebody else may use a copy of the pass.");
    NULL_VALUE = error("apple-null-value", "nothing is null",
        "Wallet refuses the whole pass; the device log says that the value must be of another class.", fixable);
    NUMBER_STYLE = error("apple-number-style", "`currencyCode` and `numberStyle` need a value that is a number",
        "Wallet refuses the whole pass.", fixable);
    PASS_TYPE = error("apple-pass-type", "a `passTypeIdentifier` begins with `pass.`",
        "No certificate of an issuer fits, so Wallet refuses the whole pass.");
    PERSONALIZATION = error("apple-personalization", "a sign-up form has its required keys, and the pass has `nfc`, a web service and a logo for it",
        "Wallet shows no form, or refuses the whole pass.");
    PERSONALIZATION_LOGO = warning("apple-personalization-logo", "a `personalizationLogo` is for a `personalization.json`",
        "Wallet ignores the picture.");
    PICTURE_FORMAT = error("apple-picture-format", "a picture is a PNG of a size that can be decoded",
        "Wallet shows nothing in its place, or refuses the whole pass.");
    PICTURE_LANGUAGES = warning("apple-picture-languages", "every language has the same pictures",
        "Holders of that language see no picture.");
    PICTURE_SCALE = warning("apple-picture-scale", "`@2x` is twice and `@3x` three times as large as the picture without them",
        "The picture is shown smaller, larger or blurred, depending on the phone.");
    PICTURE_SHADOWED = warning("apple-picture-shadowed", "a picture of a language has no namesake at the root",
        "Wallet shows the picture of the root in every language.");
    PICTURE_SIZE = warning("apple-picture-size", "a picture has the size of its slot",
        "Wallet scales or cuts the picture.");
    PICTURE_STRIP = warning("apple-picture-strip", "an event ticket has a strip, or else a background and a thumbnail",
        "Wallet shows the strip and leaves the others out.");
    PICTURE_UNUSED = warning("apple-picture-unused", "a picture is in a slot that the style shows",
        "Wallet does not show the picture.");
    PLACEHOLDER = warning("apple-placeholder", "an identifier of somebody's example is left in, or the team is not ten capitals and digits",
        "The certificate does not fit, so Wallet refuses the pass, or two holders overwrite each other's.");
    POSTER_ALONE = warning("apple-poster-generic-alone", "`posterGeneric` has a classic style beside it",
        "Systems up to iOS 26 cannot add the pass.");
    POSTER_BARCODE = warning("apple-poster-barcode", "a poster ticket has no barcode",
        "Wallet falls back to the classic event ticket, or hides the code.");
    POSTER_TICKET = warning("apple-poster-ticket", "a poster ticket has its tags, `nfc` and a picture",
        "Wallet silently falls back to the classic event ticket; the device log says \"Failed to validate … scheme\" and what is missing.");
    RELEVANCE = warning("apple-relevance", "a date alone brings no coupon or store card to the lock screen",
        "The pass never comes to the lock screen.");
    RELEVANT_DATE_KEY = warning("apple-relevant-date-key", "iOS 18 reads `relevantDate`, iOS 26 reads `date`",
        "One of the two systems does not see the date, so the pass does not come to its lock screen.", fixable);
    RELEVANT_INTERVAL = warning("apple-relevant-interval", "a relevant date is one date, or has both ends in order and at most 24 hours apart",
        "The pass does not come to the lock screen, or for the first 24 hours only.");
    ROW = error("apple-row", "`row` is 0 or 1, on auxiliary fields of an event ticket",
        "Wallet refuses the whole pass, or ignores the key.", fixable);
    SCHEME_KEY = warning("apple-scheme-key", "a key of a style scheme needs that scheme in `preferredStyleSchemes`",
        "Wallet ignores what stands there.");
    SEMANTIC_BOARDING = warning("apple-semantic-boarding-pass", "a semantic boarding pass is for a flight and has its twelve tags",
        "Wallet silently falls back to the classic boarding pass.");
    SEMANTIC_TYPE = error("apple-semantic-type", "each semantic tag has its type",
        "Wallet may refuse the whole pass; the device log says, of a date for instance, \"must be a event info dictionary\".", fixable);
    SEMANTIC_WORD = warning("apple-semantic-word", "a tag for a gate, terminal, platform or zone does not repeat that word",
        "Wallet writes the word twice.");
    STORE_IDENTIFIER = error("apple-store-identifier", "App Store identifiers are integers",
        "Wallet refuses the whole pass.", fixable);
    STRICT_JSON = error("apple-strict-json", "pass.json is one object in strict JSON, in UTF-8 without a byte order mark",
        "Wallet refuses the whole pass; the device log says \"Invalid json\" or Cocoa error 3840.");
    STRINGS_KEYS = warning("apple-strings-keys", "every language translates the same texts",
        "Holders of that language see those texts untranslated.");
    STRINGS_SYNTAX = error("apple-strings-syntax", "a `pass.strings` is lines of `\"key\" = \"value\";` in UTF-8 or UTF-16",
        "Wallet shows the texts untranslated, or refuses the whole pass.");
    STRINGS_TWICE = warning("apple-strings-twice", "a `pass.strings` has each key once",
        "Wallet shows the last of the translations.");
    STRINGS_UNUSED = warning("apple-strings-unused", "the key of a translation is a text of `pass.json`, letter for letter",
        "The translation is never shown.");
    STYLE = error("apple-style", "a pass has exactly one style, and `posterGeneric` may stand beside one that is no boarding pass",
        "Wallet refuses the whole pass; the device log says \"Pass dictionary must have an entry for one of {…}\".");
    STYLE_SCHEME = warning("apple-style-scheme", "`preferredStyleSchemes` lists schemes of the style, and the classic one last",
        "Wallet ignores the list, and older systems may show nothing.", fixable);
    TEXT_ALIGNMENT = error("apple-text-alignment", "`textAlignment` is not for primary and back fields",
        "Wallet ignores the key or refuses the whole pass.", fixable);
    TEXT_LENGTH = warning("apple-text-length", "a text on the front fits its place",
        "Wallet shrinks the text and then cuts it.");
    TIME_ZONE = warning("apple-time-zone", "a time zone has a name of the IANA database",
        "Wallet ignores the zone, and may fall back to the classic layout.");
    /// The bound of the list.
    TOO_MANY = warning("apple-too-many-findings", "the list of findings is cut at 200",
        "What is not listed is there all the same.");
    TRANSIT_TYPE = error("apple-transit-type", "a boarding pass, and nothing else, has one of the five transit types",
        "Wallet refuses the whole pass; the device log says \"Pass dictionary must contain key 'transitType'\".", fixable);
    UNKNOWN_ENUM = error("apple-unknown-enum", "a value is not one of those that Apple names",
        "Wallet takes a default for the value, or refuses the whole pass.", fixable);
    UNKNOWN_KEY = warning("apple-unknown-key", "Wallet ignores a key that it does not know",
        "Wallet ignores what stands there.", fixable);
    UNUSED_TOKEN = warning("apple-unused-token", "an `authenticationToken` without a `webServiceURL` has no use",
        "The pass installs and is never updated.");
    UPCOMING_EVENT = warning("apple-upcoming-event", "an upcoming event has an identifier of its own, a date, and pictures that can be fetched and checked",
        "Wallet leaves out the event or its picture.");
    UPDATE_IDENTITY = error("apple-update-identity", "an update keeps `passTypeIdentifier` and `serialNumber`",
        "The phone refuses the answer of the web service, or adds a second pass.");
    UPDATE_TOKEN = error("apple-update-token", "an update keeps the `authenticationToken`",
        "Phones that hold the old token are turned away and never see a change again.");
    UPDATE_WEB_SERVICE = warning("apple-update-web-service", "an update keeps the `webServiceURL`",
        "Phones that have not fetched the new version ask at the old place.");
    WEB_SERVICE_URL = error("apple-web-service-url", "`webServiceURL` is an absolute https URL",
        "Wallet refuses the whole pass.");
    WEB_SERVICE_VERSION = warning("apple-web-service-version", "`webServiceURL` ends before `/v1`, which Wallet appends",
        "The phone asks for a path that is not there, so the pass is never updated.", fixable);
}
