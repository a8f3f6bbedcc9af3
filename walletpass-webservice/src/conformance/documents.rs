//! Documents: every write expects a revision.

use std::sync::Arc;

use bytes::Bytes;

use super::ground::{Ground, at, conflict, done, handle, promise, walk};
use crate::store::{Document, DocumentQuery, NewDocument, Store, StoreError, Write, Written};

/// Writing and deleting a document expect the revision that is there.
pub async fn documents_expect_their_revision(store: &dyn Store) {
    let ground = Ground::new(store, "documents_expect_their_revision");
    let (sentence, mend) =
        ("`expected` is the revision that it must have; none when there must be none", "compare in the transaction");
    let delete = |expected| Write::DeleteDocument { key: ground.document_key("a"), expected };
    for write in [ground.put("a", Some(1)), ground.put("a", Some(0)), delete(1), delete(0)] {
        conflict(store.commit(vec![write]).await, None, sentence, mend);
    }
    let done = ground.one(ground.put("a", None)).await;
    promise(done == Written::Done, "PutDocument gives Done", "give `Written::Done`", done);
    let first = ground.revision("a").await;
    promise(first > Some(0), "revisions begin with 1", "count from 1", first);
    ground.one(ground.put("a", first)).await;
    let second = ground.revision("a").await;
    promise(second > first, "the revision rises with each write", "count up", (first, second));
    for write in [ground.put("a", None), ground.put("a", first), ground.put("a", Some(u64::MAX))] {
        conflict(store.commit(vec![write]).await, second, sentence, mend);
    }
    for expected in [first.unwrap_or(0), u64::MAX] {
        conflict(store.commit(vec![delete(expected)]).await, second, sentence, mend);
    }
    ground.one(delete(second.unwrap_or(0))).await;
    promise(ground.revision("a").await.is_none(), "a document that was deleted is gone", mend, ());
}

/// A document that is deleted and written again has a revision that it never had.
pub async fn revisions_are_not_repeated(store: &dyn Store) {
    let ground = Ground::new(store, "revisions_are_not_repeated");
    let mut last = Some(0);
    for _ in 0..3 {
        ground.one(ground.put("a", None)).await;
        let revision = ground.revision("a").await;
        let sentence = "a revision is never given twice for one key, also not after a deletion";
        promise(revision > last, sentence, "take revisions from a counter apart from the documents", (last, revision));
        last = revision;
        let key = ground.document_key("a");
        ground.one(Write::DeleteDocument { key, expected: revision.unwrap_or(0) }).await;
    }
}

/// What was written reads back, with the times of the first and the last write.
pub async fn a_document_reads_back(store: &dyn Store) {
    let ground = Ground::new(store, "a_document_reads_back");
    let key = ground.document_key("a");
    for (number, expected) in [None, Some(())].into_iter().enumerate() {
        let expected = if expected.is_some() { ground.revision("a").await } else { None };
        let body = Bytes::from(format!("body {number}"));
        let updated = at(number as i64 * 5);
        let document = NewDocument { key: key.clone(), body: body.clone(), at: updated };
        ground.one(Write::PutDocument { document, expected }).await;
        let found = done(store.document(&key).await, "a document is read by its key");
        let revision = ground.revision("a").await.unwrap_or(0);
        let written = Document { key: key.clone(), revision, body, created: at(0), updated };
        let sentence = "a document reads back as it was last written; `created` is the time of the first write";
        promise(found.as_ref() == Some(&written), sentence, "write every field", (&found, "instead of", &written));
        let listed = walk!(store, documents, ground.documents(10));
        promise(listed == [written], "lists show documents as they are", "write every field", listed);
    }
}

/// Documents are listed by name, in the order of bytes, one kind at a time.
pub async fn documents_are_listed_by_name(store: &dyn Store) {
    let ground = Ground::new(store, "documents_are_listed_by_name");
    let mut names = ["b", "a", "B", "é", "a b", "ab", "z", "~", "日", "a%", "_"];
    for name in names {
        ground.one(ground.put(name, None)).await;
    }
    let NewDocument { key, body, at } =
        NewDocument { key: ground.document_key("other"), body: Bytes::new(), at: at(0) };
    for kind in ["templat", "templates", "Template", "job"] {
        let key = crate::store::DocumentKey { kind: kind.to_owned(), ..key.clone() };
        ground.one(Write::PutDocument { document: NewDocument { key, body: body.clone(), at }, expected: None }).await;
    }
    names.sort_unstable();
    for limit in [1, 3, 100] {
        let found = walk!(store, documents, ground.documents(limit));
        let found: Vec<_> = found.iter().map(|document| document.key.name.as_str()).collect();
        let sentence = "documents of one kind are listed in the order of their names, by bytes";
        promise(
            found == names,
            sentence,
            "compare bytes: COLLATE \"C\" or BINARY",
            (limit, found, "instead of", names),
        );
    }
    let job = DocumentQuery { kind: "job".to_owned(), ..ground.documents(10) };
    let found = walk!(store, documents, job);
    promise(found.len() == 1, "documents of one kind are listed", "compare the kind", found);
}

/// Of commits that expect the same revision of the same document exactly one succeeds.
pub async fn of_racing_documents_one_wins(handles: &[Arc<dyn Store>]) {
    let store = handle(handles, 0);
    let ground = Ground::new(&*store, "of_racing_documents_one_wins");
    let mut expected = None;
    for round in 0..6 {
        let racers: Vec<_> = (0..6)
            .map(|index| {
                let (store, write) = (handle(handles, index), ground.put("a", expected));
                tokio::spawn(async move { store.commit(vec![write]).await })
            })
            .collect();
        let (sentence, mend) = (
            "of two commits that expect the same revision of the same document exactly one succeeds",
            "lock the document before its revision is compared, or compare in the statement that writes",
        );
        let mut winners = 0;
        for racer in racers {
            match racer.await.unwrap() {
                Ok(_) => winners += 1,
                Err(StoreError::Conflict { .. }) => {}
                other => promise(false, sentence, mend, other),
            }
        }
        promise(winners == 1, sentence, mend, (winners, "won in round", round));
        expected = ground.revision("a").await;
    }
}
