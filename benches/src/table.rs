//! Tables, as Markdown.

/// Writes a table under its title.
pub fn table(title: &str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let mut out = format!("## {title}\n\n{}|{}\n", line(&head), "---|".repeat(head.len()));
    out.extend(rows.map(|cells| line(&cells)));
    out
}
