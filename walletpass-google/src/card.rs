//! A pass as Google gets it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use walletpass_core::lint::google::Vertical;
use walletpass_core::projection::{self, GoogleSheet, Report};
use walletpass_core::{IssuerId, Pass};

use crate::account::Account;
use crate::error::Error;
use crate::id::{class_id, object_id};
use crate::link::{Inserted, SaveLink};

/// A pass as Google gets it: a class and an object with their ids, judged and without errors.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Card {
    /// Which of Google's seven verticals it is.
    pub vertical: Vertical,
    /// The class, shared by all passes of equal class content; and by all of one flight, whatever else is in it.
    pub class: Map<String, Value>,
    /// The object, this pass alone.
    pub object: Map<String, Value>,
    /// Where each fact landed, and the warnings.
    pub report: Report,
    issuer: IssuerId,
}

/// Shows the report alone: the object may hold a PIN.
impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { vertical, report, issuer, .. } = self;
        let mut shown = f.debug_struct("Card");
        shown.field("issuer", issuer).field("vertical", vertical).field("report", report).finish_non_exhaustive()
    }
}

impl Card {
    /// Draws a pass for an issuer, and judges it.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with the report when Google would refuse the pass.
    pub fn draw(pass: &Pass, issuer: &IssuerId, now: DateTime<Utc>) -> Result<Self, Error> {
        let sheet = projection::google(pass, now);
        let class_id = class_id(issuer, sheet.vertical, &sheet.class);
        let object_id = object_id(issuer, sheet.vertical, &pass.serial);
        let GoogleSheet { vertical, class, object, report, .. } = sheet.identify(issuer, &class_id, &object_id);
        if report.has_errors() {
            return Err(Error::Refused(Box::new(report)));
        }
        Ok(Self { vertical, class, object, report, issuer: issuer.clone() })
    }

    /// Makes the link that saves the card, with class and object inside. What was changed in them since is not judged again.
    ///
    /// # Errors
    ///
    /// [`Error::IssuerMismatch`] for an account of another issuer; [`Error::LinkTooLong`] and [`Error::Signing`] as for
    /// [`Account::save_link`].
    pub fn save_link(&self, account: &Account) -> Result<SaveLink, Error> {
        self.save_link_given(account, Inserted::Nothing)
    }

    /// Makes the link that saves the card, where part of it exists at Google: the link leaves that out, and works only
    /// where the part exists.
    ///
    /// # Errors
    ///
    /// As for [`save_link`](Card::save_link).
    pub fn save_link_given(&self, account: &Account, inserted: Inserted) -> Result<SaveLink, Error> {
        self.judge_issuer(account)?;
        SaveLink::sign(self, account, inserted)
    }

    /// Makes the link that saves the card, with class and object inside where they fit, and with their names alone where not: what the link
    /// [needs](SaveLink::needs) has to exist at Google before it is opened. It is signed once, on a thread of its own, as the key may be a remote one.
    ///
    /// # Errors
    ///
    /// [`Error::IssuerMismatch`] for an account of another issuer; [`Error::Signing`]; [`Error::LinkTooLong`] when the names alone are too long, as with the
    /// addresses of many sites.
    pub async fn fitting_link(&self, account: &Account) -> Result<SaveLink, Error> {
        self.judge_issuer(account)?;
        SaveLink::sign_fitting(self, account).await
    }

    pub(crate) fn judge_issuer(&self, account: &Account) -> Result<(), Error> {
        if self.issuer == *account.issuer() {
            return Ok(());
        }
        Err(Error::IssuerMismatch { card: self.issuer.clone(), account: account.issuer().clone() })
    }
}
