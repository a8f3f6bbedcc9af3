//! Devices answered out of a store, where that differs from a host's own tables.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::Arc;

use serde_json::json;
use support::{CLUB, TOKEN, Tables, answer, at_once, pass_type, request, serial, shop};
use walletpass_core::{PassTypeId, Serial};
use walletpass_webservice::DeviceApi;
use walletpass_webservice::device::{DeviceError, DeviceService, Register};
use walletpass_webservice::store::{Store, Write};

const REGISTRATION: &str = "/v1/devices/d1f2/registrations/pass.com.acme.club/4711";
const LIST: &str = "/v1/devices/d1f2/registrations/pass.com.acme.club";
const PASS: &str = "/v1/passes/pass.com.acme.club/4711";

fn names() -> (PassTypeId, Serial) {
    (pass_type(CLUB), serial("4711"))
}

fn registered() -> String {
    format!("POST {REGISTRATION}\nAuthorization: ApplePass {TOKEN}\n\n{{\"pushToken\":\"00aa11bb\"}}")
}

/// Every tag that is none of this store lists all passes, and so does one of the future.
#[test]
fn a_tag_of_elsewhere_lists_everything() {
    let (api, _) = shop();
    assert_eq!(answer(&api, request(&registered())).status, 201);
    for tag in ["", "0", "now", "2016-08-28", "-1", "99", "18446744073709551615", "18446744073709551616", "%E5%B8%AD"] {
        let given = answer(&api, request(&format!("GET {LIST}?passesUpdatedSince={tag}")));
        assert_eq!(given.json(), json!({ "serialNumbers": ["4711"], "lastUpdated": "1" }), "{tag}");
    }
    assert_eq!(answer(&api, request(&format!("GET {LIST}?passesUpdatedSince=1"))).status, 204);
}

/// Two versions within one second have two dates, and the device gets the second.
#[test]
fn two_changes_in_one_second_are_both_fetched() {
    let (api, shop) = shop();
    let (pass_type, serial) = names();
    let fetch = |since: &str| {
        let head = format!("GET {PASS}\nAuthorization: ApplePass {TOKEN}");
        let given = answer(&api, request(&format!("{head}\nIf-Modified-Since: {since}")));
        (given.status.as_u16(), given.header("last-modified").to_owned(), given.body)
    };
    let (_, first, body) = fetch("");
    assert_eq!(body, "PK:first");
    shop.put(&pass_type, &serial, TOKEN, "second", "2026-11-21T10:00:00.8Z");
    let (_, second, body) = fetch(&first);
    assert_eq!(body, "PK:second");
    assert_eq!(fetch(&second).0, 304);
}

#[test]
fn a_pass_that_went_meanwhile_is_unknown() {
    let (api, shop) = shop();
    assert_eq!(answer(&api, request(&registered())).status, 201);
    let (pass_type, serial) = names();
    let expected = shop.stored(&pass_type, &serial).unwrap().tag;
    let at = "2026-11-21T11:00:00Z".parse().unwrap();
    let key = shop.key(&pass_type, &serial);
    at_once(shop.store.commit(vec![Write::DeletePass { key, expected, at }])).unwrap();

    let (device, push_token) = ("d1f2".parse().unwrap(), "00aa11bb".parse().unwrap());
    let late = at_once(shop.passes().register(Register { device, pass_type, serial, push_token }));
    assert!(matches!(late, Err(DeviceError::UnknownPass)), "{late:?}");
    for text in
        [registered(), registered().replace("POST", "DELETE"), format!("GET {PASS}\nAuthorization: ApplePass {TOKEN}")]
    {
        assert_eq!(answer(&api, request(&text)).status, 401, "{text}");
    }
    let form = format!("POST {PASS}/personalize\n\n{{\"personalizationToken\":\"4A7F\"}}");
    assert_eq!(answer(&api, request(&form)).status, 401);
    assert_eq!(answer(&api, request(&format!("GET {LIST}"))).status, 204);
}

#[test]
fn tenants_see_nothing_of_each_other() {
    let (api, shop) = shop();
    let (pass_type, serial) = names();
    let other = shop.of("other");
    other.put(&pass_type, &serial, "token-of-the-other", "other", "2026-11-21T10:00:00Z");
    let other_api = DeviceApi::new(Arc::new(other.passes()));
    assert_eq!(answer(&api, request(&registered())).status, 201);
    assert_eq!(answer(&other_api, request(&registered())).status, 401);
    assert_eq!(answer(&other_api, request(&format!("GET {LIST}"))).status, 204);
    let fetch = format!("GET {PASS}\nAuthorization: ApplePass token-of-the-other");
    assert_eq!(answer(&other_api, request(&fetch)).body, "PK:other");
    assert_eq!(answer(&api, request(&fetch)).status, 401);
}

#[test]
fn a_sign_up_reaches_the_host_with_its_pass() {
    let (api, _) = shop();
    let given = answer(&api, request(&format!("POST {PASS}/personalize\n\n{{\"personalizationToken\":\"4A7F\"}}")));
    assert_eq!((given.status.as_u16(), given.header("content-type")), (200, "application/octet-stream"));
    assert_eq!(given.body, "4A7F");
}
