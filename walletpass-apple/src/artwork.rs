//! The pictures of a package, prepared once and shared.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;
use image::ImageError;
use walletpass_core as core;
use walletpass_core::lint::apple::Gallery;
use walletpass_core::lint::{Finding, Rule};
use walletpass_core::{Art, Locale, Scales, Slot, Source};

use crate::Error;
use crate::archive::{Section, Writer};
use crate::manifest::Entries;
use crate::picture::{self, Fit, Picture};

/// The picture files of a package at all their sizes: resized, digested and laid out for the archive once.
///
/// Preparing takes as long as some hundred signatures, so do it once per design. Clones, packages and finished passes share the bytes.
///
/// | slot | points | how a picture gets there |
/// |---|---|---|
/// | `icon` | 38 x 38 | fills; a wide or tall one is laid whole on a square |
/// | `strip`, `background`, `artwork` | 375 x 144, 343 x 503, 358 x 448 | fills, what stands over is cut off |
/// | `logo`, `thumbnail`, `footer` | 160 x 50, 90 x 90, 286 x 15 | fits within |
/// | `primaryLogo`, `secondaryLogo`, `personalizationLogo` | 126 x 30, 135 x 12, 150 x 40 | fits within |
/// | `venueMap` | | as it is |
///
/// A picture is never enlarged: a scale (`@2x`, `@3x`) that it has too few pixels for is left out, and at one pixel per point it
/// keeps those it has.
/// <https://developer.apple.com/design/human-interface-guidelines/wallet>
#[derive(Clone)]
pub struct Artwork {
    inner: Arc<Inner>,
}

struct Inner {
    files: Vec<(String, Bytes)>,
    section: Section,
    /// The entries of the files in a manifest.
    entries: Entries,
    /// The files as the lint sees them.
    gallery: Gallery,
    findings: Vec<Finding>,
    /// How many bytes of its own the last package had.
    room: AtomicUsize,
}

impl Artwork {
    /// Prepares the pictures of a pass.
    ///
    /// Of one picture all three scales are made; those that a designer drew ([`Picture::scales`](core::Picture::scales)) are taken
    /// as they are. A package needs an icon: without one the logo is taken, and without a logo a plain dark square. `hero` is
    /// Google's and is passed over. What a picture shows in other languages depends on the languages of the pass, so that
    /// [`Package::new`](crate::Package::new) prepares it, and this does not.
    ///
    /// ```
    /// # use walletpass_apple::Artwork;
    /// # use walletpass_core::Art;
    /// let artwork = Artwork::prepare(&Art::default())?;
    /// let names: Vec<&str> = artwork.files().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["icon.png", "icon@2x.png", "icon@3x.png"]);
    /// # Ok::<(), walletpass_apple::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::PictureNotLoaded`] for a file or address whose bytes are needed; [`Error::Picture`] when they cannot be decoded, or
    /// only with more than 128 MiB; [`Error::TooLarge`].
    /// <https://developer.apple.com/design/human-interface-guidelines/wallet>
    pub fn prepare(art: &Art) -> Result<Self, Error> {
        Self::prepare_localized(art, &BTreeMap::new())
    }

    /// Prepares the pictures of a pass, and those that each language has for itself.
    pub(crate) fn prepare_localized(art: &Art, localized: &BTreeMap<Locale, Art>) -> Result<Self, Error> {
        let mut easel = Easel::default();
        // The icon last: where a logo stands in for it, an error names the logo.
        for (slot, picture) in art.iter().filter(|(slot, _)| !matches!(slot, Slot::Icon | Slot::Hero)) {
            easel.draw("", slot, picture)?;
        }
        let icon = art.get(Slot::Icon).or_else(|| art.get(Slot::Logo));
        match icon {
            // A stand-in was drawn at the sizes of a logo.
            Some(picture) if art.get(Slot::Logo) == Some(picture) => {
                let stand_in = core::Picture::new(most_pixels(picture).clone());
                easel.draw("", Slot::Icon, &stand_in)?;
            }
            Some(picture) => easel.draw("", Slot::Icon, picture)?,
            None => draw_plain_icon(&mut easel.files)?,
        }
        for (locale, art) in localized {
            for (slot, picture) in art.iter().filter(|(slot, _)| *slot != Slot::Hero) {
                easel.draw(&format!("{locale}.lproj/"), slot, picture)?;
            }
        }
        Self::lay_out(easel.files, easel.findings)
    }

    /// Gives what is not as it should be with the pictures, in warnings: [`RULES`] lists it.
    pub fn findings(&self) -> &[Finding] {
        &self.inner.findings
    }

