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

/// Finds the name that `word` was surely meant to be: the only one that differs in nothing but letter case, else the only one
/// that a single typing mistake makes of it.
pub(super) fn certain<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if !(3..=LONGEST).contains(&word.len()) {
        return None;
    }
    let folded = word.to_ascii_lowercase();
    let (mut same, mut near) = (Vec::new(), Vec::new());
    // A mistake in a short word may make another word of it. And most names are told apart by their length, which is cheap.
    for name in names.into_iter().filter(|name| name.len().abs_diff(word.len()) <= 1) {
        if name.eq_ignore_ascii_case(word) {
            same.push(name);
        } else if word.len() > 4 && strsim::osa_distance(&folded, &name.to_ascii_lowercase()) == 1 {
            near.push(name);
        }
    }
    match (same.as_slice(), near.as_slice()) {
        ([name], _) | ([], [name]) => Some(name),
        _ => None,
    }
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
    fn a_name_is_certain_when_it_is_the_only_one() {
        assert_eq!(certain("lable", NAMES), Some("label"));
        assert_eq!(certain("LABEL", NAMES), Some("label"));
        assert_eq!(certain("textAligment", NAMES), Some("textAlignment"));
        for word in ["lbel2", "textAlignmentt2", "idd", "x", "", "labels2"] {
            assert_eq!(certain(word, NAMES), None, "{word}");
        }
        assert_eq!(certain("gates", ["gatea", "gateb"]), None, "two are as near");
        assert_eq!(certain("gate", ["Gate", "GATE"]), None);
    }

    #[test]
    fn without_a_near_name_all_are_listed() {
        assert_eq!(advise("lable", NAMES), "write `label`");
        assert_eq!(advise("colour", ["a", "b"]), "write one of `a`, `b`");
    }
}
