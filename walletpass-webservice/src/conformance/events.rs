//! Events: a log that is read on from where one was.

use std::sync::Arc;

use bytes::Bytes;

use super::ground::{EVENT, Ground, at, done, handle, new_pass, promise, pruned, there, walk};
use crate::store::{Event, EventQuery, NewEvent, Store, Write};

/// Events read back in their order, from any id on.
pub async fn events_are_read_on(store: &dyn Store) {
    let ground = Ground::new(store, "events_are_read_on");
    let new: Vec<NewEvent> = (0..7)
        .map(|number| NewEvent {
            pass: (number % 2 == 0).then(|| ground.key("a")),
            at: at(10 - number),
            body: Bytes::from(format!("{{\"number\":{number}}}")),
            ..ground.event(&format!("kind {number}"))
        })
        .collect();
    // Of a pass that is not there: events need none.
    ground.commit(new[..3].iter().cloned().map(Write::AppendEvent).collect()).await;
    for event in &new[3..] {
        ground.one(Write::AppendEvent(event.clone())).await;
    }
    let all = ground.events().await;
    let mend = "order by id, which counts up within the tenant; write every field";
    let found: Vec<&NewEvent> = all.iter().map(|event| &event.event).collect();
    promise(found == new.iter().collect::<Vec<_>>(), "events are listed in the order of their ids", mend, &all);
    let rises = all.windows(2).all(|pair| pair[0].id < pair[1].id) && all[0].id > 0;
    promise(rises, "an id rises from event to event of a tenant, from 1", mend, &all);
    for (index, event) in all.iter().enumerate() {
        for limit in [1, 2, 100] {
            let query = EventQuery { after: Some(event.id), ..ground.event_query(limit) };
            let found = walk!(store, events, query);
            let sentence = "those with a higher id than `after`; the way to go on where an earlier walk ended";
            promise(found == all[index + 1..], sentence, mend, (event.id, found));
        }
    }
    for (after, count) in [(Some(0), 7), (Some(all[6].id + 1), 0), (Some(i64::MAX as u64 + 1), 0), (Some(u64::MAX), 0)]
    {
        let found = walk!(store, events, EventQuery { after, ..ground.event_query(3) });
        let mend = "compare as u64: the id may be above what the database can hold";
        promise(found.len() == count, "those with a higher id than `after`", mend, (after, found));
    }
}

/// The events of one pass are listed apart, also when it is gone.
pub async fn events_of_a_pass(store: &dyn Store) {
    let ground = Ground::new(store, "events_of_a_pass");
    let tag = ground.create("a").await;
    ground.create("A").await;
    ground.create_pass(new_pass(ground.key_of(EVENT, "a"))).await;
    for (name, serial) in [("phone", "a"), ("phone", "A"), ("tablet", "a")] {
        ground.register(name, serial, "aa", 1).await;
    }
    let pass = Some(ground.key_of(EVENT, "a"));
    ground.one(Write::AppendEvent(NewEvent { pass, ..ground.event("scanned") })).await;
    let pass = Some(ground.key("a"));
    ground.one(Write::AppendEvent(NewEvent { pass: pass.clone(), ..ground.event("scanned") })).await;
    ground.one(Write::AppendEvent(ground.event("scanned"))).await;
    ground.delete("a", tag).await;
    for limit in [1, 100] {
        let found = walk!(store, events, EventQuery { pass: pass.clone(), ..ground.event_query(limit) });
        let kinds: Vec<_> = found.iter().map(|event| event.event.kind.as_str()).collect();
        let expected = [Event::INSTALLED, Event::INSTALLED, "scanned", Event::REMOVED, Event::REMOVED];
        let mend = "look up by tenant, pass type and serial; keep the events of a pass that goes";
        promise(kinds == expected, "those of one pass only; also of one that is gone", mend, &found);
        let after = Some(found[1].id);
        let query = EventQuery { pass: pass.clone(), after, ..ground.event_query(limit) };
        let rest = walk!(store, events, query);
        promise(rest == found[2..], "`after` and `pass` both hold", mend, rest);
    }
}

