//! Values: names of every kind, big bodies, instants, numbers beyond.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::ground::{
    CLUB, EVENT, Ground, at, changed, device, done, invalid, micros, new_pass, promise, serials, there, token, walk,
};
use crate::Tenant;
use crate::store::{
    Claim, DocumentKey, DocumentQuery, EventQuery, NewDocument, NewEvent, NewPass, NewTask, PassQuery,
    RegistrationQuery, Store, TaskQuery, Write,
};

/// Serial numbers of every kind are passes of their own.
pub async fn strange_serials_stay_apart(store: &dyn Store) {
    let ground = Ground::new(store, "strange_serials_stay_apart");
    let strange = strange();
    for (index, serial) in strange.iter().enumerate() {
        let pass = NewPass { body: Bytes::from(index.to_string()), ..ground.pass(serial) };
        ground.create_pass(pass).await;
        ground.register("phone", serial, "aa", 1).await;
    }
    let sentence = "text is compared byte by byte: neither case nor spaces at the end nor Unicode forms are made equal";
    let mend = "bind values, never paste them into SQL; compare bytes (COLLATE \"C\", BINARY), in no text type that pads or folds";
    for (index, serial) in strange.iter().enumerate() {
        let found = ground.stored(serial).await;
        let is_it = found.as_ref().is_some_and(|found| found.pass.body == index.to_string());
        promise(
            is_it && found.as_ref().is_some_and(|found| found.pass.key == ground.key(serial)),
            sentence,
            mend,
            (serial, found),
        );
        let holders = ground.registrations(serial).await.len();
        promise(holders == 1, sentence, mend, (serial, holders));
        let pass = Some(ground.key(serial));
        let events = walk!(store, events, EventQuery { pass, ..ground.event_query(10) });
        promise(events.len() == 1, sentence, mend, (serial, events));
    }
    let listed = ground.passes(4).await;
    promise(serials(&listed) == strange, sentence, mend, serials(&listed));
    let changes = ground.changes("phone", None).await;
    promise(changed(&changes) == strange, sentence, mend, changes);
    for (index, serial) in strange.iter().enumerate().step_by(2) {
        let tag = ground.update(serial, there(ground.tag(serial).await, sentence)).await;
        ground.delete(serial, tag).await;
        let left = ground.passes(100).await.len();
        promise(left == strange.len() - index / 2 - 1, sentence, mend, (serial, left));
    }
}

