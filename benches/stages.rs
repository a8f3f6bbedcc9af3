//! Where the time of a package and of a link goes, the signature left out. The allocations are in the summary.
#![allow(missing_docs, reason = "criterion's macros write functions")]

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use walletpass::model::port::{Clock, SystemClock};
use walletpass_benches::{Credentials, Linkers, Piece, Signers};

fn stages(criterion: &mut Criterion) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let signers = Signers::new(&Credentials::rsa(), &clock);
    for piece in Piece::all(&signers, &Linkers::new(&signers.bare, &clock)) {
        criterion.bench_function(&piece.name, |bencher| bencher.iter(|| piece.run()));
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
