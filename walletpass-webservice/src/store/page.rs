//! Lists in pieces.

/// A piece of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores of others make it")]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next piece begins; absent at the end.
    pub next: Option<Cursor>,
}

/// Where to go on in a list; opaque, and of use only for the query that gave it. Safe in a URL: `A–Z a–z 0–9 . _ -`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// Makes a cursor; what it says is up to the store.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Gives the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
