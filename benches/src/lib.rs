//! What the benches of walletpass have in common: the pass, the keys, the rounds.
//!
//! Every figure stands beside the bare signature of the same run: the same key, the same OpenSSL, 107 bytes to sign, which is what
//! a package has signed. So a figure says what walletpass costs, and not what the machine is worth.
//!
//! ```sh
//! cargo bench                                    # all questions, one after the other, by criterion
//! cargo bench -p walletpass-benches --bench summary            # every figure as a share of the bare signature
//! cargo bench -p walletpass-benches --bench summary -- --write # the same into RESULTS.md and results.svg
//! cargo bench -p walletpass-benches --bench push -- --write    # what a push costs, into PUSH.md
//! cargo bench -p walletpass-benches --bench device -- --write  # the web service of the devices, into DEVICE.md
//! cargo bench -p walletpass-benches --bench issuer -- --write  # creating and changing passes, into ISSUER.md
//! .ci/instructions                               # counts instructions, which do not shake as times do
//! ```
//!
//! # Map
//!
//! | file | what it asks |
//! |---|---|
//! | `bare.rs` | what a signature costs |
//! | `package.rs` | a signed package from prepared artwork, on one thread and on all cores |
//! | `stages.rs` | where the time of a package goes, the signature left out |
//! | `first_pass.rs` | a package whose artwork is not prepared yet |
//! | `save_link.rs` | a link for Google Wallet |
//! | `inspect.rs` | reading a package back |
//! | `push/` | a push: our client beside bare HTTP/2 and the clients of others |
//! | `device/` | requests of devices a second, for each store and size: all of them, beside a bare server |
//! | `issuer/` | passes created and changed a second, for each store and size; from the change to the phone that shows it |
//! | `summary/` | all of it beside the bare signature, in interleaved rounds |
//! | `src/bin/allocations.rs` | the allocations of each piece |
//! | `src/bin/instructions.rs` | one package and one link, for valgrind to count |
//!
//! # The pass
//!
//! `examples/passes/loyalty.json`: ten files with `pass.json`, 213 KB, of which 210 are pictures. [`Design::all`] gives the others.
#![expect(clippy::expect_used, reason = "a bench whose fixture fails cannot go on")]

mod credentials;
mod design;
mod disk;
mod key;
mod machine;
mod piece;
mod scatter;
mod signers;
mod spread;
mod stopwatch;
mod table;

pub use credentials::Credentials;
pub use design::Design;
pub use disk::{Disk, Folder};
pub use key::{BareKey, StoredSignature};
pub use machine::Machine;
pub use piece::Piece;
pub use scatter::scatter;
pub use signers::{Linkers, Signers};
pub use spread::{Spread, quantile};
pub use stopwatch::{Contest, Figure, Stopwatch, time, used};
pub use table::{grouped, table};
