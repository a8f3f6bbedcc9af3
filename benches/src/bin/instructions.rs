//! What `.ci/instructions` runs under valgrind: one piece of work, the signature left out.
//!
//! ```text
//! instructions prepare FOLDER             makes throw-away credentials, which would take minutes under valgrind
//! instructions count FOLDER package       issues a package of the pass of the bench from prepared artwork
//! instructions count FOLDER save-link     makes its save link
//! ```

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use walletpass::chrono::{DateTime, Utc};
use walletpass::model::port::Clock;
use walletpass_benches::{Credentials, Design, Linkers, Piece, Signers};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["prepare", folder] => Credentials::rsa().write(Path::new(folder))?,
        ["count", folder, what] => count(&piece(what, &Credentials::read(Path::new(folder))?)?),
        _ => return Err("say `prepare FOLDER` or `count FOLDER package|save-link`; .ci/instructions does".into()),
    }
    Ok(())
}

fn piece(what: &str, credentials: &Credentials) -> Result<Piece, Box<dyn Error>> {
    // The same instant each time: dates are as long, and whatever hangs on them goes the same way.
    let clock: Arc<dyn Clock> = Arc::new("2026-12-01T12:00:00Z".parse::<DateTime<Utc>>()?);
    let (design, signers) = (Design::loyalty(), Signers::new(credentials, &clock));
    match what {
        "package" => Ok(Piece::package(&design, &signers)),
        "save-link" => Ok(Piece::save_link(&design, &Linkers::new(&signers.bare, &clock))),
        _ => Err(format!("there is no piece `{what}`: package or save-link").into()),
    }
}

/// Warms up, so that what is made once is made and malloc has what it needs, then does what is counted.
fn count(piece: &Piece) {
    (0..100).for_each(|_| piece.run());
    counted(piece);
}

/// Runs a piece where `valgrind --toggle-collect` can see it: a function that keeps its name. The mean of some turns, for
/// the seeds of hash maps differ.
#[inline(never)]
fn counted(piece: &Piece) {
    (0..TURNS).for_each(|_| piece.run());
}

/// `.ci/instructions` divides by it.
const TURNS: u32 = 20;
