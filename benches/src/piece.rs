//! What a package and a link cost without their signature, piece by piece.

use std::fmt;
use std::hint::black_box;
use std::sync::Arc;

use walletpass::apple::Package;
use walletpass::model::port::{Clock, SystemClock};
use walletpass::model::{PersonalizationToken, lint, projection};

use crate::{Design, Linkers, Signers};

/// Something to be run over and over, with the stored signature: to be timed, counted in instructions or in allocations.
pub struct Piece {
    /// What it is, for instance `package loyalty`.
    pub name: String,
    task: Box<dyn Fn() + Send + Sync>,
}

impl Piece {
    /// Gives the package and the link of every design, then the stages of a package of the pass of the bench.
    pub fn all(signers: &Signers, linkers: &Linkers) -> Vec<Self> {
        let mut pieces = Vec::new();
        for design in Design::all() {
            pieces.extend([Self::package(&design, signers), Self::save_link(&design, linkers)]);
        }
        pieces.extend(Self::stages(&Design::loyalty(), signers));
        pieces
    }

    /// Gives a package from prepared artwork: drawn, linted, written, sealed.
    pub fn package(design: &Design, signers: &Signers) -> Self {
        let (pass, identity) = (design.pass.clone(), signers.unsigned.clone());
        let artwork = Package::new(&pass, &identity).expect("the examples can be issued").artwork().clone();
        Self::new(format!("package {}", design.name), move || {
            let package = Package::with_artwork(&pass, &identity, &artwork).expect("it could be issued before");
            identity.sign(&package).expect("it could be signed before")
        })
    }

    /// Gives a save link: drawn, linted, written.
    pub fn save_link(design: &Design, linkers: &Linkers) -> Self {
        let (pass, account) = (design.pass.clone(), linkers.unsigned.clone());
        // Of some passes the token is longer than a link may be, which does not spare any of the work.
        Self::new(format!("save link {}", design.name), move || account.save_link(&pass))
    }

    /// Gives the stages of a package that can be run alone. `stage laid out` holds the two before it, `stage signed` that of CMS.
    pub fn stages(design: &Design, signers: &Signers) -> Vec<Self> {
        let (pass, identity) = (design.pass.clone(), signers.unsigned.clone());
        let package = Package::new(&pass, &identity).expect("the examples can be issued");
        let artwork = package.artwork().clone();
        // A text of the manifest's length: the signature of a personalization token is CMS and no archive.
        let token = "0".repeat(package.manifest().len()).parse::<PersonalizationToken>();
        let token = token.expect("no manifest of the examples is too long for a token");
        let now = SystemClock.now();
        let draw = {
            let (pass, identity) = (pass.clone(), identity.clone());
            move || projection::apple(&pass, identity.pass_type(), identity.team(), now)
        };
        let drawn = Arc::new(draw().pass);
        let lint = {
            let drawn = Arc::clone(&drawn);
            move || lint::apple::check(&drawn, now)
        };
        let lay_out = {
            let identity = identity.clone();
            move || Package::with_artwork(&pass, &identity, &artwork)
        };
        let sign_token = {
            let identity = identity.clone();
            move || identity.sign_personalization_token(&token)
        };
        vec![
            Self::new("stage drawn".to_owned(), draw),
            Self::new("stage lint".to_owned(), lint),
            Self::new("stage pass.json".to_owned(), move || serde_json::to_vec(&*drawn)),
            Self::new("stage laid out".to_owned(), lay_out),
            Self::new("stage CMS".to_owned(), sign_token),
            Self::new("stage signed".to_owned(), move || identity.sign(&package)),
        ]
    }

    /// Runs it once, and drops what it made.
    pub fn run(&self) {
        (self.task)();
    }

    fn new<T>(name: String, task: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self { name, task: Box::new(move || drop(black_box(task()))) }
    }
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Piece({})", self.name)
    }
}
