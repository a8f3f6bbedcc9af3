//! The sign-up form of a rewards programme, `personalization.json`.
//!
//! <https://developer.apple.com/documentation/walletpasses/personalize>

use serde_json::{Map, Value};

use super::gallery::Hung;
use super::{Files, Gallery, rules};
use crate::lint::apple::shape::Shape::{List, OneOf, Text};
use crate::lint::apple::shape::{self, Index, Table, optional, required};
use crate::lint::apple::strict::unique_keys;
use crate::lint::findings::Findings;
use crate::lint::path::Path;
use crate::lint::quote::class_of;

const NAME: &str = "personalization.json";

/// Judges the form, and what it needs around it.
pub(super) fn judge(pass: &Map<String, Value>, gallery: &Gallery, files: &Files<'_>, findings: &mut Findings) {
    let logos = gallery.hung().iter().filter(|hung| hung.slot.name == "personalizationLogo");
    let logo = logos.filter_map(Hung::first_name).min();
    let path = Path::file(NAME);
    let Some(bytes) = files.get(NAME) else {
        if let Some(logo) = logo {
            findings.add(&rules::PERSONALIZATION_LOGO, &Path::file(logo), || {
                (
                    "the logo is for a sign-up form, and the package has none",
                    "add `personalization.json`, or leave the logo out",
                )
            });
        }
        return;
    };
    judge_form(bytes, &path, findings);
    for (has, what) in [
        (pass.contains_key("nfc"), "`nfc` in pass.json"),
        (pass.contains_key("webServiceURL"), "a `webServiceURL` in pass.json"),
        (logo.is_some(), "a `personalizationLogo@2x.png`"),
    ] {
        if !has {
            findings.add(&rules::PERSONALIZATION, &path, || {
                (
                    format!("a sign-up form needs {what}, and there is none"),
                    format!("add {what}, or leave the form out"),
                )
            });
        }
    }
}

fn judge_form(bytes: &[u8], path: &Path<'_>, findings: &mut Findings) {
    let form = match unique_keys(bytes).and_then(|()| serde_json::from_slice(bytes)) {
        Ok(Value::Object(form)) => form,
        Ok(other) => {
            return findings.add(&rules::PERSONALIZATION, path, || {
                (format!("the file holds {}", class_of(&other)), "write one object, from `{` to `}`")
            });
        }
        Err(error) => {
            return findings.add(&rules::PERSONALIZATION, path, || {
                (format!("the file is not strict JSON: {error}"), "write it with a JSON serialiser rather than by hand")
            });
        }
    };
    // The fixes of this table are of another file than the pass.
    let mut inside = Findings::default();
    shape::judge(&FORM, &form, &Path::ROOT, &mut inside);
    if form.get("requiredPersonalizationFields").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        inside.add(&rules::PERSONALIZATION, &Path::ROOT.key("requiredPersonalizationFields"), || {
            ("the form asks for nothing", "name the fields that it is to ask for")
        });
    }
    findings.take_in(inside, NAME);
}

static FORM: Table = Table {
    noun: "a sign-up form",
    class: rules::PERSONALIZATION,
    missing: rules::PERSONALIZATION,
    keys: &[
        required("description", Text),
        required("requiredPersonalizationFields", List(&OneOf(&FIELDS))),
        optional("termsAndConditions", Text),
    ],
    index: Index::new(),
};

static FIELDS: [&str; 4] = [
    "PKPassPersonalizationFieldName",
    "PKPassPersonalizationFieldPostalCode",
    "PKPassPersonalizationFieldEmailAddress",
    "PKPassPersonalizationFieldPhoneNumber",
];
