//! Lists in pieces: nothing twice, nothing left out, whatever others do meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ground::{Ground, Pace, done, handle, invalid, promise, there};
use crate::store::{Cursor, EventQuery, NewEvent, Page, PassQuery, RegistrationQuery, Store, TaskQuery, Write};

/// Walks a list in pages of three while `$between` changes other things; gives what each item is called.
macro_rules! walk_while {
    ($store:expr, $list:ident, $query:expr, $name:expr, $between:expr) => {{
        let (mut query, mut names, mut pages) = ($query, Vec::new(), 0);
        loop {
            let page = done($store.$list(&query).await, "a list is read page by page");
            names.extend(page.items.iter().map($name));
            $between(pages).await;
            pages += 1;
            promise(pages < 1000, "an absent `next` ends the walk", "come to an end", pages);
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break names,
            }
        }
    }};
}

/// Passes that stay are listed once while others come, go and change: from the first, and from the last.
pub async fn a_walk_over_passes_holds_still(store: &dyn Store) {
    for newest_first in [false, true] {
        let ground = Ground::new(store, &format!("a_walk_over_passes.{newest_first}"));
        for number in 0..20 {
            ground.create(&format!("stays{number}")).await;
            ground.create(&format!("goes{number}")).await;
        }
        let between = async |page: u64| {
            if page < 20 {
                ground.create(&format!("comes{page}")).await;
                // From both ends, so that what goes is before and behind the place of the walk.
                for serial in [format!("goes{page}"), format!("goes{}", 19 - page)] {
                    if let Some(tag) = ground.tag(&serial).await {
                        ground.delete(&serial, tag).await;
                    }
                }
                let serial = format!("stays{page}");
                let tag = there(ground.tag(&serial).await, "a pass is there until it is deleted");
                ground.update(&serial, tag).await;
            }
        };
        let query = PassQuery { newest_first, limit: 3, ..PassQuery::new(ground.tenant.clone()) };
        let name = |pass: &crate::store::StoredPass| pass.pass.key.serial.as_str().to_owned();
        let names = walk_while!(store, passes, query, name, between);
        let mut expected: Vec<_> = (0..20).map(|number| format!("stays{number}")).collect();
        if newest_first {
            expected.reverse();
        }
        holds_still(names, &expected, "the tag of the creation, which no update changes");
    }
}

/// Documents that stay are listed once while others come and go.
pub async fn a_walk_over_documents_holds_still(store: &dyn Store) {
    let ground = Ground::new(store, "a_walk_over_documents_holds_still");
    for number in 10..30 {
        ground
            .commit(vec![ground.put(&format!("{number}-stays"), None), ground.put(&format!("{number}-goes"), None)])
            .await;
    }
    let between = async |page: u64| {
        let number = 10 + page;
        if page < 20 {
            ground.one(ground.put(&format!("{number}-comes"), None)).await;
            for name in [format!("{number}-goes"), format!("{}-goes", 39 - number)] {
                if let Some(expected) = ground.revision(&name).await {
                    ground.one(Write::DeleteDocument { key: ground.document_key(&name), expected }).await;
                }
            }
            let name = format!("{number}-stays");
            let expected = ground.revision(&name).await;
            ground.one(ground.put(&name, expected)).await;
        }
    };
    let name = |document: &crate::store::Document| document.key.name.clone();
    let names = walk_while!(store, documents, ground.documents(3), name, between);
    let expected: Vec<_> = (10..30).map(|number| format!("{number}-stays")).collect();
    holds_still(names, &expected, "the name");
}

