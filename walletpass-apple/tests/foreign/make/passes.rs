//! A generic pass, with the crate `passes`: passes CREDENTIALS PICTURES OUT

use std::env::args;
use std::fs::{self, File};

use passes::barcode::{Barcode, BarcodeFormat};
use passes::fields::{Content, ContentOptions, DateStyle, Fields, Type};
use passes::visual_appearance::{Color, VisualAppearance};
use passes::{Package, PassBuilder, PassConfig, resource, sign};

fn main() {
    let args: Vec<String> = args().skip(1).collect();
    let [credentials, pictures, out] = args.as_slice() else { panic!("usage: passes CREDENTIALS PICTURES OUT") };
    let pass = PassBuilder::new(PassConfig {
        organization_name: "Bean & Co".into(),
        description: "Bean Club card".into(),
        pass_type_identifier: "pass.org.example.club".into(),
        team_identifier: "A1B2C3D4E5".into(),
        serial_number: "4711".into(),
    })
    .logo_text("Bean Club".into())
    .expiration_date("2040-01-01T00:00:00Z".parse().unwrap())
    .appearance(VisualAppearance {
        label_color: Color::white(),
        foreground_color: Color::white(),
        background_color: Color::new(75, 46, 30),
    })
    .add_barcode(Barcode { message: "4711".into(), format: BarcodeFormat::QR, ..Default::default() })
    .fields(
        Type::Generic { pass_fields: Fields::default() } // there is no store card in 1.0.1
            .add_header_field(labelled("points", "2450", "Points"))
            .add_secondary_field(labelled("holder", "Ada Example", "Member"))
            .add_auxiliary_field(Content::new(
                "since",
                "2021-03-05T00:00:00Z",
                ContentOptions {
                    label: Some("Since".into()),
                    date_style: Some(DateStyle::Medium),
                    ..Default::default()
                },
            )),
    )
    .build();

    let mut package = Package::new(pass);
    for (kind, name) in [
        (resource::Type::Icon(resource::Version::Standard), "icon.png"),
        (resource::Type::Icon(resource::Version::Size2X), "icon@2x.png"),
        (resource::Type::Logo(resource::Version::Standard), "logo.png"),
    ] {
        package.add_resource(kind, File::open(format!("{pictures}/{name}")).unwrap()).unwrap();
    }
    let read = |name: &str| fs::read(format!("{credentials}/{name}")).unwrap();
    let (wwdr, leaf, key) = (read("wwdr.pem"), read("leaf.pem"), read("key.pem"));
    package.add_certificates(sign::SignConfig::new(sign::WWDR::Custom(&wwdr), &leaf, &key).unwrap());
    package.write(File::create(format!("{out}/passes.pkpass")).unwrap()).unwrap();
}

fn labelled(key: &str, value: &str, label: &str) -> Content {
    Content::new(key, value, ContentOptions { label: Some(label.into()), ..Default::default() })
}
