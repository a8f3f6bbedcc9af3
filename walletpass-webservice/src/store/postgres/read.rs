//! Reads: each is one statement, and so sees one moment.

use deadpool_postgres::Client;
use tokio_postgres::Row;
use walletpass_core::{PassTypeId, Secret};

use super::failure::Failure;
use super::value::{Columns, Value, corrupt, instant, number, text};
use crate::PassKey;
use crate::store::cursor::PAGE;
use crate::store::state::state_name;
use crate::store::{
    Asset, Changes, Claim, Cursor, DeviceKey, Digest, Document, DocumentKey, DocumentQuery, Event, EventQuery,
    NewEvent, NewPass, NewTask, Page, PassQuery, Registration, RegistrationQuery, StoredPass, Tag, Task, TaskQuery,
    TaskStatus,
};

pub(super) async fn pass(client: &Client, key: &PassKey) -> Result<Option<StoredPass>, Failure> {
    let values = [text(key.tenant.as_str()), text(key.pass_type.as_str()), text(key.serial.as_str())];
    let rows = rows(client, PASS, &values).await?;
    rows.first().map(|row| Ok(read_pass(key.tenant.clone(), row)?.0)).transpose()
}

pub(super) async fn passes(
    client: &Client,
    query: &PassQuery,
    place: Option<&(PassTypeId, u64)>,
) -> Result<Page<StoredPass>, Failure> {
    let mut list = List::new("tenant", text(query.tenant.as_str()));
    if let Some(pass_type) = &query.pass_type {
        list.kept.push(format!("pass_type = {}", list.values.put(text(pass_type.as_str()))));
    }
    if let Some(template) = &query.template {
        list.kept.push(format!("template = {}", list.values.put(text(template))));
    }
    let (after, order) = match query.newest_first {
        false => (">", "pass_type, created_tag"),
        true => ("<", "pass_type DESC, created_tag DESC"),
    };
    if let Some((pass_type, created)) = place {
        let (pass_type, created) = (list.values.put(text(pass_type.as_str())), list.values.put(number(*created)));
        list.kept.push(format!("(pass_type, created_tag) {after} ({pass_type}, {created})"));
    }
    if let Some(state) = query.state {
        list.wanted.push(format!("state = {}", list.values.put(text(state_name(state)?))));
    }
    if let Some(from) = query.updated_from {
        list.wanted.push(format!("written >= {}", list.values.put(instant(from))));
    }
    if let Some(until) = query.updated_until {
        list.wanted.push(format!("written < {}", list.values.put(instant(until))));
    }
    let limit = query.limit.min(PAGE);
    let sql = list.sql(order, limit);
    let rows = rows(client, &sql, &list.values.0).await?;
    let mut page = Page { items: Vec::new(), next: None };
    let mut last = None;
    for row in &rows {
        // The last row says how far the search got, if it broke off; no pass has its serial.
        let is_bound = row.try_get::<_, &str>(SERIAL)?.is_empty();
        if page.items.len() == limit || is_bound || is_left_out(row)? {
            let (pass_type, created) = match is_bound && page.items.len() < limit {
                true => (row.try_get::<_, &str>(PASS_TYPE)?, row.try_get::<_, i64>(CREATED_TAG)?),
                false => last.unwrap_or_default(),
            };
            let pass_type = pass_type.parse().map_err(|error| corrupt("a pass type", Some(Box::new(error))))?;
            page.next = Some(query.cursor_after(&pass_type, created.unsigned_abs()));
            break;
        }
        page.items.push(read_pass(query.tenant.clone(), row)?.0);
        last = Some((row.try_get(PASS_TYPE)?, row.try_get(CREATED_TAG)?));
    }
    Ok(page)
}

pub(super) async fn document(client: &Client, key: &DocumentKey) -> Result<Option<Document>, Failure> {
    let values = [text(key.tenant.as_str()), text(&key.kind), text(&key.name)];
    let rows = rows(client, DOCUMENT, &values).await?;
    rows.first().map(|row| read_document(key.tenant.as_str(), &key.kind, row)).transpose()
}

pub(super) async fn documents(
    client: &Client,
    query: &DocumentQuery,
    place: Option<&str>,
) -> Result<Page<Document>, Failure> {
    // No document has an empty name, so all of its kind are after it.
    let values = [text(query.tenant.as_str()), text(&query.kind), text(place.unwrap_or_default()), more(query.limit)];
    let rows = rows(client, &page_sql(DOCUMENT_COLUMNS, DOCUMENTS, "name"), &values).await?;
    let read = |row: &Row| read_document(query.tenant.as_str(), &query.kind, row);
    page(&rows, query.limit, read, |document| query.cursor_after(&document.key.name))
}