/// Names of documents, keys of tasks, and devices of every kind are of their own.
pub async fn strange_names_stay_apart(store: &dyn Store) {
    let ground = Ground::new(store, "strange_names_stay_apart");
    let strange = strange();
    ground.create("a").await;
    for name in &strange {
        ground
            .commit(vec![
                ground.put(name, None),
                Write::EnqueueTask(ground.task(name, 1)),
                ground.registering(name, "a", "aa", 1),
            ])
            .await;
    }
    let sentence = "text is compared byte by byte, and reads back as it was";
    let mend = "bind values; compare bytes (COLLATE \"C\", BINARY)";
    for name in &strange {
        let document = done(store.document(&ground.document_key(name)).await, sentence);
        promise(document.is_some_and(|document| document.key.name == *name), sentence, mend, name);
        let changes = ground.changes(name, None).await;
        promise(changed(&changes) == ["a"], sentence, mend, (name, changes));
    }
    let documents = walk!(store, documents, ground.documents(3));
    let names: Vec<_> = documents.iter().map(|document| document.key.name.clone()).collect();
    let mut sorted = strange.clone();
    sorted.sort_unstable();
    promise(names == sorted, sentence, mend, (names, sorted));
    let tasks = ground.claim(1).await;
    let keys: Vec<_> = tasks.iter().map(|task| task.task.key.clone()).collect();
    promise(keys == strange, sentence, mend, keys);
    let mut devices: Vec<_> =
        ground.registrations("a").await.iter().map(|found| found.device.as_str().to_owned()).collect();
    devices.sort_unstable();
    let mut sorted = strange.clone();
    sorted.sort_unstable();
    promise(devices == sorted, sentence, mend, devices);
    for name in &strange {
        let count = ground.unregister(name, "a").await;
        promise(count == 1, sentence, mend, (name, count));
    }
    // The longest there may be, all at once.
    let long = |len: usize| "é".repeat(len / 2);
    let document = NewDocument {
        key: DocumentKey { tenant: ground.tenant.clone(), kind: long(64), name: long(256) },
        body: Bytes::new(),
        at: at(0),
    };
    let task = NewTask { kind: long(64), key: long(512), ..ground.task("k", 500) };
    let pass = NewPass { template: Some(long(256)), token: (&*long(512)).into(), ..ground.pass(&long(128)) };
    let key = pass.key.clone();
    let push_token = token(&"ab".repeat(256));
    ground
        .commit(vec![
            Write::CreatePass(pass),
            Write::PutDocument { document, expected: None },
            Write::EnqueueTask(task.clone()),
            Write::Register { device: device(&long(256)), pass: key, push_token, at: at(0) },
            Write::AppendEvent(ground.event(&long(64))),
        ])
        .await;
    let query = DocumentQuery { kind: long(64), ..ground.documents(1) };
    let count = walk!(store, documents, query).len();
    promise(count == 1, "the longest names are taken", mend, count);
    let claim = Claim { kinds: vec![long(64)], key: Some(long(512)), ..ground.claiming(500, 10) };
    let claimed = done(store.claim(&claim).await, "the longest names are taken");
    promise(claimed.len() == 1, "the longest names are taken", mend, &claimed);
    let error = "e".repeat(1024);
    ground.one(Write::BuryTask { lease: claimed[0].lease(), error: error.clone() }).await;
    let dead = ground.dead_tasks().await;
    promise(dead.len() == 1 && dead[0].error.as_ref() == Some(&error), "an error of 1,024 bytes is kept", mend, dead);
}

