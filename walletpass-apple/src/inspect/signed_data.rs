//! Reads a CMS SignedData (RFC 5652) as it stands.
//!
//! Read by hand rather than with a CMS library: the signed attributes must be hashed as they are encoded, and libraries that read
//! them as a set refuse or re-sort those in another order than DER's, which packages that Apple accepted have had. Around them BER
//! is legal, and Bouncy Castle writes it: lengths are not said in advance there, and a value ends with two zero bytes.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use x509_parser::asn1_rs::{FromDer, Oid, oid};

/// A signature, borrowed from its bytes.
pub(super) struct SignedData<'a> {
    /// The content, where it holds it.
    pub(super) content: Option<Cow<'a, [u8]>>,
    /// The kind of the content.
    pub(super) content_type: Oid<'a>,
    /// The certificates, each with its tag.
    pub(super) certificates: Vec<&'a [u8]>,
    pub(super) signers: Vec<SignerInfo<'a>>,
    /// The bytes behind it.
    pub(super) behind: usize,
}

/// One signer.
pub(super) struct SignerInfo<'a> {
    pub(super) id: SignerId<'a>,
    pub(super) digest: Oid<'a>,
    pub(super) attributes: Option<Attributes<'a>>,
    pub(super) algorithm: Oid<'a>,
    pub(super) signature: &'a [u8],
}

/// How a signer names its certificate.
pub(super) enum SignerId<'a> {
    /// By its issuer, with the tag, and its serial number, without.
    IssuerAndSerial(&'a [u8], &'a [u8]),
    /// By the key identifier of the subject.
    KeyId(&'a [u8]),
}

/// The signed attributes.
pub(super) struct Attributes<'a> {
    /// As they are encoded, with their tag.
    raw: &'a [u8],
    list: Vec<(Oid<'a>, Vec<Element<'a>>)>,
}

/// Says why bytes are no SignedData.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// What cannot be read.
    Broken(&'static str),
    /// Signed attributes in BER with lengths that are not said in advance: DER is what is signed.
    Indefinite,
    /// Another kind of CMS, or none.
    OtherContent(String),
    /// More certificates or signers than anyone needs.
    TooMany,
}

impl<'a> SignedData<'a> {
    /// Reads a signature.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let mut outer = Reader(der);
        let mut info = outer.sequence("content info")?;
        let content_type = info.oid("content type")?;
        if content_type != SIGNED_DATA {
            return Err(Fault::OtherContent(content_type.to_id_string()));
        }
        let mut wrapped = Reader(info.tagged(0).ok_or(Fault::Broken("content"))?.content);
        let mut data = wrapped.sequence("signed data")?;
        data.next("version")?;
        data.next("digest algorithms")?;
        let mut content = data.sequence("encapsulated content")?;
        let content_type = content.oid("type of the encapsulated content")?;
        let content = content.tagged(0).map(|wrapped| Reader(wrapped.content).octets("content")).transpose()?;

        let mut certificates = Vec::new();
        if let Some(set) = data.tagged(0) {
            let mut set = Reader(set.content);
            while !set.is_empty() {
                let certificate = set.next("certificates")?;
                // The other choices are attribute certificates and obsolete forms.
                if certificate.is_universal(SEQUENCE) {
                    certificates.push(certificate.raw);
                }
                if certificates.len() > MOST {
                    return Err(Fault::TooMany);
                }
            }
        }
        data.tagged(1); // revocation lists
        let set = data.next("signers")?;
        let mut set = Reader(set.content);
        let mut signers = Vec::new();
        while !set.is_empty() {
            signers.push(SignerInfo::read(set.sequence("signer")?)?);
            if signers.len() > MOST {
                return Err(Fault::TooMany);
            }
        }
        Ok(Self { content, content_type, certificates, signers, behind: outer.0.len() })
    }
}

impl<'a> SignerInfo<'a> {
    fn read(mut info: Reader<'a>) -> Result<Self, Fault> {
        info.next("version of the signer")?;
        let id = match info.tagged(0) {
            Some(key) => SignerId::KeyId(key.content),
            None => {
                let mut id = info.sequence("name of the signer")?;
                SignerId::IssuerAndSerial(id.next("issuer")?.raw, id.next("serial number")?.content)
            }
        };
        let digest = info.sequence("digest algorithm")?.oid("digest algorithm")?;
        let attributes = info.tagged(0).map(Attributes::read).transpose()?;
        let algorithm = info.sequence("signature algorithm")?.oid("signature algorithm")?;
        let signature = info.next("signature")?;
        if !signature.is_universal(OCTET_STRING) {
            return Err(Fault::Broken("signature"));
        }
        Ok(Self { id, digest, attributes, algorithm, signature: signature.content })
    }
}

impl<'a> Attributes<'a> {
    fn read(set: Element<'a>) -> Result<Self, Fault> {
        if set.is_indefinite {
            return Err(Fault::Indefinite);
        }
        let mut rest = Reader(set.content);
        let mut list = Vec::new();
        while !rest.is_empty() {
            let mut attribute = rest.sequence("signed attribute")?;
            let kind = attribute.oid("signed attribute")?;
            let mut values = Reader(attribute.next("signed attribute")?.content);
            let mut all = Vec::new();
            while !values.is_empty() {
                all.push(values.next("signed attribute")?);
            }
            list.push((kind, all));
        }
        Ok(Self { raw: set.raw, list })
    }

