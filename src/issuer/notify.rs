//! Messages to the holders of a pass.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use walletpass_core::{Field, FieldKey, Locale, Pass, Serial, Text};
use walletpass_webservice::store::Tag;

use super::create::random_digits;
use super::outbox::Errand;
use super::{Change, Error, EventsQuery, Issuer, What, record, text};

/// A message to the holders of a pass.
///
/// Apple Wallet shows the text on the lock screen, and keeps title and text on the back of the pass until the next message. Google Wallet shows a notice
/// of its own wording, and keeps title and text among the messages of the pass.
///
/// ```
/// # use walletpass::issuer::Notice;
/// let notice = Notice::new("All beans at half price until Sunday").title("Sale");
/// # assert_eq!(notice.text.default, "All beans at half price until Sunday");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Notice {
    /// What it says: 1 to 1,000 characters in each language. A lock screen shows some 150.
    pub text: Text,
    /// What stands above the text: 1 to 100 characters in each language. Absent: the organization of the pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
}

impl Notice {
    /// Makes a message of a text, in the language of the pass, with translations perhaps.
    pub fn new(text: impl Into<Text>) -> Self {
        Self { text: text.into(), title: None }
    }

    /// Sets what stands above the text.
    pub fn title(mut self, title: impl Into<Text>) -> Self {
        self.title = Some(title.into());
        self
    }

    fn check(&self) -> Result<(), Error> {
        let parts =
            [("the text of a notice", Some(&self.text), 1_000), ("the title of a notice", self.title.as_ref(), 100)];
        for (what, part, most) in parts {
            for words in part.into_iter().flat_map(|part| [&part.default].into_iter().chain(part.translations.values()))
            {
                text::judge_length(what, words, most)?;
            }
        }
        Ok(())
    }
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notified {
    /// Tells it from the other messages.
    pub id: String,
    /// The number of the version of the pass that shows it.
    pub version: Tag,
    /// How many Apple devices were told to fetch it.
    pub notified: u64,
    /// How many Apple devices are told later; see [`Change::Changed`].
    pub waiting: u64,
    /// How it stands with the message at Google.
    pub google: MessageOutcome,
}

/// How a message got onto the object at Google.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageOutcome {
    /// It was there already, from an attempt that did not hear its answer.
    Already,
    /// With a notice to the holders, who may have turned notices off.
    Notified,
    /// Google would not have it, and will not the next time; the errand is among the [`dead`](Issuer::dead).
    Refused(String),
    /// Without a notice: the pass has notified its holders three times in 24 hours, and Google allows no more.
    Silent,
    /// There was nothing to do: the issuer has no Google client.
    Unused,
    /// It is tried again later, or done by another process at this moment.
    Waiting(String),
}

/// A message that was sent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PastNotice {
    /// Tells it from the other messages.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What it said.
    pub notice: Notice,
}

/// The last message, as a pass keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Posted {
    notice: Notice,
    /// How many there were before.
    count: u64,
}

/// The body of the event, and what the errand to Google says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Noticed {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) notice: Notice,
}

