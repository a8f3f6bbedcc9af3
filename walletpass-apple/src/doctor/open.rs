//! Opens what was given, as far as it opens.

use walletpass_core::Secret;
use walletpass_core::port::SigningKey;

use super::judge::{NEW_KEY, NO_KEY, name_of};
use super::looks::{self, Looks};
use super::{Diagnosis, Part, rules};
use crate::certificate::Certificate;
use crate::key::{self, LocalKey};
use crate::p12::Bags;
use crate::{Error, rounds};

/// What could be read.
#[derive(Default)]
pub(super) struct Parts {
    /// The private keys that can sign.
    pub(super) keys: Vec<LocalKey>,
    /// The certificates.
    pub(super) certificates: Vec<Certificate>,
    /// Whether the key lives elsewhere, so that its absence is in order.
    pub(super) remote: bool,
}

/// How a passphrase was mistaken, and what to do.
type Guess = (&'static str, &'static str);

/// Opens a P12, or what was given as one.
pub(super) fn p12(bytes: &[u8], passphrase: &Secret<String>, into: &mut Diagnosis) -> Parts {
    let looks = Looks::of(bytes);
    let unsigned = matches!(looks, Looks::P12 { mac: false });
    let shape = if unsigned { "a P12, without a MAC" } else { "a P12" };
    match Bags::read(bytes, passphrase) {
        Ok(bags) => {
            into.passed(Part::Container, shape);
            into.passed(Part::Passphrase, if unsigned { "nothing contradicts it" } else { "opens the P12" });
            unpacked(bags, into)
        }
        Err(Error::PassphraseWrong) => {
            into.passed(Part::Container, shape);
            let opened = guesses(passphrase, rounds::of_p12(bytes))
                .find_map(|(guess, how)| Some((Bags::read(bytes, &guess).ok()?, how)));
            let (bags, how) = opened.unzip();
            report_passphrase("P12", passphrase, how, into);
            match bags {
                Some(bags) => unpacked(bags, into),
                None => unread("the P12 could not be opened", into),
            }
        }
        Err(Error::P12Unsupported { .. }) => {
            let cause = if looks == Looks::Ber {
                "the P12 is in BER with indefinite lengths, which is not supported"
            } else {
                "the P12 uses an encryption or encoding that is not supported"
            };
            // Not through a pipe: `openssl pkcs12 -export` reads its input twice.
            let mend = "convert it with `openssl pkcs12 -legacy -in old.p12 -out all.pem` and `openssl pkcs12 -export -in all.pem \
                        -out new.p12`, which keeps the key encrypted on the disk";
            into.found(Part::Container, &rules::ENCRYPTION, "p12", cause, mend);
            unread("the P12 could not be opened", into)
        }
        Err(Error::P12TooSlow { rounds }) => {
            let cause =
                format!("the passphrase of the P12 is hashed {rounds} times, and at most {} are done", rounds::MOST);
            let mend = "convert it with `openssl pkcs12 -in old.p12 -out all.pem` and `openssl pkcs12 -export -in all.pem -out new.p12`";
            into.found(Part::Container, &rules::ENCRYPTION, "p12", cause, mend);
            unread("the P12 could not be opened", into)
        }
        Err(_) => {
            let parts = salvage(bytes, Some(passphrase));
            let cause = match &looks {
                Looks::P12 { mac: true } => "the P12 opens, but what is in it is damaged".to_owned(),
                Looks::P12 { mac: false } => {
                    "the P12 has no MAC, and either the passphrase is wrong or what is in it is damaged".to_owned()
                }
                looks => format!("what was given as a P12 is {looks}"),
            };
            into.found(Part::Container, &rules::CONTAINER, "p12", cause, mend_of_p12(&looks));
            if parts.certificates.is_empty() && parts.keys.is_empty() {
                return unread("nothing could be read", into);
            }
            into.skipped(Part::Passphrase, "it is no P12");
            report_salvaged(&parts, into);
            parts
        }
    }
}

