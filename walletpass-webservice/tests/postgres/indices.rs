//! No call reads through a table: the server counts.

use walletpass_webservice::Tenant;
use walletpass_webservice::conformance::run;
use walletpass_webservice::store::{
    Claim, DocumentQuery, EventQuery, PassQuery, RegistrationQuery, Store, Tag, TaskQuery, Write, Written,
};

use crate::scratch::Scratch;
use crate::shop::{CLUB, at, device, document_key, event, key, pass, putting, registering, waking};

#[test]
fn no_call_reads_through_a_table() {
    run(async {
        let scratch = Scratch::new("indices").await;
        drop(scratch.store().await);
        let client = scratch.client().await;
        client.batch_execute(&format!("{FILL} {FILL_TASKS} ANALYZE;")).await.unwrap();
        scratch.left_alone().await;
        client.batch_execute("SELECT pg_stat_force_next_flush()").await.unwrap();
        let before = scans(&client).await;

        let store = scratch.options().pool_size(1).connect(&scratch.address()).await.unwrap();
        // The server plans a statement anew for each of the first calls, and then may take one plan for all.
        for round in 0..12 {
            every_call(&store, round).await;
        }
        drop(store);
        scratch.left_alone().await;
        let after = scans(&client).await;
        assert_eq!(before, after, "a table was read through");
        scratch.remove().await;
    });
}

/// Also while the server does not know what is in the table, when any index looks as good as any other.
#[test]
fn a_claim_of_a_key_reads_that_key() {
    run(async {
        let scratch = Scratch::new("keys").await;
        let connect = async || scratch.options().pool_size(1).connect(&scratch.address()).await.unwrap();
        let store = connect().await;
        let (client, other) = (scratch.client().await, scratch.client().await);
        client.batch_execute("ALTER TABLE tasks SET (autovacuum_enabled = off)").await.unwrap();
        // Plans for an empty table, which are kept;
        for key in 0..12 {
            assert!(store.claim(&of_key(Vec::new(), key)).await.unwrap().is_empty());
        }
        client.batch_execute(FILL_TASKS).await.unwrap();
        claim_keys(&store, 1).await;
        drop(store);
        // for one that is known to be large;
        claim_keys(&connect().await, 1000).await;
        // for one that is known;
        client.batch_execute("ANALYZE tasks").await.unwrap();
        claim_keys(&connect().await, 2002).await;
        // and for one that was looked at while it was filled, and so is believed to be empty.
        client.batch_execute("TRUNCATE tasks").await.unwrap();
        client.batch_execute(&format!("BEGIN; {FILL_TASKS}")).await.unwrap();
        other.batch_execute("ANALYZE tasks").await.unwrap();
        client.batch_execute("COMMIT").await.unwrap();
        claim_keys(&connect().await, 3001).await;
        scratch.left_alone().await;
        let read = "SELECT seq_tup_read + sum(idx_tup_read)::bigint
            FROM pg_stat_user_tables JOIN pg_stat_user_indexes USING (schemaname, relname)
            WHERE schemaname = current_schema() AND relname = 'tasks' GROUP BY seq_tup_read";
        let read: i64 = client.query_one(read, &[]).await.unwrap().get(0);
        assert!(read < 1000, "48 claims read {read} rows and entries of indices");
        scratch.remove().await;
    });
}

async fn claim_keys(store: &dyn Store, first: u64) {
    for round in 0..12 {
        let kinds = if round % 2 == 0 { Vec::new() } else { vec!["none".to_owned(), "wake".to_owned()] };
        let claimed = store.claim(&of_key(kinds, first + 3 * round)).await.unwrap();
        assert_eq!(claimed.len(), 1);
    }
}

fn of_key(kinds: Vec<String>, key: u64) -> Claim {
    Claim { tenant: Some(Tenant::default()), kinds, key: Some(key.to_string()), now: at(1), until: at(60), limit: 3 }
}

