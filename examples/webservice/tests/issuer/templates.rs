//! Templates, and the passes that follow them.

use chrono::TimeDelta;
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};
use walletpass::Issuer;
use walletpass::issuer::{Change, Error, TemplateJob};
use walletpass::model::Serial;
use walletpass_webservice::store::PassQuery;

use crate::stage::{PASS_TYPE, Stage, add_point, card, points_of, set_points};
use crate::stores::over_each_store;

over_each_store!(
    a_pass_is_its_template_and_what_it_says_itself,
    templates_are_kept_listed_and_removed,
    what_is_wrong_with_a_template_is_told,
    a_template_of_tickets_says_what_they_share,
    a_change_reaches_the_phone_and_one_class,
    a_pass_with_a_class_of_its_own_keeps_it,
    what_a_pass_says_itself_stays,
    changes_of_pass_and_template_at_the_same_time,
    a_pass_that_cannot_follow_is_reported,
    google_catches_up_with_what_vanished,
);

pub(crate) fn club() -> Value {
    let mut template = serde_json::to_value(card("any", 0)).unwrap();
    template.as_object_mut().unwrap().remove("serial");
    template
}

pub(crate) fn with(mut template: Value, patch: Value) -> Value {
    merge(&mut template, &patch);
    template
}

fn merge(into: &mut Value, patch: &Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, patch) => *into = patch.clone(),
    }
}

pub(crate) fn points(points: i64) -> Value {
    json!({ "kind": { "loyalty": { "points": points } } })
}

pub(crate) fn serial(serial: &str) -> Option<Serial> {
    Some(serial.parse().unwrap())
}

async fn json_of(issuer: &Issuer, serial: &str) -> Value {
    serde_json::to_value(issuer.pass(&serial.parse().unwrap()).await.unwrap().pass).unwrap()
}

/// Does all that is due, until nothing is.
pub(crate) async fn settle(issuer: &Issuer, template: &str) -> TemplateJob {
    let mut idle = 0;
    for _ in 0..1_000 {
        let job = issuer.template_job(template).await.unwrap();
        // What is done for a template is not told, so nothing may be told when there is still something to be done: its class, its job, its passes.
        idle = if issuer.run_due(100).await.unwrap().is_empty() && job.finished { idle + 1 } else { 0 };
        if idle == 3 {
            return job;
        }
    }
    panic!("it does not end");
}

/// What Google was asked to write since: the method and the collection.
pub(crate) fn asked(stage: &Stage, since: usize) -> Vec<String> {
    let requests = stage.google.requests();
    let of = |path: &str| path.split('/').find(|part| part.starts_with("loyalty")).unwrap_or(path).to_owned();
    let writes = requests[since..].iter().filter(|seen| seen.method != "GET");
    writes.map(|seen| format!("{} {}", seen.method, of(&seen.path))).collect()
}

async fn a_pass_is_its_template_and_what_it_says_itself(stage: Stage) {
    let issuer = &stage.issuer;
    let template = issuer.put_template("club", &club()).await.unwrap();
    assert!(!template.pass["kind"]["loyalty"]["logo"].to_string().contains("base64"), "pictures are named");
    let said = json!({ "kind": { "loyalty": { "points": 7, "holder": null } }, "language": "de" });
    let issued = issuer.create_from("club", serial("a"), &said).await.unwrap();
    assert!(issued.is_new && issued.apple.is_some() && issued.google.is_some());
    let pass = json_of(issuer, "a").await;
    let facts = &pass["kind"]["loyalty"];
    assert_eq!((&facts["points"], &facts["holder"], &facts["tier"]), (&json!(7), &json!(null), &json!("Gold")));
    assert_eq!(pass["language"], "de");
    assert_eq!(issuer.pass(&issued.serial).await.unwrap().template.as_deref(), Some("club"));

    assert!(!issuer.create_from("club", serial("a"), &said).await.unwrap().is_new);
    issuer.put_template("club", &with(club(), json!({ "organization": "Beans" }))).await.unwrap();
    assert!(!issuer.create_from("club", serial("a"), &said).await.unwrap().is_new, "the same was asked for");
    let error = issuer.create_from("club", serial("a"), &points(8)).await.unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "{error}");

    let one = issuer.create_from("club", None, &json!({})).await.unwrap();
    assert_ne!(one.serial, issuer.create_from("club", None, &json!({})).await.unwrap().serial);
    let error = issuer.create_from("club", None, &json!({ "knid": 1 })).await.unwrap_err();
    assert!(matches!(error, Error::Json(_)), "{error}");
    let error = issuer.create_from("klub", None, &json!({})).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no template klub: put it first");
    let query = PassQuery { template: Some("club".to_owned()), ..PassQuery::new(Default::default()) };
    assert_eq!(issuer.passes(query).await.unwrap().passes.len(), 3);
}

