//! A pass at the door: what it is worth at this moment, and what is made of that.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use walletpass_core::{Expiry, ExpiryError, Pass, Serial, State};
use walletpass_webservice::store::Write;

use super::{Change, Error, Issuer, record, text};

/// Somebody holds a pass to a scanner.
///
/// ```
/// # use walletpass::issuer::Scan;
/// let scan = Scan::redeem().at("Gate 3");
/// assert_eq!(scan.place.as_deref(), Some("Gate 3"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Scan {
    /// What is to be made of a pass that is valid.
    pub action: ScanAction,
    /// Where it was, in the words of the host: 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// What a scan makes of a pass that is valid. To one that is not it does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ScanAction {
    /// It stays valid for so many days from now at least. A pass that ends later, or never, stays as it is.
    Extend {
        /// 1 to 3,650.
        days: u16,
    },
    /// Nothing.
    Look,
    /// It is used up: of two scanners at the same moment one finds it valid, the other one redeemed.
    Redeem,
}

/// What a pass was worth when it was scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Verdict {
    /// Its time is over, or it was [expired](Issuer::expire).
    Expired,
    /// Its time has not come.
    NotYet,
    /// It was used up before.
    Redeemed,
    /// It may be used.
    Valid,
    /// It was withdrawn.
    Voided,
}

/// What a scan found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Scanned {
    /// What the pass was worth before the scan did anything to it.
    pub verdict: Verdict,
    /// The pass, as it is after the scan.
    pub pass: Pass,
    /// What became of the pass; [`Unchanged`](Change::Unchanged) unless it was redeemed or extended.
    pub change: Change,
}

impl Scan {
    /// Looks at a pass, and leaves it as it is.
    pub fn look() -> Self {
        Self { action: ScanAction::Look, place: None }
    }

    /// Uses a valid pass up.
    pub fn redeem() -> Self {
        Self { action: ScanAction::Redeem, place: None }
    }

    /// Has a valid pass stay valid for so many days from now at least, 1 to 3,650.
    pub fn extend(days: u16) -> Self {
        Self { action: ScanAction::Extend { days }, place: None }
    }

    /// Says where it is: a door, a shop, a till.
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Does to a valid pass what is to be done, and names the event of it.
    fn act(&self, pass: &mut Pass, now: DateTime<Utc>) -> Result<Option<&'static str>, ExpiryError> {
        match self.action {
            ScanAction::Look => Ok(None),
            ScanAction::Redeem => {
                pass.state = State::Redeemed;
                Ok(Some("redeemed"))
            }
            ScanAction::Extend { days } => {
                let least = Expiry::days(days)?.instant(now);
                let Some(present) = pass.dates.expires.map(|expires| expires.instant(now)) else { return Ok(None) };
                if present >= least {
                    return Ok(None);
                }
                pass.dates.expires = Some(Expiry::At(least.with_timezone(present.offset())));
                Ok(Some("extended"))
            }
        }
    }
}

impl Verdict {
    /// Judges a pass as it is at an instant: its state first, then its dates.
    pub fn of(pass: &Pass, now: DateTime<Utc>) -> Self {
        match pass.state {
            State::Active => {}
            State::Expired => return Self::Expired,
            State::Redeemed => return Self::Redeemed,
            // A state that this version does not know is none to let in.
            _ => return Self::Voided,
        }
        let dates = &pass.dates;
        if dates.expires.is_some_and(|expires| expires.instant(now) <= now) {
            return Self::Expired;
        }
        if dates.valid_from.is_some_and(|from| from > now) {
            return Self::NotYet;
        }
        Self::Valid
    }
}

/// The body of the event.
#[derive(Serialize, Deserialize)]
pub(super) struct ScanEvent {
    pub(super) verdict: Verdict,
    #[serde(flatten)]
    pub(super) scan: Scan,
}

impl Issuer {
    /// Judges a pass that somebody presents, and does to a valid one what the scan says, in one commit with the event `scanned`. A pass that
    /// is refused is an event too.
    ///
    /// What is redeemed or extended by a scan has the event of that beside it, and shows on the phones as after [`redeem`](Issuer::redeem) and
    /// [`extend`](Issuer::extend).
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] for a pass that was never issued or was deleted: let nobody in; [`Error::Expiry`] for a number of days out of range,
    /// [`Error::Length`] for the place; those of [`update`](Issuer::update).
    pub async fn scan(&self, serial: &Serial, scan: &Scan) -> Result<Scanned, Error> {
        if let Some(place) = &scan.place {
            text::judge_length("the place of a scan", place, MOST_OF_PLACE)?;
        }
        if let ScanAction::Extend { days } = scan.action {
            Expiry::days(days)?;
        }
        let mut found = None;
        let change = self
            .try_change(serial, SCANNED, |record| {
                let now = self.inner.clock.now();
                let verdict = Verdict::of(&record.pass, now);
                let done = match verdict {
                    Verdict::Valid => scan.act(&mut record.pass, now)?,
                    _ => None,
                };
                found = Some((verdict, record.pass.clone()));
                let key = self.key(serial);
                let done = done.map(|event| self.event(event, &key, Bytes::new()));
                Ok(done.into_iter().chain([self.scanned(serial, scan, verdict)]).collect())
            })
            .await?;
        // The closure ran, or there was an error.
        let Some((verdict, pass)) = found else { return Err(Error::NotFound { serial: serial.clone() }) };
        if change == Change::Unchanged {
            self.inner.store.commit(vec![self.scanned(serial, scan, verdict)]).await?;
        }
        Ok(Scanned { verdict, pass, change })
    }

    fn scanned(&self, serial: &Serial, scan: &Scan, verdict: Verdict) -> Write {
        let body = record::written(&ScanEvent { verdict, scan: scan.clone() });
        self.event(SCANNED, &self.key(serial), body.into())
    }
}

/// The kind of event.
pub(super) const SCANNED: &str = "scanned";
const MOST_OF_PLACE: usize = 200;
