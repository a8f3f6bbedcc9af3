//! What is measured.

use std::process::Command;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use walletpass::Pass;
use walletpass::apple::inspect::{Inspector, Roots};
use walletpass::apple::{Identity, Package, Pkpass};
use walletpass::model::port::{Clock, SystemClock};
use walletpass_benches::{Contest, Credentials, Design, Figure, Linkers, Piece, Signers};

/// How long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Long enough for figures.
    Full,
    /// Long enough to see that it runs.
    Smoke,
}

/// All figures of one run. Those of a contest begin with its base line.
#[derive(Debug)]
pub(crate) struct Measured {
    /// The threads of `on_all`.
    pub(crate) cores: usize,
    /// RSA-2048, one thread: bare, package, the same as a signature and the rest, save link.
    pub(crate) on_one: Vec<Figure>,
    /// RSA-2048, a thread on each core: bare, package.
    pub(crate) on_all: Vec<Figure>,
    /// P-256, one thread: bare, package.
    pub(crate) on_curve: Vec<Figure>,
    /// RSA-2048, one thread: bare, first pass, inspect.
    pub(crate) slow: Vec<Figure>,
    /// Bare, then the pieces, whose signature is a stored one.
    pub(crate) pieces: Vec<Figure>,
    /// What the pieces allocate.
    pub(crate) allocations: Vec<Allocations>,
    /// Whether packages of the same artwork share the bytes of their pictures.
    pub(crate) are_pictures_shared: bool,
}

/// What one piece allocates.
#[derive(Clone, Debug)]
pub(crate) struct Allocations {
    pub(crate) piece: String,
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

impl Measured {
    /// Measures everything.
    pub(crate) fn take(effort: Effort) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let cores = available_parallelism().map_or(1, usize::from);
        let pass = Design::loyalty().pass;
        let credentials = Credentials::rsa();
        let (rsa, ec) = (Signers::new(&credentials, &clock), Signers::new(&Credentials::ec(), &clock));
        let linkers = Linkers::new(&rsa.bare, &clock);
        let package = Package::new(&pass, &rsa.identity).expect("the example can be issued");
        let artwork = package.artwork();
        let issue = |identity: &Identity| {
            let package = Package::with_artwork(&pass, identity, artwork).expect("it could be issued before");
            identity.sign(&package).expect("the identity is in order")
        };
        let contest = |threads, rounds, millis: u64, signers: &Signers| {
            let (rounds, slice) = match effort {
                Effort::Full => (rounds, Duration::from_millis(millis)),
                Effort::Smoke => (2, Duration::from_millis(1)),
            };
            let bare = Arc::clone(&signers.bare);
            Contest::against(threads, rounds, slice, move || bare.sign_attributes())
        };

        // Drawn up one after the other, then signed one after the other: the code of each is warm.
        let batch = |identity: &Identity| {
            let drawn = (0..BATCH).map(|_| Package::with_artwork(&pass, identity, artwork));
            let drawn: Vec<Package> = drawn.collect::<Result<_, _>>().expect("it could be issued before");
            drawn.iter().map(|package| identity.sign(package)).collect::<Result<Vec<_>, _>>().expect("in order")
        };
        let batch_by = |signers: &Signers| {
            let identity = signers.identity.clone();
            move || batch(&identity)
        };
        let link = || linkers.account.save_link(&pass).expect("the example makes a link");
        let package_by = |signers: &Signers| {
            let identity = signers.identity.clone();
            move || issue(&identity)
        };
        let (first, inspect) = (first_pass(&pass, &rsa.identity), inspect(&credentials, &issue(&rsa.identity)));
        let pieces = Piece::all(&rsa, &linkers);
        let rest = Piece::package(&Design::loyalty(), &rsa);
        let in_two = || {
            rest.run();
            rsa.bare.sign_attributes()
        };
        Self {
            cores,
            on_one: contest(1, 45, 40, &rsa)
                .with("package", package_by(&rsa))
                .with_batch("batch", BATCH, batch_by(&rsa))
                .with("in two", in_two)
                .with("save link", link)
                .run(),
            on_all: contest(cores, 45, 40, &rsa)
                .with("package", package_by(&rsa))
                .with_batch("batch", BATCH, batch_by(&rsa))
                .run(),
            on_curve: contest(1, 45, 20, &ec).with("package", package_by(&ec)).run(),
            slow: contest(1, 15, 50, &rsa).with("first pass", first).with("inspect", inspect).run(),
            pieces: pieces
                .iter()
                .fold(contest(1, 15, 15, &rsa), |contest, piece| contest.with(&piece.name, move || piece.run()))
                .run(),
            allocations: allocations(),
            are_pictures_shared: shares_pictures(&issue(&rsa.identity), &issue(&rsa.identity)),
        }
    }

    /// Finds a figure by its name.
    pub(crate) fn piece(&self, name: &str) -> Option<(&Figure, &Allocations)> {
        let figure = self.pieces.iter().find(|figure| figure.name == name)?;
        Some((figure, self.allocations.iter().find(|allocations| allocations.piece == name)?))
    }
}

/// How many packages are drawn up before they are signed, in a batch.
pub(crate) const BATCH: u64 = 32;

fn first_pass<'a>(pass: &'a Pass, identity: &'a Identity) -> impl Fn() -> Pkpass + Sync + 'a {
    move || {
        let package = Package::new(pass, identity).expect("the example can be issued");
        identity.sign(&package).expect("the identity is in order")
    }
}

fn inspect(credentials: &Credentials, pkpass: &Pkpass) -> impl Fn() + Sync + use<> {
    let roots = Roots::none().with(credentials.root.as_bytes()).expect("a certificate");
    let (inspector, archive) = (Inspector::new().roots(roots), pkpass.to_vec());
    move || {
        let inspection = inspector.inspect(&archive).expect("an archive");
        assert!(!inspection.has_errors(), "what was issued here is in order");
    }
}

/// Has the pieces counted in a process whose allocator counts.
fn allocations() -> Vec<Allocations> {
    let output = Command::new(env!("CARGO_BIN_EXE_allocations")).output().expect("cargo built it");
    assert!(output.status.success(), "the allocations cannot be counted: {}", output.status);
    let text = String::from_utf8_lossy(&output.stdout);
    let read = |line: &str| {
        let mut columns = line.split('\t');
        let piece = columns.next()?.to_owned();
        let (count, bytes) = (columns.next()?.parse().ok()?, columns.next()?.parse().ok()?);
        Some(Allocations { piece, count, bytes })
    };
    text.lines().filter_map(read).collect()
}

/// Says whether the first chunk, the pictures, is the same memory.
fn shares_pictures(one: &Pkpass, other: &Pkpass) -> bool {
    let pictures = |pkpass: &Pkpass| pkpass.chunks().first().map(|chunk| (chunk.as_ptr(), chunk.len()));
    pictures(one) == pictures(other) && pictures(one).is_some_and(|(_, length)| length > one.len() / 2)
}
