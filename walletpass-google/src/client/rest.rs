//! Insert, get, list, patch and update, alike for all fourteen collections.

use std::fmt;

use http::Method;
use serde_json::{Map, Value};
use url::form_urlencoded;
use walletpass_core::lint::google::Vertical;

use super::Client;
use super::exchange::{Call, Subject, Tries, unavailable};
use crate::collection::Collection;
use crate::error::Error;
use crate::resource::Resource;

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page {
    /// Its classes or objects, a hundred at most.
    pub resources: Vec<Resource>,
    /// Where the next part begins, if there is one.
    pub next: Option<PageToken>,
}

/// Where a part of a list begins.
#[derive(Clone, PartialEq, Eq)]
pub struct PageToken(String);

impl PageToken {
    /// Takes a token that was stored as text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Gives it as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageToken(…)")
    }
}

/// # Each call of the API
///
/// They fail with [`Error::AccessDenied`], [`Error::ApiDisabled`], [`Error::Invalid`], [`Error::Quota`], [`Error::Token`] and
/// [`Error::Unavailable`], and with what else is named below. JSON is sent as it is, unjudged; a
/// [`Card`](crate::Card) has been judged. The review status of a class is always sent as `UNDER_REVIEW`, whatever was given: Google
/// takes no other, and approves at once. Ids are judged before anything is sent.
impl Client {
    /// Makes a class or an object.
    ///
    /// An insert that was repeated, since it got no answer, and then finds that the thing exists, reads it: it has succeeded if
    /// that holds all that was sent, whoever wrote it. What exists is never changed by an insert.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] when there is one of this id with other content, or there was one before; and [`Error::ClassNotFound`] for an object whose class does not exist.
    pub async fn insert(&self, collection: Collection, json: &Map<String, Value>) -> Result<Resource, Error> {
        let mut tries = Tries::default();
        match self.try_insert(collection, json, &mut tries).await {
            Err(Error::Exists { id }) if tries.unsure => self.find_own(collection, id, json).await,
            outcome => outcome,
        }
    }

