//! The slots of pictures, one line a slot: their sizes, and the styles that draw them.
//!
//! <https://developer.apple.com/design/human-interface-guidelines/wallet>

/// One slot.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) name: &'static str,
    pub(super) frame: Frame,
    /// The styles that draw it. Empty: another file judges that.
    pub(super) styles: &'static [&'static str],
}

/// The size of a slot in points, width before height.
#[derive(Debug)]
pub(super) enum Frame {
    /// One of these, since Apple's pages differ from year to year.
    One(&'static [(u32, u32)]),
    /// Up to this.
    Within(u32, u32),
    /// Of any size.
    Any,
}

const CLASSIC: &[&str] = &["boardingPass", "coupon", "eventTicket", "generic", "storeCard"];
const ALL: &[&str] = &["boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric"];

pub(super) static SLOTS: [Slot; 11] = [
    Slot { name: "artwork", frame: Frame::One(&[(358, 448)]), styles: &["eventTicket", "posterGeneric"] },
    Slot { name: "background", frame: Frame::One(&[(343, 503), (345, 505), (180, 220)]), styles: &["eventTicket"] },
    Slot { name: "footer", frame: Frame::Within(295, 15), styles: &["boardingPass"] },
    Slot { name: "icon", frame: Frame::One(&[(38, 38), (29, 29)]), styles: ALL },
    Slot { name: "logo", frame: Frame::Within(160, 50), styles: CLASSIC },
    Slot { name: "personalizationLogo", frame: Frame::Within(150, 40), styles: &[] },
    Slot {
        name: "primaryLogo",
        frame: Frame::Within(126, 30),
        styles: &["boardingPass", "eventTicket", "posterGeneric"],
    },
    Slot { name: "secondaryLogo", frame: Frame::Within(135, 12), styles: &["eventTicket"] },
    Slot {
        name: "strip",
        // The last three are of phones 320 points wide.
        frame: Frame::One(&[(375, 144), (375, 123), (375, 98), (320, 123), (320, 110), (320, 84)]),
        styles: &["coupon", "eventTicket", "storeCard"],
    },
    Slot { name: "thumbnail", frame: Frame::Within(90, 90), styles: &["eventTicket", "generic"] },
    Slot { name: "venueMap", frame: Frame::Any, styles: &["eventTicket"] },
];

/// Reads the name of a picture in a package: its folder, which is the root or that of a language, its slot and its scale.
pub(super) fn locate(name: &str) -> Option<(&str, &'static Slot, u32)> {
    let (folder, file) = name.split_once('/').unwrap_or(("", name));
    if !(folder.is_empty() || folder.ends_with(".lproj")) {
        return None; // Wallet does not look there.
    }
    parse(file).map(|(slot, scale)| (folder, slot, scale))
}

/// Reads the name of a picture without its folder: the slot, and the scale from 1 to 3.
pub(super) fn parse(name: &str) -> Option<(&'static Slot, u32)> {
    let stem = name.strip_suffix(".png")?;
    let (slot, scale) = match (stem.strip_suffix("@2x"), stem.strip_suffix("@3x")) {
        (Some(slot), _) => (slot, 2),
        (_, Some(slot)) => (slot, 3),
        _ => (stem, 1),
    };
    SLOTS.iter().find(|known| known.name == slot).map(|slot| (slot, scale))
}

impl Frame {
    /// Says what to write instead, when a picture of so many points does not fit.
    ///
    /// A tenth more or less is not seen, and one that is a bit too large for its frame is only scaled down.
    pub(super) fn fault(&self, width: f64, height: f64) -> Option<String> {
        match *self {
            Self::Any => None,
            Self::Within(most_width, most_height) => (width > f64::from(most_width) * 1.1 + 1.0
                || height > f64::from(most_height) * 1.1 + 1.0)
                .then(|| format!("at most {most_width} x {most_height}")),
            Self::One(sizes) => {
                let fits = |(w, h): &(u32, u32)| {
                    let (across, along) = (width / f64::from(*w), height / f64::from(*h));
                    (across / along - 1.0).abs() <= 0.06 && (0.9..=1.6).contains(&across)
                };
                let (w, h) = sizes.first()?;
                (!sizes.iter().any(fits)).then(|| format!("{w} x {h}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let read = |name| parse(name).map(|(slot, scale)| (slot.name, scale));
        assert_eq!(read("icon.png"), Some(("icon", 1)));
        assert_eq!(read("primaryLogo@3x.png"), Some(("primaryLogo", 3)));
        for name in ["icon", "Icon.png", "icon@2X.png", "icon@4x.png", "hero.png", ".png", "icon@2x@3x.png"] {
            assert_eq!(read(name), None, "{name}");
        }
    }

    #[test]
    fn every_published_size_fits() {
        for slot in &SLOTS {
            let sizes = match slot.frame {
                Frame::One(sizes) => sizes,
                Frame::Within(w, h) => &[(w, h), (w, h / 3)],
                Frame::Any => &[(824, 660)],
            };
            for (w, h) in sizes {
                assert_eq!(slot.frame.fault(f64::from(*w), f64::from(*h)), None, "{} {w} x {h}", slot.name);
            }
        }
    }

    #[test]
    fn others_do_not() {
        let fault = |name: &str, w, h| SLOTS.iter().find(|slot| slot.name == name).unwrap().frame.fault(w, h);
        assert_eq!(fault("icon", 58.0, 58.0), None, "one that is scaled down");
        assert_eq!(fault("icon", 1024.0, 1024.0).as_deref(), Some("38 x 38"));
        assert_eq!(fault("icon", 38.0, 20.0).as_deref(), Some("38 x 38"));
        assert_eq!(fault("logo", 50.0, 160.0).as_deref(), Some("at most 160 x 50"));
        assert_eq!(fault("strip", 1125.0, 432.0).as_deref(), Some("375 x 144"));
        assert_eq!(fault("thumbnail", 120.0, 60.0).as_deref(), Some("at most 90 x 90"));
    }
}
