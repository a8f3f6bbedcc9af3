//! The order of the details of a Google card.

use serde_json::Value as Json;

use super::{GoogleDrawing, insert_member, members};
use crate::projection::format::set;
use crate::projection::report::Wallet;
use crate::projection::rules;

impl GoogleDrawing<'_> {
    /// Lays the details out in the order that the pass asks for: what it names first, then the rest of what it brings, since a
    /// list of one's own takes the place of Google's.
    pub(super) fn order_details(&mut self) {
        let pass = self.pass;
        if pass.details.is_empty() {
            return;
        }
        let mut paths: Vec<String> = Vec::new();
        for (index, key) in self.bounded(&pass.details, "details").iter().enumerate() {
            let fact = format!("details[{index}]");
            match self.path_of(key.as_str()) {
                Some(path) if paths.contains(&path) => self.lost(fact, "it is named before"),
                Some(path) => {
                    let at =
                        format!("class.classTemplateInfo.detailsTemplateOverride.detailsItemInfos[{}]", paths.len());
                    self.report.place(Wallet::Google, fact, at);
                    paths.push(path);
                }
                None => {
                    self.report.findings.push(rules::UNKNOWN_DETAIL.finding(
                        fact.clone(),
                        format!("Google shows no field `{key}` of this pass"),
                        "name the key of a field of the pass, or a fact of its kind: `holder`, `memberNumber`",
                    ));
                    self.lost(fact, "the pass has no such field on Google");
                }
            }
        }
        for path in self.others() {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        let items: Vec<Json> = paths
            .into_iter()
            .map(|path| {
                let is_date = is_date(&path);
                let mut reference = members([("fieldPath", path.into())]);
                if is_date {
                    set(&mut reference, "dateFormat", "DATE_TIME");
                }
                let item = members([("firstValue", members([("fields", vec![reference].into())]))]);
                members([("item", item)])
            })
            .collect();
        let details = members([("detailsItemInfos", items.into())]);
        insert_member(&mut self.class, "classTemplateInfo", "detailsTemplateOverride", details);
    }

    /// Finds where a field or a fact of the kind stands.
    fn path_of(&self, key: &str) -> Option<String> {
        if ids(&self.modules).any(|id| id == key) {
            return Some(module_path(key));
        }
        let is_meant = |fact: &str| fact.starts_with("kind.") && fact.rsplit('.').next() == Some(key);
        let placements = self.report.placements.iter().filter(|placement| is_meant(&placement.fact));
        let path = placements.flat_map(|placement| &placement.at).find(|at| !at.contains('['))?;
        // Of a count Google shows the number.
        let number = if path.ends_with("oyaltyPoints") { ".balance" } else { "" };
        Some(format!("{path}{number}"))
    }

    /// Lists all that the pass adds to the details by itself.
    fn others(&self) -> Vec<String> {
        let images =
            self.object.get("imageModulesData").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let modules = ids(&self.modules).map(module_path);
        let images = ids(images).map(|id| format!("object.imageModulesData['{id}']"));
        let links = ids(&self.links).map(|id| format!("object.linksModuleData.uris['{id}']"));
        modules.chain(images).chain(links).collect()
    }
}

/// Says whether a path leads to a date, which is printed as it stands in the data unless it has a format.
fn is_date(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or_default();
    last.ends_with("DateTime") || matches!(last, "balanceUpdateTime" | "doorsOpen" | "end" | "start")
}

fn module_path(id: &str) -> String {
    format!("object.textModulesData['{id}']")
}

fn ids(list: &[Json]) -> impl Iterator<Item = &str> {
    list.iter().filter_map(|entry| entry.get("id")?.as_str())
}
