//! What other servers got wrong, over HTTP; the number is that of the list of pitfalls.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[cfg(feature = "postgres")]
#[allow(dead_code, reason = "other tests need the rest")]
#[path = "postgres/scratch.rs"]
mod scratch;
mod support;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::json;
use support::{Answer, CLUB, Server, Shop, TOKEN, Tables, club, pass_type, request, serial, shop};
use walletpass_webservice::device::{DeviceError, Log, PassFile, SignUp};
use walletpass_webservice::store::{MemoryStore, SqliteStore, StoredPass};
use walletpass_webservice::{DeviceApi, PassHost, StoredPasses, conformance};

const STAMPS: &str = "pass.com.acme.stamps";
const OTHER_TOKEN: &str = "token-of-pass-4712";

/// A server, and the tables behind it.
struct World {
    server: Server,
    tables: Arc<dyn Tables>,
}

impl World {
    /// One of each kind that the crate serves: a host's own tables, and a store.
    async fn all() -> [Self; 2] {
        let ((host, shelf), (stored, shop)) = (club(), shop());
        let host = Self { server: Server::start(host).await, tables: shelf };
        [host, Self { server: Server::start(stored).await, tables: shop }]
    }

    async fn ask(&self, text: &str) -> Answer {
        self.server.send(request(text)).await
    }

    async fn register(&self, device: &str, pass_type: &str, serial: &str, token: &str, push_token: &str) -> Answer {
        let path = format!("/v1/devices/{device}/registrations/{pass_type}/{serial}");
        let head = format!("POST {path}\nHost: acme.com\nAuthorization: ApplePass {token}");
        self.ask(&format!("{head}\n\n{}", json!({ "pushToken": push_token }))).await
    }

    async fn unregister(&self, device: &str, serial: &str) -> Answer {
        let path = format!("/v1/devices/{device}/registrations/{CLUB}/{serial}");
        self.ask(&format!("DELETE {path}\nHost: acme.com\nAuthorization: ApplePass {TOKEN}")).await
    }

    async fn list(&self, device: &str, pass_type: &str, since: Option<&str>) -> Answer {
        let query = since.map(|since| format!("?passesUpdatedSince={since}")).unwrap_or_default();
        self.ask(&format!("GET /v1/devices/{device}/registrations/{pass_type}{query}\nHost: acme.com")).await
    }

    async fn fetch(&self, pass_type: &str, serial: &str, token: &str, since: Option<&str>) -> Answer {
        let since = since.map(|since| format!("\nIf-Modified-Since: {since}")).unwrap_or_default();
        let head = format!("GET /v1/passes/{pass_type}/{serial}\nHost: acme.com\nAuthorization: ApplePass {token}");
        self.ask(&format!("{head}{since}")).await
    }
}

#[tokio::test]
async fn row_1_the_token_of_one_pass_opens_no_other() {
    for world in World::all().await {
        world.tables.put(&pass_type(CLUB), &serial("4712"), OTHER_TOKEN, "other", "2026-11-21T10:00:00Z");
        assert_eq!(world.fetch(CLUB, "4711", TOKEN, None).await.status, 200);
        assert_eq!(world.fetch(CLUB, "4712", OTHER_TOKEN, None).await.status, 200);
        assert_eq!(world.fetch(CLUB, "4712", TOKEN, None).await.status, 401);
        assert_eq!(world.fetch(CLUB, "4711", OTHER_TOKEN, None).await.status, 401);
        assert_eq!(world.register("d1", CLUB, "4712", TOKEN, "aa").await.status, 401);
    }
}

#[tokio::test]
async fn row_3_a_device_with_an_older_tag_gets_all_that_changed_since() {
    for world in World::all().await {
        world.tables.put(&pass_type(CLUB), &serial("4712"), OTHER_TOKEN, "other", "2026-11-21T10:00:00Z");
        world.register("d1", CLUB, "4711", TOKEN, "aa").await;
        world.register("d1", CLUB, "4712", OTHER_TOKEN, "aa").await;
        let tag = world.list("d1", CLUB, None).await.tag();
        world.tables.put(&pass_type(CLUB), &serial("4711"), TOKEN, "second", "2026-11-21T10:00:01Z");
        world.tables.put(&pass_type(CLUB), &serial("4712"), OTHER_TOKEN, "another", "2026-11-21T10:05:00Z");
        let listed = world.list("d1", CLUB, Some(&tag)).await;
        assert_eq!(listed.json()["serialNumbers"], json!(["4711", "4712"]));
        assert_eq!(world.list("d1", CLUB, Some(&listed.tag())).await.status, 204);
    }
}

