//! What the stores that ship write into a cursor: for which query it is, and after what it goes on.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use walletpass_core::PassTypeId;

use super::{Cursor, DocumentQuery, EventQuery, PassQuery, RegistrationQuery, StoreError, TaskQuery};

impl PassQuery {
    /// Makes the cursor that goes on after the pass that was created with this number within its pass type.
    pub(crate) fn cursor_after(&self, pass_type: &PassTypeId, created: u64) -> Cursor {
        give(self.print(), created, pass_type.as_str())
    }

    /// Reads the cursor: after which pass type and number of creation to go on.
    pub(crate) fn place(&self) -> Result<Option<(PassTypeId, u64)>, StoreError> {
        let place = self.cursor.as_ref().map(|cursor| {
            let (created, text) = read(cursor, self.print())?;
            Some((text.parse().ok()?, created))
        });
        place.map_or(Ok(None), |place| place.map(Some).ok_or_else(foreign))
    }

    fn print(&self) -> Print {
        Print::new("passes", self.tenant.as_str())
            .text(self.pass_type.as_ref().map(PassTypeId::as_str))
            .text(self.template.as_deref())
            .text(self.state.map(|state| format!("{state:?}")).as_deref())
            .instant(self.updated_from)
            .instant(self.updated_until)
            .number(Some(self.newest_first.into()))
    }
}

impl DocumentQuery {
    /// Makes the cursor that goes on after the document of this name.
    pub(crate) fn cursor_after(&self, name: &str) -> Cursor {
        give(self.print(), 0, name)
    }

    /// Reads the cursor: after which name to go on.
    pub(crate) fn place(&self) -> Result<Option<String>, StoreError> {
        let place = self.cursor.as_ref().map(|cursor| read(cursor, self.print()));
        place.map_or(Ok(None), |place| place.map(|(_, name)| Some(name)).ok_or_else(foreign))
    }

    fn print(&self) -> Print {
        Print::new("documents", self.tenant.as_str()).text(Some(&self.kind))
    }
}

impl RegistrationQuery {
    /// Makes the cursor that goes on after the registration of this number; it must not show the device.
    pub(crate) fn cursor_after(&self, number: u64) -> Cursor {
        give(self.print(), number, "")
    }

    /// Reads the cursor: after which number to go on.
    pub(crate) fn place(&self) -> Result<Option<u64>, StoreError> {
        number(self.cursor.as_ref(), self.print())
    }

    fn print(&self) -> Print {
        let pass = &self.pass;
        let print = Print::new("registrations", pass.tenant.as_str());
        print.text(Some(pass.pass_type.as_str())).text(Some(pass.serial.as_str()))
    }
}

impl TaskQuery {
    /// Makes the cursor that goes on after the task of this id.
    pub(crate) fn cursor_after(&self, id: u64) -> Cursor {
        give(self.print(), id, "")
    }

    /// Reads the cursor: after which id to go on.
    pub(crate) fn place(&self) -> Result<Option<u64>, StoreError> {
        number(self.cursor.as_ref(), self.print())
    }

    fn print(&self) -> Print {
        Print::new("tasks", self.tenant.as_str()).number(Some(self.dead_only.into()))
    }
}

impl EventQuery {
    /// Makes the cursor that goes on after the event of this id.
    pub(crate) fn cursor_after(&self, id: u64) -> Cursor {
        give(self.print(), id, "")
    }

    /// Reads the cursor and `after`: after which id to go on.
    pub(crate) fn place(&self) -> Result<Option<u64>, StoreError> {
        Ok(number(self.cursor.as_ref(), self.print())?.max(self.after))
    }

    fn print(&self) -> Print {
        let print = Print::new("events", self.tenant.as_str());
        let pass = self.pass.as_ref();
        print
            .text(pass.map(|pass| pass.pass_type.as_str()))
            .text(pass.map(|pass| pass.serial.as_str()))
            .number(self.after)
    }
}

/// How many items a page has at most, whatever the limit, so that memory has a bound.
pub(crate) const PAGE: usize = 1000;