/// Registrations that stay are listed once while others come and go, and while devices register again.
pub async fn a_walk_over_registrations_holds_still(store: &dyn Store) {
    let ground = Ground::new(store, "a_walk_over_registrations_holds_still");
    ground.create("a").await;
    for number in 0..20 {
        ground.register(&format!("goes{number}"), "a", "aa", 1).await;
        ground.register(&format!("stays{number}"), "a", "bb", 1).await;
    }
    let between = async |page: u64| {
        if page < 20 {
            ground.register(&format!("comes{page}"), "a", "cc", 2).await;
            ground.register(&format!("stays{page}"), "a", "dd", 3).await;
            ground.unregister(&format!("goes{page}"), "a").await;
            ground.unregister(&format!("goes{}", 19 - page), "a").await;
        }
    };
    let query = RegistrationQuery { pass: ground.key("a"), cursor: None, limit: 3 };
    let name = |registration: &crate::store::Registration| registration.device.as_str().to_owned();
    let mut names = walk_while!(store, registrations, query, name, between);
    let mut expected: Vec<_> = (0..20).map(|number| format!("stays{number}")).collect();
    expected.sort_unstable();
    names.sort_unstable(); // in whatever order
    holds_still(names, &expected, "a number of the registration, which stays when the device registers again");
}

/// Tasks that stay are listed once while others are enqueued, leased and finished.
pub async fn a_walk_over_tasks_holds_still(store: &dyn Store) {
    let ground = Ground::new(store, "a_walk_over_tasks_holds_still");
    for number in 0..20 {
        ground.enqueue(&format!("goes{number}"), number).await;
        ground.enqueue(&format!("stays{number}"), 1000).await;
    }
    let between = async |page: u64| {
        if page < 20 {
            ground.enqueue(&format!("comes{page}"), 2000).await;
            for task in done(store.claim(&ground.claiming(100, 1)).await, "tasks that are due are leased") {
                ground.one(Write::FinishTask(task.lease())).await;
            }
        }
    };
    let name = |task: &crate::store::Task| task.task.key.clone();
    let names = walk_while!(store, tasks, ground.task_query(3), name, between);
    let expected: Vec<_> = (0..20).map(|number| format!("stays{number}")).collect();
    holds_still(names, &expected, "the id");
}

/// Events that stay are listed once while those before them are pruned, before and behind the place of the walk.
pub async fn a_walk_over_events_outlives_a_prune(store: &dyn Store) {
    for of_pass in [false, true] {
        let ground = Ground::new(store, &format!("a_walk_over_events.{of_pass}"));
        let pass = of_pass.then(|| ground.key("a"));
        let append = async |kind: String| {
            ground.one(Write::AppendEvent(NewEvent { pass: pass.clone(), ..ground.event(&kind) })).await;
        };
        for number in 0..20 {
            append(format!("goes{number}")).await;
        }
        for number in 0..10 {
            append(format!("stays{number}")).await;
        }
        let all = ground.events().await;
        let between = async |page: u64| {
            // What was seen goes on the first page, on the second what is still to come.
            if let Some(last) = [1, 12, 19].get(page as usize).and_then(|index| all.get(*index)) {
                ground.prune(last.id).await;
                append(format!("comes{page}")).await;
            }
        };
        let query = EventQuery { pass: pass.clone(), ..ground.event_query(3) };
        let name = |event: &crate::store::Event| event.event.kind.clone();
        let names = walk_while!(store, events, query, name, between);
        let expected: Vec<_> = (0..10).map(|number| format!("stays{number}")).collect();
        holds_still(names, &expected, "the id");
    }
}

#[track_caller]
fn holds_still(names: Vec<String>, expected: &[String], key: &str) {
    let sentence = "a walk gives each item that was there all the time exactly once, and none twice";
    let mend = format!("let a cursor say after which item to go on, by {key}; never how many to skip");
    let unique: BTreeSet<_> = names.iter().collect();
    promise(unique.len() == names.len(), sentence, &mend, ("some item was listed twice", &names));
    let stayed: Vec<_> = names.iter().filter(|name| name.contains("stays")).cloned().collect();
    promise(stayed == expected, sentence, &mend, (&stayed, "instead of", expected));
}