async fn templates_are_kept_listed_and_removed(stage: Stage) {
    let issuer = &stage.issuer;
    let first = issuer.put_template("b", &club()).await.unwrap();
    stage.time.advance(TimeDelta::seconds(1));
    assert_eq!(issuer.put_template("b", &club()).await.unwrap(), first, "equal content is no change");
    let second = issuer.put_template("b", &with(club(), points(5))).await.unwrap();
    assert!(second.revision > first.revision && second.updated > first.updated && second.created == first.created);
    assert_eq!(issuer.template("b").await.unwrap(), second);
    issuer.put_template("a", &club()).await.unwrap();
    let list = issuer.templates(None).await.unwrap();
    assert_eq!(list.items.iter().map(|template| template.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(issuer.clone().tenant("other".parse().unwrap()).templates(None).await.unwrap().items, []);

    let serial = issuer.create_from("a", None, &json!({})).await.unwrap().serial;
    let error = issuer.delete_template("a").await.unwrap_err();
    assert_eq!(error.to_string(), "there are passes of template a: delete them first");
    issuer.delete(&serial).await.unwrap();
    settle(issuer, "a").await;
    issuer.delete_template("a").await.unwrap();
    assert!(matches!(issuer.template("a").await, Err(Error::NoTemplate { .. })));
    settle(issuer, "b").await;
    issuer.put_template("a", &club()).await.unwrap();
    assert_eq!(settle(issuer, "a").await.reached, 0);
}

async fn what_is_wrong_with_a_template_is_told(stage: Stage) {
    let issuer = &stage.issuer;
    for (template, wrong) in [
        (json!({ "organization": "Bean & Co" }), "with `kind`, which has one member"),
        (json!({ "kind": "loyalty" }), "with `kind`, which has one member"),
        (json!([]), "write an object"),
        (with(club(), json!({ "serial": "a" })), "a template has no `serial`"),
        (with(club(), json!({ "orgnization": "B" })), "did you mean `organization`?"),
        (json!({ "kind": { "loyalty": { "pionts": 1 } } }), "did you mean `points`?"),
        (json!({ "kind": { "loyalti": {} } }), "did you mean `loyalty`?"),
        (json!({ "kind": { "loyalty": {} }, "extra": { "googelClass": {} } }), "did you mean `googleClass`?"),
        (with(club(), json!({ "extra": { "googleObject": { "loyaltyPints": 1 } } })), "loyaltyPints"),
    ] {
        let error = issuer.put_template("club", &template).await.unwrap_err();
        let told = format!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string));
        assert!(told.contains(wrong), "{told}");
    }
    for name in ["", "a b", "a/b", &"x".repeat(65)] {
        assert!(matches!(issuer.put_template(name, &club()).await, Err(Error::TemplateName { .. })), "{name}");
    }
    issuer.put_template("club", &club()).await.unwrap();
    let coupon = json!({ "kind": { "coupon": { "title": "2 for 1" } } });
    let error = issuer.put_template("club", &coupon).await.unwrap_err();
    assert_eq!(error.to_string(), "a template keeps its kind: club is for loyalty, put another one for coupon");
    assert_eq!(issuer.templates(None).await.unwrap().items.len(), 1);
}

