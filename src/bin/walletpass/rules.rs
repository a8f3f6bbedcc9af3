//! `walletpass rules`.

use clap::Args;
use serde_json::json;
use walletpass::model::lint::{self, Rule};
use walletpass::model::projection;
use walletpass::{apple, google};

use crate::failure::Failure;
use crate::output::Output;

/// List every rule by which passes and credentials are judged, or explain one.
#[derive(Args)]
pub(crate) struct Rules {
    /// The id of a rule, `apple-date-form` for instance.
    id: Option<String>,
    /// Print the catalogue as a page in Markdown.
    #[arg(long, conflicts_with = "id")]
    markdown: bool,
}

impl Rules {
    pub(crate) fn run(&self) -> Result<Output, Failure> {
        if let Some(id) = &self.id {
            let rule = find(id)?;
            return Ok(Output { text: explained(rule), json: serde_json::to_value(rule)?, clean: true });
        }
        let tables = CATALOGUE.iter().map(|table| json!({ "title": table.title, "rules": table.rules })).collect();
        let text = if self.markdown { page() } else { CATALOGUE.iter().map(listed).collect::<Vec<_>>().join("\n") };
        Ok(Output { text, json: tables, clean: true })
    }
}

/// One table of the catalogue.
struct Table {
    title: &'static str,
    about: &'static str,
    rules: &'static [Rule],
}

/// Every table that there is.
const CATALOGUE: &[Table] = &[
    Table {
        title: "Apple Wallet",
        about: "What `pass.json` and the files beside it must be. Paths lead into `pass.json`.",
        rules: lint::apple::RULES,
    },
    Table {
        title: "Google Wallet",
        about: "What a class and an object must be. Paths begin with `class.` or `object.`.",
        rules: lint::google::RULES,
    },
    Table {
        title: "Passes",
        about: "What a pass in walletpass's own JSON must be, before there is anything for a wallet. Paths lead into the pass.",
        rules: projection::RULES,
    },
    Table {
        title: "Apple pictures",
        about: "What a picture must be when it is fitted into its slot. Paths name the slot.",
        rules: apple::ARTWORK_RULES,
    },
    Table {
        title: "Apple source folders",
        about: "What a folder to be signed must be, beside the above. Paths name the file.",
        rules: apple::SOURCE_RULES,
    },
    Table {
        title: "Apple packages",
        about: "What archive, manifest, signature and certificates of a package must be: `walletpass inspect`. Paths name the file.",
        rules: apple::inspect::RULES,
    },
    Table {
        title: "Apple credentials",
        about: "What certificate, key and intermediate must be: `walletpass doctor`. Paths name the file at fault.",
        rules: apple::doctor::RULES,
    },
    Table {
        title: "Google credentials",
        about: "What the key file of a service account, its issuer and the machine must be: `google::Diagnosis`.",
        rules: google::doctor::RULES,
    },
];

fn find(id: &str) -> Result<&'static Rule, Failure> {
    let rules = || CATALOGUE.iter().flat_map(|table| table.rules);
    rules().find(|rule| rule.id == id).ok_or_else(|| {
        // Of all ids the three that have the most words in common, endings apart.
        let mut alike: Vec<(usize, &str)> = rules().map(|rule| (likeness(id, rule.id), rule.id)).collect();
        alike.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
        let alike: Vec<&str> =
            alike.into_iter().filter(|(likeness, _)| *likeness > 1).take(3).map(|(_, id)| id).collect();
        let hint = match alike.as_slice() {
            [] => "`walletpass rules` lists them all".to_owned(),
            alike => format!("did you mean {}? `walletpass rules` lists them all", alike.join(", ")),
        };
        Failure::new(format!("there is no rule {id:?}; {hint}"))
    })
}

/// Counts the words of two ids that begin alike.
fn likeness(one: &str, other: &str) -> usize {
    let begin = |word: &str| word.chars().take(5).collect::<String>();
    let words: Vec<String> = one.split('-').map(begin).collect();
    other.split('-').filter(|word| words.contains(&begin(word))).count()
}

fn explained(rule: &Rule) -> String {
    let Rule { id, severity, title, effect, fixable, .. } = rule;
    let effect = if effect.is_empty() { String::new() } else { format!("\n\n{effect}") };
    let fix = if *fixable { "\n\n`walletpass lint --fix` mends it where the mend is certain." } else { "" };
    format!("{id} ({severity})\n\nIn order: {title}.{effect}{fix}")
}

fn listed(table: &Table) -> String {
    let lines =
        table.rules.iter().map(|rule| format!("  {:7}  {:38} {}\n", rule.severity.to_string(), rule.id, rule.title));
    format!("{}\n{}", table.title, lines.collect::<String>())
}

/// Writes the page of the catalogue.
fn page() -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let row = |rule: &Rule| {
        let fix = if rule.fixable { "yes" } else { "" };
        format!("| `{}` | {} | {} | {} | {fix} |\n", rule.id, rule.severity, cell(rule.title), cell(rule.effect))
    };
    let section = |table: &Table| {
        let rows: String = table.rules.iter().map(row).collect();
        let Table { title, about, .. } = table;
        format!(
            "\n## {title}\n\n{about}\n\n| rule | severity | in order | otherwise | fix |\n|---|---|---|---|---|\n{rows}"
        )
    };
    let sections: String = CATALOGUE.iter().map(section).collect();
    format!("{HEAD}{sections}")
}

const HEAD: &str = "\
# Rules

Every finding names its rule. An error keeps a pass from being issued or signed; a warning rides along. The id of a rule never
changes its meaning. `walletpass rules ID` explains one of them. Where the last column says so, `walletpass lint --fix` mends a
finding whose mend is certain.

This page is written by `cargo run --features cli -- rules --markdown > docs/rules.md`.
";
