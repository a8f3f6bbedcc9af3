//! Commits: each write is the call of one function, and all travel together.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

use deadpool_postgres::Client;
use tokio_postgres::{Row, Statement};

use super::failure::Failure;
use super::value::{Columns, Value, instant, number, text};
use crate::store::state::state_name;
use crate::store::{
    DocumentKey, Lease, NewDocument, NewEvent, NewPass, NewTask, StoreError, StoredPass, Tag, Write, Written,
};
use crate::{DeviceId, PassKey};

/// Does all writes or none, in one round trip once the statements are known to the server.
///
/// Once it is polled everything is on its way, so whoever drops it leaves no transaction open.
pub(super) async fn commit(client: &Client, writes: &[Write]) -> Result<Vec<Written>, Failure> {
    let calls = writes.iter().map(Call::new).collect::<Result<Vec<_>, _>>()?;
    // One statement is a transaction by itself, and each function locks what it needs in the right order.
    let results = if let [call] = calls.as_slice() {
        let statement = client.prepare_cached(call.sql).await?;
        vec![client.query(&statement, &refs(&call.values)).await]
    } else {
        let (tenants, lists) = counters(writes).into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
        pipeline(client, &calls, [Value::Texts(&tenants), Value::Texts(&lists)]).await?
    };
    let mut written = Vec::with_capacity(writes.len());
    for ((write, call), landed) in writes.iter().zip(&calls).zip(results) {
        let rows = landed.map_err(|error| refused(write, error.into()))?;
        written.push(call.read(&rows)?);
    }
    Ok(written)
}

/// Sends a whole transaction at once; gives what became of each call. If all was well, the transaction is committed.
async fn pipeline(client: &Client, calls: &[Call<'_>], counters: [Value<'_>; 2]) -> Result<Vec<Landed>, Failure> {
    let [begin, lock, end] =
        [client.prepare_cached(BEGIN).await?, client.prepare_cached(LOCK).await?, client.prepare_cached(COMMIT).await?];
    let mut statements = Vec::with_capacity(calls.len());
    for call in calls {
        statements.push(client.prepare_cached(&format!("{} {IN_COMMIT}", call.sql)).await?);
    }
    let mut flights = vec![fly(client, &begin, &[]), fly(client, &lock, &counters)];
    flights.extend(calls.iter().zip(&statements).map(|(call, statement)| fly(client, statement, &call.values)));
    flights.push(fly(client, &end, &[]));
    let mut landed = land(flights).await;
    let end = landed.pop();
    if let Some(Err(_)) = end {
        // Broken off, it leaves the session in a failed transaction.
        let _ = client.batch_execute("ROLLBACK").await;
    }
    let calls = landed.split_off(2);
    for frame in landed {
        frame?;
    }
    match end {
        // After an error of a call the server takes everything back, and says of COMMIT that it did.
        Some(Err(error)) if calls.iter().all(Result::is_ok) => Err(error.into()),
        _ => Ok(calls),
    }
}

type Flight<'a> = Pin<Box<dyn Future<Output = Landed> + Send + 'a>>;
type Landed = Result<Vec<Row>, tokio_postgres::Error>;

fn fly<'a>(client: &'a Client, statement: &'a Statement, values: &'a [Value<'a>]) -> Flight<'a> {
    Box::pin(async move { client.query(statement, &refs(values)).await })
}

/// Polls each once, which sends it; then awaits the answers, which come in the same order.
async fn land(mut flights: Vec<Flight<'_>>) -> Vec<Landed> {
    let mut early: Vec<Option<Landed>> = std::future::poll_fn(|cx| {
        let sent = flights.iter_mut().map(|flight| match flight.as_mut().poll(cx) {
            Poll::Ready(landed) => Some(landed),
            Poll::Pending => None,
        });
        Poll::Ready(sent.collect())
    })
    .await;
    let mut landed = Vec::with_capacity(flights.len());
    for (flight, early) in flights.into_iter().zip(early.drain(..)) {
        landed.push(match early {
            Some(early) => early,
            None => flight.await,
        });
    }
    landed
}

/// Gives the counters that a commit of several writes locks before all else, in the order in which everyone locks them.
///
/// They stay locked while the server does the writes and flushes its log, and no longer, as everything it needs has been sent. Later than
/// first they cannot be locked: whoever held a pass and then wanted the counter of its tags would wait for one who holds it and wants the pass.
fn counters(writes: &[Write]) -> BTreeSet<(&str, &str)> {
    let mut counters = BTreeSet::new();
    let (mut rows, mut row_tenants) = (0, BTreeSet::new());
    for write in writes {
        match write {
            Write::CreatePass(pass) | Write::UpdatePass { pass, .. } => {
                counters.insert((pass.key.tenant.as_str(), pass.key.pass_type.as_str()));
            }
            Write::DeletePass { key, .. } | Write::Register { pass: key, .. } => {
                counters.insert((key.tenant.as_str(), EVENTS));
                counters.insert((key.tenant.as_str(), key.pass_type.as_str()));
            }
            Write::AppendEvent(NewEvent { tenant, .. })
            | Write::ForgetToken { tenant, .. }
            | Write::PruneEvents { tenant, .. } => {
                counters.insert((tenant.as_str(), EVENTS));
            }
            Write::Unregister { pass, .. } => {
                counters.insert((pass.tenant.as_str(), EVENTS));
            }
            Write::DeleteDocument { key: DocumentKey { tenant, .. }, .. }
            | Write::PutDocument { document: NewDocument { key: DocumentKey { tenant, .. }, .. }, .. }
            | Write::EnqueueTask(NewTask { tenant, .. })
            | Write::DiscardTask { tenant, .. }
            | Write::ReviveTask { tenant, .. } => {
                rows += 1;
                row_tenants.insert(tenant.as_str());
            }
            // Its row is locked by the holder of the lease only, but the key of the row by whoever enqueues.
            Write::RetryTask { .. } => rows += 1,
            Write::BuryTask { .. } | Write::FinishTask(_) => {}
        }
    }
    // Of two commits that write the same documents or keys in opposite orders each would wait for the other.
    if rows > 1 {
        counters.extend(row_tenants.into_iter().map(|tenant| (tenant, EVENTS)));
    }
    counters
}

/// A write as the call of a function.
struct Call<'a> {
    sql: &'static str,
    values: Vec<Value<'a>>,
    gives: Gives,
}

