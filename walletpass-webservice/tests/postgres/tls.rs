//! TLS with a server whose certificate a throw-away authority signed.

use std::process::Command;

use walletpass_webservice::conformance::run;
use walletpass_webservice::store::{PostgresOptions, Store, StoreError, Write};

use crate::scratch::Scratch;
use crate::server::Server;
use crate::shop::{key, pass};

#[test]
fn each_sslmode_does_what_it_says() {
    run(async {
        let server = Server::new("tls");
        make_authority(&server, "authority");
        make_authority(&server, "stranger");
        make_certificate(&server);
        server.start();
        let port = server.port();
        // The certificate is for `localhost`; the address spares the look-up.
        let named = format!("postgres://walletpass@localhost:{port}/postgres?hostaddr=127.0.0.1&sslmode=");
        let unnamed = format!("postgres://walletpass@127.0.0.1:{port}/postgres?sslmode=");
        let (right, wrong) = (root(&server, "authority"), root(&server, "stranger"));

        for (url, mode, root, is_encrypted) in [
            (&named, "disable", None, false),
            (&named, "prefer", None, true),
            (&named, "require", None, true),
            (&unnamed, "require", None, true),
            (&named, "verify-full", Some(&right), true),
        ] {
            let scratch = Scratch::at(&server.url(), "tls").await;
            let mut options = scratch.options().pool_size(1);
            options.root_certificates.extend(root.cloned());
            let store = options.connect(&format!("{url}{mode}&application_name=test_tls")).await.unwrap();
            store.commit(vec![Write::CreatePass(pass("4711", vec![7; 1 << 20]))]).await.unwrap();
            assert_eq!(store.pass(&key("4711")).await.unwrap().unwrap().pass.body.len(), 1 << 20);
            let sessions =
                "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'test_tls'";
            let sessions = scratch.client().await.query(sessions, &[]).await.unwrap();
            assert_eq!(sessions.iter().map(|row| row.get(0)).collect::<Vec<bool>>(), [is_encrypted], "{url}{mode}");
            drop(store);
            scratch.remove().await;
        }

        for (url, root, reason) in [
            (&named, Some(&wrong), "UnknownIssuer"),
            (&named, None, "UnknownIssuer"),
            (&unnamed, Some(&right), "not valid for name"),
        ] {
            let mut options = PostgresOptions::default();
            options.root_certificates.extend(root.cloned());
            let refused = options.connect(&format!("{url}verify-full")).await;
            let Err(StoreError::Invalid { what, .. }) = &refused else { panic!("{refused:?}") };
            assert!(what.starts_with("a PostgreSQL server that does not prove who it is ("), "{what}");
            assert!(what.contains(reason), "{what}");
        }
    });
}

/// Makes the key and the certificate of an authority.
fn make_authority(server: &Server, name: &str) {
    let (key, certificate, subject) = (format!("{name}.key"), format!("{name}.crt"), format!("/CN={name}"));
    let request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    openssl(server, &[&request[..], &["-keyout", &key, "-out", &certificate, "-subj", &subject]].concat());
}

/// Makes the key and the certificate of the server.
fn make_certificate(server: &Server) {
    let request =
        ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=database"];
    openssl(server, &[&request[..], &["-keyout", "server.key", "-out", "server.csr"]].concat());
    std::fs::write(server.folder.join("extensions"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
        .unwrap();
    let sign =
        ["x509", "-req", "-in", "server.csr", "-CA", "authority.crt", "-CAkey", "authority.key", "-CAcreateserial"];
    openssl(server, &[&sign[..], &["-days", "2", "-extfile", "extensions", "-out", "server.crt"]].concat());
}

/// Gives the certificate of an authority as DER.
fn root(server: &Server, name: &str) -> Vec<u8> {
    openssl(server, &["x509", "-in", &format!("{name}.crt"), "-outform", "der", "-out", "root.der"]);
    std::fs::read(server.folder.join("root.der")).unwrap()
}

fn openssl(server: &Server, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(&server.folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
