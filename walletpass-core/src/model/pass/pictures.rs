//! The pictures of a pass, and how their files are read.

use std::io::{self, Read};
use std::path::Path;

use super::Pass;
use crate::model::picture::Picture;
use crate::model::source::{ArtError, Source};

impl Pass {
    /// Walks every picture of the pass with its path in the JSON form, to load, host or replace it.
    pub fn pictures_mut(&mut self) -> impl Iterator<Item = (String, &mut Picture)> {
        let of_kind = self.kind.logo_mut().map(|(path, picture)| (path.to_owned(), picture));
        of_kind.into_iter().chain(self.art.iter_mut().map(|(slot, picture)| (format!("art.{}", slot.name()), picture)))
    }

    /// Replaces every picture that is given as a file by the bytes of what `open` opens for it.
    ///
    /// The library itself opens no file that a pass names: a pass may come from a stranger, so the host decides which folder,
    /// if any, its file names mean. Names in the JSON form are relative and without `..`. No more than
    /// [`Source::MAX_BYTES`] is read of a file.
    ///
    /// ```no_run
    /// # use walletpass_core::Pass;
    /// # fn load(mut pass: Pass) -> Result<(), Box<dyn std::error::Error>> {
    /// pass.load_pictures(|file| std::fs::File::open(std::path::Path::new("passes").join(file)))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`LoadError`] with the path of the first picture that cannot be read or is no PNG; those before it are loaded.
    pub fn load_pictures<R: Read>(&mut self, mut open: impl FnMut(&Path) -> io::Result<R>) -> Result<(), LoadError> {
        for (path, picture) in self.pictures_mut() {
            for source in picture.sources_mut() {
                let Source::File(file) = source else { continue };
                let named = |reason| LoadError { path: path.clone(), file: file.display().to_string(), reason };
                let mut bytes = Vec::new();
                let read = open(file).and_then(|file| file.take(Source::MAX_BYTES as u64 + 1).read_to_end(&mut bytes));
                read.map_err(|error| named(LoadErrorReason::Unreadable(error)))?;
                *source = Source::png(bytes).map_err(|error| named(LoadErrorReason::Unfit(error)))?;
            }
        }
        Ok(())
    }
}

/// Says which picture could not be loaded, and why.
#[derive(Debug, thiserror::Error)]
#[error("{path}: the picture file {file:?} cannot be used: {reason}")]
pub struct LoadError {
    path: String,
    file: String,
    #[source]
    reason: LoadErrorReason,
}

#[derive(Debug, thiserror::Error)]
enum LoadErrorReason {
    #[error(transparent)]
    Unfit(ArtError),
    #[error(transparent)]
    Unreadable(io::Error),
}
