//! Requests and answers: called within the process, or sent over loopback.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty, Full};
use hyper::client::conn::http1::SendRequest;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpSocket, TcpStream};
use walletpass_webservice::{DeviceApi, StoredPasses};

/// Where requests go.
#[derive(Debug)]
pub(crate) enum Line {
    /// `DeviceApi::handle`.
    Direct(DeviceApi<StoredPasses>),
    /// A connection that is kept.
    Wire(SendRequest<Full<Bytes>>),
}

impl Line {
    /// Opens a connection.
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("loopback connects; a burst wants some 2,100 open files");
        stream.set_nodelay(true).expect("an open connection");
        let shaken = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) = shaken.expect("an open connection");
        tokio::spawn(connection);
        Self::Wire(sender)
    }

    /// Asks, and reads the whole answer.
    pub(crate) async fn ask(&mut self, request: Request<Full<Bytes>>) -> StatusCode {
        let (status, read) = match self {
            Self::Direct(api) => {
                let response = api.handle(request).await;
                (response.status(), response.into_body().collect().await.map(drop).map_err(drop))
            }
            Self::Wire(sender) => {
                sender.ready().await.expect("the server keeps connections");
                let response = sender.send_request(request).await.expect("the server answers");
                (response.status(), response.into_body().collect().await.map(drop).map_err(drop))
            }
        };
        read.expect("the body comes whole");
        status
    }
}

/// Serves the device API on loopback, by hyper, until the process ends.
pub(crate) async fn serve(api: DeviceApi<StoredPasses>) -> SocketAddr {
    accept(move |stream| {
        let service = TowerToHyperService::new(api.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    })
    .await
}

/// The same with nothing behind it: each request gets an empty answer.
pub(crate) async fn serve_nothing() -> SocketAddr {
    accept(|stream| {
        let service = service_fn(|_| async {
            let mut response = Response::new(Empty::<Bytes>::new());
            *response.status_mut() = StatusCode::NO_CONTENT;
            Ok::<_, Infallible>(response)
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    })
    .await
}

async fn accept(serve: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("loopback has a port");
    let listener = socket.listen(BACKLOG).expect("it is bound");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("loopback; a burst wants some 2,100 open files");
            stream.set_nodelay(true).expect("an open connection");
            serve(stream);
        }
    });
    address
}

/// How many connections wait to be accepted. With the usual queue, of 128 to 1,024, a burst finds it full; then TCP knocks again a second later.
const BACKLOG: u32 = 4_096;
