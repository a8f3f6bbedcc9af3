//! A signed package from prepared artwork, drawn and linted anew: on one thread, and on all cores at once.
#![allow(missing_docs, reason = "criterion's macros write functions")]
#![expect(clippy::expect_used, reason = "a bench whose fixture fails cannot go on")]

use std::hint::black_box;
use std::sync::Arc;
use std::thread::available_parallelism;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use walletpass::apple::Package;
use walletpass::model::port::{Clock, SystemClock};
use walletpass_benches::{Credentials, Design, Signers, time};

fn package(criterion: &mut Criterion) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let pass = Design::loyalty().pass;
    let cores = available_parallelism().map_or(1, usize::from);
    let mut group = criterion.benchmark_group("package");
    group.throughput(Throughput::Elements(1));
    for (key, credentials) in [("RSA-2048", Credentials::rsa()), ("P-256", Credentials::ec())] {
        let signers = Signers::new(&credentials, &clock);
        let artwork = Package::new(&pass, &signers.identity).expect("the example can be issued").artwork().clone();
        let issue = || {
            let package = Package::with_artwork(&pass, &signers.identity, &artwork).expect("it could be issued before");
            black_box(signers.identity.sign(&package).expect("it could be signed before"));
        };
        for threads in [1, cores] {
            let name = format!("{key}, {threads} thread{}", if threads == 1 { "" } else { "s" });
            let bare = || drop(black_box(signers.bare.sign_attributes()));
            group.bench_function(format!("{name}, bare"), |bencher| {
                bencher.iter_custom(|turns| time(turns, threads, &bare));
            });
            group.bench_function(&name, |bencher| bencher.iter_custom(|turns| time(turns, threads, &issue)));
        }
    }
}

criterion_group!(benches, package);
criterion_main!(benches);