#[tokio::test]
async fn row_4_a_device_gets_its_new_push_token_and_an_unknown_one_an_empty_list() {
    for world in World::all().await {
        assert_eq!(world.list("nobody", CLUB, None).await.status, 204);
        assert_eq!(world.register("d1", CLUB, "4711", TOKEN, "aa").await.status, 201);
        assert_eq!(world.register("d1", CLUB, "4711", TOKEN, "bb").await.status, 200);
        assert_eq!(world.tables.push_token("d1", &pass_type(CLUB)).as_deref(), Some("bb"));
    }
}

#[tokio::test]
async fn row_5_what_was_unregistered_is_not_listed_and_the_tag_is_that_of_the_data() {
    for world in World::all().await {
        world.register("d1", CLUB, "4711", TOKEN, "aa").await;
        let listed = world.list("d1", CLUB, None).await;
        assert_eq!(listed.json(), json!({ "serialNumbers": ["4711"], "lastUpdated": "1" }));
        // A pass of somebody else changes: the tag of this device does not run ahead of its own.
        world.tables.put(&pass_type(CLUB), &serial("4712"), OTHER_TOKEN, "other", "2026-11-21T10:00:00Z");
        assert_eq!(world.list("d1", CLUB, None).await.json()["lastUpdated"], "1");
        assert_eq!(world.list("d1", CLUB, Some("1")).await.status, 204);
        for _ in 0..2 {
            assert_eq!(world.unregister("d1", "4711").await.status, 200);
            assert_eq!(world.list("d1", CLUB, None).await.status, 204);
        }
    }
}

#[tokio::test]
async fn row_6_the_date_comes_back_and_gives_304() {
    for world in World::all().await {
        let given = world.fetch(CLUB, "4711", TOKEN, None).await;
        assert_eq!((given.status.as_u16(), &given.body[..]), (200, &b"PK:first"[..]));
        assert_eq!(given.header("content-type"), "application/vnd.apple.pkpass");
        let date = given.header("last-modified").to_owned();
        let again = world.fetch(CLUB, "4711", TOKEN, Some(&date)).await;
        assert_eq!((again.status.as_u16(), again.body.len(), again.header("last-modified")), (304, 0, &*date));

        world.tables.put(&pass_type(CLUB), &serial("4711"), TOKEN, "second", "2026-11-21T10:00:01Z");
        assert_eq!(world.fetch(CLUB, "4711", TOKEN, Some(&date)).await.body, "PK:second");
    }
}

#[tokio::test]
async fn row_6_serial_numbers_may_be_strange() {
    for world in World::all().await {
        for (index, (text, path)) in [
            ("a/b", "a%2Fb"),
            ("a b", "a%20b"),
            ("ünï席", "%C3%BCn%C3%AF%E5%B8%AD"),
            ("..", "%2E%2E"),
            ("..", ".."),
            ("../4711", "..%2f4711"),
            ("100%", "100%25"),
            ("%2F", "%252F"),
            ("a+b&c=d;e", "a+b&c=d;e"),
            ("?#", "%3F%23"),
            ("personalize", "personalize"),
            ("\"'<\\>", "%22%27%3C%5C%3E"),
        ]
        .into_iter()
        .enumerate()
        {
            let token = format!("token-of-strange-{index}");
            world.tables.put(&pass_type(STAMPS), &serial(text), &token, text, "2026-11-21T10:00:00Z");
            let device = format!("d{index}");
            assert_eq!(world.register(&device, STAMPS, path, &token, "aa").await.status, 201, "{text}");
            assert_eq!(world.list(&device, STAMPS, None).await.json()["serialNumbers"], json!([text]));
            assert_eq!(world.fetch(STAMPS, path, &token, None).await.body, format!("PK:{text}"));
        }
    }
}

#[tokio::test]
async fn row_7_the_first_registration_is_201_and_the_date_is_one() {
    for world in World::all().await {
        assert_eq!(world.register("d1", CLUB, "4711", TOKEN, "aa").await.status, 201);
        assert_eq!(world.register("d1", CLUB, "4711", TOKEN, "aa").await.status, 200);
        assert_eq!(world.register("d2", CLUB, "4711", TOKEN, "cc").await.status, 201);
        let given = world.fetch(CLUB, "4711", TOKEN, None).await;
        assert_eq!(given.header("last-modified"), "Sat, 21 Nov 2026 10:00:00 GMT");
        assert!(httpdate::parse_http_date(given.header("last-modified")).is_ok());
    }
}