/// What a function gives.
#[derive(Clone, Copy)]
enum Gives {
    Nothing,
    IsNew,
    Pruned,
    Removed,
    Tag,
}

impl<'a> Call<'a> {
    fn new(write: &'a Write) -> Result<Self, StoreError> {
        let call = |sql, values, gives| Ok(Self { sql, values, gives });
        match write {
            Write::AppendEvent(event) => {
                let pass = event.pass.as_ref();
                let mut values = vec![text(event.tenant.as_str()), text(&event.kind)];
                values.push(Value::Text(pass.map(|pass| pass.pass_type.as_str())));
                values.push(Value::Text(pass.map(|pass| pass.serial.as_str())));
                values.extend([instant(event.at), Value::Bytes(&event.body)]);
                call(APPEND_EVENT, values, Gives::Nothing)
            }
            Write::BuryTask { lease, error } => {
                call(BURY_TASK, with(lease_values(*lease), [text(error)]), Gives::Nothing)
            }
            Write::CreatePass(pass) => call(CREATE_PASS, pass_values(pass)?, Gives::Tag),
            Write::DeleteDocument { key, expected } => {
                call(DELETE_DOCUMENT, with(document_values(key), [number(*expected)]), Gives::Nothing)
            }
            Write::DeletePass { key, expected, at } => {
                call(DELETE_PASS, with(key_values(key), [number(expected.0), instant(*at)]), Gives::Nothing)
            }
            Write::DiscardTask { tenant, task } => {
                call(DISCARD_TASK, vec![text(tenant.as_str()), number(*task)], Gives::Nothing)
            }
            Write::EnqueueTask(task) => {
                let values = vec![text(task.tenant.as_str()), text(&task.kind), text(&task.key)];
                call(ENQUEUE_TASK, with(values, [Value::Bytes(&task.body), instant(task.due)]), Gives::Nothing)
            }
            Write::FinishTask(lease) => call(FINISH_TASK, lease_values(*lease), Gives::Nothing),
            Write::ForgetToken { tenant, pass_type, push_token, until, at } => {
                let values = vec![text(tenant.as_str()), text(pass_type.as_str()), text(push_token.as_str())];
                call(FORGET_TOKEN, with(values, [instant(*until), instant(*at)]), Gives::Removed)
            }
            Write::PruneEvents { tenant, through } => {
                let values = vec![text(tenant.as_str()), number(*through), number(Write::MOST_PRUNED)];
                call(PRUNE_EVENTS, values, Gives::Pruned)
            }
            Write::PutDocument { document, expected } => {
                let expected = expected.map_or(Value::Number(None), number);
                let rest = [Value::Bytes(&document.body), instant(document.at), expected];
                call(PUT_DOCUMENT, with(document_values(&document.key), rest), Gives::Nothing)
            }
            Write::Register { device, pass, push_token, at } => {
                let rest = [text(push_token.as_str()), instant(*at)];
                call(REGISTER, with(holder_values(pass, device), rest), Gives::IsNew)
            }
            Write::RetryTask { lease, due, error } => {
                call(RETRY_TASK, with(lease_values(*lease), [instant(*due), text(error)]), Gives::Nothing)
            }
            Write::ReviveTask { tenant, task, due } => {
                call(REVIVE_TASK, vec![text(tenant.as_str()), number(*task), instant(*due)], Gives::Nothing)
            }
            Write::Unregister { device, pass, at } => {
                call(UNREGISTER, with(holder_values(pass, device), [instant(*at)]), Gives::Removed)
            }
            Write::UpdatePass { pass, expected } => {
                call(UPDATE_PASS, with(pass_values(pass)?, [number(expected.0)]), Gives::Tag)
            }
        }
    }

