//! The body of an answer.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::device::PassFile;

/// The body of an answer: pieces of bytes that are there already, so it never waits and never fails.
///
/// It is an [`http_body::Body`] of exactly known size. For frameworks with bodies of their own it is an iterator over the pieces.
#[derive(Clone, Default)]
pub struct Body {
    chunks: VecDeque<Bytes>,
    left: u64,
}

impl Body {
    /// Makes a body without bytes.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Counts the bytes that are still to come.
    pub fn len(&self) -> u64 {
        self.left
    }

    /// Says whether no more bytes come.
    pub fn is_empty(&self) -> bool {
        self.left == 0
    }
}

/// Sends a package without copying it.
impl From<PassFile> for Body {
    fn from(file: PassFile) -> Self {
        let left = file.len();
        Self { chunks: file.into_chunks().into(), left }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self { left: bytes.len() as u64, chunks: VecDeque::from([bytes]) }
    }
}

/// Gives the pieces; none of them is empty.
impl Iterator for Body {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let chunk = std::iter::from_fn(|| self.chunks.pop_front()).find(|chunk| !chunk.is_empty())?;
        self.left = self.left.saturating_sub(chunk.len() as u64);
        Some(chunk)
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.get_mut().next().map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.left)
    }
}

#[cfg(test)]
mod tests {
    use http_body::Body as _;

    use super::*;

    #[test]
    fn a_package_is_sent_piece_by_piece_and_not_copied() {
        let pieces = [Bytes::from(vec![1; 10]), Bytes::new(), Bytes::from(vec![2; 5]), Bytes::new()];
        let mut body = Body::from(PassFile::new(pieces.clone()));
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(15), false));
        assert_eq!(body.next().unwrap().as_ptr(), pieces[0].as_ptr());
        assert_eq!(body.size_hint().exact(), Some(5));
        assert_eq!(body.next().unwrap().as_ptr(), pieces[2].as_ptr());
        assert_eq!((body.next(), body.size_hint().exact(), body.is_end_stream()), (None, Some(0), true));
    }
}
