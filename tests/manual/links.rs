//! The links of a page: where they lead, and whether something is there.

use std::path::Path;

/// Where the links of a page lead, those in code left out.
pub fn of(page: &str) -> Vec<&str> {
    let prose = page.split("```").step_by(2).flat_map(|text| text.split('`').step_by(2));
    let links = prose.flat_map(|text| text.split("](").skip(1));
    links.filter_map(|link| link.split_once(')').map(|(target, _)| target)).collect()
}

/// Whether a link of a page leads to a page, and to a heading on it.
pub fn check(page: &Path, link: &str) -> Result<(), String> {
    if link.starts_with("https://") {
        return Ok(());
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { page.to_owned() } else { page.parent().expect("it is in a folder").join(file) };
    let text = std::fs::read_to_string(target).map_err(|_| format!("`{link}` leads to no page"))?;
    let is_there = anchor.is_empty() || text.split("```").step_by(2).flat_map(str::lines).any(|line| has(line, anchor));
    if is_there { Ok(()) } else { Err(format!("`{link}` leads to no heading")) }
}

/// Whether a line is the heading that an anchor names, by its own name or by its words.
fn has(line: &str, anchor: &str) -> bool {
    let Some(heading) = line.strip_prefix('#').map(|rest| rest.trim_start_matches('#').trim()) else { return false };
    if let Some((_, own)) = heading.rsplit_once("{#") {
        return own.trim_end_matches('}') == anchor;
    }
    let letters = heading.to_lowercase().replace(' ', "-");
    letters.chars().filter(|letter| letter.is_alphanumeric() || *letter == '-' || *letter == '_').collect::<String>()
        == anchor
}
