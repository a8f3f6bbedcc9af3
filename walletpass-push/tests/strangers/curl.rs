//! The fake APNs, used by curl.

use std::fs;
use std::path::Path;
use std::process::Command;

use walletpass_testkit::ApnsAnswer;

use crate::office::{Office, TOPIC};

#[test]
fn curl_pushes_with_a_certificate() {
    let office = Office::open();
    office.apns.answer("dead", ApnsAnswer::refusal(410, "Unregistered"));
    let issued = office.authority.issue(TOPIC, "A1B2C3D4E5");
    // Throw-away credentials.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (own, root) = (folder.join("curl-pass.pem"), folder.join("curl-root.pem"));
    fs::write(&own, format!("{}{}", issued.certificate_pem(), issued.key_pem().expose())).unwrap();
    fs::write(&root, office.authority.root_pem()).unwrap();
    let push = |token: &str| {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--max-time", "20", "--http2", "--data", "{}"]);
        curl.args(["--header", "apns-push-type: background", "--header", "apns-priority: 5"]);
        curl.arg("--cert").arg(&own).arg("--cacert").arg(&root);
        curl.args(["--write-out", "%{http_version} %{http_code}"])
            .arg(format!("{}3/device/{token}", office.apns.url()));
        let output = curl.output().expect("install curl");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(push("c0ffee"), "2 200", "a curl without HTTP/2 says 1.1");
    assert_eq!(push("dead"), r#"{"reason":"Unregistered"}2 410"#);
    assert_eq!(office.apns.pushes()[0].certificate.as_deref(), Some(TOPIC));
}
