//! Pictures given by address: fetched from a server on loopback that is allowed, and refused wherever they lead into the host's network.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod server;

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::process::Command;
use std::time::Duration;

use walletpass::Picture;
use walletpass::issuer::{FetchError, PictureSource, PublicPictures, Refusal};
use walletpass::url::Url;

use self::server::{Answer, Server};

const PNG: &[u8] = include_bytes!("../../examples/passes/art/loyalty-icon.png");

/// The beginning of a PNG of any size.
fn header(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend([8, 6, 0, 0, 0]);
    png
}

async fn why_refused(pictures: &PublicPictures, url: &Url) -> Refusal {
    match pictures.fetch(url).await.unwrap_err() {
        FetchError::Refused { why, .. } => why,
        other => panic!("{url}: {other:?}"),
    }
}

#[tokio::test]
async fn a_picture_of_an_allowed_server_is_fetched() {
    let server = Server::start();
    let url = server.put("/bean.png", Answer::png(PNG));
    let png = server.pictures().fetch(&url).await.unwrap();
    assert_eq!(png, PNG);
    Picture::png(png).unwrap();

    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    let head = requests[0].to_ascii_lowercase();
    assert!(head.starts_with("get /bean.png http/1.1\r\n"), "{head}");
    for told in ["cookie", "authorization", "referer", "accept-encoding"] {
        assert!(!head.contains(told), "{head}");
    }
}

#[tokio::test]
async fn a_name_leads_to_the_allowed_address() {
    let server = Server::start();
    server.put("/bean.png", Answer::png(PNG));
    let png = server.pictures().fetch(&server.url("localhost", "/bean.png")).await.unwrap();
    assert_eq!(png, PNG);
}

#[tokio::test]
async fn chunks_are_put_together() {
    let server = Server::start();
    let url = server.put("/bean.png", Answer::chunked(&PNG[..100], &PNG[100..]));
    assert_eq!(server.pictures().fetch(&url).await.unwrap(), PNG);
}

/// The test above, in a process whose environment names a proxy where nobody listens.
#[test]
fn a_proxy_of_the_environment_is_not_asked() {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "a_picture_of_an_allowed_server_is_fetched"]);
    for name in ["NO_PROXY", "no_proxy"] {
        child.env_remove(name);
    }
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "https_proxy", "http_proxy"] {
        child.env(name, "http://127.0.0.1:1/");
    }
    let output = child.output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

#[tokio::test]
async fn own_network_is_refused_however_it_is_spelled() {
    let server = Server::start();
    // The port is right for some address, so that the one in question alone is judged.
    let elsewhere = SocketAddr::new("192.0.2.1".parse().unwrap(), server.address().port());
    let pictures = server.strict().allowing(elsewhere);
    for host in LOOPBACK {
        let why = why_refused(&pictures, &server.url(host, "/bean.png")).await;
        assert!(matches!(why, Refusal::Address { .. }), "{host}: {why:?}");
    }
    for url in OWN_NETWORK {
        let why = why_refused(&pictures, &url.parse().unwrap()).await;
        assert!(matches!(why, Refusal::Address { .. }), "{url}: {why:?}");
    }
    assert_eq!(server.connections(), 0);
}

const LOOPBACK: &[&str] = &[
    "127.0.0.1",
    "127.0.0.1.",
    "127.0.1",
    "127.1",
    "127.1.2.3",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "0x7f.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "0X7F.0x0.0x0.0x1",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "127。0。0。1",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "0",
    "0.0.0.0",
    "0x0",
    "localhost",
    "LocalHost",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:0001]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
];

const OWN_NETWORK: &[&str] = &[
    "https://10.1/",
    "https://10.0.0.1/admin.png",
    "https://0xa000001/",
    "https://100.64.0.1/",
    "https://100.100.100.200/latest/meta-data",
    "https://168.63.129.16/machine",
    "https://169.254.169.254/latest/meta-data",
    "https://2852039166/latest/meta-data",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://[::ffff:169.254.169.254]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://172.16.0.1/",
    "https://172.31.255.254/",
    "https://192.0.0.192/",
    "https://192.168.1/",
    "https://192.168.1.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://[ff02::1]/",
    "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "https://[2001:db8::1]/",
    "https://[fec0::1]/",
];

