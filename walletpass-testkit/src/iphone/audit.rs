//! What a phone cannot notice, and a test can.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::Response;
use http::header::LAST_MODIFIED;

use super::complaint::shown;
use super::exchange::header;
use super::fetch::{MOVED, MOVED_MEND, UNCHANGED_MEND, pass_ask};
use super::wire::Ask;
use super::{Complaint, Fault, Iphone, Name, Service};

impl Iphone {
    /// Asks the servers what no phone would ask, and complains of what it would never notice. Wake the phone first: then nothing
    /// new is to be had.
    ///
    /// - Each pass is the one in Wallet, or was listed: an update that was lost shows here. Its date holds still, and gives 304;
    ///   HEAD, which devices were seen to send, gives the same headers.
    /// - The last tag lists nothing any more; without a tag, the list is what this phone registered, and nothing else.
    /// - Nobody gets a pass without its token, or with that of another pass; no two passes share one.
    ///
    /// It changes nothing in Wallet and logs nothing. The complaints are among [`complaints`](Iphone::complaints) too.
    pub async fn audit(&mut self) -> Vec<Complaint> {
        let first = self.complaints.len();
        for ((pass_type, base), tag) in self.tags.clone() {
            self.audit_list(&pass_type, &base).await;
            let listing = match &tag {
                Some(_) => self.list(&pass_type, &base, tag.as_deref(), false).await,
                None => None,
            };
            let listed: BTreeSet<String> = listing.iter().flat_map(|listing| listing.serials.clone()).collect();
            for name in self.names_of(&pass_type) {
                let Some(service) = self.service(&name).filter(|service| service.base == base) else { continue };
                if !self.is_registered(&name) {
                    continue;
                }
                let told = listing.as_ref().map(|listing| listing.told.as_str());
                let told = told.filter(|_| listed.contains(&name.1));
                self.audit_pass(&name, &service, tag.is_some(), told).await;
                self.audit_token(&name, &service).await;
            }
        }
        self.complaints.get(first..).unwrap_or_default().to_vec()
    }

    /// Compares the list without a tag with what is registered.
    async fn audit_list(&mut self, pass_type: &str, base: &str) {
        let Some(listing) = self.list(pass_type, base, None, false).await else { return };
        let names = self.names_of(pass_type).into_iter().filter(|name| self.is_registered(name));
        let names = names.filter(|name| self.service(name).is_some_and(|service| service.base == base));
        let registered: BTreeSet<String> = names.map(|(_, serial)| serial).collect();
        let listed: BTreeSet<String> = listing.serials.into_iter().collect();
        for serial in registered.difference(&listed) {
            let cause = format!("without a tag the list is to name all, and `{}` is missing", shown(serial));
            let mend = "keep each registration until DELETE, and list all without `passesUpdatedSince`";
            self.complain(Fault::Registration, &listing.told, cause, mend);
        }
        for serial in listed.difference(&registered) {
            let cause = format!("`{}` is not registered, or no more", shown(serial));
            self.complain(Fault::ForeignSerial, &listing.told, cause, "forget a registration at DELETE");
        }
    }

