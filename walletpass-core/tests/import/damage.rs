//! What holds of every pass that is imported, however damaged.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Map, Value};
use walletpass_core::{Pass, import};

use crate::packages::{Package, all_packages, apple, carried};

/// JSON over keys that matter.
fn member() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e18..1e18f64).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop_oneof![
            Just("2027-03-05T20:00:00+01:00"),
            Just("9999-12-31T23:59:59-23:59"),
            Just("0001-01-01T00:00Z"),
            Just("PKDateStyleShort"),
            Just("PKNumberStylePercent"),
            Just("PKTransitTypeAir"),
            Just("EUR"),
            Just("<a href='https://a.example'>a</a>"),
            Just("rgb(1, 2, 3)"),
            Just("OPO"),
            Just("XB 123"),
            Just("Europe/Lisbon"),
            Just("F8F589E9-C07E-58D9-FB13-EA50F9F2B9CB"),
            Just("MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACbZx51XdHVV3dUJQGmARCF9STSkZtI0L2HNBxkkBV3xc="),
            Just("https://a.example/b"),
            Just("viewSchedule"),
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let key = prop_oneof![
            Just("key"),
            Just("value"),
            Just("label"),
            Just("changeMessage"),
            Just("attributedValue"),
            Just("dateStyle"),
            Just("currencyCode"),
            Just("numberStyle"),
            Just("message"),
            Just("format"),
            Just("latitude"),
            Just("date"),
            Just("identifier"),
            Just("type"),
            Just("url"),
            Just("proximityUUID"),
            Just("name"),
            Just("semantics"),
            Just("venueName"),
            Just("URLs"),
            Just("encryptionPublicKey"),
            Just("description"),
            Just("x"),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(key.prop_map(str::to_owned), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Lists the paths of a JSON document.
fn paths(json: &Value, path: Vec<String>, all: &mut Vec<Vec<String>>) {
    let inner: Vec<(String, &Value)> = match json {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (step, value) in inner {
        let path = [path.clone(), vec![step]].concat();
        all.push(path.clone());
        paths(value, path, all);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// The law of the import, over passes in which anything may be wrong.
    #[test]
    fn a_damaged_pass_draws_itself(
        which in 0..25usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), member(), any::<bool>()), 1..4),
    ) {
        static ALL: LazyLock<Vec<Package>> = LazyLock::new(all_packages);
        let mut package = ALL[which].clone();
        // Artificial keys of texts are resolved, which is another test.
        package.files.retain(|name, _| !name.ends_with(".strings"));
        let mut json = Value::from(package.pass);
        for (at, value, removes) in changes {
            let mut all = Vec::new();
            paths(&json, Vec::new(), &mut all);
            let Some((last, outer)) = all[at.index(all.len())].split_last() else { continue };
            let outer = format!("{}{}", if outer.is_empty() { "" } else { "/" }, outer.join("/"));
            match json.pointer_mut(&outer) {
                Some(Value::Object(members)) if removes => drop(members.remove(last)),
                Some(Value::Object(members)) => drop(members.insert(last.clone(), value)),
                Some(Value::Array(items)) => items[last.parse::<usize>().unwrap()] = value,
                _ => {}
            }
        }
        package.pass = json.as_object().unwrap().clone();
        if let Ok(imported) = package.import() {
            prop_assert_eq!(Value::from(carried(&apple(&imported.pass).pass)), Value::from(carried(&package.pass)));
            let again = Pass::from_json(&serde_json::to_vec(&imported.pass).unwrap()).unwrap();
            prop_assert_eq!(&again, &imported.pass);
            imported.redrawn();
        }
    }

    /// Nothing panics, whatever stands under the keys that are read.
    #[test]
    fn any_json_is_read_or_refused(
        members in proptest::collection::hash_map(
            prop::sample::select(vec![
                "organizationName", "description", "logoText", "backgroundColor", "barcodes", "barcode", "locations", "relevantDate",
                "relevantDates", "expirationDate", "voided", "semantics", "groupingIdentifier", "coupon", "x", "nfc", "beacons",
                "featuredActions", "upcomingPassInformation", "eventLogoText", "footerBackgroundColor", "useAutomaticColors",
                "parkingInformationURL", "contactVenueEmail",
            ]),
            member(), 0..8,
        ),
        groups in proptest::collection::hash_map(
            prop::sample::select(vec!["headerFields", "primaryFields", "backFields", "additionalInfoFields", "footerFields", "transitType"]), member(), 0..4,
        ),
        style in prop::sample::select(vec!["boardingPass", "eventTicket", "storeCard", "generic", "posterGeneric"]),
        strings in proptest::collection::vec(any::<u8>(), 0..60),
        form in member(),
    ) {
        let mut pass: Map<String, Value> = members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        pass.insert("serialNumber".to_owned(), "1".into());
        pass.insert(style.to_owned(), Value::Object(groups.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()));
        let form = serde_json::to_vec(&form).unwrap();
        let files = BTreeMap::from([
            ("de.lproj/pass.strings", strings.as_slice()),
            ("icon.png", strings.as_slice()),
            ("personalization.json", form.as_slice()),
        ]);
        let imported = import::apple(&pass, &files).unwrap();
        if imported.pass.language.as_str() == "en" {
            prop_assert_eq!(Value::from(carried(&apple(&imported.pass).pass)), Value::from(carried(&pass)));
        }
    }
}
