//! The events that a ticket for several still has before it.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::field::Field;
use crate::model::guide::GuidePage;
use crate::model::id::{FieldKey, Sha256};
use crate::model::json::{map_by_name, map_by_name_schema};
use crate::model::kind::event::Venue;
use crate::model::text::Text;
use crate::model::time::instant_option;
use crate::model::zone::TimeZone;

/// One of the events that a season ticket or a festival pass is for; poster tickets from iOS 26 on list them.
/// <https://developer.apple.com/documentation/walletpasses/upcomingpassinformationentry>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `id` and `name`")]
#[non_exhaustive]
pub struct Upcoming {
    /// Tells it from the others.
    pub id: FieldKey,
    /// The name of the event.
    pub name: Text,
    /// When it begins. Absent: to be announced.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "instant_option")]
    pub start: Option<DateTime<FixedOffset>>,
    /// The time zone in which the beginning is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZone>,
    /// Whether it takes all day, so that no time is shown.
    #[serde(default, skip_serializing_if = "is_false")]
    pub all_day: bool,
    /// Whether it is the one that the ticket opens now.
    #[serde(default, skip_serializing_if = "is_false")]
    pub active: bool,
    /// Where it takes place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<Venue>,
    /// The pages about it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "map_by_name")]
    #[schemars(schema_with = "map_by_name_schema::<GuidePage, Url>")]
    pub guide: BTreeMap<GuidePage, Url>,
    /// What its details say. Without any the phone shows no details at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Field>,
    /// The banner of its details, a file for each scale.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub header_image: Vec<RemoteImage>,
    /// The map of its venue, a file for each scale.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub venue_map: Vec<RemoteImage>,
}

impl Upcoming {
    /// Names an event.
    pub fn new(id: FieldKey, name: impl Into<Text>) -> Self {
        Self {
            id,
            name: name.into(),
            start: None,
            time_zone: None,
            all_day: false,
            active: false,
            venue: None,
            guide: BTreeMap::new(),
            details: Vec::new(),
            header_image: Vec::new(),
            venue_map: Vec::new(),
        }
    }

    /// Says when it begins.
    pub fn start(mut self, at: DateTime<FixedOffset>) -> Self {
        self.start = Some(at);
        self
    }

    /// Says in which time zone the beginning is shown.
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.time_zone = Some(zone);
        self
    }

    /// Says that it takes all day.
    pub fn all_day(mut self) -> Self {
        self.all_day = true;
        self
    }

    /// Says that it is the one that the ticket opens now.
    pub fn active(mut self) -> Self {
        self.active = true;
        self
    }

    /// Says where it takes place.
    pub fn venue(mut self, venue: Venue) -> Self {
        self.venue = Some(venue);
        self
    }

    /// Adds a page about it.
    pub fn page(mut self, page: GuidePage, url: Url) -> Self {
        self.guide.insert(page, url);
        self
    }

    /// Adds a field to its details.
    pub fn detail(mut self, field: Field) -> Self {
        self.details.push(field);
        self
    }

    /// Adds a file of the banner of its details.
    pub fn header_image(mut self, image: RemoteImage) -> Self {
        self.header_image.push(image);
        self
    }

    /// Adds a file of the map of its venue.
    pub fn venue_map(mut self, image: RemoteImage) -> Self {
        self.venue_map.push(image);
        self
    }
}

/// A picture that the phone fetches when it is shown.
/// <https://developer.apple.com/documentation/walletpasses/upcomingpassinformationentry>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `url` and `sha256`")]
#[non_exhaustive]
pub struct RemoteImage {
    /// Its https address.
    pub url: Url,
    /// The digest of its bytes.
    pub sha256: Sha256,
    /// Its pixels per point, 1 to 3.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub scale: u8,
    /// The number of its bytes, 2 MiB at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
}

impl RemoteImage {
    /// Says where a picture is, with the digest of its bytes.
    pub fn new(url: Url, sha256: Sha256) -> Self {
        Self { url, sha256, scale: 1, size: None }
    }

    /// Says how many pixels it has per point.
    pub fn scale(mut self, scale: u8) -> Self {
        self.scale = scale;
        self
    }

    /// Says how many bytes it has.
    pub fn size(mut self, bytes: u32) -> Self {
        self.size = Some(bytes);
        self
    }
}

fn one() -> u8 {
    1
}

fn is_one(scale: &u8) -> bool {
    *scale == 1
}

fn is_false(value: &bool) -> bool {
    !value
}