/// Bodies of 1 MiB, of every byte, and of none read back as they were.
pub async fn bodies_read_back(store: &dyn Store) {
    let ground = Ground::new(store, "bodies_read_back");
    let big: Vec<u8> = (0..1024 * 1024_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let every: Vec<u8> = (0..=255).collect();
    let sentence = "bodies are opaque to the store, and those of 1 MiB are taken by every store";
    let mend = "keep them as bytes (BYTEA, BLOB), and let nothing cut them";
    for (name, body) in [("big", big), ("every", every), ("none", Vec::new())] {
        let body = Bytes::from(body);
        ground
            .commit(vec![
                Write::CreatePass(NewPass { body: body.clone(), ..ground.pass(name) }),
                Write::PutDocument {
                    document: NewDocument { key: ground.document_key(name), body: body.clone(), at: at(0) },
                    expected: None,
                },
                Write::EnqueueTask(NewTask { body: body.clone(), ..ground.task(name, 0) }),
                Write::AppendEvent(NewEvent { body: body.clone(), ..ground.event(name) }),
            ])
            .await;
        let document = done(store.document(&ground.document_key(name)).await, sentence);
        let tasks = ground.claim(0).await;
        let events = ground.events().await;
        let found = [
            ground.stored(name).await.map(|stored| stored.pass.body),
            document.map(|document| document.body),
            tasks.into_iter().next().map(|task| task.task.body),
            events.into_iter().next_back().map(|event| event.event.body),
        ];
        let is_same = found.iter().all(|found| found.as_ref() == Some(&body));
        let lens = found.map(|found| found.map(|found| found.len()));
        promise(is_same, sentence, mend, (name, body.len(), "bytes read back as", lens));
    }
}

/// Instants keep their microseconds; what is finer is cut off.
pub async fn instants_keep_microseconds(store: &dyn Store) {
    let ground = Ground::new(store, "instants_keep_microseconds");
    let fine = at(0) + chrono::TimeDelta::nanoseconds(123_456_789);
    let kept = micros(at(0), 123_456);
    let document = NewDocument { key: ground.document_key("a"), body: Bytes::new(), at: fine };
    let written = Write::Register { device: device("phone"), pass: ground.key("a"), push_token: token("aa"), at: fine };
    ground
        .commit(vec![
            Write::CreatePass(NewPass { at: fine, ..ground.pass("a") }),
            written,
            Write::PutDocument { document, expected: None },
            Write::EnqueueTask(NewTask { due: fine, ..ground.task("k", 0) }),
        ])
        .await;
    let sentence = "a store keeps whole microseconds, and cuts off what is finer";
    let stored = there(ground.stored("a").await, sentence);
    let document = done(store.document(&ground.document_key("a")).await, "a document is read");
    let document = there(document, sentence);
    let found = [
        stored.pass.at,
        stored.created,
        document.created,
        document.updated,
        there(ground.registrations("a").await, sentence).registered,
        there(ground.events().await, sentence).event.at,
        there(ground.tasks().await, sentence).task.due,
    ];
    let mend = "keep them as a whole number of microseconds";
    promise(found == [kept; 7], sentence, mend, (found, "instead of", kept));
    // A microsecond decides.
    let early = Claim { now: micros(kept, -1), until: at(99), ..ground.claiming(0, 9) };
    let claimed = done(store.claim(&early).await, "nothing is due");
    promise(claimed.is_empty(), sentence, mend, claimed);
    let until = micros(at(9), 7);
    let claimed = done(store.claim(&Claim { now: kept, until, ..early.clone() }).await, "one is due");
    promise(claimed.len() == 1, sentence, mend, &claimed);
    for (now, count) in [(micros(until, -1), 0), (until, 1)] {
        let claimed = done(store.claim(&Claim { now, until: at(99), ..early.clone() }).await, "one comes back");
        promise(claimed.len() == count, "a lease lasts until its end", mend, (now, claimed));
    }
    let all = PassQuery::new(ground.tenant.clone());
    for (from, until, count) in [
        (Some(kept), None, 1),
        (Some(micros(kept, 1)), None, 0),
        (None, Some(kept), 0),
        (None, Some(micros(kept, 1)), 1),
        (Some(kept), Some(micros(kept, 1)), 1),
        (Some(DateTime::<Utc>::MIN_UTC), Some(DateTime::<Utc>::MAX_UTC), 1),
    ] {
        let found = walk!(store, passes, PassQuery { updated_from: from, updated_until: until, ..all.clone() });
        let sentence = "last written at `updated_from` or later, before `updated_until`";
        promise(found.len() == count, sentence, mend, (from, until, found.len()));
    }
    // The first and the last that there may be.
    for (number, text) in ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"].iter().enumerate() {
        let at: DateTime<Utc> = text.parse().unwrap();
        let serial = format!("edge{number}");
        let tag = ground.create_pass(NewPass { at, ..ground.pass(&serial) }).await;
        ground.one(Write::UpdatePass { pass: NewPass { at, ..ground.pass(&serial) }, expected: tag }).await;
        let found = ground.stored(&serial).await.map(|stored| stored.pass.at);
        promise(found == Some(at), "instants between the years 1970 and 9999 are kept", mend, (found, at));
        let task = NewTask { due: at, ..ground.task(&serial, 0) };
        ground.one(Write::EnqueueTask(task)).await;
    }
}

