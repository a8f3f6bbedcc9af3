//! What a host writes: what its cards say, which routes it has, and that it serves them and does what is due.
#![allow(clippy::print_stderr, reason = "a host has a log of its own")]

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::watch;
use walletpass::issuer::Error;
use walletpass::model::{Kind, Serial};
use walletpass::{Barcode, Issuer, Loyalty, Pass, Picture, Role};

use crate::{Failed, with_causes};

/// The card of a new member.
///
/// # Errors
///
/// For a picture that is none.
pub fn card(member: Serial) -> Result<Pass, Failed> {
    let logo = Picture::png(include_bytes!("../../passes/art/loyalty-icon.png").as_slice())?;
    let card = Loyalty::new("Bean Club", logo).points(2_450).tier("Gold").holder("Ada Example");
    let code = Barcode::qr(member.as_str());
    Ok(Pass::new(member, "Bean & Co", card)
        .background("#4b2e1e".parse()?)
        .barcode(code)
        .on_change(Role::Points, "You now have %@ points"))
}

/// Sets the points of a card: a change for [`Issuer::update`].
pub fn set_points(pass: &mut Pass, points: i64) {
    if let Kind::Loyalty(card) = &mut pass.kind {
        card.points = Some(points.into());
    }
}

/// Mounts the issuer's service where its address says, beside the routes of the host.
///
/// The routes of the host change cards as the host likes, so in earnest they ask who calls.
pub fn router(issuer: Issuer) -> Router {
    let wallet = issuer.service(|log| {
        for line in log.lines {
            eprintln!("a phone says: {} {}", line.what, line.complaint.mend());
        }
    });
    Router::new()
        .nest_service("/wallet", wallet)
        .route("/members/{member}", post(join).delete(leave))
        .route("/members/{member}/points", post(earn))
        .with_state(issuer)
}

/// Answers whoever asks, until `stop` says so; what is under way then is brought to its end.
///
/// `axum::serve` takes any number of connections and waits for each as long as it likes: good behind a proxy that bounds both and
/// speaks https, which phones demand. The example `axum` of the device web service bounds them itself.
///
/// # Errors
///
/// Those of the listener.
pub async fn serve(listener: TcpListener, issuer: Issuer, stop: watch::Receiver<bool>) -> std::io::Result<()> {
    axum::serve(listener, router(issuer)).with_graceful_shutdown(stopped(stop)).await
}

/// Does what is due, again and again, until `stop` says so: in every process that serves, or in some of their own.
pub async fn work(issuer: Issuer, stop: watch::Receiver<bool>) {
    issuer.worker(stopped(stop)).await;
}

/// A member joins: the page has a link for each wallet. Asked again it gives the same card.
async fn join(State(issuer): State<Issuer>, Path(member): Path<Serial>) -> Result<Response, Refusal> {
    let issued = issuer.create(&card(member)?).await?;
    let mut page = String::new();
    if let Some(url) = issued.apple {
        page += &format!("<a href=\"{url}\">Add to Apple Wallet</a>\n");
    }
    if let Some(link) = issued.google {
        page += &format!("<a href=\"{}\">Add to Google Wallet</a>\n", link.url());
    }
    Ok((StatusCode::CREATED, Html(page)).into_response())
}

/// A member has so many points now.
async fn earn(State(issuer): State<Issuer>, Path(member): Path<Serial>, points: String) -> Result<Response, Refusal> {
    let Ok(points) = points.trim().parse() else { return Ok(StatusCode::BAD_REQUEST.into_response()) };
    issuer.update(&member, |pass| set_points(pass, points)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A member leaves. The card is voided first, as phones keep what they have.
async fn leave(State(issuer): State<Issuer>, Path(member): Path<Serial>) -> Result<Response, Refusal> {
    issuer.void(&member).await?;
    issuer.delete(&member).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// An error on its way to whoever asked: the reason stays here.
struct Refusal(Failed);

impl<E: Into<Failed>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self.0.downcast_ref::<Error>() {
            Some(Error::NotFound { .. }) => StatusCode::NOT_FOUND,
            Some(Error::Exists { .. }) => StatusCode::CONFLICT,
            Some(Error::Store(_)) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        eprintln!("{status}: {}", with_causes(&self.0));
        status.into_response()
    }
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // Who drops the sender says so too.
    let _ = stop.wait_for(|stop| *stop).await;
}
