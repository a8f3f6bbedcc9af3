//! Leases: they exclude, expire, and fence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ground::{Ground, at, done, handle, lost, promise};
use crate::store::{Claim, Lease, Store, Task, TaskStatus, Write};

/// A leased task is given to no one else until the lease has run out; then it is.
pub async fn a_lease_excludes_and_expires(store: &dyn Store) {
    let ground = Ground::new(store, "a_lease_excludes_and_expires");
    let mend = "write the end of the lease, and give the task again when `now` has reached it";
    ground.enqueue("a", 0).await;
    let first = ground.claim_one(0).await;
    for now in [0, 5, 9] {
        let again = ground.claim(now).await;
        promise(again.is_empty(), "a task whose lease has not run out is not given", mend, (now, again));
    }
    let second = ground.claim_one(10).await;
    let expected = Task { attempts: 2, status: TaskStatus::Leased(at(20)), ..first };
    promise(second == expected, "when the lease has run out it may be leased again: one more attempt", mend, second);
    let listed = ground.tasks().await;
    promise(listed == [expected], "a list shows the lease", mend, listed);
}

/// A task that was committed and seen by no one is there later; one whose worker died comes back.
pub async fn a_crash_loses_no_task(store: &dyn Store) {
    let ground = Ground::new(store, "a_crash_loses_no_task");
    // The host commits a change with its task, and dies before it delivers.
    ground.commit(vec![Write::CreatePass(ground.pass("a")), Write::EnqueueTask(ground.task("a", 0))]).await;
    // A worker takes it a year later, and dies as well.
    let year = 365 * 86_400;
    let task = ground.claim_one(year).await;
    promise(task.attempts == 1, "each lease counts as one more attempt", "count leases only", &task);
    drop(task);
    let task = ground.claim_one(2 * year).await;
    let sentence = "a task that was claimed and never finished is claimed again";
    promise(task.attempts == 2 && task.task == ground.task("a", 0), sentence, "keep it until it is finished", &task);
    ground.one(Write::FinishTask(task.lease())).await;
    let left = ground.claim(3 * year).await;
    promise(left.is_empty(), "a finished task is gone", "delete it", left);
}

/// Who lost the lease finishes, puts back and buries nothing.
pub async fn a_void_lease_does_nothing(store: &dyn Store) {
    let ground = Ground::new(store, "a_void_lease_does_nothing");
    ground.enqueue("a", 0).await;
    let old = ground.claim_one(0).await;
    let new = ground.claim_one(10).await;
    let sentence = "a lease is good as long as the task is leased for this attempt; a later one voids it";
    let mend = "compare id, attempt and status in the statement that writes";
    let writes = |lease: Lease| {
        let error = "late".to_owned();
        [
            Write::FinishTask(lease),
            Write::RetryTask { lease, due: at(0), error: error.clone() },
            Write::BuryTask { lease, error },
        ]
    };
    let unknown = Lease { task: u64::MAX, attempt: 1 };
    let ahead = Lease { attempt: 3, ..new.lease() };
    let most = Lease { attempt: u32::MAX, ..new.lease() };
    let none = Lease { attempt: 0, ..new.lease() };
    for lease in [old.lease(), ahead, most, none, unknown] {
        for write in writes(lease) {
            lost(store.commit(vec![write]).await, lease.task, sentence, mend);
        }
        let listed = ground.tasks().await;
        promise(listed == [new.clone()], "nothing was written", mend, listed);
    }
    // With one lease a task is finished, put back or buried once.
    ground.one(Write::RetryTask { lease: new.lease(), due: at(50), error: "busy".to_owned() }).await;
    for write in writes(new.lease()) {
        lost(store.commit(vec![write]).await, new.id, "a lease is good once", mend);
    }
    let last = ground.claim_one(50).await;
    ground.one(Write::BuryTask { lease: last.lease(), error: "no".to_owned() }).await;
    for write in writes(last.lease()) {
        lost(store.commit(vec![write]).await, last.id, "a lease is good once", mend);
    }
}