    /// Gives what is signed: the attributes as they are encoded, with the tag of a SET (RFC 5652, section 5.4).
    pub(super) fn signed_bytes(&self) -> Vec<u8> {
        let mut bytes = self.raw.to_vec();
        if let Some(tag) = bytes.first_mut() {
            *tag = 0x31;
        }
        bytes
    }

    /// Gives the content type.
    pub(super) fn content_type(&self) -> Option<Oid<'a>> {
        Reader(self.only(&CONTENT_TYPE)?.raw).oid("content type").ok()
    }

    /// Gives the digest of the content.
    pub(super) fn message_digest(&self) -> Option<&'a [u8]> {
        let value = self.only(&MESSAGE_DIGEST)?;
        value.is_universal(OCTET_STRING).then_some(value.content)
    }

    /// Says whether there is a signing time, readable or not.
    pub(super) fn has_signing_time(&self) -> bool {
        self.list.iter().any(|(kind, _)| *kind == SIGNING_TIME)
    }

    /// Gives the signing time.
    pub(super) fn signing_time(&self) -> Option<DateTime<Utc>> {
        let value = self.only(&SIGNING_TIME)?;
        match value.tag {
            _ if value.class != UNIVERSAL => None,
            UTC_TIME => time(value.content, 2),
            GENERALIZED_TIME => time(value.content, 4),
            _ => None,
        }
    }

    /// Gives the value of an attribute that is there once with one value.
    fn only(&self, wanted: &Oid<'_>) -> Option<Element<'a>> {
        let mut found = self.list.iter().filter(|(kind, _)| kind == wanted);
        match (found.next(), found.next()) {
            (Some((_, values)), None) => match values.as_slice() {
                [value] => Some(*value),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Reads `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`; years of two digits are those from 1950 to 2049.
fn time(text: &[u8], year_digits: usize) -> Option<DateTime<Utc>> {
    let (year, rest) = text.split_at_checked(year_digits)?;
    let rest = rest.strip_suffix(b"Z").filter(|rest| rest.len() == 10)?;
    let number =
        |digits: &[u8]| digits.iter().try_fold(0_u32, |sum, digit| Some(sum * 10 + char::from(*digit).to_digit(10)?));
    let year = match number(year)? {
        year @ 0..50 if year_digits == 2 => year + 2000,
        year if year_digits == 2 => year + 1900,
        year => year,
    };
    let mut parts = rest.chunks(2).filter_map(number);
    let mut next = || parts.next();
    let (month, day, hour, minute, second) = (next()?, next()?, next()?, next()?, next()?);
    let date = NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day)?;
    Some(date.and_hms_opt(hour, minute, second)?.and_utc())
}

/// One encoded value.
#[derive(Clone, Copy)]
struct Element<'a> {
    /// With tag and length.
    raw: &'a [u8],
    content: &'a [u8],
    class: u8,
    tag: u8,
    is_constructed: bool,
    is_indefinite: bool,
}

impl Element<'_> {
    fn is_universal(&self, tag: u8) -> bool {
        self.class == UNIVERSAL && self.tag == tag
    }
}

/// Reads values one after the other.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn next(&mut self, what: &'static str) -> Result<Element<'a>, Fault> {
        let element = element(self.0, DEEPEST).ok_or(Fault::Broken(what))?;
        self.0 = self.0.get(element.raw.len()..).unwrap_or_default();
        Ok(element)
    }

    /// Takes an octet string, which in BER may come in pieces.
    fn octets(&mut self, what: &'static str) -> Result<Cow<'a, [u8]>, Fault> {
        let whole = self.next(what)?;
        if !whole.is_universal(OCTET_STRING) {
            return Err(Fault::Broken(what));
        }
        if !whole.is_constructed {
            return Ok(Cow::Borrowed(whole.content));
        }
        let (mut pieces, mut all) = (Reader(whole.content), Vec::new());
        while !pieces.is_empty() {
            let piece = pieces.next(what)?;
            if !piece.is_universal(OCTET_STRING) || piece.is_constructed {
                return Err(Fault::Broken(what));
            }
            all.extend_from_slice(piece.content);
        }
        Ok(Cow::Owned(all))
    }

    fn sequence(&mut self, what: &'static str) -> Result<Reader<'a>, Fault> {
        let element = self.next(what)?;
        if element.is_universal(SEQUENCE) { Ok(Reader(element.content)) } else { Err(Fault::Broken(what)) }
    }

    fn oid(&mut self, what: &'static str) -> Result<Oid<'a>, Fault> {
        let (rest, oid) = Oid::from_der(self.0).map_err(|_| Fault::Broken(what))?;
        self.0 = rest;
        Ok(oid)
    }

    /// Takes the next value if it has this context-specific tag.
    fn tagged(&mut self, tag: u8) -> Option<Element<'a>> {
        let mut ahead = Reader(self.0);
        let element = ahead.next("").ok().filter(|it| it.class == CONTEXT_SPECIFIC && it.tag == tag)?;
        self.0 = ahead.0;
        Some(element)
    }
}

/// Finds the first value of BER. Where its length is not said it is walked to its end, so deep at most.
fn element(bytes: &[u8], deepest: u8) -> Option<Element<'_>> {
    let (identifier, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (class, is_constructed, tag) = (identifier >> 6, identifier & 0x20 != 0, identifier & 0x1f);
    // Tags of several bytes occur nowhere here.
    if tag == 0x1f {
        return None;
    }
    let is_indefinite = *length == 0x80;
    let (header, size) = match length {
        0x80 => (2, content_size(rest, deepest).filter(|_| is_constructed)?),
        short @ 0..0x80 => (2, usize::from(*short)),
        long => {
            let count = usize::from(long & 0x7f);
            let digits = rest.get(..count).filter(|_| count <= 4)?;
            (2 + count, digits.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte)))
        }
    };
    let end = size.checked_add(header)?;
    let content = bytes.get(header..end)?;
    let raw = bytes.get(..if is_indefinite { end.checked_add(2)? } else { end })?;
    Some(Element { raw, content, class, tag, is_constructed, is_indefinite })
}

