//! The form of a rewards card, filled in.

use std::fmt;

use http::Method;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkcs7::{Pkcs7, Pkcs7Flags};
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509PurposeId};
use serde_json::{Map, Value, json};

use super::fetch::Why;
use super::log::{Grade, Task};
use super::wire::Ask;
use super::{Fault, Iphone, Name, Wakeup, registration};

/// Who signs up for a rewards card. Only what its form asks for is sent.
///
/// Debug shows which answers there are, not what they say.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tests make it, with `..Default::default()`")]
pub struct Applicant {
    /// The whole name.
    pub full_name: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The mail address.
    pub email_address: String,
    /// The telephone number.
    pub phone_number: String,
    /// The postal code.
    pub postal_code: String,
    /// The country of the postal code, in two letters.
    pub country_code: String,
}

impl Iphone {
    /// Fills in the form of a pass: sends it, verifies the signature that comes back, and fetches the pass, which is the
    /// holder's own then and has no form any more. When the signature does not hold, the pass stays as it is.
    ///
    /// # Panics
    ///
    /// When the pass is not in Wallet, or has no form or no web service.
    #[expect(clippy::expect_used, reason = "a test tool: what fails here fails the test")]
    pub async fn personalize(&mut self, pass_type: &str, serial: &str, applicant: &Applicant) -> Wakeup {
        let name = self.name(pass_type, serial);
        let form = self.pass(pass_type, serial).files().get(FORM).expect("a pass with a sign-up form");
        let form: Value = serde_json::from_slice(form).expect("a form that Wallet took");
        let service = self.service(&name).expect("a pass with a web service");
        let token = registration::random(16);
        let body = json!({ "personalizationToken": token, "requiredPersonalizationInfo": applicant.answers(&form) });
        let ask =
            Ask::new(Method::POST, &service.base, &["v1", "passes", pass_type, serial, "personalize"]).with_body(body);
        let first = self.complaints.len();
        let mut wakeup = Wakeup::new(pass_type);
        let Some(answer) = self.exchange(&ask).await else {
            wakeup.failed.push(serial.to_owned());
            return self.finish(first, wakeup).await;
        };
        if answer.status() != 200 {
            let what = self.unexpected(&ask, &answer, false, "200");
            self.note(&service.base, &Task::WebService { pass_type }, Grade::Error, &what);
            wakeup.failed.push(serial.to_owned());
            return self.finish(first, wakeup).await;
        }
        self.expect_content_type(&ask, &answer, "application/octet-stream");
        match self.verify(answer.body(), token.as_bytes(), &name) {
            Ok(()) => {
                self.fetch(&name, Why::SignedUp, &mut wakeup).await;
                if wakeup.failed.is_empty() && self.pass(pass_type, serial).files().contains_key(FORM) {
                    let cause = "the pass has its sign-up form still";
                    let mend = "answer with the holder's own pass from then on, without `personalization.json`";
                    self.complain(Fault::InvalidPass, &ask.told(), cause, mend);
                }
            }
            Err(cause) => {
                self.note(&service.base, &Task::WebService { pass_type }, Grade::Error, &cause);
                let mend =
                    "answer with the detached signature over the bytes of the token, by the certificate of the pass";
                self.complain(Fault::InvalidSignature, &ask.told(), cause, mend);
                wakeup.failed.push(serial.to_owned());
            }
        }
        self.finish(first, wakeup).await
    }

    /// Verifies a detached signature by the certificate of a pass type.
    fn verify(&self, signature: &[u8], token: &[u8], name: &Name) -> Result<(), String> {
        let unread = |error: ErrorStack| format!("the signature does not hold: {error}");
        let message = Pkcs7::from_der(signature).map_err(|_| "the answer is no signature in DER".to_owned())?;
        let none = Stack::new().map_err(unread)?;
        let store = self.store().map_err(unread)?;
        message.verify(&none, &store, Some(token), None, Pkcs7Flags::BINARY).map_err(unread)?;
        let signers = message.signers(&none, Pkcs7Flags::empty()).map_err(unread)?;
        let is_ours = |signer: &openssl::x509::X509Ref| {
            let mut uids = signer.subject_name().entries_by_nid(Nid::USERID);
            uids.any(|uid| uid.data().as_slice() == name.0.as_bytes())
        };
        match signers.iter().any(is_ours) {
            true => Ok(()),
            false => Err(format!("the certificate that signed is not that of {}", name.0)),
        }
    }

    fn store(&self) -> Result<X509Store, ErrorStack> {
        let mut store = X509StoreBuilder::new()?;
        for pem in &self.authorities {
            store.add_cert(X509::from_pem(pem.as_bytes())?)?;
        }
        let mut parameters = X509VerifyParam::new()?;
        parameters.set_time(self.clock.now().timestamp());
        store.set_param(&parameters)?;
        // Pass certificates are for nothing that OpenSSL knows.
        store.set_purpose(X509PurposeId::ANY)?;
        Ok(store.build())
    }
}

impl Applicant {
    /// Gives what a form asks for.
    fn answers(&self, form: &Value) -> Map<String, Value> {
        let fields = form.get("requiredPersonalizationFields").and_then(Value::as_array).into_iter().flatten();
        let answers = fields.filter_map(Value::as_str).flat_map(|field| match field {
            "PKPassPersonalizationFieldName" => {
                vec![("fullName", &self.full_name), ("givenName", &self.given_name), ("familyName", &self.family_name)]
            }
            "PKPassPersonalizationFieldEmailAddress" => vec![("emailAddress", &self.email_address)],
            "PKPassPersonalizationFieldPhoneNumber" => vec![("phoneNumber", &self.phone_number)],
            "PKPassPersonalizationFieldPostalCode" => {
                vec![("postalCode", &self.postal_code), ("ISOCountryCode", &self.country_code)]
            }
            _ => Vec::new(),
        });
        let answers = answers.filter(|(_, answer)| !answer.is_empty());
        answers.map(|(key, answer)| (key.to_owned(), Value::from(answer.as_str()))).collect()
    }
}

impl fmt::Debug for Applicant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = [
            ("full_name", &self.full_name),
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("email_address", &self.email_address),
            ("phone_number", &self.phone_number),
            ("postal_code", &self.postal_code),
            ("country_code", &self.country_code),
        ];
        f.write_str("Applicant")?;
        f.debug_set().entries(answers.iter().filter(|(_, text)| !text.is_empty()).map(|(name, _)| name)).finish()
    }
}

const FORM: &str = "personalization.json";
