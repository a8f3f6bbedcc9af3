//! Many requests in one.

use std::fmt::Write;

use bytes::Bytes;
use std::collections::HashMap;

use super::world::{Ask, Reply, World};

/// Answers the parts in reverse, since clients must not count on their order.
pub(super) fn answer(world: &mut World, ask: &Ask) -> Reply {
    let Some((_, boundary)) = ask.content_type.split_once("boundary=") else {
        return Reply::refusal(400, "badRequest", "The batch has no boundary.");
    };
    let text = String::from_utf8_lossy(&ask.body).into_owned();
    let delimiter = format!("--{}", boundary.trim_matches('"'));
    let parts: Vec<&str> = text.split(&delimiter).filter(|part| part.contains("HTTP/1.1")).collect();
    if parts.is_empty() || parts.len() > 1000 {
        return Reply::refusal(400, "badRequest", "The batch has no parts, or too many.");
    }
    let mut body = String::new();
    for part in parts.iter().rev() {
        let Some((id, inner)) = read(part) else {
            return Reply::refusal(400, "badRequest", "A part of the batch cannot be read.");
        };
        let reply = world.answer_part(&inner);
        let _ = write!(
            body,
            "--batch_fake\r\nContent-Type: application/http\r\nContent-ID: <response-{id}>\r\n\r\nHTTP/1.1 {} Whatever\r\n\
             Content-Type: {}\r\n\r\n{}\r\n",
            reply.status,
            reply.content_type,
            String::from_utf8_lossy(&reply.body)
        );
    }
    body.push_str("--batch_fake--\r\n");
    Reply {
        status: 200,
        content_type: "multipart/mixed; boundary=batch_fake".to_owned(),
        body: Bytes::from(body),
        retry_after: None,
        is_lost: false,
    }
}

fn read(part: &str) -> Option<(String, Ask)> {
    let (headers, inner) = part.split_once("\r\n\r\n")?;
    let id = headers.lines().find_map(|line| line.strip_prefix("Content-ID: <")?.strip_suffix('>'))?;
    let (head, body) = inner.split_once("\r\n\r\n")?;
    let mut words = head.lines().next()?.split(' ');
    let ask = Ask {
        method: words.next()?.to_owned(),
        path: words.next()?.to_owned(),
        query: HashMap::new(),
        authorization: String::new(),
        content_type: "application/json".to_owned(),
        body: Bytes::copy_from_slice(body.trim_end().as_bytes()),
    };
    Some((id.to_owned(), ask))
}
