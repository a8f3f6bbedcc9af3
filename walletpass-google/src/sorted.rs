//! JSON of which equal content is equal text.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::{Map, Value};

/// Gives an object with its keys in order, and those of all in it.
///
/// They are so by themselves, unless a host asks serde_json for `preserve_order`, which holds for all crates of its tree.
pub(crate) fn sorted(object: &Map<String, Value>) -> Cow<'_, Map<String, Value>> {
    if *BY_ITSELF {
        return Cow::Borrowed(object);
    }
    let mut object = object.clone();
    object.sort_keys();
    object.values_mut().for_each(Value::sort_all_objects);
    Cow::Owned(object)
}

/// Writes an object with its keys in order.
pub(crate) fn written(object: &Map<String, Value>) -> Vec<u8> {
    let mut text = Vec::with_capacity(1024);
    // Memory takes all, and keys of text are all that JSON asks for.
    let _ = serde_json::to_writer(&mut text, &*sorted(object));
    text
}

static BY_ITSELF: LazyLock<bool> = LazyLock::new(|| {
    let backwards: Map<String, Value> = ["b", "a"].into_iter().map(|key| (key.to_owned(), Value::Null)).collect();
    backwards.keys().is_sorted()
});
