//! Asks Google what is wrong.

use http::Method;
use http::header::DATE;
use serde_json::{Value, json};

use super::Client;
use super::exchange::{Call, Subject, Tries};
use super::rest::API;
use crate::answer::{fold, shown};
use crate::doctor::{Diagnosis, Part, rules};
use crate::error::Error;
use crate::jwt;
use crate::token::{TokenError, date};

/// # The doctor
impl Client {
    /// Asks Google for a token, for the issuer, for who may work for it, and whether it would take a link. Changes nothing.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use walletpass_google::{Account, Client, Http};
    /// # use walletpass_testkit::{FakeGoogle, ManualTime};
    /// # let time = ManualTime::at("2027-01-01T00:00:00Z".parse().unwrap());
    /// # let google = FakeGoogle::start_at(time.clone());
    /// # let account = Account::from_json(google.key_file().expose().as_bytes(), FakeGoogle::ISSUER.parse().unwrap()).unwrap();
    /// # let account = account.with_clock(Arc::new(time.clone()));
    /// # let client = Client::new(account, Arc::new(Http::new().unwrap()), Arc::new(time)).with_base(&google.url()).unwrap();
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # google.set_invited(false);
    /// let diagnosis = client.diagnose().await;
    /// if !diagnosis.is_healthy() {
    ///     println!("{diagnosis}"); // `invite issuer@….iam.gserviceaccount.com as Developer …`
    /// }
    /// # assert_eq!(diagnosis.findings().next().unwrap().rule, "google-access");
    /// # });
    /// ```
    pub async fn diagnose(&self) -> Diagnosis {
        let mut into = Diagnosis::new();
        into.email = Some(self.account().email().to_owned());
        into.issuer = Some(self.account().issuer().clone());
        match self.tokens.token().await {
            Ok(_) => into.passed(Part::Token, "Google gives one for the key"),
            Err(error) => {
                found_no_token(&error, &mut into);
                skip(&[Part::Clock, Part::Api, Part::Access, Part::Role, Part::DryRun], "no access token", &mut into);
                return into;
            }
        }
        if self.diagnose_access(&mut into).await {
            self.diagnose_role(&mut into).await;
            self.diagnose_link(&mut into).await;
        }
        into
    }

    /// Reads the issuer, and says whether there is sense in going on.
    async fn diagnose_access(&self, into: &mut Diagnosis) -> bool {
        let issuer = self.account().issuer();
        let call = Call::get(format!("{API}/issuer/{issuer}"), Subject::default());
        let rest = [Part::Role, Part::DryRun];
        let answer = match self.exchange(&call, &mut Tries::default()).await {
            Ok(answer) => answer,
            Err(Error::ApiDisabled { activate }) => {
                let mend = format!("enable it at {activate}, and wait some minutes");
                into.skipped(Part::Clock, UNREAD);
                into.found(Part::Api, &rules::API, "", "the Google Wallet API is not enabled", mend);
                skip(&[Part::Access, Part::Role, Part::DryRun], "the API is not enabled", into);
                return false;
            }
            Err(error) => {
                into.skipped(Part::Clock, UNREAD);
                let rule = match &error {
                    Error::AccessDenied { .. } | Error::Invalid { .. } | Error::NotFound { .. } => &rules::ACCESS,
                    Error::Token(_) => &rules::TOKEN,
                    _ => &rules::REACH,
                };
                if rule == &rules::ACCESS {
                    into.passed(Part::Api, "it is enabled, for it answers");
                } else {
                    into.skipped(Part::Api, UNREAD);
                }
                let mend = match &error {
                    Error::AccessDenied { invite, .. } => format!(
                        "sign in at https://pay.google.com/business/console as an administrator of issuer {issuer}, open Users, \
                         Invite a user, and invite {invite} as Developer; roles in the Cloud project do not help"
                    ),
                    Error::Invalid { .. } | Error::NotFound { .. } => {
                        "compare the issuer id with the one that the Google Pay & Wallet Console shows".to_owned()
                    }
                    _ => "see that this machine reaches the addresses of Google, and try again later".to_owned(),
                };
                let cause = match &error {
                    Error::AccessDenied { message, .. } => format!("Google does not let it read the issuer: {message}"),
                    other => other.to_string(),
                };
                into.found(Part::Access, rule, "", cause, mend);
                skip(&rest, "the issuer cannot be read", into);
                return false;
            }
        };
        match date(&answer.headers, &DATE) {
            None => into.skipped(Part::Clock, "the answer has no date"),
            Some(theirs) => {
                let ours = self.account().now();
                let apart = (ours - theirs).num_seconds().abs();
                if apart > 60 {
                    let cause = format!("it shows {ours}, and Google's {theirs}: {apart} s apart");
                    into.found(Part::Clock, &rules::CLOCK, "", cause, "set the clock of this machine by NTP");
                } else {
                    into.passed(Part::Clock, format!("{apart} s apart from Google's"));
                }
            }
        }
        into.passed(Part::Api, "it is enabled");
        let issuer = answer.object().unwrap_or_default();
        let name = issuer.get("name").and_then(Value::as_str).map(|name| shown(name, &[]));
        into.passed(Part::Access, format!("the issuer is \"{}\"", name.unwrap_or_default()));
        true
    }

