//! What phones do to keep passes up to date: woken by a push, by themselves, or by hand.

use std::collections::BTreeSet;

use super::fetch::Why;
use super::{Fault, Iphone, Wakeup, is_at};

impl Iphone {
    /// Does what a push for this pass type causes: asks what changed, fetches that, and shows it.
    pub async fn wake(&mut self, pass_type: &str) -> Wakeup {
        let first = self.complaints.len();
        let mut wakeup = Wakeup::new(pass_type);
        for name in self.names_of(pass_type) {
            if self.wants_updates(&name) && !self.is_registered(&name) {
                self.register(&name).await;
            }
        }
        for base in self.bases_of(pass_type) {
            self.update_from(pass_type, &base, &mut wakeup).await;
        }
        self.finish(first, wakeup).await
    }

    /// Takes a push that came to a push token. One that is not, or no longer, this phone's for the pass type wakes nothing; if it
    /// ever was, that is a [complaint](Fault::StalePushToken).
    pub async fn push(&mut self, pass_type: &str, push_token: &str) -> Option<Wakeup> {
        let tokens = self.push_tokens.get(pass_type)?;
        if tokens.current.eq_ignore_ascii_case(push_token) {
            return Some(self.wake(pass_type).await);
        }
        if tokens.former.iter().any(|former| former.eq_ignore_ascii_case(push_token)) {
            self.complain(
                Fault::StalePushToken,
                &format!("push for {pass_type}"),
                "the push went to a token that this phone has no more",
                "take the push token of every registration, also of a known one, for all passes of the type on the device",
            );
        }
        None
    }

    /// Does what phones do now and then without a push: [wakes](Iphone::wake) for every pass type.
    pub async fn poll(&mut self) -> Vec<Wakeup> {
        let pass_types: BTreeSet<String> = self.entries.keys().map(|(pass_type, _)| pass_type.clone()).collect();
        let mut wakeups = Vec::new();
        for pass_type in pass_types {
            wakeups.push(self.wake(&pass_type).await);
        }
        wakeups
    }

    /// Fetches one pass, as pulling down its back does. It asks for no list.
    ///
    /// # Panics
    ///
    /// When the pass is not in Wallet.
    pub async fn refresh(&mut self, pass_type: &str, serial: &str) -> Wakeup {
        let name = self.name(pass_type, serial);
        let first = self.complaints.len();
        let mut wakeup = Wakeup::new(pass_type);
        self.fetch(&name, Why::Pulled, &mut wakeup).await;
        self.finish(first, wakeup).await
    }

    /// Lists and fetches the passes of a type at one web service.
    async fn update_from(&mut self, pass_type: &str, base: &str, wakeup: &mut Wakeup) {
        let key = (pass_type.to_owned(), base.to_owned());
        let tag = self.tags.get(&key).cloned().flatten();
        let mut due = BTreeSet::new();
        let listing = self.list(pass_type, base, tag.as_deref(), true).await;
        let is_listed = listing.is_some();
        if let Some(listing) = listing {
            due = self.known_of(listing.serials.clone(), pass_type, base);
            wakeup.listed.extend(listing.serials);
            if listing.tag.is_some() {
                self.tags.insert(key, listing.tag);
            }
        }
        for name in self.names_of(pass_type) {
            let entry = self.entries.get(&name);
            let is_pending = entry.is_some_and(|entry| entry.is_pending && is_at(entry, base));
            let why = match (due.contains(&name.1), is_pending) {
                (true, false) if tag.is_some() => Why::Listed,
                (true, _) => Why::ListedAtFirst,
                (false, true) => Why::Again,
                (false, false) => continue,
            };
            self.fetch(&name, why, wakeup).await;
        }
        for entry in self.entries.iter_mut().filter(|(name, _)| name.0 == pass_type).map(|(_, entry)| entry) {
            entry.is_fresh &= !(is_listed && is_at(entry, base));
        }
    }

    pub(super) async fn finish(&mut self, first: usize, mut wakeup: Wakeup) -> Wakeup {
        self.send_log().await;
        wakeup.complaints = self.complaints.get(first..).unwrap_or_default().to_vec();
        wakeup
    }

    /// Gives the web services at which passes of a type are registered.
    fn bases_of(&self, pass_type: &str) -> BTreeSet<String> {
        let names = self.names_of(pass_type).into_iter().filter(|name| self.is_registered(name));
        names.filter_map(|name| Some(self.entries.get(&name)?.service.as_ref()?.base.clone())).collect()
    }
}