/// What a call brings that its documentation does not allow is Invalid, and nothing is done.
pub async fn what_makes_no_sense_is_refused(store: &dyn Store) {
    let ground = Ground::new(store, "what_makes_no_sense_is_refused");
    let tag = ground.create("a").await;
    ground.enqueue("k", 0).await;
    let lease = ground.claim_one(0).await.lease();
    let other: Tenant = "suite.another".parse().unwrap();
    let foreign = crate::PassKey { tenant: other, ..ground.key("a") };
    let (short, long) = ("x".repeat(65), "x".repeat(257));
    let (early, late) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let document = |kind: &str, name: &str| {
        let key = DocumentKey { tenant: ground.tenant.clone(), kind: kind.to_owned(), name: name.to_owned() };
        Write::PutDocument { document: NewDocument { key, body: Bytes::new(), at: at(0) }, expected: None }
    };
    let task = |kind: &str, key: &str| Write::EnqueueTask(NewTask { kind: kind.to_owned(), ..ground.task(key, 0) });
    let pass = |token: &str, template: &str, at| {
        let template = Some(template.to_owned());
        NewPass { token: token.into(), template, at, ..ground.pass("b") }
    };
    let retry = |error: &str, due| Write::RetryTask { lease, due, error: error.to_owned() };
    let unregister = |at| Write::Unregister { device: device("phone"), pass: ground.key("a"), at };
    for write in [
        document("", "a"),
        document(&short, "a"),
        document("a\0", "a"),
        document("a", ""),
        document("a", &long),
        document("a", "a\nb"),
        Write::DeleteDocument { key: ground.document_key(""), expected: 1 },
        task("", "a"),
        task(&short, "a"),
        task("a\0", "a"),
        task("a", ""),
        task("a", &"x".repeat(513)),
        task("a", "\u{0}"),
        Write::EnqueueTask(NewTask { due: late, ..ground.task("a", 0) }),
        Write::AppendEvent(ground.event("")),
        Write::AppendEvent(ground.event(&short)),
        Write::AppendEvent(ground.event("a\u{7f}")),
        Write::AppendEvent(NewEvent { pass: Some(foreign.clone()), ..ground.event("a") }),
        Write::AppendEvent(NewEvent { at: early, ..ground.event("a") }),
        Write::CreatePass(pass("", "t", at(0))),
        Write::CreatePass(pass(&"x".repeat(513), "t", at(0))),
        Write::CreatePass(pass("token\0", "t", at(0))),
        Write::CreatePass(pass("token", "", at(0))),
        Write::CreatePass(pass("token", &long, at(0))),
        Write::CreatePass(pass("token", "t\0", at(0))),
        Write::CreatePass(pass("token", "t", late)),
        Write::UpdatePass { pass: NewPass { at: early, ..ground.pass("a") }, expected: tag },
        Write::DeletePass { key: ground.key("a"), expected: tag, at: late },
        Write::Register { device: device("phone"), pass: ground.key("a"), push_token: token("aa"), at: early },
        unregister(late),
        Write::ForgetToken {
            tenant: ground.tenant.clone(),
            pass_type: CLUB.parse().unwrap(),
            push_token: token("aa"),
            until: late,
            at: at(0),
        },
        retry(&"x".repeat(1025), at(0)),
        retry("a\0b", at(0)),
        retry("", late),
        Write::BuryTask { lease, error: "x".repeat(1025) },
        Write::BuryTask { lease, error: "\0".to_owned() },
        Write::ReviveTask { tenant: ground.tenant.clone(), task: 1, due: early },
    ] {
        let shown = format!("{write:.200?}");
        invalid(store.commit(vec![Write::AppendEvent(ground.event("before")), write]).await, &shown);
    }
    let events = ground.events().await;
    promise(events.is_empty(), "after an `Err` nothing of the commit is there", "check before you write", events);

    let passes = PassQuery::new(ground.tenant.clone());
    invalid(store.passes(&PassQuery { limit: 0, ..passes.clone() }).await, "a limit of 0 passes");
    invalid(store.passes(&PassQuery { template: Some("a\0".to_owned()), ..passes }).await, "a template with U+0000");
    invalid(store.documents(&ground.documents(0)).await, "a limit of 0 documents");
    invalid(
        store.documents(&DocumentQuery { kind: "a\0".to_owned(), ..ground.documents(1) }).await,
        "a kind with U+0000",
    );
    invalid(store.document(&ground.document_key("a\0")).await, "a name with U+0000");
    invalid(store.document(&ground.document_key("")).await, "an empty name");
    let registrations = RegistrationQuery { pass: ground.key("a"), cursor: None, limit: 0 };
    invalid(store.registrations(&registrations).await, "a limit of 0 registrations");
    invalid(store.tasks(&ground.task_query(0)).await, "a limit of 0 tasks");
    invalid(store.tasks(&TaskQuery { dead_only: true, ..ground.task_query(0) }).await, "a limit of 0 dead tasks");
    invalid(store.events(&ground.event_query(0)).await, "a limit of 0 events");
    let query = EventQuery { pass: Some(foreign), ..ground.event_query(1) };
    invalid(store.events(&query).await, "events of another tenant's pass");
    let claim = ground.claiming(0, 1);
    for (what, claim) in [
        ("a limit of 0 tasks to lease", Claim { limit: 0, ..claim.clone() }),
        ("a lease of no time", Claim { until: claim.now, ..claim.clone() }),
        ("a lease that ends before it begins", Claim { until: at(-1), ..claim.clone() }),
        ("an empty kind", Claim { kinds: vec![String::new()], ..claim.clone() }),
        ("a kind with U+0000", Claim { kinds: vec!["\0".to_owned()], ..claim.clone() }),
        ("an empty key", Claim { key: Some(String::new()), ..claim.clone() }),
        ("a key with U+0000", Claim { key: Some("\0".to_owned()), ..claim.clone() }),
        ("a key of 513 bytes", Claim { key: Some("x".repeat(513)), ..claim.clone() }),
        ("a key of no tenant", Claim { key: Some("k".to_owned()), tenant: None, ..claim.clone() }),
        ("65 kinds", Claim { kinds: vec!["a".to_owned(); 65], ..claim.clone() }),
        ("a time before 1970", Claim { now: early, ..claim.clone() }),
        ("a time after 9999", Claim { until: late, ..claim }),
    ] {
        invalid(store.claim(&claim).await, what);
    }
}