/// Not a pass by itself: where it goes each ticket says.
async fn a_template_of_tickets_says_what_they_share(stage: Stage) {
    let issuer = &stage.issuer;
    let logo = club()["kind"]["loyalty"]["logo"].clone();
    let rail = json!({
        "organization": "Rio Douro Rail",
        "kind": { "transit": { "mode": "rail", "logo": logo, "trip": "oneWay", "departs": "2027-05-01T09:15:00+01:00" } },
        "extra": { "googleClass": { "homepageUri": null } },
    });
    issuer.put_template("rail", &rail).await.unwrap();
    let to = |to: &str| json!({ "kind": { "transit": { "operator": "RDR", "from": { "name": "Porto" }, "to": { "name": to } } } });
    let serial_of = issuer.create_from("rail", serial("a"), &to("Pinhao")).await.unwrap().serial;
    let error = issuer.create_from("rail", None, &json!({})).await.unwrap_err();
    assert!(matches!(error, Error::Json(_)), "{error}");
    issuer.put_template("rail", &with(rail, json!({ "organization": "RDR" }))).await.unwrap();
    assert_eq!(
        (settle(issuer, "rail").await.reached, json_of(issuer, "a").await["organization"].as_str()),
        (1, Some("RDR"))
    );
    let pass = json_of(issuer, "a").await;
    assert_eq!(pass["kind"]["transit"]["to"]["name"], "Pinhao");
    assert_eq!(pass["extra"]["googleClass"], json!({ "homepageUri": null }), "raw JSON has nulls");
    assert!(!issuer.pkpass(&serial_of).await.unwrap().to_vec().is_empty());
}

async fn a_change_reaches_the_phone_and_one_class(mut stage: Stage) {
    let issuer = stage.issuer.clone();
    issuer.put_template("club", &club()).await.unwrap();
    for number in 0..3 {
        let issued = issuer.create_from("club", serial(&format!("m{number}")), &json!({})).await.unwrap();
        stage.phone.add(&issuer.pkpass(&issued.serial).await.unwrap().to_vec()).await.unwrap();
        issuer.update(&issued.serial, |pass| set_points(pass, 10 + number)).await.unwrap();
    }
    settle(&issuer, "club").await;
    assert_eq!(stage.class_of("m0")["id"], "3388000000000000001.loyalty.template.club");

    let (pushes, requests) = (stage.apns.count(), stage.google.requests().len());
    let green = with(club(), json!({ "colors": { "background": "#0a7d3c" } }));
    issuer.put_template("club", &green).await.unwrap();
    assert_eq!(settle(&issuer, "club").await.reached, 3);
    assert_eq!(asked(&stage, requests), ["PATCH loyaltyClass"]);
    assert_eq!(stage.apns.count() - pushes, 3);
    assert_eq!(stage.class_of("m2")["hexBackgroundColor"], "#0a7d3c");
    stage.wake_phone().await;
    let shown = stage.phone.pass(PASS_TYPE, "m2");
    assert_eq!(shown.json()["backgroundColor"], "rgb(10, 125, 60)");
    assert_eq!(shown.visible("points").unwrap().value, "12");

    let requests = stage.google.requests().len();
    issuer.put_template("club", &with(green, json!({ "kind": { "loyalty": { "tier": "Platinum" } } }))).await.unwrap();
    assert_eq!(settle(&issuer, "club").await.reached, 3);
    assert_eq!(asked(&stage, requests), ["PATCH loyaltyObject"; 3]);
    assert!(stage.object("m1").to_string().contains("Platinum"));

    // An update is one of the object alone, whichever process does it.
    let requests = stage.google.requests().len();
    issuer.update(&"m1".parse().unwrap(), |pass| set_points(pass, 99)).await.unwrap();
    assert_eq!(asked(&stage, requests), ["PATCH loyaltyObject"]);

    // What vanishes from the template vanishes from the class.
    issuer.put_template("club", &club()).await.unwrap();
    settle(&issuer, "club").await;
    assert_eq!(stage.class_of("m1").get("hexBackgroundColor"), None);
    assert_eq!(stage.phone.complaints(), []);

    issuer.delete(&"m1".parse().unwrap()).await.unwrap();
    assert_eq!(stage.object("m1")["state"], "INACTIVE");
    assert_eq!(stage.class_of("m1")["id"], "3388000000000000001.loyalty.template.club");
}