#[tokio::test]
async fn row_8_the_date_is_that_of_the_content() {
    for world in World::all().await {
        let given = world.fetch(CLUB, "4711", TOKEN, None).await;
        // The answer is on its way for long; meanwhile the pass changes, still before "now".
        world.tables.put(&pass_type(CLUB), &serial("4711"), TOKEN, "second", "2026-11-21T10:00:01Z");
        let next = world.fetch(CLUB, "4711", TOKEN, Some(given.header("last-modified"))).await;
        assert_eq!((next.status.as_u16(), &next.body[..]), (200, &b"PK:second"[..]));
    }
}

/// The club changes the pass while the older version is being printed for an answer.
#[tokio::test]
async fn row_8_an_update_that_races_a_fetch_is_not_lost() {
    let shop = shop().1;
    let stored = StoredPasses::new(Arc::new(shop.store.clone()), Arc::new(Racing(shop.clone())));
    let world = World { server: Server::start(DeviceApi::new(Arc::new(stored))).await, tables: shop };
    let older = world.fetch(CLUB, "4711", TOKEN, None).await;
    assert_eq!(older.body, "PK:first");
    let newer = world.fetch(CLUB, "4711", TOKEN, Some(older.header("last-modified"))).await;
    assert_eq!((newer.status.as_u16(), &newer.body[..]), (200, &b"PK:second"[..]));
    let same = world.fetch(CLUB, "4711", TOKEN, Some(newer.header("last-modified"))).await;
    assert_eq!(same.status, 304);
}

/// Changes a pass once, between the read of the store and the end of the answer.
#[derive(Debug)]
struct Racing(Arc<Shop>);

#[async_trait]
impl PassHost for Racing {
    async fn print(&self, pass: StoredPass) -> Result<PassFile, DeviceError> {
        if pass.pass.body == "first" {
            // In the very second of the version that is on its way.
            self.0.put(&pass_type(CLUB), &serial("4711"), TOKEN, "second", "2026-11-21T10:00:00.9Z");
        }
        self.0.print(pass).await
    }

    async fn personalize(&self, pass: StoredPass, request: SignUp) -> Result<Bytes, DeviceError> {
        self.0.personalize(pass, request).await
    }

    async fn log(&self, log: Log) -> Result<(), DeviceError> {
        self.0.log(log).await
    }
}

#[tokio::test]
async fn row_9_one_serial_number_under_two_pass_types_is_two_passes() {
    for world in World::all().await {
        world.tables.put(&pass_type(STAMPS), &serial("4711"), OTHER_TOKEN, "stamps", "2026-11-21T10:00:00Z");
        assert_eq!(world.fetch(CLUB, "4711", TOKEN, None).await.body, "PK:first");
        assert_eq!(world.fetch(STAMPS, "4711", OTHER_TOKEN, None).await.body, "PK:stamps");
        assert_eq!(world.fetch(STAMPS, "4711", TOKEN, None).await.status, 401);
        world.register("d1", CLUB, "4711", TOKEN, "aa").await;
        world.register("d1", STAMPS, "4711", OTHER_TOKEN, "bb").await;
        assert_eq!(world.tables.push_token("d1", &pass_type(CLUB)).as_deref(), Some("aa"));
        assert_eq!(world.unregister("d1", "4711").await.status, 200);
        assert_eq!(world.list("d1", CLUB, None).await.status, 204);
        assert_eq!(world.list("d1", STAMPS, None).await.status, 200);
    }
}

#[tokio::test]
async fn row_10_of_two_changes_in_one_instant_none_is_lost() {
    const INSTANT: &str = "2026-11-21T10:00:00.700Z";
    for world in World::all().await {
        world.tables.put(&pass_type(CLUB), &serial("4712"), OTHER_TOKEN, "other", INSTANT);
        world.register("d1", CLUB, "4711", TOKEN, "aa").await;
        world.register("d1", CLUB, "4712", OTHER_TOKEN, "aa").await;
        let tag = world.list("d1", CLUB, None).await.tag();

        world.tables.put(&pass_type(CLUB), &serial("4711"), TOKEN, "second", INSTANT);
        let first = world.list("d1", CLUB, Some(&tag)).await;
        world.tables.put(&pass_type(CLUB), &serial("4712"), OTHER_TOKEN, "another", INSTANT);
        let second = world.list("d1", CLUB, Some(&first.tag())).await;
        assert_eq!(
            [&first, &second].map(|list| list.json()["serialNumbers"].clone()),
            [json!(["4711"]), json!(["4712"])]
        );
        // Of one that asked before both, none is kept back.
        assert_eq!(world.list("d1", CLUB, Some(&tag)).await.json()["serialNumbers"], json!(["4711", "4712"]));
    }
}

