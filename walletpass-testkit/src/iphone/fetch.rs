//! A pass is fetched, judged and shown.

use bytes::Bytes;
use chrono::NaiveDateTime;
use http::header::LAST_MODIFIED;
use http::{Method, Response};

use super::complaint::shown;
use super::exchange::header;
use super::log::{Grade, Task};
use super::wire::Ask;
use super::{Fault, HeldPass, Iphone, Name, Refused, Service, Wakeup, service_of};

/// Why a pass is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// It could not be had before.
    Again,
    /// A list named it, by a tag of an earlier one.
    Listed,
    /// A list without a tag named it, as it names everything.
    ListedAtFirst,
    /// Its holder pulled it down.
    Pulled,
    /// Its holder signed up.
    SignedUp,
}

impl Iphone {
    /// Fetches a pass as far as it is new, and takes it if it is one.
    pub(super) async fn fetch(&mut self, name: &Name, why: Why, wakeup: &mut Wakeup) {
        let Some(service) = self.service(name) else { return };
        let since = self.entries.get(name).and_then(|entry| entry.last_modified.clone());
        let ask = pass_ask(&service.base, name).with_token(&service.token).with_date(since.as_deref());
        let answer = self.exchange(&ask).await;
        let is_done = match answer {
            None => false,
            Some(answer) if answer.status() == 200 => {
                self.take(&ask, &answer, name, &service, since.as_deref(), why, wakeup);
                true
            }
            Some(answer) if answer.status() == 304 => {
                if since.is_none() {
                    let cause = "304, though no `If-Modified-Since` was sent";
                    self.complain(
                        Fault::Status,
                        &ask.told(),
                        cause,
                        "answer 304 for the date that the phone sent only",
                    );
                }
                self.not_changed(&ask, name, &service, why);
                wakeup.not_modified.push(name.1.clone());
                true
            }
            Some(answer) => {
                let what = self.unexpected(&ask, &answer, true, "200, or 304 for an unchanged pass,");
                let task = Task::Fetch { name, since: since.as_deref() };
                self.note(&service.base, &task, Grade::Error, &what);
                false
            }
        };
        if let Some(entry) = self.entries.get_mut(name) {
            entry.is_pending = !is_done;
            entry.is_fresh |= is_done;
        }
        if !is_done {
            wakeup.failed.push(name.1.clone());
        }
    }

    /// Opens a pass that was answered, and complains of headers.
    pub(super) fn open_answer(
        &mut self,
        ask: &Ask,
        answer: &Response<Bytes>,
        name: &Name,
        service: &Service,
    ) -> Result<HeldPass, String> {
        self.expect_content_type(ask, answer, "application/vnd.apple.pkpass");
        let inspection = match self.inspect(answer.body()) {
            Ok(inspection) if inspection.is_bundle => return Err("it is a bundle, not a pass".to_owned()),
            Ok(inspection) => inspection,
            Err(error @ Refused::Findings(_)) => return Err(error.to_string()),
            Err(Refused::Unreadable(error)) => return Err(error.to_string()),
        };
        let pass = inspection.passes.into_iter().find_map(|pass| HeldPass::new(pass, &self.language, self.zone));
        let pass = pass.ok_or("it does not say which pass it is")?;
        let now = service_of(&pass);
        let now = now.as_ref().map(|service| (service.base.as_str(), &service.token));
        for (is_kept, key) in [
            (pass.pass_type() == name.0, "passTypeIdentifier"),
            (pass.serial() == name.1, "serialNumber"),
            (now.map(|now| now.0) == Some(service.base.as_str()), "webServiceURL"),
            (now.map(|now| now.1) == Some(&service.token), "authenticationToken"),
        ] {
            if !is_kept {
                return Err(format!("`{key}` is another than in the pass that Wallet has"));
            }
        }
        Ok(pass)
    }

    /// Gives the date of a pass that was answered, and complains if it has none.
    pub(super) fn date_of(&mut self, ask: &Ask, answer: &Response<Bytes>) -> Option<String> {
        let given = header(answer, &LAST_MODIFIED);
        if given.is_some_and(is_http_date) {
            return given.map(str::to_owned);
        }
        let cause = match given {
            Some(given) => format!("`Last-Modified` is no HTTP date: `{}`", shown(given)),
            None => "there is no `Last-Modified`".to_owned(),
        };
        let mend = "send the time of the content like `Sat, 21 Nov 2026 10:00:00 GMT`, or every wake-up transfers the whole pass";
        self.complain(Fault::LastModified, &ask.told(), cause, mend);
        None
    }