/// Every list ends, at any limit: also at the exact number of items, and when it is empty.
pub async fn every_walk_ends(store: &dyn Store) {
    let ground = Ground::new(store, "every_walk_ends");
    for count in 0..4 {
        for limit in [1, 2, 3, 4, 1000, usize::MAX] {
            let pass = ground.key("s0");
            let counts = [
                ground.passes(limit).await.len(),
                super::ground::walk!(store, documents, ground.documents(limit)).len(),
                ground.registrations_of(pass.clone(), limit).await.len(),
                super::ground::walk!(store, tasks, ground.task_query(limit)).len(),
                super::ground::walk!(store, events, ground.event_query(limit)).len(),
            ];
            let sentence = "a page walk, from no cursor to no next one, gives each item";
            promise(counts == [count; 5], sentence, "give `next` when there may be more", (counts, count, limit));
        }
        ground.create(&format!("s{count}")).await;
        ground
            .commit(vec![
                ground.put(&format!("d{count}"), None),
                ground.registering(&format!("device{count}"), "s0", "aa", 1),
                Write::EnqueueTask(ground.task(&format!("k{count}"), 0)),
            ])
            .await;
    }
}

/// A cursor of another list, of another query, or of nobody is refused.
pub async fn foreign_cursors_are_refused(store: &dyn Store) {
    let ground = Ground::new(store, "foreign_cursors_are_refused");
    for name in ["a", "b"] {
        ground.create(name).await;
        ground.commit(vec![ground.put(name, None), Write::EnqueueTask(ground.task(name, 0))]).await;
    }
    for name in ["phone", "tablet"] {
        ground.register(name, "a", "aa", 1).await;
    }
    let passes = PassQuery { limit: 1, ..PassQuery::new(ground.tenant.clone()) };
    let registrations = RegistrationQuery { pass: ground.key("a"), cursor: None, limit: 1 };
    let (documents, tasks, events) = (ground.documents(1), ground.task_query(1), ground.event_query(1));
    let cursors = [
        done(store.passes(&passes).await, "a list is read").next,
        done(store.documents(&documents).await, "a list is read").next,
        done(store.registrations(&registrations).await, "a list is read").next,
        done(store.tasks(&tasks).await, "a list is read").next,
        done(store.events(&events).await, "a list is read").next,
    ];
    let sentence = "a cursor is safe in a URL: A-Z a-z 0-9 . _ -";
    for cursor in cursors.iter().flatten() {
        let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        promise(cursor.as_str().bytes().all(is_legal), sentence, "write hexadecimal digits, say", cursor);
        let is_hidden = !cursor.as_str().contains("phone") && !cursor.as_str().contains("tablet");
        promise(
            is_hidden,
            "whoever knows a device may ask for its passes, so a cursor does not show it",
            "number registrations",
            (),
        );
    }
    let made_up = ["", "x", "0", "-1", "' OR 1=1 --", "99999999999999999999999999", "\u{0}", "é"].map(Cursor::new);
    let long = Cursor::new("0".repeat(100_000));
    for (from, cursor) in
        cursors.iter().cloned().enumerate().chain([(9, Some(long))]).chain(made_up.map(|cursor| (9, Some(cursor))))
    {
        let Some(cursor) = cursor else {
            promise(false, "a page that is not the last has a `next`", "give it", from);
            continue;
        };
        let given = format!("a cursor {:.40?} of list {from}", cursor.as_str());
        if from != 0 {
            invalid(store.passes(&PassQuery { cursor: Some(cursor.clone()), ..passes.clone() }).await, &given);
        }
        if from != 1 {
            let query = crate::store::DocumentQuery { cursor: Some(cursor.clone()), ..documents.clone() };
            invalid(store.documents(&query).await, &given);
        }
        if from != 2 {
            let query = RegistrationQuery { cursor: Some(cursor.clone()), ..registrations.clone() };
            invalid(store.registrations(&query).await, &given);
        }
        if from != 3 {
            invalid(store.tasks(&TaskQuery { cursor: Some(cursor.clone()), ..tasks.clone() }).await, &given);
        }
        if from != 4 {
            invalid(store.events(&EventQuery { cursor: Some(cursor), ..events.clone() }).await, &given);
        }
    }
    let [of_passes, _, of_registrations, of_tasks, of_events] = cursors;
    let other = PassQuery { newest_first: true, cursor: of_passes, ..passes };
    invalid(store.passes(&other).await, "a cursor of a walk in the other direction");
    let other = RegistrationQuery { pass: ground.key("b"), cursor: of_registrations, limit: 1 };
    invalid(store.registrations(&other).await, "a cursor of another pass");
    let other = TaskQuery { dead_only: true, cursor: of_tasks, ..tasks };
    invalid(store.tasks(&other).await, "a cursor of a walk over all tasks");
    let other = EventQuery { pass: Some(ground.key("a")), cursor: of_events, ..events };
    invalid(store.events(&other).await, "a cursor of a walk over all events");
}

