//! The HTTP client that ships, against servers of a few lines.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::error::Error as _;
use std::io::{Read, Write};
use std::net::TcpListener;

use bytes::Bytes;
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::{X509, X509Name};
use walletpass_core::port::{HttpClient, HttpError, MAX_BODY};
use walletpass_google::Http;

/// Answers each connection once with these bytes, and gives the address.
fn server(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&answer);
        }
    });
    format!("http://{address}/somewhere?secret=2718")
}

async fn get(url: &str) -> Result<http::Response<Bytes>, HttpError> {
    let request = http::Request::get(url).header("authorization", "Bearer 3141").body(Bytes::new()).unwrap();
    Http::new().unwrap().send(request).await
}

#[tokio::test]
async fn an_answer_of_any_status_is_a_success_and_no_redirect_is_followed() {
    let url = server(b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 2\r\n\r\nno".to_vec());
    let answer = get(&url).await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.body()[..]), (302, &b"no"[..]));
    assert_eq!(answer.headers()["location"], "/elsewhere");
}

#[tokio::test]
async fn a_body_too_long_is_an_error_whatever_its_header_says() {
    let mut endless = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    endless.resize(endless.len() + MAX_BODY + 1, b' ');
    let error = get(&server(endless)).await.unwrap_err();
    assert!(error.source().unwrap().to_string().contains("longer than 16777216 bytes"), "{error:?}");
}

#[tokio::test]
async fn neither_address_nor_header_is_told() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = get(&format!("http://{unused}/?secret=2718")).await.unwrap_err();
    let told = format!("{error} {error:?} {:?}", Http::new().unwrap());
    assert!(!told.contains("2718") && !told.contains("3141"), "{told}");
}

#[tokio::test]
async fn a_server_that_vouches_for_itself_is_not_believed() {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let mut name = X509Name::builder().unwrap();
    name.append_entry_by_text("CN", "localhost").unwrap();
    let name = name.build();
    let mut certificate = X509::builder().unwrap();
    certificate.set_version(2).unwrap();
    certificate.set_subject_name(&name).unwrap();
    certificate.set_issuer_name(&name).unwrap();
    certificate.set_pubkey(&key).unwrap();
    certificate.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    certificate.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
    certificate.sign(&key, MessageDigest::sha256()).unwrap();
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
    acceptor.set_private_key(&key).unwrap();
    acceptor.set_certificate(&certificate.build()).unwrap();
    let acceptor = acceptor.build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || acceptor.accept(listener.accept().unwrap().0).map(|_| ()));
    let error = get(&format!("https://localhost:{port}/")).await.unwrap_err();
    let (mut causes, mut cause) = (String::new(), error.source());
    while let Some(error) = cause {
        causes += &error.to_string();
        cause = error.source();
    }
    assert!(causes.contains("certificate"), "{causes}");
    assert!(server.join().unwrap().is_err());
}
