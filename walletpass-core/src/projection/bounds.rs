//! Bounds and checks that hold on both wallets, whatever draws.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};
use url::Url;

use crate::model::action::{OF_THE_SYSTEM, is_openable};
use crate::projection::report::Report;
use crate::projection::rules;

/// Gives the first [`MOST`] of a list, and finds fault with a longer one.
pub(super) fn bounded<'l, T>(list: &'l [T], fact: &str, report: &mut Report) -> &'l [T] {
    list.get(..MOST).filter(|_| list.len() > MOST).map_or(list, |first| {
        let cause = format!("there are {} of them, and a pass has at most {MOST}", list.len());
        report.findings.push(rules::TOO_MANY.finding(fact, cause, "leave some out"));
        first
    })
}

/// Finds fault with a link that no wallet should open.
pub(super) fn judge_link(url: &Url, fact: &str, report: &mut Report) {
    let scheme = url.scheme();
    if !SCHEMES.contains(&scheme) {
        let cause = format!("the link begins with `{scheme}:`");
        report.findings.push(rules::LINK_SCHEME.finding(
            fact,
            cause,
            format!("begin it with one of {}", SCHEMES.join(", ")),
        ));
    }
}

/// Finds fault with the link of a button that no phone opens.
pub(super) fn judge_action(url: &Url, fact: &str, report: &mut Report) {
    if !is_openable(url) {
        let cause = format!("the link begins with `{}:`", url.scheme());
        let mend = format!("begin it with one of {}, or with the scheme of an app and `//`", SCHEMES.join(", "));
        report.findings.push(rules::LINK_SCHEME.finding(fact, cause, mend));
    }
}

/// Leaves out of raw JSON what would make another pass of this one, and finds fault with it.
pub(super) fn without_identity<'e>(
    extra: &'e Map<String, Json>,
    fact: &str,
    keys: &[&str],
    report: &mut Report,
) -> Cow<'e, Map<String, Json>> {
    let mut kept = Cow::Borrowed(extra);
    for key in keys {
        if extra.contains_key(*key) {
            kept.to_mut().remove(*key);
            let cause = format!("`{key}` follows from the pass and its issuer");
            report.findings.push(rules::EXTRA_IDENTITY.finding(format!("{fact}.{key}"), cause, "leave it out"));
        }
    }
    kept
}

/// The most fields in one place, links and relevant dates of a pass. Wallets show a dozen.
const MOST: usize = 500;

/// What a link may begin with.
const SCHEMES: [&str; 6] = OF_THE_SYSTEM;
