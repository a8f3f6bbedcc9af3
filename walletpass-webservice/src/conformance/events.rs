//! Events: a log that is read on from where one was.

use bytes::Bytes;

use super::ground::{EVENT, Ground, at, new_pass, promise, walk};
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
