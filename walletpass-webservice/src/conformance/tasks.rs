//! Tasks: what waits, and what becomes of it.

use super::ground::{Ground, at, conflict, done, promise, there};
use crate::store::{Claim, Lease, NewTask, Store, Task, TaskStatus, Write, Written};

/// A task is leased when it is due, not before.
pub async fn a_task_waits_until_it_is_due(store: &dyn Store) {
    let ground = Ground::new(store, "a_task_waits_until_it_is_due");
    let (sentence, mend) = ("a task is not done before it is due", "compare `due` with `now`");
    ground.enqueue("a", 5).await;
    let early = ground.claim(4).await;
    promise(early.is_empty(), sentence, mend, early);
    let task = ground.claim_one(5).await;
    let expected =
        Task { id: task.id, task: ground.task("a", 5), attempts: 1, status: TaskStatus::Leased(at(15)), error: None };
    promise(task == expected && task.id > 0, "a claim gives the task as it is leased now", mend, (&task, &expected));
    let listed = ground.tasks().await;
    promise(listed == [expected], "a list shows the task as it is leased", mend, listed);
}

/// Those that are due longest come first, no more than the limit, and of the kinds that are asked for.
pub async fn claims_are_in_order(store: &dyn Store) {
    let ground = Ground::new(store, "claims_are_in_order");
    for (kind, key, due) in [
        ("wake", "a", 3),
        ("google", "b", 1),
        ("wake", "c", 2),
        ("wake", "d", 1),
        ("wake.", "e", 0),
        ("hook", "f", 0),
        ("wake", "late", 99),
    ] {
        ground.one(Write::EnqueueTask(NewTask { kind: kind.to_owned(), ..ground.task(key, due) })).await;
    }
    let mend =
        "filter by kind, order by due and id, stop at the limit; check what comes out, as a lock may change the order";
    for (kinds, limit, expected) in [
        (vec!["wake", "google"], 3, "b d c"),
        (vec!["hook"], 5, "f"),
        (vec!["absent"], 5, ""),
        (vec![], 1, "e"),
        (vec![], 100, "a"),
    ] {
        let kinds = kinds.into_iter().map(str::to_owned).collect();
        let claim = Claim { kinds, ..ground.claiming(10, limit) };
        let claimed = done(store.claim(&claim).await, "tasks that are due are leased");
        let found: Vec<_> = claimed.iter().map(|task| task.task.key.as_str()).collect();
        let sentence = "it leases those that are due longest first, of these kinds only, and at most `limit`";
        promise(found.join(" ") == expected, sentence, mend, (&claim.kinds, limit, found, "instead of", expected));
    }
}

/// A claim without a tenant is for all tenants; one with a tenant is for that one.
pub async fn a_claim_is_of_one_tenant_or_all(store: &dyn Store) {
    let one = Ground::new(store, "a_claim_is_of_one_tenant.1");
    let other = Ground::new(store, "a_claim_is_of_one_tenant.2");
    // The kind is of this case only, as other tenants may have tasks too.
    let kind = "suite.all-tenants".to_owned();
    for (ground, key, due) in [(&one, "a", 2), (&other, "b", 1), (&one, "c", 1), (&other, "a", 3)] {
        ground.one(Write::EnqueueTask(NewTask { kind: kind.clone(), ..ground.task(key, due) })).await;
    }
    let claim = Claim { kinds: vec![kind.clone()], ..one.claiming(10, 1) };
    let mend = "compare the tenant if there is one; a key is of a tenant and a kind";
    let first = done(store.claim(&claim).await, "a claim is of one tenant");
    let keys = |tasks: &[Task]| tasks.iter().map(|task| task.task.key.clone()).collect::<Vec<_>>();
    promise(keys(&first) == ["c"], "those of one tenant only", mend, &first);
    let claim = Claim { tenant: None, limit: 100, ..claim };
    let rest = done(store.claim(&claim).await, "a claim is of all tenants");
    promise(keys(&rest) == ["b", "a", "a"], "without a tenant those of all, due longest first", mend, &rest);
}

