//! Classes and objects, the issuer, and pictures.

use serde_json::{Map, Value, json};

use super::FakeGoogle;
use super::schema;
use super::spelling::read;
use super::world::{Ask, Entry, Reply, World, denied, judge_id};
use crate::service_account::ServiceAccount;

pub(super) fn answer(world: &mut World, ask: &Ask) -> Reply {
    route(world, ask).unwrap_or_else(|reply| reply)
}

fn route(world: &mut World, ask: &Ask) -> Result<Reply, Reply> {
    let path = ask.path.trim_start_matches("/walletobjects/v1/");
    let parts: Vec<&str> = path.split('/').collect();
    match (ask.method.as_str(), parts.as_slice()) {
        ("GET", ["issuer"]) => Ok(Reply::json(200, &json!({ "resources": [issuer()] }))),
        ("GET", ["issuer", id]) => of_issuer(id).map(|()| Reply::json(200, &issuer())),
        ("GET", ["permissions", id]) => of_issuer(id).map(|()| Reply::json(200, &permissions(world))),
        ("POST", ["", "upload", "walletobjects", "v1", "privateContent", id, "uploadPrivateImage"]) => {
            of_issuer(id)?;
            upload(world, ask)
        }
        ("POST", [collection]) => insert(world, collection, &body(ask)?),
        ("GET", [collection]) => list(world, collection, ask),
        ("GET", [collection, id]) => {
            let entry = find(world, collection, id)?;
            Ok(Reply::json(200, &read(world, id, entry)))
        }
        ("PATCH", [collection, id]) => write(world, collection, id, &body(ask)?, false),
        ("PUT", [collection, id]) => write(world, collection, id, &body(ask)?, true),
        ("POST", [collection, id, "addMessage"]) => add_message(world, collection, id, &body(ask)?),
        _ => Err(Reply::refusal(404, "notFound", "Not Found")),
    }
}

/// Puts a new class or object into the world, if Google would take it.
pub(super) fn insert(world: &mut World, collection: &str, json: &Map<String, Value>) -> Result<Reply, Reply> {
    let id = judge(world, collection, json)?;
    if world.entries.contains_key(&id) {
        let message = format!("AlreadyExistsException: the resource {id} exists already.");
        return Err(Reply::refusal(409, "alreadyExists", &message));
    }
    world.entries.insert(id.clone(), Entry { collection: collection.to_owned(), json: approved(json) });
    let entry = find(world, collection, &id)?;
    Ok(Reply::json(200, &read(world, &id, entry)))
}

/// Judges a new class or object, and gives its id.
pub(super) fn judge(world: &World, collection: &str, json: &Map<String, Value>) -> Result<String, Reply> {
    let schema = schema_of(collection)?;
    schema::judge(json, schema, "", true)?;
    judge_review(json, None)?;
    let text = |key: &str| json.get(key).and_then(Value::as_str).unwrap_or_default();
    judge_id(text("id"))?;
    judge_class(world, collection, text("classId"))?;
    Ok(text("id").to_owned())
}

fn write(
    world: &mut World,
    collection: &str,
    id: &str,
    json: &Map<String, Value>,
    whole: bool,
) -> Result<Reply, Reply> {
    let present = &find(world, collection, id)?.json;
    judge_review(json, Some(present))?;
    if json.get("id").is_some_and(|given| given != id) {
        return Err(Reply::refusal(400, "invalid", "Invalid value at 'id': it cannot be changed."));
    }
    let mut merged = if whole { Map::new() } else { present.clone() };
    merged.extend(json.clone());
    merged.insert("id".to_owned(), id.into());
    schema::judge(json, schema_of(collection)?, "", false)?;
    schema::judge(&merged, schema_of(collection)?, "", true)?;
    judge_class(world, collection, merged.get("classId").and_then(Value::as_str).unwrap_or_default())?;
    if let Some(entry) = world.entries.get_mut(id) {
        entry.json = approved(&merged);
    }
    let entry = find(world, collection, id)?;
    Ok(Reply::json(200, &read(world, id, entry)))
}

fn list(world: &World, collection: &str, ask: &Ask) -> Result<Reply, Reply> {
    schema_of(collection)?;
    let (by, query) = if collection.ends_with("Class") { ("issuerId", "issuerId") } else { ("classId", "classId") };
    let Some(parent) = ask.query.get(query) else {
        return Err(Reply::refusal(400, "required", &format!("Required parameter: {query}")));
    };
    if by == "issuerId" {
        of_issuer(parent)?;
    } else {
        find(world, &collection.replace("Object", "Class"), parent)?;
    }
    let is_of = |entry: &Entry| {
        entry.collection == collection && (by == "issuerId" || entry.json.get(by).is_some_and(|id| id == parent))
    };
    let all: Vec<Value> =
        world.entries.iter().filter(|(_, entry)| is_of(entry)).map(|(id, entry)| read(world, id, entry)).collect();
    let number = |text: &String| text.trim_start_matches("page-").parse::<usize>().ok();
    let (start, most) =
        (ask.query.get("token").and_then(number).unwrap_or(0), ask.query.get("maxResults").and_then(number));
    let page: Vec<&Value> = all.iter().skip(start).take(most.unwrap_or(usize::MAX)).collect();
    let mut json = json!({ "resources": page });
    if let (Some(most), Value::Object(json)) = (most, &mut json) {
        let mut pagination = json!({ "kind": "walletobjects#pagination", "resultsPerPage": most });
        if let (true, Value::Object(pagination)) = (start + most < all.len(), &mut pagination) {
            pagination.insert("nextPageToken".to_owned(), format!("page-{}", start + most).into());
        }
        json.insert("pagination".to_owned(), pagination);
    }
    Ok(Reply::json(200, &json))
}

