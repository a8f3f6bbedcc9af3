//! What the issuer answers over HTTP: to phones, and to whoever downloads a pass or a picture.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use openssl::sha::Sha256;
use url::Url;
use walletpass_apple::Pkpass;
use walletpass_core::{Pass, Secret, Serial};
use walletpass_webservice::device::{DeviceError, Log, PassFile, SignUp};
use walletpass_webservice::store::{Digest, StoreError, StoredPass};
use walletpass_webservice::{Body, DeviceApi, PassHost, StoredPasses};

use super::notify::{self, Posted};
use super::pictures::{self, Brought, IMAGES};
use super::record::Record;
use super::{Error, Issuer, trace};

/// Answers phones, downloads of passes, Google for pictures, and Google's callbacks; a tower service.
///
/// | request | asks for | statuses |
/// |---|---|---|
/// | `/v1/…` | what devices ask for: see [`DeviceApi`] | see there |
/// | `GET /passes/{pass type}/{serial}.pkpass?token={token}` | a package: the address is [`Issued::apple`](super::Issued::apple) | 200, 404 also for a wrong token |
/// | `GET /images/{digest}.png` | a picture, which never changes | 200, 404 |
/// | `POST /google/callback` | to be heard, with [`Issuer::callbacks`] | 200, 400, 405, 413, 503 |
///
/// `GET` goes with `HEAD`. Paths begin where the service is mounted. When the store cannot be reached the answer is 503; what
/// can be read but not served, as its picture is lost or its certificate is over, is answered with 500. Both are logged.
#[derive(Clone, Debug)]
pub struct IssuerService {
    issuer: Issuer,
    devices: DeviceApi<StoredPasses>,
}

/// Takes what phones say went wrong.
pub type Logged = Arc<dyn Fn(Log) + Send + Sync>;

impl Issuer {
    /// Gives the service that the host mounts at the address of the issuer, with `nest_service` of axum for instance: the web service of the
    /// devices, downloads of `.pkpass` files, and pictures for Google. Phones' logs go to `log`.
    pub fn service(&self, log: impl Fn(Log) + Send + Sync + 'static) -> IssuerService {
        let host = Host { issuer: self.clone(), log: Arc::new(log) };
        let Self { inner } = self;
        let passes = StoredPasses::new(Arc::clone(&inner.store), Arc::new(host));
        let passes = passes.with_tenant(inner.tenant.clone()).with_clock(Arc::clone(&inner.clock));
        IssuerService { issuer: self.clone(), devices: DeviceApi::new(Arc::new(passes)) }
    }

    /// Signs the package of a pass as it is now.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::UnknownPassType`], [`Error::Apple`]; [`Error::PictureLost`], [`Error::PictureUnreadable`], [`Error::Stored`];
    /// [`Error::Unsigned`], [`Error::Store`].
    pub async fn pkpass(&self, serial: &Serial) -> Result<Pkpass, Error> {
        self.print(&self.stored(serial).await?).await
    }

    #[tracing::instrument(name = "package", skip_all, fields(serial = %stored.pass.key.serial), err)]
    async fn print(&self, stored: &StoredPass) -> Result<Pkpass, Error> {
        let pass_type = &stored.pass.key.pass_type;
        let Some(apple) = self.inner.apple.get(pass_type) else {
            return Err(Error::UnknownPassType { pass_type: pass_type.clone() });
        };
        let mut content = Sha256::new();
        content.update(apple.identity.chain_pem().as_bytes());
        content.update(stored.pass.token.expose().as_bytes());
        content.update(&stored.pass.body);
        let content = Digest(content.finish());
        if let Some(pkpass) = self.inner.shelf.packages.get(&content) {
            trace::packaged(true);
            return Ok(pkpass);
        }
        let Record { mut pass, posted, .. } = Record::read(stored)?;
        self.introduce(&mut pass, posted.as_ref(), &stored.pass.token);
        let package = self.package(pass, &apple.identity, &Brought::new()).await?;
        let identity = apple.identity.clone();
        // A signature takes a millisecond, or a call to a key far away.
        let signed = tokio::task::spawn_blocking(move || identity.sign(&package)).await;
        let pkpass = signed.map_err(|_| Error::Unsigned { serial: stored.pass.key.serial.clone() })??;
        trace::packaged(false);
        self.inner.shelf.packages.keep(content, pkpass.clone());
        Ok(pkpass)
    }

    /// Makes a pass what a phone gets of it: it knows where it belongs, and shows the last message.
    pub(super) fn introduce(&self, pass: &mut Pass, posted: Option<&Posted>, token: &Secret<String>) {
        notify::show(pass, posted);
        let url = self.inner.url.as_str().trim_end_matches('/');
        pass.extra.apple.insert("webServiceURL".to_owned(), url.into());
        pass.extra.apple.insert("authenticationToken".to_owned(), token.expose().as_str().into());
    }