async fn every_call(store: &dyn Store, round: u64) {
    let tenant = Tenant::default();
    let own = format!("own-{round}");
    let tag = match store.commit(vec![Write::CreatePass(pass(&own, "{}"))]).await.unwrap()[..] {
        [Written::Pass(tag)] => tag,
        _ => panic!(),
    };
    store.commit(vec![registering("phone", &own), event("e"), waking(&own), putting(&own, "", None)]).await.unwrap();
    let updated = store.commit(vec![Write::UpdatePass { pass: pass(&own, "{}"), expected: tag }]).await.unwrap();
    let [Written::Pass(tag)] = updated[..] else { panic!() };
    assert!(store.pass(&key("4711")).await.unwrap().is_some());
    let all = PassQuery::new(tenant.clone());
    let of_type = PassQuery { pass_type: Some(CLUB.parse().unwrap()), ..all.clone() };
    let of_template = PassQuery { template: Some("rare".to_owned()), ..all.clone() };
    let of_state = PassQuery { state: Some(walletpass_core::State::Voided), ..all.clone() };
    let of_time = PassQuery { updated_from: Some(at(-10)), updated_until: Some(at(10)), ..of_type.clone() };
    for query in [all, of_type, of_template, of_state, of_time] {
        for newest_first in [false, true] {
            let mut query = PassQuery { newest_first, ..query.clone() };
            for _ in 0..3 {
                query.cursor = store.passes(&query).await.unwrap().next;
            }
        }
    }
    store.document(&document_key("4711")).await.unwrap().unwrap();
    let kind = "note".to_owned();
    let mut query = DocumentQuery { tenant: tenant.clone(), kind, cursor: None, limit: 100 };
    query.cursor = store.documents(&query).await.unwrap().next;
    assert_eq!(store.documents(&query).await.unwrap().items.len(), 100);
    let mut query = RegistrationQuery { pass: key("4711"), cursor: None, limit: 1 };
    query.cursor = store.registrations(&query).await.unwrap().next;
    store.registrations(&query).await.unwrap();
    assert!(store.changed_since(&device("d4711"), None).await.unwrap().is_some());
    assert!(store.changed_since(&device("d4711"), Some(Tag(99_999))).await.unwrap().is_none());
    for dead_only in [false, true] {
        let mut query = TaskQuery { tenant: tenant.clone(), dead_only, cursor: None, limit: 100 };
        query.cursor = store.tasks(&query).await.unwrap().next;
        let tasks = store.tasks(&query).await.unwrap().items;
        assert_eq!(tasks.len(), 100);
        if dead_only {
            let (tenant, task) = (tenant.clone(), tasks[0].id);
            store.commit(vec![Write::DiscardTask { tenant, task }]).await.unwrap();
        }
    }
    for pass in [None, Some(key("4711"))] {
        let mut query = EventQuery { tenant: tenant.clone(), pass, after: None, cursor: None, limit: 100 };
        query.cursor = store.events(&query).await.unwrap().next;
        assert!(!store.events(&query).await.unwrap().items.is_empty());
    }
    for (kinds, count) in [(vec![], 1), (vec!["none".to_owned(), "wake".to_owned()], 0)] {
        let tasks = store.claim(&of_key(kinds, 1001 + 3 * round)).await.unwrap();
        assert_eq!(tasks.len(), count);
    }
    for (tenant, kinds) in [
        (None, vec![]),
        (None, vec!["wake".to_owned()]),
        (Some(tenant.clone()), vec![]),
        (Some(tenant.clone()), vec!["wake".to_owned(), "none".to_owned()]),
    ] {
        let claim = Claim { tenant, kinds, key: None, now: at(1), until: at(60), limit: 3 };
        let tasks = store.claim(&claim).await.unwrap();
        let [done, put_back, given_up] = &tasks[..] else { panic!("{tasks:?}") };
        let error = || "no".to_owned();
        let writes = vec![
            Write::FinishTask(done.lease()),
            Write::RetryTask { lease: put_back.lease(), due: at(2000), error: error() },
            Write::BuryTask { lease: given_up.lease(), error: error() },
        ];
        store.commit(writes).await.unwrap();
        let (tenant, task) = (given_up.task.tenant.clone(), given_up.id);
        store.commit(vec![Write::ReviveTask { tenant, task, due: at(2000) }]).await.unwrap();
    }
    for through in [round, 50_000] {
        let pruned = store.commit(vec![Write::PruneEvents { tenant: tenant.clone(), through }]).await.unwrap();
        assert!(matches!(pruned[..], [Written::Pruned { .. }]));
    }
    let (phone, pass_type) = (device("phone").device, CLUB.parse().unwrap());
    let unregister = Write::Unregister { device: phone, pass: key(&own), at: at(0) };
    let push_token = format!("{:08x}", 5000 + round).parse().unwrap();
    let forget = Write::ForgetToken { tenant, pass_type, push_token, until: at(0), at: at(0) };
    let removed = store.commit(vec![unregister, forget]).await.unwrap();
    assert_eq!(removed, [Written::Removed { registrations: 1 }, Written::Removed { registrations: 1 }]);
    store.commit(vec![Write::DeletePass { key: key(&own), expected: tag, at: at(0) }]).await.unwrap();
    let expected = store.document(&document_key(&own)).await.unwrap().unwrap().revision;
    store.commit(vec![Write::DeleteDocument { key: document_key(&own), expected }]).await.unwrap();
}

/// Gives how often each big table was read through.
async fn scans(client: &tokio_postgres::Client) -> Vec<(String, i64)> {
    client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
    let counts = "SELECT relname::text, seq_scan FROM pg_stat_user_tables WHERE schemaname = current_schema()
        AND relname IN ('passes', 'devices', 'registrations', 'documents', 'tasks', 'events') ORDER BY 1";
    client.query(counts, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// 100,000 rows each.
const FILL: &str = "
    INSERT INTO counters VALUES ('', '', 100000), ('', 'pass.com.example.club', 100000);
    INSERT INTO passes SELECT '', 'pass.com.example.club', n::text, n, n, 'active', CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'gold' END,
        'vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc', 1795255200000000, 1795255200000000, 1795255200000000, '{}'
        FROM generate_series(1, 100000) n;
    INSERT INTO devices SELECT '', 'pass.com.example.club', 'd' || n, lpad(to_hex(n), 8, '0'), 1795255200000000
        FROM generate_series(1, 100000) n;
    INSERT INTO registrations (tenant, pass_type, serial, device) SELECT '', 'pass.com.example.club', n::text, 'd' || n
        FROM generate_series(1, 100000) n;
    INSERT INTO documents SELECT '', 'note', n::text, n, 0, 0, '' FROM generate_series(1, 100000) n;
    INSERT INTO events SELECT '', n, 'done', 'pass.com.example.club', (n % 500 + 4500)::text, 0, ''
        FROM generate_series(1, 100000) n;
";

const FILL_TASKS: &str = "
    INSERT INTO tasks SELECT nextval('task_ids'), '', 'wake', n::text, 1795255200000000 + n, 1795255200000000 + n, 0,
        CASE WHEN n % 3 = 0 THEN 2 ELSE 0 END, NULL, '' FROM generate_series(1, 100000) n;
";
