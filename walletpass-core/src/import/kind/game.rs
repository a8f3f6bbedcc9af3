//! A match of two teams.

use serde_json::Value as Json;

use crate::import::original::Original;
use crate::import::value::tag_text;
use crate::model::game::{Game, Team};

/// Reads the match, where the tags say name and abbreviation of both teams.
pub(super) fn read(original: &mut Original<'_>) -> Option<Game> {
    let tags = original.root.get("semantics").and_then(Json::as_object)?;
    let is_said = |tag: &&str| tags.get(*tag).and_then(|json| tag_text(json, original.languages)).is_some();
    let missing: Vec<&str> = DEMANDED.into_iter().filter(|tag| !is_said(tag)).collect();
    if !missing.is_empty() {
        if let Some(said) = DEMANDED.into_iter().find(is_said) {
            let what =
                format!("no fact, since a game has name and abbreviation of both teams: give {}", missing.join(", "));
            original.account.raw(format!("semantics.{said}"), what);
        }
        return None;
    }
    let home = team(original, &HOME)?;
    let away = team(original, &AWAY)?;
    let mut game = Game::new(home, away);
    game.sport = original.tag("sportName", "kind.event.game.sport", tag_text);
    game.league = original.tag("leagueName", "kind.event.game.league", tag_text);
    game.league_abbreviation = original.tag("leagueAbbreviation", "kind.event.game.leagueAbbreviation", tag_text);
    Some(game)
}

fn team(original: &mut Original<'_>, side: &[[&'static str; 2]; 3]) -> Option<Team> {
    let [name, abbreviation, location] = side.map(|[tag, fact]| original.tag(tag, fact, tag_text));
    let mut team = Team::new(name?, abbreviation?);
    team.location = location;
    Some(team)
}

/// The tags and facts of the home team.
const HOME: [[&str; 2]; 3] = [
    ["homeTeamName", "kind.event.game.home.name"],
    ["homeTeamAbbreviation", "kind.event.game.home.abbreviation"],
    ["homeTeamLocation", "kind.event.game.home.location"],
];

/// The tags and facts of the other team.
const AWAY: [[&str; 2]; 3] = [
    ["awayTeamName", "kind.event.game.away.name"],
    ["awayTeamAbbreviation", "kind.event.game.away.abbreviation"],
    ["awayTeamLocation", "kind.event.game.away.location"],
];

/// The tags without which there is no match.
const DEMANDED: [&str; 4] = ["homeTeamName", "homeTeamAbbreviation", "awayTeamName", "awayTeamAbbreviation"];
