//! The side of a worker: it does what the lines on its standard input say, and waits in between.
//!
//! | line | what is done | answer |
//! |---|---|---|
//! | `measure bare SECONDS` | the bare signature, again and again | `COUNT SECONDS` |
//! | `measure issue SECONDS` | one pass or link after the other, each with a serial number of its own | `COUNT SECONDS` |
//! | `sample FILE` | one more, written into a file | `done` |

use std::error::Error;
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, io};

/// Answers the lines until there are no more. `issue` takes a serial number; `bytes` makes a file of what it gave.
pub fn serve<T>(
    mut bare: impl FnMut() -> Outcome<Vec<u8>>,
    mut issue: impl FnMut(&str) -> Outcome<T>,
    bytes: impl Fn(T) -> Vec<u8>,
) -> Outcome<()> {
    let mut serials = 0_u64;
    let mut next = move || {
        serials += 1;
        issue(&format!("member-{serials}"))
    };
    for line in io::stdin().lock().lines() {
        let line = line?;
        let answer = match line.split(' ').collect::<Vec<_>>().as_slice() {
            ["measure", "bare", seconds] => repeat(seconds.parse()?, &mut bare)?,
            ["measure", "issue", seconds] => repeat(seconds.parse()?, &mut next)?,
            ["sample", file] => {
                fs::write(file, bytes(next()?))?;
                "done".to_owned()
            }
            _ => return Err(format!("unknown line {line:?}").into()),
        };
        println!("{answer}");
        io::stdout().flush()?;
    }
    Ok(())
}

/// Gives the folder that the binary `fixture` filled, the only argument.
pub fn fixture() -> Outcome<PathBuf> {
    env::args_os().nth(1).map(PathBuf::from).ok_or_else(|| "name the folder of the fixture".into())
}

/// Gives the folder of the examples, with the pass that is compared.
pub fn examples() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../examples/passes"))
}

/// The message of the bare signature: as long as what is signed in a package.
pub const MESSAGE: [u8; 107] = [7; 107];

pub type Outcome<T> = Result<T, Box<dyn Error>>;

#[expect(clippy::disallowed_methods, reason = "it measures")]
fn repeat<T>(seconds: f64, mut work: impl FnMut() -> Outcome<T>) -> Outcome<String> {
    let (start, mut count) = (Instant::now(), 0_u64);
    loop {
        black_box(work()?);
        count += 1;
        let elapsed = start.elapsed().as_secs_f64();
        if elapsed >= seconds {
            return Ok(format!("{count} {elapsed}"));
        }
    }
}