/// A lease from before a task was renewed is void, although the number of attempts is the same again.
pub async fn a_renewed_task_voids_leases(store: &dyn Store) {
    let ground = Ground::new(store, "a_renewed_task_voids_leases");
    ground.enqueue("a", 0).await;
    let stale = ground.claim_one(0).await;
    let second = ground.claim_one(10).await;
    ground.one(Write::RetryTask { lease: second.lease(), due: at(11), error: "busy".to_owned() }).await;
    ground.enqueue("a", 11).await;
    let new = ground.claim_one(11).await;
    let sentence = "another takes its place, with an id of its own: leases of the one before mean nothing";
    let mend = "give a renewed task a new id, or its first attempt looks like the first one of the task before it";
    lost(store.commit(vec![Write::FinishTask(stale.lease())]).await, stale.id, sentence, mend);
    let listed = ground.tasks().await;
    promise(listed == [new], sentence, mend, listed);
}

/// A worker that is late finishes all the same when no one else has taken the task.
pub async fn a_late_lease_is_good_until_taken(store: &dyn Store) {
    let ground = Ground::new(store, "a_late_lease_is_good_until_taken");
    ground.enqueue("a", 0).await;
    let task = ground.claim_one(0).await;
    // The clock is far past the end of the lease, and another key was claimed meanwhile.
    ground.enqueue("b", 90).await;
    let claim = Claim { kinds: vec!["other".to_owned()], ..ground.claiming(99, 9) };
    done(store.claim(&claim).await, "a claim for a kind that has nothing due gives nothing");
    ground.one(Write::FinishTask(task.lease())).await;
    let keys: Vec<_> = ground.tasks().await.into_iter().map(|task| task.task.key).collect();
    let sentence = "a lease is good also when the time has run out and no one else has taken the task";
    promise(keys == ["b"], sentence, "compare attempts, not times: a store reads no clock", keys);
}

/// Of one key one task at a time is given, in the order in which they were enqueued, also when the lease has run out.
pub async fn one_key_is_one_at_a_time(store: &dyn Store) {
    let ground = Ground::new(store, "one_key_is_one_at_a_time");
    let mend = "give no waiting task whose key is leased, however long ago; an expired one is given itself";
    ground.enqueue("a", 0).await;
    ground.enqueue("b", 0).await;
    let claimed = ground.claim(0).await;
    promise(claimed.len() == 2, "another key is no hindrance", mend, &claimed);
    ground.enqueue("a", 1).await;
    ground.enqueue("a", 2).await;
    let listed = ground.tasks().await;
    let sentence = "one that is leased is left alone, and the later one waits behind it";
    promise(listed.len() == 3 && listed[..2] == claimed[..], sentence, mend, &listed);
    let early = ground.claim(5).await;
    promise(early.is_empty(), "none of the same tenant, kind and key as a leased one is given", mend, early);
    // The lease has run out, but a store reads no clock: what is enqueued now waits behind it too.
    ground.enqueue("b", 3).await;
    let count = ground.tasks().await.len();
    promise(count == 4, "it is left alone, also when the lease has run out", mend, count);
    // The earlier one comes again, and still not the later one.
    let again = ground.claim(10).await;
    let keys: Vec<_> = again.iter().map(|task| (task.task.key.as_str(), task.attempts)).collect();
    let sentence = "what is done for one key is done one after the other, in the order in which it was enqueued";
    promise(keys == [("a", 2), ("b", 2)], sentence, mend, &again);
    ground.one(Write::FinishTask(again[0].lease())).await;
    let next = ground.claim_one(11).await;
    promise(next.task == ground.task("a", 2), "when it is done the later one's turn comes", mend, &next);
    ground.one(Write::BuryTask { lease: again[1].lease(), error: "no".to_owned() }).await;
    let next = ground.claim_one(12).await;
    promise(next.task == ground.task("b", 3), "when it is given up the later one's turn comes", mend, &next);
}

