//! Assets: what was put is there and stays.

use std::sync::Arc;

use bytes::Bytes;

use super::ground::{done, invalid, promise};
use crate::store::{Asset, Assets, Digest};

/// A picture reads back, and nothing is there that was not put.
pub async fn an_asset_reads_back(assets: &dyn Assets) {
    let (sentence, mend) = ("what was put is there", "keep the bytes as they are, under all 32 bytes of the digest");
    let every: Vec<u8> = (0..=255).collect();
    let big: Vec<u8> = (0..1024 * 1024_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for (first, bytes) in [(1, every), (2, Vec::new()), (3, big)] {
        let digest = digest(first);
        let missing = done(assets.get(digest).await, sentence);
        promise(missing.is_none(), "what was not put is not there", mend, missing);
        let asset = Asset { media_type: "image/png".to_owned(), bytes: Bytes::from(bytes) };
        done(assets.put(digest, asset.clone()).await, sentence);
        let found = done(assets.get(digest).await, sentence);
        promise(found.as_ref() == Some(&asset), sentence, mend, (found, asset));
    }
    let mut near = digest(1).0;
    near[31] ^= 1;
    let missing = done(assets.get(Digest(near)).await, sentence);
    promise(missing.is_none(), "what was not put is not there", mend, missing);
}

/// Putting to the same digest again changes nothing.
pub async fn an_asset_stays(assets: &dyn Assets) {
    let (sentence, mend) = (
        "putting to the same digest again changes nothing",
        "insert, and leave what is there (ON CONFLICT DO NOTHING)",
    );
    let asset = |media_type: &str, bytes: &'static [u8]| Asset {
        media_type: media_type.to_owned(),
        bytes: Bytes::from_static(bytes),
    };
    let first = asset("image/png", b"first");
    for again in [first.clone(), first.clone(), asset("image/jpeg", b"first"), asset("image/png", b"other")] {
        done(assets.put(digest(7), again).await, sentence);
        let found = done(assets.get(digest(7)).await, sentence);
        promise(found.as_ref() == Some(&first), sentence, mend, found);
    }
}

/// A media type is a short text.
pub async fn a_media_type_is_checked(assets: &dyn Assets) {
    for media_type in ["", "image/png\0", &"x".repeat(129)] {
        let asset = Asset { media_type: media_type.to_owned(), bytes: Bytes::new() };
        invalid(assets.put(digest(8), asset).await, "a media type is 1 to 128 bytes without control characters");
    }
    let media_type = "x".repeat(128);
    let asset = Asset { media_type, bytes: Bytes::new() };
    done(assets.put(digest(9), asset).await, "a media type may have 128 bytes");
}

/// Putting the same at the same time is no error.
pub async fn racing_puts_are_no_error(handles: &[Arc<dyn Assets>]) {
    for round in 0..5 {
        let racers: Vec<_> = (0..6)
            .map(|index| {
                let assets = handles[index % handles.len()].clone();
                let asset = Asset { media_type: "image/png".to_owned(), bytes: Bytes::from_static(b"same") };
                tokio::spawn(async move {
                    done(assets.put(digest(100 + round), asset).await, "putting the same again changes nothing");
                    done(assets.get(digest(100 + round)).await, "what was put is there").is_some()
                })
            })
            .collect();
        for racer in racers {
            let is_there = racer.await.unwrap();
            promise(is_there, "what was put is there", "let the first of racing puts win", round);
        }
    }
}

fn digest(first: u8) -> Digest {
    let mut digest = [0xc5; 32];
    digest[0] = first;
    Digest(digest)
}
