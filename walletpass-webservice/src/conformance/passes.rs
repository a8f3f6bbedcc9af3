//! Passes: create is not update, and every write expects a tag.

use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use walletpass_core::State;

use super::ground::{CLUB, EVENT, Ground, at, conflict, done, handle, new_pass, promise, serials, there, walk};
use crate::store::{NewPass, PassQuery, Store, StoreError, StoredPass, Tag, Write};

/// Creating a pass that is there already is a conflict, and leaves the one that is there.
pub async fn create_is_not_update(store: &dyn Store) {
    let ground = Ground::new(store, "create_is_not_update");
    let tag = ground.create("a").await;
    let (sentence, mend) = ("a pass that is there already is a conflict, also if it is equal", "insert, never upsert");
    conflict(store.commit(vec![Write::CreatePass(ground.pass("a"))]).await, Some(tag.0), sentence, mend);
    let other =
        NewPass { body: Bytes::from_static(b"other"), token: "another-token-entirely".into(), ..ground.pass("a") };
    conflict(store.commit(vec![Write::CreatePass(other)]).await, Some(tag.0), sentence, mend);
    let stored = ground.stored("a").await;
    let is_kept = stored.as_ref().is_some_and(|stored| stored.pass == ground.pass("a") && stored.tag == tag);
    promise(is_kept, "after an `Err` nothing of the commit is there", mend, stored);
}

/// An update expects the tag that is there, and a pass that is there.
pub async fn an_update_expects_its_tag(store: &dyn Store) {
    let ground = Ground::new(store, "an_update_expects_its_tag");
    let (sentence, mend) =
        ("`expected` is the tag that the pass must have", "compare within the transaction, and tell what is there");
    let update = |serial: &str, expected| vec![Write::UpdatePass { pass: ground.pass(serial), expected }];
    conflict(store.commit(update("a", Tag(1))).await, None, sentence, mend);
    promise(ground.stored("a").await.is_none(), "an update creates nothing", "update, never upsert", ());
    let first = ground.create("a").await;
    let second = ground.update("a", first).await;
    promise(second > first, "each write of a pass gives it the next number", "take the next number", (first, second));
    for expected in [first, Tag(0), Tag(second.0 + 1), Tag(u64::MAX)] {
        conflict(store.commit(update("a", expected)).await, Some(second.0), sentence, mend);
    }
    promise(ground.tag("a").await == Some(second), sentence, mend, ground.tag("a").await);
}

/// A deletion expects the tag that is there, and takes the pass out of every list.
pub async fn a_deletion_expects_its_tag(store: &dyn Store) {
    let ground = Ground::new(store, "a_deletion_expects_its_tag");
    let (sentence, mend) = ("`expected` is the tag that the pass must have", "compare within the transaction");
    let delete = |expected| vec![Write::DeletePass { key: ground.key("a"), expected, at: at(1) }];
    conflict(store.commit(delete(Tag(1))).await, None, sentence, mend);
    let first = ground.create("a").await;
    let second = ground.update("a", first).await;
    conflict(store.commit(delete(first)).await, Some(second.0), sentence, mend);
    ground.delete("a", second).await;
    let (found, listed) = (ground.stored("a").await, ground.passes(10).await);
    promise(found.is_none() && listed.is_empty(), "a pass that was deleted is gone", "delete it", (found, listed));
}

/// The same serial number under two pass types is two passes.
pub async fn a_pass_is_its_pass_type_and_serial(store: &dyn Store) {
    let ground = Ground::new(store, "a_pass_is_its_pass_type_and_serial");
    let club = ground.create("a").await;
    let event = NewPass { body: Bytes::from_static(b"event"), ..new_pass(ground.key_of(EVENT, "a")) };
    ground.create_pass(event.clone()).await;
    let sentence = "the same serial number under two pass types is two passes";
    let mend = "make tenant, pass type and serial number together the key";
    let stored = [CLUB, EVENT].map(|pass_type| ground.key_of(pass_type, "a"));
    for (key, body) in stored.iter().zip(["{}", "event"]) {
        let found = done(store.pass(key).await, sentence);
        promise(found.as_ref().is_some_and(|found| found.pass.body == body), sentence, mend, found);
    }
    ground.delete("a", club).await;
    let found = done(store.pass(&event.key).await, sentence);
    promise(found.is_some_and(|found| found.pass == event), sentence, mend, "the other one went too, or changed");
}

/// What was written reads back: body, token, template, state; `created` stays and `at` is that of the last write.
pub async fn a_pass_reads_back(store: &dyn Store) {
    let ground = Ground::new(store, "a_pass_reads_back");
    let mut tag = None;
    let states = [State::Active, State::Expired, State::Redeemed, State::Voided, State::Active];
    let (sentence, mend) = ("`pass` is what was last written", "write every field, also on an update");
    for (number, state) in states.into_iter().enumerate() {
        let pass = NewPass {
            body: Bytes::from(format!("body {number}")),
            token: format!("token-of-version-{number}").as_str().into(),
            template: (number % 2 == 0).then(|| format!("template {number}")),
            state,
            at: at(number as i64 * 10),
            ..ground.pass("a")
        };
        let write = match tag {
            None => Write::CreatePass(pass.clone()),
            Some(expected) => Write::UpdatePass { pass: pass.clone(), expected },
        };
        let written = super::ground::tag(ground.one(write).await);
        tag = Some(written);
        let modified = pass.at;
        let expected = StoredPass { pass, tag: written, created: at(0), modified };
        let stored = ground.stored("a").await;
        let listed = ground.passes(10).await;
        promise(stored.as_ref() == Some(&expected), sentence, mend, (&stored, "instead of", &expected));
        promise(listed == [expected], "lists show passes as they are", mend, listed);
    }
}

