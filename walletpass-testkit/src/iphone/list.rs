//! What changed, as a server lists it.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Method, Response};
use serde_json::Value;

use super::complaint::shown;
use super::log::{Grade, Task};
use super::wire::Ask;
use super::{Fault, Iphone, is_at};

/// A list as it was read.
pub(super) struct Listing {
    pub(super) serials: Vec<String>,
    pub(super) tag: Option<String>,
    /// The request, as complaints show it.
    pub(super) told: String,
}

impl Iphone {
    /// Asks what changed; gives nothing when that cannot be known.
    pub(super) async fn list(&mut self, pass_type: &str, base: &str, tag: Option<&str>, logs: bool) -> Option<Listing> {
        let parts = ["v1", "devices", &self.device, "registrations", pass_type];
        let ask = Ask::new(Method::GET, base, &parts).hiding(&self.device).with_tag(tag);
        let answer = self.exchange(&ask).await?;
        match answer.status().as_u16() {
            200 => self.read(&ask, &answer, tag),
            204 => Some(Listing { serials: Vec::new(), tag: None, told: ask.told() }),
            _ => {
                let what = self.unexpected(&ask, &answer, false, "200, or 204 for nothing,");
                if logs {
                    self.note(base, &Task::List { pass_type, tag }, Grade::Error, &what);
                }
                None
            }
        }
    }

    /// Keeps the serial numbers of a list that the phone registered, and complains of the others.
    pub(super) fn known_of(&mut self, serials: Vec<String>, pass_type: &str, base: &str) -> BTreeSet<String> {
        let mut known = BTreeSet::new();
        for serial in serials {
            let name = (pass_type.to_owned(), serial.clone());
            let is_here = self.entries.get(&name).is_some_and(|entry| is_at(entry, base));
            if is_here && self.is_registered(&name) {
                known.insert(serial);
                continue;
            }
            let cause = match self.entries.keys().find(|(other, held)| *held == serial && other != pass_type) {
                Some((other, _)) => format!("`{}` is a pass of {other} here, not of {pass_type}", shown(&serial)),
                None if is_here => format!("the registration of `{}` was ended", shown(&serial)),
                None => format!("this phone holds no pass `{}`", shown(&serial)),
            };
            let mend = "list what this very device registered of this very pass type, and forget it at DELETE";
            self.complain(Fault::ForeignSerial, &format!("list of {pass_type}"), cause, mend);
            let what = format!("Update requested for unregistered serial number '{serial}'");
            self.note(base, &Task::WebService { pass_type }, Grade::Error, &what);
        }
        known
    }

    fn read(&mut self, ask: &Ask, answer: &Response<Bytes>, sent: Option<&str>) -> Option<Listing> {
        self.expect_content_type(ask, answer, "application/json");
        let told = ask.told();
        let Ok(json) = serde_json::from_slice::<Value>(answer.body()) else {
            let cause = format!("the body is no JSON: `{}`", shown(&String::from_utf8_lossy(answer.body())));
            self.complain(Fault::InvalidList, &told, cause, FORM);
            return None;
        };
        let Some(list) = json.get("serialNumbers").and_then(Value::as_array) else {
            self.complain(Fault::InvalidList, &told, "`serialNumbers` is no array", FORM);
            return None;
        };
        let mut serials: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        if serials.len() < list.len() {
            self.complain(Fault::InvalidList, &told, "a serial number is no string", FORM);
        }
        let unique: BTreeSet<&String> = serials.iter().collect();
        if unique.len() < serials.len() {
            self.complain(Fault::InvalidList, &told, "a serial number is listed twice", "list each pass once");
            serials.sort_unstable();
            serials.dedup();
        }
        if list.is_empty() {
            let cause = "200 with no serial numbers";
            self.complain(Fault::InvalidList, &told, cause, "answer 204 without a body when nothing changed");
        }
        let tag = json.get("lastUpdated").and_then(Value::as_str).filter(|tag| !tag.is_empty());
        if tag.is_none() {
            self.complain(Fault::InvalidList, &told, "`lastUpdated` is no string, or an empty one", FORM);
        } else if tag == sent && !serials.is_empty() {
            let cause = "`lastUpdated` is the tag that was sent, so the same is listed for ever";
            self.complain(Fault::InvalidList, &told, cause, "give a tag that covers what is listed");
        }
        Some(Listing { tag: tag.map(str::to_owned), serials, told })
    }
}

const FORM: &str = "answer `{\"serialNumbers\": [\"…\"], \"lastUpdated\": \"…\"}`, all of them strings";
