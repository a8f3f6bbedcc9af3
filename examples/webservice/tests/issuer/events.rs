//! Scans, and what is told of all that happened.

use chrono::TimeDelta;
use walletpass::issuer::{
    Change, Error, EventsQuery, GoogleOutcome, Happened, Scan, ScanAction, Scanned, Verdict, What,
};
use walletpass::model::Serial;
use walletpass::model::port::Clock;
use walletpass::model::projection::Wallet;
use walletpass::{Expiry, Issuer, State};

use crate::stage::{PASS_TYPE, Stage, card, set_points};
use crate::stores::over_each_store;

over_each_store!(
    a_scan_redeems_once,
    of_racing_scanners_one_lets_in,
    a_scan_judges_state_and_dates,
    a_scan_extends_and_never_shortens,
    what_happened_is_read_back,
);

async fn a_scan_redeems_once(mut stage: Stage) {
    let serial = stage.hold("a", 100).await;
    let issuer = stage.issuer.clone();
    let version = issuer.pass(&serial).await.unwrap().version;
    let Scanned { verdict, change, .. } = issuer.scan(&serial, &Scan::look()).await.unwrap();
    assert_eq!(
        (verdict, change, issuer.pass(&serial).await.unwrap().version),
        (Verdict::Valid, Change::Unchanged, version)
    );

    let first = issuer.scan(&serial, &Scan::redeem().at("Gate 3")).await.unwrap();
    assert_eq!((first.verdict, first.pass.state), (Verdict::Valid, State::Redeemed));
    let Change::Changed { notified: 1, google: GoogleOutcome::Done, .. } = first.change else {
        panic!("{:?}", first.change)
    };
    let second = issuer.scan(&serial, &Scan::redeem().at("Gate 4")).await.unwrap();
    assert_eq!((second.verdict, second.change), (Verdict::Redeemed, Change::Unchanged));
    stage.wake_phone().await;
    assert_eq!(stage.phone.pass(PASS_TYPE, "a").json()["voided"], true);
    assert_eq!(stage.object("a")["state"], "COMPLETED");

    let scanned = |action, place: Option<&str>, verdict| {
        let scan = match action {
            ScanAction::Look => Scan::look(),
            _ => Scan::redeem(),
        };
        What::Scanned { scan: place.map_or(scan.clone(), |place| scan.at(place)), verdict }
    };
    assert_eq!(
        told(&issuer, &serial).await[2..],
        [
            scanned(ScanAction::Look, None, Verdict::Valid),
            What::Redeemed,
            scanned(ScanAction::Redeem, Some("Gate 3"), Verdict::Valid),
            scanned(ScanAction::Redeem, Some("Gate 4"), Verdict::Redeemed),
        ]
    );
    let unknown = issuer.scan(&"b".parse().unwrap(), &Scan::redeem()).await.unwrap_err();
    assert!(matches!(unknown, Error::NotFound { .. }), "{unknown}");
    let error = issuer.scan(&serial, &Scan::look().at("x".repeat(201))).await.unwrap_err();
    assert_eq!(error.to_string(), "the place of a scan has 201 characters: write 1 to 200");
}

async fn of_racing_scanners_one_lets_in(stage: Stage) {
    let serial = stage.issuer.create(&card("a", 0)).await.unwrap().serial;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (issuer, serial) = (stage.issuer.clone(), serial.clone());
            tokio::spawn(async move { issuer.scan(&serial, &Scan::redeem()).await.unwrap().verdict })
        })
        .collect();
    let mut valid = 0;
    for task in tasks {
        valid += usize::from(task.await.unwrap() == Verdict::Valid);
    }
    assert_eq!(valid, 1);
    let told = told(&stage.issuer, &serial).await;
    assert_eq!(told.iter().filter(|what| **what == What::Redeemed).count(), 1);
    assert_eq!(told.iter().filter(|what| matches!(what, What::Scanned { .. })).count(), 8);
}

