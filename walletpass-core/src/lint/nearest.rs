//! The name that a misspelt one was meant to be.

use std::fmt::Write as _;

/// Longer words are not names, and comparing them would cost too much.
const LONGEST: usize = 64;

/// Finds the name closest to `word`: the same but for case and punctuation, else at most one typing mistake in four
/// letters away.
pub(super) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if word.len() > LONGEST {
        return None;
    }
    let folded = fold(word);
    let most = (folded.len() / 4).max(1);
    let (distance, name) = names
        .into_iter()
        .map(|name| (strsim::osa_distance(&folded, &fold(name)), name))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= most && distance < folded.len()).then_some(name)
}

/// Says which name to write: the nearest if there is one, else all of them when they are few.
pub(super) fn advise<'n>(word: &str, names: impl IntoIterator<Item = &'n str> + Clone) -> String {
    if let Some(name) = nearest(word, names.clone()) {
        return format!("write `{name}`");
    }
    let mut all = String::from("write one of");
    for (at, name) in names.into_iter().enumerate() {
        if at >= 20 {
            all.push_str(" …");
            break;
        }
        let _ = write!(all, "{} `{name}`", if at == 0 { "" } else { "," });
    }
    all
}

fn fold(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["label", "messageType", "textAlignment", "id"];

    #[test]
    fn a_misspelt_name_is_recognised() {
        assert_eq!(nearest("lable", NAMES), Some("label"));
        assert_eq!(nearest("message_type", NAMES), Some("messageType"));
        assert_eq!(nearest("textAligment", NAMES), Some("textAlignment"));
    }

    #[test]
    fn another_word_is_not() {
        assert_eq!(nearest("colour", NAMES), None);
        assert_eq!(nearest("x", NAMES), None);
        assert_eq!(nearest(&"label".repeat(100), NAMES), None);
        assert_eq!(nearest("", NAMES), None);
    }

    #[test]
    fn without_a_near_name_all_are_listed() {
        assert_eq!(advise("lable", NAMES), "write `label`");
        assert_eq!(advise("colour", ["a", "b"]), "write one of `a`, `b`");
    }
}