    /// Walks the files by name.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.inner.files.iter().map(|(name, bytes)| (name.as_str(), bytes))
    }

    /// Gives the files as the first section of an archive.
    pub(crate) fn section(&self) -> &Section {
        &self.inner.section
    }

    /// Gives the entries of the files in a manifest.
    pub(crate) fn entries(&self) -> &Entries {
        &self.inner.entries
    }

    /// Gives the files as the lint sees them.
    pub(crate) fn gallery(&self) -> &Gallery {
        &self.inner.gallery
    }

    /// Guesses how many bytes of its own the next package will have: as many as the last one, and a few for a longer name.
    pub(crate) fn room(&self) -> usize {
        let last = self.inner.room.load(Relaxed);
        last + last / 16
    }

    /// Notes how many bytes of its own a package has.
    pub(crate) fn note_room(&self, bytes: usize) {
        self.inner.room.store(bytes, Relaxed);
    }

    /// Writes the section, and keeps of the files only where they are in it.
    pub(crate) fn lay_out(files: BTreeMap<String, Bytes>, findings: Vec<Finding>) -> Result<Self, Error> {
        let gallery = Gallery::read(&files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_ref())).collect());
        let mut writer = Writer::new();
        let mut entries = Entries::default();
        let mut laid_out = Vec::with_capacity(files.len());
        for (name, bytes) in files {
            let range = writer.add(&name, &bytes)?;
            entries.push(&name, &bytes);
            laid_out.push((name, range));
        }
        let section = writer.close();
        let files = laid_out.into_iter().map(|(name, range)| (name, section.bytes().slice(range))).collect();
        let room = AtomicUsize::new(0);
        Ok(Self { inner: Arc::new(Inner { files, section, entries, gallery, findings, room }) })
    }
}

impl fmt::Debug for Artwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.files().map(|(name, bytes)| (name, bytes.len()))).finish()
    }
}

/// Gives the source to make other sizes of: that of the picture, or the largest that was drawn where that is out of reach.
fn most_pixels(picture: &core::Picture) -> &Source {
    let Scales { x1, x2, x3, .. } = &picture.scales;
    let drawn = [x3, x2, x1].into_iter().flatten().find(|source| matches!(source, Source::Png(_)));
    match (&picture.source, drawn) {
        (Source::Png(_), _) | (_, None) => &picture.source,
        (_, Some(drawn)) => drawn,
    }
}

/// Where pictures are drawn, each once however many languages show it.
#[derive(Default)]
struct Easel {
    files: BTreeMap<String, Bytes>,
    drawn: Vec<Drawn>,
    findings: Vec<Finding>,
}

/// A picture and the files that were made of it, by scale.
struct Drawn {
    slot: Slot,
    picture: core::Picture,
    scales: Vec<(u32, Bytes)>,
}

impl Easel {
    /// Makes the files of one slot in a folder.
    fn draw(&mut self, folder: &str, slot: Slot, picture: &core::Picture) -> Result<(), Error> {
        let known = self.drawn.iter().position(|drawn| drawn.slot == slot && drawn.picture == *picture);
        let scales = match known.and_then(|index| self.drawn.get(index)) {
            Some(drawn) => drawn.scales.clone(),
            None => {
                let scales = scales_of(slot, picture, &mut self.findings)?;
                self.drawn.push(Drawn { slot, picture: picture.clone(), scales: scales.clone() });
                scales
            }
        };
        let named = scales.into_iter().map(|(scale, png)| (format!("{folder}{}", file_name(slot, scale)), png));
        self.files.extend(named);
        Ok(())
    }
}

/// Makes the files of one slot.
fn scales_of(slot: Slot, picture: &core::Picture, findings: &mut Vec<Finding>) -> Result<Vec<(u32, Bytes)>, Error> {
    let named = |source: ImageError| Error::Picture { slot: slot.name(), source: source.into() };
    let decode = |source: &Source| Picture::decode(bytes_of(slot, source)?).map_err(named);

    let Scales { x1, x2, x3, .. } = &picture.scales;
    let given = [x1, x2, x3];
    let mut scales = Vec::new();
    for (scale, source) in (1..).zip(given) {
        if let Some(source) = source {
            scales.push((scale, decode(source)?.png()));
        }
    }
    // The pixels of an address are out of reach, but nobody misses them where a designer drew the picture.
    if scales.len() == given.len() || (!scales.is_empty() && matches!(picture.source, Source::Url(_))) {
        return Ok(scales);
    }

    let original = decode(&picture.source)?;
    if let Some(fit) = fit(slot, 1, original.is_oblong()) {
        judge_crop(slot, &original, fit, findings);
        judge_size(slot, &original, findings);
    }
    for (scale, source) in (1..).zip(given) {
        if source.is_some() {
            continue;
        }
        let Some(fit) = fit(slot, scale, original.is_oblong()) else {
            if scale == 1 {
                scales.push((1, original.png()));
            }
            continue;
        };
        if scale == 1 || original.fills(fit) {
            scales.push((scale, original.fitted(fit).map_err(named)?));
        }
    }
    Ok(scales)
}

