//! The issuer, who may work for it, dry runs, and pictures of one holder.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::Client;
use super::exchange::{Call, Subject, Tries, unavailable};
use super::rest::API;
use crate::card::Card;
use crate::error::Error;
use crate::link::SaveLink;
use crate::resource::Resource;

/// # The issuer, dry runs, and private pictures
impl Client {
    /// Reads the issuer of the account: its name, its contacts, its Smart Tap settings.
    ///
    /// # Errors
    ///
    /// [`Error::AccessDenied`] when the account is not invited, [`Error::NotFound`] when there is no such issuer.
    pub async fn issuer(&self) -> Result<Resource, Error> {
        let id = self.account().issuer().as_str();
        Ok(Resource::new(self.object(&Call::get(format!("{API}/issuer/{id}"), self.issuer_subject())).await?))
    }

    /// Reads all issuers for which the account may work.
    pub async fn issuers(&self) -> Result<Vec<Resource>, Error> {
        let mut json = self.object(&Call::get(format!("{API}/issuer"), Subject::default())).await?;
        let Some(Value::Array(issuers)) = json.remove("resources") else { return Ok(Vec::new()) };
        let issuers = issuers.into_iter().filter_map(|issuer| match issuer {
            Value::Object(json) => Some(Resource::new(json)),
            _ => None,
        });
        Ok(issuers.collect())
    }

    /// Reads who may work for the issuer, under `permissions`: e-mail addresses, and roles `OWNER`, `READER`, `WRITER`.
    ///
    /// # Errors
    ///
    /// [`Error::AccessDenied`], [`Error::NotFound`].
    pub async fn permissions(&self) -> Result<Resource, Error> {
        let id = self.account().issuer().as_str();
        Ok(Resource::new(self.object(&Call::get(format!("{API}/permissions/{id}"), self.issuer_subject())).await?))
    }

    /// Asks Google whether it would take a card, and changes nothing. Google fetches its pictures for that.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] with what Google would refuse.
    pub async fn validate(&self, card: &Card) -> Result<(), Error> {
        self.judge_issuer(card)?;
        let payload = json!({ card.vertical.class_array(): [card.class], card.vertical.object_array(): [card.object] });
        self.validate_json(&json!({ "jsonResource": { "json": payload.to_string() } })).await
    }

    /// Asks Google whether it would take a link: its signature, its issuer and what it carries.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] with what Google would refuse.
    pub async fn validate_link(&self, link: &SaveLink) -> Result<(), Error> {
        self.validate_json(&json!({ "jwtResource": { "jwt": link.token() } })).await
    }

    /// Inserts what a link carries, and gives Google's own short address for it. Objects that exist are left as they are.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] with what Google refuses.
    pub async fn insert_link(&self, link: &SaveLink) -> Result<String, Error> {
        let call =
            Call::json(Method::POST, format!("{API}/jwt"), &json!({ "jwt": link.token() }), self.issuer_subject());
        let json = self.object(&call).await?;
        let address = json.get("saveUri").and_then(Value::as_str).filter(|uri| !uri.is_empty());
        address.map(str::to_owned).ok_or_else(|| unavailable("an answer without the address", None))
    }

    /// Uploads a picture of one holder, a photograph for instance, and gives its id for the `privateImageId` of an image module
    /// of one object. It works there only: not as logo, nor on a class.
    ///
    /// An upload that got no answer is repeated, so a picture may lie at Google that nobody uses.
    /// <https://developers.google.com/wallet/generic/use-cases/secure-private-images>
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] when it is neither PNG nor JPEG, which is seen before anything is sent.
    pub async fn upload_image(&self, picture: impl Into<Bytes>) -> Result<String, Error> {
        let body = picture.into();
        let content_type = match &body[..] {
            [0x89, b'P', b'N', b'G', ..] => "image/png",
            [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
            _ => {
                let message = "the picture is neither PNG nor JPEG: convert it".to_owned();
                return Err(Error::Invalid { field: None, message });
            }
        };
        let issuer = self.account().issuer();
        let call = Call {
            method: Method::POST,
            path: format!("/upload{API}/privateContent/{issuer}/uploadPrivateImage"),
            body,
            content_type: content_type.to_owned(),
            cost: 1,
            subject: self.issuer_subject(),
        };
        let json = self.object(&call).await?;
        let id = json.get("privateImageId").and_then(Value::as_str).filter(|id| !id.is_empty());
        id.map(str::to_owned).ok_or_else(|| unavailable("an answer without the id of the picture", None))
    }

    async fn validate_json(&self, json: &Value) -> Result<(), Error> {
        let call = Call::json(Method::POST, format!("{API}/jwt/validate"), json, self.issuer_subject());
        self.exchange(&call, &mut Tries::default()).await.map(|_| ())
    }

    fn issuer_subject(&self) -> Subject {
        Subject { id: format!("issuer {}", self.account().issuer()), ..Subject::default() }
    }
}
