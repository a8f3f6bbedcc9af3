//! The known bugs of the field by name, each beside a server without it.

use chrono::TimeDelta;
use serde_json::json;
use walletpass_testkit::{Complaint, Fault, Iphone};

use super::club;
use super::issuer::{CLUB, GYM, pass_json, sign};
use super::office::{Bug, Office};

/// A phone that is up to date with two passes.
async fn two(bug: Bug) -> (Office, Iphone) {
    let (office, mut phone) = club(bug).await;
    for serial in ["A", "B"] {
        phone.add(&office.put(CLUB, serial, 1)).await.unwrap();
    }
    phone.poll().await;
    office.shelf().now += TimeDelta::seconds(2);
    (office, phone)
}

/// Asserts that there is one complaint, and that it reads so.
fn assert_says(complaints: &[Complaint], expected: &str) {
    let lines: Vec<String> = complaints.iter().map(ToString::to_string).collect();
    assert_eq!(lines, [expected]);
}

#[tokio::test]
async fn row_1_a_token_opens_one_pass() {
    let (_office, mut phone) = two(Bug::None).await;
    assert_eq!(phone.audit().await, []);
    let (office, mut phone) = club(Bug::AnyToken).await;
    for serial in ["A", "B"] {
        let mut pass = pass_json(CLUB, serial, 1);
        pass["authenticationToken"] = json!("the token of all passes");
        let file = sign(CLUB, &pass, &[]);
        office.shelf().put(CLUB, serial, file.clone());
        phone.add(&file).await.unwrap();
    }
    let complaints = phone.audit().await;
    let shared: Vec<Complaint> =
        complaints.into_iter().filter(|complaint| complaint.fault == Fault::SharedToken).collect();
    assert_says(
        &shared,
        "SharedToken at GET /v1/passes/pass.com.acme.club/A: pass.com.acme.club `B` has the same `authenticationToken`; draw a random token for each pass: who holds one pass could fetch the other",
    );
}

#[tokio::test]
async fn row_3_of_two_changes_the_earlier_is_listed_too() {
    for (bug, updated) in [(Bug::None, ["A", "B"].as_slice()), (Bug::NewestOnly, &["B"])] {
        let (office, mut phone) = two(bug).await;
        // The first list of this bug left A out.
        phone.wake(CLUB).await;
        office.put(CLUB, "A", 2);
        office.shelf().now += TimeDelta::seconds(2);
        office.put(CLUB, "B", 3);
        let wakeup = phone.wake(CLUB).await;
        assert_eq!(wakeup.updated, updated, "{bug:?}");
        let missed = phone.audit().await.iter().filter(|complaint| complaint.fault == Fault::MissedUpdate).count();
        assert_eq!(missed, 2 - updated.len(), "{bug:?}");
    }
}

#[tokio::test]
async fn row_4_a_new_push_token_replaces_the_old_one() {
    for bug in [Bug::None, Bug::KeepsPushToken] {
        let (office, mut phone) = two(bug).await;
        phone.new_push_token(CLUB).await;
        let push_token = office.shelf().registrations.values().next().unwrap().clone();
        let wakeup = phone.push(CLUB, &push_token).await;
        assert_eq!(wakeup.is_some(), bug == Bug::None);
        match bug {
            Bug::None => assert_eq!(phone.complaints(), []),
            _ => assert_says(
                phone.complaints(),
                "StalePushToken at push for pass.com.acme.club: the push went to a token that this phone has no more; take the push token of every registration, also of a known one, for all passes of the type on the device",
            ),
        }
    }
}

#[tokio::test]
async fn row_4_a_device_without_registrations_is_no_error() {
    for bug in [Bug::None, Bug::NothingIsBad] {
        let (office, mut phone) = club(bug).await;
        phone.add(&office.put(CLUB, "A", 1)).await.unwrap();
        phone.remove(CLUB, "A").await;
        let complaints = phone.audit().await;
        match bug {
            Bug::None => assert_eq!(complaints, []),
            _ => assert_says(
                &complaints,
                "Status at GET /v1/devices/{device}/registrations/pass.com.acme.club: status 400, and 200, or 204 for nothing, was hoped for; answer with a status that Apple documents for this request",
            ),
        }
    }
}

