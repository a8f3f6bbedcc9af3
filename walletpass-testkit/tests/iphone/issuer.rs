//! Signs the passes of the tests.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use serde_json::{Value, json};
use walletpass_apple::{Artwork, Identity, Package, Pkpass};
use walletpass_testkit::{Authority, Credentials, Leaf};

use crate::now;

pub(crate) const CLUB: &str = "pass.com.acme.club";
pub(crate) const GYM: &str = "pass.com.acme.gym";
pub(crate) const BASE: &str = "https://acme.com/wallet/";

pub(crate) static AUTHORITY: LazyLock<Authority> = LazyLock::new(Authority::new);
pub(crate) static CREDENTIALS: LazyLock<Credentials> =
    LazyLock::new(|| AUTHORITY.issue_leaf(&Leaf { nfc: true, ..Leaf::new(CLUB, TEAM) }));
pub(crate) static IDENTITIES: LazyLock<BTreeMap<&str, Identity>> = LazyLock::new(|| {
    // The phones tell the same time.
    let club = CREDENTIALS.identity().with_clock(Arc::new(now()));
    let gym = AUTHORITY.identity(GYM, TEAM).with_clock(Arc::new(now()));
    BTreeMap::from([(CLUB, club), (GYM, gym)])
});
static ICONS: LazyLock<Artwork> = LazyLock::new(|| Artwork::prepare(&Default::default()).unwrap());

/// Gives a token of its own to each pass.
pub(crate) fn token(pass_type: &str, serial: &str) -> String {
    format!("token-of-{pass_type}-{}", serial.escape_unicode())
}

pub(crate) fn pass_json(pass_type: &str, serial: &str, points: i64) -> Value {
    json!({
        "formatVersion": 1, "passTypeIdentifier": pass_type, "serialNumber": serial, "teamIdentifier": TEAM,
        "organizationName": "Acme", "description": "Club card",
        "webServiceURL": BASE, "authenticationToken": token(pass_type, serial),
        "storeCard": {
            "headerFields": [{ "key": "points", "label": "points", "value": points, "changeMessage": "You have %@ points" }],
            "secondaryFields": [{ "key": "tier", "label": "Tier", "value": if points < 1000 { "Silver" } else { "Gold" }, "changeMessage": "tier.change" }],
            "backFields": [{ "key": "note", "value": format!("{points} so far") }]
        }
    })
}

pub(crate) fn card(pass_type: &str, serial: &str, points: i64) -> Vec<u8> {
    sign(pass_type, &pass_json(pass_type, serial, points), &[("de.lproj/pass.strings", STRINGS.as_bytes())])
}

pub(crate) fn sign(signer: &str, pass: &Value, more: &[(&str, &[u8])]) -> Vec<u8> {
    pkpass(&IDENTITIES[signer], pass, more).to_vec()
}

pub(crate) fn pkpass(identity: &Identity, pass: &Value, more: &[(&str, &[u8])]) -> Pkpass {
    let mut files: BTreeMap<String, Bytes> =
        ICONS.files().map(|(name, bytes)| (name.to_owned(), bytes.clone())).collect();
    files.insert("pass.json".to_owned(), pass.to_string().into());
    files.extend(more.iter().map(|(name, bytes)| ((*name).to_owned(), Bytes::copy_from_slice(bytes))));
    identity.sign(&Package::from_files(files, identity).unwrap()).unwrap()
}

pub(crate) fn icon() -> Bytes {
    ICONS.files().find(|(name, _)| *name == "icon@2x.png").unwrap().1.clone()
}

pub(crate) const TEAM: &str = "A1B2C3D4E5";
const STRINGS: &str = "\"points\" = \"Punkte\";\n\"tier.change\" = \"Sie sind jetzt %@\";\n\"Gold\" = \"Gold\";\n\"Silver\" = \"Silber\";\n";
