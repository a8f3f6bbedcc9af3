//! The body of an answer.

use std::collections::{VecDeque, vec_deque};
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::device::PassFile;

/// The body of an answer: pieces of bytes that are there already, so it never waits and never fails.
///
/// It is an [`http_body::Body`] of exactly known size. For frameworks with bodies of their own it gives the pieces one by one.
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
        Self { chunks: file.into_chunks().into_iter().filter(|chunk| !chunk.is_empty()).collect(), left }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::from(PassFile::from(bytes))
    }
}

/// Gives the pieces; none of them is empty.
impl IntoIterator for Body {
    type Item = Bytes;
    type IntoIter = vec_deque::IntoIter<Bytes>;

    fn into_iter(self) -> Self::IntoIter {
        self.chunks.into_iter()
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let body = self.get_mut();
        Poll::Ready(body.chunks.pop_front().map(|chunk| {
            body.left = body.left.saturating_sub(chunk.len() as u64);
            Ok(Frame::data(chunk))
        }))
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
        assert!(body.clone().into_iter().map(|piece| piece.as_ptr()).eq([pieces[0].as_ptr(), pieces[2].as_ptr()]));

        let mut next = || {
            let context = &mut Context::from_waker(std::task::Waker::noop());
            let hint = (body.size_hint().exact(), body.is_end_stream());
            let Poll::Ready(frame) = Pin::new(&mut body).poll_frame(context) else { panic!("it waits") };
            (hint, frame.map(|frame| frame.unwrap().into_data().unwrap().as_ptr()))
        };
        assert_eq!(next(), ((Some(15), false), Some(pieces[0].as_ptr())));
        assert_eq!(next(), ((Some(5), false), Some(pieces[2].as_ptr())));
        assert_eq!(next(), ((Some(0), true), None));
    }
}
