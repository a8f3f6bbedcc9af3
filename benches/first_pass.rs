//! A package whose artwork is not prepared yet: pictures are decoded, resized, encoded and digested.
#![allow(missing_docs, reason = "criterion's macros write functions")]
#![expect(clippy::expect_used, reason = "a bench whose fixture fails cannot go on")]

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use walletpass::apple::Package;
use walletpass::model::port::{Clock, SystemClock};
use walletpass_benches::{Credentials, Design, Signers};

fn first_pass(criterion: &mut Criterion) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let (pass, Signers { identity, .. }) = (Design::loyalty().pass, Signers::new(&Credentials::rsa(), &clock));
    let mut group = criterion.benchmark_group("first pass");
    group.sample_size(10);
    group.bench_function("RSA-2048", |bencher| {
        bencher.iter(|| {
            let package = Package::new(&pass, &identity).expect("the example can be issued");
            identity.sign(&package).expect("the identity is in order")
        });
    });
}

criterion_group!(benches, first_pass);
criterion_main!(benches);
