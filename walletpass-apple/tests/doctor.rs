//! Credentials as people have them, broken in all the usual ways: each gets a note of its own, and the notes agree with the
//! loading. Accept a change of the golden file with `INSTA_UPDATE=always cargo test -p walletpass-apple --test doctor`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, TimeDelta, Utc};
use openssl::base64;
use openssl::pkey::PKey;
use support::shapes::{
    certificate_only, empty_p12, export, foreign_cipher, in_ber, key_only, request, without_intermediate, without_mac,
};
use support::{PASS_TYPE, TEAM, at, authority, noon, package};
use walletpass_apple::doctor::{Outcome, Part, RULES};
use walletpass_apple::{Diagnosis, Identity};
use walletpass_core::Secret;
use walletpass_testkit::{Authority, Credentials, KeyKind, Leaf};

/// What is examined and what is loaded: the same.
enum Set {
    P12 { p12: Vec<u8>, passphrase: Secret<String>, intermediates: Vec<Vec<u8>> },
    Pem { certificate: Vec<u8>, key: Vec<u8>, passphrase: Option<Secret<String>>, intermediates: Vec<Vec<u8>> },
}

impl Set {
    fn p12(p12: Vec<u8>, passphrase: &str) -> Self {
        Self::P12 { p12, passphrase: Secret::from(passphrase), intermediates: Vec::new() }
    }

    fn pem(certificate: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>, passphrase: Option<&str>) -> Self {
        let intermediates = vec![authority().intermediate_der()];
        let passphrase = passphrase.map(Secret::from);
        Self::Pem { certificate: certificate.into(), key: key.into(), passphrase, intermediates }
    }

    fn with(mut self, given: Vec<Vec<u8>>) -> Self {
        let (Self::P12 { intermediates, .. } | Self::Pem { intermediates, .. }) = &mut self;
        *intermediates = given;
        self
    }

    fn diagnose(&self, now: DateTime<Utc>) -> Diagnosis {
        match self {
            Self::P12 { p12, passphrase, intermediates } => {
                Diagnosis::of_p12(p12, passphrase, &slices(intermediates), now)
            }
            Self::Pem { certificate, key, passphrase, intermediates } => {
                Diagnosis::of_pem(certificate, Some(key), passphrase.as_ref(), &slices(intermediates), now)
            }
        }
    }

    fn load(&self) -> Result<Identity, walletpass_apple::Error> {
        match self {
            Self::P12 { p12, passphrase, intermediates } => Identity::from_p12(p12, passphrase, &slices(intermediates)),
            Self::Pem { certificate, key, passphrase, intermediates } => {
                Identity::from_pem(certificate, key, passphrase.as_ref(), &slices(intermediates))
            }
        }
    }
}

fn slices(vectors: &[Vec<u8>]) -> Vec<&[u8]> {
    vectors.iter().map(Vec::as_slice).collect()
}

/// Every case: its name, the set, the instant. Made once, for the keys take their time.
fn cases() -> impl Iterator<Item = (&'static str, &'static Set, DateTime<Utc>)> {
    static CASES: OnceLock<Vec<(&str, Set, DateTime<Utc>)>> = OnceLock::new();
    let make = || healthy().into_iter().chain(broken_p12()).chain(broken_pem()).chain(broken_certificates()).collect();
    CASES.get_or_init(make).iter().map(|(name, set, now)| (*name, set, *now))
}

fn healthy() -> Vec<(&'static str, Set, DateTime<Utc>)> {
    let rsa = authority().issue(PASS_TYPE, TEAM);
    let ec = issue(Leaf { key: KeyKind::Ec, ..leaf() });
    let nfc = issue(Leaf { nfc: true, ..leaf() });
    let chain = format!("{}{}", ec.certificate_pem(), authority().intermediate_pem());
    let g3 = Authority::new().intermediate_der();
    vec![
        ("healthy, RSA", p12_of(&rsa), noon()),
        ("healthy, EC as PEM", Set::pem(chain, text(&ec.key_pem()), None).with(vec![]), noon()),
        ("healthy, NFC", p12_of(&nfc), noon()),
        (
            "healthy, encrypted key and a .cer",
            Set::pem(rsa.certificate_der(), text(&rsa.key_pem_encrypted()), Some("correct horse")),
            noon(),
        ),
        ("healthy, a passphrase without need", Set::pem(ec.certificate_pem(), text(&ec.key_pem()), Some("x")), noon()),
        ("healthy, empty passphrase", Set::p12(export(&ec, ""), ""), noon()),
        (
            "healthy, passphrase not ASCII",
            Set::p12(export(&ec, "Schlüssel für Pässe €"), "Schlüssel für Pässe €"),
            noon(),
        ),
        ("healthy, without MAC", Set::p12(without_mac(&export(&ec, "x")), "x"), noon()),
        ("healthy, an intermediate without need", p12_of(&rsa).with(vec![g3]), noon()),
        ("healthy, but expires soon", p12_of(&rsa), at("2044-12-24T12:00:00Z")),
        ("healthy, Keychain's P12", Set::p12(KEYCHAIN.to_vec(), "keychain"), noon()),
        (
            "healthy, OpenSSL's -legacy",
            Set::p12(include_bytes!("fixtures/openssl-legacy.p12").to_vec(), "legacy"),
            noon(),
        ),
    ]
}

