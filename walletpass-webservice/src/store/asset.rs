//! Pictures, addressed by what is in them.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use bytes::Bytes;

use super::StoreError;
use crate::RefusedId;

/// Keeps pictures under the digest of their bytes, so that an address never changes its meaning.
///
/// # Contract
///
/// What was put is there for every tenant and stays, also after a crash of the process. Putting to the same digest again, whatever it be,
/// changes nothing. A store need not compute the digest. Every store takes 1 MiB.
#[async_trait]
pub trait Assets: fmt::Debug + Send + Sync {
    /// Keeps a picture.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`] for a media type, [`StoreError::Unavailable`].
    async fn put(&self, digest: Digest, asset: Asset) -> Result<(), StoreError>;

    /// Gives a picture.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    async fn get(&self, digest: Digest) -> Result<Option<Asset>, StoreError>;
}

/// A picture as it is served.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "bytes and what they are")]
pub struct Asset {
    /// What the bytes are: `image/png`. 1 to 128 bytes without control characters.
    pub media_type: String,
    /// The bytes.
    pub bytes: Bytes,
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Asset({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// The SHA-256 digest of an asset's bytes; written as 64 lower-case hexadecimal digits.
/// FIPS 180-4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a digest is its bytes")]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = RefusedId;

    fn from_str(text: &str) -> Result<Self, RefusedId> {
        let refused = RefusedId { what: "digest", mend: "64 lower-case hexadecimal digits" };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let mut bytes = [0; 32];
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(refused);
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = nibble(*high).zip(nibble(*low)).map(|(high, low)| high << 4 | low).ok_or(refused)?;
        }
        Ok(Self(bytes))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_read_back() {
        let digest = Digest(std::array::from_fn(|index| index as u8 * 8));
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for text in ["", "ab", &"g".repeat(64), &"A".repeat(64), &"a".repeat(65), &"ä".repeat(32)] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}