pub(super) async fn registrations(
    client: &Client,
    query: &RegistrationQuery,
    place: Option<u64>,
) -> Result<Page<Registration>, Failure> {
    let pass = &query.pass;
    let values = [text(pass.tenant.as_str()), text(pass.pass_type.as_str()), text(pass.serial.as_str())];
    let values = [&values[..], &[number(place.unwrap_or(0)), more(query.limit)]].concat();
    let rows = rows(client, REGISTRATIONS, &values).await?;
    let read = |row: &Row| {
        let mut columns = Columns::new(row);
        let number = columns.number()?;
        let (device, push_token) = (columns.parsed()?, columns.parsed()?);
        Ok((number, Registration { device, push_token, registered: columns.instant()? }))
    };
    let Page { items, next } = page(&rows, query.limit, read, |(number, _)| query.cursor_after(*number))?;
    Ok(Page { items: items.into_iter().map(|(_, registration)| registration).collect(), next })
}

pub(super) async fn changed_since(
    client: &Client,
    device: &DeviceKey,
    since: Option<Tag>,
) -> Result<Option<Changes>, Failure> {
    let values = [text(device.tenant.as_str()), text(device.pass_type.as_str()), text(device.device.as_str())];
    let values = [&values[..], &[number(since.map_or(0, |since| since.0))]].concat();
    let rows = rows(client, CHANGED, &values).await?;
    let (mut serials, mut last) = (Vec::with_capacity(rows.len()), None);
    for row in &rows {
        let mut columns = Columns::new(row);
        serials.push(columns.parsed()?);
        last = Some(Tag(columns.number()?));
    }
    Ok(last.map(|tag| Changes { serials, tag }))
}

pub(super) async fn claim(client: &Client, claim: &Claim) -> Result<Vec<Task>, Failure> {
    let tenant = Value::Text(claim.tenant.as_ref().map(|tenant| tenant.as_str()));
    let mut kinds: Vec<&str> = claim.kinds.iter().map(String::as_str).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let most = number(claim.limit.min(PAGE) as u64);
    let key = Value::Text(claim.key.as_deref());
    let values = [tenant, Value::Texts(&kinds), key, instant(claim.now), instant(claim.until), most];
    let rows = rows(client, CLAIM, &values).await?;
    let mut tasks = rows.iter().map(read_task).collect::<Result<Vec<_>, _>>()?;
    tasks.sort_by_key(|task| (task.task.due, task.id));
    Ok(tasks)
}

pub(super) async fn tasks(client: &Client, query: &TaskQuery, place: Option<u64>) -> Result<Page<Task>, Failure> {
    let values = [text(query.tenant.as_str()), number(place.unwrap_or(0)), more(query.limit)];
    let found = if query.dead_only { DEAD_TASKS } else { TASKS };
    let sql = page_sql(TASK_COLUMNS, found, "id");
    page(&rows(client, &sql, &values).await?, query.limit, read_task, |task| query.cursor_after(task.id))
}

pub(super) async fn events(client: &Client, query: &EventQuery, place: Option<u64>) -> Result<Page<Event>, Failure> {
    let mut values = vec![text(query.tenant.as_str()), number(place.unwrap_or(0)), more(query.limit)];
    let found = match &query.pass {
        Some(pass) => {
            values.extend([text(pass.pass_type.as_str()), text(pass.serial.as_str())]);
            EVENTS_OF_PASS
        }
        None => EVENTS,
    };
    let read = |row: &Row| {
        let mut columns = Columns::new(row);
        let (id, kind) = (columns.number()?, columns.take()?);
        let pass = match columns.take::<Option<&str>>()? {
            Some(pass_type) => {
                let pass_type = pass_type.parse().map_err(|error| corrupt("a pass type", Some(Box::new(error))))?;
                Some(PassKey { tenant: query.tenant.clone(), pass_type, serial: columns.parsed()? })
            }
            None => columns.take::<Option<&str>>().map(|_| None)?,
        };
        let (at, body) = (columns.instant()?, columns.body()?);
        Ok(Event { id, event: NewEvent { tenant: query.tenant.clone(), kind, pass, at, body } })
    };
    let sql = page_sql(EVENT_COLUMNS, found, "id");
    page(&rows(client, &sql, &values).await?, query.limit, read, |event| query.cursor_after(event.id))
}

pub(super) async fn put_asset(client: &Client, digest: Digest, asset: &Asset) -> Result<(), Failure> {
    let values = [Value::Bytes(&digest.0), text(&asset.media_type), Value::Bytes(&asset.bytes)];
    rows(client, PUT_ASSET, &values).await.map(drop)
}

