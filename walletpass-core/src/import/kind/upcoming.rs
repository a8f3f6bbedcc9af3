//! The further events of a ticket for several.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use url::Url;

use crate::import::explicit;
use crate::import::kind::page::{Page, address};
use crate::import::languages::Languages;
use crate::import::original::Original;
use crate::import::value;
use crate::model::guide::GuidePage;
use crate::model::kind::event::Venue;
use crate::model::link::bare_scheme;
use crate::model::upcoming::{RemoteImage, Upcoming};

/// Reads them.
pub(super) fn read(original: &mut Original<'_>) -> Vec<Upcoming> {
    let (key, fact) = ("upcomingPassInformation", "kind.event.upcoming");
    let Some(Json::Array(entries)) = original.root.get(key) else { return Vec::new() };
    let mut upcoming = Vec::new();
    for (index, entry) in entries.iter().enumerate().take(MOST) {
        let path = format!("{key}[{index}]");
        match event(entry, original.languages) {
            Ok(event) => {
                original.account.fact(path.clone(), format!("{fact}[{}]", upcoming.len()));
                let given = entry.get("backFields").and_then(Json::as_array).map_or(0, Vec::len);
                if event.details.len() < given {
                    let what = format!(
                        "{} of its {given} back fields: the others are kept for Apple alone",
                        event.details.len()
                    );
                    original.account.remark(path, what);
                }
                upcoming.push(event);
            }
            Err(why) => original.account.raw(path, why),
        }
    }
    if entries.len() > MOST {
        original.account.remark(key, format!("{MOST} of them are read"));
    }
    if !upcoming.is_empty() {
        original.account.fact(key, fact);
    }
    upcoming
}

fn event(entry: &Json, languages: &Languages) -> Result<Upcoming, String> {
    let text = |key| entry.get(key).and_then(|json| value::tag_text(json, languages));
    let id = entry.get("identifier").and_then(Json::as_str).ok_or("it has no `identifier`")?;
    let id = id.parse().map_err(|error| format!("its identifier: {error}"))?;
    let mut event = Upcoming::new(id, text("name").ok_or("it has no `name`")?);
    event.active = is_true(entry, "isActive");
    if let Some(date) = entry.get("dateInformation") {
        event.start = date.get("date").and_then(value::instant);
        event.all_day = is_true(date, "isAllDay");
        event.time_zone = date.get("timeZone").and_then(Json::as_str).and_then(|zone| zone.parse().ok());
    }
    event.venue = entry.get("semantics").and_then(|tags| venue(tags, languages));
    event.guide = entry.get("URLs").map(guide).unwrap_or_default();
    let details = entry.get("backFields").and_then(Json::as_array).into_iter().flatten().take(MOST_PARTS);
    event.details = details
        .filter_map(|json| {
            let json = json.as_object()?;
            let key = json.get("key")?.as_str()?.parse().ok()?;
            explicit::as_written(json, key, languages)
        })
        .collect();
    let images = |key| entry.get("images").and_then(|images| images.get(key)).map(remote).unwrap_or_default();
    (event.header_image, event.venue_map) = (images("headerImage"), images("venueMap"));
    Ok(event)
}

fn venue(tags: &Json, languages: &Languages) -> Option<Venue> {
    let text = |tag| tags.get(tag).and_then(|json| value::tag_text(json, languages));
    let mut venue = Venue::new(text("venueName")?);
    venue.region = text("venueRegionName");
    venue.room = text("venueRoom");
    venue.entrance = text("entranceDescription");
    venue.place = tags.get("venueLocation").and_then(value::place);
    Some(venue)
}

fn guide(urls: &Json) -> BTreeMap<GuidePage, Url> {
    let read = |page: &GuidePage| {
        let (name, key) = page.names();
        Some((*page, address(urls.get(key)?, bare_scheme(name))?))
    };
    GuidePage::ALL.iter().filter_map(read).collect()
}

fn remote(image: &Json) -> Vec<RemoteImage> {
    let file = |json: &Map<String, Json>| {
        let text = |key| json.get(key).and_then(Json::as_str);
        let mut image = RemoteImage::new(Url::parse(text("URL")?).ok()?, text("SHA256")?.parse().ok()?);
        if let Some(scale) = json.get("scale") {
            image.scale = scale.as_u64().and_then(|scale| u8::try_from(scale).ok())?;
        }
        image.size = json.get("size").and_then(Json::as_u64).and_then(|size| u32::try_from(size).ok());
        Some(image)
    };
    let files = image.get("URLs").and_then(Json::as_array).into_iter().flatten().take(MOST_PARTS);
    files.filter_map(Json::as_object).filter_map(file).collect()
}

fn is_true(json: &Json, key: &str) -> bool {
    json.get(key) == Some(&Json::Bool(true))
}

/// The most events that are read.
const MOST: usize = 100;

/// The most fields and pictures of an event that are read.
const MOST_PARTS: usize = 20;