/// `modified` rises by a whole second at least with each write, whatever the clock says.
pub async fn modified_rises_by_whole_seconds(store: &dyn Store) {
    let ground = Ground::new(store, "modified_rises_by_whole_seconds");
    let sentence = "`modified` is the `at` of the write without its fraction, or a second after the one before, whichever is later";
    let mend = "compute it with `StoredPass::modified_at` within the transaction";
    let mut tag = None;
    // Ten writes within one second, one much later, one of a clock that lags behind.
    let times = (0..10).map(|tenth| (tenth * 99_999, tenth)).chain([(60_500_000, 60), (2_000_000, 61)]);
    for (micros, seconds) in times {
        let pass = NewPass { at: at(0) + TimeDelta::microseconds(micros), ..ground.pass("a") };
        let write = match tag {
            None => Write::CreatePass(pass),
            Some(expected) => Write::UpdatePass { pass, expected },
        };
        tag = Some(super::ground::tag(ground.one(write).await));
        let modified = ground.stored("a").await.map(|stored| stored.modified);
        promise(modified == Some(at(seconds)), sentence, mend, (modified, "instead of", at(seconds)));
    }
}

/// A pass that is deleted and created again has a `modified` later than all that it had, also within the same second and by a clock that lags behind.
pub async fn a_deletion_repeats_no_modified(store: &dyn Store) {
    let ground = Ground::new(store, "a_deletion_repeats_no_modified.1");
    let other = Ground::new(store, "a_deletion_repeats_no_modified.2");
    let sentence =
        "no two versions of a pass have the same `modified`, also not one that was deleted and created again";
    let mend = "keep the latest `modified` of the passes that were deleted beside the counter of their tags, and begin after it";
    let mut last = None;
    for seconds in [10, 10, 3] {
        let early = ground.create_pass(NewPass { at: at(0), ..ground.pass("b") }).await;
        let mut tag = None;
        // Updates run ahead of the clock.
        for _ in 0..3 {
            let pass = NewPass { at: at(seconds), ..ground.pass("a") };
            let write = match tag {
                None => Write::CreatePass(pass),
                Some(expected) => Write::UpdatePass { pass, expected },
            };
            tag = Some(super::ground::tag(ground.one(write).await));
            let modified = ground.stored("a").await.map(|stored| stored.modified);
            promise(modified > last && modified >= Some(at(seconds)), sentence, mend, (modified, "after", last));
            last = modified;
        }
        // The later one first: the earlier one does not take its date back.
        ground.delete("a", tag.unwrap_or(Tag(0))).await;
        ground.delete("b", early).await;
    }
    // Where nothing was deleted, and when the clock has gone on, it is the time of the write.
    let late = NewPass { at: at(1000), ..ground.pass("a") };
    for (ground, pass, seconds) in [(&ground, late, 1000), (&other, other.pass("a"), 0)] {
        ground.create_pass(pass).await;
        let modified = ground.stored("a").await.map(|stored| stored.modified);
        let mend = "take it into account only when a pass is created, within its tenant and pass type";
        promise(
            modified == Some(at(seconds)),
            "`modified` is the `at` of the write without its fraction",
            mend,
            modified,
        );
    }
}

