//! `walletpass inspect`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use walletpass::apple::inspect::{Inspected, Inspection, Inspector, Limits, Roots, Signature, Summary};

use crate::failure::Failure;
use crate::files;
use crate::output::{Output, listed, tame};

/// Inspect finished passes, `.pkpass` and `.pkpasses`, whoever made them: archive, manifest, signature, files and content.
#[derive(Args)]
pub(crate) struct Inspect {
    /// The packages.
    #[arg(required = true, value_name = "FILE")]
    packages: Vec<PathBuf>,
    /// A root certificate to trust besides Apple's, PEM or DER; may be given several times.
    #[arg(long, value_name = "PEM")]
    root: Vec<PathBuf>,
}

impl Inspect {
    pub(crate) fn run(&self) -> Result<Output, Failure> {
        let mut roots = Roots::apple();
        for root in &self.root {
            roots = roots.with(&files::read(root)?).map_err(|error| Failure::of(root, error))?;
        }
        let inspector = Inspector::new().roots(roots);
        let mut output = Output { text: String::new(), json: Value::Null, clean: true };
        let (mut packages, mut failures) = (Vec::new(), Vec::new());
        for path in &self.packages {
            match inspect(&inspector, path) {
                Ok(inspection) => {
                    output.clean &= !inspection.has_errors();
                    output.text.push_str(&told(path, &inspection));
                    packages.push(as_json(path, &inspection));
                }
                Err(failure) => {
                    packages.push(json!({ "file": path.display().to_string(), "error": failure.to_string() }));
                    failures.push(failure);
                }
            }
        }
        output.json = packages.into();
        match failures.into_iter().reduce(Failure::and) {
            Some(failure) => Err(failure.after(output)),
            None => Ok(output),
        }
    }
}

fn inspect(inspector: &Inspector, path: &Path) -> Result<Inspection, Failure> {
    let archive = files::read_up_to(path, Limits::default().archive as u64).map_err(|failure| match path.is_dir() {
        true => failure.hint("`walletpass lint` judges the folder of a pass.json"),
        false => failure,
    })?;
    inspector.inspect(&archive).map_err(|error| Failure::of(path, error))
}

fn told(path: &Path, inspection: &Inspection) -> String {
    let mut text = format!("{}\n", path.display());
    if inspection.is_bundle {
        text.push_str(&format!(
            "a bundle of {} passes; as a bundle: {}\n",
            inspection.passes.len(),
            listed(&inspection.findings)
        ));
    }
    for pass in &inspection.passes {
        let Inspected { name, summary, signature, findings, .. } = pass;
        if let Some(name) = name {
            text.push_str(&format!("\n{}\n", tame(name)));
        }
        text.push_str(&headline(summary));
        match signature {
            Some(signature) => text.push_str(&format!("{}\n", tame(&signature.to_string()))),
            None => text.push_str("no signature that can be read\n"),
        }
        text.push_str(&format!("{}\n", listed(findings)));
    }
    text.push('\n');
    text
}

/// Says in two lines what a pass is.
fn headline(summary: &Summary) -> String {
    let Summary { style, serial, pass_type, description, languages, pictures, fields, .. } = summary;
    let known = |text: &Option<String>| text.as_deref().map(tame).unwrap_or_else(|| "?".to_owned());
    let languages = if languages.is_empty() { "no translations".to_owned() } else { tame(&languages.join(", ")) };
    format!(
        "{} {} of {}: {}\n{} fields, {} pictures, {languages}\n",
        style.unwrap_or("no style,"),
        known(serial),
        known(pass_type),
        known(description),
        fields.len(),
        pictures.len(),
    )
}

fn as_json(path: &Path, inspection: &Inspection) -> Value {
    let passes: Vec<Value> = inspection.passes.iter().map(pass_json).collect();
    json!({
        "file": path.display().to_string(),
        "isBundle": inspection.is_bundle,
        "findings": inspection.findings,
        "passes": passes,
    })
}

fn pass_json(pass: &Inspected) -> Value {
    let Summary {
        style,
        serial,
        pass_type,
        team,
        organization,
        description,
        expires,
        is_voided,
        fields,
        barcodes,
        languages,
        pictures,
        ..
    } = &pass.summary;
    let field = |field: &walletpass::apple::inspect::Field| json!({ "group": field.group, "key": field.key, "label": field.label, "value": field.value });
    json!({
        "name": pass.name,
        "style": style,
        "serialNumber": serial,
        "passTypeIdentifier": pass_type,
        "teamIdentifier": team,
        "organizationName": organization,
        "description": description,
        "expirationDate": expires,
        "voided": is_voided,
        "fields": fields.iter().map(field).collect::<Vec<_>>(),
        "barcodes": barcodes.iter().map(|code| json!({ "format": code.format, "message": code.message })).collect::<Vec<_>>(),
        "languages": languages,
        "pictures": pictures.iter().map(|picture| json!({ "name": picture.name, "pixels": picture.pixels })).collect::<Vec<_>>(),
        "files": pass.files.iter().map(|(name, data)| (name.clone(), data.len().into())).collect::<serde_json::Map<_, _>>(),
        "signature": pass.signature.as_ref().map(signature_json),
        "findings": pass.findings,
    })
}

fn signature_json(signature: &Signature) -> Value {
    let Signature { signed_at, digest, signer, authorities, verifies, is_trusted, .. } = signature;
    let signer = signer.as_ref().map(|signer| {
        json!({
            "name": signer.name,
            "passTypeIdentifier": signer.pass_type,
            "teamIdentifier": signer.team,
            "nfc": signer.nfc,
            "notBefore": signer.not_before,
            "notAfter": signer.not_after,
        })
    });
    json!({
        "signedAt": signed_at,
        "digest": digest,
        "signer": signer,
        "authorities": authorities,
        "verifies": verifies,
        "isTrusted": is_trusted,
    })
}
