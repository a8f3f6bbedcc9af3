//! The program of the README, run.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "it prints, and a test fails by panicking")]

// README.md begins here.
use walletpass::{Barcode, Loyalty, Pass, Picture, Role, Secret, apple, google};

fn issue(p12: &[u8], passphrase: &Secret<String>, key_file: &[u8]) -> Result<String, Box<dyn std::error::Error>> {
    let identity = apple::Identity::from_p12(p12, passphrase, &[])?;
    let account = google::Account::from_json(key_file, "3388000000000000001".parse()?)?;

    let logo = Picture::png(std::fs::read("examples/passes/art/loyalty-icon.png")?)?;
    let logo = logo.hosted_at("https://img.example/bean.png".parse()?);
    let card = Loyalty::new("Bean Club", logo).points(2_450).tier("Gold").holder("Ada Example");
    let pass = Pass::new("member-4711".parse()?, "Bean & Co", card)
        .background("#4b2e1e".parse()?)
        .barcode(Barcode::qr("4711"))
        .on_change(Role::Points, "You now have %@ points");

    let package = apple::Package::new(&pass, &identity)?;
    std::fs::write("target/card.pkpass", identity.sign(&package)?.to_vec())?;
    println!("{}", package.report().table()); // where each fact landed, and what was lost
    for finding in &package.report().findings {
        println!("{finding}"); // what Wallet would ignore, and how to mend it
    }
    Ok(account.save_link(&pass)?.url())
}
// README.md ends here.

#[test]
fn the_program_of_the_readme_issues_a_card() {
    let credentials = walletpass_testkit::Authority::new().issue("pass.org.walletpass.readme", "A1B2C3D4E5");
    let account = walletpass_testkit::ServiceAccount::new().json();
    std::fs::create_dir_all("target").unwrap();
    let link = issue(&credentials.p12(), credentials.passphrase(), account.expose().as_bytes()).unwrap();
    assert!(link.starts_with("https://pay.google.com/gp/v/save/ey"));
    assert!(std::fs::read("target/card.pkpass").unwrap().starts_with(b"PK"));
}

#[test]
fn it_is_the_program_of_the_readme() {
    let here = include_str!("readme.rs");
    let program =
        here.split("// README.md begins here.\n").nth(1).unwrap().split("// README.md ends here.").next().unwrap();
    assert!(include_str!("../README.md").contains(program.trim()), "README.md and tests/readme.rs differ");
}