    #[expect(clippy::too_many_arguments, reason = "all of it is about one answer")]
    fn take(
        &mut self,
        ask: &Ask,
        answer: &Response<Bytes>,
        name: &Name,
        service: &Service,
        since: Option<&str>,
        why: Why,
        wakeup: &mut Wakeup,
    ) {
        let date = self.date_of(ask, answer);
        let task = Task::Fetch { name, since };
        let pass = match self.open_answer(ask, answer, name, service) {
            Ok(pass) => pass,
            Err(reason) => {
                let mend = "answer with the pass that was asked for, in a form that Wallet takes";
                self.note(&service.base, &task, Grade::Error, &format!("Received invalid pass data ({reason})"));
                self.complain(Fault::InvalidPass, &ask.told(), reason, mend);
                wakeup.failed.push(name.1.clone());
                return;
            }
        };
        let Some(entry) = self.entries.get_mut(name) else { return };
        if entry.pass.is_same(&pass) {
            let is_moved = since.is_some() && date.is_some() && date.as_deref() != since;
            entry.last_modified = date;
            wakeup.unchanged.push(name.1.clone());
            if let Some(since) = since {
                let what = format!(
                    "Server ignored the 'if-modified-since' header ({since}) and returned the full unchanged pass data for serial number '{}'.",
                    name.1
                );
                self.note(&service.base, &task, Grade::Warning, &what);
                let cause = "the pass came whole, though it is the one of the date that was sent";
                let mend = "answer 304 when `If-Modified-Since` is the `Last-Modified` of the pass, both as HTTP dates";
                self.complain(Fault::IgnoredIfModifiedSince, &ask.told(), cause, mend);
            }
            if is_moved {
                self.complain(Fault::LastModified, &ask.told(), MOVED, MOVED_MEND);
            }
            self.not_changed(ask, name, service, why);
            return;
        }
        if since.is_some() && date.as_deref() == since {
            let cause = "the content is another than before, and `Last-Modified` is the same";
            let mend = "give a changed pass a later date, a whole second later at least: a phone cannot ask for less";
            self.complain(Fault::LastModified, &ask.told(), cause, mend);
        }
        let Some(entry) = self.entries.get_mut(name) else { return };
        wakeup.changes.push(pass.change_since(&entry.pass));
        wakeup.updated.push(name.1.clone());
        entry.pass = pass;
        entry.last_modified = date;
    }

    /// Complains of a pass that was listed and had not changed.
    fn not_changed(&mut self, ask: &Ask, name: &Name, service: &Service, why: Why) {
        if why != Why::Listed || self.entries.get(name).is_none_or(|entry| entry.is_fresh) {
            return;
        }
        let what = format!("Server requested update to serial number '{}', but the pass was unchanged.", name.1);
        self.note(&service.base, &Task::WebService { pass_type: &name.0 }, Grade::Error, &what);
        self.complain(Fault::UnchangedPass, &ask.told(), "the pass was listed and had not changed", UNCHANGED_MEND);
    }
}

/// Asks for a pass.
pub(super) fn pass_ask(base: &str, (pass_type, serial): &Name) -> Ask {
    Ask::new(Method::GET, base, &["v1", "passes", pass_type, serial])
}

/// Says whether a text is a date as RFC 9110 has servers write it, section 5.6.7.
fn is_http_date(text: &str) -> bool {
    const FORM: &str = "%a, %d %b %Y %H:%M:%S GMT";
    NaiveDateTime::parse_from_str(text, FORM).is_ok_and(|date| date.format(FORM).to_string() == text)
}

pub(super) const MOVED: &str = "the content is the same as before, and `Last-Modified` is another";
pub(super) const MOVED_MEND: &str =
    "send the time at which this content came to be, not that of the answer: an update may come between";
pub(super) const UNCHANGED_MEND: &str = "list what changed after the tag that the phone sent, and nothing else; answer 304 for the date of the newest version only";

#[cfg(test)]
mod tests {
    use super::is_http_date;

    #[test]
    fn dates_are_those_of_http() {
        assert!(is_http_date("Sat, 21 Nov 2026 10:00:00 GMT"));
        for text in [
            "Sun, 21 Nov 2026 10:00:00 GMT",
            "Sat, 21 Nov 2026 10:00:00 +0000",
            "1795255200",
            "2026-11-21T10:00:00Z",
            "",
        ] {
            assert!(!is_http_date(text), "{text}");
        }
    }
}
