//! The crate `jsonwebtoken`, on aws-lc: its `EncodingKey` is kept, though it holds bytes that are parsed for every token.

use std::fs;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use jsonwebtoken::{EncodingKey, Header, encode};
use openssl::pkey::PKey;
use serde_json::Value;
use walletpass_peers::{MESSAGE, Outcome, fixture, serve};

fn main() -> Outcome<()> {
    let folder = fixture()?;
    let account: Value = serde_json::from_slice(&fs::read(folder.join("google-account.json"))?)?;
    let pem = account["private_key"].as_str().ok_or("no private_key")?.as_bytes();
    let key = EncodingKey::from_rsa_pem(pem)?;
    let header: Header = serde_json::from_slice(&fs::read(folder.join("header.json"))?)?;
    let mut claims: Value = serde_json::from_slice(&fs::read(folder.join("claims.json"))?)?;

    let bare = RsaKeyPair::from_der(&PKey::private_key_from_pem(pem)?.rsa()?.private_key_to_der()?)?;
    let random = SystemRandom::new();
    serve(
        || {
            let mut signature = vec![0; bare.public_modulus_len()];
            bare.sign(&RSA_PKCS1_SHA256, &random, &MESSAGE, &mut signature)?;
            Ok(signature)
        },
        |serial| {
            claims["payload"]["loyaltyObjects"][0]["id"] = format!("3388000000000000001.loyalty.{serial}").into();
            Ok(encode(&header, &claims, &key)?)
        },
        String::into_bytes,
    )
}
