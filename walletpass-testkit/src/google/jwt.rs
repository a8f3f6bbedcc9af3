//! Save links: read, verified, inserted.

use serde_json::{Map, Value, json};

use super::token::{claims, is_signed};
use super::world::{Ask, Entry, Reply, World};
use super::{rest, schema};
use crate::service_account::ServiceAccount;

/// Inserts what a link carries and does not exist.
pub(super) fn insert(world: &mut World, ask: &Ask) -> Reply {
    let mut put = || -> Result<Reply, Reply> {
        let body: Value = serde_json::from_slice(&ask.body).map_err(|_| invalid("no JSON"))?;
        let token = body.get("jwt").and_then(Value::as_str).ok_or_else(|| invalid("no jwt"))?;
        let payload = verified(world, token)?;
        for (collection, json) in judged(world, &payload)? {
            match rest::insert(world, &collection, &json) {
                Err(reply) if reply.status != 409 => return Err(reply),
                _ => {}
            }
        }
        Ok(Reply::json(
            200,
            &json!({ "saveUri": format!("https://pay.google.com/gp/v/save/{}", token.len()), "resources": {} }),
        ))
    };
    put().unwrap_or_else(|reply| reply)
}

/// Judges a link or its JSON, and changes nothing.
pub(super) fn validate(world: &mut World, ask: &Ask) -> Reply {
    let mut judge = || -> Result<Reply, Reply> {
        let body: Map<String, Value> = serde_json::from_slice(&ask.body).map_err(|_| invalid("no JSON"))?;
        schema::judge(&body, "JwtValidateRequest", "", true)?;
        let text = |outer: &str, inner: &str| body.get(outer).and_then(|it| it.get(inner)?.as_str());
        let payload = match (text("jwtResource", "jwt"), text("jsonResource", "json")) {
            (Some(token), None) => verified(world, token)?,
            (None, Some(json)) => {
                let mut json: Value = serde_json::from_str(json).map_err(|_| invalid("the json is none"))?;
                let payload = json.get_mut("payload").map(Value::take);
                payload.unwrap_or(json)
            }
            _ => return Err(invalid("exactly one of jwtResource and jsonResource is expected")),
        };
        judged(world, &payload).map(|_| Reply::json(200, &json!({})))
    };
    judge().unwrap_or_else(|reply| reply)
}

/// Verifies a link, and gives its payload.
fn verified(world: &World, token: &str) -> Result<Value, Reply> {
    let claims = claims(token).ok_or_else(|| invalid("the JWT cannot be read"))?;
    if !is_signed(token, &world.account) {
        return Err(invalid("the signature of the JWT does not fit"));
    }
    let is = |key: &str, value: &str| claims.get(key).is_some_and(|claim| claim == value);
    if !is("iss", ServiceAccount::EMAIL) || !is("aud", "google") || !is("typ", "savetowallet") {
        return Err(invalid("iss, aud or typ of the JWT is wrong"));
    }
    if claims.get("iat").and_then(Value::as_i64).is_none() || claims.get("exp").is_some() {
        return Err(invalid("the JWT needs an iat and takes no exp"));
    }
    claims.get("payload").cloned().ok_or_else(|| invalid("the JWT has no payload"))
}

/// Judges what a payload carries: classes first, then objects. Names of existing objects are left out.
fn judged(world: &mut World, payload: &Value) -> Result<Vec<Carried>, Reply> {
    let Value::Object(payload) = payload else { return Err(invalid("the payload is no object")) };
    let mut found = Vec::new();
    for (array, items) in payload {
        let collection = array.strip_suffix("Classes").map(|vertical| format!("{vertical}Class"));
        let collection =
            collection.or_else(|| array.strip_suffix("Objects").map(|vertical| format!("{vertical}Object")));
        let collection = collection.filter(|collection| schema::of_collection(collection).is_some());
        let collection = collection.ok_or_else(|| invalid(&format!("Unknown name \"{array}\" at 'payload'")))?;
        for item in items.as_array().ok_or_else(|| invalid("a list is expected"))? {
            let item = item.as_object().ok_or_else(|| invalid("an object is expected"))?;
            found.push((collection.clone(), item.clone()));
        }
    }
    found.sort_by_key(|(collection, _)| collection.ends_with("Object"));
    let mut made = Vec::new();
    let mut outcome = Ok(());
    for (collection, json) in &found {
        let id = json.get("id").and_then(Value::as_str).unwrap_or_default();
        let is_name = json.keys().all(|key| key == "id" || key == "classId");
        outcome = match rest::find(world, collection, id) {
            Ok(_) if is_name => Ok(()),
            Err(reply) if is_name && collection.ends_with("Object") => Err(reply),
            _ => rest::judge(world, collection, json).map(|_| ()),
        };
        if outcome.is_err() {
            break;
        }
        // The objects behind it may name this class.
        if !world.entries.contains_key(id) {
            let entry = Entry { collection: collection.clone(), json: json.clone() };
            world.entries.insert(id.to_owned(), entry);
            made.push(id.to_owned());
        }
    }
    for id in made {
        world.entries.remove(&id);
    }
    outcome?;
    let is_name = |json: &Map<String, Value>| json.keys().all(|key| key == "id" || key == "classId");
    found.retain(|(collection, json)| collection.ends_with("Class") || !is_name(json));
    Ok(found)
}

/// A collection and what is to be in it.
type Carried = (String, Map<String, Value>);

fn invalid(message: &str) -> Reply {
    Reply::refusal(400, "invalid", message)
}
