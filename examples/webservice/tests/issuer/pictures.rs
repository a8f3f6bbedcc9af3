//! Pictures that a pass names by address.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use url::Url;
use walletpass::issuer::{BareUrl, Change, Error, FetchError, PictureSource};
use walletpass::model::Source;
use walletpass::{Loyalty, Pass, Picture};

use crate::stage::{Stage, set_points};
use crate::stores::over_each_store;

over_each_store!(a_picture_by_address_is_fetched_once_and_hosted);

/// Has one picture, and counts who asks.
#[derive(Debug, Default)]
struct Gallery(AtomicUsize);

#[async_trait]
impl PictureSource for Gallery {
    async fn fetch(&self, url: &Url) -> Result<Bytes, FetchError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        match url.path() {
            "/bean.png" => Ok(LOGO.into()),
            _ => Err(FetchError::NotFound { url: BareUrl::from(url), status: http::StatusCode::NOT_FOUND }),
        }
    }
}

async fn a_picture_by_address_is_fetched_once_and_hosted(stage: Stage) {
    let error = stage.issuer.create(&card("bean.png")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "kind.loyalty.logo: the issuer cannot read https://img.example/bean.png: load files first with `Pass::load_pictures`, and let \
         `Issuer::pictures` fetch addresses"
    );
    let gallery = Arc::new(Gallery::default());
    let issuer = stage.issuer.clone().pictures(gallery.clone());
    let error = issuer.create(&card("tea.png")).await.unwrap_err();
    assert!(matches!(&error, Error::PictureUnfetched { path, .. } if path == "kind.loyalty.logo"), "{error}");

    let serial = issuer.create(&card("bean.png")).await.unwrap().serial;
    assert_eq!(gallery.0.load(Ordering::SeqCst), 2);
    let change = issuer.update(&serial, |pass| set_points(pass, 2)).await.unwrap();
    assert!(matches!(change, Change::Changed { .. }));
    issuer.pkpass(&serial).await.unwrap();
    assert_eq!(gallery.0.load(Ordering::SeqCst), 2, "what is kept is not fetched again");
    let hosted = stage.class_of("a")["programLogo"]["sourceUri"]["uri"].as_str().unwrap().to_owned();
    assert!(hosted.starts_with("https://beans.example/wallet/images/"), "{hosted}");
    assert_eq!(stage.download(&hosted.parse().unwrap()).await, LOGO);

    let mut same = card("bean.png");
    set_points(&mut same, 2);
    assert_eq!(issuer.replace(&same).await.unwrap(), Change::Unchanged);
}

fn card(picture: &str) -> Pass {
    let address = format!("https://img.example/{picture}?signature=f00d").parse().unwrap();
    let card = Loyalty::new("Bean Club", Picture::new(Source::Url(address))).points(1);
    Pass::new("a".parse().unwrap(), "Bean & Co", card)
}

const LOGO: &[u8] = include_bytes!("../../../passes/art/loyalty-icon.png");
