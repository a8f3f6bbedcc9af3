//! Cases of links, of addresses that Google calls, and of codes of languages, countries and currencies.

use serde_json::{Value, json};

use super::super::Vertical::{Flight, Generic, GiftCard, Loyalty, Offer, Transit};
use super::super::rules;
use super::{Case, both, class, object, text};

pub(super) fn cases() -> Vec<Case> {
    let link = |uri: &str| object(json!({ "linksModuleData": { "uris": [{ "id": "a", "uri": uri }] } }));
    let call = |url: &str| class(json!({ "callbackOptions": { "url": url } }));
    let translated = |default: Value, languages: &[&str]| {
        let values: Value = languages.iter().map(|tag| json!({ "language": tag, "value": "x" })).collect();
        class(json!({ "localizedIssuerName": { "defaultValue": default, "translatedValues": values } }))
    };
    let default = json!({ "language": "en", "value": "x" });
    let activation = |url: &str| {
        both(
            json!({ "activationOptions": { "activationUrl": url } }),
            json!({ "activationStatus": { "state": "ACTIVATED" } }),
        )
    };
    let price = |code: &str| object(json!({ "balance": { "micros": "1", "currencyCode": code } }));
    vec![
        (
            rules::LINK,
            Loyalty,
            link("www.acme.example/shop"),
            link("https://www.acme.example/shop"),
            "object.linksModuleData.uris[0].uri",
        ),
        (rules::LINK, Generic, link("acme.example:8080"), link("geo:41.1,-8.6"), "object.linksModuleData.uris[0].uri"),
        (rules::LINK, Generic, link("+351 220 000"), link("tel:+351220000"), "object.linksModuleData.uris[0].uri"),
        (
            rules::LINK,
            Offer,
            class(json!({ "helpUri": { "uri": "help@acme.example" } })),
            class(json!({ "helpUri": { "uri": "mailto:help@acme.example" } })),
            "class.helpUri.uri",
        ),
        (
            rules::LINK,
            Offer,
            object(json!({ "valueAddedModuleData": [{ "header": text("More"), "uri": "/more" }] })),
            object(json!({ "valueAddedModuleData": [{ "header": text("More"), "uri": "https://acme.example/more" }] })),
            "object.valueAddedModuleData[0].uri",
        ),
        (
            rules::CALL_ADDRESS,
            Loyalty,
            call("http://acme.example/google"),
            call("https://acme.example:8443/google?a=b"),
            "class.callbackOptions.url",
        ),
        (rules::CALL_ADDRESS, Loyalty, call("https://localhost/google"), json!({}), "class.callbackOptions.url"),
        (
            rules::CALL_ADDRESS,
            Loyalty,
            call("https://10.0.0.1/"),
            call("https://203.0.113.9/"),
            "class.callbackOptions.url",
        ),
        (rules::CALL_ADDRESS, Loyalty, call("https://me:pw@acme.example/"), json!({}), "class.callbackOptions.url"),
        (rules::CALL_ADDRESS, Generic, call("acme.example"), json!({}), "class.callbackOptions.url"),
        (
            rules::CALL_ADDRESS,
            Transit,
            activation("http://acme.example"),
            activation("https://acme.example"),
            "class.activationOptions.activationUrl",
        ),
        (
            rules::LANGUAGE,
            Loyalty,
            translated(default.clone(), &["pt_BR"]),
            translated(default.clone(), &["pt-BR", "pt"]),
            "class.localizedIssuerName.translatedValues[0].language",
        ),
        (
            rules::LANGUAGE,
            Flight,
            class(json!({ "languageOverride": "English" .repeat(2) })),
            class(json!({ "languageOverride": "zh-Hant" })),
            "class.languageOverride",
        ),
        (
            rules::TRANSLATIONS,
            Loyalty,
            translated(json!(null), &["de"]),
            translated(json!(null), &[]),
            "class.localizedIssuerName.defaultValue",
        ),
        (
            rules::TRANSLATIONS,
            Loyalty,
            translated(default.clone(), &["de", "pt", "DE"]),
            translated(default, &["de", "de-CH"]),
            "class.localizedIssuerName.translatedValues[2].language",
        ),
        (
            rules::CODE,
            Loyalty,
            class(json!({ "countryCode": "pt" })),
            class(json!({ "countryCode": "PT" })),
            "class.countryCode",
        ),
        (rules::CODE, GiftCard, price("€"), price("EUR"), "object.balance.currencyCode"),
    ]
}
