//! What a signature costs: the base line of everything else.
#![allow(missing_docs, reason = "criterion's macros write functions")]

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use walletpass::model::port::{Clock, SystemClock};
use walletpass_benches::{Credentials, Signers};

fn bare(criterion: &mut Criterion) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut group = criterion.benchmark_group("bare");
    for (name, credentials) in [("RSA-2048", Credentials::rsa()), ("P-256", Credentials::ec())] {
        let signers = Signers::new(&credentials, &clock);
        group.bench_function(name, |bencher| bencher.iter(|| signers.bare.sign_attributes()));
    }
}

criterion_group!(benches, bare);
criterion_main!(benches);
