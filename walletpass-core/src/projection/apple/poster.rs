//! The newer looks, drawn over the classic one.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::contact::{bare_address, drops_query};
use super::{AppleDrawing, Place};
use crate::model::field::Field;
use crate::model::kind::event::Venue;
use crate::model::upcoming::{RemoteImage, Upcoming};
use crate::projection::bounds::judge_link;
use crate::projection::format::{instant, set};
use crate::projection::look::{POSTER_GENERIC, POSTER_TICKET, SEMANTIC};
use crate::projection::report::Wallet;

impl AppleDrawing<'_> {
    /// Asks for the newer look that the pass has, the classic one behind it.
    pub(super) fn looks(&mut self) {
        for scheme in [POSTER_TICKET, SEMANTIC] {
            if self.has(scheme) {
                self.root.insert("preferredStyleSchemes".to_owned(), json!([scheme, self.style]));
            }
        }
        if self.has(POSTER_GENERIC) {
            let poster = self.poster();
            self.root.insert(POSTER_GENERIC.to_owned(), poster.into());
        }
    }

    /// Puts the auxiliary fields of an event ticket that have no room in the first row into the second.
    pub(super) fn second_row(&mut self) {
        let fields = self.body.get_mut("auxiliaryFields").filter(|_| self.style == "eventTicket");
        for field in fields.and_then(Json::as_array_mut).into_iter().flatten().skip(4) {
            set(field, "row", 1);
        }
    }

    /// Lays the fields of the classic look out on a poster: one above, four large, one below, the rest in the details.
    fn poster(&mut self) -> Map<String, Json> {
        let style = self.style;
        let additional = self.pass.fields.additional.len();
        let group = |key: &str| self.body.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
        let fields: Vec<(String, Place, Json)> =
            [Place::Header, Place::Primary, Place::Secondary, Place::Auxiliary, Place::Back]
                .into_iter()
                .flat_map(|place| {
                    let fields = group(place.key()).into_iter().enumerate();
                    fields.map(move |(index, field)| (format!("{style}.{}[{index}]", place.key()), place, field))
                })
                .collect();
        // The large ones come before what the one place above them does not hold.
        let rank = |place: &Place, index: usize| match place {
            Place::Header if index == 0 => 0,
            Place::Primary => 1,
            _ => 2,
        };
        let mut fields: Vec<_> = fields
            .into_iter()
            .enumerate()
            .map(|(index, (from, place, field))| (rank(&place, index), from, place, field))
            .collect();
        fields.sort_by_key(|(rank, ..)| *rank);
        // The fields that were meant for the details are the last ones on the back.
        let back = fields.iter().filter(|(_, _, place, _)| *place == Place::Back).count();
        let (mut poster, mut copies, mut seen_of_back) = (Map::new(), BTreeMap::new(), 0);
        for (_, from, place, mut field) in fields {
            let count = |key: &str| poster.get(key).and_then(Json::as_array).map_or(0, Vec::len);
            let key = match place {
                Place::Header if count("headerFields") < 1 => "headerFields",
                Place::Back => {
                    seen_of_back += 1;
                    if seen_of_back + additional > back { "additionalInfoFields" } else { "backFields" }
                }
                _ if count("primaryFields") < 4 => "primaryFields",
                _ if count("footerFields") < 1 => "footerFields",
                _ => "additionalInfoFields",
            };
            if let Json::Object(field) = &mut field {
                field.remove("row");
                if key == "primaryFields" {
                    field.remove("textAlignment");
                }
            }
            let at = format!("{POSTER_GENERIC}.{key}[{}]", count(key));
            if let Json::Array(group) = poster.entry(key).or_insert_with(|| json!([])) {
                group.push(field);
            }
            copies.insert(from, at);
        }
        self.report.also_at(Wallet::Apple, &copies);
        poster
    }

    /// Lists the events that the ticket is for too.
    pub(in crate::projection) fn upcoming(&mut self, events: &[Upcoming]) {
        let fact = "kind.event.upcoming";
        if !self.has(POSTER_TICKET) {
            if !events.is_empty() {
                self.lost(fact, "only poster tickets list further events");
            }
            return;
        }
        let mut entries = Vec::new();
        for (index, event) in self.bounded(events, fact).iter().enumerate() {
            let entry = self.upcoming_entry(event, &format!("{fact}[{index}]"));
            entries.push(entry);
            self.report.place(Wallet::Apple, format!("{fact}[{index}]"), format!("upcomingPassInformation[{index}]"));
        }
        if !entries.is_empty() {
            self.root.insert("upcomingPassInformation".to_owned(), entries.into());
        }
    }

    fn upcoming_entry(&mut self, event: &Upcoming, fact: &str) -> Json {
        let Upcoming { id, name, start, time_zone, all_day, active, venue, guide, details, header_image, venue_map } =
            event;
        let mut entry = json!({ "identifier": id.as_str(), "name": self.text(name), "type": "event" });
        if *active {
            set(&mut entry, "isActive", true);
        }
        // Without a date the phone writes that it is still to come.
        if let Some(start) = start {
            let mut date = json!({ "date": instant(start) });
            if *all_day {
                set(&mut date, "isAllDay", true);
            }
            if let Some(zone) = time_zone {
                set(&mut date, "timeZone", zone.name());
            }
            set(&mut entry, "dateInformation", date);
        } else if *all_day || time_zone.is_some() {
            self.note(fact.to_owned(), "without `timeZone` and `allDay`, which belong to a `start`");
        }
        let mut semantics = json!({ "eventName": self.text(name) });
        if let Some(venue) = venue {
            for (tag, value) in self.venue_tags(venue) {
                set(&mut semantics, tag, value);
            }
            if venue.address.is_some() {
                self.note(fact.to_owned(), "without the address of the venue");
            }
            if venue.place.as_ref().is_some_and(|place| place.text.is_some() || place.altitude.is_some()) {
                self.note(fact.to_owned(), "without text and altitude of the venue's place");
            }
        }
        set(&mut entry, "semantics", semantics);
        if !guide.is_empty() {
            let mut urls = Map::new();
            for (page, url) in guide {
                judge_link(url, &format!("{fact}.guide.{}", page.name()), &mut self.report);
                let address = bare_address(page.name(), url);
                if drops_query(&address, url) {
                    self.note(fact.to_owned(), "without what follows the `?` of an address");
                }
                urls.insert(page.apple_key().to_owned(), Json::from(address));
            }
            set(&mut entry, "URLs", urls);
        }
        let details = self.bounded(details, "kind.event.upcoming");
        if !details.is_empty() {
            let fields: Vec<Json> = details.iter().map(|field: &Field| self.drawn_field(field).into()).collect();
            set(&mut entry, "backFields", fields);
        }
        let images = [("headerImage", header_image), ("venueMap", venue_map)];
        let images = images.into_iter().filter(|(_, files)| !files.is_empty());
        let images: Map<_, _> = images.map(|(key, files)| (key.to_owned(), remote_image(files))).collect();
        if !images.is_empty() {
            set(&mut entry, "images", images);
        }
        entry
    }

    /// Writes what is known of a venue as semantic tags.
    fn venue_tags(&mut self, venue: &Venue) -> Vec<(&'static str, Json)> {
        let Venue { name, address: _, place, region, room, entrance } = venue;
        let texts = [
            ("venueName", Some(name)),
            ("venueRegionName", region.as_ref()),
            ("venueRoom", room.as_ref()),
            ("entranceDescription", entrance.as_ref()),
        ];
        let mut tags: Vec<(&'static str, Json)> =
            texts.into_iter().filter_map(|(tag, text)| Some((tag, self.text(text?).into()))).collect();
        if let Some(place) = place {
            tags.push(("venueLocation", json!({ "latitude": place.latitude, "longitude": place.longitude })));
        }
        tags
    }
}

fn remote_image(files: &[RemoteImage]) -> Json {
    let file = |RemoteImage { url, sha256, scale, size }: &RemoteImage| {
        let mut json = json!({ "URL": url.as_str(), "SHA256": sha256.as_str(), "scale": scale });
        if let Some(size) = size {
            set(&mut json, "size", *size);
        }
        json
    };
    json!({ "URLs": files.iter().map(file).collect::<Vec<_>>() })
}
