//! Reading a package back: archive, manifest, signature, certificates, pictures, `pass.json`.
#![allow(missing_docs, reason = "criterion's macros write functions")]
#![expect(clippy::expect_used, reason = "a bench whose fixture fails cannot go on")]

use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use walletpass::apple::Package;
use walletpass::apple::inspect::{Inspector, Roots};
use walletpass::model::port::{Clock, SystemClock};
use walletpass_benches::{Credentials, Design, Signers};

fn inspect(criterion: &mut Criterion) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let credentials = Credentials::rsa();
    let identity = Signers::new(&credentials, &clock).identity;
    let package = Package::new(&Design::loyalty().pass, &identity).expect("the example can be issued");
    let archive = identity.sign(&package).expect("the identity is in order").to_vec();
    let roots = Roots::none().with(credentials.root.as_bytes()).expect("a certificate");
    let inspector = Inspector::new().roots(roots);
    assert!(!inspector.inspect(&archive).expect("an archive").has_errors());

    let mut group = criterion.benchmark_group("inspect");
    group.throughput(Throughput::Bytes(archive.len() as u64));
    group.bench_function("loyalty", |bencher| bencher.iter(|| inspector.inspect(&archive)));
}

criterion_group!(benches, inspect);
criterion_main!(benches);