/// Opens a certificate and a key.
pub(super) fn pem(
    certificate: &[u8],
    key: Option<&[u8]>,
    passphrase: Option<&Secret<String>>,
    into: &mut Diagnosis,
) -> Parts {
    let looks = Looks::of(certificate);
    let read = Certificate::read_all(certificate);
    let foreign = read.is_err()
        && !matches!(
            looks,
            Looks::Pem(_) | Looks::Request | Looks::EncryptedKey | Looks::PrivateKey | Looks::PublicKey
        );
    if foreign {
        let cause = format!("what was given as the certificate is {looks}");
        into.found(Part::Container, &rules::CONTAINER, "certificate", cause, mend_of_certificate(&looks));
    } else {
        into.passed(Part::Container, looks.to_string());
    }
    let salvaged = if read.is_err() { salvage(certificate, passphrase) } else { Parts::default() };
    let mut keys = salvaged.keys;
    match key {
        // A P12 has the key too; the one of the key file comes first.
        Some(key) => {
            let mut opened = open_key(key, passphrase, into);
            opened.append(&mut keys);
            keys = opened;
        }
        None => {
            into.skipped(Part::Passphrase, NO_KEY);
            into.skipped(Part::PrivateKey, NO_KEY);
        }
    }
    let certificates = match read {
        Ok(certificates) => {
            into.passed(Part::Certificate, names_of(&certificates));
            certificates
        }
        Err(_) if foreign && salvaged.certificates.is_empty() => {
            into.skipped(Part::Certificate, "nothing could be read");
            Vec::new()
        }
        Err(_) if foreign => {
            into.passed(Part::Certificate, names_of(&salvaged.certificates));
            salvaged.certificates
        }
        Err(_) => {
            let what = match &looks {
                looks if looks.has_block("CERTIFICATE REQUEST") || *looks == Looks::Request => {
                    "a certificate signing request, not what Apple made of it".to_owned()
                }
                Looks::Pem(labels) if labels.iter().any(|label| label == "CERTIFICATE") => {
                    "PEM with a certificate that is damaged".to_owned()
                }
                looks => looks.to_string(),
            };
            let cause = format!("what was given as the certificate is {what}");
            into.found(Part::Certificate, &rules::CERTIFICATE, "certificate", cause, mend_of_certificate(&looks));
            // The two may have been exchanged.
            key.map(|key| salvage(key, passphrase).certificates).unwrap_or_default()
        }
    };
    Parts { remote: key.is_none(), keys, certificates }
}