async fn a_pass_with_a_class_of_its_own_keeps_it(stage: Stage) {
    let issuer = &stage.issuer;
    issuer.put_template("club", &club()).await.unwrap();
    let own = json!({ "colors": { "background": "#000000" } });
    for (name, overrides) in [("own", &own), ("shared", &json!({}))] {
        issuer.create_from("club", serial(name), overrides).await.unwrap();
        issuer.update(&name.parse().unwrap(), add_point).await.unwrap();
    }
    let id = |name: &str| stage.class_of(name)["id"].as_str().unwrap().to_owned();
    assert_eq!(id("shared"), "3388000000000000001.loyalty.template.club");
    let own_class = id("own");
    assert_ne!(own_class, id("shared"));
    issuer.put_template("club", &with(club(), json!({ "colors": { "background": "#ffffff" } }))).await.unwrap();
    settle(issuer, "club").await;
    assert_eq!((id("own"), stage.class_of("own")["hexBackgroundColor"].as_str()), (own_class, Some("#000000")));
    assert_eq!(stage.class_of("shared")["hexBackgroundColor"], "#ffffff");

    // The template comes to say what the pass says: then both are of one class, and of two again.
    issuer.put_template("club", &with(club(), own)).await.unwrap();
    settle(issuer, "club").await;
    assert_eq!(id("own"), id("shared"));
    issuer.put_template("club", &with(club(), json!({ "colors": { "background": "#00ff00" } }))).await.unwrap();
    settle(issuer, "club").await;
    assert_eq!(stage.class_of("own")["hexBackgroundColor"], "#000000");
    assert_eq!(stage.class_of("shared")["hexBackgroundColor"], "#00ff00");
}

async fn what_a_pass_says_itself_stays(stage: Stage) {
    let issuer = &stage.issuer;
    issuer.put_template("club", &club()).await.unwrap();
    issuer.create_from("club", serial("a"), &points(0)).await.unwrap();
    issuer.create_from("club", serial("b"), &json!({})).await.unwrap();
    let said = json!({ "kind": { "loyalty": { "tier": null } }, "terms": "None" });
    issuer.merge(&"b".parse().unwrap(), &said).await.unwrap();
    let later = with(
        club(),
        json!({
            "kind": { "loyalty": { "points": 50, "tier": "Silver", "program": "Beans" } }, "terms": "Some", "group": "x",
        }),
    );
    issuer.put_template("club", &later).await.unwrap();
    settle(issuer, "club").await;
    let (a, b) = (json_of(issuer, "a").await, json_of(issuer, "b").await);
    let facts = |pass: &Value| {
        let facts = &pass["kind"]["loyalty"];
        json!([facts["points"], facts["tier"], facts["program"], pass["terms"], pass["group"]])
    };
    assert_eq!(
        facts(&a),
        json!([0, "Silver", "Beans", "Some", "x"]),
        "it said so when it was created, though to no effect"
    );
    assert_eq!(facts(&b), json!([50, null, "Beans", "None", "x"]));
}

/// Whoever comes first: the pass has both in the end, and the phone is told of what changed.
async fn changes_of_pass_and_template_at_the_same_time(stage: Stage) {
    let issuer = &stage.issuer;
    issuer.put_template("club", &club()).await.unwrap();
    let serials: Vec<Serial> = (0..10).map(|number| format!("m{number}").parse().unwrap()).collect();
    for serial in &serials {
        issuer.create_from("club", Some(serial.clone()), &json!({})).await.unwrap();
    }
    for round in 1..4_i64 {
        let template = with(club(), json!({ "organization": format!("Beans {round}") }));
        let put = async {
            issuer.put_template("club", &template).await.unwrap();
            settle(issuer, "club").await
        };
        let updates = stream::iter(&serials).for_each_concurrent(5, async |serial| {
            assert!(matches!(issuer.update(serial, add_point).await.unwrap(), Change::Changed { .. }));
        });
        let create = async {
            issuer.create_from("club", serial(&format!("new{round}")), &json!({})).await.unwrap();
        };
        tokio::join!(put, updates, create);
        settle(issuer, "club").await;
        for serial in &serials {
            let pass = issuer.pass(serial).await.unwrap().pass;
            assert_eq!((points_of(&pass), pass.organization.default.as_str()), (round, &*format!("Beans {round}")));
        }
        let pass = issuer.pass(&format!("new{round}").parse().unwrap()).await.unwrap().pass;
        assert_eq!(pass.organization.default, format!("Beans {round}"));
    }
}

