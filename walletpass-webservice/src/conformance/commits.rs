//! Commits: all or nothing, in their order.

use super::ground::{Ground, at, conflict, device, promise, tag};
use crate::store::{Event, Lease, Store, StoreError, Tag, Write, Written};

/// A commit of no writes does nothing.
pub async fn an_empty_commit_does_nothing(store: &dyn Store) {
    let ground = Ground::new(store, "an_empty_commit_does_nothing");
    promise(ground.commit(Vec::new()).await.is_empty(), "a commit of no writes does nothing", "give an empty list", ());
}

/// Each write sees those before it, and what became of each is told in their order.
pub async fn each_write_sees_those_before(store: &dyn Store) {
    let ground = Ground::new(store, "each_write_sees_those_before");
    let written = ground
        .commit(vec![
            Write::CreatePass(ground.pass("a")),
            ground.registering("phone", "a", "aa", 1),
            ground.registering("phone", "a", "bb", 2),
            Write::AppendEvent(ground.event("first")),
            Write::Unregister { device: device("phone"), pass: ground.key("a"), at: at(3) },
            Write::Unregister { device: device("phone"), pass: ground.key("a"), at: at(4) },
            Write::AppendEvent(ground.event("second")),
            Write::CreatePass(ground.pass("b")),
            Write::EnqueueTask(ground.task("k", 0)),
            Write::EnqueueTask(ground.task("k", 1)),
        ])
        .await;
    let (first, second) = (tag(written[0]), tag(written[7]));
    let expected = [
        Written::Pass(first),
        Written::Registered { is_new: true },
        Written::Registered { is_new: false },
        Written::Done,
        Written::Removed { registrations: 1 },
        Written::Removed { registrations: 0 },
        Written::Done,
        Written::Pass(second),
        Written::Done,
        Written::Done,
    ];
    let mend = "do the writes one after the other within the transaction";
    promise(written == expected, "each write sees those before it", mend, &written);
    promise(first < second, "each write of a pass gives it the next number", mend, (first, second));
    let events = ground.event_lines().await;
    let expected = [&format!("{} a", Event::INSTALLED), "first", &format!("{} a", Event::REMOVED), "second"];
    promise(events == expected, "the writes of a commit happen in their order", mend, events);
    let tasks = ground.tasks().await;
    promise(tasks.len() == 1 && tasks[0].task.due == at(1), "each write sees those before it", mend, tasks);
}

/// Of two updates in one commit that expect the same tag the second is a conflict, and undoes the first.
pub async fn a_commit_can_conflict_with_itself(store: &dyn Store) {
    let ground = Ground::new(store, "a_commit_can_conflict_with_itself");
    let sentence = "each write sees those before it; after an `Err` nothing of the commit is there";
    let mend = "do the writes one after the other within one transaction, and roll it back";
    let twice = vec![Write::CreatePass(ground.pass("b")), Write::CreatePass(ground.pass("b"))];
    let result = store.commit(twice).await;
    promise(matches!(result, Err(StoreError::Conflict { .. })), sentence, mend, result);
    promise(ground.tag("b").await.is_none(), sentence, mend, "the pass is there");
    let before = ground.create("a").await;
    let update = Write::UpdatePass { pass: ground.pass("a"), expected: before };
    let result = store.commit(vec![update.clone(), update]).await;
    promise(matches!(result, Err(StoreError::Conflict { .. })), sentence, mend, result);
    promise(ground.tag("a").await == Some(before), sentence, mend, ground.tag("a").await);
}

