//! What happened to the passes of an issuer.

use chrono::{DateTime, Utc};
use walletpass_core::projection::Wallet;
use walletpass_core::{PassTypeId, Serial};
use walletpass_webservice::store::{Event, EventQuery, Write, Written};

use super::notify::{NOTIFIED, Noticed};
use super::scan::{SCANNED, ScanEvent};
use super::{Error, Issuer, Notice, Scan, Verdict};

/// Which events to read.
///
/// ```
/// # use walletpass::issuer::EventsQuery;
/// let query = EventsQuery { limit: 1_000, ..EventsQuery::default() }; // the first thousand of all passes
/// # assert_eq!(query.after, None);
/// ```
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "hosts make it, with `..Default::default()`")]
pub struct EventsQuery {
    /// Those of one pass, also of one that was deleted. It is of the pass type that the issuer [means](Issuer::of); all others are of any type.
    pub serial: Option<Serial>,
    /// Those with a higher id: the last one that was read before.
    pub after: Option<u64>,
    /// How many at most, 1 to 1,000; other numbers are taken for the nearest of these.
    pub limit: usize,
}

/// A hundred events, from the first one.
impl Default for EventsQuery {
    fn default() -> Self {
        Self { serial: None, after: None, limit: 100 }
    }
}

/// A page of events, in the order in which they happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EventList {
    /// The events.
    pub events: Vec<Happened>,
    /// What to go on [after](EventsQuery::after), if there are more by now. Whoever follows what happens remembers the id of the last event.
    pub next: Option<u64>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Happened {
    /// Rises from event to event of a tenant. An event that was not there when a higher one was read never comes later.
    pub id: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// To which pass, if to one.
    pub serial: Option<Serial>,
    /// The type of that pass.
    pub pass_type: Option<PassTypeId>,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum What {
    /// A pass was created.
    Created,
    /// A pass was deleted.
    Deleted,
    /// The time of a pass was said to be over. One that ends by its date has no event then.
    Expired,
    /// The end of a pass was set.
    Extended,
    /// A device took a pass on: with Apple each device, with Google somebody who saved it, perhaps not for the first time.
    Installed {
        /// Which wallet.
        wallet: Wallet,
    },
    /// A message went to the holders.
    Notified {
        /// Tells it from the other messages.
        id: String,
        /// What it said.
        notice: Notice,
    },
    /// Something that the host recorded, or a later version of the issuer, in its word.
    Other(String),
    /// A pass was used up.
    Redeemed,
    /// A pass was put back into use.
    Reinstated,
    /// A device let a pass go: by hand, or APNs says that the device is gone, or the pass was deleted; with Google somebody deleted it, and others may
    /// hold it still.
    Removed {
        /// Which wallet.
        wallet: Wallet,
    },
    /// A pass was presented.
    Scanned {
        /// How, and where.
        scan: Scan,
        /// What it was worth.
        verdict: Verdict,
    },
    /// A holder signed up for a card.
    SignedUp,
    /// A pass was changed.
    Updated,
    /// A pass was withdrawn.
    Voided,
}

impl What {
    fn of(event: &Event) -> Self {
        let body = &event.event.body;
        match event.event.kind.as_str() {
            "created" => Self::Created,
            "deleted" => Self::Deleted,
            "expired" => Self::Expired,
            "extended" => Self::Extended,
            Event::INSTALLED => Self::Installed { wallet: wallet_of(body) },
            "redeemed" => Self::Redeemed,
            "reinstated" => Self::Reinstated,
            Event::REMOVED => Self::Removed { wallet: wallet_of(body) },
            "signed-up" => Self::SignedUp,
            "updated" => Self::Updated,
            "voided" => Self::Voided,
            kind => {
                let known = match kind {
                    NOTIFIED => {
                        serde_json::from_slice(body).ok().map(|Noticed { id, notice }| Self::Notified { id, notice })
                    }
                    SCANNED => {
                        let read = serde_json::from_slice(body).ok();
                        read.map(|ScanEvent { verdict, scan }| Self::Scanned { scan, verdict })
                    }
                    _ => None,
                };
                known.unwrap_or_else(|| Self::Other(kind.to_owned()))
            }
        }
    }
}

fn wallet_of(body: &[u8]) -> Wallet {
    match body == OF_GOOGLE {
        true => Wallet::Google,
        false => Wallet::Apple,
    }
}

impl Issuer {
    /// Reads what happened, from the first event on or after the last one that was read.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub async fn events(&self, query: EventsQuery) -> Result<EventList, Error> {
        let EventsQuery { serial, after, limit } = query;
        let pass = serial.map(|serial| self.key(&serial));
        let (tenant, limit) = (self.inner.tenant.clone(), limit.clamp(1, MOST));
        let mut query = EventQuery { tenant, pass, after, cursor: None, limit };
        loop {
            let page = self.inner.store.events(&query).await?;
            let Some(last) = page.items.last().map(|event| event.id) else {
                match page.next {
                    Some(cursor) => query.cursor = Some(cursor),
                    None => return Ok(EventList { events: Vec::new(), next: None }),
                }
                continue;
            };
            let events = page.items.into_iter().map(happened).collect();
            return Ok(EventList { events, next: page.next.map(|_| last) });
        }
    }

    /// Removes the events up to an id, and says how many there were: the oldest ones, which the host has read or needs no more.
    ///
    /// # Errors
    ///
    /// [`Error::Store`]; some may be gone then.
    pub async fn prune_events(&self, through: u64) -> Result<u64, Error> {
        let mut gone = 0;
        loop {
            let prune = Write::PruneEvents { tenant: self.inner.tenant.clone(), through };
            match self.inner.store.commit(vec![prune]).await?.first() {
                Some(Written::Pruned { events }) => {
                    gone += events;
                    if *events < Write::MOST_PRUNED {
                        return Ok(gone);
                    }
                }
                _ => return Ok(gone),
            }
        }
    }
}

fn happened(event: Event) -> Happened {
    let what = What::of(&event);
    let (serial, pass_type) = event.event.pass.map(|key| (key.serial, key.pass_type)).unzip();
    Happened { id: event.id, at: event.event.at, serial, pass_type, what }
}

/// The body of an event of Google's; the store appends Apple's, without a body.
pub(super) const OF_GOOGLE: &[u8] = br#"{"wallet":"google"}"#;
const MOST: usize = 1_000;