async fn a_pass_that_cannot_follow_is_reported(stage: Stage) {
    let issuer = &stage.issuer;
    issuer.put_template("club", &club()).await.unwrap();
    let own = json!({ "barcode": { "message": "own" } });
    for (name, said) in [("a", &json!({})), ("b", &own), ("c", &own)] {
        issuer.create_from("club", serial(name), said).await.unwrap();
        issuer.update(&name.parse().unwrap(), add_point).await.unwrap();
    }
    settle(issuer, "club").await;
    let mut bare = with(club(), json!({ "organization": "Beans" }));
    bare.as_object_mut().unwrap().remove("barcode");
    issuer.put_template("club", &bare).await.unwrap();
    let job = settle(issuer, "club").await;
    assert_eq!((job.reached, job.failed, job.failures[0].serial.as_str()), (1, 2, "b"));
    assert!(job.failures[0].reason.contains("barcode: missing field `format`"), "{}", job.failures[0].reason);

    // They stay what they were, at Google too, and can be changed.
    let b = "b".parse().unwrap();
    assert!(matches!(issuer.update(&b, add_point).await.unwrap(), Change::Changed { .. }));
    for name in ["b", "c"] {
        let pass = json_of(issuer, name).await;
        assert_eq!((&pass["organization"], &pass["barcode"]["format"]), (&json!("Bean & Co"), &json!("qr")));
        assert_eq!(stage.class_of(name)["issuerName"], "Bean & Co");
    }
    assert_eq!(stage.class_of("a")["issuerName"], "Beans");

    // One that is mended follows, on both wallets.
    let mend = json!({ "barcode": { "format": "aztec" } });
    assert!(matches!(issuer.merge(&"c".parse().unwrap(), &mend).await.unwrap(), Change::Changed { .. }));
    settle(issuer, "club").await;
    let pass = json_of(issuer, "c").await;
    assert_eq!((&pass["organization"], &pass["barcode"]["format"]), (&json!("Beans"), &json!("aztec")));
    assert_eq!(stage.class_of("c")["issuerName"], "Beans");

    issuer.put_template("club", &with(club(), json!({ "organization": "Bean Ltd" }))).await.unwrap();
    assert_eq!(settle(issuer, "club").await.reached, 3);
    for name in ["b", "c"] {
        let pass = json_of(issuer, name).await;
        assert_eq!((&pass["organization"], &pass["barcode"]["message"]), (&json!("Bean Ltd"), &json!("own")));
        assert_eq!(stage.object(name)["classId"], "3388000000000000001.loyalty.template.club");
    }
    assert_eq!(points_of(&issuer.pass(&b).await.unwrap().pass), 2);
}

/// A second attempt looks first whether the first one arrived: what was to vanish must not be there any more.
async fn google_catches_up_with_what_vanished(mut stage: Stage) {
    let issuer = stage.issuer.clone();
    issuer.put_template("club", &with(club(), json!({ "colors": { "background": "#0a7d3c" } }))).await.unwrap();
    let issued = issuer.create_from("club", serial("a"), &json!({ "group": "x" })).await.unwrap();
    stage.phone.add(&issuer.pkpass(&issued.serial).await.unwrap().to_vec()).await.unwrap();
    issuer.update(&issued.serial, add_point).await.unwrap();
    settle(&issuer, "club").await;
    assert!(stage.object("a").get("groupingInfo").is_some());
    assert_eq!(stage.class_of("a")["hexBackgroundColor"], "#0a7d3c");

    stage.google.set_api_enabled(false);
    issuer.put_template("club", &club()).await.unwrap();
    issuer.merge(&issued.serial, &json!({ "group": null })).await.unwrap();
    settle(&issuer, "club").await;
    stage.wake_phone().await;
    assert_eq!(stage.phone.pass(PASS_TYPE, "a").json().get("backgroundColor"), None, "phones do not wait for Google");
    stage.google.set_api_enabled(true);
    stage.time.advance(TimeDelta::hours(1));
    settle(&issuer, "club").await;
    assert_eq!(stage.object("a").get("groupingInfo"), None);
    assert_eq!(stage.class_of("a").get("hexBackgroundColor"), None);
    assert_eq!(issuer.dead(None).await.unwrap().items, []);
}