/// A claim with a key is for the tasks of this key, of the kinds and the tenant that are asked, whatever else is due.
pub async fn a_claim_is_of_one_key_or_all(store: &dyn Store) {
    let ground = Ground::new(store, "a_claim_is_of_one_key.1");
    let other = Ground::new(store, "a_claim_is_of_one_key.2");
    for (ground, kind, key, due) in [
        (&other, "wake", "a", 0),
        (&ground, "wake", "b", 0),
        (&ground, "wake", "a ", 0),
        (&ground, "wake", "ab", 0),
        (&ground, "wake", "A", 0),
        (&ground, "hook", "a", 1),
        (&ground, "mail", "a", 1),
        (&ground, "late", "a", 99),
        (&ground, "wake", "a", 3),
        (&ground, "google", "a", 2),
    ] {
        ground.one(Write::EnqueueTask(NewTask { kind: kind.to_owned(), ..ground.task(key, due) })).await;
    }
    let mend = "compare the key as well, together with tenant and kind, by an index of the three";
    let sentence = "with a key it leases the tasks of this key, due longest first, at most `limit`";
    for (key, kinds, limit, expected) in [
        ("absent", vec![], 9, ""),
        ("b", vec!["google"], 9, ""),
        ("a", vec!["wake", "google", "absent"], 9, "google a, wake a"),
        ("a", vec!["wake", "google"], 9, ""),
        ("a", vec![], 1, "hook a"),
        ("a", vec![], usize::MAX, "mail a"),
    ] {
        let kinds = kinds.into_iter().map(str::to_owned).collect();
        let claim = Claim { kinds, key: Some(key.to_owned()), ..ground.claiming(10, limit) };
        let claimed = done(store.claim(&claim).await, "a claim is for one key");
        let found: Vec<_> = claimed.iter().map(|task| format!("{} {}", task.task.kind, task.task.key)).collect();
        let is_tenants = claimed.iter().all(|task| task.task.tenant == ground.tenant);
        let found = found.join(", ");
        promise(is_tenants && found == expected, sentence, mend, (key, &claim.kinds, found, "instead of", expected));
    }
    // All others are as they were.
    let listed = ground.tasks().await;
    let waiting: Vec<_> = listed.iter().filter(|task| task.status == TaskStatus::Waiting).collect();
    let keys: Vec<_> = waiting.iter().map(|task| task.task.key.as_str()).collect();
    promise(keys == ["b", "a ", "ab", "A", "a"], "it leases no others", mend, &listed);
    let task = other.claim_one(0).await;
    promise(task.attempts == 1, "it leases none of another tenant", mend, task);
}

/// While a task waits another of the same key takes its place.
pub async fn a_waiting_task_is_renewed(store: &dyn Store) {
    let ground = Ground::new(store, "a_waiting_task_is_renewed");
    let mend = "delete the waiting one of the same tenant, kind and key, and insert the new one";
    ground.enqueue("a", 5).await;
    let before = there(ground.tasks().await, "a task waits until it is done");
    ground.enqueue("a", 9).await;
    let after = ground.tasks().await;
    let sentence = "while a task waits, another of the same tenant, kind and key takes its place";
    let is_one = after.len() == 1 && after[0].task == ground.task("a", 9) && after[0].attempts == 0;
    promise(is_one, sentence, mend, &after);
    promise(before.id != after[0].id, "it has an id of its own", mend, (&before, &after));
    // Earlier as well as later.
    ground.enqueue("a", 1).await;
    let task = ground.claim_one(1).await;
    promise(task.task == ground.task("a", 1), sentence, mend, task);
    // Another kind and another key are other tasks.
    ground.enqueue("b", 1).await;
    ground.one(Write::EnqueueTask(NewTask { kind: "Wake".to_owned(), ..ground.task("b", 1) })).await;
    ground.enqueue("B", 1).await;
    let count = ground.tasks().await.len();
    promise(count == 4, "of the same tenant, kind and key", mend, count);
    // One that was tried before starts anew.
    let retried = ground.claim(1).await;
    for task in &retried {
        let error = "busy".to_owned();
        ground.one(Write::RetryTask { lease: task.lease(), due: at(2), error }).await;
    }
    ground.enqueue("b", 2).await;
    let found = ground.tasks().await;
    let renewed: Vec<_> = found.iter().filter(|task| task.task == ground.task("b", 2)).collect();
    let is_new = renewed.iter().any(|task| task.attempts == 0 && task.error.is_none());
    promise(is_new, "with no attempts yet", mend, found);
}

/// A task that fails waits again, and remembers why and how often.
pub async fn a_retried_task_waits_again(store: &dyn Store) {
    let ground = Ground::new(store, "a_retried_task_waits_again");
    let mend = "keep the task, its attempts and the error; set status and due";
    ground.enqueue("a", 0).await;
    let mut now = 0;
    for attempts in 1..4 {
        let task = ground.claim_one(now).await;
        promise(task.attempts == attempts, "each lease counts as one more attempt", mend, &task);
        now += 100;
        let error = format!("attempt {attempts} failed: \"503\"\nService Unavailable");
        ground.one(Write::RetryTask { lease: task.lease(), due: at(now), error: error.clone() }).await;
        let waiting = Task {
            task: NewTask { due: at(now), ..task.task.clone() },
            status: TaskStatus::Waiting,
            error: Some(error),
            ..task
        };
        let listed = ground.tasks().await;
        promise(listed == [waiting], "a task is put back, for another attempt", mend, listed);
        let early = ground.claim(now - 1).await;
        promise(early.is_empty(), "it is not done before it is due again", mend, early);
    }
}

