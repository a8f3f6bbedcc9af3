//! The pages around an event or a flight.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use url::Url;

use crate::import::original::Original;
use crate::import::value;
use crate::model::guide::GuidePage;
use crate::model::link::bare_scheme;
use crate::model::service::FlightService;

/// A page that a key of its own at the root leads to, or a link on the back.
pub(super) trait Page: Copy + Ord + 'static {
    /// All of them.
    const ALL: &'static [Self];
    /// Gives the name and the key.
    fn names(self) -> (&'static str, &'static str);
}

impl Page for GuidePage {
    const ALL: &'static [Self] = &[
        Self::Accessibility,
        Self::AddOns,
        Self::BagPolicy,
        Self::Directions,
        Self::Email,
        Self::Merchandise,
        Self::OrderFood,
        Self::Parking,
        Self::Phone,
        Self::PurchaseParking,
        Self::Sell,
        Self::Transfer,
        Self::Transit,
        Self::Website,
    ];

    fn names(self) -> (&'static str, &'static str) {
        (self.name(), self.apple_key())
    }
}

impl Page for FlightService {
    const ALL: &'static [Self] = &[
        Self::Baggage,
        Self::ChangeSeat,
        Self::Email,
        Self::Entertainment,
        Self::LostBag,
        Self::Lounge,
        Self::Manage,
        Self::Phone,
        Self::ServiceAnimal,
        Self::TrackBags,
        Self::Upgrade,
        Self::Website,
        Self::Wheelchair,
        Self::Wifi,
    ];

    fn names(self) -> (&'static str, &'static str) {
        (self.name(), self.apple_key())
    }
}

/// Reads the pages from the keys at the root, else from the links on the back that stand for them in a classic layout.
pub(super) fn pages<P: Page>(original: &mut Original<'_>, fact: &'static str) -> BTreeMap<P, Url> {
    let mut pages = BTreeMap::new();
    for page in P::ALL {
        let (name, key) = page.names();
        let fact = format!("{fact}.{name}");
        let at_root = original.root.get(key);
        let known = at_root.and_then(|json| address(json, bare_scheme(name)));
        if known.is_some() {
            original.account.fact(key, fact.clone());
        } else if at_root.is_some() {
            original.account.raw(key, "it is no whole address: begin it with `https://`");
        }
        let on_back = original.keyed(&format!("_{name}")).and_then(|at| {
            let field = original.fields.get(at).filter(|field| field.group == "backFields")?;
            let url = value::link(field.json.get("value")?.as_str()?)?;
            known.as_ref().is_none_or(|known| is_same(known, &url)).then_some((at, url))
        });
        if let Some((at, _)) = &on_back {
            original.consume(*at, fact);
        }
        if let Some(url) = on_back.map(|(_, url)| url).or(known) {
            pages.insert(*page, url);
        }
    }
    pages
}

/// Says whether a link on the back leads where the key leads, which has no place for the query of a mail address.
fn is_same(known: &Url, on_back: &Url) -> bool {
    let whole = |url: &Url| url.query().is_none();
    known == on_back
        || (whole(known)
            && known.scheme() == on_back.scheme()
            && known.cannot_be_a_base()
            && known.path() == on_back.path())
}

/// Reads the address of a page: a mail address and a telephone number stand there without their scheme.
pub(super) fn address(json: &Json, scheme: Option<&str>) -> Option<Url> {
    let text = json.as_str().filter(|text| !text.is_empty())?;
    value::link(text).or_else(|| value::link(&format!("{}:{text}", scheme?)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use schemars::schema_for;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_page_is_looked_for() {
        let count = |schema: schemars::Schema| {
            let variants = schema.get("oneOf").or(schema.get("enum")).and_then(Json::as_array).unwrap();
            variants.len()
        };
        assert_eq!(GuidePage::ALL.iter().collect::<BTreeSet<_>>().len(), count(schema_for!(GuidePage)));
        assert_eq!(FlightService::ALL.iter().collect::<BTreeSet<_>>().len(), count(schema_for!(FlightService)));
    }

    #[test]
    fn bare_addresses_get_their_scheme_back() {
        for (text, scheme, read) in [
            ("hello@arena.example", Some("mailto"), Some("mailto:hello@arena.example")),
            ("+351220000000", Some("tel"), Some("tel:+351220000000")),
            ("https://arena.example/ask", Some("mailto"), Some("https://arena.example/ask")),
            ("https://arena.example/way", None, Some("https://arena.example/way")),
            ("arena.example/way", None, None),
            ("", Some("tel"), None),
        ] {
            assert_eq!(address(&json!(text), scheme).as_ref().map(Url::as_str), read, "{text}");
        }
    }
}