#[tokio::test]
async fn row_5_what_was_unregistered_is_listed_no_more() {
    for bug in [Bug::None, Bug::NeverDeletes] {
        let (office, mut phone) = two(bug).await;
        phone.remove(CLUB, "A").await;
        office.put(CLUB, "A", 2);
        let wakeup = phone.wake(CLUB).await;
        match bug {
            Bug::None => assert_eq!((wakeup.listed.len(), phone.complaints()), (0, [].as_slice())),
            _ => assert_says(
                &wakeup.complaints,
                "ForeignSerial at list of pass.com.acme.club: this phone holds no pass `A`; list what this very device registered of this very pass type, and forget it at DELETE",
            ),
        }
    }
}

#[tokio::test]
async fn row_5_the_tag_never_runs_ahead_of_the_data() {
    for (bug, expected) in [(Bug::None, ["A"].as_slice()), (Bug::TagAhead, &[])] {
        let (office, mut phone) = two(bug).await;
        office.put(CLUB, "A", 2);
        assert_eq!(phone.wake(CLUB).await.updated, expected, "{bug:?}");
        let complaints = phone.audit().await;
        match bug {
            Bug::None => assert_eq!(complaints, []),
            _ => assert_says(
                &complaints,
                "MissedUpdate at GET /v1/passes/pass.com.acme.club/A: the pass is another than in Wallet, and the list does not say so; let the tag never run ahead of what was listed, and make it finer than the changes: a counter, not a time; list a pass also when it was registered after the tag",
            ),
        }
    }
}

#[tokio::test]
async fn a_change_between_download_and_registration_is_missed() {
    let (office, mut phone) = club(Bug::None).await;
    let downloaded = office.put(CLUB, "A", 1);
    office.put(CLUB, "A", 2);
    phone.add(&office.put(CLUB, "B", 1)).await.unwrap();
    phone.wake(CLUB).await;
    // The tag of the phone is that of B, and higher than that of A.
    phone.add(&downloaded).await.unwrap();
    assert_eq!(phone.wake(CLUB).await.listed, [""; 0]);
    let complaints = phone.audit().await;
    assert_eq!(complaints.len(), 1);
    assert_eq!(
        (complaints[0].fault, complaints[0].request.as_str()),
        (Fault::MissedUpdate, "GET /v1/passes/pass.com.acme.club/A")
    );
    // By hand it comes all the same.
    assert_eq!(phone.refresh(CLUB, "A").await.updated, ["A"]);
}

#[tokio::test]
async fn row_6_the_date_of_a_pass_gives_304() {
    for bug in [Bug::None, Bug::NeverNotModified] {
        let (_office, mut phone) = two(bug).await;
        let wakeup = phone.refresh(CLUB, "A").await;
        match bug {
            Bug::None => assert_eq!((wakeup.not_modified, wakeup.complaints), (vec!["A".to_owned()], vec![])),
            _ => assert_says(
                &wakeup.complaints,
                "IgnoredIfModifiedSince at GET /v1/passes/pass.com.acme.club/A: the pass came whole, though it is the one of the date that was sent; answer 304 when `If-Modified-Since` is the `Last-Modified` of the pass, both as HTTP dates",
            ),
        }
    }
}

#[tokio::test]
async fn a_pass_that_was_never_sent_is_not_unmodified() {
    let (office, mut phone) = club(Bug::NotModifiedAtOnce).await;
    phone.add(&office.put(CLUB, "A", 1)).await.unwrap();
    let wakeup = phone.refresh(CLUB, "A").await;
    assert_says(
        &wakeup.complaints,
        "Status at GET /v1/passes/pass.com.acme.club/A: 304, though no `If-Modified-Since` was sent; answer 304 for the date that the phone sent only",
    );
}

