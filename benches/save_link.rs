//! A link for Google Wallet: drawn, linted, signed.
#![allow(missing_docs, reason = "criterion's macros write functions")]
#![expect(clippy::expect_used, reason = "a bench whose fixture fails cannot go on")]

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use walletpass::model::port::{Clock, SystemClock};
use walletpass_benches::{Credentials, Design, Linkers, Signers};

fn save_link(criterion: &mut Criterion) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let signers = Signers::new(&Credentials::rsa(), &clock);
    let (pass, Linkers { account, .. }) = (Design::loyalty().pass, Linkers::new(&signers.bare, &clock));
    let mut group = criterion.benchmark_group("save link");
    group.bench_function("bare", |bencher| bencher.iter(|| signers.bare.sign_attributes()));
    group.bench_function("RSA-2048", |bencher| {
        bencher.iter(|| account.save_link(&pass).expect("the example makes a link"));
    });
}

criterion_group!(benches, save_link);
criterion_main!(benches);