pub(super) async fn asset(client: &Client, digest: Digest) -> Result<Option<Asset>, Failure> {
    let rows = rows(client, ASSET, &[Value::Bytes(&digest.0)]).await?;
    let read = |row: &Row| {
        let mut columns = Columns::new(row);
        Ok(Asset { media_type: columns.take()?, bytes: columns.body()? })
    };
    rows.first().map(read).transpose()
}

async fn rows(client: &Client, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Failure> {
    let statement = client.prepare_cached(sql).await?;
    let values: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = values.iter().map(|value| value as _).collect();
    Ok(client.query(&statement, &values).await?)
}

/// Makes the statement of a page: it finds rows that end with a body, and leaves out the bodies that come after enough bytes of others.
fn page_sql(columns: &str, found: &str, order: &str) -> String {
    format!(
        "SELECT {columns}, CASE WHEN coalesce(sum(octet_length(body)) OVER
                (ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) < {MOST_BYTES} THEN body END AS body
            FROM ({found}) AS found ORDER BY {order}"
    )
}

/// Says whether the body was left out: then the page ends before this row.
fn is_left_out(row: &Row) -> Result<bool, Failure> {
    match row.columns().iter().position(|column| column.name() == "body") {
        Some(body) => Ok(row.try_get::<_, Option<&[u8]>>(body)?.is_none()),
        None => Ok(false),
    }
}

/// Makes a page of rows of which one more was asked for than it has: it says that there is more.
fn page<T>(
    rows: &[Row],
    limit: usize,
    read: impl Fn(&Row) -> Result<T, Failure>,
    cursor: impl Fn(&T) -> Cursor,
) -> Result<Page<T>, Failure> {
    let mut items = Vec::new();
    for row in rows.iter().take(limit.min(PAGE)) {
        if is_left_out(row)? {
            break;
        }
        items.push(read(row)?);
    }
    let next = if rows.len() > items.len() { items.last().map(cursor) } else { None };
    Ok(Page { items, next })
}

fn more(limit: usize) -> Value<'static> {
    number(limit.min(PAGE) as u64 + 1)
}

/// A list of passes whose conditions are known only now.
struct List<'a> {
    values: Values<'a>,
    /// Conditions that an index answers.
    kept: Vec<String>,
    /// Conditions that each pass is asked.
    wanted: Vec<String>,
}

struct Values<'a>(Vec<Value<'a>>);

impl<'a> Values<'a> {
    /// Adds a parameter and gives its name.
    fn put(&mut self, value: Value<'a>) -> String {
        self.0.push(value);
        format!("${}", self.0.len())
    }
}

impl<'a> List<'a> {
    fn new(column: &str, value: Value<'a>) -> Self {
        let mut values = Values(Vec::new());
        let kept = vec![format!("{column} = {}", values.put(value))];
        Self { values, kept, wanted: Vec::new() }
    }

    /// Asks for one pass more than the page has. Where passes are asked one by one, it looks at so many only, and a last row says at which it ended.
    fn sql(&mut self, order: &str, limit: usize) -> String {
        let more = self.values.put(number(limit as u64 + 1));
        let kept = self.kept.join(" AND ");
        if self.wanted.is_empty() {
            let found = format!("SELECT {COLUMNS}, body FROM passes WHERE {kept} ORDER BY {order} LIMIT {more}");
            return page_sql(COLUMNS, &found, order);
        }
        let wanted = self.wanted.join(" AND ");
        let found = format!(
            "(SELECT {COLUMNS}, body FROM (SELECT * FROM passes WHERE {kept} ORDER BY {order} LIMIT {MOST_READ}) looked
                WHERE {wanted} LIMIT {more})
            UNION ALL
            (SELECT pass_type, '', created_tag, 0, '', NULL, '', 0, 0, 0, '' FROM passes
                WHERE {kept} ORDER BY {order} OFFSET {MOST_READ} - 1 LIMIT 1)"
        );
        // The last one that it looked at may be on the page as well.
        page_sql(COLUMNS, &found, &format!("{order}, serial DESC"))
    }
}

/// Reads a pass and its number of creation.
fn read_pass(tenant: crate::Tenant, row: &Row) -> Result<(StoredPass, u64), Failure> {
    let mut columns = Columns::new(row);
    let (pass_type, serial, created_tag) = (columns.parsed()?, columns.parsed()?, columns.number()?);
    let (tag, state, template) = (Tag(columns.number()?), columns.state()?, columns.take()?);
    let token = Secret::new(columns.take()?);
    let (at, created, modified, body) = (columns.instant()?, columns.instant()?, columns.instant()?, columns.body()?);
    let pass = NewPass { key: PassKey { tenant, pass_type, serial }, body, token, template, state, at };
    Ok((StoredPass { pass, tag, created, modified }, created_tag))
}

