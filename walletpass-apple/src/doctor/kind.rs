//! Which kind of certificate it is, if it is no pass certificate.

use crate::certificate::Certificate;

/// Names the kind of a certificate that is no pass certificate, and says what to do instead.
pub(super) fn of(certificate: &Certificate) -> (String, &'static str) {
    let name = certificate.subject_name();
    if let Some((_, kind, mend)) = KINDS.iter().find(|(prefix, ..)| name.starts_with(prefix)) {
        return ((*kind).to_owned(), mend);
    }
    let kind = if certificate.is_authority() {
        ("the certificate of an authority, an intermediate or a root", BESIDE)
    } else if name.starts_with("Pass Type ID") {
        ("named like one for passes but not marked so by Apple", CREATE)
    } else if certificate.is_for_servers() {
        ("the certificate of a web server", CREATE)
    } else {
        ("of a kind that is not known here", CREATE)
    };
    (kind.0.to_owned(), kind.1)
}

/// How the common name of each kind begins that Apple issues to developers, from the longest to the shortest of a family.
const KINDS: &[(&str, &str, &str)] = &[
    ("3rd Party Mac Developer", "a Mac App Store certificate", CREATE),
    ("Apple Development IOS Push Services", "a push certificate for apps (sandbox)", PUSH),
    ("Apple Development", "an Apple Development certificate, for signing apps", CREATE),
    ("Apple Distribution", "an Apple Distribution certificate, for signing apps", CREATE),
    ("Apple Pay Merchant Identity", "an Apple Pay merchant identity certificate", CREATE),
    ("Apple Pay Payment Processing", "an Apple Pay payment processing certificate", CREATE),
    ("Apple Production IOS Push Services", "a push certificate for apps", PUSH),
    ("Apple Push Services", "a push certificate for apps", PUSH),
    ("Apple Sandbox Push Services", "a push certificate for apps (sandbox)", PUSH),
    ("Apple Worldwide Developer Relations", "Apple's intermediate certificate", BESIDE),
    ("Developer ID", "a Developer ID certificate, for signing Mac software", CREATE),
    ("Mac Developer", "a Mac development certificate", CREATE),
    ("Merchant ID", "an Apple Pay merchant certificate", CREATE),
    ("Order Type ID", "a certificate for Wallet orders, which are not passes", CREATE),
    ("VoIP Services", "a push certificate for telephony apps", PUSH),
    ("Website Push ID", "a push certificate for web sites", PUSH),
    ("iPhone Developer", "an iOS development certificate, for signing apps", CREATE),
    ("iPhone Distribution", "an iOS distribution certificate, for signing apps", CREATE),
];

const BESIDE: &str = "give the pass certificate as the certificate, and this one, if at all, as an intermediate";
const CREATE: &str =
    "create a certificate for your Pass Type ID in Apple's developer portal, under Identifiers, Pass Type IDs";
const PUSH: &str = "create a certificate for your Pass Type ID in Apple's developer portal; it sends the pushes of passes too, so \
                    no push certificate is needed";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_name_stands_before_its_beginning() {
        for (index, (prefix, ..)) in KINDS.iter().enumerate() {
            let first = KINDS.iter().position(|(other, ..)| prefix.starts_with(other));
            assert_eq!(first, Some(index), "{prefix}");
        }
    }
}