/// Opens a private key, which tells about the passphrase too.
fn open_key(bytes: &[u8], passphrase: Option<&Secret<String>>, into: &mut Diagnosis) -> Vec<LocalKey> {
    let told = |key: &LocalKey| name_of(key.algorithm());
    let looks = Looks::of(bytes);
    match LocalKey::from_pem(bytes, passphrase) {
        Ok(key) => {
            report_opened(bytes, passphrase, into);
            into.passed(Part::PrivateKey, told(&key));
            vec![key]
        }
        Err(Error::KeyUnfit { found }) => {
            report_opened(bytes, passphrase, into);
            into.found(Part::PrivateKey, &rules::ALGORITHM, "key", format!("the private key is {found}"), NEW_KEY);
            Vec::new()
        }
        Err(Error::PassphraseMissing) => {
            let cause = "the private key is encrypted, and no passphrase was given";
            into.found(Part::Passphrase, &rules::PASSPHRASE, "passphrase", cause, "give its passphrase");
            into.skipped(Part::PrivateKey, "it could not be opened");
            Vec::new()
        }
        Err(Error::PassphraseWrong) => {
            let given = passphrase.cloned().unwrap_or_else(|| Secret::from(""));
            let opened = guesses(&given, key::rounds_of(bytes).unwrap_or(0))
                .find_map(|(guess, how)| Some((LocalKey::from_pem(bytes, Some(&guess)).ok()?, how)));
            let (key, how) = opened.unzip();
            report_passphrase("private key", &given, how, into);
            match &key {
                Some(key) => into.passed(Part::PrivateKey, told(key)),
                None => into.skipped(Part::PrivateKey, "it could not be opened"),
            }
            key.into_iter().collect()
        }
        Err(Error::KeyTooSlow { rounds }) => {
            into.skipped(Part::Passphrase, "the private key was not opened");
            let cause =
                format!("the passphrase of the key is hashed {rounds} times, and at most {} are done", rounds::MOST);
            let mend = "encrypt the key anew with `openssl pkcs8 -topk8 -in old.pem -out new.pem`";
            into.found(Part::PrivateKey, &rules::KEY, "key", cause, mend);
            Vec::new()
        }
        Err(_) => {
            into.skipped(Part::Passphrase, "there is no private key that can be read");
            let cause = match &looks {
                looks if looks.has_block("PRIVATE KEY") => {
                    format!("the private key cannot be read: the file is {looks}")
                }
                looks => format!("what was given as the private key is {looks}"),
            };
            into.found(Part::PrivateKey, &rules::KEY, "key", cause, mend_of_key(&looks));
            salvage(bytes, passphrase).keys
        }
    }
}

/// Reports what was in a P12.
fn unpacked(bags: Bags, into: &mut Diagnosis) -> Parts {
    let mut parts = Parts::default();
    if bags.keys.is_empty() && bags.certificates.is_empty() {
        let mend = "export certificate and key from Keychain Access, from the list \"My Certificates\"";
        into.found(Part::PrivateKey, &rules::KEY, "p12", "the P12 holds neither a private key nor a certificate", mend);
        into.skipped(Part::Certificate, "the P12 is empty");
        return parts;
    }
    if bags.keys.is_empty() {
        let cause = "the P12 holds no private key, only a certificate";
        let mend = "export both from Keychain Access, choosing the private key below the certificate too; if there is none, the \
                    signing request was made on another machine, which has it";
        into.found(Part::PrivateKey, &rules::KEY, "p12", cause, mend);
    }
    for key in bags.keys {
        match key {
            Ok(key) => {
                into.passed(Part::PrivateKey, name_of(key.algorithm()));
                parts.keys.push(key);
            }
            Err(Error::KeyUnfit { found }) => {
                into.found(Part::PrivateKey, &rules::ALGORITHM, "p12", format!("the private key is {found}"), NEW_KEY);
            }
            Err(_) => {
                let cause = "a private key of the P12 cannot be read";
                into.found(Part::PrivateKey, &rules::KEY, "p12", cause, "export it again");
            }
        }
    }
    let unread = bags.certificates.iter().filter(|certificate| certificate.is_err()).count();
    let empty = bags.certificates.is_empty();
    parts.certificates = bags.certificates.into_iter().flatten().collect();
    if empty {
        let mend = "export it again from Keychain Access, from the list \"My Certificates\", so that key and certificate go together";
        into.found(
            Part::Certificate,
            &rules::CERTIFICATE,
            "p12",
            "the P12 holds no certificate, only a private key",
            mend,
        );
    } else if unread > 0 {
        let cause = format!("{unread} of the certificates of the P12 cannot be read");
        into.found(Part::Certificate, &rules::CERTIFICATE, "p12", cause, "export it again, without them");
    } else {
        into.passed(Part::Certificate, names_of(&parts.certificates));
    }
    parts
}

