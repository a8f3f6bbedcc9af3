//! Links inside the text of a field.

/// A link as `attributedValue` writes it: `<a href='…'>…</a>`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Where it leads.
    pub(super) href: String,
    /// What it says.
    pub(super) text: String,
}

/// Reads the links of a text, and says whether there is nothing beside one of them.
pub(super) fn anchors(text: &str) -> (Vec<Anchor>, bool) {
    let mut found = Vec::new();
    let (mut rest, mut beside) = (text, false);
    while let Some((before, tag)) = rest.split_once("<a ") {
        let Some((attributes, inside)) = tag.split_once('>') else { break };
        let Some((words, after)) = inside.split_once("</a>") else { break };
        beside |= !before.trim().is_empty();
        found.extend(href(attributes).map(|href| Anchor { href: unescape(href), text: unescape(words.trim()) }));
        rest = after;
    }
    let is_whole = found.len() == 1 && !beside && rest.trim().is_empty();
    (found, is_whole)
}

fn href(attributes: &str) -> Option<&str> {
    let value = attributes.split_once("href")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    value.get(1..)?.split(quote).next()
}

fn unescape(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_and_their_surroundings_told() {
        let bean = || Anchor { href: "https://bean.example/?a=1&b=2".to_owned(), text: "Bean & Co".to_owned() };
        let link = "<a href='https://bean.example/?a=1&amp;b=2'>Bean &amp; Co</a>";
        assert_eq!(anchors(link), (vec![bean()], true));
        assert_eq!(anchors(&link.replace('\'', "\"")), (vec![bean()], true));
        assert_eq!(anchors(&format!("See {link} and {link}.")), (vec![bean(), bean()], false));
        for none in ["", "<a>", "<a href=x>y</a>", "<a href='x'>y", "<b>x</b>"] {
            assert_eq!(anchors(none).0, [], "{none}");
        }
    }
}
