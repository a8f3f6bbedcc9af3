//! The passes that are issued: the examples.

use std::fs::{self, File};
use std::path::Path;

use walletpass::Pass;

/// One of the example passes, its pictures loaded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Design {
    /// The name of its file in `examples/passes`, without the extension.
    pub name: &'static str,
    /// The pass.
    pub pass: Pass,
}

impl Design {
    /// Gives the pass of the bench.
    pub fn loyalty() -> Self {
        Self::load("loyalty")
    }

    /// Gives all seven, one of each kind.
    pub fn all() -> Vec<Self> {
        KINDS.iter().map(|name| Self::load(name)).collect()
    }

    fn load(name: &'static str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/passes");
        let json = fs::read(folder.join(format!("{name}.json"))).expect("the examples are there");
        let mut pass = Pass::from_json(&json).expect("the examples can be read");
        pass.load_pictures(|file| File::open(folder.join(file))).expect("the pictures are beside the examples");
        Self { name, pass }
    }
}

const KINDS: [&str; 7] = ["coupon", "event", "flight", "generic", "gift-card", "loyalty", "transit"];
