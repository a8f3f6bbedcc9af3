//! Tags: never twice, and visible in their order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::ground::{
    CLUB, EVENT, Ground, Pace, at, changed, device, done, handle, new_pass, promise, tag, there, walk,
};
use crate::store::{DeviceKey, EventQuery, Store, Tag, Write};

/// Tags rise with each write, within each pass type.
pub async fn tags_rise(store: &dyn Store) {
    let ground = Ground::new(store, "tags_rise");
    let mut last = BTreeMap::new();
    for round in 0..5 {
        for pass_type in [CLUB, EVENT] {
            let tag = ground.create_pass(new_pass(ground.key_of(pass_type, &format!("s{round}")))).await;
            let before = last.insert(pass_type, tag);
            let sentence = "each write of a pass gives it the next number of a counter that begins with 1";
            promise(Some(tag) > before && tag > Tag(0), sentence, "count up in the transaction", (before, tag));
            let stored = done(store.pass(&ground.key_of(pass_type, &format!("s{round}"))).await, sentence);
            promise(stored.is_some_and(|stored| stored.tag == tag), sentence, "store the tag that is given", tag);
        }
    }
}

/// A pass that is deleted and created again has a tag that was never given before.
pub async fn a_deletion_repeats_no_tag(store: &dyn Store) {
    let ground = Ground::new(store, "a_deletion_repeats_no_tag");
    let mut last = Tag(0);
    for _ in 0..3 {
        let tag = ground.create("a").await;
        let next = ground.update("a", tag).await;
        let sentence = "numbers are never given twice, also not to a pass that was deleted and created again";
        let mend = "keep the counter in a row of its own, apart from the passes";
        promise(last < tag && tag < next, sentence, mend, (last, tag, next));
        last = next;
        ground.delete("a", next).await;
    }
}

/// A device that polls with the tag that it got learns of every last change, however many write at the same time.
pub async fn tags_become_visible_in_order(handles: &[Arc<dyn Store>]) {
    let store = handle(handles, 0);
    let ground = Ground::new(&*store, "tags_become_visible_in_order");
    const WRITERS: usize = 4;
    const ROUNDS: usize = 30;
    // Each pass is updated once only, so that no later update makes up for one that was missed.
    let serial = |writer: usize, round: usize| format!("s{writer}-{round}");
    let all: Vec<String> =
        (0..WRITERS).flat_map(|writer| (0..ROUNDS).map(move |round| serial(writer, round))).collect();
    let creations = all.iter().map(|serial| Write::CreatePass(ground.pass(serial)));
    let registrations = all.iter().map(|serial| ground.registering("phone", serial, "aa", 0));
    ground.commit(creations.chain(registrations).collect()).await;
    let (is_over, pace) = (Arc::new(AtomicBool::new(false)), Pace::default());
    let poller = {
        let (store, is_over, tenant) = (handle(handles, WRITERS), is_over.clone(), ground.tenant.clone());
        let mut since = ground.changes("phone", None).await.map(|changes| changes.tag.0);
        let pace = pace.clone();
        tokio::spawn(async move {
            let ground = Ground { store: &*store, tenant };
            let mut seen = BTreeMap::new();
            loop {
                let is_last = is_over.load(Ordering::SeqCst);
                let changes = ground.changes("phone", since).await;
                for serial in changed(&changes) {
                    seen.insert(serial.to_owned(), ground.tag(serial).await);
                }
                if let Some(changes) = changes {
                    let sentence = "only passes with a tag above `since` are given, and the highest of their tags";
                    promise(Some(changes.tag.0) > since, sentence, "give the highest tag", (since, &changes));
                    since = Some(changes.tag.0);
                }
                if is_last {
                    return seen;
                }
                pace.step().await;
            }
        })
    };
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (store, tenant, pace) = (handle(handles, writer), ground.tenant.clone(), pace.clone());
            tokio::spawn(async move {
                let ground = Ground { store: &*store, tenant };
                let mut given = Vec::new();
                for round in 0..ROUNDS {
                    let pass = ground.pass(&serial(writer, round));
                    let expected = ground.tag(&serial(writer, round)).await.unwrap_or(Tag(0));
                    // What comes after the update leaves time for others between its number and its commit.
                    let mut writes = vec![Write::UpdatePass { pass, expected }];
                    writes.extend((0..5).map(|_| Write::AppendEvent(ground.event("updated"))));
                    given.push(tag(there(ground.commit(writes).await, "what became of each write is told")));
                    pace.wait().await;
                }
                given
            })
        })
        .collect();
    let mut given = Vec::new();
    for writer in writers {
        given.extend(writer.await.unwrap());
    }
    is_over.store(true, Ordering::SeqCst);
    let seen = poller.await.unwrap();
    for serial in all {
        let (seen, last) = (seen.get(&serial), ground.tag(&serial).await);
        let sentence = "whoever has read tag 9 will never see a tag below 10 appear afterwards";
        let mend = "take the number from a counter row that stays locked until the commit, not from a sequence";
        promise(seen == Some(&last), sentence, mend, (serial, "was last seen at", seen, "and is at", last));
    }
    given.sort();
    let is_unique = given.windows(2).all(|pair| pair[0] < pair[1]);
    promise(is_unique, "a tag is never given twice", "lock the counter before it is read", given);
}