/// Reads whatever there is in a file that was given as something else, so that the examination can go on.
fn salvage(bytes: &[u8], passphrase: Option<&Secret<String>>) -> Parts {
    let inner = looks::decoded(bytes);
    let bytes = inner.as_deref().unwrap_or(bytes);
    let none = Secret::from("");
    if let Ok(bags) = Bags::read(bytes, passphrase.unwrap_or(&none)) {
        let (keys, certificates) = (bags.keys.into_iter().flatten(), bags.certificates.into_iter().flatten());
        return Parts { keys: keys.collect(), certificates: certificates.collect(), remote: false };
    }
    let key = LocalKey::from_pem(bytes, passphrase).or_else(|_| LocalKey::from_pkcs8(bytes));
    Parts {
        keys: key.into_iter().collect(),
        certificates: Certificate::read_all(bytes).unwrap_or_default(),
        remote: false,
    }
}

fn report_salvaged(parts: &Parts, into: &mut Diagnosis) {
    match parts.keys.first() {
        Some(key) => into.passed(Part::PrivateKey, name_of(key.algorithm())),
        None => into.skipped(Part::PrivateKey, "there is none in the file that can be read"),
    }
    if parts.certificates.is_empty() {
        into.skipped(Part::Certificate, "there is none in the file that can be read");
    } else {
        into.passed(Part::Certificate, names_of(&parts.certificates));
    }
}

/// Says that the passphrase is wrong, and which mistake was made if that is known.
fn report_passphrase(what: &str, passphrase: &Secret<String>, how: Option<Guess>, into: &mut Diagnosis) {
    let (cause, mend) = match how {
        Some((how, mend)) => (format!("the passphrase does not open the {what}, but it does {how}"), mend.to_owned()),
        None if passphrase.expose().is_empty() => (
            format!("the passphrase is empty, and the {what} has one"),
            format!("give the one chosen when the {what} was exported"),
        ),
        None => {
            let odd = if passphrase.expose().is_ascii() {
                ""
            } else {
                "; it has characters beyond ASCII, which programs encode differently, so export again with plain letters and digits"
            };
            let mend =
                format!("give the one chosen when the {what} was exported{odd}; if it is right, the file is damaged");
            (format!("the passphrase does not open the {what}"), mend)
        }
    };
    into.found(Part::Passphrase, &rules::PASSPHRASE, "passphrase", cause, mend);
}

fn report_opened(bytes: &[u8], passphrase: Option<&Secret<String>>, into: &mut Diagnosis) {
    let encrypted = key::is_encrypted(bytes);
    let given = passphrase.is_some_and(|passphrase| !passphrase.expose().is_empty());
    let detail = match (encrypted, given) {
        (true, _) => "opens the private key",
        (false, true) => "not needed, for the private key is not encrypted",
        (false, false) => "none, and none is needed",
    };
    into.passed(Part::Passphrase, detail);
}

/// Gives what people meant when a passphrase does not open, with the words for it: so many as take no longer together than the most
/// that is done for one file, where each takes so many `rounds`.
fn guesses(passphrase: &Secret<String>, rounds: u64) -> impl Iterator<Item = (Secret<String>, Guess)> {
    let given = passphrase.expose();
    let cut = given.trim_end_matches(['\r', '\n']);
    let trimmed = given.trim();
    let unquoted =
        ['"', '\''].iter().find_map(|mark| trimmed.strip_prefix(*mark)?.strip_suffix(*mark)).unwrap_or(trimmed);
    // Older versions of OpenSSL took each byte for a character.
    let bytes = given.bytes().map(char::from).collect();
    let guesses = [
        (cut.to_owned(), CUT),
        (trimmed.to_owned(), ("with the blanks around it cut", "leave the blanks out")),
        (unquoted.to_owned(), ("without the quotation marks around it", "leave the quotation marks out")),
        (format!("{given}\n"), ("with a line break at its end", "add the line break, or export again without one")),
        (bytes, ("with each byte of its UTF-8 taken for a character", "export again with plain letters and digits")),
        (String::new(), ("with an empty one", "give an empty one")),
    ]
    .map(|(guess, how)| (Secret::new(guess), how));
    let mut tried = vec![passphrase.clone()];
    let new = guesses.into_iter().filter(move |(guess, _)| {
        let new = !tried.contains(guess);
        tried.push(guess.clone());
        new
    });
    new.take(usize::try_from(rounds::MOST / rounds.max(1)).unwrap_or(usize::MAX))
}

