//! The events that a ticket for several still has before it.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::field::Field;
use crate::model::id::FieldKey;
use crate::model::json::{map_by_name, map_by_name_schema};
use crate::model::kind::event::Venue;
use crate::model::kind::guide::GuidePage;
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
}

fn is_false(value: &bool) -> bool {
    !value
}