/// When the last write fails, nothing of the others is there: whatever they are, and whatever the last one is.
pub async fn a_failing_last_write_undoes_all(store: &dyn Store) {
    let ground = Ground::new(store, "a_failing_last_write_undoes_all");
    let (kept, doomed) = (ground.create("kept").await, ground.create("doomed").await);
    ground.register("phone", "doomed", "aa", 1).await;
    ground.register("tablet", "doomed", "bb", 1).await;
    ground.commit(vec![ground.put("kept", None), ground.put("doomed", None)]).await;
    let (kept_document, doomed_document) = (ground.revision("kept").await, ground.revision("doomed").await);
    for key in ["finished", "retried", "buried", "dead", "discarded"] {
        ground.enqueue(key, 0).await;
    }
    let leases: Vec<Lease> = ground.claim(0).await.iter().map(|task| task.lease()).collect();
    promise(leases.len() == 5, "tasks that are due are leased", "give all of them up to the limit", &leases);
    for lease in &leases[3..] {
        ground.one(Write::BuryTask { lease: *lease, error: "no".to_owned() }).await;
    }
    ground.enqueue("renewed", 0).await;
    let before = picture(&ground).await;

    let (tenant, pass_type) = (ground.tenant.clone(), ground.key("kept").pass_type);
    let last_writes = [
        Write::CreatePass(ground.pass("kept")),
        Write::UpdatePass { pass: ground.pass("doomed"), expected: doomed },
        Write::DeletePass { key: ground.key("absent"), expected: Tag(1), at: at(2) },
        ground.put("kept", None),
        Write::DeleteDocument { key: ground.document_key("absent"), expected: 1 },
        ground.registering("phone", "absent", "aa", 2),
        Write::FinishTask(Lease { task: leases[0].task, attempt: 7 }),
        Write::RetryTask { lease: Lease { attempt: 7, ..leases[0] }, due: at(2), error: String::new() },
        Write::BuryTask { lease: Lease { attempt: 7, ..leases[0] }, error: String::new() },
        Write::ReviveTask { tenant: tenant.clone(), task: u64::MAX, due: at(2) },
        Write::DiscardTask { tenant: tenant.clone(), task: leases[0].task },
        Write::AppendEvent(ground.event("")),
    ];
    for last in last_writes {
        let shown = format!("{last:?}");
        let result = store
            .commit(vec![
                Write::CreatePass(ground.pass("new")),
                Write::UpdatePass { pass: ground.pass("kept"), expected: kept },
                ground.registering("watch", "kept", "cc", 2),
                ground.registering("phone", "kept", "dd", 2),
                Write::Unregister { device: device("tablet"), pass: ground.key("doomed"), at: at(2) },
                Write::ForgetToken {
                    tenant: tenant.clone(),
                    pass_type: pass_type.clone(),
                    push_token: super::ground::token("cc"),
                    until: at(3),
                    at: at(3),
                },
                Write::DeletePass { key: ground.key("doomed"), expected: doomed, at: at(2) },
                ground.put("new", None),
                ground.put("kept", kept_document),
                Write::DeleteDocument {
                    key: ground.document_key("doomed"),
                    expected: doomed_document.unwrap_or_default(),
                },
                Write::FinishTask(leases[0]),
                Write::RetryTask { lease: leases[1], due: at(9), error: "later".to_owned() },
                Write::BuryTask { lease: leases[2], error: "never".to_owned() },
                Write::ReviveTask { tenant: tenant.clone(), task: leases[3].task, due: at(9) },
                Write::DiscardTask { tenant: tenant.clone(), task: leases[4].task },
                Write::EnqueueTask(ground.task("renewed", 5)),
                Write::EnqueueTask(ground.task("new", 5)),
                Write::AppendEvent(ground.event("new")),
                ground.pruning(u64::MAX),
                last,
            ])
            .await;
        let sentence = "the writes of one commit happen all or none";
        let mend = "check and write within one transaction, and roll it back when a write fails";
        promise(result.is_err(), "a write that expects what is not so fails", mend, (&result, &shown));
        let after = picture(&ground).await;
        promise(before == after, sentence, mend, (&shown, "changed", &before, "into", &after));
    }
}

/// 1,000 writes are one commit.
pub async fn a_commit_takes_a_thousand_writes(store: &dyn Store) {
    let ground = Ground::new(store, "a_commit_takes_a_thousand_writes");
    let mut writes: Vec<Write> = (0..500).map(|number| Write::CreatePass(ground.pass(&format!("s{number}")))).collect();
    writes.extend((0..250).map(|number| Write::EnqueueTask(ground.task(&format!("k{number}"), number))));
    writes.extend((0..250).map(|_| Write::AppendEvent(ground.event("sold"))));
    let written = ground.commit(writes.clone()).await;
    let mend = "take 1,000 writes, if need be in several statements of one transaction";
    let rises = written[..500].windows(2).all(|pair| tag(pair[0]) < tag(pair[1]));
    promise(rises, "each write of a pass gives it the next number", mend, "tags that do not rise");
    let counts = (ground.passes(100).await.len(), ground.tasks().await.len(), ground.events().await.len());
    promise(counts == (500, 250, 250), "1,000 writes are taken by every store", mend, counts);
    let last = Write::CreatePass(ground.pass("s0"));
    writes.truncate(0);
    writes.extend((0..999).map(|number| Write::CreatePass(ground.pass(&format!("t{number}")))));
    writes.push(last);
    let found = ground.tag("s0").await.map(|tag| tag.0);
    conflict(store.commit(writes).await, found, "a pass that is there already is a conflict", mend);
    promise(ground.tag("t0").await.is_none(), "all or none, also of 1,000 writes", mend, "the first of them is there");
}

/// Everything there is of a tenant, in words.
async fn picture(ground: &Ground<'_>) -> Vec<String> {
    let mut picture: Vec<String> = Vec::new();
    let registered = [ground.registrations("kept").await, ground.registrations("doomed").await].concat();
    picture.extend(ground.passes(100).await.iter().map(|pass| format!("{pass:?}")));
    picture.extend(registered.iter().map(|registration| {
        let (device, token) = (registration.device.as_str(), registration.push_token.as_str());
        format!("registration {device} {token} {}", registration.registered)
    }));
    let documents = super::ground::walk!(ground.store, documents, ground.documents(100));
    picture.extend(documents.iter().map(|document| format!("{document:?}")));
    picture.extend(ground.tasks().await.iter().map(|task| format!("{task:?}")));
    picture.extend(ground.events().await.iter().map(|event| format!("{event:?}")));
    picture
}