fn read_document(tenant: &str, kind: &str, row: &Row) -> Result<Document, Failure> {
    let tenant = tenant.parse().map_err(|error| corrupt("a tenant", Some(Box::new(error))))?;
    let mut columns = Columns::new(row);
    let key = DocumentKey { tenant, kind: kind.to_owned(), name: columns.take()? };
    let (revision, created, updated) = (columns.number()?, columns.instant()?, columns.instant()?);
    Ok(Document { key, revision, body: columns.body()?, created, updated })
}

fn read_task(row: &Row) -> Result<Task, Failure> {
    let mut columns = Columns::new(row);
    let (id, tenant, kind, key) = (columns.number()?, columns.parsed()?, columns.take()?, columns.take()?);
    let (due, turn) = (columns.instant()?, columns.instant()?);
    let attempts = u32::try_from(columns.number()?).unwrap_or(u32::MAX);
    let status = match columns.take::<i16>()? {
        0 => TaskStatus::Waiting,
        1 => TaskStatus::Leased(turn),
        2 => TaskStatus::Dead,
        _ => return Err(corrupt("the status of a task", None)),
    };
    let (error, body) = (columns.take()?, columns.body()?);
    Ok(Task { id, task: NewTask { tenant, kind, key, body, due }, attempts, status, error })
}

/// Of a pass, without its body; so are those below.
const COLUMNS: &str = "pass_type, serial, created_tag, tag, state, template, token, written, created, modified";
const PASS_TYPE: usize = 0;
const SERIAL: usize = 1;
const CREATED_TAG: usize = 2;
const DOCUMENT_COLUMNS: &str = "name, revision, created, updated";
const TASK_COLUMNS: &str = "id, tenant, kind, key, due, turn, attempts, status, error";
const EVENT_COLUMNS: &str = "id, kind, pass_type, serial, at";

/// After how many bytes of bodies a page ends, whatever its limit, so that memory has a bound.
const MOST_BYTES: usize = 16 << 20;

/// How many passes a page looks at at most, so that no call reads through all of them.
const MOST_READ: usize = 4096;

const PASS: &str =
    "SELECT pass_type, serial, created_tag, tag, state, template, token, written, created, modified, body
    FROM passes WHERE tenant = $1 AND pass_type = $2 AND serial = $3";
const DOCUMENT: &str = "SELECT name, revision, created, updated, body
    FROM documents WHERE tenant = $1 AND kind = $2 AND name = $3";
const DOCUMENTS: &str = "SELECT name, revision, created, updated, body
    FROM documents WHERE tenant = $1 AND kind = $2 AND name > $3 ORDER BY name LIMIT $4";
const REGISTRATIONS: &str = "SELECT r.number, r.device, d.push_token, d.registered FROM registrations r
    JOIN devices d ON d.tenant = r.tenant AND d.pass_type = r.pass_type AND d.device = r.device
    WHERE r.tenant = $1 AND r.pass_type = $2 AND r.serial = $3 AND r.number > $4 ORDER BY r.number LIMIT $5";
const CHANGED: &str = "SELECT p.serial, greatest(p.tag, r.tag) FROM registrations r
    JOIN passes p ON p.tenant = r.tenant AND p.pass_type = r.pass_type AND p.serial = r.serial
    WHERE r.tenant = $1 AND r.pass_type = $2 AND r.device = $3 AND greatest(p.tag, r.tag) > (SELECT CASE
        WHEN $4 <= coalesce((SELECT last FROM counters WHERE tenant = $1 AND list = $2), 0) THEN $4 ELSE 0 END)
    ORDER BY 2";
const CLAIM: &str = "SELECT id, tenant, kind, key, due, turn, attempts, status, error, body
    FROM claim_tasks($1, $2, $3, $4, $5, $6)";
const TASKS: &str = "SELECT id, tenant, kind, key, due, turn, attempts, status, error, body
    FROM tasks WHERE tenant = $1 AND id > $2 AND id > 0 ORDER BY id LIMIT $3";
const DEAD_TASKS: &str = "SELECT id, tenant, kind, key, due, turn, attempts, status, error, body
    FROM tasks WHERE tenant = $1 AND id > $2 AND status = 2 ORDER BY id LIMIT $3";
const EVENTS: &str = "SELECT id, kind, pass_type, serial, at, body
    FROM events WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3";
const EVENTS_OF_PASS: &str = "SELECT id, kind, pass_type, serial, at, body
    FROM events WHERE tenant = $1 AND pass_type = $4 AND serial = $5 AND id > $2 ORDER BY id LIMIT $3";
const PUT_ASSET: &str = "INSERT INTO assets (digest, media_type, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const ASSET: &str = "SELECT media_type, body FROM assets WHERE digest = $1";