fn broken_p12() -> Vec<(&'static str, Set, DateTime<Utc>)> {
    let good = issue(Leaf { key: KeyKind::Ec, ..leaf() });
    let p12 = good.p12();
    let both = format!("{}{}", good.certificate_pem(), text(&good.key_pem()));
    let retyped = String::from_utf8_lossy(&p12).into_owned().into_bytes();
    let set = |passphrase: &str| Set::p12(p12.clone(), passphrase);
    vec![
        ("wrong passphrase", set("wrong"), noon()),
        ("wrong passphrase, not ASCII", set("Schlüssel"), noon()),
        ("passphrase with a line break", set("correct horse\r\n"), noon()),
        ("passphrase with blanks", set(" correct horse "), noon()),
        ("passphrase in quotation marks", set("\"correct horse\""), noon()),
        ("passphrase left out", set(""), noon()),
        ("passphrase where there is none", Set::p12(export(&good, ""), "x"), noon()),
        ("passphrase made with a line break", Set::p12(export(&good, "x\n"), "x"), noon()),
        ("passphrase taken byte by byte", Set::p12(export(&good, "SchlÃ¼ssel"), "Schlüssel"), noon()),
        // Of a fixture, for one wrong passphrase in 256 decrypts to something that looks whole.
        ("wrong passphrase without MAC", Set::p12(without_mac(KEYCHAIN), "wrong"), noon()),
        ("unlucky passphrase without MAC", Set::p12(without_mac(KEYCHAIN), "wrong96"), noon()),
        ("P12 with a certificate only", Set::p12(certificate_only(&good), "x"), noon()),
        ("P12 with a key only", Set::p12(key_only(&good), "x"), noon()),
        ("P12 with neither", Set::p12(empty_p12(), "x"), noon()),
        ("P12 with a cipher that is not there", Set::p12(foreign_cipher(&without_mac(&p12)), "correct horse"), noon()),
        ("P12 in BER", Set::p12(in_ber(&p12), "correct horse"), noon()),
        ("PEM as P12", Set::p12(both.into_bytes(), "x").with(vec![authority().intermediate_der()]), noon()),
        (".cer as P12", Set::p12(good.certificate_der(), "x").with(vec![authority().intermediate_der()]), noon()),
        ("base64 as P12", Set::p12(base64::encode_block(&p12).into_bytes(), "correct horse"), noon()),
        ("cut-off P12", Set::p12(p12[..p12.len() / 2].to_vec(), "correct horse"), noon()),
        ("P12 read as text", Set::p12(retyped, "correct horse"), noon()),
        ("empty file as P12", Set::p12(Vec::new(), "correct horse"), noon()),
        (".pkpass as P12", Set::p12(b"PK\x03\x04 and so on".to_vec(), "correct horse"), noon()),
    ]
}

