//! Registrations: which device holds which pass, and where to wake it.

use super::ground::{CLUB, EVENT, Ground, at, changed, conflict, device, new_pass, promise, there, token};
use crate::store::{Event, Registration, Store, Tag, Write, Written};

/// A device that registers again has a new token, for all its passes of the pass type and for no others.
pub async fn registering_replaces_the_token(store: &dyn Store) {
    let ground = Ground::new(store, "registering_replaces_the_token");
    let mend = "keep the token with the device, by tenant, pass type and device; write it with each registration";
    ground.create("a").await;
    ground.create("b").await;
    let event = ground.key_of(EVENT, "a");
    ground.create_pass(new_pass(event.clone())).await;
    let other_type =
        Write::Register { device: device("phone"), pass: event.clone(), push_token: token("ee"), at: at(1) };
    ground.one(other_type).await;
    ground.register("phone", "a", "aa", 1).await;
    ground.register("tablet", "a", "bb", 2).await;
    ground.register("phone", "b", "cc", 3).await;
    let registration = |name: &str, digits: &str, seconds| Registration {
        device: device(name),
        push_token: token(digits),
        registered: at(seconds),
    };
    let sentence = "the token that it registered last with for any pass of the pass type, and when";
    for (serial, expected) in [
        ("a", vec![registration("phone", "cc", 3), registration("tablet", "bb", 2)]),
        ("b", vec![registration("phone", "cc", 3)]),
    ] {
        let mut found = ground.registrations(serial).await;
        found.sort_by(|one, other| one.device.cmp(&other.device));
        promise(found == expected, sentence, mend, (serial, found, "instead of", expected));
    }
    let found = ground.registrations_of(event, 10).await;
    promise(found == [registration("phone", "ee", 1)], "the token is for one pass type", mend, found);
    // Hexadecimal digits are kept as the device sent them.
    ground.register("phone", "a", "Ab", 4).await;
    let found = ground.registrations("b").await;
    promise(found == [registration("phone", "Ab", 4)], sentence, mend, found);
}

/// Registering again is known, and tells no second event.
pub async fn registering_twice_is_known(store: &dyn Store) {
    let ground = Ground::new(store, "registering_twice_is_known");
    let mend = "look whether the registration is there, within the transaction";
    ground.create("a").await;
    ground.create("b").await;
    let news = [
        ground.register("phone", "a", "aa", 1).await,
        ground.register("phone", "a", "aa", 2).await,
        ground.register("phone", "a", "bb", 3).await,
        ground.register("tablet", "a", "aa", 4).await,
        ground.register("phone", "b", "aa", 5).await,
    ];
    let sentence = "`is_new`: whether it was not registered for this pass before";
    promise(news == [true, false, false, true, true], sentence, mend, news);
    let found = ground.registrations("a").await;
    promise(found.len() == 2, "a device registers a pass once", mend, found);
    let events = ground.events().await;
    let lines: Vec<_> = events.iter().map(|event| (event.event.kind.as_str(), event.event.at)).collect();
    let expected = [at(1), at(4), at(5)].map(|at| (Event::INSTALLED, at));
    promise(lines == expected, "if it is new an event `installed` at `at` is appended", mend, lines);
    let event = there(events, "if it is new an event `installed` is appended").event;
    let is_of_pass = event.pass == Some(ground.key("a")) && event.body.is_empty();
    promise(is_of_pass, "the event is of the pass, its body is empty", mend, event);
    ground.unregister("phone", "a").await;
    let is_new = ground.register("phone", "a", "aa", 6).await;
    promise(is_new, sentence, "forget the registration when it ends", is_new);
}

