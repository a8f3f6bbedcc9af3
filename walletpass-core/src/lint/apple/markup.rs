//! The little HTML of `attributedValue`.

/// Finds what is wrong with an attributed value: its cause and its mend.
///
/// Wallet knows links, `<a href='…'>text</a>`, and nothing else; the text is parsed strictly enough that a bare `&`
/// or `<` breaks it.
pub(super) fn fault(text: &str) -> Option<(&'static str, &'static str)> {
    let mut rest = text;
    let mut open = false;
    while let Some(at) = rest.find(['&', '<']) {
        let (_, found) = rest.split_at(at);
        if found.starts_with('&') {
            let Some(after) = entity(found) else {
                return Some(("a `&` is not escaped", "write `&amp;`"));
            };
            rest = after;
            continue;
        }
        let Some((tag, after)) = found.strip_prefix('<').and_then(split_tag) else {
            return Some(("a `<` is not escaped, or a tag does not end", "write `&lt;`, or end the tag"));
        };
        match link(tag) {
            Some(Link::Open) if !open => open = true,
            Some(Link::Close) if open => open = false,
            Some(_) => {
                return Some((
                    "the links are nested, or one is closed that was not opened",
                    "close each `<a>` by one `</a>`",
                ));
            }
            None => {
                return Some((
                    "there is a tag other than a link",
                    "keep `<a href='…'>text</a>`, and escape a plain `<` as `&lt;`",
                ));
            }
        }
        if tag.match_indices('&').any(|(at, _)| tag.get(at..).and_then(entity).is_none()) {
            return Some(("a `&` in a link is not escaped", "write `&amp;` in the `href` too"));
        }
        rest = after;
    }
    open.then_some(("a link is not closed", "add `</a>`"))
}

/// Escapes the bare `&`s of an attributed value, if nothing else is wrong with it.
pub(super) fn escaped(text: &str) -> Option<String> {
    let mut escaped = String::with_capacity(text.len() + 4);
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, found) = rest.split_at(at);
        escaped.push_str(before);
        rest = match entity(found) {
            Some(after) => {
                escaped.push_str(found.strip_suffix(after)?);
                after
            }
            None => {
                escaped.push_str("&amp;");
                found.strip_prefix('&')?
            }
        };
    }
    escaped.push_str(rest);
    (escaped != text && fault(&escaped).is_none()).then_some(escaped)
}

enum Link {
    Close,
    Open,
}

/// Splits what follows a `<` at the `>` that ends the tag, which is not one in quotes.
fn split_tag(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some((text.get(..at)?, text.get(at + 1..)?)),
            (None, '<') => return None,
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

fn link(tag: &str) -> Option<Link> {
    if tag.trim_end().eq_ignore_ascii_case("/a") {
        return Some(Link::Close);
    }
    let attributes = tag.strip_prefix(['a', 'A'])?.strip_prefix(char::is_whitespace)?.trim_start();
    let value = attributes.get(..4).filter(|name| name.eq_ignore_ascii_case("href")).and(attributes.get(4..))?;
    value.trim_start().strip_prefix('=')?.trim_start().starts_with(['\'', '"']).then_some(Link::Open)
}

/// Skips the entity that a text begins with: `&amp;`, `&#38;`, `&#x26;`.
fn entity(text: &str) -> Option<&str> {
    let text = text.strip_prefix('&')?;
    let (name, after) = text.split_at(text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '#')?);
    let after = after.strip_prefix(';')?;
    let good = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
            None => !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()),
        },
        None => !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
    };
    good.then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_plain_text_pass() {
        for text in [
            "",
            "plain > text",
            "Tom &amp; Jerry &#38; &#x26;",
            "<a href='https://example.com/?a=1&amp;b=2'>here</a>",
            "see <a href=\"https://example.com/>\">here</a> or <A HREF='tel:1'>call</A>.",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn ampersands_are_escaped() {
        for (text, good) in [
            ("Tom & Jerry &amp; &#38;", "Tom &amp; Jerry &amp; &#38;"),
            ("<a href='https://a.example/?a=1&b=2'>a&b</a>", "<a href='https://a.example/?a=1&amp;b=2'>a&amp;b</a>"),
        ] {
            assert_eq!(escaped(text).as_deref(), Some(good), "{text}");
        }
        for text in ["fine", "&amp;", "<b>&</b>", "1 < 2 & 3"] {
            assert_eq!(escaped(text), None, "{text}");
        }
    }

    #[test]
    fn anything_else_is_a_fault() {
        for text in [
            "Tom & Jerry",
            "a &b c;",
            "&;",
            "1 < 2",
            "<b>bold</b>",
            "<a>nowhere</a>",
            "<a href=bare>x</a>",
            "<abbr href='x'>x</abbr>",
            "<a href='x'>open",
            "close</a>",
            "<a href='x'><a href='y'>z</a></a>",
            "<a href='https://example.com/?a=1&b=2'>here</a>",
            "<a href='x>y</a>",
        ] {
            assert!(fault(text).is_some(), "{text}");
        }
    }
}
