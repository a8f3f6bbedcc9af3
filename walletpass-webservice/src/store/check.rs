//! What a call must look like before a store thinks about it; the same for every store.

use chrono::{DateTime, Datelike, Utc};

use super::{
    Asset, Claim, DocumentKey, DocumentQuery, EventQuery, NewDocument, NewEvent, NewPass, NewTask, PassQuery,
    RegistrationQuery, StoreError, TaskQuery, Write,
};

impl Write {
    /// Checks what can be checked without the store. Every store calls it for all writes of a commit first, so that all refuse the same.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`].
    pub fn check(&self) -> Result<(), StoreError> {
        match self {
            Self::AppendEvent(event) => check_event(event),
            Self::BuryTask { lease: _, error } => check_trouble(error),
            Self::CreatePass(pass) | Self::UpdatePass { pass, expected: _ } => check_pass(pass),
            Self::DeleteDocument { key, expected: _ } => key.check(),
            Self::EnqueueTask(task) => check_task(task),
            Self::DiscardTask { .. } | Self::FinishTask(_) | Self::PruneEvents { .. } => Ok(()),
            Self::ForgetToken { until, at, .. } => {
                check_instant("the time since which a token is gone", until)?;
                check_instant("the time of a removal", at)
            }
            Self::PutDocument { document, expected: _ } => check_document(document),
            Self::Register { at, .. } => check_instant("the time of a registration", at),
            Self::RetryTask { lease: _, due, error } => {
                check_trouble(error)?;
                check_instant("the time at which a task is due", due)
            }
            Self::ReviveTask { due, .. } => check_instant("the time at which a task is due", due),
            Self::DeletePass { at, .. } | Self::Unregister { at, .. } => check_instant("the time of a removal", at),
        }
    }
}

impl DocumentKey {
    /// Checks the lengths.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`].
    pub fn check(&self) -> Result<(), StoreError> {
        SHORT.check("the kind of a document", &self.kind)?;
        LONG.check("the name of a document", &self.name)
    }
}

impl Asset {
    /// Checks the media type.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`].
    pub fn check(&self) -> Result<(), StoreError> {
        MEDIA_TYPE.check("a media type", &self.media_type)
    }
}

impl PassQuery {
    /// Checks all but the cursor.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`].
    pub fn check(&self) -> Result<(), StoreError> {
        check_limit(self.limit)?;
        self.template.as_ref().map_or(Ok(()), |name| LONG.check("the name of a template", name))
    }
}

impl DocumentQuery {
    /// Checks all but the cursor.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`].
    pub fn check(&self) -> Result<(), StoreError> {
        check_limit(self.limit)?;
        SHORT.check("the kind of a document", &self.kind)
    }
}

impl RegistrationQuery {
    /// Checks all but the cursor.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`].
    pub fn check(&self) -> Result<(), StoreError> {
        check_limit(self.limit)
    }
}

impl TaskQuery {
    /// Checks all but the cursor.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`].
    pub fn check(&self) -> Result<(), StoreError> {
        check_limit(self.limit)
    }
}

impl EventQuery {
    /// Checks all but the cursor.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`].
    pub fn check(&self) -> Result<(), StoreError> {
        check_limit(self.limit)?;
        match &self.pass {
            Some(pass) if pass.tenant != self.tenant => Err(foreign_pass("a query for events")),
            _ => Ok(()),
        }
    }
}

impl Claim {
    /// Checks kinds, key, limit and times.
    ///
    /// # Errors
    ///
    /// [`StoreError::Invalid`].
    pub fn check(&self) -> Result<(), StoreError> {
        check_limit(self.limit)?;
        check_instant("the present instant of a claim", &self.now)?;
        check_instant("the end of a lease", &self.until)?;
        if self.until.timestamp_micros() <= self.now.timestamp_micros() {
            return Err(invalid("a lease that ends before it begins", "let `until` be after `now`"));
        }
        if self.kinds.len() > MOST_KINDS {
            return Err(invalid("a claim for more than 64 kinds", "name at most 64, or none for all"));
        }
        self.kinds.iter().try_for_each(|kind| SHORT.check("the kind of a task", kind))?;
        match &self.key {
            Some(_) if self.tenant.is_none() => {
                Err(invalid("a claim for a key of no tenant", "name the tenant, or claim without a key"))
            }
            Some(key) => KEY.check("the key of a task", key),
            None => Ok(()),
        }
    }
}

