//! PEM that suffered on its way.

use walletpass_core::Secret;

/// Puts the line breaks back that became a literal `\n` on the way through an environment variable; `None` when there are none.
pub(crate) fn mended(pem: &[u8]) -> Option<Secret<String>> {
    let text = str::from_utf8(pem).ok().filter(|text| text.contains("\\n"))?;
    Some(Secret::new(text.replace("\\n", "\n")))
}