    async fn diagnose_role(&self, into: &mut Diagnosis) {
        let email = self.account().email();
        let permissions = match self.permissions().await {
            Ok(permissions) => permissions,
            // Who may write need not be one who may read this.
            Err(error) => return into.skipped(Part::Role, format!("the list of users cannot be read: {error}")),
        };
        let list = permissions.json.get("permissions").and_then(Value::as_array);
        let is_ours = |entry: &&Value| {
            entry.get("emailAddress").and_then(Value::as_str).is_some_and(|it| it.eq_ignore_ascii_case(email))
        };
        let role = list.and_then(|list| list.iter().find(is_ours)?.get("role")?.as_str());
        match role.map(fold).as_deref() {
            Some("owner") => into.passed(Part::Role, "owner"),
            Some("writer") => into.passed(Part::Role, "writer"),
            Some("reader") => {
                let mend = format!("in the console, under Users, make {email} a Developer");
                into.found(Part::Role, &rules::ROLE, "", "it may read and not write", mend);
            }
            Some(other) => into.skipped(Part::Role, format!("the role \"{}\" is not known here", shown(other, &[]))),
            None => {
                let cause = format!("{email} is not among the users of the issuer, though it may read it");
                into.found(
                    Part::Role,
                    &rules::UNLISTED,
                    "",
                    cause,
                    "invite it as Developer, in the console under Users",
                );
            }
        }
    }

    /// Signs a link to a card that nobody will see, and asks whether Google would take it.
    async fn diagnose_link(&self, into: &mut Diagnosis) {
        let account = self.account();
        let (class, object) = (format!("{}.walletpass-doctor", account.issuer()), "walletpass-doctor-1");
        let text = |text: &str| json!({ "defaultValue": { "language": "en", "value": text } });
        let mut claims = json!({
            "iss": account.email(),
            "aud": "google",
            "typ": "savetowallet",
            "iat": account.now().timestamp(),
            "payload": {
                "genericClasses": [{ "id": class }],
                "genericObjects": [{
                    "id": format!("{}.{object}", account.issuer()),
                    "classId": class,
                    "cardTitle": text("Doctor"),
                    "header": text("Dry run"),
                }],
            },
        });
        claims.sort_all_objects();
        let token = match jwt::sign_apart(&claims, account).await {
            Ok(token) => token,
            Err(error) => {
                let mend = "see the cause, and try again if it is a remote key";
                return into.found(Part::DryRun, &rules::DRY_RUN, "", format!("the key cannot sign: {error}"), mend);
            }
        };
        let json = json!({ "jwtResource": { "jwt": token } });
        let call = Call::json(Method::POST, format!("{API}/jwt/validate"), &json, Subject::default());
        match self.exchange(&call, &mut Tries::default()).await {
            Ok(_) => into.passed(Part::DryRun, "Google would take a link of this account"),
            Err(Error::Invalid { message, .. }) => {
                let mend = "see that the key is one of this service account and not deleted";
                into.found(Part::DryRun, &rules::DRY_RUN, "", format!("Google would not take a link: {message}"), mend);
            }
            Err(error) => into.skipped(Part::DryRun, format!("Google did not judge a link: {error}")),
        }
    }
}

fn found_no_token(error: &TokenError, into: &mut Diagnosis) {
    let (rule, mend) = match error {
        TokenError::Unavailable { .. } => {
            (&rules::REACH, "see that this machine reaches Google's token server, and try again later")
        }
        TokenError::ClockSkew { .. } => (&rules::TOKEN, "set the clock of this machine by NTP"),
        TokenError::Signing(_) => (&rules::TOKEN, "see that the key can sign, and try again if it is a remote one"),
        _ => (
            &rules::TOKEN,
            "make a new JSON key in the Google Cloud console under IAM & Admin, Service Accounts, Keys, and use that",
        ),
    };
    into.found(Part::Token, rule, "", error.to_string(), mend);
}

fn skip(parts: &[Part], why: &str, into: &mut Diagnosis) {
    for part in parts {
        into.skipped(*part, why);
    }
}

const UNREAD: &str = "the issuer could not be read";