fn add_message(world: &mut World, collection: &str, id: &str, json: &Map<String, Value>) -> Result<Reply, Reply> {
    find(world, collection, id)?;
    schema::judge(json, "AddMessageRequest", "", true)?;
    let Some(message) = json.get("message") else {
        return Err(Reply::refusal(400, "required", "Missing required value at 'message'."));
    };
    if message.get("messageType").is_some_and(|kind| kind == "TEXT_AND_NOTIFY") {
        world.notify(id)?;
    }
    if let Some(entry) = world.entries.get_mut(id)
        && let Value::Array(messages) = entry.json.entry("messages").or_insert_with(|| json!([]))
    {
        messages.push(message.clone());
    }
    let entry = find(world, collection, id)?;
    Ok(Reply::json(200, &json!({ "resource": read(world, id, entry) })))
}

fn upload(world: &mut World, ask: &Ask) -> Result<Reply, Reply> {
    if !matches!(ask.content_type.as_str(), "image/png" | "image/jpeg") {
        return Err(Reply::refusal(400, "invalid", "The content type is no picture's."));
    }
    world.pictures += 1;
    Ok(Reply::json(200, &json!({ "privateImageId": format!("picture-{}", world.pictures) })))
}

pub(super) fn find<'w>(world: &'w World, collection: &str, id: &str) -> Result<&'w Entry, Reply> {
    schema_of(collection)?;
    judge_id(id)?;
    let (exception, reason) = if collection.ends_with("Class") {
        ("IssuerClassNotFoundException: class", "classNotFound")
    } else {
        ("NotFoundException: object", "objectNotFound")
    };
    let missing = || Reply::refusal(404, reason, &format!("{exception} {id} not found."));
    world.entries.get(id).filter(|entry| entry.collection == collection).ok_or_else(missing)
}

fn judge_class(world: &World, collection: &str, class_id: &str) -> Result<(), Reply> {
    if !collection.ends_with("Object") {
        return Ok(());
    }
    let class = find(world, &collection.replace("Object", "Class"), class_id)?;
    if class.json.get("reviewStatus").is_some_and(|status| status == "DRAFT") {
        return Err(Reply::refusal(400, "invalid", "The class is a draft at 'classId'."));
    }
    Ok(())
}

/// Refuses the words of a review that only Google writes.
fn judge_review(json: &Map<String, Value>, present: Option<&Map<String, Value>>) -> Result<(), Reply> {
    let Some(status) = json.get("reviewStatus").and_then(Value::as_str) else { return Ok(()) };
    let is_draft = |json: &Map<String, Value>| json.get("reviewStatus").is_some_and(|status| status == "DRAFT");
    match status {
        "UNDER_REVIEW" | "underReview" => Ok(()),
        "DRAFT" | "draft" if present.is_none_or(is_draft) => Ok(()),
        _ => Err(Reply::refusal(
            400,
            "invalid",
            "Invalid review status: Review status can only be set to DRAFT or UNDER_REVIEW at 'reviewStatus'",
        )),
    }
}

/// Approves a class at once, as Google does.
fn approved(json: &Map<String, Value>) -> Map<String, Value> {
    let mut json = json.clone();
    if let Some(status) = json.get_mut("reviewStatus")
        && status != "DRAFT"
    {
        *status = "APPROVED".into();
    }
    json
}

fn schema_of(collection: &str) -> Result<&'static str, Reply> {
    schema::of_collection(collection).ok_or_else(|| Reply::refusal(404, "notFound", "Not Found"))
}

fn of_issuer(id: &str) -> Result<(), Reply> {
    if id == FakeGoogle::ISSUER { Ok(()) } else { Err(denied()) }
}

fn body(ask: &Ask) -> Result<Map<String, Value>, Reply> {
    serde_json::from_slice(&ask.body)
        .map_err(|_| Reply::refusal(400, "parseError", "Invalid JSON payload received. Expected an object."))
}

fn issuer() -> Value {
    json!({ "issuerId": FakeGoogle::ISSUER, "name": "Paper Lantern", "contactInfo": { "email": "a@b.example" } })
}

fn permissions(world: &World) -> Value {
    let mut people = vec![json!({ "emailAddress": "owner@b.example", "role": "owner" })];
    if !world.role.is_empty() {
        people.push(json!({ "emailAddress": ServiceAccount::EMAIL, "role": world.role }));
    }
    json!({ "issuerId": FakeGoogle::ISSUER, "permissions": people })
}
