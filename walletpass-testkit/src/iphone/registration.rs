//! Where a phone asks to be woken.
#![expect(clippy::expect_used, reason = "a test tool: what fails here fails the test")]

use std::fmt::Write;

use http::Method;
use openssl::rand::rand_bytes;
use serde_json::json;

use super::log::{Grade, Task};
use super::wire::Ask;
use super::{Fault, Iphone, Name, Service};

/// What the server should know of a registration. It is absent where the server never heard of it, or was told of its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Registered,
    Unsure,
}

/// The push tokens of a pass type.
pub(super) struct PushTokens {
    pub(super) current: String,
    pub(super) former: Vec<String>,
}

impl Iphone {
    /// Gives the push token for a pass type, if the phone ever registered for one.
    pub fn push_token(&self, pass_type: &str) -> Option<&str> {
        self.push_tokens.get(pass_type).map(|tokens| tokens.current.as_str())
    }

    /// Gets a new push token for a pass type, as now and then happens, and registers all its passes again.
    pub async fn new_push_token(&mut self, pass_type: &str) {
        if let Some(tokens) = self.push_tokens.get_mut(pass_type) {
            let former = std::mem::replace(&mut tokens.current, random(32));
            tokens.former.push(former);
        }
        for name in self.names_of(pass_type) {
            if self.wants_updates(&name) {
                self.register(&name).await;
            }
        }
        self.send_log().await;
    }

    /// Restores the phone from its backup: all push tokens are new, and everything registers again. That the phone keeps its name is
    /// unverified.
    pub async fn restore(&mut self) {
        let pass_types: Vec<String> = self.push_tokens.keys().cloned().collect();
        for pass_type in pass_types {
            self.new_push_token(&pass_type).await;
        }
    }

    pub(super) fn wants_updates(&self, name: &Name) -> bool {
        self.entries.get(name).is_some_and(|entry| entry.is_automatic)
    }

    pub(super) fn is_registered(&self, name: &Name) -> bool {
        let service =
            self.entries.get(name).filter(|entry| entry.is_automatic).and_then(|entry| entry.service.as_ref());
        let known = service.and_then(|service| self.registrations.get(&(name.clone(), service.base.clone())));
        known == Some(&Known::Registered)
    }

    pub(super) async fn register(&mut self, name: &Name) {
        let Some(Service { base, token }) = self.service(name) else { return };
        let tokens = self.push_tokens.entry(name.0.clone());
        let tokens = tokens.or_insert_with(|| PushTokens { current: random(32), former: Vec::new() });
        let body = json!({ "pushToken": tokens.current });
        let ask = self.about(Method::POST, &base, name).with_token(&token).with_body(body);
        self.tags.entry((name.0.clone(), base.clone())).or_default();
        let key = (name.clone(), base.clone());
        let before = self.registrations.get(&key).copied();
        self.registrations.insert(key.clone(), Known::Unsure);
        let Some(answer) = self.exchange(&ask).await else { return };
        match (answer.status().as_u16(), before) {
            (200, None) => self.complain(
                Fault::Registration,
                &ask.told(),
                "200 for a registration that is new",
                "answer 201 when the device is new to the pass, 200 when it is not",
            ),
            (201, Some(Known::Registered)) => self.complain(
                Fault::Registration,
                &ask.told(),
                "201 for a registration that was there before",
                "key registrations by device, pass type and serial number, and answer 200 for a known one",
            ),
            (200 | 201, _) => {}
            _ => {
                let what = self.unexpected(&ask, &answer, true, "201, or 200 for a known registration,");
                self.note(&base, &Task::Register { name }, Grade::Error, &what);
                return;
            }
        }
        self.registrations.insert(key, Known::Registered);
    }

    pub(super) async fn unregister(&mut self, name: &Name) {
        let Some(Service { base, token }) = self.service(name) else { return };
        let ask = self.about(Method::DELETE, &base, name).with_token(&token);
        let key = (name.clone(), base.clone());
        if self.registrations.insert(key.clone(), Known::Unsure).is_none() {
            // There was none to end.
            self.registrations.remove(&key);
            return;
        }
        let Some(answer) = self.exchange(&ask).await else { return };
        if answer.status() == 200 {
            self.registrations.remove(&key);
        } else {
            let what = self.unexpected(&ask, &answer, true, "200");
            self.note(&base, &Task::Unregister { name }, Grade::Error, &what);
        }
    }

    fn about(&self, method: Method, base: &str, (pass_type, serial): &Name) -> Ask {
        let parts = ["v1", "devices", &self.device, "registrations", pass_type, serial];
        Ask::new(method, base, &parts).hiding(&self.device)
    }
}

/// Draws so many bytes, and writes them as hexadecimal digits.
pub(super) fn random(length: usize) -> String {
    let mut bytes = vec![0; length];
    rand_bytes(&mut bytes).expect("OpenSSL has random numbers");
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
