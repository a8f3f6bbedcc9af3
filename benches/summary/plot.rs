//! The plot: a bar for each share of the bare rate.

use std::fmt::Write;

use crate::measured::Measured;
use crate::peers::{OURS, Peers};

/// One bar.
#[derive(Debug)]
pub(crate) struct Bar {
    group: &'static str,
    name: String,
    share: f64,
    is_ours: bool,
}

/// Gives the bars: ours beside the peers', where these were measured, for then all are of one run.
pub(crate) fn bars(measured: &Measured, peers: Option<&Peers>) -> Vec<Bar> {
    let mut bars = Vec::new();
    for (what, group, name) in [("pkpass", "packages", "package"), ("save-link", "save links", "save link")] {
        let rows = peers.map(|peers| peers.of(what)).unwrap_or_default();
        let bare = rows.iter().find(|row| row.name == OURS).map(|row| row.bare_per_second);
        let bar = |name: String, share, is_ours| Bar { group, name, share, is_ours };
        if rows.is_empty() {
            let own = measured.on_one.iter().find(|figure| figure.name == name);
            bars.extend(own.map(|figure| bar(OURS.to_owned(), figure.share.median, true)));
        }
        bars.extend(rows.into_iter().map(|row| {
            let label =
                if row.language.is_empty() { row.name.clone() } else { format!("{} ({})", row.name, row.language) };
            // All beside one base line, ours: that of a peer may be of slower cryptography.
            bar(label, bare.map_or(row.share, |bare| row.per_second / bare), row.name == OURS)
        }));
    }
    bars
}

/// Draws the bars from left to right, as far as their share of the bare rate.
pub(crate) fn draw(bars: &[Bar]) -> String {
    let mut body = String::new();
    let (mut y, mut group) = (34, "");
    for bar in bars {
        if bar.group != group {
            group = bar.group;
            // Writing into a string does not fail.
            let _ = writeln!(body, r#"<text class="group" x="0" y="{}">{group}</text>"#, y + 14);
            y += 24;
        }
        let Bar { name, share, is_ours, .. } = bar;
        let class = if *is_ours { "ours" } else { "theirs" };
        let width = (share * f64::from(SCALE)).max(1.0);
        let (middle, end) = (y + 14, f64::from(LEFT) + width + 6.0);
        let _ = writeln!(body, r#"<text class="name" x="{}" y="{middle}">{}</text>"#, LEFT - 8, escaped(name));
        let _ = writeln!(body, r#"<rect class="{class}" x="{LEFT}" y="{y}" width="{width:.1}" height="18" rx="2"/>"#);
        let _ = writeln!(body, r#"<text x="{end:.1}" y="{middle}">{share:.3}</text>"#);
        y += 24;
    }
    let (width, bare, height) = (LEFT + SCALE + 60, LEFT + SCALE, y + 6);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>Rate as a share of OpenSSL's bare RSA-2048 signature, one core</title>
<style>{STYLE}</style>
<text class="group" x="0" y="14">rate as a share of OpenSSL's bare RSA-2048 signature, one core</text>
<line x1="{bare}" y1="24" x2="{bare}" y2="{y}"/>
{body}</svg>
"#
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Where the bars begin, and how long a share of 1 is.
const LEFT: u32 = 330;
const SCALE: u32 = 400;

/// Both colours of text stand out on white and on black alike where the second is not understood.
const STYLE: &str = "
text { font: 13px system-ui, sans-serif; fill: #57606a }
.group { font-weight: 600 }
.name { text-anchor: end }
line { stroke: #8b949e; stroke-dasharray: 3 3 }
.ours { fill: #1a7f64 }
.theirs { fill: #8c959f }
@media (prefers-color-scheme: dark) {
  text { fill: #adbac7 }
  .ours { fill: #2da580 }
  .theirs { fill: #636e7b }
}
";
