//! The catalogue of what a projection finds in a pass, before there is a wire form to judge.

use crate::lint::{Rule, rules};

rules! {
    /// Lists every rule that [`apple`](fn@super::apple) and [`google`](fn@super::google) know beside those of the lint.
    pub const RULES;

    LOGO_NOT_PUBLIC = error("google-logo-not-public", "the logo of a loyalty card or transit ticket has a public address, from which Google fetches it",
        "Google refuses the class: it must have a logo.");
    EXTRA_IDENTITY = error("pass-extra-identity", "raw JSON leaves the identity of the pass alone");
    FLIGHT_TIME_ZONE = warning("apple-flight-time-zone", "the airports of a flight have time zones, which turn local times into instants");
    LINK_SCHEME = error("pass-link-scheme", "a link leads to the web, a telephone, a mailbox or a map, that of a button to an app too");
    NO_NOTICE = warning("google-no-notice", "Google notifies of changes of every kind of pass but the generic one",
        "The pass changes, and nobody is told.");
    OVERRIDDEN = warning("pass-raw-over-fact", "raw JSON adds to the facts of the pass and does not stand over them",
        "The wallet shows the raw JSON, and the pass says something else.");
    PICTURE_BY_ADDRESS = warning("apple-picture-by-address", "a picture for Apple is given by its bytes");
    PLAIN_ICON = warning("apple-plain-icon", "a pass has an icon or a logo");
    ROTATING_ONLY = warning("apple-rotating-only", "a pass with a rotating barcode has another one, which Apple shows");
    TOO_MANY = error("pass-too-many", "every list of a pass, of fields, links, dates, places, beacons, actions, performers, further events, has at most 500 entries");
    TOO_MANY_TRANSLATIONS = error("apple-too-many-translations", "a pass has at most 100,000 translated texts and 500 translated pictures over all languages");
    TRANSLATION_CONFLICT = error("apple-translation-conflict", "one text of a pass has at most 20 different translations into each language");
    UNKNOWN_DETAIL = warning("google-unknown-detail", "the order of the details names fields that the pass has",
        "The name is left out, and the others stand in their order.");
    UNUSED_WORDING = warning("pass-unused-wording", "wording is for roles that the pass shows");
}
