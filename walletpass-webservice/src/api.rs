//! The web service of Apple's devices over HTTP.

mod answer;
mod authorization;
mod body;
mod date;
mod intake;
mod refusal;
mod route;

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use walletpass_core::{PassTypeId, PersonalizationToken, PersonalizationTokenError, Serial};

use self::intake::{Logged, Registration, SignedUp};
use self::refusal::Refusal;
use self::route::{BadEncoding, Route};
use crate::device::{DeviceService, Fetch, ListChanged, Register, Registered, SignUp, Unregister};
use crate::{DeviceId, PushToken};

pub use self::body::Body;
pub use self::refusal::Failure;

/// Answers the HTTP requests of devices over a [`DeviceService`], whatever the framework.
///
/// | request | asks for | token | statuses |
/// |---|---|---|---|
/// | `POST /v1/devices/{device}/registrations/{pass type}/{serial}` | a registration | yes | 201 new, 200 known, 400, 401, 413 |
/// | `DELETE` of the same | its end | yes | 200, also for the second time, 400, 401 |
/// | `GET /v1/devices/{device}/registrations/{pass type}?passesUpdatedSince={tag}` | what changed | no | 200, 204 nothing, 400 |
/// | `GET /v1/passes/{pass type}/{serial}` | the pass | yes | 200, 304 for `If-Modified-Since`, 400, 401 |
/// | `POST /v1/passes/{pass type}/{serial}/personalize` | a signature | no | 200, 400, 401 unknown, 413 |
/// | `POST /v1/log` | to be heard | no | 200, 400, 413 |
///
/// `GET` goes with `HEAD`. Everything else is 404, or 405 with `Allow`. A service that fails is 500, or 503 with `Retry-After`, and what went
/// wrong stands in the extensions of the answer as a [`Failure`]. Errors have a body
/// `{"error":{"code":"bad-name","message":"…"}}`, which says what to do and repeats nothing that was sent.
///
/// - The token comes as `Authorization: ApplePass <authenticationToken>`. An unknown pass, a wrong token, a name that no pass can have and a
///   missing, second or other `Authorization` get the very same 401, and comparing takes equally long.
/// - Names are percent-decoded once; `%2F` does not end one. What is no percent-encoded UTF-8 is 400.
/// - No answer has an entity tag, so `If-None-Match` never holds, and `If-Modified-Since` beside it is ignored, as RFC 9110 wants.
/// - Every answer is `Cache-Control: no-store`.
/// - Content types of requests do not matter: Apple does not document what its devices send.
/// - A body is read up to [`MAX_BODY`](DeviceApi::MAX_BODY) bytes, and only after the token was found right. How long it may take to come
///   is for the HTTP server to limit.
///
/// It is a [`tower_service::Service`], so axum mounts it by `nest_service("/wallet", api)`; then `webServiceURL` is
/// `https://example.com/wallet`. Where the prefix is not stripped, [`at`](DeviceApi::at) names it.
/// <https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes>
pub struct DeviceApi<S: ?Sized> {
    service: Arc<S>,
    base: Arc<str>,
}

impl<S: ?Sized> DeviceApi<S> {
    /// The longest body that is read, in bytes: 64 KiB.
    pub const MAX_BODY: usize = 64 * 1024;
}

impl<S: DeviceService + ?Sized> DeviceApi<S> {
    /// Answers for a service.
    pub fn new(service: Arc<S>) -> Self {
        Self { service, base: "".into() }
    }

    /// Expects every path to begin with this one: `/wallet`. A slash at its end does not matter.
    pub fn at(self, base: &str) -> Self {
        let base = base.trim_matches('/');
        let base = if base.is_empty() { String::new() } else { format!("/{base}") };
        Self { base: base.into(), ..self }
    }

    /// Answers a request. Whatever goes wrong is an answer too.
    pub async fn handle<B: http_body::Body>(&self, request: Request<B>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let mut response = match self.serve(&head, body).await {
            Ok(response) => response,
            Err(refusal) => refusal.into_response(),
        };
        if head.method == Method::HEAD {
            *response.body_mut() = Body::empty(); // the headers, Content-Length among them, stay
        }
        response
    }

