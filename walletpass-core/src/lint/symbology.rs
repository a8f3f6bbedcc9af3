//! What the bars of a linear barcode can say.

/// Tells whether a text is one or more ASCII digits.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Tells whether the last digit is the GS1 check digit of the others (EAN-8, EAN-13, UPC-A, ITF-14).
pub(super) fn has_check_digit(text: &str) -> bool {
    let sum: u64 = text
        .bytes()
        .rev()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u64::from(digit.wrapping_sub(b'0')) * weight)
        .sum();
    is_digits(text) && sum.is_multiple_of(10)
}

/// Tells whether Code 39 has a character for each letter: digits, capitals, space and `-.$/+%`.
pub(super) fn is_code_39(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || b" -.$/+%".contains(&byte))
}

/// Tells whether Codabar can say a text: digits and `-$:/.+`, between a start and a stop letter A to D or with neither.
pub(super) fn is_codabar(text: &str) -> bool {
    let guard = |letter: char| matches!(letter.to_ascii_uppercase(), 'A'..='D');
    let inner = match text.strip_prefix(guard) {
        Some(rest) => match rest.strip_suffix(guard) {
            Some(inner) => inner,
            None => return false,
        },
        None => text,
    };
    !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit() || b"-$:/.+".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        for good in ["4006381333931", "96385074", "036000291452", "10012345678902"] {
            assert!(has_check_digit(good), "{good}");
        }
        for bad in ["4006381333932", "400638133393x", ""] {
            assert!(!has_check_digit(bad), "{bad}");
        }
    }

    #[test]
    fn alphabets() {
        assert!(is_code_39("AB-12 %") && !is_code_39("ab") && !is_code_39("Ä") && !is_code_39(""));
        assert!(is_codabar("31117013206375") && is_codabar("A40156B") && is_codabar("a1+2d"));
        assert!(!is_codabar("A40156") && !is_codabar("40156B") && !is_codabar("AB") && !is_codabar("12 3"));
        assert!(is_digits("0123") && !is_digits("") && !is_digits("1٣"));
    }
}
