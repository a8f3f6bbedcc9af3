//! Lists of what is large.

use bytes::Bytes;
use walletpass_webservice::conformance::run;
use walletpass_webservice::store::{
    Cursor, DocumentQuery, EventQuery, NewTask, Page, PassQuery, PostgresStore, Store, TaskQuery, Write,
};

use crate::scratch::Scratch;
use crate::shop::{at, event, pass, putting};

#[test]
fn a_page_of_large_bodies_ends_early() {
    run(async {
        let scratch = Scratch::new("pages").await;
        let store = scratch.store().await;
        for number in 0..ITEMS {
            let (name, body) = (format!("{number:03}"), Bytes::from(vec![number as u8; MIB]));
            let (tenant, kind, key) = (Default::default(), "send".to_owned(), name.clone());
            let task = NewTask { tenant, kind, key, body: body.clone(), due: at(0) };
            let writes = vec![
                Write::CreatePass(pass(&name, body.clone())),
                putting(&name, body.clone(), None),
                event(body.clone()),
                Write::EnqueueTask(task),
            ];
            store.commit(writes).await.unwrap();
        }
        for is_filtered in [false, true] {
            let tenant = Default::default();
            let mut query =
                PassQuery { updated_from: is_filtered.then(|| at(0)), limit: 1000, ..PassQuery::new(tenant) };
            walk(async |cursor| {
                query.cursor = cursor;
                of(store.passes(&query).await.unwrap(), |stored| stored.pass.body)
            })
            .await;
        }
        documents(&store).await;
        let mut query = EventQuery { tenant: Default::default(), pass: None, after: None, cursor: None, limit: 1000 };
        walk(async |cursor| {
            query.cursor = cursor;
            of(store.events(&query).await.unwrap(), |event| event.event.body)
        })
        .await;
        let mut query = TaskQuery { tenant: Default::default(), dead_only: false, cursor: None, limit: 1000 };
        walk(async |cursor| {
            query.cursor = cursor;
            of(store.tasks(&query).await.unwrap(), |task| task.task.body)
        })
        .await;
        drop(store);
        scratch.remove().await;
    });
}

async fn documents(store: &PostgresStore) {
    let kind = "note".to_owned();
    let mut query = DocumentQuery { tenant: Default::default(), kind, cursor: None, limit: 1000 };
    walk(async |cursor| {
        query.cursor = cursor;
        of(store.documents(&query).await.unwrap(), |document| document.body)
    })
    .await;
    query.limit = 5;
    query.cursor = None;
    assert_eq!(store.documents(&query).await.unwrap().items.len(), 5, "a page of few is whole");
}

/// Walks through a list, and checks that it has everything in its order, and no page more than 18 MiB.
async fn walk(mut page: impl AsyncFnMut(Option<Cursor>) -> Page<Bytes>) {
    let (mut bodies, mut cursor) = (Vec::new(), None);
    loop {
        let Page { items, next } = page(cursor).await;
        let bytes: usize = items.iter().map(Bytes::len).sum();
        assert!(!items.is_empty() && bytes <= 18 * MIB, "a page of {} items and {bytes} bytes", items.len());
        bodies.extend(items.iter().map(|body| (body[0], body.len())));
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(bodies, (0..ITEMS).map(|number| (number as u8, MIB)).collect::<Vec<_>>());
}

fn of<T>(page: Page<T>, body: impl Fn(T) -> Bytes) -> Page<Bytes> {
    Page { items: page.items.into_iter().map(body).collect(), next: page.next }
}

const ITEMS: usize = 24;
const MIB: usize = 1 << 20;