/// Each read sees all commits that returned before it began, through whatever handle.
pub async fn reads_see_what_was_committed(handles: &[Arc<dyn Store>]) {
    let store = handle(handles, 0);
    let ground = Ground::new(&*store, "reads_see_what_was_committed");
    let readers: Vec<_> = (0..4)
        .map(|index| {
            let (writer, reader) = (handle(handles, index), handle(handles, index + 1));
            let tenant = ground.tenant.clone();
            tokio::spawn(async move {
                let (writer, reader) =
                    (Ground { store: &*writer, tenant: tenant.clone() }, Ground { store: &*reader, tenant });
                let (serial, name) = (format!("s{index}"), format!("device{index}"));
                let mut tag = writer.create(&serial).await;
                writer.register(&name, &serial, "aa", 1).await;
                for round in 0..10 {
                    tag = writer.update(&serial, tag).await;
                    let key = format!("{serial}-{round}");
                    writer.commit(vec![writer.put(&key, None), Write::EnqueueTask(writer.task(&key, 0))]).await;
                    let found = reader.tag(&serial).await;
                    let (sentence, mend) =
                        ("each read sees all commits that returned before it began", "read from where is written");
                    promise(found == Some(tag), sentence, mend, (found, tag));
                    let changes = reader.changes(&name, None).await;
                    promise(changes.as_ref().is_some_and(|changes| changes.tag == tag), sentence, mend, &changes);
                    promise(reader.revision(&key).await.is_some(), sentence, mend, &key);
                    let tasks = reader.tasks().await;
                    promise(tasks.iter().any(|task| task.task.key == key), sentence, mend, (&key, tasks.len()));
                }
            })
        })
        .collect();
    for reader in readers {
        reader.await.unwrap();
    }
}

/// A read never sees half of a commit.
pub async fn reads_never_see_half_a_commit(handles: &[Arc<dyn Store>]) {
    let store = handle(handles, 0);
    let ground = Ground::new(&*store, "reads_never_see_half_a_commit");
    let pace = Pace::default();
    let writer = {
        let (store, tenant, pace) = (handle(handles, 0), ground.tenant.clone(), pace.clone());
        tokio::spawn(async move {
            let ground = Ground { store: &*store, tenant };
            for round in 0..30 {
                let event = |half: &str| Write::AppendEvent(ground.event(&format!("{round}.{half}")));
                let create = |half: &str| Write::CreatePass(ground.pass(&format!("{round}.{half}")));
                ground.commit(vec![event("a"), create("a"), event("b"), create("b")]).await;
                pace.wait().await;
            }
        })
    };
    let reader = handle(handles, 1);
    let all = PassQuery { limit: 1000, ..PassQuery::new(ground.tenant.clone()) };
    loop {
        let is_over = writer.is_finished();
        let events = done(reader.events(&ground.event_query(1000)).await, "events are listed");
        let passes = done(reader.passes(&all).await, "passes are listed");
        is_whole(&events, "events");
        is_whole(&passes, "passes");
        if is_over {
            break;
        }
        pace.step().await;
    }
    writer.await.unwrap();
    let at_end = (ground.passes(7).await.len(), ground.events().await.len());
    promise(at_end == (60, 60), "no commit is lost", "keep them", at_end);
}

/// Only a page that is the whole list is judged: where a shorter one ends is up to the store.
fn is_whole<T>(page: &Page<T>, what: &str) {
    let count = if page.next.is_none() { page.items.len() } else { 0 };
    let mend = "read a page in one statement or one snapshot";
    promise(count.is_multiple_of(2), "a read never sees half of a commit", mend, (count, what, "of commits of two"));
}
