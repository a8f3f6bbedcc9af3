//! One push over one connection.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Request, StatusCode};

use super::link::{Line, outcome_of};
use crate::Outcome;

/// Says how a try ended that brought no answer.
#[derive(Debug)]
pub(super) enum Failed {
    /// The server refused the connection as a whole.
    Refused(Outcome),
    /// The server did not process the push.
    Untouched,
    /// The connection ended, and nobody knows whether the push was taken.
    Unanswered,
}

/// Sends a request and reads the answer, of whose body [`MOST_OF_BODY`] bytes are kept.
pub(super) async fn exchange(line: &Line, request: Request<()>) -> Result<(StatusCode, HeaderMap, Bytes), Failed> {
    let mut send = line.send.clone().ready().await.map_err(|error| unsent(&error))?;
    let (response, mut stream) = send.send_request(request, false).map_err(|error| unsent(&error))?;
    stream.send_data(PAYLOAD, true).map_err(|error| failed(&error))?;
    drop(send);
    let (head, mut body) = response.await.map_err(|error| failed(&error))?.into_parts();
    if body.is_end_stream() {
        return Ok((head.status, head.headers, Bytes::new()));
    }
    let mut kept = BytesMut::new();
    while let Some(chunk) = body.data().await {
        // The status is known, and so is the outcome but for its details.
        let Ok(chunk) = chunk else { break };
        let _done = body.flow_control().release_capacity(chunk.len());
        let room = MOST_OF_BODY.saturating_sub(kept.len());
        kept.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if kept.len() >= MOST_OF_BODY {
            break;
        }
    }
    Ok((head.status, head.headers, kept.freeze()))
}

/// Judges an error from before the push was sent.
fn unsent(error: &h2::Error) -> Failed {
    refused(error).unwrap_or(Failed::Untouched)
}

/// Finds that TLS ended the connection.
fn refused(error: &h2::Error) -> Option<Failed> {
    let outcome = outcome_of(error.get_io()?);
    matches!(outcome, Outcome::Misconfigured(_)).then_some(Failed::Refused(outcome))
}

/// Judges an error from after the push was sent.
///
/// A server that goes away names the last push it processed, and `h2` ends only those after it with this error (RFC 9113, section 6.8).
fn failed(error: &h2::Error) -> Failed {
    if let Some(refused) = refused(error) {
        return refused;
    }
    let is_refused = error.reason() == Some(h2::Reason::REFUSED_STREAM);
    match is_refused || error.is_go_away() && error.is_remote() && error.reason() == Some(h2::Reason::NO_ERROR) {
        true => Failed::Untouched,
        false => Failed::Unanswered,
    }
}

/// "An empty JSON dictionary".
/// <https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes>
const PAYLOAD: Bytes = Bytes::from_static(b"{}");

/// Apple's longest answer has some 60 bytes.
const MOST_OF_BODY: usize = 4096;
