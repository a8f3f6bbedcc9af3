//! What all passes have in common, and how a member becomes one.

use std::fs::{self, File};
use std::path::Path;
use std::thread;

use walletpass::apple::{Artwork, Identity, Package};
use walletpass::model::Kind;
use walletpass::model::port::{Clock, SystemClock};
use walletpass::{Art, Barcode, Pass, Slot};

use super::members::Member;
use super::{HERE, Stop};

/// A pass to be filled in, who signs it, and its pictures: prepared once, shared by all.
pub(crate) struct Design {
    pass: Pass,
    pub(crate) identity: Identity,
    pub(crate) artwork: Artwork,
}

impl Design {
    /// Reads the loyalty card of the examples, without its wide picture: that leaves 45 KB a package, 0.5 GB for 10,000.
    pub(crate) fn loyalty(identity: Identity) -> Result<Self, Stop> {
        let folder = Path::new(HERE).join("examples/passes");
        let mut pass = Pass::from_json(&fs::read(folder.join("loyalty.json"))?)?;
        pass.load_pictures(|file| File::open(folder.join(file)))?;
        let small = pass.art.iter().filter(|(slot, _)| *slot != Slot::Strip);
        pass.art = small.fold(Art::default(), |art, (slot, picture)| art.with(slot, picture.clone()));
        let artwork = Package::new(&pass, &identity)?.artwork().clone();
        Ok(Self { pass, identity, artwork })
    }

    /// Fills in a member. A cell that is empty is a fact that the pass does not have.
    pub(crate) fn pass(&self, member: &Member) -> Pass {
        let some = |cell: &str| (!cell.is_empty()).then(|| cell.to_owned());
        let mut pass = self.pass.clone();
        pass.serial = member.serial.clone();
        pass.barcode = some(&member.number).map(Barcode::qr);
        if let Kind::Loyalty(card) = &mut pass.kind {
            card.holder = some(&member.name);
            card.points = Some(member.points.into());
            card.tier = some(&member.tier).map(Into::into);
            card.member_number = some(&member.number);
        }
        pass
    }

    /// Measures for a quarter of a second how many packages a second can be signed that are drawn up already. RSA is most of
    /// the work, so this is the ceiling.
    pub(crate) fn signing_rate(&self, threads: usize) -> Result<f64, Stop> {
        let package = Package::with_artwork(&self.pass, &self.identity, &self.artwork)?;
        let start = SystemClock.now();
        let elapsed = || (SystemClock.now() - start).as_seconds_f64();
        let sign = || -> Result<u32, Stop> {
            let mut signed = 0;
            while (0.0..0.25).contains(&elapsed()) {
                self.identity.sign(&package)?;
                signed += 1;
            }
            Ok(signed)
        };
        let signed = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(sign)).collect();
            workers.into_iter().filter_map(|worker| worker.join().ok()).sum::<Result<u32, Stop>>()
        })?;
        Ok(f64::from(signed) / elapsed())
    }
}