#[tokio::test]
async fn row_7_a_first_registration_is_201_and_the_header_parses() {
    let (office, mut phone) = club(Bug::Always200).await;
    phone.add(&office.put(CLUB, "A", 1)).await.unwrap();
    assert_says(
        phone.complaints(),
        "Registration at POST /v1/devices/{device}/registrations/pass.com.acme.club/A: 200 for a registration that is new; answer 201 when the device is new to the pass, 200 when it is not",
    );
    let (office, mut phone) = club(Bug::DateIsNumber).await;
    phone.add(&office.put(CLUB, "A", 1)).await.unwrap();
    assert_says(
        &phone.refresh(CLUB, "A").await.complaints,
        "LastModified at GET /v1/passes/pass.com.acme.club/A: `Last-Modified` is no HTTP date: `1795255200`; send the time of the content like `Sat, 21 Nov 2026 10:00:00 GMT`, or every wake-up transfers the whole pass",
    );
}

#[tokio::test]
async fn row_8_the_date_is_that_of_the_content() {
    let (_office, mut phone) = two(Bug::DateOfAnswer).await;
    let complaints = phone.audit().await;
    assert!(complaints.iter().all(|complaint| complaint.fault == Fault::LastModified), "{complaints:?}");
    assert_says(
        &complaints[..1],
        "LastModified at GET /v1/passes/pass.com.acme.club/A: the content is the same as before, and `Last-Modified` is another; send the time at which this content came to be, not that of the answer: an update may come between",
    );
}

#[tokio::test]
async fn row_9_the_same_serial_under_two_types_is_two_passes() {
    for bug in [Bug::None, Bug::SerialOnly] {
        let (office, mut phone) = club(bug).await;
        let card = office.put(CLUB, "4711", 1);
        phone.add(&office.put(GYM, "4711", 2)).await.unwrap();
        phone.add(&card).await.unwrap();
        match bug {
            Bug::None => assert_eq!(phone.complaints(), []),
            _ => assert_says(
                phone.complaints(),
                "Unauthorized at POST /v1/devices/{device}/registrations/pass.com.acme.club/4711: 401 for the `authenticationToken` of the pass; store the pass before anybody gets it; find it by its type and its serial number, percent-decoded once, and compare what follows `ApplePass `",
            ),
        }
    }
}

#[tokio::test]
async fn row_10_two_updates_in_one_second_are_both_listed() {
    for (bug, expected) in [(Bug::None, ["B"].as_slice()), (Bug::SecondsTag, &[])] {
        let (office, mut phone) = two(bug).await;
        office.put(CLUB, "A", 2);
        assert_eq!(phone.wake(CLUB).await.updated, ["A"]);
        office.shelf().now += TimeDelta::milliseconds(1);
        office.put(CLUB, "B", 2);
        assert_eq!(phone.wake(CLUB).await.updated, expected, "{bug:?}");
        let missed: Vec<Fault> = phone.audit().await.iter().map(|complaint| complaint.fault).collect();
        assert_eq!(missed, if bug == Bug::None { vec![] } else { vec![Fault::MissedUpdate] });
    }
}

#[tokio::test]
async fn row_11_a_list_needs_no_authorization() {
    let (_office, mut phone) = two(Bug::ListWantsToken).await;
    assert_says(
        &phone.wake(CLUB).await.complaints,
        "Unauthorized at GET /v1/devices/{device}/registrations/pass.com.acme.club: 401 for a request that carries no `Authorization`; ask for no token here: phones send none",
    );
}

#[tokio::test]
async fn an_empty_list_is_204() {
    let (_office, mut phone) = two(Bug::EmptyList).await;
    let wakeup = phone.wake(CLUB).await;
    assert_eq!(wakeup.faults(), [Fault::InvalidList]);
    assert_eq!(
        (wakeup.complaints[0].cause.as_str(), wakeup.complaints[0].mend),
        ("200 with no serial numbers", "answer 204 without a body when nothing changed")
    );
}