/// Skips what a closed container hides.
fn unread(why: &str, into: &mut Diagnosis) -> Parts {
    if !into.failed(Part::Passphrase) {
        into.skipped(Part::Passphrase, why);
    }
    into.skipped(Part::PrivateKey, why);
    into.skipped(Part::Certificate, why);
    Parts::default()
}

/// Names the certificates of a file, the first few of them.
fn names_of(certificates: &[Certificate]) -> String {
    let names: Vec<_> =
        certificates.iter().take(4).map(|certificate| format!("\"{}\"", certificate.subject_name())).collect();
    let more = certificates.len().saturating_sub(names.len());
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}{more}", names.join(", "))
}

fn mend_of_p12(looks: &Looks) -> &'static str {
    match looks {
        Looks::Base64(_) => "decode it first, with `base64 -d`",
        Looks::Certificate => {
            "a certificate alone cannot sign: import it into Keychain Access on the machine that made the signing request and \
             export it there with its key as a P12, or give it with a PEM key"
        }
        Looks::Flat | Looks::Pem(_) => {
            "give it as PEM, certificate and key (`Identity::from_pem`, or `--cert` and `--key`)"
        }
        Looks::P12 { .. } => "check the passphrase, and export it again",
        _ => "export certificate and key from Keychain Access as a P12, and copy the file as bytes, not as text",
    }
}

fn mend_of_certificate(looks: &Looks) -> &'static str {
    match looks {
        Looks::Base64(_) => "decode it first, with `base64 -d`, or wrap it as PEM",
        Looks::P12 { .. } => "give it as a P12 (`Identity::from_p12`, or `--p12`)",
        Looks::Flat => "restore the line breaks, or give the .cer that Apple issued",
        Looks::EncryptedKey | Looks::PrivateKey => "give the .cer that Apple issued; this is the key",
        Looks::Request => UPLOAD,
        looks if looks.has_block("CERTIFICATE REQUEST") => UPLOAD,
        looks if looks.has_block("PRIVATE KEY") => "give the .cer that Apple issued; this is the key",
        _ => "give the .cer that Apple issued, or its PEM form",
    }
}

fn mend_of_key(looks: &Looks) -> &'static str {
    match looks {
        Looks::Base64(_) => "decode it first, with `base64 -d`",
        Looks::P12 { .. } => "give it as a P12 (`Identity::from_p12`, or `--p12`)",
        Looks::Flat => "restore the line breaks",
        Looks::EncryptedKey => "convert it to PEM with `openssl pkcs8 -topk8 -inform DER -in key.der -out key.pem`",
        Looks::PrivateKey => "convert it to PEM with `openssl pkey -inform DER -in key.der -out key.pem`",
        looks if looks.has_block("OPENSSH PRIVATE KEY") => {
            "convert it with `ssh-keygen -p -m PEM -f key`, which rewrites the file"
        }
        looks if looks.has_block("PRIVATE KEY") => "it is damaged: copy the whole file again, with its line breaks",
        looks if looks.has_block("PUBLIC KEY") || *looks == Looks::PublicKey => {
            "a public key cannot sign: give the private key (\"-----BEGIN … PRIVATE KEY-----\") that was made with it"
        }
        _ => "give the private key (\"-----BEGIN … PRIVATE KEY-----\") with which the signing request was made",
    }
}

const CUT: Guess = (
    "with the line break at its end cut",
    "cut the line break: an editor or `echo` put it there, and `printf %s` does not",
);
const UPLOAD: &str = "upload the request in Apple's developer portal and give the .cer that Apple issues for it";