impl Issuer {
    /// Tells the holders of a pass something, and changes nothing else.
    ///
    /// On Apple the text is the value of a field with the key `notice`. Wallet speaks only of a field that was there before with another value, so
    /// every package of an issuer has one: on its back, first, with the last message, or last, empty and without a label, while there was none. A
    /// pass that has a field of that key itself shows the message there, wherever that is. The message is no part of the pass as the host sees it:
    /// [`replace`](Issuer::replace) and [`update`](Issuer::update) leave it, and [`pass`](Issuer::pass) does not give it. Wallet shows a text that is sent
    /// again, since each message ends in another number of characters that nobody sees; of several messages and changes that
    /// reach a phone together it says in words of its own that the pass has changed.
    ///
    /// At Google the message is added to the object, which is put there first if it is not there yet. Three a day notify; the others are silent.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for a text that is empty or too long; [`Error::Random`]; those of [`update`](Issuer::update).
    pub async fn notify(&self, serial: &Serial, notice: &Notice) -> Result<Notified, Error> {
        notice.check()?;
        let (key, id) = (self.key(serial), random_digits()?);
        let noticed = Noticed { id: id.clone(), notice: notice.clone() };
        let change = self
            .try_change(serial, NOTIFIED, |record| {
                let count = record.posted.as_ref().map_or(0, |posted| posted.count.wrapping_add(1));
                record.posted = Some(Posted { notice: notice.clone(), count });
                let mut caused = vec![self.event(NOTIFIED, &key, record::written(&noticed).into())];
                if self.inner.google.is_some() {
                    let errand = Errand { notice: Some(noticed.clone()), ..Errand::about(&key) };
                    caused.push(self.message_task(&key, &id, errand));
                }
                Ok(caused)
            })
            .await?;
        let Change::Changed { version, notified, waiting, .. } = change else {
            // The count is another one each time.
            return Err(Error::Contended { serial: serial.clone() });
        };
        let google = match self.inner.google {
            Some(_) => self.deliver_message(&key, &id).await,
            None => MessageOutcome::Unused,
        };
        Ok(Notified { id, version, notified, waiting, google })
    }

    /// Lists the messages to the holders of a pass, the first one first; those whose events were [pruned](Issuer::prune_events) are forgotten.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub async fn notices(&self, serial: &Serial) -> Result<Vec<PastNotice>, Error> {
        let (mut notices, mut after) = (Vec::new(), None);
        loop {
            let list = self.events(EventsQuery { serial: Some(serial.clone()), after, limit: 1_000 }).await?;
            notices.extend(list.events.into_iter().filter_map(|event| match event.what {
                What::Notified { id, notice } => Some(PastNotice { id, at: event.at, notice }),
                _ => None,
            }));
            match list.next {
                Some(next) => after = Some(next),
                None => return Ok(notices),
            }
        }
    }
}

/// Shows the last message in a package, or keeps a place for the first one.
pub(super) fn show(pass: &mut Pass, posted: Option<&Posted>) {
    let (organization, language) = (pass.organization.clone(), pass.language.clone());
    let fields = &mut pass.fields;
    let slots = [
        &mut fields.header,
        &mut fields.primary,
        &mut fields.secondary,
        &mut fields.auxiliary,
        &mut fields.back,
        &mut fields.additional,
    ];
    let own = slots.into_iter().flatten().find(|field| field.key.as_str() == KEY);
    match (own, posted) {
        (Some(_), None) => {}
        (Some(field), Some(Posted { notice, count })) => {
            field.value = marked(&notice.text, *count, &language).into();
            field.on_change = Some(WHOLE.into());
            field.label = notice.title.clone().or(field.label.take());
        }
        (None, Some(Posted { notice, count })) => {
            let title = notice.title.clone().unwrap_or(organization);
            let field = Field::new(key(), title, marked(&notice.text, *count, &language)).on_change(WHOLE);
            fields.back.insert(0, field);
        }
        (None, None) => {
            let mut place = Field::new(key(), "", UNSEEN.to_string());
            place.label = None;
            fields.back.push(place);
        }
    }
}

/// Tells a text from the one before, also where that said the same.
fn marked(text: &Text, count: u64, language: &Locale) -> Text {
    let mut text = text.clone();
    if !text.translations.is_empty() {
        // The phone compares what it shows, perhaps: so the language of the pass has its own entry.
        text.translations.entry(language.clone()).or_insert_with(|| text.default.clone());
    }
    for words in [&mut text.default].into_iter().chain(text.translations.values_mut()) {
        words.extend((0..count % MARKS).map(|_| UNSEEN));
    }
    text
}

#[expect(clippy::expect_used, reason = "a constant")]
fn key() -> FieldKey {
    KEY.parse().expect("a field key")
}

/// The kind of event.
pub(super) const NOTIFIED: &str = "notified";
/// The key of the field on Apple.
const KEY: &str = "notice";
/// The change message is the message.
const WHOLE: &str = "%@";
/// A word joiner, without width.
const UNSEEN: char = '\u{2060}';
/// A phone that missed so many messages, and then gets a text that it has, says nothing.
const MARKS: u64 = 8;
