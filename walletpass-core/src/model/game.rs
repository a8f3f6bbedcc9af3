//! Who plays against whom.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::text::Text;

/// Who plays against whom, for the ticket of a match.
/// <https://developer.apple.com/documentation/walletpasses/semantictags>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `home` and `away`")]
#[non_exhaustive]
pub struct Game {
    /// The team at home.
    pub home: Team,
    /// The visitors.
    pub away: Team,
    /// The sport: "Football".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sport: Option<Text>,
    /// The league or cup, in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub league: Option<Text>,
    /// The league or cup, in letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub league_abbreviation: Option<Text>,
}

impl Game {
    /// Names the two teams.
    pub fn new(home: Team, away: Team) -> Self {
        Self { home, away, sport: None, league: None, league_abbreviation: None }
    }

    /// Names the sport.
    pub fn sport(mut self, sport: impl Into<Text>) -> Self {
        self.sport = Some(sport.into());
        self
    }

    /// Names the league or cup, in full and in letters.
    pub fn league(mut self, name: impl Into<Text>, abbreviation: impl Into<Text>) -> Self {
        self.league = Some(name.into());
        self.league_abbreviation = Some(abbreviation.into());
        self
    }
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object with `name` and `abbreviation`")]
#[non_exhaustive]
pub struct Team {
    /// Its name.
    pub name: Text,
    /// Its name in letters: "FCP". A poster ticket shows it.
    pub abbreviation: Text,
    /// Where it is at home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Text>,
}

impl Team {
    /// Names a team, in full and in letters.
    pub fn new(name: impl Into<Text>, abbreviation: impl Into<Text>) -> Self {
        Self { name: name.into(), abbreviation: abbreviation.into(), location: None }
    }

    /// Says where it is at home.
    pub fn location(mut self, location: impl Into<Text>) -> Self {
        self.location = Some(location.into());
        self
    }
}
