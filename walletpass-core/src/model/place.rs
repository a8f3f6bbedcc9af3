//! Places near which a pass shows itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::text::Text;

/// A place near which a phone offers the pass on its lock screen. A pass has at most [`Place::MAX`].
///
/// <https://developer.apple.com/documentation/walletpasses/pass/locations-data.dictionary>
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
#[non_exhaustive]
pub struct Place {
    /// Degrees north of the equator, -90 to 90.
    #[schemars(range(min = -90, max = 90))]
    pub latitude: f64,
    /// Degrees east of Greenwich, -180 to 180.
    #[schemars(range(min = -180, max = 180))]
    pub longitude: f64,
    /// Metres above the sea; Apple only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude: Option<f64>,
    /// What the lock screen says; Apple only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
}

impl Place {
    /// The most places a pass can have; Google rejects the eleventh.
    pub const MAX: usize = 10;

    /// Marks a point by latitude and longitude in degrees (WGS 84).
    ///
    /// # Errors
    ///
    /// [`PlaceError`] when either is out of range or not a number.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, PlaceError> {
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return Err(PlaceError { latitude, longitude });
        }
        Ok(Self { latitude, longitude, altitude: None, text: None })
    }

    /// Gives the height above the sea in metres.
    pub fn altitude(mut self, metres: f64) -> Self {
        self.altitude = Some(metres);
        self
    }

    /// Says what the lock screen shows.
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.text = Some(text.into());
        self
    }
}

/// Says that coordinates are not on Earth.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error(
    "latitude {latitude}, longitude {longitude} is no place: latitude runs from -90 to 90, longitude from -180 to 180; \
     are the two swapped?"
)]
pub struct PlaceError {
    latitude: f64,
    longitude: f64,
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct PlaceJson {
            latitude: f64,
            longitude: f64,
            #[serde(default)]
            altitude: Option<f64>,
            #[serde(default)]
            text: Option<Text>,
        }

        let PlaceJson { latitude, longitude, altitude, text } = PlaceJson::deserialize(deserializer)?;
        let place = Self::new(latitude, longitude).map_err(serde::de::Error::custom)?;
        Ok(Self { altitude, text, ..place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_off_the_globe_are_refused() {
        assert!(Place::new(41.15, -8.61).is_ok());
        for (latitude, longitude) in [(90.1, 0.0), (0.0, 180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert!(Place::new(latitude, longitude).is_err());
        }
        let error = serde_json::from_str::<Place>(r#"{ "latitude": 151.2, "longitude": -33.8 }"#).unwrap_err();
        assert!(error.to_string().contains("swapped"), "{error}");
    }
}
