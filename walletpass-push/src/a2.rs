//! The crate `a2` behind the seam.

use std::fmt;

use ::a2::request::payload::PayloadLike;
use ::a2::{Client, ClientConfig, Error as A2Error, NotificationOptions, Priority, PushType};
use async_trait::async_trait;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::json;
use walletpass_core::{PassTypeId, Secret, TeamId};

use crate::apns::outcome_of_answer;
use crate::certificate::read_key;
use crate::push::is_token;
use crate::{ClientCertificate, Error, Gone, Outcome, Push, Trouble};

/// Wakes phones through the crate `a2`; [the crate](crate#the-crate-a2) says what it cannot do. Clones share the connection.
///
/// <https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns>
#[derive(Clone)]
pub struct A2 {
    client: Client,
    /// The one topic of a certificate.
    pass_type: Option<PassTypeId>,
}

impl A2 {
    /// Takes a pass certificate (PEM) and its private key (PEM: PKCS #8, PKCS #1 or SEC 1, encrypted or not).
    ///
    /// # Errors
    ///
    /// Those of [`ClientCertificate::from_pem`], and [`Error::Tls`].
    pub fn from_pem(
        pass_type: &PassTypeId,
        certificate: &[u8],
        key: &[u8],
        passphrase: Option<&Secret<String>>,
    ) -> Result<Self, Error> {
        let certificate = ClientCertificate::from_pem(pass_type, certificate, key, passphrase)?.chain_pem()?;
        let key = read_key(key, passphrase)?.private_key_to_pem_pkcs8();
        let key = Secret::new(key.map_err(|source| Error::KeyUnreadable { source: source.into() })?);
        let client = Client::certificate_parts(&certificate, key.expose(), ClientConfig::default());
        Ok(Self { client: client.map_err(tls_error)?, pass_type: Some(pass_type.clone()) })
    }

    /// Takes the `.p8` file of a team, with its key id; see [`ProviderToken`](crate::ProviderToken) for what speaks against it.
    ///
    /// # Errors
    ///
    /// Those of [`ProviderToken::from_p8`](crate::ProviderToken::from_p8), and [`Error::Tls`].
    pub fn from_p8(p8: &[u8], key_id: &str, team: &TeamId) -> Result<Self, Error> {
        crate::ProviderToken::from_p8(p8, key_id, team)?;
        let client = Client::token(p8, key_id, team.as_str(), ClientConfig::default());
        Ok(Self { client: client.map_err(tls_error)?, pass_type: None })
    }
}

#[async_trait]
impl Push for A2 {
    async fn wake(&self, topic: &PassTypeId, token: &str) -> Outcome {
        if !is_token(token) {
            return Outcome::Gone(Gone::Malformed);
        }
        if let Some(own) = &self.pass_type
            && own != topic
        {
            return Outcome::of_another_topic(own);
        }
        let options = NotificationOptions {
            apns_push_type: Some(PushType::Background),
            apns_priority: Some(Priority::Normal),
            apns_topic: Some(topic.as_str()),
            ..Default::default()
        };
        outcome_of(self.client.send(Wake { options, token }).await)
    }
}

impl fmt::Debug for A2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("A2").field("pass_type", &self.pass_type).finish_non_exhaustive()
    }
}

/// The empty payload.
#[derive(Debug, Serialize)]
struct Wake<'a> {
    #[serde(skip)]
    options: NotificationOptions<'a>,
    #[serde(skip)]
    token: &'a str,
}

impl PayloadLike for Wake<'_> {
    fn get_device_token(&self) -> &str {
        self.token
    }

    fn get_options(&self) -> &NotificationOptions<'_> {
        &self.options
    }
}

/// Judges what `a2` says as if APNs had said it itself.
fn outcome_of(result: Result<::a2::Response, A2Error>) -> Outcome {
    let answer = match result {
        Ok(answer) | Err(A2Error::ResponseError(answer)) => answer,
        Err(A2Error::RequestTimeout(_)) => return Outcome::later(Trouble::Silence),
        Err(A2Error::ConnectionError(_)) => return Outcome::later(Trouble::ConnectionLost),
        Err(error) => return Outcome::later(Trouble::Unreachable { cause: error.to_string() }),
    };
    let Ok(status) = StatusCode::from_u16(answer.code) else { return Outcome::later(Trouble::ConnectionLost) };
    // The names of its reasons are Apple's.
    let told = answer.error.map(|told| json!({ "reason": format!("{:?}", told.reason), "timestamp": told.timestamp }));
    let id = answer.apns_id.and_then(|id| id.parse().ok()).map(|id| ("apns-id", id));
    let headers: HeaderMap = id.into_iter().map(|(name, id)| (http::HeaderName::from_static(name), id)).collect();
    outcome_of_answer(status, &headers, told.map(|told| told.to_string()).unwrap_or_default().as_bytes())
}

fn tls_error(source: A2Error) -> Error {
    Error::Tls { source: source.into() }
}

#[cfg(test)]
mod tests {
    use ::a2::Response;
    use ::a2::response::{ErrorBody, ErrorReason};
    use chrono::DateTime;

    use super::*;
    use crate::{Later, Misconfiguration};

    #[test]
    fn the_payload_is_empty() {
        let wake = Wake { options: NotificationOptions::default(), token: "c0ffee" };
        assert_eq!(wake.to_json_string().unwrap(), "{}");
        assert_eq!(wake.get_device_token(), "c0ffee");
    }

    #[test]
    fn its_answers_have_our_outcomes() {
        let refused = |code, reason, timestamp| {
            outcome_of(Err(A2Error::ResponseError(Response {
                error: Some(ErrorBody { reason, timestamp }),
                apns_id: None,
                code,
            })))
        };
        let delivered = outcome_of(Ok(Response { error: None, apns_id: Some("EC1B".to_owned()), code: 200 }));
        assert_eq!(delivered, Outcome::Delivered { id: Some("EC1B".into()) });
        assert_eq!(refused(400, ErrorReason::BadDeviceToken, None), Outcome::Gone(Gone::BadDeviceToken));
        let since = DateTime::from_timestamp_millis(1_893_456_000_123);
        let gone = refused(410, ErrorReason::Unregistered, Some(1_893_456_000_123));
        assert_eq!(gone, Outcome::Gone(Gone::Unregistered { since }));
        let Outcome::Misconfigured(Misconfiguration { status, reason, .. }) =
            refused(403, ErrorReason::InvalidProviderToken, None)
        else {
            panic!()
        };
        assert_eq!((status, reason.as_str()), (Some(403), "InvalidProviderToken"));
        assert!(matches!(refused(429, ErrorReason::TooManyRequests, None), Outcome::Later(Later { after: None, .. })));
        let silence = outcome_of(Err(A2Error::RequestTimeout(20)));
        assert!(matches!(silence, Outcome::Later(Later { cause: Trouble::Silence, .. })));
    }
}
