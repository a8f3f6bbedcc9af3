//! Raw JSON, merged over what the facts drew.

use serde_json::{Map, Value as Json};

use crate::model::extra;
use crate::projection::report::{Report, Wallet};
use crate::projection::rules;

/// Raw JSON of a pass for one of the wallets.
pub(super) struct Raw<'r> {
    /// The wallet.
    pub(super) wallet: Wallet,
    /// Where it stands in the pass: `extra.apple`.
    pub(super) name: &'static str,
    /// How paths into what the wallet gets begin: empty, `class.` or `object.`.
    pub(super) prefix: &'static str,
    /// The JSON.
    pub(super) json: &'r Map<String, Json>,
}

impl Raw<'_> {
    /// Merges it, tells where it stands over facts of the pass, and gives the paths that it sets.
    pub(super) fn merge(&self, drawn: &mut Map<String, Json>, report: &mut Report) -> Vec<String> {
        let mut paths = Vec::new();
        if self.json.is_empty() {
            return paths;
        }
        self.walk(self.json, Some(drawn), self.prefix.to_owned(), &mut paths, report);
        extra::merge(drawn, self.json);
        let at = self.prefix.trim_end_matches('.');
        report.place(self.wallet, self.name, if at.is_empty() { "pass.json" } else { at });
        paths
    }

    fn walk(
        &self,
        raw: &Map<String, Json>,
        drawn: Option<&Map<String, Json>>,
        prefix: String,
        paths: &mut Vec<String>,
        report: &mut Report,
    ) {
        for (key, value) in raw {
            let path = format!("{prefix}{key}");
            match (value, drawn.and_then(|drawn| drawn.get(key))) {
                (Json::Object(inner), Some(Json::Object(drawn))) => {
                    self.walk(inner, Some(drawn), format!("{path}."), paths, report);
                    continue;
                }
                (value, Some(drawn)) if value != drawn => self.tell(&path, report),
                _ => {}
            }
            paths.push(path);
        }
    }

    /// Says that what stands at a path no longer follows from the facts that drew it.
    fn tell(&self, path: &str, report: &mut Report) {
        let facts = report.overridden(self.wallet, path, self.name);
        if facts.is_empty() {
            return;
        }
        let named = facts.iter().take(MOST_NAMED).map(|fact| format!("`{fact}`")).collect::<Vec<_>>().join(", ");
        let more = match facts.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let at = format!("{}.{}", self.name, path.strip_prefix(self.prefix).unwrap_or(path));
        report.find(rules::OVERRIDDEN.finding(
            at,
            format!("the raw JSON stands over {named}{more}, and a change of that does not show there"),
            "leave it out, or keep it in step",
        ));
    }
}

/// The most facts that a finding names.
const MOST_NAMED: usize = 3;
