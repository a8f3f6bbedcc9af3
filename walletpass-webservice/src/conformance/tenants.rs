//! Tenants: whoever asks as one sees and changes nothing of another.

use super::ground::{CLUB, Ground, at, changed, conflict, device, done, promise, serials, token};
use crate::store::{Store, Tag, Write, Written};

/// Two tenants with the same pass types, serials, devices, tokens, documents and keys do not meet.
pub async fn tenants_see_nothing_of_each_other(store: &dyn Store) {
    let (one, other) = (Ground::new(store, "tenants.1"), Ground::new(store, "tenants.2"));
    let sentence = "no call for one tenant reads or changes anything of another";
    let mend = "make the tenant a part of every key and of every condition";
    for ground in [&one, &other] {
        let tag = ground.create("a").await;
        promise(tag.0 > 0, sentence, mend, tag);
        ground.register("phone", "a", "aa", 1).await;
        ground.one(ground.put("welcome", None)).await;
        ground.enqueue("k", 0).await;
    }
    // Another name that is alike in all but its end, or in case, is another tenant too.
    for name in ["tenants.", "tenants.11", "Tenants.1"] {
        let nobody = Ground::new(store, name);
        let lists = (nobody.passes(10).await.len(), nobody.tasks().await.len(), nobody.events().await.len());
        promise(lists == (0, 0, 0), sentence, mend, (name, lists));
        promise(nobody.stored("a").await.is_none(), sentence, mend, name);
        promise(nobody.revision("welcome").await.is_none(), sentence, mend, name);
        promise(nobody.changes("phone", None).await.is_none(), sentence, mend, name);
        promise(nobody.registrations("a").await.is_empty(), sentence, mend, name);
        promise(nobody.claim(5).await.is_empty(), sentence, mend, name);
    }
    // Whatever one does, the other is as it was.
    let before = picture(&other).await;
    let tag = one.update("a", one.tag("a").await.unwrap_or(Tag(0))).await;
    one.create("b").await;
    one.register("phone", "b", "bb", 9).await;
    one.enqueue("k", 3).await;
    let task = one.claim_one(5).await;
    one.one(Write::BuryTask { lease: task.lease(), error: "no".to_owned() }).await;
    let revive = |ground: &Ground<'_>| Write::ReviveTask { tenant: ground.tenant.clone(), task: task.id, due: at(9) };
    conflict(store.commit(vec![revive(&other)]).await, None, sentence, mend);
    one.one(Write::AppendEvent(one.event("sold"))).await;
    let revision = one.revision("welcome").await;
    one.one(one.put("welcome", revision)).await;
    let count = one.forget("bb", 99).await;
    promise(count == 2, sentence, mend, (count, "registrations were removed instead of 2"));
    one.delete("a", tag).await;
    let key = one.document_key("welcome");
    let expected = one.revision("welcome").await.unwrap_or(0);
    one.one(Write::DeleteDocument { key, expected }).await;
    let after = picture(&other).await;
    promise(before == after, sentence, mend, (&before, &after));
    // The same token at both: only that of the tenant is forgotten.
    one.register("phone", "b", "aa", 1).await;
    let pass_type = CLUB.parse().unwrap();
    let tenant = one.tenant.clone();
    let push_token = token("aa");
    let forgotten = one.one(Write::ForgetToken { tenant, pass_type, push_token, until: at(99), at: at(99) }).await;
    promise(forgotten == Written::Removed { registrations: 1 }, sentence, mend, forgotten);
    let ended = Write::Unregister { device: device("phone"), pass: one.key("a"), at: at(99) };
    let ended = one.one(ended).await;
    promise(ended == Written::Removed { registrations: 0 }, sentence, mend, ended);
    let after = picture(&other).await;
    promise(before == after, sentence, mend, (&before, &after));
    let listed = one.passes(10).await;
    promise(serials(&listed) == ["b"], sentence, mend, listed);
    let changes = other.changes("phone", None).await;
    promise(changed(&changes) == ["a"], sentence, mend, changes);
    let task = other.claim_one(5).await;
    promise(task.task == other.task("k", 0), sentence, mend, task);
}

/// The default tenant, whose name is empty, is one like the others.
pub async fn the_default_tenant_is_a_tenant(store: &dyn Store) {
    let named = Ground::new(store, "the_default_tenant");
    let ground = Ground { store, tenant: Default::default() };
    let serial = "suite-of-the-default-tenant";
    let tag = ground.create(serial).await;
    let found = (ground.tag(serial).await, named.stored(serial).await);
    let sentence = "the default tenant is the empty name, and a tenant like others";
    promise(found.0 == Some(tag) && found.1.is_none(), sentence, "do not take an empty name for all", found);
    let listed = done(store.passes(&crate::store::PassQuery::new(named.tenant.clone())).await, sentence);
    promise(listed.items.is_empty(), sentence, "do not take an empty name for all", listed);
    named.create(serial).await;
    ground.delete(serial, tag).await;
    promise(named.stored(serial).await.is_some(), sentence, "do not take an empty name for all", ());
}

async fn picture(ground: &Ground<'_>) -> Vec<String> {
    let mut picture: Vec<String> = ground.passes(10).await.iter().map(|pass| format!("{pass:?}")).collect();
    picture.extend(ground.registrations("a").await.iter().map(|registration| format!("{registration:?}")));
    let documents = super::ground::walk!(ground.store, documents, ground.documents(10));
    picture.extend(documents.iter().map(|document| format!("{document:?}")));
    picture.extend(ground.tasks().await.iter().map(|task| format!("{task:?}")));
    picture.extend(ground.events().await.iter().map(|event| format!("{event:?}")));
    picture
}