/// A pass that is not there cannot be registered.
pub async fn registering_nothing_is_a_conflict(store: &dyn Store) {
    let ground = Ground::new(store, "registering_nothing_is_a_conflict");
    let (sentence, mend) = ("a pass that is not there is a conflict", "look for the pass within the transaction");
    let result = store.commit(vec![ground.registering("phone", "a", "aa", 1)]).await;
    conflict(result, None, sentence, mend);
    let tag = ground.create("a").await;
    ground.delete("a", tag).await;
    let result = store.commit(vec![ground.registering("phone", "a", "aa", 1)]).await;
    conflict(result, None, sentence, mend);
    ground.create_pass(new_pass(ground.key_of(EVENT, "a"))).await;
    let result = store.commit(vec![ground.registering("phone", "a", "aa", 1)]).await;
    conflict(result, None, sentence, mend);
    let left = (ground.registrations("a").await, ground.events().await);
    promise(left.0.is_empty() && left.1.is_empty(), "nothing of a failed commit is there", mend, left);
}

/// Ending a registration twice is no error, and tells one event.
pub async fn unregistering_twice_is_no_error(store: &dyn Store) {
    let ground = Ground::new(store, "unregistering_twice_is_no_error");
    let (sentence, mend) = ("it is no error if there is none", "delete what is there and tell how many it were");
    ground.create("a").await;
    let counts = [ground.unregister("phone", "a").await, ground.unregister("phone", "absent").await];
    promise(counts == [0, 0], sentence, mend, counts);
    ground.register("phone", "a", "aa", 1).await;
    ground.register("tablet", "a", "aa", 1).await;
    let counts = [ground.unregister("phone", "a").await, ground.unregister("phone", "a").await];
    promise(counts == [1, 0], sentence, mend, counts);
    let found = ground.registrations("a").await;
    let is_tablet = found.len() == 1 && found[0].device == device("tablet");
    promise(is_tablet, "it ends the registration of this device and no other", mend, found);
    let changes = ground.changes("phone", None).await;
    promise(changes.is_none(), "what is not registered is not listed", mend, changes);
    let events = ground.event_lines().await;
    promise(
        events == ["installed a", "installed a", "removed a"],
        "if there was one an event is appended",
        mend,
        events,
    );
}

/// A pass that goes takes its registrations with it, and tells an event for each.
pub async fn a_deletion_ends_registrations(store: &dyn Store) {
    let ground = Ground::new(store, "a_deletion_ends_registrations");
    let (sentence, mend) = ("a pass is removed with its registrations", "delete them in the same transaction");
    let tag = ground.create("a").await;
    ground.create("b").await;
    for (name, serial) in [("phone", "a"), ("tablet", "a"), ("phone", "b")] {
        ground.register(name, serial, "aa", 1).await;
    }
    ground.delete("a", tag).await;
    ground.create("a").await;
    let (gone, kept) = (ground.registrations("a").await, ground.registrations("b").await);
    promise(gone.is_empty() && kept.len() == 1, sentence, mend, (gone, kept));
    let changes = ground.changes("phone", None).await;
    promise(changed(&changes) == ["b"], sentence, mend, changes);
    let events = ground.events().await;
    let removed: Vec<_> = events.iter().filter(|event| event.event.kind == Event::REMOVED).collect();
    let sentence = "for each of these an event `removed` at `at` is appended; the events of the pass stay";
    let is_told = removed.len() == 2
        && events.len() == 5
        && removed.iter().all(|event| event.event.pass == Some(ground.key("a")) && event.event.at == at(50));
    promise(is_told, sentence, mend, events);
    let is_new = ground.register("phone", "a", "aa", 9).await;
    promise(is_new, "the registration is a new one", mend, is_new);
}

