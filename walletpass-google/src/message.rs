//! Messages on the back of a pass.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use walletpass_core::{Locale, Text};

/// A message on the back of a pass, or of all passes of a class.
///
/// A pass shows ten. Links in the body (`<a href="…">`) must concern the pass.
/// <https://developers.google.com/wallet/generic/use-cases/trigger-push-notifications>
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Message {
    /// What tells it from the other messages of the pass. Google takes the same id twice, so that it is up to the caller to
    /// give each message one of its own, and the same one when he sends it again.
    pub id: String,
    /// Its title.
    pub header: Text,
    /// Its text.
    pub body: Text,
    /// The language in which the defaults of both are written; English unless set.
    pub language: Locale,
    /// Whether the phone of each holder shows a notice, in Google's words. Three messages of a pass may in 24 hours.
    pub notifies: bool,
    /// What to do with a fourth.
    pub when_spent: WhenSpent,
    /// From when until when it is shown; always, unless set.
    pub shown: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Whether it may have been sent before: then the pass is looked at first.
    pub maybe_sent: bool,
}

/// What to do with a message that can no longer notify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhenSpent {
    /// Send nothing and say so, by [`Error::NoticesSpent`](crate::Error::NoticesSpent).
    #[default]
    Refuse,
    /// Send it silently.
    Silent,
}

impl Message {
    /// Takes an id, a title and a text.
    pub fn new(id: impl Into<String>, header: impl Into<Text>, body: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            header: header.into(),
            body: body.into(),
            language: Locale::english(),
            notifies: false,
            when_spent: WhenSpent::default(),
            shown: None,
            maybe_sent: false,
        }
    }

    /// Notifies the holders.
    pub fn notifying(mut self) -> Self {
        self.notifies = true;
        self
    }

    /// Notifies the holders if that is still possible, and is sent silently if not.
    pub fn notifying_if_possible(mut self) -> Self {
        self.notifies = true;
        self.when_spent = WhenSpent::Silent;
        self
    }

    /// Says in which language the defaults are written.
    pub fn language(mut self, language: Locale) -> Self {
        self.language = language;
        self
    }

    /// Shows it for a while only.
    pub fn shown_between(mut self, start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        self.shown = Some((start, end));
        self
    }

    /// Says that it may have been sent before, so that it is not sent twice: the pass is read first.
    pub fn maybe_sent(mut self) -> Self {
        self.maybe_sent = true;
        self
    }

    pub(crate) fn json(&self, notifies: bool) -> Value {
        let mut json = json!({ "id": self.id, "messageType": if notifies { "TEXT_AND_NOTIFY" } else { "TEXT" } });
        self.write(&mut json, "header", "localizedHeader", &self.header);
        self.write(&mut json, "body", "localizedBody", &self.body);
        if let Some((start, end)) = &self.shown {
            let date =
                |date: &DateTime<Utc>| json!({ "date": date.to_rfc3339_opts(chrono::SecondsFormat::Secs, true) });
            set(&mut json, "displayInterval", json!({ "start": date(start), "end": date(end) }));
        }
        json
    }

    fn write(&self, json: &mut Value, key: &str, localized: &str, text: &Text) {
        if text.translations.is_empty() {
            return set(json, key, json!(text.default));
        }
        let translations = text.translations.iter();
        let translations: Value =
            translations.map(|(locale, text)| json!({ "language": locale.as_str(), "value": text })).collect();
        let default = json!({ "language": self.language.as_str(), "value": text.default });
        set(json, localized, json!({ "defaultValue": default, "translatedValues": translations }));
    }
}

fn set(json: &mut Value, key: &str, value: Value) {
    if let Value::Object(members) = json {
        members.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_as_google_reads_it() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let message =
            Message::new("m1", "Hello", Text::new("Half price").translated("de".parse().unwrap(), "Halber Preis"))
                .shown_between(at("2027-01-01T00:00:00Z"), at("2027-01-02T00:00:00Z"));
        assert_eq!(
            message.json(true),
            json!({
                "id": "m1",
                "messageType": "TEXT_AND_NOTIFY",
                "header": "Hello",
                "localizedBody": {
                    "defaultValue": { "language": "en", "value": "Half price" },
                    "translatedValues": [{ "language": "de", "value": "Halber Preis" }],
                },
                "displayInterval": {
                    "start": { "date": "2027-01-01T00:00:00Z" }, "end": { "date": "2027-01-02T00:00:00Z" },
                },
            })
        );
        assert_eq!(message.json(false)["messageType"], "TEXT");
    }
}