    async fn download_of(&self, path: &str, query: &str) -> Result<Option<Response<Body>>, Error> {
        let Ok(url) = Url::parse(&format!("https://x/{path}?{query}")) else { return Ok(None) };
        let segments: Vec<_> = url.path_segments().into_iter().flatten().map(decoded).collect();
        let [_, Some(pass_type), Some(file)] = segments.as_slice() else { return Ok(None) };
        let token =
            url.query_pairs().find(|(name, _)| name == "token").map(|(_, token)| Secret::new(token.into_owned()));
        let serial = file.strip_suffix(".pkpass").and_then(|serial| serial.parse::<Serial>().ok());
        let (Some(serial), Ok(pass_type)) = (serial, pass_type.parse()) else { return Ok(None) };
        let Ok(issuer) = self.of(&pass_type) else { return Ok(None) };
        let stored = match issuer.stored(&serial).await {
            Ok(stored) if token.as_ref() == Some(&stored.pass.token) => stored,
            Ok(_) | Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let pkpass = issuer.print(&stored).await?;
        let body = Body::from(PassFile::new(pkpass.chunks().iter().cloned()));
        Ok(Some(answer(StatusCode::OK, "application/vnd.apple.pkpass", "private, no-store", body)))
    }

    async fn picture(&self, name: &str) -> Result<Option<Response<Body>>, Error> {
        let Some(digest) = pictures::digest_of(Path::new(name)) else { return Ok(None) };
        let asset = self.inner.assets.get(digest).await?;
        Ok(asset.map(|asset| {
            let body = Body::from(asset.bytes);
            answer(StatusCode::OK, &asset.media_type, "public, max-age=31536000, immutable", body)
        }))
    }
}

impl IssuerService {
    /// Answers a request, whose path begins where the service is mounted.
    pub async fn handle<B: http_body::Body>(&self, request: Request<B>) -> Response<Body> {
        let path = request.uri().path().trim_start_matches('/').to_owned();
        if self.issuer.is_callback(&path) {
            return self.callback(request).await;
        }
        let query = request.uri().query().unwrap_or_default().to_owned();
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let is_head = *request.method() == Method::HEAD;
        let found = match path.strip_prefix(IMAGES) {
            Some(name) if is_read => self.issuer.picture(name).await,
            None if is_read && path.starts_with("passes/") => self.issuer.download_of(&path, &query).await,
            _ => return self.devices.handle(request).await,
        };
        let mut response = match found {
            Ok(Some(response)) => response,
            Ok(None) => answer(StatusCode::NOT_FOUND, "text/plain", "no-store", Body::empty()),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "not answered");
                let status = match error {
                    Error::Store(StoreError::Unavailable { .. }) => StatusCode::SERVICE_UNAVAILABLE,
                    _ => StatusCode::INTERNAL_SERVER_ERROR,
                };
                answer(status, "text/plain", "no-store", Body::empty())
            }
        };
        if is_head {
            *response.body_mut() = Body::empty();
        }
        response
    }

    async fn callback<B: http_body::Body>(&self, request: Request<B>) -> Response<Body> {
        let status = match *request.method() {
            Method::POST => self.issuer.take_callback(request.into_body()).await,
            _ => StatusCode::METHOD_NOT_ALLOWED,
        };
        let mut response = answer(status, "text/plain", "no-store", Body::empty());
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
        }
        response
    }
}

/// Always ready, and never fails.
impl<B> tower_service::Service<Request<B>> for IssuerService
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.handle(request).await) })
    }
}

struct Host {
    issuer: Issuer,
    log: Logged,
}

#[async_trait]
impl PassHost for Host {
    async fn print(&self, stored: StoredPass) -> Result<PassFile, DeviceError> {
        match self.issuer.print(&stored).await {
            Ok(pkpass) => Ok(PassFile::new(pkpass.chunks().iter().cloned())),
            Err(Error::Store(error)) => Err(error.into()),
            Err(error) => Err(DeviceError::failed(error)),
        }
    }

    async fn personalize(&self, _: StoredPass, request: SignUp) -> Result<Bytes, DeviceError> {
        self.issuer.take_sign_up(request).await
    }

    async fn log(&self, log: Log) -> Result<(), DeviceError> {
        (self.log)(log);
        Ok(())
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

fn answer(status: StatusCode, media_type: &str, cache: &'static str, body: Body) -> Response<Body> {
    let length = body.len();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(media_type) = media_type.parse() {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    headers.insert(header::CONTENT_LENGTH, length.into());
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(cache));
    response
}

/// Reads a segment of a path.
fn decoded(segment: &str) -> Option<String> {
    let pair = format!("x={}", segment.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())
}
