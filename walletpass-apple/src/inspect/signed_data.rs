//! Reads a CMS SignedData (RFC 5652) as it stands.
//!
//! Read by hand rather than with a CMS library: the signed attributes must be hashed as they are encoded, and libraries that read
//! them as a set refuse or re-sort those in another order than DER's, which packages that Apple accepted have had.

use chrono::{DateTime, NaiveDate, Utc};
use x509_parser::asn1_rs::{Any, Class, FromDer, Oid, oid};

/// A signature, borrowed from its bytes.
pub(super) struct SignedData<'a> {
    /// Whether it holds the content.
    pub(super) is_attached: bool,
    /// The kind of the content.
    pub(super) content_type: Oid<'a>,
    /// The certificates, each with its tag.
    pub(super) certificates: Vec<&'a [u8]>,
    pub(super) signers: Vec<Signer<'a>>,
    /// The bytes behind it.
    pub(super) behind: usize,
}

/// One signer.
pub(super) struct Signer<'a> {
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
    /// BER with lengths that are not said in advance.
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
        let is_attached = content.tagged(0).is_some();

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
            signers.push(Signer::read(set.sequence("signer")?)?);
            if signers.len() > MOST {
                return Err(Fault::TooMany);
            }
        }
        Ok(Self { is_attached, content_type, certificates, signers, behind: outer.0.len() })
    }
}

impl<'a> Signer<'a> {
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
    class: Class,
    tag: u32,
}

impl Element<'_> {
    fn is_universal(&self, tag: u32) -> bool {
        self.class == Class::Universal && self.tag == tag
    }
}

/// Reads values one after the other.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn next(&mut self, what: &'static str) -> Result<Element<'a>, Fault> {
        // The second byte is the length where the tag has one byte, as all tags here have.
        if self.0.get(1) == Some(&0x80) {
            return Err(Fault::Indefinite);
        }
        let (rest, any) = Any::from_der(self.0).map_err(|_| Fault::Broken(what))?;
        let raw = self.0.get(..self.0.len() - rest.len()).ok_or(Fault::Broken(what))?;
        self.0 = rest;
        Ok(Element { raw, content: any.data, class: any.class(), tag: any.tag().0 })
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
    fn tagged(&mut self, tag: u32) -> Option<Element<'a>> {
        let mut ahead = Reader(self.0);
        let element = ahead.next("").ok().filter(|it| it.class == Class::ContextSpecific && it.tag == tag)?;
        self.0 = ahead.0;
        Some(element)
    }
}

/// The most certificates, and the most signers; a package has two and one.
const MOST: usize = 32;

const OCTET_STRING: u32 = 4;
const SEQUENCE: u32 = 16;
const UTC_TIME: u32 = 23;
const GENERALIZED_TIME: u32 = 24;

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
    fn what_is_no_signature_is_told() {
        let fault = |bytes: &[u8]| SignedData::read(bytes).err().unwrap();
        assert_eq!(fault(b""), Fault::Broken("content info"));
        assert_eq!(fault(b"\x30\x80\x06\x09"), Fault::Indefinite);
        assert_eq!(fault(b"\x30\x03\x06\x01\x2a"), Fault::OtherContent("1.2".to_owned()));
        assert_eq!(fault(b"\x30\x84\xff\xff\xff\xff"), Fault::Broken("content info"));
    }
}