async fn a_scan_judges_state_and_dates(stage: Stage) {
    let now = stage.time.now();
    let expires = (now + TimeDelta::days(2)).fixed_offset();
    let pass = card("a", 0).valid_from((now + TimeDelta::days(1)).fixed_offset()).expires(Expiry::At(expires));
    let serial = stage.issuer.create(&pass).await.unwrap().serial;
    for (days, verdict) in [(0, Verdict::NotYet), (1, Verdict::Valid), (1, Verdict::Expired)] {
        stage.time.advance(TimeDelta::days(days));
        let scanned = stage.issuer.scan(&serial, &Scan::extend(30)).await.unwrap();
        assert_eq!(scanned.verdict, verdict);
        if verdict == Verdict::Valid {
            // As before, so that it can expire.
            stage.issuer.extend(&serial, expires).await.unwrap();
        } else {
            assert_eq!(scanned.change, Change::Unchanged, "a pass that is refused is not extended");
        }
    }
    let serial = stage.issuer.create(&card("b", 0)).await.unwrap().serial;
    for (state, verdict) in [
        (State::Voided, Verdict::Voided),
        (State::Expired, Verdict::Expired),
        (State::Redeemed, Verdict::Redeemed),
        (State::Active, Verdict::Valid),
    ] {
        stage.issuer.update(&serial, |pass| pass.state = state).await.unwrap();
        assert_eq!(stage.issuer.scan(&serial, &Scan::redeem()).await.unwrap().verdict, verdict);
    }
}

async fn a_scan_extends_and_never_shortens(stage: Stage) {
    let issuer = &stage.issuer;
    let lisbon = stage.time.now().with_timezone(&chrono::FixedOffset::east_opt(3_600).unwrap());
    let pass = card("a", 0).expires(Expiry::At(lisbon + TimeDelta::days(10)));
    let serial = issuer.create(&pass).await.unwrap().serial;
    for (days, left) in [(30, 30), (5, 30), (30, 30), (3_650, 3_650)] {
        let scanned = issuer.scan(&serial, &Scan::extend(days)).await.unwrap();
        assert_eq!(scanned.pass.dates.expires, Some(Expiry::At(lisbon + TimeDelta::days(left))));
    }
    let told = told(issuer, &serial).await;
    assert_eq!(told.iter().filter(|what| **what == What::Extended).count(), 2);
    for days in [0, 3_651] {
        let error = issuer.scan(&serial, &Scan::extend(days)).await.unwrap_err();
        assert!(matches!(error, Error::Expiry(_)), "{error}");
    }
    let endless = issuer.create(&card("b", 0)).await.unwrap().serial;
    let scanned = issuer.scan(&endless, &Scan::extend(30)).await.unwrap();
    assert_eq!(
        (scanned.verdict, scanned.change, scanned.pass.dates.expires),
        (Verdict::Valid, Change::Unchanged, None)
    );
}

async fn what_happened_is_read_back(mut stage: Stage) {
    let serial = stage.hold("a", 1).await;
    let issuer = stage.issuer.clone();
    issuer.update(&serial, |pass| set_points(pass, 2)).await.unwrap();
    issuer.void(&serial).await.unwrap();
    issuer.reinstate(&serial).await.unwrap();
    issuer.extend(&serial, (stage.time.now() + TimeDelta::days(9)).fixed_offset()).await.unwrap();
    issuer.redeem(&serial).await.unwrap();
    issuer.expire(&serial).await.unwrap();
    stage.phone.remove(PASS_TYPE, "a").await;
    issuer.create(&card("b", 1)).await.unwrap();
    issuer.delete(&serial).await.unwrap();
    let expected = [
        What::Created,
        What::Installed { wallet: Wallet::Apple },
        What::Updated,
        What::Voided,
        What::Reinstated,
        What::Extended,
        What::Redeemed,
        What::Expired,
        What::Removed { wallet: Wallet::Apple },
        What::Deleted,
    ];
    assert_eq!(told(&issuer, &serial).await, expected);

    let (mut all, mut after) = (Vec::<Happened>::new(), None);
    loop {
        let list = issuer.events(EventsQuery { after, limit: 3, ..EventsQuery::default() }).await.unwrap();
        assert!(list.events.len() <= 3);
        all.extend(list.events);
        after = list.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(all.len(), expected.len() + 1);
    assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id));
    let created = issuer.pass(&"b".parse().unwrap()).await.unwrap().created;
    let of_b = all.iter().find(|event| event.serial.as_ref().is_some_and(|serial| serial.as_str() == "b")).unwrap();
    assert_eq!((of_b.what.clone(), of_b.at), (What::Created, created));
    assert_eq!(of_b.pass_type.as_ref().unwrap().as_str(), PASS_TYPE);

    assert_eq!(issuer.prune_events(all[4].id).await.unwrap(), 5);
    let rest = issuer.events(EventsQuery::default()).await.unwrap();
    assert_eq!((rest.events, rest.next), (all[5..].to_vec(), None));
}

async fn told(issuer: &Issuer, serial: &Serial) -> Vec<What> {
    let query = EventsQuery { serial: Some(serial.clone()), ..EventsQuery::default() };
    issuer.events(query).await.unwrap().events.into_iter().map(|event| event.what).collect()
}