    /// Compares a pass with that in Wallet. `listed` is the list that named it.
    async fn audit_pass(&mut self, name: &Name, service: &Service, has_tag: bool, listed: Option<&str>) {
        let ask = pass_ask(&service.base, name).with_token(&service.token);
        let Some(answer) = self.exchange(&ask).await else { return };
        if answer.status() != 200 {
            let _ = self.unexpected(&ask, &answer, true, "200");
            return;
        }
        let date = self.date_of(&ask, &answer);
        let pass = match self.open_answer(&ask, &answer, name, service) {
            Ok(pass) => pass,
            Err(reason) => {
                return self.complain(
                    Fault::InvalidPass,
                    &ask.told(),
                    reason,
                    "answer with the pass that was asked for",
                );
            }
        };
        let Some(entry) = self.entries.get(name) else { return };
        let (is_same, before) = (entry.pass.is_same(&pass), entry.last_modified.clone());
        let (was_fetched, is_fresh) = (before.is_some(), entry.is_fresh);
        match (is_same, listed) {
            (true, Some(list)) if !is_fresh => {
                self.complain(
                    Fault::UnchangedPass,
                    list,
                    "the pass is listed, and is the one that Wallet has",
                    UNCHANGED_MEND,
                );
            }
            (false, None) if has_tag => {
                let cause = "the pass is another than in Wallet, and the list does not say so";
                let mend = "let the tag never run ahead of what was listed, and make it finer than the changes: a counter, not a time; list a pass also when it was registered after the tag";
                self.complain(Fault::MissedUpdate, &ask.told(), cause, mend);
            }
            _ => {}
        }
        if is_same && was_fetched && date.is_some() && date != before {
            self.complain(Fault::LastModified, &ask.told(), MOVED, MOVED_MEND);
        }
        self.audit_head(&ask.clone().without_body(), date.as_deref()).await;
        let Some(date) = date else { return };
        let ask = ask.with_date(Some(&date));
        let Some(answer) = self.exchange(&ask).await else { return };
        match answer.status().as_u16() {
            304 => {}
            200 => {
                let cause = "the pass came whole, though it is the one of the date that was sent";
                let mend = "answer 304 when `If-Modified-Since` is the `Last-Modified` of the pass, both as HTTP dates";
                self.complain(Fault::IgnoredIfModifiedSince, &ask.told(), cause, mend);
            }
            _ => drop(self.unexpected(&ask, &answer, true, "304")),
        }
    }

    /// Asks for the headers of a pass that was answered with this date.
    async fn audit_head(&mut self, ask: &Ask, date: Option<&str>) {
        let Some(answer) = self.exchange(ask).await else { return };
        let status = answer.status().as_u16();
        let (fault, cause) = match header(&answer, &LAST_MODIFIED) {
            _ if status != 200 => (Fault::Status, format!("status {status}, and GET is answered with 200")),
            given if date.is_some() && given != date => {
                (Fault::LastModified, "`Last-Modified` is another than that of GET".to_owned())
            }
            _ => return,
        };
        self.complain(fault, &ask.told(), cause, "answer HEAD as GET, without the body: devices were seen to send it");
    }

    /// Asks for a pass as those do who have no right to it.
    async fn audit_token(&mut self, name: &Name, service: &Service) {
        let ask = pass_ask(&service.base, name);
        if let Some(answer) = self.exchange(&ask).await {
            self.expect_refusal(&ask, &answer, "the pass is given away without `Authorization`");
        }
        let others = self.entries.iter().filter(|(other, _)| *other != name);
        let others: Vec<_> = others.filter_map(|(name, entry)| Some((name.clone(), entry.service.clone()?))).collect();
        let mut has_asked = false;
        for (other, foreign) in others {
            if foreign.token == service.token {
                // Each pair is told once.
                if other > *name {
                    let cause = format!("{} `{}` has the same `authenticationToken`", other.0, shown(&other.1));
                    let mend = "draw a random token for each pass: who holds one pass could fetch the other";
                    self.complain(Fault::SharedToken, &ask.told(), cause, mend);
                }
            } else if !has_asked {
                has_asked = true;
                let ask = pass_ask(&service.base, name).with_token(&foreign.token);
                if let Some(answer) = self.exchange(&ask).await {
                    self.expect_refusal(&ask, &answer, "the pass is given away for the token of another");
                }
            }
        }
    }

    fn expect_refusal(&mut self, ask: &Ask, answer: &Response<Bytes>, cause: &str) {
        match answer.status().as_u16() {
            401 => {}
            200 | 304 => {
                let mend = "compare the token with that of the very pass, found by its type and its serial number";
                self.complain(Fault::Unprotected, &ask.told(), cause, mend);
            }
            _ => drop(self.unexpected(ask, answer, false, "401")),
        }
    }
}