    async fn serve<B: http_body::Body>(&self, head: &Parts, body: B) -> Result<Response<Body>, Refusal> {
        let route = Route::of(head.uri.path(), &self.base)?.ok_or(Refusal::NotFound)?;
        if !route.allows(&head.method) {
            return Err(Refusal::MethodNotAllowed(route.allow()));
        }
        match route {
            Route::Log => {
                let Logged { logs } = intake::parse(&intake::read(&head.headers, body).await?, LOG_FORM)?;
                self.service.log(logs).await?;
                Ok(done(StatusCode::OK))
            }
            Route::Pass { pass_type, serial } => {
                let (pass_type, serial) = self.authorized(&head.headers, &pass_type, &serial).await?;
                let if_modified_since = date::if_modified_since(&head.headers);
                let request = Fetch { pass_type, serial, if_modified_since };
                Ok(answer::latest(self.service.latest(request.clone()).await?, &request))
            }
            Route::Personalization { pass_type, serial } => {
                let (pass_type, serial) = named(&pass_type, &serial).ok_or(Refusal::Unauthorized)?;
                let signed = intake::parse::<SignedUp>(&intake::read(&head.headers, body).await?, SIGN_UP_FORM)?;
                let token = signed.personalization_token.parse::<PersonalizationToken>()?;
                let request = SignUp { pass_type, serial, token, holder: signed.holder.unwrap_or_default() };
                Ok(answer::signature(self.service.personalize(request).await?))
            }
            Route::Registration { device, pass_type, serial } => {
                let (pass_type, serial) = self.authorized(&head.headers, &pass_type, &serial).await?;
                let device = device.parse::<DeviceId>()?;
                if head.method == Method::DELETE {
                    self.service.unregister(Unregister { device, pass_type, serial }).await?;
                    return Ok(done(StatusCode::OK));
                }
                let body = intake::read(&head.headers, body).await?;
                let push_token =
                    intake::parse::<Registration>(&body, REGISTRATION_FORM)?.push_token.parse::<PushToken>()?;
                match self.service.register(Register { device, pass_type, serial, push_token }).await? {
                    Registered::Known => Ok(done(StatusCode::OK)),
                    Registered::New => Ok(done(StatusCode::CREATED)),
                }
            }
            Route::Registrations { device, pass_type } => {
                let since = route::updated_since(head.uri.query().unwrap_or_default())?;
                let device = device.parse::<DeviceId>()?;
                let pass_type = pass_type.parse::<PassTypeId>().map_err(|_| Refusal::BadName(NO_PASS_TYPE))?;
                Ok(answer::changed(self.service.changed(ListChanged { device, pass_type, since }).await?))
            }
        }
    }

    /// Gives the names of a pass whose token the request shows. The comparison is made whether or not there is such a pass.
    async fn authorized(
        &self,
        headers: &HeaderMap,
        pass_type: &str,
        serial: &str,
    ) -> Result<(PassTypeId, Serial), Refusal> {
        let shown = authorization::shown(headers).ok_or(Refusal::Unauthorized)?;
        let pass = named(pass_type, serial);
        let expected = match &pass {
            Some((pass_type, serial)) => self.service.authentication_token(pass_type, serial).await?,
            None => None,
        };
        let is_same = authorization::is_same(shown, expected.as_ref().map(|token| token.expose().as_bytes()));
        pass.filter(|_| is_same).ok_or(Refusal::Unauthorized)
    }
}

fn named(pass_type: &str, serial: &str) -> Option<(PassTypeId, Serial)> {
    Some((pass_type.parse().ok()?, serial.parse().ok()?))
}

fn done(status: StatusCode) -> Response<Body> {
    answer::answer(status, Bytes::new())
}

impl From<BadEncoding> for Refusal {
    fn from(_: BadEncoding) -> Self {
        Self::BadEncoding
    }
}

impl From<PersonalizationTokenError> for Refusal {
    fn from(_: PersonalizationTokenError) -> Self {
        Self::BadName(NO_PERSONALIZATION_TOKEN)
    }
}

impl From<crate::RefusedId> for Refusal {
    fn from(refused: crate::RefusedId) -> Self {
        Self::BadName(refused)
    }
}

impl<S: ?Sized> Clone for DeviceApi<S> {
    fn clone(&self) -> Self {
        Self { service: Arc::clone(&self.service), base: Arc::clone(&self.base) }
    }
}

impl<S: fmt::Debug + ?Sized> fmt::Debug for DeviceApi<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceApi").field("service", &&*self.service).field("base", &self.base).finish()
    }
}

/// Always ready, and never fails.
impl<S, B> tower_service::Service<Request<B>> for DeviceApi<S>
where
    S: DeviceService + ?Sized + 'static,
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
        let api = self.clone();
        Box::pin(async move { Ok(api.handle(request).await) })
    }
}

const LOG_FORM: &str = "{\"logs\":[\"…\"]}";
const REGISTRATION_FORM: &str = "{\"pushToken\":\"…\"}";
const SIGN_UP_FORM: &str = "{\"personalizationToken\":\"…\",\"requiredPersonalizationInfo\":{\"fullName\":\"…\"}}";
const NO_PERSONALIZATION_TOKEN: crate::RefusedId = crate::RefusedId {
    what: "personalization token",
    mend: "1 to 1,024 visible ASCII characters, no quotation marks, brackets, braces or backslashes",
};
const NO_PASS_TYPE: crate::RefusedId = crate::RefusedId {
    what: "pass type identifier",
    mend: "what stands in the pass as `passTypeIdentifier`: `pass.` and names with dots between",
};