/// A limit may be as large as a number can be.
pub async fn limits_may_be_large(store: &dyn Store) {
    let ground = Ground::new(store, "limits_may_be_large");
    ground.create_pass(new_pass(ground.key_of(EVENT, "a"))).await;
    ground.enqueue("k", 0).await;
    let limit = usize::MAX;
    let found = ground.passes(limit).await.len();
    let claim = Claim { limit, ..ground.claiming(0, 1) };
    let claimed = done(store.claim(&claim).await, "a limit may be as large as usize allows").len();
    let sentence = "a page has at most `limit` items and may have fewer";
    promise((found, claimed) == (1, 1), sentence, "cut the limit to what the database takes", (found, claimed));
}

/// Names that stores have confused: all legal, all different, in the order in which they are created.
fn strange() -> Vec<String> {
    let mut strange: Vec<String> = [
        "a",
        "A",
        "á",
        "a\u{301}",
        "\u{fb01}",
        "fi",
        "ß",
        "ss",
        "SS",
        "İ",
        "i",
        "I",
        "ı",
        "a ",
        " a",
        " ",
        "  ",
        "a/b",
        "a%2Fb",
        "a%2fb",
        "a\\b",
        "../a",
        "..",
        ".",
        "a.b",
        "a?b#c",
        "a&b=c",
        "a+b",
        "a b",
        "'",
        "''",
        "\"",
        "`",
        ";",
        "'; DROP TABLE passes; --",
        "' OR '1'='1",
        "$1",
        "?1",
        ":a",
        "@a",
        "%",
        "_",
        "a_",
        "a%",
        "*",
        "[a]",
        "{}",
        "\\",
        "\\\\",
        "\\x00",
        "0",
        "00",
        "1",
        "1.0",
        "1e0",
        "-1",
        "NULL",
        "null",
        "true",
        "nan",
        "Grüße",
        "日本語",
        "日本",
        "👩‍👩‍👧",
        "👩",
        "\u{202e}a",
        "\u{feff}a",
        "a\u{200b}",
        "\u{a0}",
        "א",
        "\u{10ffff}",
        "\u{ffff}",
    ]
    .map(str::to_owned)
    .to_vec();
    // The longest, which differ in the last byte only.
    strange.extend(["x".repeat(128), "x".repeat(127) + "y", "x".repeat(127), "é".repeat(64)]);
    strange
}