/// Events go up to and with an id, those of a tenant; those after it stay, and no id is given again.
pub async fn events_are_pruned(store: &dyn Store) {
    let ground = Ground::new(store, "events_are_pruned.1");
    let other = Ground::new(store, "events_are_pruned.2");
    for number in 0..6 {
        for ground in [&ground, &other] {
            let pass = (number % 2 == 0).then(|| ground.key("a"));
            ground.one(Write::AppendEvent(NewEvent { pass, ..ground.event(&format!("kind {number}")) })).await;
        }
    }
    let (all, of_other) = (ground.events().await, other.events().await);
    let (sentence, mend) =
        ("events go up to and with the id, and how many is told", "compare the id with <=, and count");
    for (through, gone) in [(0, 0), (all[2].id, 3), (all[2].id, 0), (all[0].id, 0)] {
        let pruned = ground.prune(through).await;
        promise(pruned == gone, sentence, mend, (through, pruned, "instead of", gone));
    }
    let left = ground.events().await;
    promise(left == all[3..], sentence, mend, left);
    let pass = Some(ground.key("a"));
    let of_pass = walk!(store, events, EventQuery { pass, ..ground.event_query(2) });
    promise(of_pass == all[4..5], sentence, "prune them from the list of their pass too", of_pass);
    for (after, rest) in [(all[0].id, 3..), (all[2].id, 3..), (all[3].id, 4..)] {
        let found = walk!(store, events, EventQuery { after: Some(after), ..ground.event_query(2) });
        let sentence = "the way to go on where an earlier walk ended, also when that event was pruned";
        promise(found == all[rest], sentence, "compare ids; the one of `after` need not be there", (after, found));
    }
    let written = ground.commit(vec![Write::AppendEvent(ground.event("last")), ground.pruning(u64::MAX)]).await;
    let gone = pruned(written[1]);
    promise(gone == 4, "each write sees those before it; an id may be above what the database holds", mend, gone);
    let left = ground.events().await;
    promise(left.is_empty(), sentence, mend, left);
    ground.one(Write::AppendEvent(ground.event("new"))).await;
    let new = there(ground.events().await, "an event is listed until it is pruned");
    let mend = "keep the counter in a row of its own, apart from the events";
    promise(new.id > all[5].id + 1, "the ids of events are never given twice", mend, (&all, &new));
    let found = walk!(store, events, EventQuery { after: Some(all[5].id), ..ground.event_query(2) });
    promise(found == [new], "whoever goes on after an event misses none", mend, found);
    let found = other.events().await;
    promise(found == of_other, "no call for one tenant changes anything of another", "compare the tenant", found);
    let nobody = Ground::new(store, "events_are_pruned.3").prune(u64::MAX).await;
    promise(nobody == 0, "a tenant without events has none to prune", "give 0", nobody);
}

/// One write removes no more than so many events, those with the lowest ids, and the next one the rest.
pub async fn a_prune_has_an_end(store: &dyn Store) {
    let ground = Ground::new(store, "a_prune_has_an_end");
    let extra = 3;
    append_so_many(&ground, Write::MOST_PRUNED + extra).await;
    let first = there(ground.events().await, "events are listed").id;
    let sentence = "at most `MOST_PRUNED` go in one write, those with the lowest ids first";
    let mend = "order by id and limit";
    for (gone, left) in [(Write::MOST_PRUNED, extra), (extra - 1, 1), (0, 1)] {
        let pruned = ground.prune(first + Write::MOST_PRUNED + extra - 2).await;
        promise(pruned == gone, sentence, mend, (pruned, "instead of", gone));
        let ids: Vec<_> = ground.events().await.into_iter().map(|event| event.id).collect();
        let is_end = ids.len() as u64 == left && ids.last() == Some(&(first + Write::MOST_PRUNED + extra - 1));
        promise(is_end, sentence, mend, (ids, "instead of the last", left));
    }
}

/// Those who prune at the same time remove each event once, and none of them is told too early that none is left.
pub async fn racing_prunes_count_each_event_once(handles: &[Arc<dyn Store>]) {
    let store = handle(handles, 0);
    let ground = Ground::new(&*store, "racing_prunes_count_each_event_once");
    const EACH: u64 = 1500;
    let count = Write::MOST_PRUNED + EACH;
    append_so_many(&ground, count).await;
    let racers: Vec<_> = (0..2)
        .map(|index| {
            let (store, write) = (handle(handles, index), ground.pruning(u64::MAX));
            tokio::spawn(async move {
                let written = done(store.commit(vec![write]).await, "racing prunes are no error");
                pruned(there(written, "what became of each write is told"))
            })
        })
        .collect();
    let mut gone = Vec::new();
    for racer in racers {
        gone.push(racer.await.unwrap());
    }
    gone.sort_unstable();
    let sentence = "fewer than `MOST_PRUNED` are told when none is left of those that were to go";
    promise(gone == [EACH, Write::MOST_PRUNED], sentence, "let one prune of a tenant wait for the other", gone);
}

async fn append_so_many(ground: &Ground<'_>, count: u64) {
    let mut left = count;
    while left > 0 {
        let some = left.min(1000);
        ground.commit((0..some).map(|_| Write::AppendEvent(ground.event("e"))).collect()).await;
        left -= some;
    }
}