fn broken_pem() -> Vec<(&'static str, Set, DateTime<Utc>)> {
    let good = issue(Leaf { key: KeyKind::Ec, ..leaf() });
    let (certificate, key) = (good.certificate_pem(), text(&good.key_pem()));
    let pkey = PKey::private_key_from_pem(key.as_bytes()).unwrap();
    let public = pkey.public_key_to_pem().unwrap();
    let other = text(&authority().issue(PASS_TYPE, TEAM).key_pem());
    let sibling = text(&issue(Leaf { key: KeyKind::Ec, ..leaf() }).key_pem());
    let encrypted = text(&good.key_pem_encrypted());
    let der = pkey.private_key_to_pkcs8_passphrase(openssl::symm::Cipher::aes_256_cbc(), b"x").unwrap();
    let encrypted_der = Set::pem(certificate.clone(), der, Some("x"));
    let flat = certificate.replace('\n', " ");
    let set = |certificate: &str, key: &str| Set::pem(certificate, key, None);
    vec![
        ("P12 as PEM", Set::pem(good.p12(), key.clone(), Some("correct horse")).with(vec![]), noon()),
        ("encrypted key in DER", encrypted_der, noon()),
        ("request as certificate", Set::pem(request(&good), key.clone(), None), noon()),
        ("certificate and key exchanged", set(&key, &certificate), noon()),
        ("PEM without line breaks", set(&flat, &key), noon()),
        ("damaged certificate", set(&certificate.replacen("MII", "!!!", 1), &key), noon()),
        ("public key as private", Set::pem(certificate.clone(), public, None), noon()),
        ("DER as key", Set::pem(certificate.clone(), pkey.private_key_to_pkcs8().unwrap(), None), noon()),
        ("P12 as key", Set::pem(certificate.clone(), good.p12(), Some("correct horse")), noon()),
        ("key of OpenSSH", set(&certificate, OPENSSH), noon()),
        ("damaged key", set(&certificate, &key.replacen("MI", "!!", 1)), noon()),
        ("key of another certificate", set(&certificate, &sibling), noon()),
        ("key of another kind", set(&certificate, &other), noon()),
        ("encrypted key, no passphrase", set(&certificate, &encrypted), noon()),
        ("encrypted key, line break", Set::pem(certificate.clone(), encrypted, Some("correct horse\n")), noon()),
        ("JSON as certificate", set("{}", "{}"), noon()),
    ]
}

fn broken_certificates() -> Vec<(&'static str, Set, DateTime<Utc>)> {
    let stranger = Authority::new().intermediate_pem();
    let other = |name: &str| {
        let leaf = Leaf { common_name: Some(name.into()), marker: None, pass_usage: false, ..leaf() };
        p12_of(&issue(leaf))
    };
    let of = |leaf: Leaf| p12_of(&issue(Leaf { key: KeyKind::Ec, ..leaf }));
    let bare = || Set::p12(export(&issue(Leaf { key: KeyKind::Ec, ..leaf() }), "x"), "x").with(vec![]);
    let apple =
        |generation: &str| Authority::named("Apple Worldwide Developer Relations Certification Authority", generation);
    let apple_g3 = apple("G3");
    let apples = |generation: &str, given| {
        let credentials = apple(generation).issue(PASS_TYPE, TEAM);
        Set::p12(credentials.p12_without_intermediate(), credentials.passphrase().expose()).with(given)
    };
    let weak = issue(Leaf { key: KeyKind::RsaWeak, ..leaf() });
    let short = Leaf { not_after: at("2060-01-01T00:00:00Z"), ..leaf() };
    vec![
        ("push certificate", other("Apple Push Services: org.example.app"), noon()),
        ("development certificate", other("Apple Development: Ada Example (A1B2C3D4E5)"), noon()),
        ("order certificate", other("Order Type ID: order.org.example"), noon()),
        ("merchant certificate", other("Merchant ID: merchant.org.example"), noon()),
        ("marker missing", of(Leaf { marker: None, ..leaf() }), noon()),
        ("usage missing", of(Leaf { pass_usage: false, ..leaf() }), noon()),
        ("pass type missing", of(Leaf { uid: None, ..leaf() }), noon()),
        ("pass type illegal", of(Leaf { uid: Some("com.example".into()), ..leaf() }), noon()),
        ("marker of another pass type", of(Leaf { marker: Some("pass.b".into()), ..leaf() }), noon()),
        ("team illegal", of(Leaf { team: "Engineering".into(), ..leaf() }), noon()),
        ("weak key", p12_of(&weak), noon()),
        ("weak key as PEM", Set::pem(weak.certificate_pem(), text(&weak.key_pem()), None), noon()),
        ("expired", of(leaf()), at("2045-02-01T00:00:00Z")),
        ("not yet valid", of(leaf()), at("2024-12-31T23:59:59Z")),
        ("expired intermediate", of(short), at("2055-01-01T00:00:00Z")),
        ("no intermediate", Set::p12(without_intermediate(), "x").with(vec![]), noon()),
        (
            "intermediate of another generation",
            Set::p12(without_intermediate(), "x").with(vec![stranger.into()]),
            noon(),
        ),
        ("intermediate of Apple's missing", apples("G3", vec![]), noon()),
        ("intermediate of Apple's of another generation", apples("G4", vec![apple_g3.intermediate_der()]), noon()),
        ("intermediate of Apple's first generation", apples("Apple Worldwide Developer Relations", vec![]), noon()),
        ("garbage as intermediate", bare().with(vec![b"garbage".to_vec()]), noon()),
        ("intermediate as certificate", Set::pem(authority().intermediate_pem(), text(&weak_key()), None), noon()),
    ]
}