    /// Reads a class or an object.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub async fn get(&self, collection: Collection, id: &str) -> Result<Resource, Error> {
        judge_id(id)?;
        let call = Call::get(path(collection, Some(id)), subject(collection, id));
        Ok(Resource::new(self.object(&call).await?))
    }

    /// Reads a hundred classes of the issuer, the first or those after a page.
    pub async fn list_classes(&self, vertical: Vertical, after: Option<&PageToken>) -> Result<Page, Error> {
        self.list(Collection::classes(vertical), "issuerId", self.account().issuer().as_str(), after).await
    }

    /// Reads a hundred objects of a class, the first or those after a page.
    ///
    /// # Errors
    ///
    /// [`Error::ClassNotFound`] or [`Error::NotFound`] when there is no such class.
    pub async fn list_objects(
        &self,
        vertical: Vertical,
        class_id: &str,
        after: Option<&PageToken>,
    ) -> Result<Page, Error> {
        judge_id(class_id)?;
        self.list(Collection::objects(vertical), "classId", class_id, after).await
    }

    /// Changes the fields that are given, and leaves the others as they are. Lists are replaced whole; of an object inside,
    /// send all members.
    ///
    /// A patch is silent unless it says `notifyPreference: NOTIFY_ON_UPDATE` itself, each time anew, and changes one of
    /// the fields of which Google tells holders.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub async fn patch(
        &self,
        collection: Collection,
        id: &str,
        changes: &Map<String, Value>,
    ) -> Result<Resource, Error> {
        self.forget_class(collection, id);
        let outcome = self.send_patch(collection, id, changes).await;
        // Once more, for a card may have written the class meanwhile.
        self.forget_class(collection, id);
        outcome
    }

    /// Replaces a class or an object whole: what is not given is gone, messages too.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub async fn update(&self, collection: Collection, json: &Map<String, Value>) -> Result<Resource, Error> {
        let id = id_of(json)?;
        let call =
            Call::json(Method::PUT, path(collection, Some(id)), &offered(collection, json), subject(collection, id));
        self.forget_class(collection, id);
        let outcome = self.object(&call).await;
        self.forget_class(collection, id);
        Ok(Resource::new(outcome?))
    }

    /// Inserts, and leaves it to the caller what a conflict means.
    pub(super) async fn try_insert(
        &self,
        collection: Collection,
        json: &Map<String, Value>,
        tries: &mut Tries,
    ) -> Result<Resource, Error> {
        let id = id_of(json)?;
        let subject = Subject { id: id.to_owned(), collection: Some(collection), is_insert: true, notifies: false };
        let call = Call::json(Method::POST, path(collection, None), &offered(collection, json), subject);
        Ok(Resource::new(self.exchange(&call, tries).await?.object()?))
    }

    /// Reads what an insert without an answer met when it was repeated: it is our own if it holds what was sent.
    pub(super) async fn find_own(
        &self,
        collection: Collection,
        id: String,
        json: &Map<String, Value>,
    ) -> Result<Resource, Error> {
        match self.get(collection, &id).await {
            Ok(found) if found.holds(json) => Ok(found),
            // Ids are unique over all collections, so it may be elsewhere.
            Ok(_) | Err(Error::NotFound { .. }) => Err(Error::Exists { id }),
            Err(error) => Err(error),
        }
    }

    /// Patches without a word to the memory of classes.
    pub(super) async fn send_patch(
        &self,
        collection: Collection,
        id: &str,
        changes: &Map<String, Value>,
    ) -> Result<Resource, Error> {
        judge_id(id)?;
        let json = offered(collection, changes);
        let call = Call::json(Method::PATCH, path(collection, Some(id)), &json, subject(collection, id));
        Ok(Resource::new(self.object(&call).await?))
    }

    async fn list(
        &self,
        collection: Collection,
        of: &str,
        parent: &str,
        after: Option<&PageToken>,
    ) -> Result<Page, Error> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        // Without a number Google would send everything in one answer.
        query.append_pair(of, parent).append_pair("maxResults", PAGE);
        if let Some(PageToken(token)) = after {
            query.append_pair("token", token);
        }
        let call = Call::get(format!("{}?{}", path(collection, None), query.finish()), subject(collection, parent));
        let mut json = self.object(&call).await?;
        let next = json.get("pagination").and_then(|page| page.get("nextPageToken")?.as_str());
        let next = next.filter(|token| !token.is_empty()).map(PageToken::new);
        if next.is_some() && next.as_ref() == after {
            return Err(unavailable("a list whose pages lead in a circle", None));
        }
        let resources = match json.remove("resources") {
            Some(Value::Array(resources)) => resources,
            _ => Vec::new(),
        };
        let resources = resources.into_iter().filter_map(|resource| match resource {
            Value::Object(json) => Some(Resource::new(json)),
            _ => None,
        });
        Ok(Page { resources: resources.collect(), next })
    }
}

/// Gives the path of a collection, or of one thing in it.
pub(super) fn path(collection: Collection, id: Option<&str>) -> String {
    match id {
        Some(id) => format!("{API}/{collection}/{id}"),
        None => format!("{API}/{collection}"),
    }
}

pub(super) fn subject(collection: Collection, id: &str) -> Subject {
    Subject { id: id.to_owned(), collection: Some(collection), ..Subject::default() }
}

/// Gives what is written: a class is offered for review each time, for Google refuses the status that it has set itself.
pub(super) fn offered(collection: Collection, json: &Map<String, Value>) -> Value {
    let mut json = json.clone();
    if collection.is_reviewed() {
        json.insert("reviewStatus".to_owned(), "UNDER_REVIEW".into());
    }
    Value::Object(json)
}

/// Gives the id of what is written.
pub(super) fn id_of(json: &Map<String, Value>) -> Result<&str, Error> {
    let id = json.get("id").and_then(Value::as_str).unwrap_or_default();
    judge_id(id).map(|()| id)
}

/// Refuses an id that Google would refuse, or that would lead to another address.
pub(super) fn judge_id(id: &str) -> Result<(), Error> {
    let is_legal = id.split_once('.').is_some_and(|(issuer, suffix)| {
        let is_suffix = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        !issuer.is_empty()
            && issuer.bytes().all(|b| b.is_ascii_digit())
            && !suffix.is_empty()
            && suffix.bytes().all(is_suffix)
    });
    if is_legal && id.len() <= MAX_ID {
        return Ok(());
    }
    let shown: String = id.chars().take(80).collect();
    Err(Error::Invalid {
        field: Some("id".to_owned()),
        message: format!(
            "{shown:?} is no id: write the issuer id, a dot, and a suffix of letters, digits, `.`, `_` and `-`"
        ),
    })
}

pub(super) const API: &str = "/walletobjects/v1";

/// How many a page has.
const PAGE: &str = "100";

/// Far beyond every id that Google has been seen to take.
const MAX_ID: usize = 256;
