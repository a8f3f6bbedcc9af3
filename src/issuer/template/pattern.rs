//! A template as passes are made of it.

use openssl::sha::sha256;
use serde_json::{Map, Value, json};
use walletpass_core::lint::google::Vertical;
use walletpass_core::{Pass, PassTypeId};
use walletpass_google::Card;
use walletpass_webservice::Tenant;
use walletpass_webservice::store::Digest;

use super::difference::{self, Difference};
use crate::issuer::at_google::{Google, id_of};
use crate::issuer::change::judge_identity;
use crate::issuer::create::{Judged, settle_expiry};
use crate::issuer::pictures::Fetched;
use crate::issuer::record::{self, Origin, Record};
use crate::issuer::{Error, Issuer};

/// A template at one of its revisions.
#[derive(Clone, Debug)]
pub(in crate::issuer) struct Pattern {
    pub(in crate::issuer) name: String,
    pub(in crate::issuer) revision: u64,
    /// What its passes say, as far as they do not say otherwise; without the serial number.
    pub(in crate::issuer) pass: Map<String, Value>,
    pub(in crate::issuer) class: Option<Class>,
}

/// The class at Google that the passes of a template share, which is there if the template alone makes a pass.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::issuer) struct Class {
    pub(in crate::issuer) id: String,
    pub(in crate::issuer) vertical: Vertical,
    /// As it is drawn, under the id that follows from the content.
    drawn: Map<String, Value>,
}

impl Class {
    /// Gives what is written.
    pub(in crate::issuer) fn json(&self) -> Map<String, Value> {
        let mut json = self.drawn.clone();
        json.insert("id".to_owned(), self.id.as_str().into());
        json
    }
}

impl Pattern {
    /// Makes a pass.
    pub(in crate::issuer) fn pass(&self, overrides: &Difference) -> Result<Pass, Error> {
        let mut json = self.pass.clone();
        overrides.apply(&mut json);
        Ok(Pass::from_json(&record::written(&json))?)
    }

    /// Gives the id of the shared class, if a card has the content of that class, and says so on the card.
    pub(in crate::issuer) fn share_class(&self, card: &mut Card) -> Option<String> {
        let class = self.class.as_ref().filter(|class| class.vertical == card.vertical && class.drawn == card.class)?;
        card.class.insert("id".to_owned(), class.id.as_str().into());
        card.object.insert("classId".to_owned(), class.id.as_str().into());
        Some(class.id.clone())
    }
}

impl Issuer {
    /// Gives the template of a pass as it is now.
    pub(in crate::issuer) async fn pattern_of(&self, record: &Record) -> Result<Option<Pattern>, Error> {
        match &record.origin {
            Some(origin) => self.pattern(&origin.template).await,
            None => Ok(None),
        }
    }

    /// Makes a pass anew of a later revision of its template, and judges it. Nothing if it is of this revision.
    pub(in crate::issuer) async fn rebase(
        &self,
        record: &Record,
        pass_type: &PassTypeId,
        pattern: &Pattern,
    ) -> Result<Option<(Pass, Judged)>, Error> {
        let Some(origin) = record.origin.as_ref().filter(|origin| origin.revision < pattern.revision) else {
            return Ok(None);
        };
        let mut pass = pattern.pass(&origin.overrides)?;
        judge_identity(&record.pass, &pass)?;
        settle_expiry(&mut pass, Some(&record.pass), self.inner.clock.now());
        let issuer = self.clone().with(|inner| inner.pass_type = pass_type.clone());
        let brought = issuer.take_pictures(&mut pass, &mut Fetched::new()).await?;
        let judged = issuer.judge(&pass, record.posted.as_ref(), &brought, Some(pattern)).await?;
        Ok(Some((pass, judged)))
    }

    /// Gives a pass as it is by the present revision of its template, or as it was if that makes none of it; and its origin, to be continued.
    pub(in crate::issuer) async fn rebased(
        &self,
        record: &Record,
        pass_type: &PassTypeId,
        pattern: Option<&Pattern>,
    ) -> Result<(Pass, Option<Origin>), Error> {
        let as_it_was = || (record.pass.clone(), record.origin.clone());
        let Some(pattern) = pattern else { return Ok(as_it_was()) };
        match self.rebase(record, pass_type, pattern).await {
            Ok(None) => Ok(as_it_was()),
            Ok(Some((pass, _))) => {
                let origin = record.origin.clone().map(|origin| Origin { revision: pattern.revision, ..origin });
                Ok((pass, origin))
            }
            Err(error @ (Error::NoWallet | Error::Store(_))) => Err(error),
            // The job reports it.
            Err(_) => Ok(as_it_was()),
        }
    }

    /// Brings a pass that was just mended to the revision of its template that it could not follow before.
    pub(in crate::issuer) async fn catch_up_with_template(
        &self,
        record: &mut Record,
        pass_type: &PassTypeId,
        pattern: Option<&Pattern>,
    ) -> Result<(), Error> {
        let Some(pattern) = pattern else { return Ok(()) };
        match self.rebase(record, pass_type, pattern).await {
            Ok(Some((pass, judged))) => {
                record.pass = pass;
                if let Some(origin) = &mut record.origin {
                    (origin.revision, origin.class) = (pattern.revision, judged.class);
                }
                Ok(())
            }
            Err(error @ Error::Store(_)) => Err(error),
            // It cannot follow yet.
            Ok(None) | Err(_) => Ok(()),
        }
    }