fn check_pass(pass: &NewPass) -> Result<(), StoreError> {
    TOKEN.check("an authentication token", pass.token.expose())?;
    if let Some(template) = &pass.template {
        LONG.check("the name of a template", template)?;
    }
    check_instant("the time of a pass", &pass.at)
}

fn check_document(document: &NewDocument) -> Result<(), StoreError> {
    document.key.check()?;
    check_instant("the time of a document", &document.at)
}

fn check_task(task: &NewTask) -> Result<(), StoreError> {
    SHORT.check("the kind of a task", &task.kind)?;
    KEY.check("the key of a task", &task.key)?;
    check_instant("the time at which a task is due", &task.due)
}

fn check_event(event: &NewEvent) -> Result<(), StoreError> {
    SHORT.check("the kind of an event", &event.kind)?;
    check_instant("the time of an event", &event.at)?;
    match &event.pass {
        Some(pass) if pass.tenant != event.tenant => Err(foreign_pass("an event")),
        _ => Ok(()),
    }
}

/// PostgreSQL cannot hold U+0000 in text, so no store takes it.
fn check_trouble(error: &str) -> Result<(), StoreError> {
    match error.len() <= MOST_TROUBLE && !error.contains('\0') {
        true => Ok(()),
        false => Err(invalid(
            format!("the error of a task with {} bytes", error.len()),
            "cut it to at most 1,024 bytes without U+0000",
        )),
    }
}

fn check_limit(limit: usize) -> Result<(), StoreError> {
    match limit {
        0 => Err(invalid("a limit of 0", "ask for at least 1")),
        _ => Ok(()),
    }
}

fn check_instant(what: &str, at: &DateTime<Utc>) -> Result<(), StoreError> {
    match (1970..=9999).contains(&at.year()) {
        true => Ok(()),
        false => Err(invalid(format!("{what} in the year {}", at.year()), "write one between the years 1970 and 9999")),
    }
}

fn foreign_pass(what: &str) -> StoreError {
    invalid(format!("{what} of one tenant with the pass of another"), "let both be of the same tenant")
}

fn invalid(what: impl Into<String>, mend: &'static str) -> StoreError {
    StoreError::Invalid { what: what.into(), mend }
}

/// How long a text may be. What is in it is not said in errors: it may be a token.
struct TextRule {
    most: usize,
    mend: &'static str,
}

impl TextRule {
    fn check(&self, what: &str, text: &str) -> Result<(), StoreError> {
        let what = match text.len() {
            0 => format!("{what} that is empty"),
            len if len > self.most => format!("{what} of {len} bytes"),
            _ if text.chars().any(char::is_control) => format!("{what} with control characters"),
            _ => return Ok(()),
        };
        Err(invalid(what, self.mend))
    }
}

const SHORT: TextRule = TextRule { most: 64, mend: "write 1 to 64 bytes without control characters" };
const MEDIA_TYPE: TextRule = TextRule { most: 128, mend: "write 1 to 128 bytes without control characters" };
const LONG: TextRule = TextRule { most: 256, mend: "write 1 to 256 bytes without control characters" };
const KEY: TextRule = TextRule { most: 512, mend: "write 1 to 512 bytes without control characters" };
const TOKEN: TextRule = TextRule { most: 512, mend: "write 1 to 512 bytes without control characters" };
const MOST_TROUBLE: usize = 1024;
const MOST_KINDS: usize = 64;