#[tokio::test]
async fn a_bad_address_is_refused_before_anything_is_asked() {
    let server = Server::start();
    let pictures = server.pictures();
    let port = server.address().port();
    let long = format!("https://127.0.0.1:{port}/{}", "a".repeat(70_000));
    let cases = [
        (format!("http://127.0.0.1:{port}/bean.png"), Refusal::Scheme),
        ("ftp://img.example/bean.png".to_owned(), Refusal::Scheme),
        ("file:///etc/passwd".to_owned(), Refusal::Scheme),
        ("data:image/png;base64,AAAA".to_owned(), Refusal::Scheme),
        (format!("https://ada@127.0.0.1:{port}/bean.png"), Refusal::Credentials),
        (format!("https://:pw@127.0.0.1:{port}/bean.png"), Refusal::Credentials),
        ("https://img.example:22/bean.png".to_owned(), Refusal::Port { port: 22 }),
        ("https://1.1.1.1:8443/bean.png".to_owned(), Refusal::Port { port: 8443 }),
        (long, Refusal::Illegal),
    ];
    for (url, expected) in cases {
        assert_eq!(why_refused(&pictures, &url.parse().unwrap()).await, expected, "{url:.80}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn three_redirects_are_followed_and_no_more() {
    let server = Server::start();
    server.put("/bean.png", Answer::png(PNG));
    server.put("/1", Answer::redirect("bean.png"));
    server.put("/2", Answer::redirect("/1"));
    let port = server.address().port();
    let third = server.put("/3", Answer::redirect(&format!("https://localhost:{port}/2")));
    let fourth = server.put("/4", Answer::redirect("/3"));
    assert_eq!(server.pictures().fetch(&third).await.unwrap(), PNG);
    assert!(!server.requests().iter().any(|head| head.to_ascii_lowercase().contains("referer")));
    assert_eq!(why_refused(&server.pictures(), &fourth).await, Refusal::Redirects { limit: 3 });

    let before = server.requests().len();
    let circle = server.put("/circle", Answer::redirect("/circle"));
    assert_eq!(why_refused(&server.pictures(), &circle).await, Refusal::Redirects { limit: 3 });
    assert_eq!(server.requests().len() - before, 4);
}

#[tokio::test]
async fn each_redirect_is_judged_anew() {
    let (server, hidden) = (Server::start(), Server::start());
    hidden.put("/secret.png", Answer::png(PNG));
    let loopback = Refusal::Address { address: "127.0.0.1".parse().unwrap() };
    let private = |address: &str| Refusal::Address { address: address.parse::<IpAddr>().unwrap() };
    let cases = [
        (hidden.url("127.0.0.1", "/secret.png").to_string(), loopback),
        (hidden.url("localhost", "/secret.png").to_string(), Refusal::Port { port: hidden.address().port() }),
        ("https://2130706433/secret.png".to_owned(), loopback),
        ("https://10.0.0.1/secret.png".to_owned(), private("10.0.0.1")),
        ("//169.254.169.254/latest".to_owned(), private("169.254.169.254")),
        ("https://[fd00:ec2::254]/latest".to_owned(), private("fd00:ec2::254")),
        (format!("http://127.0.0.1:{}/bean.png", server.address().port()), Refusal::Scheme),
        ("file:///etc/passwd".to_owned(), Refusal::Scheme),
        (format!("https://ada:pw@127.0.0.1:{}/bean.png", server.address().port()), Refusal::Credentials),
    ];
    for (to, expected) in cases {
        let url = server.put("/away", Answer::redirect(&to));
        assert_eq!(why_refused(&server.pictures(), &url).await, expected, "{to}");
    }
    assert_eq!(hidden.connections(), 0);
}

#[tokio::test]
async fn a_file_over_the_limit_is_not_read_to_its_end() {
    let server = Server::start();
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 5242881\r\n\r\n";
    let announced = server.put("/announced.png", Answer::raw(head).then_nothing());
    let half = [header(64, 64), vec![0; 600]].concat();
    let chunked = server.put("/chunked.png", Answer::chunked(&half, &half).then_nothing());
    for (pictures, url, most) in
        [(server.pictures(), announced, 5 * 1024 * 1024), (server.pictures().with_limit(1000), chunked, 1000)]
    {
        let error = pictures.fetch(&url).await.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { limit, .. } if limit == most), "{error:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_on_a_pass_is_not_returned() {
    let server = Server::start();
    let page = server.put("/page.png", Answer::png(b"<html><body>Please sign in</body></html>"));
    let bomb = server.put("/bomb.png", Answer::png(&header(20_000, 20_000)));
    let empty = server.put("/empty.png", Answer::png(b""));
    for (url, told) in [(page, "an SVG or HTML text"), (bomb, "20000 x 20000 pixels"), (empty, "is empty")] {
        let error = server.pictures().fetch(&url).await.unwrap_err();
        assert!(matches!(error, FetchError::Unfit { .. }), "{error:?}");
        assert!(chain(&error).contains(told), "{}", chain(&error));
    }
}

#[tokio::test]
async fn a_status_says_whether_to_come_back() {
    let server = Server::start();
    for status in ["204 No Content", "206 Partial Content", "304 Not Modified", "401 Unauthorized", "404 Not Found"] {
        let url = server.put("/bean.png", Answer::status(status));
        let error = server.pictures().fetch(&url).await.unwrap_err();
        let code: u16 = status[..3].parse().unwrap();
        assert!(matches!(error, FetchError::NotFound { status, .. } if status == code), "{error:?}");
    }
    for status in ["408 Request Timeout", "429 Too Many Requests", "500 Oops", "503 Service Unavailable"] {
        let url = server.put("/bean.png", Answer::status(status));
        let error = server.pictures().fetch(&url).await.unwrap_err();
        assert!(matches!(error, FetchError::Unavailable { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn patience_ends() {
    let server = Server::start();
    let silent = server.put("/silent.png", Answer::raw("").then_nothing());
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n";
    let slow = server.put("/slow.png", Answer::raw([head.as_bytes(), &PNG[..100]].concat()).then_nothing());
    let short = Duration::from_millis(300);
    for url in [silent, slow] {
        let error = server.pictures().with_patience(short).fetch(&url).await.unwrap_err();
        assert!(matches!(error, FetchError::Unavailable { .. }), "{error:?}");
        assert!(chain(&error).contains("300ms"), "{}", chain(&error));
    }
}

#[tokio::test]
async fn an_unknown_root_is_not_trusted() {
    let server = Server::start();
    let url = server.put("/bean.png", Answer::png(PNG));
    let error = PublicPictures::new().unwrap().allowing(server.address()).fetch(&url).await.unwrap_err();
    assert!(matches!(error, FetchError::Unavailable { .. }), "{error:?}");
    assert!(server.requests().is_empty());
}

#[test]
fn roots_have_to_be_certificates() {
    for pem in [&b""[..], b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = PublicPictures::new().unwrap().with_roots(pem).unwrap_err();
        assert!(matches!(error, FetchError::RootsUnreadable), "{error:?}");
    }
}

#[tokio::test]
async fn no_error_tells_user_or_query() {
    let server = Server::start();
    let port = server.address().port();
    server.put("/page.png", Answer::png(b"<html>"));
    server.put("/busy.png", Answer::status("503 Service Unavailable"));
    server.put("/cut.png", Answer::raw("HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n"));
    server.put("/bean.png", Answer::png(PNG));
    server.put("/away.png", Answer::redirect("https://10.0.0.1/bean.png?signature=f00d#f00d"));
    let pictures = server.pictures().with_limit(100);
    let (unreachable, untrusting) =
        (server.pictures().allowing("127.0.0.1:1".parse().unwrap()), PublicPictures::new().unwrap());
    let secret = "?signature=f00d#f00d";
    for (pictures, url) in [
        (&pictures, format!("https://127.0.0.1:{port}/gone.png{secret}")),
        (&pictures, format!("https://127.0.0.1:{port}/page.png{secret}")),
        (&pictures, format!("https://127.0.0.1:{port}/busy.png{secret}")),
        (&pictures, format!("https://127.0.0.1:{port}/cut.png{secret}")),
        (&pictures, format!("https://127.0.0.1:{port}/bean.png{secret}")),
        (&pictures, format!("https://127.0.0.1:{port}/away.png{secret}")),
        (&pictures, format!("https://ada:f00d@127.0.0.1:{port}/bean.png{secret}")),
        (&pictures, format!("https://127.0.0.1:{port}/?{}", "f00d".repeat(20_000))),
        (&pictures, "data:f00d".to_owned()),
        (&unreachable, format!("https://127.0.0.1:1/bean.png{secret}")),
        (&untrusting.allowing(server.address()), format!("https://127.0.0.1:{port}/bean.png{secret}")),
    ] {
        let error = pictures.fetch(&url.parse().unwrap()).await.unwrap_err();
        let told = format!("{} {error:?}", chain(&error));
        assert!(!told.contains("f00d") && !told.contains("ada"), "{told}");
    }
}

/// An error with its causes.
fn chain(error: &FetchError) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told.push_str(&format!(": {error}"));
        cause = error.source();
    }
    told
}