/// A task that fails while a later one of its key waits gives way to that one.
pub async fn a_retried_task_gives_way(store: &dyn Store) {
    let ground = Ground::new(store, "a_retried_task_gives_way");
    let (sentence, mend) =
        ("if another of the same key waits by now, that one takes its place and this one goes", "delete it then");
    ground.enqueue("a", 0).await;
    let task = ground.claim_one(0).await;
    ground.enqueue("a", 3).await;
    ground.one(Write::RetryTask { lease: task.lease(), due: at(1), error: "busy".to_owned() }).await;
    let listed = ground.tasks().await;
    let is_later = listed.len() == 1 && listed[0].task == ground.task("a", 3) && listed[0].attempts == 0;
    promise(is_later, sentence, mend, listed);
    let early = ground.claim(2).await;
    promise(early.is_empty(), sentence, mend, early);
    ground.claim_one(3).await;
}

/// A task that is given up is kept to be looked at, and done by no one.
pub async fn a_buried_task_stays(store: &dyn Store) {
    let ground = Ground::new(store, "a_buried_task_stays");
    let mend = "set the status, keep the rest";
    ground.enqueue("a", 0).await;
    let task = ground.claim_one(0).await;
    ground.enqueue("a", 1).await;
    ground.enqueue("b", 999).await;
    let error = "token refused".to_owned();
    ground.one(Write::BuryTask { lease: task.lease(), error: error.clone() }).await;
    let dead = Task { status: TaskStatus::Dead, error: Some(error), ..task };
    let listed = ground.dead_tasks().await;
    promise(listed == [dead.clone()], "a task that was given up stays to be looked at", mend, listed);
    let all = ground.tasks().await;
    let mut keys: Vec<_> = all.iter().map(|task| task.task.key.as_str()).collect();
    promise(keys == ["a", "a", "b"], "tasks are listed in the order in which they were enqueued", mend, &keys);
    promise(all[0] == dead, "tasks are listed in the order in which they were enqueued", mend, &all);
    let waiting = ground.claim_one(500).await;
    let sentence = "a waiting task of the same key is not touched, and not held up by a dead one";
    promise(waiting.task == ground.task("a", 1), sentence, mend, &waiting);
    // A dead one does not stand in the way, nor is it renewed.
    ground.one(Write::FinishTask(waiting.lease())).await;
    ground.enqueue("a", 2).await;
    keys.clear();
    let listed = ground.dead_tasks().await;
    promise(listed == [dead], "a new task of the same key leaves a dead one alone", mend, listed);
}

/// A dead task can be sent again: as a new one.
pub async fn a_dead_task_is_revived(store: &dyn Store) {
    let ground = Ground::new(store, "a_dead_task_is_revived");
    let mend = "give it a new id and no attempts, so that no lease from before is good for it";
    let revive = |task, due| Write::ReviveTask { tenant: ground.tenant.clone(), task, due: at(due) };
    ground.enqueue("a", 0).await;
    let task = ground.claim_one(0).await;
    let not_dead = "one that is not there or not dead is a conflict";
    for id in [task.id, task.id + 1000, u64::MAX, 0] {
        conflict(store.commit(vec![revive(id, 1)]).await, None, not_dead, "look for a dead task of the tenant");
    }
    ground.one(Write::BuryTask { lease: task.lease(), error: "no".to_owned() }).await;
    ground.one(revive(task.id, 20)).await;
    let listed = ground.tasks().await;
    let is_anew = listed.len() == 1
        && listed[0].id != task.id
        && listed[0].attempts == 0
        && listed[0].status == TaskStatus::Waiting
        && listed[0].task == NewTask { due: at(20), ..task.task.clone() };
    promise(is_anew, "it makes a dead task wait again, with a new id and no attempts", mend, listed);
    conflict(store.commit(vec![revive(task.id, 1)]).await, None, not_dead, mend);
    let early = ground.claim(19).await;
    promise(early.is_empty(), "it is due when it is said", mend, early);
    let again = ground.claim_one(20).await;
    let stale = store.commit(vec![Write::FinishTask(task.lease())]).await;
    super::ground::lost(stale, task.id, "leases from before mean nothing", mend);
    ground.one(Write::FinishTask(again.lease())).await;
}