    /// Reads a template.
    pub(super) fn read_pattern(&self, name: &str, revision: u64, body: &[u8]) -> Result<Pattern, Error> {
        let pass: Map<String, Value> =
            serde_json::from_slice(body).map_err(|source| Error::StoredTemplate { name: name.to_owned(), source })?;
        let class = self.inner.google.as_ref().and_then(|google| self.shared_class(google, name, &pass));
        Ok(Pattern { name: name.to_owned(), revision, pass, class })
    }

    /// Draws the class of a template that alone makes a pass.
    fn shared_class(&self, google: &Google, name: &str, pass: &Map<String, Value>) -> Option<Class> {
        let pass = Pass::from_json(&record::written(&with_serial(pass))).ok()?;
        let card = self.card(google, &pass).ok()?;
        let id = match pass.extra.google_class.contains_key("id") {
            true => id_of(&card.class).to_owned(),
            false => {
                format!("{}.{}", google.client.account().issuer(), suffix(card.vertical, &self.inner.tenant, name))
            }
        };
        Some(Class { id, vertical: card.vertical, drawn: card.class })
    }

    /// Reads a partial pass, judges what can be judged, keeps its pictures, and gives it as it is written down, with the name of its kind.
    pub(super) async fn settle_template(
        &self,
        name: &str,
        given: &Value,
    ) -> Result<(Map<String, Value>, &'static str), Error> {
        let refused = |source| Error::Template { name: name.to_owned(), source };
        let read = |json: &Map<String, Value>| Pass::from_json(&record::written(json)).map_err(refused);
        let given = given.as_object().ok_or_else(|| Error::TemplateShape { name: name.to_owned() })?;
        if given.contains_key("serial") {
            return Err(Error::TemplateSerial);
        }
        let mut fetched = Fetched::new();
        if let Ok(mut pass) = read(&with_serial(given)) {
            let brought = self.take_pictures(&mut pass, &mut fetched).await?;
            let json = as_json(&pass);
            settle_expiry(&mut pass, None, self.inner.clock.now());
            self.judge(&pass, None, &brought, None).await?;
            self.keep_pictures(brought).await?;
            return Ok((without_serial(json), pass.kind.name()));
        }
        let mut sample = sample_of(given).ok_or_else(|| Error::TemplateShape { name: name.to_owned() })?;
        difference::lay_over(&mut sample, given);
        let mut pass = read(&sample)?;
        let brought = self.take_pictures(&mut pass, &mut fetched).await?;
        let all = Value::Object(as_json(&pass));
        let mut kept = Value::Object(difference::named(given, all.as_object().unwrap_or(&Map::new())));
        for (path, _) in pass.pictures_mut() {
            // Whole, with the address where it is hosted.
            let pointer = format!("/{}", path.replace('.', "/"));
            if let (Some(picture), Some(place)) = (all.pointer(&pointer), kept.pointer_mut(&pointer)) {
                *place = picture.clone();
            }
        }
        self.keep_pictures(brought).await?;
        match kept {
            Value::Object(kept) => Ok((kept, pass.kind.name())),
            _ => Err(Error::TemplateShape { name: name.to_owned() }),
        }
    }
}

/// Gives the JSON form of a pass.
pub(in crate::issuer) fn as_json(pass: &Pass) -> Map<String, Value> {
    match serde_json::to_value(pass) {
        Ok(Value::Object(json)) => json,
        _ => Map::new(),
    }
}

/// Names the class of a template, readably where that is short and no other tenant has the name.
fn suffix(vertical: Vertical, tenant: &Tenant, name: &str) -> String {
    let vertical = vertical.name();
    let readable = format!("{vertical}.template.{name}");
    if *tenant == Tenant::default() && readable.len() <= LONGEST_SUFFIX {
        return readable;
    }
    let hash = Digest(sha256(format!("{}/{name}", tenant.as_str()).as_bytes())).to_string();
    format!("{vertical}.template_h.{}", hash.get(..40).unwrap_or(&hash))
}

/// Gives a pass of the kind that a template is of, with nothing but what must be in it.
fn sample_of(given: &Map<String, Value>) -> Option<Map<String, Value>> {
    let kind = match given.get("kind")?.as_object()?.keys().collect::<Vec<_>>().as_slice() {
        [kind] => kind.as_str(),
        _ => return None,
    };
    let picture = format!("{}.png", "0".repeat(64));
    let facts = match kind {
        "event" => json!({ "name": "-" }),
        "flight" => json!({
            "carrier": { "code": "XB" }, "number": "1", "from": { "code": "OPO" }, "to": { "code": "ZRH" },
            "departs": "2027-01-01T00:00:00", "passenger": "-",
        }),
        "giftCard" => json!({ "number": "-" }),
        "loyalty" => json!({ "program": "-", "logo": picture }),
        "transit" => json!({
            "mode": "rail", "operator": "-", "logo": picture, "trip": "oneWay", "from": { "name": "-" }, "to": { "name": "-" },
        }),
        // Where there is no such kind, the error says so.
        _ => json!({ "title": "-" }),
    };
    let pass = json!({ "serial": SERIAL, "organization": "-", "kind": { kind: facts } });
    pass.as_object().cloned()
}

fn with_serial(pass: &Map<String, Value>) -> Map<String, Value> {
    let mut pass = pass.clone();
    pass.insert("serial".to_owned(), SERIAL.into());
    pass
}

fn without_serial(mut pass: Map<String, Value>) -> Map<String, Value> {
    pass.remove("serial");
    pass
}

/// Stands for the serial numbers of the passes.
const SERIAL: &str = "template";
/// The longest suffix of an id at Google.
const LONGEST_SUFFIX: usize = 64;
