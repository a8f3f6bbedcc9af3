//! Where in the judged JSON a check is.

use std::fmt;

use super::quote::shorten;

/// A place in the judged JSON, linked through the stack so that walking allocates nothing. Written out only for a
/// finding.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    File(&'a str),
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The document itself.
    pub(super) const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

    /// A file of a package.
    pub(super) const fn file(name: &'a str) -> Path<'a> {
        Path { parent: None, step: Step::File(name) }
    }

    /// The member `key` of this place.
    pub(super) const fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Key(key) }
    }

    /// The element `index` of this place.
    pub(super) const fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), step: Step::Index(index) }
    }

    /// Writes the place as a JSON Pointer, RFC 6901: `/storeCard/headerFields/0/value`.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = self.parent.map(Path::pointer).unwrap_or_default();
        match self.step {
            Step::Root | Step::File(_) => {}
            Step::Key(key) => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Step::Index(index) => pointer.push_str(&format!("/{index}")),
        }
        pointer
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        let first = self.parent.is_none_or(|parent| matches!(parent.step, Step::Root));
        match self.step {
            Step::Root => Ok(()),
            Step::File(name) => f.write_str(&shorten(name)),
            Step::Key(key) if !is_plain(key) => write!(f, "[\"{}\"]", shorten(key)),
            Step::Key(key) if first => f.write_str(key),
            Step::Key(key) => write!(f, ".{key}"),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

fn is_plain(key: &str) -> bool {
    (1..=60).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_like_the_json() {
        let style = Path::ROOT.key("storeCard");
        let group = style.key("headerFields");
        let field = group.index(0);
        assert_eq!(field.key("value").to_string(), "storeCard.headerFields[0].value");
        assert_eq!(field.key("a.b\n").to_string(), "storeCard.headerFields[0][\"a.b \"]");
        assert_eq!(Path::ROOT.to_string(), "");
        assert_eq!(field.key("a/b~").pointer(), "/storeCard/headerFields/0/a~1b~0");
        assert_eq!(Path::ROOT.pointer(), "");
    }
}