/// Tells one query from another: FNV-1a of its conditions. It is no secret: whoever forges it gets another place in his own list.
#[derive(Clone, Copy)]
struct Print(u64);

impl Print {
    fn new(list: &str, tenant: &str) -> Self {
        Self(0xcbf2_9ce4_8422_2325).text(Some(list)).text(Some(tenant))
    }

    fn text(self, text: Option<&str>) -> Self {
        let print = self.number(text.map(|text| text.len() as u64));
        text.unwrap_or_default().bytes().fold(print, Self::byte)
    }

    fn instant(self, at: Option<DateTime<Utc>>) -> Self {
        self.number(at.map(|at| at.timestamp_micros().cast_unsigned()))
    }

    fn number(self, number: Option<u64>) -> Self {
        let print = self.byte(number.is_some().into());
        number.unwrap_or_default().to_le_bytes().into_iter().fold(print, Self::byte)
    }

    fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
    }
}

/// `<print>-<number>-<text as hexadecimal digits>`
fn give(print: Print, number: u64, text: &str) -> Cursor {
    let mut cursor = format!("{:016x}-{number:x}-", print.0);
    for byte in text.bytes() {
        // Writing into a string does not fail.
        let _ = write!(cursor, "{byte:02x}");
    }
    Cursor::new(cursor)
}

fn read(cursor: &Cursor, print: Print) -> Option<(u64, String)> {
    let mut parts = cursor.as_str().split('-');
    let (given, number, text) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || text.len() > MOST_TEXT || given != format!("{:016x}", print.0) {
        return None;
    }
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
    let text = String::from_utf8(bytes.collect::<Option<_>>()?).ok()?;
    let place = (u64::from_str_radix(number, 16).ok()?, text);
    // Digits can be written in more than one way; only the one that was given is taken.
    (rest.is_empty() && give(print, place.0, &place.1) == *cursor).then_some(place)
}

fn number(cursor: Option<&Cursor>, print: Print) -> Result<Option<u64>, StoreError> {
    let place = cursor.map(|cursor| read(cursor, print));
    place.map_or(Ok(None), |place| place.map(|(number, _)| Some(number)).ok_or_else(foreign))
}

fn foreign() -> StoreError {
    StoreError::Invalid {
        what: "a cursor that is not of this list".to_owned(),
        mend: "begin without a cursor, and go on with the `next` of a page and all else unchanged",
    }
}

/// Twice the longest name.
const MOST_TEXT: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tenant;

    #[test]
    fn cursors_read_back_for_their_query_only() {
        let documents = |tenant: &str, kind: &str| DocumentQuery {
            tenant: tenant.parse().unwrap(),
            kind: kind.to_owned(),
            cursor: None,
            limit: 1,
        };
        let cursor = documents("a", "b").cursor_after("Grüße 'n more%");
        assert!(cursor.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)));
        let read = |query: DocumentQuery| DocumentQuery { cursor: Some(cursor.clone()), ..query }.place();
        assert_eq!(read(documents("a", "b")).unwrap().unwrap(), "Grüße 'n more%");
        for query in [documents("a", "c"), documents("b", "b"), documents("ab", ""), documents("", "ab")] {
            assert!(matches!(read(query), Err(StoreError::Invalid { .. })));
        }
    }

    #[test]
    fn what_is_no_cursor_is_invalid() {
        let query = TaskQuery { tenant: Tenant::default(), dead_only: false, cursor: None, limit: 1 };
        let good = query.cursor_after(7);
        let spoilt = ["", "-", "--", "é", &format!("{}0", good.as_str()), &good.as_str().replace("-7-", "-07-")];
        for text in spoilt.into_iter().chain([&*format!("{}+7-", &good.as_str()[..17]), &"-".repeat(100_000)]) {
            let query = TaskQuery { cursor: Some(Cursor::new(text)), ..query.clone() };
            assert!(matches!(query.place(), Err(StoreError::Invalid { .. })), "{text}");
        }
        assert_eq!(TaskQuery { cursor: Some(good), ..query }.place().unwrap(), Some(7));
    }
}