/// A dead task can be removed, and no other.
pub async fn a_dead_task_is_discarded(store: &dyn Store) {
    let ground = Ground::new(store, "a_dead_task_is_discarded.1");
    let other = Ground::new(store, "a_dead_task_is_discarded.2");
    let (sentence, mend) = ("one that is not there or not dead is a conflict", "look for a dead task of the tenant");
    let discard = |ground: &Ground<'_>, task| vec![Write::DiscardTask { tenant: ground.tenant.clone(), task }];
    let fails = async |ground: &Ground<'_>, task: u64, what: &str| {
        conflict(store.commit(discard(ground, task)).await, None, sentence, mend);
        promise(ground.tasks().await.iter().any(|found| found.id == task), sentence, mend, (what, "and gone"));
    };
    ground.enqueue("a", 0).await;
    ground.enqueue("b", 0).await;
    let waiting = there(ground.tasks().await, "a task waits until it is done").id;
    fails(&ground, waiting, "it waited").await;
    let leases: Vec<Lease> = ground.claim(0).await.iter().map(|task| task.lease()).collect();
    promise(leases.len() == 2, "tasks that are due are leased", "give all of them up to the limit", &leases);
    fails(&ground, leases[0].task, "it was leased").await;
    for lease in &leases {
        ground.one(Write::BuryTask { lease: *lease, error: "no".to_owned() }).await;
    }
    ground.enqueue("a", 5).await;
    for id in [leases[1].task + 1000, u64::MAX, 0] {
        conflict(store.commit(discard(&ground, id)).await, None, sentence, mend);
    }
    conflict(store.commit(discard(&other, leases[0].task)).await, None, "no call for one tenant changes another", mend);
    let done = ground.commit(discard(&ground, leases[0].task)).await;
    promise(done == [Written::Done], "a dead task is removed", "give `Written::Done`", done);
    let left: Vec<_> = ground.dead_tasks().await.iter().map(|task| task.id).collect();
    promise(left == [leases[1].task], "a dead task is removed, and no other", "delete the one of this id", left);
    let waits = ground.claim_one(5).await;
    promise(waits.task == ground.task("a", 5), "a task of the same key is not touched", "compare the id", &waits);
    promise(waits.id > leases[1].task, "no id is given twice", "take ids from a counter that never goes back", &waits);
    conflict(store.commit(discard(&ground, leases[0].task)).await, None, sentence, mend);
    let revived = Write::ReviveTask { tenant: ground.tenant.clone(), task: leases[0].task, due: at(9) };
    conflict(store.commit(vec![revived]).await, None, sentence, mend);
}

/// A dead task that is sent again gives way to a waiting one of its key.
pub async fn a_revived_task_gives_way(store: &dyn Store) {
    let ground = Ground::new(store, "a_revived_task_gives_way");
    let mend = "delete it then";
    ground.enqueue("a", 0).await;
    let task = ground.claim_one(0).await;
    ground.one(Write::BuryTask { lease: task.lease(), error: "no".to_owned() }).await;
    ground.enqueue("a", 5).await;
    ground.one(Write::ReviveTask { tenant: ground.tenant.clone(), task: task.id, due: at(1) }).await;
    let listed = ground.tasks().await;
    let is_later = listed.len() == 1 && listed[0].task == ground.task("a", 5);
    promise(is_later, "if another of the same key waits, that one takes its place and this one goes", mend, listed);
}

/// A finished task is gone, and its id is not given again.
pub async fn a_finished_task_is_gone(store: &dyn Store) {
    let ground = Ground::new(store, "a_finished_task_is_gone");
    let mut last = 0;
    for _ in 0..3 {
        ground.enqueue("a", 0).await;
        let task = ground.claim_one(0).await;
        let sentence = "no id is given twice, also not that of a task that is gone";
        promise(
            task.id > last,
            sentence,
            "take ids from a counter that never goes back (AUTOINCREMENT)",
            (last, task.id),
        );
        last = task.id;
        ground.one(Write::FinishTask(task.lease())).await;
        let left = ground.tasks().await;
        promise(left.is_empty(), "a finished task is gone", "delete it", left);
    }
    let lease = Lease { task: last, attempt: 1 };
    let mend = "give LeaseLost for a task that is gone";
    super::ground::lost(store.commit(vec![Write::FinishTask(lease)]).await, last, "a lease is good once", mend);
}