#[tokio::test]
async fn row_11_the_list_asks_for_no_authorization() {
    for world in World::all().await {
        assert_eq!(world.list("d1", CLUB, None).await.status, 204);
        world.register("d1", CLUB, "4711", TOKEN, "aa").await;
        let listed = world.list("d1", CLUB, None).await;
        assert_eq!((listed.status.as_u16(), listed.header("content-type")), (200, "application/json"));
    }
}

/// What only a store can get wrong, for each one that ships: the cases of the contract that are these rows.
macro_rules! rows_of_a_store {
    ($row:ident => $make:expr) => {
        #[test]
        fn row_12_of_racing_writers_a_poller_misses_none() {
            conformance::run(async {
                let $row = "row_12";
                let store = $make;
                conformance::tags::tags_become_visible_in_order(&[store.clone(), store]).await;
            });
        }

        #[test]
        fn row_13_creating_a_pass_takes_over_no_other() {
            conformance::run(async {
                let $row = "row_13";
                conformance::passes::create_is_not_update(&*$make).await;
            });
        }
    };
}

mod memory {
    use super::*;

    rows_of_a_store!(_row => Arc::new(MemoryStore::new()));
}

mod sqlite {
    use super::*;

    rows_of_a_store!(_row => Arc::new(SqliteStore::in_memory().unwrap()));
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::*;

    rows_of_a_store!(row => Arc::new(scratch::Scratch::new(row).await.store().await));
}

/// What is about the wire: sent byte by byte, as no client of good manners would.
#[tokio::test]
async fn bad_manners_on_the_wire() {
    for world in World::all().await {
        let head = format!(
            "/v1/passes/{CLUB}/4711 HTTP/1.1\r\nHost: acme.com\r\nConnection: close\r\nAuthorization: ApplePass {TOKEN}\r\n"
        );
        let given = world.server.send_raw(format!("HEAD {head}\r\n").as_bytes()).await;
        assert!(given.starts_with("HTTP/1.1 200 OK\r\n") && given.contains("content-length: 8\r\n"), "{given}");
        assert!(given.ends_with("\r\n\r\n"), "{given}");

        let twice = format!("GET {head}Authorization: ApplePass {TOKEN}\r\n\r\n");
        assert!(world.server.send_raw(twice.as_bytes()).await.starts_with("HTTP/1.1 401 "));

        let log = "POST /v1/log HTTP/1.1\r\nHost: acme.com\r\nConnection: close\r\n";
        let chunked =
            format!("{log}Transfer-Encoding: chunked\r\n\r\n{}", "1000\r\n".to_owned() + &" ".repeat(0x1000) + "\r\n");
        let endless = chunked.clone() + &format!("1000\r\n{}\r\n", " ".repeat(0x1000)).repeat(20);
        assert!(world.server.send_raw(endless.as_bytes()).await.starts_with("HTTP/1.1 413 "));
        let promised = format!("{log}Content-Length: 65537\r\n\r\n");
        assert!(world.server.send_raw(promised.as_bytes()).await.starts_with("HTTP/1.1 413 "));
        let both = format!("{log}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        let given = world.server.send_raw(both.as_bytes()).await;
        assert!(given.starts_with("HTTP/1.1 400 "), "{given}");
        assert!(world.tables.logs().is_empty());
    }
}

/// Mounted below a path that the framework does not strip.
#[tokio::test]
async fn a_base_may_be_named() {
    let (api, _) = club();
    let server = Server::start(DeviceApi::clone(&api).at("/wallet/")).await;
    let ask = async |path: &str| {
        let text = format!("GET {path}/v1/passes/{CLUB}/4711\nHost: acme.com\nAuthorization: ApplePass {TOKEN}");
        server.send(request(&text)).await.status.as_u16()
    };
    assert_eq!([ask("/wallet").await, ask("").await, ask("/wallet/wallet").await], [200, 404, 404]);
}