/// Whoever goes on after the last event that he saw misses none, however many write at the same time.
pub async fn events_become_visible_in_order(handles: &[Arc<dyn Store>]) {
    let store = handle(handles, 0);
    let ground = Ground::new(&*store, "events_become_visible_in_order");
    const WRITERS: usize = 4;
    let (is_over, pace) = (Arc::new(AtomicBool::new(false)), Pace::default());
    let query = ground.event_query(7);
    let poller = {
        let (store, is_over, query) = (handle(handles, WRITERS), is_over.clone(), query.clone());
        let pace = pace.clone();
        tokio::spawn(async move {
            let (mut after, mut seen) = (None, Vec::new());
            loop {
                let is_last = is_over.load(Ordering::SeqCst);
                seen.extend(walk!(store, events, EventQuery { after, ..query.clone() }));
                after = seen.last().map(|event| event.id);
                if is_last {
                    return seen;
                }
                pace.step().await;
            }
        })
    };
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (store, tenant, pace) = (handle(handles, writer), ground.tenant.clone(), pace.clone());
            tokio::spawn(async move {
                let ground = Ground { store: &*store, tenant };
                for round in 0..25 {
                    let event = |half: &str| Write::AppendEvent(ground.event(&format!("{writer}.{round}.{half}")));
                    ground.commit(vec![event("a"), event("b")]).await;
                    pace.wait().await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    is_over.store(true, Ordering::SeqCst);
    let seen = poller.await.unwrap();
    let all = walk!(store, events, query);
    let sentence = "the ids of events become visible in their order, with a counter for each tenant";
    let mend = "take the id from a counter row that stays locked until the commit, not from a sequence";
    promise(all.len() == WRITERS * 50, "no event is lost", mend, all.len());
    let rises = all.windows(2).all(|pair| pair[0].id < pair[1].id);
    promise(rises, "events are listed in the order of their ids", "order by id", "ids that do not rise");
    promise(seen == all, sentence, mend, (seen.len(), "events were seen on the way instead of", all.len()));
}

/// A tag of the list is one that the counter has reached, and those of a device are those of its passes.
pub async fn changes_since_a_tag(store: &dyn Store) {
    let ground = Ground::new(store, "changes_since_a_tag");
    let mend = "select the passes of the device with a tag above `since`, ordered by tag; give the highest of them";
    for serial in ["a", "b", "c"] {
        ground.create(serial).await;
        ground.register("phone", serial, "aa", 0).await;
    }
    let none = ground.changes("phone", None).await;
    promise(changed(&none) == ["a", "b", "c"], "without `since` all of them, in the order of their tags", mend, &none);
    let zero = ground.changes("phone", Some(0)).await;
    promise(zero == none, "tags begin with 1: above 0 are all", mend, &zero);
    let first = none.map(|changes| changes.tag).unwrap_or(Tag(0));
    promise(Some(first) == ground.tag("c").await, "the highest among those passes", mend, first);
    let is_none = ground.changes("phone", Some(first.0)).await.is_none();
    promise(is_none, "it gives nothing when there is none above `since`", mend, "something");

    let expected = ground.tag("b").await.unwrap_or(first);
    let second = ground.update("b", expected).await;
    let third = ground.update("a", ground.tag("a").await.unwrap_or(first)).await;
    // Another pass, which the phone does not have, takes the counter further.
    let ahead = ground.create("d").await;
    let changes = ground.changes("phone", Some(first.0)).await;
    promise(changed(&changes) == ["b", "a"], "all with a tag above `since`, not the newest only", mend, &changes);
    let tag = changes.map(|changes| changes.tag);
    promise(tag == Some(third), "the highest among those passes, never a later one", mend, (tag, third, ahead));
    let changes = ground.changes("phone", Some(second.0)).await;
    promise(changed(&changes) == ["a"], "those with a tag above `since`", mend, changes);
    let is_none = ground.changes("phone", Some(ahead.0)).await.is_none();
    promise(is_none, "a tag that the counter has reached lists what is above it", mend, "something");
}

/// A tag that the counter has not reached came from another store: everything is listed.
pub async fn a_tag_ahead_lists_all(store: &dyn Store) {
    let ground = Ground::new(store, "a_tag_ahead_lists_all");
    let tag = ground.create("a").await;
    ground.register("phone", "a", "aa", 0).await;
    let (sentence, mend) = (
        "with one that the counter has not reached yet (it came from another store), all of them",
        "read the counter, and compare as u64: the tag may be above what the database can hold",
    );
    for since in [tag.0 + 1000, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX] {
        let changes = ground.changes("phone", Some(since)).await;
        let is_all = changed(&changes) == ["a"] && changes.as_ref().is_some_and(|changes| changes.tag == tag);
        promise(is_all, sentence, mend, (since, changes));
    }
    // The counter is that of the pass type: another one does not count.
    for number in 0..5 {
        ground.create_pass(new_pass(ground.key_of(EVENT, &format!("e{number}")))).await;
    }
    let changes = ground.changes("phone", Some(tag.0 + 4)).await;
    let sentence = "a counter is kept for each tenant and pass type";
    // A store may number several pass types by one counter: then the tag is behind it, and nothing is above.
    let other = ground.key_of(EVENT, "e4");
    let is_shared = done(store.pass(&other).await, sentence).is_some_and(|stored| stored.tag.0 > tag.0 + 4);
    promise(changed(&changes) == ["a"] || is_shared, sentence, mend, changes);
}

/// A pass that was updated between its download and its registration is listed, also to a device that knows a later tag.
pub async fn a_late_registration_is_listed(store: &dyn Store) {
    let ground = Ground::new(store, "a_late_registration_is_listed");
    for serial in ["downloaded", "current", "held"] {
        ground.create(serial).await;
    }
    ground.register("phone", "held", "aa", 0).await;
    let tag_of = async |serial| ground.tag(serial).await.unwrap_or(Tag(0));
    ground.update("downloaded", tag_of("downloaded").await).await;
    let known = ground.update("held", tag_of("held").await).await;

    ground.register("phone", "current", "aa", 1).await;
    let changes = ground.changes("phone", Some(known.0)).await;
    let sentence = "a registration of a pass that was never updated takes no tag: the device has all there is";
    promise(changes.is_none(), sentence, "compare the tag of the pass with that of its creation", changes);

    ground.register("phone", "downloaded", "aa", 2).await;
    let changes = ground.changes("phone", Some(known.0)).await;
    let sentence = "a new registration of a pass that was ever updated counts for that device as a change";
    let mend = "keep the next tag in the registration, and compare the higher of both";
    let listed = changes.as_ref().map_or(known, |changes| changes.tag);
    promise(changed(&changes) == ["downloaded"] && listed > known, sentence, mend, changes);
    let changes = ground.changes("phone", Some(listed.0)).await;
    promise(changes.is_none(), "the tag that comes along is the highest among those", mend, changes);
    let all = ground.changes("phone", None).await;
    promise(changed(&all) == ["current", "held", "downloaded"], "in the order of those tags", mend, all);

    ground.register("phone", "downloaded", "bb", 3).await;
    let changes = ground.changes("phone", Some(listed.0)).await;
    promise(changes.is_none(), "a registration that was there before takes no other tag", mend, changes);
    let next = ground.update("current", tag_of("current").await).await;
    promise(next > listed, "a number is never given twice", "take the tag of a registration from the counter", next);
    let changes = ground.changes("phone", Some(listed.0)).await;
    promise(changed(&changes) == ["current"], "above `since` are later updates only", mend, changes);
}

/// What changed is asked of one device and one pass type; what is not registered, or gone, is not listed.
pub async fn changes_are_of_what_the_device_has(store: &dyn Store) {
    let ground = Ground::new(store, "changes_are_of_what_the_device_has");
    let mend = "join registrations by tenant, pass type, serial and device";
    for serial in ["mine", "ended", "doomed", "other", "nobody's"] {
        ground.create(serial).await;
    }
    let event = ground.key_of(EVENT, "event");
    ground.create_pass(new_pass(event.clone())).await;
    for serial in ["mine", "ended", "doomed"] {
        ground.register("phone", serial, "aa", 0).await;
    }
    ground.register("tablet", "other", "aa", 0).await;
    let push_token = super::ground::token("bb");
    ground.one(Write::Register { device: device("phone"), pass: event, push_token, at: at(0) }).await;
    ground.unregister("phone", "ended").await;
    ground.delete("doomed", ground.tag("doomed").await.unwrap_or(Tag(0))).await;
    let sentence = "which of the passes that a device registered have a tag above `since`";
    let changes = ground.changes("phone", None).await;
    promise(changed(&changes) == ["mine"], sentence, mend, changes);
    let changes = ground.changes_of(EVENT, "phone", None).await;
    promise(changed(&changes) == ["event"], sentence, mend, changes);
    let changes = ground.changes("tablet", None).await;
    promise(changed(&changes) == ["other"], sentence, mend, changes);
    for (pass_type, name) in [(CLUB, "watch"), (EVENT, "tablet"), ("pass.com.example.unknown", "phone")] {
        let tenant = ground.tenant.clone();
        let key = DeviceKey { tenant, pass_type: pass_type.parse().unwrap(), device: device(name) };
        for since in [None, Some(Tag(0)), Some(Tag(99))] {
            let changes = done(store.changed_since(&key, since).await, "an unknown device has nothing");
            promise(changes.is_none(), "it gives nothing when there is none", mend, changes);
        }
    }
}