/// Passes are listed in the order of their creation, pass type by pass type, and filtered by what is asked.
pub async fn passes_are_listed_as_asked(store: &dyn Store) {
    let ground = Ground::new(store, "passes_are_listed_as_asked");
    for (serial, pass_type, template, state, seconds) in [
        ("z", EVENT, Some("gala"), State::Active, 1),
        ("b", CLUB, Some("gold"), State::Active, 2),
        ("a", CLUB, None, State::Voided, 3),
        ("d", EVENT, None, State::Active, 4),
        ("c", CLUB, Some("gold"), State::Expired, 5),
    ] {
        let template = template.map(str::to_owned);
        let pass = NewPass { template, state, at: at(seconds), ..new_pass(ground.key_of(pass_type, serial)) };
        ground.create_pass(pass).await;
    }
    let old = ground.tag("b").await.unwrap_or(Tag(0));
    let gold = Some("gold".to_owned());
    let again = NewPass { template: gold.clone(), at: at(9), ..ground.pass("b") };
    ground.one(Write::UpdatePass { pass: again, expected: old }).await;

    let all = PassQuery::new(ground.tenant.clone());
    let club = Some(ground.key("a").pass_type);
    for (what, query, expected) in [
        ("all", all.clone(), "b a c z d"),
        ("newest first", PassQuery { newest_first: true, ..all.clone() }, "d z c a b"),
        ("a pass type", PassQuery { pass_type: club.clone(), ..all.clone() }, "b a c"),
        ("a pass type, newest first", PassQuery { pass_type: club, newest_first: true, ..all.clone() }, "c a b"),
        ("a template", PassQuery { template: gold.clone(), ..all.clone() }, "b c"),
        ("a state", PassQuery { state: Some(State::Active), ..all.clone() }, "b z d"),
        ("updated from", PassQuery { updated_from: Some(at(4)), ..all.clone() }, "b c d"),
        ("updated until", PassQuery { updated_until: Some(at(4)), ..all.clone() }, "a z"),
        ("two conditions", PassQuery { template: gold, state: Some(State::Expired), ..all.clone() }, "c"),
    ] {
        for limit in [1, 2, 100] {
            let found = walk!(store, passes, PassQuery { limit, ..query.clone() });
            let found = serials(&found).join(" ");
            let sentence =
                "passes are listed in the order of their creation within a pass type, those that match all conditions";
            let mend = "order by pass type in bytes and by the tag of the creation; an update does not move a pass";
            promise(found == expected, sentence, mend, (what, "at limit", limit, found, "instead of", expected));
        }
    }
}

/// Of two commits that expect the same tag of the same pass exactly one succeeds, and no write is lost.
pub async fn of_racing_updates_one_wins(handles: &[Arc<dyn Store>]) {
    let store = handle(handles, 0);
    let ground = Ground::new(&*store, "of_racing_updates_one_wins");
    let counted = |number: u64| Bytes::from(number.to_string());
    ground.create_pass(NewPass { body: counted(0), ..ground.pass("a") }).await;
    const WRITERS: usize = 6;
    const ROUNDS: u64 = 10;
    let writers: Vec<_> = (0..WRITERS)
        .map(|index| {
            let (store, key) = (handle(handles, index), ground.key("a"));
            tokio::spawn(async move {
                let (mut tags, mut won, mut tries) = (Vec::new(), 0, 0);
                while won < ROUNDS {
                    tries += 1;
                    promise(tries < 10_000, "of two such commits one succeeds", "let one win", (tries, "tries"));
                    let stored =
                        there(done(store.pass(&key).await, "a pass is read"), "a pass is there until it is deleted");
                    let count: u64 = str::from_utf8(&stored.pass.body).unwrap().parse().unwrap();
                    let pass = NewPass { body: Bytes::from((count + 1).to_string()), ..stored.pass };
                    tokio::task::yield_now().await;
                    match store.commit(vec![Write::UpdatePass { pass, expected: stored.tag }]).await {
                        Ok(written) => {
                            tags.push(super::ground::tag(there(written, "what became of each write is told")));
                            won += 1;
                        }
                        Err(StoreError::Conflict { .. }) => tokio::task::yield_now().await,
                        other => {
                            promise(false, "of two such commits one wins, the other is a conflict", "map it", other)
                        }
                    }
                }
                tags
            })
        })
        .collect();
    let mut tags = Vec::new();
    for writer in writers {
        tags.extend(writer.await.unwrap());
    }
    let body = ground.stored("a").await.map(|stored| stored.pass.body);
    let expected = counted(WRITERS as u64 * ROUNDS);
    let sentence = "of two commits that expect the same tag of the same pass exactly one succeeds";
    let mend = "lock the pass before its tag is compared, or compare in the statement that writes";
    promise(body == Some(expected.clone()), sentence, mend, (body, "writes are there instead of", expected));
    tags.sort();
    let is_unique = tags.windows(2).all(|pair| pair[0] < pair[1]);
    promise(is_unique, "a tag is never given twice", mend, tags);
}

/// Of commits that create the same pass exactly one succeeds.
pub async fn of_racing_creations_one_wins(handles: &[Arc<dyn Store>]) {
    let store = handle(handles, 0);
    let ground = Ground::new(&*store, "of_racing_creations_one_wins");
    for round in 0..5 {
        let serial = format!("s{round}");
        let racers: Vec<_> = (0..6)
            .map(|index| {
                let (store, body) = (handle(handles, index), Bytes::from(index.to_string()));
                let pass = NewPass { body, ..ground.pass(&serial) };
                tokio::spawn(async move { (index, store.commit(vec![Write::CreatePass(pass)]).await) })
            })
            .collect();
        let mut winners = Vec::new();
        let sentence = "a pass that is there already is a conflict: of racing creations one wins";
        let mend = "let a unique key decide, and give Conflict to the others";
        for racer in racers {
            match racer.await.unwrap() {
                (index, Ok(_)) => winners.push(index.to_string()),
                (_, Err(StoreError::Conflict { .. })) => {}
                (_, other) => promise(false, sentence, mend, other),
            }
        }
        let body = ground.stored(&serial).await.map(|stored| stored.pass.body);
        let is_one = winners.len() == 1 && body.as_ref().is_some_and(|body| *body == winners[0]);
        promise(is_one, sentence, mend, (winners, body));
    }
}
