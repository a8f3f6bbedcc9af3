//! The members of a pass, for the rules that ask for some of them by name.

use serde_json::{Map, Value};

/// The members of the root. The rules ask for some fifty keys and a pass has a dozen, so they are laid out by their names once:
/// each stands in the place that its name points to, or in the next that was free.
pub(super) struct Members<'p> {
    map: &'p Map<String, Value>,
    /// Empty where there are more than [`MOST`] members, and then the map is asked.
    places: [Option<(&'p str, &'p Value)>; PLACES],
}

impl<'p> Members<'p> {
    pub(super) fn of(map: &'p Map<String, Value>) -> Self {
        let mut places = [None; PLACES];
        for (name, value) in map.iter().filter(|_| map.len() <= MOST) {
            let mut at = first_place(name);
            while let Some(Some(_)) = places.get(at % PLACES) {
                at += 1;
            }
            if let Some(place) = places.get_mut(at % PLACES) {
                *place = Some((name.as_str(), value));
            }
        }
        Self { map, places }
    }

    /// Finds a member.
    pub(super) fn get(&self, key: &str) -> Option<&'p Value> {
        if self.map.len() > MOST {
            return self.map.get(key);
        }
        let mut at = first_place(key);
        // Ends, since there are more places than members.
        loop {
            let (name, value) = (*self.places.get(at % PLACES)?)?;
            if name == key {
                return Some(value);
            }
            at += 1;
        }
    }

    /// Says whether there is a member.
    pub(super) fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Walks the names, in their order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'p String> {
        self.map.keys()
    }
}

/// Gives the place that a name points to: length, first and last letter tell nearly all keys of a pass apart.
fn first_place(name: &str) -> usize {
    let letter = |byte: Option<u8>| usize::from(byte.unwrap_or_default());
    let mut bytes = name.bytes();
    name.len() + 5 * letter(bytes.next()) + 11 * letter(bytes.next_back())
}

const PLACES: usize = 64;

/// The most members that are laid out: half of the places, so that the ways stay short.
const MOST: usize = PLACES / 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_map_is_found_and_nothing_else() {
        // The names of one length, first and last letter point to one place.
        for count in [0, 1, MOST, MOST + 1, 1_000] {
            let map: Map<String, Value> = (0..count).map(|number| (format!("a{number:03}z"), number.into())).collect();
            let members = Members::of(&map);
            for number in 0..1_001 {
                let key = format!("a{number:03}z");
                assert_eq!(members.get(&key), map.get(&key), "{key} of {count}");
            }
            assert!(!members.contains_key("") && !members.contains_key("z"));
            assert!(members.keys().eq(map.keys()));
        }
    }
}
