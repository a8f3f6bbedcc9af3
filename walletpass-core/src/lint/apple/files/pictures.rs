//! The pictures: whether they are PNG, fit their slot, and are shown at all.

use serde_json::{Map, Value};

use super::gallery::{Gallery, Hung};
use super::png::Fault;
use super::rules;
use super::slots::Slot;
use crate::lint::apple::keys::STYLES;
use crate::lint::apple::members::Members;
use crate::lint::apple::schemes::is_poster_ticket;
use crate::lint::findings::Findings;
use crate::lint::path::Path;

/// Judges the pictures of a package.
pub(super) fn judge(pass: &Map<String, Value>, gallery: &Gallery, findings: &mut Findings) {
    let members = Members::of(pass);
    for (name, fault) in gallery.faults() {
        judge_format(name, *fault, findings);
    }
    // The one of a language alone is not enough: Wallet refuses a package without one at the root.
    let icon = gallery.at_root("icon");
    let has = |scale: u32| icon.is_some_and(|icon| icon.scales.contains_key(&scale));
    judge_icon([has(1), has(2), has(3)], findings);
    let found = STYLES.map(|style| members.contains_key(style).then_some(style));
    let styles = || found.into_iter().flatten();
    for hung in gallery.hung() {
        let slot = hung.slot;
        judge_sizes(hung, findings);
        let drawn = slot.styles.is_empty() || styles().any(|style| slot.styles.contains(&style));
        // Of an event ticket these are for its poster alone.
        let is_of_poster = matches!(slot.name, "artwork" | "primaryLogo" | "secondaryLogo" | "venueMap");
        let of_poster = is_of_poster && members.contains_key("eventTicket") && !members.contains_key("posterGeneric");
        if let Some(name) = hung.first_name()
            && of_poster
            && !is_poster_ticket(&members)
        {
            findings.add(&rules::PICTURE_UNUSED, &Path::file(name), || {
                (
                    format!("an event ticket shows the slot `{}` with the scheme `posterEventTicket` only", slot.name),
                    "write `preferredStyleSchemes` as [\"posterEventTicket\", \"eventTicket\"], or leave the picture out",
                )
            });
        } else if let Some(name) = hung.first_name().filter(|_| !drawn)
            && let Some(style) = styles().next()
        {
            findings.add(&rules::PICTURE_UNUSED, &Path::file(name), || {
                (
                    format!("a pass of the style `{style}` does not show the slot `{}`", slot.name),
                    "leave the picture out",
                )
            });
        }
    }
    let has = |slot: &str| gallery.hung().iter().any(|hung| hung.slot.name == slot);
    if is_poster_ticket(&members) && !has("artwork") && !has("background") {
        findings.add(&rules::POSTER_TICKET, &Path::file("artwork.png"), || {
            (
                "a poster ticket needs an artwork or a background, and without it is drawn in the classic layout",
                "add `artwork@2x.png` of 716 x 896 and `artwork@3x.png` of 1074 x 1344 pixels",
            )
        });
    }
    judge_strip(pass, gallery, findings);
    judge_localised(gallery, findings);
}

fn judge_format(name: &str, fault: Fault, findings: &mut Findings) {
    findings.add(&rules::PICTURE_FORMAT, &Path::file(name), || match fault {
        Fault::Format(format) => {
            (format!("the file is {format}"), "save the picture as PNG, which renaming does not do")
        }
        Fault::Size(width, height) => {
            (format!("the picture is {width} x {height} pixels"), "scale it to the size of its slot")
        }
    });
}

fn judge_icon(has: [bool; 3], findings: &mut Findings) {
    let [one, two, three] = has;
    if !(one || two || three) {
        return findings.add(&rules::ICON_MISSING, &Path::file("icon.png"), || {
            ("the pass has no icon", "add `icon@2x.png` of 76 x 76 and `icon@3x.png` of 114 x 114 pixels")
        });
    }
    for (has, name, side) in [(two, "icon@2x.png", 76), (three, "icon@3x.png", 114)] {
        if !has {
            findings.add(&rules::ICON_SCALE, &Path::file(name), || {
                (
                    format!("phones that show this size of the icon scale another, and there is no `{name}`"),
                    format!("add `{name}` of {side} x {side} pixels"),
                )
            });
        }
    }
}