    fn read(&self, rows: &[Row]) -> Result<Written, Failure> {
        let given = || rows.first().map_or(Ok(0), |row| Columns::new(row).number());
        Ok(match self.gives {
            Gives::Nothing => Written::Done,
            Gives::IsNew => Written::Registered { is_new: given()? == 1 },
            Gives::Pruned => Written::Pruned { events: given()? },
            Gives::Removed => Written::Removed { registrations: given()? },
            Gives::Tag => Written::Pass(Tag(given()?)),
        })
    }
}

fn with<'a, const N: usize>(mut values: Vec<Value<'a>>, rest: [Value<'a>; N]) -> Vec<Value<'a>> {
    values.extend(rest);
    values
}

fn key_values(key: &PassKey) -> Vec<Value<'_>> {
    vec![text(key.tenant.as_str()), text(key.pass_type.as_str()), text(key.serial.as_str())]
}

fn holder_values<'a>(pass: &'a PassKey, device: &'a DeviceId) -> Vec<Value<'a>> {
    with(key_values(pass), [text(device.as_str())])
}

fn document_values(key: &DocumentKey) -> Vec<Value<'_>> {
    vec![text(key.tenant.as_str()), text(&key.kind), text(&key.name)]
}

fn lease_values(lease: Lease) -> Vec<Value<'static>> {
    vec![number(lease.task), number(lease.attempt.into())]
}

fn pass_values(pass: &NewPass) -> Result<Vec<Value<'_>>, StoreError> {
    let (body, token) = (Value::Bytes(&pass.body), text(pass.token.expose()));
    let (template, state) = (Value::Text(pass.template.as_deref()), text(state_name(pass.state)?));
    let modified = instant(StoredPass::modified_at(pass.at, None));
    Ok(with(key_values(&pass.key), [body, token, template, state, instant(pass.at), modified]))
}

fn refs<'a>(values: &'a [Value<'a>]) -> Vec<&'a (dyn tokio_postgres::types::ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

/// Says what a function complains of in the words of the contract.
fn refused(write: &Write, failure: Failure) -> Failure {
    let error = match failure.word() {
        Some(("WP001", detail)) => conflict(write, detail.and_then(|detail| detail.parse().ok())),
        Some(("WP002", _)) => match write {
            Write::BuryTask { lease, .. } | Write::FinishTask(lease) | Write::RetryTask { lease, .. } => {
                Some(StoreError::LeaseLost { task: lease.task })
            }
            _ => None,
        },
        _ => None,
    };
    error.map_or(failure, Failure::Store)
}

fn conflict(write: &Write, found: Option<u64>) -> Option<StoreError> {
    match write {
        Write::CreatePass(NewPass { key, .. })
        | Write::UpdatePass { pass: NewPass { key, .. }, .. }
        | Write::DeletePass { key, .. }
        | Write::Register { pass: key, .. } => Some(StoreError::pass_conflict(key, found)),
        Write::PutDocument { document: NewDocument { key, .. }, .. } | Write::DeleteDocument { key, .. } => {
            Some(StoreError::document_conflict(key, found))
        }
        Write::DiscardTask { task, .. } | Write::ReviveTask { task, .. } => Some(StoreError::dead_task_conflict(*task)),
        _ => None,
    }
}

/// The list of a tenant's events among the counters; no pass type is empty.
const EVENTS: &str = "";

const BEGIN: &str = "BEGIN";
const COMMIT: &str = "COMMIT";
const LOCK: &str = "SELECT lock_counters($1, $2)";
const IN_COMMIT: &str = "WHERE in_commit()";
const APPEND_EVENT: &str = "SELECT append_event($1, $2, $3, $4, $5, $6)";
const BURY_TASK: &str = "SELECT bury_task($1, $2, $3)";
const CREATE_PASS: &str = "SELECT create_pass($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const DELETE_DOCUMENT: &str = "SELECT delete_document($1, $2, $3, $4)";
const DELETE_PASS: &str = "SELECT delete_pass($1, $2, $3, $4, $5)";
const DISCARD_TASK: &str = "SELECT discard_task($1, $2)";
const ENQUEUE_TASK: &str = "SELECT enqueue_task($1, $2, $3, $4, $5)";
const FINISH_TASK: &str = "SELECT finish_task($1, $2)";
const FORGET_TOKEN: &str = "SELECT forget_token($1, $2, $3, $4, $5)";
const PRUNE_EVENTS: &str = "SELECT prune_events($1, $2, $3)";
const PUT_DOCUMENT: &str = "SELECT put_document($1, $2, $3, $4, $5, $6)";
const REGISTER: &str = "SELECT register($1, $2, $3, $4, $5, $6)";
const RETRY_TASK: &str = "SELECT retry_task($1, $2, $3, $4)";
const REVIVE_TASK: &str = "SELECT revive_task($1, $2, $3)";
const UNREGISTER: &str = "SELECT unregister($1, $2, $3, $4, $5)";
const UPDATE_PASS: &str = "SELECT update_pass($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