/// Warns when more than a third of a picture is cut off.
fn judge_crop(slot: Slot, picture: &Picture, fit: Fit, findings: &mut Vec<Finding>) {
    let Fit::Cover(width, height) = fit else { return };
    let share = picture.shown_of(width, height);
    if share < 2.0 / 3.0 {
        let (own_width, own_height) = picture.size();
        let cause = format!(
            "the picture has {own_width} x {own_height} pixels, and {:.0} % of it are cut off to fill {width} x {height} points",
            (1.0 - share) * 100.0
        );
        findings.push(CROPPED.finding(path_of(slot), cause, "draw it in the proportions of its slot"));
    }
}

/// Warns when a picture has too few pixels for the screens that there are.
fn judge_size(slot: Slot, picture: &Picture, findings: &mut Vec<Finding>) {
    let (Some(two), Some(three)) = (fit(slot, 2, picture.is_oblong()), fit(slot, 3, picture.is_oblong())) else {
        return;
    };
    if !picture.fills(two) {
        let (width, height) = picture.size();
        let cause = format!("the picture has {width} x {height} pixels, and phones draw two or three to each point");
        let mend = match three {
            Fit::Cover(width, height) => format!("give it {width} x {height} pixels or more"),
            Fit::Within(width, height) => format!("make it {width} pixels wide or {height} high, or larger"),
            Fit::Square(side) => format!("give its longer side {side} pixels or more"),
        };
        findings.push(SMALL.finding(path_of(slot), cause, mend));
    }
}

fn path_of(slot: Slot) -> String {
    format!("art.{}", slot.name())
}

fn draw_plain_icon(files: &mut BTreeMap<String, Bytes>) -> Result<(), Error> {
    for scale in 1..=3 {
        let square = picture::plain_square(ICON * scale, DARK);
        let named = |source: ImageError| Error::Picture { slot: Slot::Icon.name(), source: source.into() };
        files.insert(file_name(Slot::Icon, scale), square.map_err(named)?);
    }
    Ok(())
}

/// Gives the bytes of a source that has been loaded.
fn bytes_of(slot: Slot, source: &Source) -> Result<&Bytes, Error> {
    let name = match source {
        Source::Png(bytes) => return Ok(bytes),
        Source::File(path) => path.display().to_string(),
        Source::Url(url) => url.to_string(),
        _ => "of an unknown kind".to_owned(),
    };
    Err(Error::PictureNotLoaded { slot: slot.name(), name })
}

/// Gives the frame of a slot at a scale, in pixels; `None` where Apple publishes no size, and the picture stays as it is.
/// <https://developer.apple.com/design/human-interface-guidelines/wallet>
fn fit(slot: Slot, scale: u32, is_oblong: bool) -> Option<Fit> {
    let cover = |width, height| Some(Fit::Cover(width * scale, height * scale));
    let within = |width, height| Some(Fit::Within(width * scale, height * scale));
    match slot {
        Slot::Artwork => cover(358, 448),
        Slot::Background => cover(343, 503),
        Slot::Footer => within(286, 15),
        Slot::Icon if is_oblong => Some(Fit::Square(ICON * scale)),
        Slot::Icon => cover(ICON, ICON),
        Slot::Logo => within(160, 50),
        Slot::PersonalizationLogo => within(150, 40),
        Slot::PrimaryLogo => within(126, 30),
        Slot::SecondaryLogo => within(135, 12),
        Slot::Strip => cover(375, 144),
        Slot::Thumbnail => within(90, 90),
        _ => None,
    }
}

fn file_name(slot: Slot, scale: u32) -> String {
    match scale {
        1 => format!("{}.png", slot.name()),
        scale => format!("{}@{scale}x.png", slot.name()),
    }
}

/// Lists what preparing pictures may find.
pub const RULES: &[Rule] = &[CROPPED, SMALL];

const CROPPED: Rule = Rule::warning(
    "apple-picture-cropped",
    "a picture keeps two thirds of what it shows when it fills its slot",
)
.because(
    "Wallet fills the slots of icon, strip, background and artwork; what stands over on either side is not shown.",
);

const SMALL: Rule = Rule::warning("apple-picture-small", "a picture has the pixels that the screens of phones ask for")
    .because("Wallet enlarges the picture, and it looks blurred.");

/// The side of an icon, in points.
const ICON: u32 = 38;
/// The colour of an icon that nobody gave: #1c1c1e, a dark ground of iOS.
const DARK: [u8; 3] = [0x1c, 0x1c, 0x1e];
