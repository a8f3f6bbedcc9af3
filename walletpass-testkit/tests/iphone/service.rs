//! The phone at the web service of this family, over real HTTP.

use std::sync::Arc;

use serde_json::json;
use walletpass_testkit::{Applicant, Complaint, Fault, Iphone};
use walletpass_webservice::device::{Complaint as LogComplaint, LogTask};

use super::issuer::{AUTHORITY, CLUB, card, icon, pass_json, sign};
use super::now;
use super::shop::{Moment, Shop};
use super::wallet::{FORM, NFC_KEY};

async fn shop() -> (Shop, Iphone) {
    let (shop, url) = Shop::open().await;
    let phone = Iphone::new(&AUTHORITY).reached_at("acme.com", &url).with_clock(Arc::new(now()));
    (shop, phone)
}

#[tokio::test]
async fn the_whole_dialogue_gives_no_cause_for_complaint() {
    let (shop, mut phone) = shop().await;
    let serials = ["4711", "a/b ä", "x%2Fy"];
    for serial in serials {
        phone.add(&shop.put(serial, 1).await).await.unwrap();
        assert_eq!(shop.push_tokens(serial).await, [phone.push_token(CLUB).unwrap()]);
    }
    assert_eq!(phone.wake(CLUB).await.unchanged.len(), 3, "the first list names all");
    assert_eq!(phone.wake(CLUB).await.listed, [""; 0]);

    // All at one instant of the host's clock.
    for points in 2..5 {
        for serial in serials {
            shop.put(serial, points).await;
        }
        let push_token = shop.push_tokens("4711").await.remove(0);
        let wakeup = phone.push(CLUB, &push_token).await.unwrap();
        assert_eq!(
            (wakeup.updated.len(), wakeup.messages()),
            (3, vec![format!("You have {points} points"); 3].iter().map(String::as_str).collect())
        );
        assert_eq!(phone.pass(CLUB, "a/b ä").field("points"), points);
    }
    assert_eq!(phone.refresh(CLUB, "4711").await.not_modified, ["4711"]);

    phone.restore().await;
    assert_eq!(shop.push_tokens("x%2Fy").await, [phone.push_token(CLUB).unwrap()]);
    assert_eq!(phone.audit().await, []);
    phone.automatic_updates(CLUB, "4711", false).await;
    assert_eq!(shop.push_tokens("4711").await, [""; 0]);
    phone.automatic_updates(CLUB, "4711", true).await;
    for serial in serials {
        phone.remove(CLUB, serial).await;
        assert_eq!(phone.audit().await, []);
        assert_eq!(shop.push_tokens(serial).await, [""; 0]);
    }
    assert_eq!((phone.passes().count(), phone.complaints(), phone.log().len()), (0, [].as_slice(), 0));
}

#[tokio::test]
async fn row_8_an_update_that_races_a_fetch_is_not_lost() {
    let (shop, mut phone) = shop().await;
    phone.add(&shop.put("4711", 1).await).await.unwrap();
    phone.wake(CLUB).await;
    shop.put("4711", 2).await;
    shop.race(Moment::WhileSigning, "4711", 3);
    assert_eq!(phone.wake(CLUB).await.messages(), ["You have 2 points"]);
    assert_eq!(phone.wake(CLUB).await.messages(), ["You have 3 points"]);
    // What a push would not tell, pulling down the pass does.
    shop.put("4711", 4).await;
    shop.race(Moment::WhileSigning, "4711", 5);
    assert_eq!(phone.refresh(CLUB, "4711").await.messages(), ["You have 4 points"]);
    assert_eq!(phone.refresh(CLUB, "4711").await.messages(), ["You have 5 points"]);
    phone.wake(CLUB).await;
    assert_eq!((phone.audit().await, phone.complaints()), (vec![], [].as_slice()));
}

#[tokio::test]
async fn an_update_between_list_and_fetch_is_listed_once_more() {
    let (shop, mut phone) = shop().await;
    phone.add(&shop.put("4711", 1).await).await.unwrap();
    phone.wake(CLUB).await;
    shop.put("4711", 2).await;
    shop.race(Moment::BeforeFetch, "4711", 3);
    assert_eq!(phone.wake(CLUB).await.messages(), ["You have 3 points"]);
    // The false alarm of which the documentation warns.
    let wakeup = phone.wake(CLUB).await;
    assert_eq!((wakeup.faults(), wakeup.not_modified), (vec![Fault::UnchangedPass], vec!["4711".to_owned()]));
    assert_eq!((phone.wake(CLUB).await.listed.len(), phone.audit().await), (0, vec![]));
}

#[tokio::test]
async fn a_sign_up_gives_the_holders_own_pass() {
    let (shop, mut phone) = shop().await;
    let mut pass = pass_json(CLUB, "4711", 1);
    pass["nfc"] = json!({ "message": "4711", "encryptionPublicKey": NFC_KEY });
    let logo = icon();
    let file = sign(CLUB, &pass, &[("personalization.json", FORM.as_bytes()), ("personalizationLogo@2x.png", &logo)]);
    shop.put_file("4711", file.clone()).await;
    phone.add(&file).await.unwrap();
    let ada = Applicant {
        full_name: "Ada Example".to_owned(),
        email_address: "ada@example.org".to_owned(),
        ..Applicant::default()
    };
    let wakeup = phone.personalize(CLUB, "4711", &ada).await;
    assert_eq!((wakeup.complaints, wakeup.updated), (vec![], vec!["4711".to_owned()]));
    assert_eq!(phone.pass(CLUB, "4711").field("points"), 500);
    let sign_ups = shop.sign_ups();
    let holder = &sign_ups[0].holder;
    assert_eq!(
        (holder.full_name.as_deref(), holder.email_address.as_deref()),
        (Some("Ada Example"), Some("ada@example.org"))
    );
    assert_eq!(holder.postal_code, None);
}

#[tokio::test]
async fn what_the_phone_logs_is_read_by_the_host() {
    let (shop, mut phone) = shop().await;
    for serial in ["4711", "4712"] {
        phone.add(&shop.put(serial, 1).await).await.unwrap();
    }
    phone.wake(CLUB).await;
    shop.delete("4711").await;
    assert_eq!(phone.refresh(CLUB, "4711").await.faults(), [Fault::Unauthorized]);
    shop.put_file("4712", card(CLUB, "4713", 2)).await;
    assert_eq!(phone.wake(CLUB).await.faults(), [Fault::Unauthorized, Fault::InvalidPass]);
    let lines: Vec<_> = shop.logs().into_iter().flat_map(|log| log.lines).collect();
    let read: Vec<_> = lines.iter().map(|line| (line.task, line.complaint, line.serial.clone())).collect();
    let of = |complaint, serial: &str| (Some(LogTask::Fetch), complaint, serial.parse().ok());
    assert_eq!(
        read,
        [
            of(LogComplaint::AuthenticationFailure, "4711"),
            of(LogComplaint::AuthenticationFailure, "4711"),
            of(LogComplaint::InvalidPass, "4712"),
        ]
    );
    let told: Vec<Complaint> = phone.take_complaints();
    assert!(told.iter().all(|complaint| !complaint.to_string().contains(phone.device())), "{told:?}");
}
