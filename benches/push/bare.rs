//! The base line: HTTP/2 and TLS as our client uses them, and nothing around it.

use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{FuturesUnordered, StreamExt};
use h2::client::SendRequest;
use http::{Request, StatusCode};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::client::Client;
use crate::scene::{Scene, TOPIC, token};

pub(crate) struct Bare {
    scene: Scene,
    send: Option<SendRequest<Bytes>>,
}

impl Bare {
    pub(crate) fn new(scene: &Scene) -> Result<Self, Box<dyn Error>> {
        Ok(Self { scene: scene.clone(), send: None })
    }

    async fn connect(&self) -> Result<SendRequest<Bytes>, Box<dyn Error>> {
        let Scene { url, root, certificate, key } = &self.scene;
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(root.as_bytes())?)?;
        let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes())?];
        let mut tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(key.as_bytes())?)?;
        tls.alpn_protocols = vec![b"h2".to_vec()];
        let tcp = TcpStream::connect(("127.0.0.1", url.port().ok_or("a port is missing")?)).await?;
        tcp.set_nodelay(true)?;
        let stream = TlsConnector::from(Arc::new(tls)).connect(ServerName::try_from("127.0.0.1")?, tcp).await?;
        let (send, connection) = h2::client::handshake(stream).await?;
        tokio::spawn(connection);
        Ok(send)
    }
}

impl Client for Bare {
    async fn push(&mut self, pushes: u64, in_flight: usize) -> Result<u64, Box<dyn Error>> {
        let send = match self.send.take() {
            Some(send) => send,
            None => self.connect().await?,
        };
        let (mut delivered, mut under_way, mut numbers) = (0, FuturesUnordered::new(), 0..pushes);
        loop {
            while under_way.len() < in_flight
                && let Some(number) = numbers.next()
            {
                under_way.push(exchange(send.clone(), &self.scene, number));
            }
            let Some(finished) = under_way.next().await else { break };
            delivered += u64::from(finished? == StatusCode::OK);
        }
        drop(under_way);
        self.send = Some(send);
        Ok(delivered)
    }
}

async fn exchange(send: SendRequest<Bytes>, scene: &Scene, number: u64) -> Result<StatusCode, Box<dyn Error>> {
    let request = Request::post(format!("{}3/device/{}", scene.url, token(number)))
        .header("apns-topic", TOPIC)
        .header("apns-push-type", "background")
        .header("apns-priority", "5")
        .header("content-length", "2")
        .body(())?;
    let mut send = send.ready().await?;
    let (response, mut body) = send.send_request(request, false)?;
    body.send_data(Bytes::from_static(b"{}"), true)?;
    drop(send);
    Ok(response.await?.status())
}
