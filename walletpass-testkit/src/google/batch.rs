//! Many requests in one.

use std::fmt::Write;

use bytes::Bytes;
use url::form_urlencoded;

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

/// Reads a part, with the line ends of HTTP or of Google's Python library.
fn read(part: &str) -> Option<(String, Ask)> {
    let part = part.replace("\r\n", "\n");
    let (headers, inner) = part.trim_start().split_once("\n\n")?;
    let id = headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-id").then(|| value.trim().trim_matches(['<', '>']).to_owned())
    })?;
    let (head, body) = inner.split_once("\n\n")?;
    let mut words = head.lines().next()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let ask = Ask {
        method: method.to_owned(),
        path: path.to_owned(),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        authorization: String::new(),
        content_type: "application/json".to_owned(),
        body: Bytes::copy_from_slice(body.trim_end().as_bytes()),
    };
    Some((id, ask))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_as_googles_python_library_writes_it() {
        let part = "\nContent-Type: application/http\nMIME-Version: 1.0\nContent-Transfer-Encoding: binary\n\
                    Content-ID: <9a1b + 2>\n\nPOST /walletobjects/v1/loyaltyObject?alt=json HTTP/1.1\n\
                    Content-Type: application/json\nHost: walletobjects.googleapis.com\n\n{\"id\": \"1.x\"}\n\n";
        let (id, ask) = read(part).unwrap();
        assert_eq!((id.as_str(), ask.method.as_str()), ("9a1b + 2", "POST"));
        assert_eq!((ask.path.as_str(), &ask.body[..]), ("/walletobjects/v1/loyaltyObject", &b"{\"id\": \"1.x\"}"[..]));
        assert_eq!(ask.query["alt"], "json");
    }
}