/// Judges each size against the slot, and the larger ones against the smallest.
fn judge_sizes(hung: &Hung, findings: &mut Findings) {
    let mut sized = hung.scales.iter().filter_map(|(scale, (name, size))| Some((*scale, name.as_str(), (*size)?)));
    let Some((base_scale, base_name, base)) = sized.next() else { return };
    judge_size(hung.slot, base_scale, base_name, base, findings);
    for (scale, name, (width, height)) in sized {
        let is_scaled = |side: u32, base: u32| {
            let wanted = f64::from(base) * f64::from(scale) / f64::from(base_scale);
            (f64::from(side) - wanted).abs() <= 2.0 + wanted * 0.02
        };
        if is_scaled(width, base.0) && is_scaled(height, base.1) {
            continue; // A size off the slot is told of the smallest.
        }
        findings.add(&rules::PICTURE_SCALE, &Path::file(name), || {
            let wanted = |side: u32| (f64::from(side) * f64::from(scale) / f64::from(base_scale)).round();
            let (w, h) = (wanted(base.0), wanted(base.1));
            (
                format!("the picture is {width} x {height} pixels, and `{base_name}` is {} x {}", base.0, base.1),
                format!("make it {w} x {h} pixels, or the other one smaller"),
            )
        });
    }
}

fn judge_size(slot: &Slot, scale: u32, name: &str, (width, height): (u32, u32), findings: &mut Findings) {
    let points = |side: u32| f64::from(side) / f64::from(scale);
    let oblong = slot.name == "thumbnail" && (width > height * 2 || height > width * 2);
    if let Some(points) = slot.frame.fault(points(width), points(height)) {
        findings.add(&rules::PICTURE_SIZE, &Path::file(name), || {
            (
                format!("the picture is {width} x {height} pixels, which at this scale does not suit the slot"),
                format!("make it {points} points, which is that many pixels times {scale}"),
            )
        });
    } else if oblong {
        findings.add(&rules::PICTURE_SIZE, &Path::file(name), || {
            (
                format!("the picture is {width} x {height} pixels, and Wallet cuts what is longer than 3:2"),
                "crop it to between 2:3 and 3:2",
            )
        });
    }
}

fn judge_strip(pass: &Map<String, Value>, gallery: &Gallery, findings: &mut Findings) {
    let strip = gallery.at_root("strip").and_then(Hung::first_name);
    let Some(strip) = strip.filter(|_| pass.contains_key("eventTicket")) else { return };
    for other in ["background", "thumbnail"] {
        if gallery.at_root(other).is_some() {
            findings.add(&rules::PICTURE_STRIP, &Path::file(strip), || {
                (
                    format!(
                        "an event ticket shows a strip, or a background and a thumbnail, and there is a `{other}` too"
                    ),
                    format!("leave the strip or the {other} out"),
                )
            });
        }
    }
}

/// Judges the pictures of the language folders against those of the root and of each other.
fn judge_localised(gallery: &Gallery, findings: &mut Findings) {
    for hung in gallery.hung().iter().filter(|hung| !hung.folder.is_empty()) {
        let (folder, slot) = (&hung.folder, hung.slot.name);
        if gallery.at_root(slot).is_some()
            && let Some(name) = hung.first_name()
        {
            findings.add(&rules::PICTURE_SHADOWED, &Path::file(name), || {
                (
                    format!("there is a `{slot}` at the root too, and Wallet shows that one in every language"),
                    format!("move the one at the root into the folders of the other languages, or leave `{folder}/{slot}` out"),
                )
            });
        }
    }
}
