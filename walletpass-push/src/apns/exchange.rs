//! One push over one connection.

use bytes::{Bytes, BytesMut};
use h2::Reason;
use http::{HeaderMap, Request, StatusCode};

use super::link::{Line, outcome_of};
use crate::Outcome;

/// Says how a try ended that brought no answer.
#[derive(Debug)]
pub(super) enum Failed {
    /// The connection ended, or is about to.
    Connection,
    /// The server refused the connection as a whole.
    Refused(Outcome),
    /// This push ended; the connection goes on (RFC 9113, section 5.4.2).
    Stream,
}

/// Sends a request and reads the answer, of whose body [`MOST_OF_BODY`] bytes are kept.
pub(super) async fn exchange(line: &Line, request: Request<()>) -> Result<(StatusCode, HeaderMap, Bytes), Failed> {
    let mut send = line.send.clone().ready().await.map_err(failed)?;
    let (response, mut stream) = send.send_request(request, false).map_err(failed)?;
    stream.send_data(PAYLOAD, true).map_err(failed)?;
    drop(send);
    let (head, mut body) = response.await.map_err(failed)?.into_parts();
    if body.is_end_stream() {
        return Ok((head.status, head.headers, Bytes::new()));
    }
    let mut kept = BytesMut::new();
    while let Some(chunk) = body.data().await {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            // The server has said all, and wants no more from us (RFC 9113, section 8.1).
            Err(error) if error.is_reset() && error.reason() == Some(Reason::NO_ERROR) => break,
            Err(_) if head.status == StatusCode::OK => break,
            // What is missing may be the moment at which the token died.
            Err(error) => return Err(failed(error)),
        };
        let _done = body.flow_control().release_capacity(chunk.len());
        let room = MOST_OF_BODY.saturating_sub(kept.len());
        kept.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if kept.len() >= MOST_OF_BODY {
            break;
        }
    }
    Ok((head.status, head.headers, kept.freeze()))
}

/// Judges an error of HTTP/2.
fn failed(error: h2::Error) -> Failed {
    match error.get_io().map(outcome_of) {
        Some(outcome @ Outcome::Misconfigured(_)) => Failed::Refused(outcome),
        _ if error.is_reset() => Failed::Stream,
        _ => Failed::Connection,
    }
}

/// "An empty JSON dictionary".
/// <https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes>
const PAYLOAD: Bytes = Bytes::from_static(b"{}");

/// Apple's longest answer has some 60 bytes.
const MOST_OF_BODY: usize = 4096;
