//! Values of the judged JSON as they are quoted in findings: on one line, and short.

use std::borrow::Cow;

use serde_json::Value;

/// The most characters of a value that a finding repeats.
const MOST: usize = 60;

/// Cuts a text to 60 characters and blanks its control characters.
pub(crate) fn shorten(text: &str) -> Cow<'_, str> {
    quoted(text, MOST)
}

/// Makes a text of somebody else fit for a message: cut to so many characters, and its control characters blanked.
pub fn quoted(text: &str, most: usize) -> Cow<'_, str> {
    let cut = text.char_indices().nth(most);
    if cut.is_none() && !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let blanked = text.chars().take(most).map(|letter| if letter.is_control() { ' ' } else { letter });
    Cow::Owned(blanked.chain(cut.map(|_| '…')).collect())
}

/// Names a value by its JSON class and, where that fits on a line, by its content: `the string "12"`, `an array`.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::String(text) => format!("the string \"{}\"", shorten(text)),
        Value::Number(number) => format!("the number {}", shorten(&number.to_string())),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => class_of(value).to_owned(),
    }
}

/// Names a value by its JSON class only: what a finding about a secret may say.
pub(super) const fn class_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn long_and_unruly_values_are_tamed() {
        assert_eq!(shorten("plain"), "plain");
        assert_eq!(shorten("two\nlines"), "two lines");
        assert_eq!(shorten(&"ü".repeat(61)).chars().count(), 61, "sixty letters and the ellipsis");
        assert_eq!(shorten(&"ü".repeat(60)), "ü".repeat(60));
    }

    #[test]
    fn a_value_is_named_by_its_class() {
        assert_eq!(describe(&json!("12")), "the string \"12\"");
        assert_eq!(describe(&json!(12)), "the number 12");
        assert_eq!(describe(&json!([1])), "an array");
        assert_eq!(class_of(&json!("12")), "a string");
    }
}
