//! How often a P12 has passphrases hashed.

use x509_parser::asn1_rs::{Any, Class, FromDer, Tag};

/// The most rounds that are done for one file, about two seconds; OpenSSL writes 2,048 unless told otherwise, and a careful author
/// some 600,000.
pub(crate) const MOST: u64 = 5_000_000;

/// Counts the rounds of all parts of a P12, its MAC included, that can be seen before it is opened.
///
/// What cannot be read counts nothing: opening it fails there too. Bags within an encrypted part show only when it is open; the
/// library that opens them takes a million rounds each at most.
pub(crate) fn of_p12(der: &[u8]) -> u64 {
    match Any::from_der(der) {
        // Version 3: anything else is no P12, and its bytes mean something else.
        Ok((_, outer)) if outer.tag() == Tag::Sequence && outer.data.starts_with(&[2, 1, 3]) => {
            within(outer.data, DEEPEST)
        }
        _ => 0,
    }
}

/// Adds up what stands in a row of values. Salt and rounds stand side by side (RFC 8018, RFC 7292), with scrypt salt and three
/// numbers whose product is the work (RFC 7914).
fn within(mut der: &[u8], deepest: u8) -> u64 {
    let (mut is_salted, mut numbers, mut sum) = (false, Vec::new(), 0_u64);
    while let Ok((rest, element)) = Any::from_der(der) {
        let is_context = element.class() == Class::ContextSpecific;
        match element.tag() {
            _ if deepest > 0 && is_context && element.header.is_constructed() => {
                // Parts are wrapped in octet strings.
                let inner = Any::from_der(element.data).ok().filter(|(_, inner)| inner.tag() == Tag::OctetString);
                let inside = inner.map_or(element.data, |(_, inner)| inner.data);
                sum = sum.saturating_add(within(inside, deepest - 1));
            }
            _ if is_context => {}
            Tag::OctetString => is_salted = true,
            Tag::Integer => numbers.push(element.as_u64().unwrap_or(u64::MAX)),
            Tag::Sequence if deepest > 0 => sum = sum.saturating_add(within(element.data, deepest - 1)),
            _ => {}
        }
        der = rest;
    }
    let own = match numbers.as_slice() {
        _ if !is_salted => 0,
        [cost, block, parallel, ..] => cost.saturating_mul(*block).saturating_mul(*parallel),
        [rounds, ..] => *rounds,
        [] => 0,
    };
    sum.saturating_add(own)
}

/// How deep values are looked into; the parameters of a key lie some fifteen deep.
const DEEPEST: u8 = 32;

#[cfg(test)]
mod tests {
    use openssl::pkcs12::Pkcs12;
    use openssl::pkey::PKey;
    use openssl::rsa::Rsa;
    use walletpass_core::Secret;

    use super::*;
    use crate::Error;
    use crate::p12::Bags;

    /// Makes a P12 of a key whose passphrase is hashed so often, and the MAC's too.
    fn p12(key: u32, mac: u32) -> Vec<u8> {
        let mut builder = Pkcs12::builder();
        builder.pkey(&PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap()).key_iter(key).mac_iter(mac);
        builder.build2("x").unwrap().to_der().unwrap()
    }

    #[test]
    fn all_parts_count() {
        assert_eq!(of_p12(&p12(3_000, 1_234)), 4_234);
        assert_eq!(of_p12(b""), 0);
        assert_eq!(of_p12(&[0x30, 0x80].repeat(1_000)), 0);
    }

    #[test]
    fn a_p12_that_takes_minutes_is_refused_at_once() {
        let read = |der: &[u8]| Bags::read(der, &Secret::from("wrong")).err().unwrap();
        let mut slow = p12(3_000, 65_536);
        // The rounds of the MAC, an INTEGER of three bytes at the very end, become eight millions.
        assert_eq!(slow[slow.len() - 5..], [2, 3, 1, 0, 0]);
        let at = slow.len() - 3;
        assert!(matches!(read(&slow), Error::PassphraseWrong));
        slow[at] = 0x7f;
        assert!(matches!(read(&slow), Error::P12TooSlow { rounds: 8_326_072 }), "{}", of_p12(&slow));
    }
}
