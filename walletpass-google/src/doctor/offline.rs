//! What a key file tells without a network.

use serde_json::Value;
use url::Url;
use walletpass_core::IssuerId;
use zeroize::Zeroizing;

use super::{Diagnosis, Part, rules};
use crate::account::{Account, TOKEN_URI, is_safe, kind_of, mend_of, wipe};
use crate::answer::shown;
use crate::error::AccountError;
use crate::key::LocalKey;

pub(super) fn examine(json: &[u8], issuer: &str) -> Diagnosis {
    let mut into = Diagnosis::new();
    match serde_json::from_slice(json) {
        Ok(file) => examine_file(file, &mut into),
        Err(error) => {
            let cause = format!("it is not JSON (line {}, column {})", error.line(), error.column());
            into.found(Part::KeyFile, &rules::KEY_FILE, "", cause, mend_of(json));
            skip(&mut into);
        }
    }
    examine_issuer(issuer, &mut into);
    examine_whole(json, &mut into);
    into
}

fn examine_file(file: Value, into: &mut Diagnosis) {
    if let Some(found) = kind_of(&file) {
        into.found(Part::KeyFile, &rules::KEY_FILE, "type", format!("it is {found}"), NEW_KEY);
        wipe(file);
        return skip(into);
    }
    into.passed(Part::KeyFile, "JSON, of a service account");
    let text = |key: &str| file.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    match text("client_email") {
        None => into.found(Part::Email, &rules::EMAIL, "client_email", "there is no `client_email`", UNCHANGED),
        Some(email) => {
            let email = shown(email, &[]);
            if email.ends_with(".gserviceaccount.com") {
                into.passed(Part::Email, email.as_str());
            } else {
                let cause = format!("{email} is not one of a service account, which ends with .gserviceaccount.com");
                into.found(Part::Email, &rules::FOREIGN_EMAIL, "client_email", cause, UNCHANGED);
            }
            into.email = Some(email);
        }
    }
    match text("private_key").map(|pem| LocalKey::from_pem(&Zeroizing::new(pem.replace("\\n", "\n")))) {
        None => into.found(Part::PrivateKey, &rules::KEY, "private_key", "there is no `private_key`", UNCHANGED),
        Some(Ok(_)) => into.passed(Part::PrivateKey, "RSA of 2048 bits or more"),
        Some(Err(AccountError::KeyKind { found })) => {
            into.found(Part::PrivateKey, &rules::KEY, "private_key", format!("it is {found}"), NEW_KEY);
        }
        Some(Err(AccountError::KeyPem { cause })) => {
            into.found(Part::PrivateKey, &rules::KEY, "private_key", cause, UNCHANGED);
        }
        Some(Err(_)) => into.found(Part::PrivateKey, &rules::KEY, "private_key", "it cannot be read", UNCHANGED),
    }
    match text("token_uri").map(Url::parse) {
        None => into.passed(Part::TokenUri, format!("none is named, so it is {TOKEN_URI}")),
        Some(Ok(uri)) if is_safe(&uri) => into.passed(Part::TokenUri, shown(uri.as_str(), &[])),
        Some(_) => {
            let cause = "the address is neither `https` nor on this machine";
            into.found(Part::TokenUri, &rules::TOKEN_URI, "token_uri", cause, UNCHANGED);
        }
    }
    wipe(file);
}

fn examine_issuer(issuer: &str, into: &mut Diagnosis) {
    if let Ok(issuer) = issuer.parse::<IssuerId>() {
        into.passed(Part::IssuerId, format!("{issuer} is well formed"));
        into.issuer = Some(issuer);
        return;
    }
    let trimmed = issuer.trim();
    let cause = if trimmed.is_empty() {
        "there is none".to_owned()
    } else if trimmed.parse::<IssuerId>().is_ok() {
        "there are blanks around it".to_owned()
    } else if trimmed.split_once('.').is_some_and(|(prefix, _)| prefix.parse::<IssuerId>().is_ok()) {
        "it is the id of a class or an object: the part before the dot is the issuer id".to_owned()
    } else if trimmed.contains('@') {
        "it is an e-mail address".to_owned()
    } else if trimmed.bytes().any(|b| b.is_ascii_alphabetic()) {
        "it has letters, as the account code and the merchant id of the console have, and not the issuer id".to_owned()
    } else {
        format!("{:?} is not a number of 10 to 20 digits", shown(trimmed, &[]))
    };
    let mend = "open https://pay.google.com/business/console, Google Wallet API, and copy the issuer id, a number that begins with \
                3388 for newer issuers";
    into.found(Part::IssuerId, &rules::ISSUER, "issuer", cause, mend);
}

/// Loads what was found to be in order, so that the doctor and the loading cannot drift apart.
fn examine_whole(json: &[u8], into: &mut Diagnosis) {
    let Some(issuer) = into.issuer.clone().filter(|_| into.is_healthy()) else {
        return into.skipped(Part::Account, "mend the above first");
    };
    match Account::from_json(json, issuer) {
        Ok(account) => {
            let detail = format!("{} works for issuer {}", account.email(), account.issuer());
            into.passed(Part::Account, detail);
        }
        Err(error) => into.found(Part::Account, &rules::KEY_FILE, "", error.to_string(), UNCHANGED),
    }
}

fn skip(into: &mut Diagnosis) {
    for part in [Part::Email, Part::PrivateKey, Part::TokenUri] {
        into.skipped(part, "there is no key file to look into");
    }
}

const NEW_KEY: &str = "in the Google Cloud console open IAM & Admin, Service Accounts, Keys, Add key, and take JSON";
const UNCHANGED: &str = "download the JSON key again, or make a new one, and pass it on unchanged";