/// A token that is gone takes its registrations with it, unless the device registered after that.
pub async fn forgetting_a_token_respects_the_time(store: &dyn Store) {
    let ground = Ground::new(store, "forgetting_a_token_respects_the_time");
    let mend = "remove the registrations of devices with this token whose `registered` is at or before `until`";
    for serial in ["a", "b"] {
        ground.create(serial).await;
    }
    ground.register("phone", "a", "aa", 10).await;
    ground.register("phone", "b", "aa", 20).await;
    ground.register("tablet", "a", "aa", 30).await;
    let sentence = "every registration with that token, unless its device registered after that";
    let count = ground.forget("aa", 19).await;
    promise(count == 0, sentence, mend, (count, "were removed until 19; the devices registered at 20 and 30"));
    let count = ground.forget("aa", 20).await;
    promise(count == 2, "registrations up to this time go", mend, (count, "were removed until 20 instead of 2"));
    let found = (ground.registrations("a").await, ground.registrations("b").await);
    let is_kept = found.0.len() == 1 && found.0[0].device == device("tablet") && found.1.is_empty();
    promise(is_kept, sentence, mend, found);
    let count = (ground.forget("aa", 99).await, ground.forget("aa", 99).await);
    promise(count == (1, 0), sentence, mend, count);
    let removed: Vec<_> =
        ground.events().await.into_iter().filter(|event| event.event.kind == Event::REMOVED).collect();
    let is_told = removed.len() == 3 && removed.iter().all(|event| event.event.at == at(70));
    promise(is_told, "for each an event `removed` at `at` is appended", mend, removed);
    let changes = (ground.changes("phone", None).await, ground.changes("tablet", None).await);
    promise(changes == (None, None), sentence, mend, changes);
}

/// Forgetting a token touches no other token, no token that was replaced, and no other pass type.
pub async fn forgetting_a_token_touches_no_other(store: &dyn Store) {
    let ground = Ground::new(store, "forgetting_a_token_touches_no_other");
    let mend = "compare tenant, pass type and token of the device";
    ground.create("a").await;
    let event = ground.key_of(EVENT, "a");
    ground.create_pass(new_pass(event.clone())).await;
    ground.register("phone", "a", "aa", 1).await;
    ground.register("phone", "a", "bb", 2).await;
    ground.register("tablet", "a", "AB", 2).await;
    let event_phone =
        Write::Register { device: device("phone"), pass: event.clone(), push_token: token("bb"), at: at(2) };
    ground.one(event_phone).await;
    let counts = (ground.forget("aa", 99).await, ground.forget("ab", 99).await, ground.forget("bb00", 99).await);
    let sentence = "a registration has the token that its device registered last with, as the device sent it";
    promise(counts == (0, 0, 0), sentence, mend, counts);
    let count = ground.forget("bb", 99).await;
    promise(count == 1, "a token is for one pass type", mend, count);
    let found = ground.registrations_of(event, 10).await;
    promise(found.len() == 1, "a token is for one pass type", mend, found);
}

/// The holders of a pass are those of this pass type and serial.
pub async fn holders_are_of_one_pass(store: &dyn Store) {
    let ground = Ground::new(store, "holders_are_of_one_pass");
    let mend = "look up by tenant, pass type and serial";
    ground.create("a").await;
    ground.create("b").await;
    ground.create_pass(new_pass(ground.key_of(EVENT, "a"))).await;
    ground.register("phone", "a", "aa", 1).await;
    for (pass_type, serial, count) in [(CLUB, "a", 1), (CLUB, "b", 0), (EVENT, "a", 0), (CLUB, "absent", 0)] {
        let found = ground.registrations_of(ground.key_of(pass_type, serial), 10).await;
        promise(found.len() == count, "it lists the devices that hold a pass", mend, (pass_type, serial, found));
    }
    // An update keeps them.
    let written = ground.update("a", ground.tag("a").await.unwrap_or(Tag(0))).await;
    let found = ground.registrations("a").await;
    promise(found.len() == 1, "an update keeps the registrations", mend, (written, found));
    let device = device("phone");
    let gone = ground.one(Write::Unregister { device, pass: ground.key_of(EVENT, "a"), at: at(2) }).await;
    let is_other = gone == Written::Removed { registrations: 0 };
    promise(
        is_other && ground.registrations("a").await.len() == 1,
        "it ends the registration of this pass",
        mend,
        gone,
    );
}