/// Counts the bytes before the end mark of a value whose length is not said.
fn content_size(bytes: &[u8], deepest: u8) -> Option<usize> {
    let deepest = deepest.checked_sub(1)?;
    let mut at = 0_usize;
    loop {
        let rest = bytes.get(at..)?;
        if rest.starts_with(&[0, 0]) {
            return Some(at);
        }
        at = at.checked_add(element(rest, deepest)?.raw.len())?;
    }
}

/// How deep values without a length may lie in each other; a signature has some six levels.
const DEEPEST: u8 = 16;
/// The most certificates, and the most signers; a package has two and one.
const MOST: usize = 32;

const UNIVERSAL: u8 = 0;
const CONTEXT_SPECIFIC: u8 = 2;
const OCTET_STRING: u8 = 4;
const SEQUENCE: u8 = 16;
const UTC_TIME: u8 = 23;
const GENERALIZED_TIME: u8 = 24;

/// id-data, what a manifest is.
pub(super) const DATA: Oid<'static> = oid!(1.2.840.113549.1.7.1);
const SIGNED_DATA: Oid<'static> = oid!(1.2.840.113549.1.7.2);
const CONTENT_TYPE: Oid<'static> = oid!(1.2.840.113549.1.9.3);
const MESSAGE_DIGEST: Oid<'static> = oid!(1.2.840.113549.1.9.4);
const SIGNING_TIME: Oid<'static> = oid!(1.2.840.113549.1.9.5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        let read = |text: &[u8], digits| time(text, digits).map(|time| time.to_rfc3339());
        assert_eq!(read(b"491231235959Z", 2).as_deref(), Some("2049-12-31T23:59:59+00:00"));
        assert_eq!(read(b"500101000000Z", 2).as_deref(), Some("1950-01-01T00:00:00+00:00"));
        assert_eq!(read(b"20500101000000Z", 4).as_deref(), Some("2050-01-01T00:00:00+00:00"));
        for bad in [b"".as_slice(), b"Z", b"4912312359Z", b"491331235959Z", b"491231235959", b"49123123595xZ"] {
            assert_eq!(read(bad, 2), None);
        }
    }

    #[test]
    fn values_without_a_length_are_walked_so_deep_and_no_deeper() {
        let nested = |depth: usize| [[0x30, 0x80].repeat(depth), [0, 0].repeat(depth)].concat();
        for depth in 1..=16 {
            let bytes = nested(depth);
            let found = element(&bytes, DEEPEST).unwrap();
            assert_eq!((found.raw.len(), found.content.len()), (bytes.len(), bytes.len() - 4));
        }
        assert!(element(&nested(17), DEEPEST).is_none());
        assert!(element(&nested(100_000), DEEPEST).is_none());
        // One that is not constructed has a length.
        assert!(element(&[4, 0x80, 0, 0], DEEPEST).is_none());
        let pieces = [0x24, 0x80, 4, 1, 7, 4, 2, 8, 9, 0, 0];
        assert_eq!(*Reader(&pieces).octets("").unwrap(), [7, 8, 9]);
    }

    #[test]
    fn what_is_no_signature_is_told() {
        let fault = |bytes: &[u8]| SignedData::read(bytes).err().unwrap();
        assert_eq!(fault(b""), Fault::Broken("content info"));
        assert_eq!(fault(b"\x30\x80\x06\x09"), Fault::Broken("content info"));
        assert_eq!(fault(b"\x30\x80\x06\x01\x2a\0\0"), Fault::OtherContent("1.2".to_owned()));
        assert_eq!(fault(b"\x30\x03\x06\x01\x2a"), Fault::OtherContent("1.2".to_owned()));
        assert_eq!(fault(b"\x30\x84\xff\xff\xff\xff"), Fault::Broken("content info"));
    }
}
