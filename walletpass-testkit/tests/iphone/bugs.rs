//! Servers with the mistakes of others: the phone notices every one of them, and nothing else.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use walletpass_testkit::{Complaint, Fault};

use super::club;
use super::issuer::CLUB;
use super::office::Bug;

/// Leads a phone through a life with two passes, and gives the kinds of mistakes that it noticed.
async fn noticed(bug: Bug) -> BTreeSet<Fault> {
    let (office, mut phone) = club(bug).await;
    phone.add(&office.put(CLUB, "4711", 1)).await.unwrap();
    phone.add(&office.put(CLUB, "a/b", 2)).await.unwrap();
    phone.wake(CLUB).await;
    office.shelf().now += TimeDelta::milliseconds(1500);
    // Of two changes in a second, the phone is woken between.
    office.put(CLUB, "4711", 3);
    phone.wake(CLUB).await;
    office.shelf().now += TimeDelta::milliseconds(1);
    office.put(CLUB, "a/b", 4);
    phone.wake(CLUB).await;
    phone.wake(CLUB).await;
    phone.audit().await;
    phone.refresh(CLUB, "4711").await;
    // Of two changes, the older is listed too.
    office.shelf().now += TimeDelta::seconds(2);
    office.put(CLUB, "4711", 5);
    office.shelf().now += TimeDelta::seconds(2);
    office.put(CLUB, "a/b", 6);
    phone.wake(CLUB).await;
    phone.new_push_token(CLUB).await;
    let push_tokens: BTreeSet<String> = office.shelf().registrations.values().cloned().collect();
    for push_token in push_tokens {
        phone.push(CLUB, &push_token).await;
    }
    office.shelf().now += TimeDelta::seconds(2);
    phone.audit().await;
    phone.remove(CLUB, "a/b").await;
    phone.audit().await;
    phone.remove(CLUB, "4711").await;
    phone.audit().await;
    for complaint in phone.complaints() {
        assert!(
            !complaint.to_string().contains("token-of-") && !complaint.request.contains(phone.device()),
            "{complaint}"
        );
    }
    phone.complaints().iter().map(|complaint: &Complaint| complaint.fault).collect()
}

#[tokio::test]
async fn every_mistake_is_noticed() {
    for (bug, faults) in [
        (Bug::None, [].as_slice()),
        (Bug::NewestOnly, &[Fault::MissedUpdate, Fault::Registration]),
        (Bug::KeepsPushToken, &[Fault::StalePushToken]),
        (Bug::NoHead, &[Fault::Status]),
        (Bug::NothingIsBad, &[Fault::Status]),
        (Bug::NotModifiedAtOnce, &[Fault::Status, Fault::UnchangedPass]),
        (Bug::NeverDeletes, &[Fault::ForeignSerial]),
        (Bug::TagAhead, &[Fault::MissedUpdate]),
        (Bug::NeverNotModified, &[Fault::IgnoredIfModifiedSince]),
        (Bug::Undecoded, &[Fault::Unauthorized]),
        (Bug::Always200, &[Fault::Registration]),
        (Bug::DateIsNumber, &[Fault::LastModified]),
        (Bug::DateOfAnswer, &[Fault::LastModified]),
        (Bug::SecondsTag, &[Fault::MissedUpdate]),
        (Bug::ListWantsToken, &[Fault::Unauthorized]),
        (Bug::AnyToken, &[Fault::Unprotected]),
        (Bug::Compressed, &[Fault::ContentEncoding]),
        (Bug::EmptyList, &[Fault::InvalidList]),
        (Bug::ListsAll, &[Fault::UnchangedPass]),
        (Bug::NumberTag, &[Fault::InvalidList]),
        (Bug::PlainBytes, &[Fault::ContentType]),
        (Bug::Redirects, &[Fault::Redirect]),
    ] {
        assert_eq!(noticed(bug).await, faults.iter().copied().collect(), "{bug:?}");
    }
}

#[tokio::test]
async fn the_log_is_written_in_the_words_of_ios() {
    for (bug, ends) in [
        (Bug::ListsAll, "Server requested update to serial number '4711', but the pass was unchanged."),
        (Bug::ListWantsToken, "encountered error: Unexpected response code 401"),
        (Bug::NeverDeletes, "Update requested for unregistered serial number 'b'"),
        (Bug::NeverNotModified, "and returned the full unchanged pass data for serial number '4711'."),
    ] {
        let (office, mut phone) = club(bug).await;
        phone.add(&office.put(CLUB, "4711", 1)).await.unwrap();
        phone.add(&office.put(CLUB, "b", 1)).await.unwrap();
        phone.wake(CLUB).await;
        phone.remove(CLUB, "b").await;
        phone.refresh(CLUB, "4711").await;
        phone.wake(CLUB).await;
        office.put(CLUB, "b", 2);
        phone.wake(CLUB).await;
        let logs = office.shelf().logs.clone();
        assert!(logs.iter().any(|line| line.ends_with(ends)), "{bug:?}: {logs:?}");
        assert!(logs.iter().all(|line| line.starts_with("[2026-11-21 12:00:00 +0000] ")));
        assert_eq!(phone.log(), logs);
    }
}