#[test]
fn the_notes_are_golden() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let note = |(name, set, now): (&str, &Set, DateTime<Utc>)| {
        let note = steady(&set.diagnose(now).to_string());
        let whole = ["healthy, RSA", "healthy, EC as PEM", "healthy, NFC", "expired"].contains(&name);
        // The others without what is in order, to keep the file short.
        let lines = note.lines().filter(|line| whole || !line.starts_with("  ok"));
        format!("=== {name}\n{}\n", lines.collect::<Vec<_>>().join("\n"))
    };
    let notes: Vec<String> = cases().map(note).collect();
    settings.bind(|| insta::assert_snapshot!("doctor", notes.join("\n")));
}

#[test]
fn what_is_healthy_loads_and_what_does_not_load_is_not_healthy() {
    for (name, set, now) in cases() {
        let diagnosis = set.diagnose(now);
        assert_eq!(diagnosis.is_healthy(), name.starts_with("healthy"), "{name}: {diagnosis}");
        let signed = set.load().and_then(|identity| {
            let identity = identity.with_clock(Arc::new(now));
            identity.sign(&package(&identity)).map(|_| identity)
        });
        assert_eq!(diagnosis.is_healthy(), signed.is_ok(), "{name}: {diagnosis}");
        if let Ok(identity) = signed {
            assert_eq!(diagnosis.pass_type.as_ref(), Some(identity.pass_type()), "{name}");
            assert_eq!(diagnosis.team.as_ref(), Some(identity.team()), "{name}");
            assert_eq!(diagnosis.nfc, Some(identity.nfc()), "{name}");
            assert_eq!(diagnosis.expires, Some(identity.expires()), "{name}");
            assert_eq!(diagnosis.intermediate_expires, Some(identity.intermediate_expires()), "{name}");
        }
    }
}

#[test]
fn each_broken_set_has_a_note_of_its_own_and_each_rule_fires() {
    let mut notes: BTreeMap<String, &str> = BTreeMap::new();
    let mut fired = BTreeSet::new();
    for (name, set, now) in cases() {
        let diagnosis = set.diagnose(now);
        for finding in diagnosis.findings() {
            let rule = RULES.iter().find(|rule| rule.id == finding.rule).expect(finding.rule);
            assert_eq!(rule.severity, finding.severity);
            assert!(!finding.cause.is_empty() && !finding.mend.is_empty() && !finding.path.is_empty(), "{finding}");
            fired.insert(rule.id);
        }
        // All of them are of a test authority.
        let own = diagnosis.findings().filter(|finding| finding.rule != TEST_ROOT);
        let note = own.map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(!note.is_empty() || name.starts_with("healthy"), "{name}");
        // Whether there is a MAC changes nothing for who gave the wrong passphrase.
        if note.is_empty() || name == "wrong passphrase without MAC" {
            continue;
        }
        if let Some(other) = notes.insert(note, name) {
            panic!("{name} reads like {other}");
        }
    }
    assert_eq!(fired, RULES.iter().map(|rule| rule.id).collect());
    assert!(RULES.is_sorted_by_key(|rule| rule.id), "the table is in the order of the ids");
}

/// The examination goes in one order, and looks at every part of every set.
#[test]
fn every_part_has_its_turn() {
    for (name, set, now) in cases() {
        let mut parts: Vec<String> = set.diagnose(now).checks.iter().map(|check| check.what.to_string()).collect();
        parts.dedup();
        assert_eq!(parts.len(), 13, "{name}: {parts:?}");
    }
}

#[test]
fn no_note_holds_a_secret() {
    for (name, set, now) in cases() {
        let diagnosis = set.diagnose(now);
        let told = format!("{diagnosis} {diagnosis:?} {}", serde_json::to_string(&diagnosis).unwrap());
        for secret in ["correct horse", "Schlüssel", "keychain\"", "legacy\""] {
            assert!(!told.contains(secret), "{name}: {told}");
        }
        let key = match set {
            Set::Pem { key, .. } => String::from_utf8(key.clone()).unwrap_or_default(),
            Set::P12 { .. } => String::new(),
        };
        for line in key.lines().filter(|line| line.len() > 40 && !line.starts_with('-')) {
            assert!(!told.contains(&line[..40]), "{name}");
        }
    }
}

