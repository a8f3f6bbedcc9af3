//! Counts the allocations of every piece of a package and a link, the signature left out: a line each of name, allocations and
//! bytes, with tabs between.
//!
//! A program of its own, because an allocator that counts costs time where time is measured. It counts what Rust allocates, and
//! a buffer that grows anew each time it does; what OpenSSL takes from malloc for digests is not seen.
#![allow(clippy::print_stdout)]

use std::sync::Arc;

use walletpass::model::port::{Clock, SystemClock};
use walletpass_benches::{Credentials, Linkers, Piece, Signers};

fn main() {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let signers = Signers::new(&Credentials::rsa(), &clock);
    for piece in Piece::all(&signers, &Linkers::new(&signers.bare, &clock)) {
        piece.run();
        let counted = allocation_counter::measure(|| piece.run());
        println!("{}\t{}\t{}", piece.name, counted.count_total, counted.bytes_total);
    }
}