/// Also for a claim of its key a task waits behind the one that is leased, however long ago, which comes back itself.
pub async fn a_claim_of_a_key_waits_its_turn(store: &dyn Store) {
    let ground = Ground::new(store, "a_claim_of_a_key_waits_its_turn");
    let mend = "look for a leased one of the key first; when it has run out give it, and not the one that waits";
    let claim = async |now| {
        let claim = Claim { key: Some("a".to_owned()), ..ground.claiming(now, 9) };
        done(store.claim(&claim).await, "a claim is for one key")
    };
    ground.enqueue("a", 2).await;
    let early = claim(1).await;
    promise(early.is_empty(), "a task of the key is not given before it is due", mend, early);
    let first = claim(2).await;
    promise(first.len() == 1, "a task of the key is given when it is due", mend, &first);
    ground.enqueue("a", 3).await;
    for now in [3, 11] {
        let early = claim(now).await;
        promise(early.is_empty(), "none is given while one of the same tenant, kind and key is leased", mend, early);
    }
    let again = claim(12).await;
    let expected = Task { attempts: 2, status: TaskStatus::Leased(at(22)), ..first[0].clone() };
    let sentence = "when the lease has run out the same one is given, and not the one behind it";
    promise(again == [expected], sentence, mend, &again);
    lost(store.commit(vec![Write::FinishTask(first[0].lease())]).await, first[0].id, "a later lease voids it", mend);
    ground.one(Write::FinishTask(again[0].lease())).await;
    let next = claim(13).await;
    let is_next = next.len() == 1 && next[0].task == ground.task("a", 3) && next[0].attempts == 1;
    promise(is_next, "when it is done the later one's turn comes", mend, &next);
    // A dead one stands in nobody's way, and is given to no one.
    ground.one(Write::BuryTask { lease: next[0].lease(), error: "no".to_owned() }).await;
    let dead = claim(99).await;
    promise(dead.is_empty(), "one that was given up is done by no one", mend, dead);
    ground.enqueue("a", 5).await;
    let last = claim(99).await;
    promise(last.len() == 1 && last[0].task == ground.task("a", 5), "a dead one holds up none", mend, &last);
}

/// Workers that claim at the same time share the tasks: each is given to one, and each key to one at a time. Some claim whatever is due, others one key
/// after the other.
pub async fn of_racing_claims_each_gets_its_own(handles: &[Arc<dyn Store>]) {
    let store = handle(handles, 0);
    let ground = Ground::new(&*store, "of_racing_claims_each_gets_its_own");
    const TASKS: usize = 60;
    let writes = (0..TASKS).map(|number| Write::EnqueueTask(ground.task(&format!("k{number}"), number as i64)));
    ground.commit(writes.collect()).await;
    let workers: Vec<_> = (0..5)
        .map(|index| {
            let (store, tenant) = (handle(handles, index), ground.tenant.clone());
            tokio::spawn(async move {
                let ground = Ground { store: &*store, tenant };
                let (mut claimed, mut empty) = (Vec::new(), 0);
                let mut keys = (0..TASKS).map(|number| format!("k{number}")).filter(|_| index % 2 == 1);
                // A claim may find nothing while others hold what there is.
                while empty < 20 {
                    let claim = Claim { key: keys.next(), ..ground.claiming(100, 4) };
                    let tasks = done(store.claim(&claim).await, "racing claims are no error");
                    empty = if tasks.is_empty() { empty + 1 } else { 0 };
                    if claimed.len() > 2 * TASKS {
                        break; // far too many: it is said below
                    }
                    for task in tasks {
                        // Behind each that is leased another of its key is enqueued, which no one may get yet.
                        let behind = Write::EnqueueTask(ground.task(&task.task.key, 0));
                        ground.commit(vec![behind]).await;
                        claimed.push(task);
                    }
                    tokio::task::yield_now().await;
                }
                claimed
            })
        })
        .collect();
    let mut by_key: BTreeMap<String, Vec<Task>> = BTreeMap::new();
    for worker in workers {
        for task in worker.await.unwrap() {
            by_key.entry(task.task.key.clone()).or_default().push(task);
        }
    }
    let mend = "lock the rows that a claim takes (FOR UPDATE SKIP LOCKED), and look at their keys again under the lock";
    let twice: Vec<_> = by_key.values().filter(|tasks| tasks.len() > 1).collect();
    promise(twice.is_empty(), "no task is given to two, and no key either", mend, twice);
    promise(by_key.len() == TASKS, "no task is lost", mend, (by_key.len(), "were claimed of", TASKS));
    let ids: BTreeSet<u64> = ground.tasks().await.iter().map(|task| task.id).collect();
    promise(ids.len() == 2 * TASKS, "each has another behind it", mend, (ids.len(), "tasks are there of", 2 * TASKS));
}