#[test]
fn a_diagnosis_is_data() {
    let diagnosis = p12_of(&authority().issue(PASS_TYPE, TEAM)).diagnose(at("2044-12-24T12:00:00Z"));
    let json = serde_json::to_value(&diagnosis).unwrap();
    assert_eq!(json["passType"], PASS_TYPE);
    assert_eq!(json["team"], TEAM);
    assert_eq!(json["nfc"], false);
    assert_eq!(json["expires"], "2045-01-01T00:00:00Z");
    assert_eq!(json["checks"][0]["what"], "container");
    assert_eq!(json["checks"][0]["outcome"], "passed");
    let soon = json["checks"].as_array().unwrap().iter().find(|check| check["outcome"] == "warned").unwrap();
    assert_eq!(soon["rule"], "apple-credential-expires-soon");
    assert_eq!(soon["severity"], "warning");
}

/// A certificate whose key lives elsewhere.
#[test]
fn without_a_key_the_certificate_is_examined() {
    let good = authority().issue(PASS_TYPE, TEAM);
    let diagnosis = Diagnosis::of_pem(&good.certificate_der(), None, None, &[&authority().intermediate_der()], noon());
    assert!(diagnosis.is_healthy(), "{diagnosis}");
    assert_eq!(diagnosis.pass_type.unwrap().as_str(), PASS_TYPE);
    let key = diagnosis.checks.iter().find(|check| check.what == Part::PrivateKey).unwrap();
    assert!(matches!(&key.outcome, Outcome::Skipped { .. }));
}

/// The two edges of the warning, and of the end.
#[test]
fn the_calendar_is_read_to_the_second() {
    let set = p12_of(&issue(Leaf { key: KeyKind::Ec, ..leaf() }));
    let end = at("2045-01-01T00:00:00Z");
    let rules = |now| {
        let rules = set.diagnose(now).findings().map(|finding| finding.rule).collect::<Vec<_>>();
        rules.into_iter().filter(|rule| *rule != TEST_ROOT).collect::<Vec<_>>()
    };
    assert_eq!(rules(end - TimeDelta::days(30)), Vec::<&str>::new());
    assert_eq!(rules(end - TimeDelta::days(30) + TimeDelta::seconds(1)), ["apple-credential-expires-soon"]);
    assert_eq!(rules(end), ["apple-credential-expires-soon"]);
    assert_eq!(rules(end + TimeDelta::seconds(1)), ["apple-credential-expired"]);
}

#[test]
fn damaged_credentials_are_examined_without_a_panic() {
    let credentials = issue(Leaf { key: KeyKind::Ec, ..leaf() });
    let (key, intermediate) = (text(&credentials.key_pem()), authority().intermediate_der());
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut damaged = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        for _ in 0..3 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let index = (state % bytes.len() as u64) as usize;
            bytes[index] = (state >> 32) as u8;
        }
        bytes
    };
    for _ in 0..500 {
        let set = Set::pem(damaged(&credentials.certificate_der()), damaged(key.as_bytes()), None)
            .with(vec![damaged(&intermediate)]);
        assert!(!set.diagnose(noon()).is_healthy() || set.load().is_ok());
    }
    for _ in 0..30 {
        let set = Set::p12(damaged(&credentials.p12()), "correct horse");
        assert!(!set.diagnose(noon()).is_healthy() || set.load().is_ok());
    }
}

fn leaf() -> Leaf {
    Leaf::new(PASS_TYPE, TEAM)
}

fn issue(leaf: Leaf) -> Credentials {
    authority().issue_leaf(&leaf)
}

fn p12_of(credentials: &Credentials) -> Set {
    Set::p12(credentials.p12(), credentials.passphrase().expose())
}

fn text(secret: &Secret<String>) -> String {
    secret.expose().clone()
}

fn weak_key() -> Secret<String> {
    issue(Leaf { key: KeyKind::Ec, ..leaf() }).key_pem()
}

/// Puts words in the place of what differs from run to run, which is key ids and sizes.
fn steady(note: &str) -> String {
    let mut steady = String::new();
    for part in note.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_id = word.len() == 40 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        steady += &if is_id { part.replace(word, "KEY-ID") } else { part.to_owned() };
    }
    match steady.split_once("cut off: it has ").and_then(|(head, rest)| Some((head, rest.split_once('\n')?.1))) {
        Some((head, tail)) => format!("{head}cut off: it has SOME bytes of MORE\n{tail}"),
        None => steady,
    }
}

const KEYCHAIN: &[u8] = include_bytes!("fixtures/keychain.p12");
const OPENSSH: &str =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n";

/// What holds of every set here, for no root of Apple's issued them.
const TEST_ROOT: &str = "apple-credential-test-root";
