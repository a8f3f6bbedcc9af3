//! A holder signs up for a card with the form that comes with it.

use std::sync::Arc;

use bytes::Bytes;
use openssl::sha::sha256;
use walletpass_core::{Art, Pass, Slot};
use walletpass_webservice::device::{DeviceError, Holder, SignUp};
use walletpass_webservice::store::Digest;

use super::{Error, Issuer};

/// Makes a card its holder's own, of what he wrote into the form.
pub(super) type FillIn = Arc<dyn Fn(&mut Pass, &Holder) -> Result<(), String> + Send + Sync>;

impl Issuer {
    /// Lets holders sign up with the form of a card ([`Pass::personalization`]), which an iPhone shows when such a card is added; Apple only.
    ///
    /// `fill_in` gets the card and what the holder wrote, and puts in what makes the card his: his name, a member number, points to begin with. The form is
    /// taken off the card afterwards. It is called again when somebody else changes the card at the same time, so it does nothing else; who signed up is
    /// the event [`SignedUp`](super::What::SignedUp), in which there is nothing of what he wrote. Its error refuses him, and is told to the phone.
    ///
    /// Anybody who has the card may sign up, once: Apple has no authentication here. Without this function everybody is refused.
    /// <https://developer.apple.com/documentation/walletpasses/personalize>
    pub fn sign_up(self, fill_in: impl Fn(&mut Pass, &Holder) -> Result<(), String> + Send + Sync + 'static) -> Self {
        self.with(|inner| inner.fill_in = Some(Arc::new(fill_in)))
    }

    /// Makes a card its holder's own, and signs the token of the phone.
    pub(super) async fn take_sign_up(&self, request: SignUp) -> Result<Bytes, DeviceError> {
        let SignUp { pass_type, serial, token, holder } = request;
        let Some(fill_in) = &self.inner.fill_in else { return Err(refused(NO_FORM)) };
        let issuer = self.of(&pass_type).map_err(DeviceError::failed)?;
        let Some(apple) = issuer.inner.apple.get(&pass_type) else { return Err(DeviceError::UnknownPass) };
        let proof = Digest(sha256(token.as_str().as_bytes())).to_string();
        // First, as a card without a form cannot be signed up for again.
        let identity = apple.identity.clone();
        let signed = tokio::task::spawn_blocking(move || identity.sign_personalization_token(&token)).await;
        let signature = signed.map_err(DeviceError::failed)?.map_err(DeviceError::failed)?;
        let mut refusal = None;
        let outcome = issuer
            .try_change(&serial, "signed-up", |record| {
                refusal = None;
                if record.signed_up.as_ref() == Some(&proof) {
                    return Ok(Vec::new()); // the phone did not hear the answer
                }
                if record.pass.personalization.is_none() {
                    refusal = Some(NO_FORM.to_owned());
                    return Ok(Vec::new());
                }
                let mut pass = record.pass.clone();
                if let Err(message) = fill_in(&mut pass, &holder) {
                    refusal = Some(message);
                    return Ok(Vec::new());
                }
                take_form_off(&mut pass);
                record.pass = pass;
                record.signed_up = Some(proof.clone());
                Ok(vec![issuer.event("signed-up", &issuer.key(&serial), Bytes::new())])
            })
            .await;
        match (outcome, refusal) {
            (Ok(_), None) => Ok(signature.into()),
            (Ok(_), Some(message)) => Err(refused(&message)),
            (Err(Error::NotFound { .. }), _) => Err(DeviceError::UnknownPass),
            (Err(Error::Store(error)), _) => Err(error.into()),
            (Err(error @ Error::Contended { .. }), _) => Err(DeviceError::unavailable(error)),
            (Err(error), _) => Err(DeviceError::failed(error)),
        }
    }
}

fn take_form_off(pass: &mut Pass) {
    pass.personalization = None;
    let rest = pass.art.iter().filter(|(slot, _)| *slot != Slot::PersonalizationLogo);
    pass.art = rest.fold(Art::default(), |art, (slot, picture)| art.with(slot, picture.clone()));
}

fn refused(message: &str) -> DeviceError {
    DeviceError::Refused { message: message.to_owned() }
}

const NO_FORM: &str = "the pass has no form to sign up with, or its holder already: use it as it is";
