//! What nobody looked at yet, told before the request goes out: the person decides whether to look.

use super::candidate::unseen;
use super::files::{Files, SigningFile};
use crate::part::viewer::Target;
use crate::text::{fill, t};
use leptos::prelude::*;

/// Names that are told before the rest is counted.
const NAMES: usize = 3;

fn pages(file: &SigningFile) -> String {
    file.seen
        .with(|seen| unseen(|page| seen.contains(&page), file.pages()))
}

/// The sentence; empty when everything was looked at.
pub fn sentence(files: &[SigningFile], several: bool) -> String {
    let open: Vec<(String, String)> = files
        .iter()
        .map(|file| (file.attachment.file_name.to_string(), pages(file)))
        .filter(|(_, pages)| !pages.is_empty())
        .collect();
    told(&open, several)
}

fn told(open: &[(String, String)], several: bool) -> String {
    let end = t("Nếu đã đọc tài liệu, bấm Xác nhận để tiếp tục ký.");
    match open {
        [] => String::new(),
        [(_, pages)] if !several => fill("Bạn chưa xem trang {}. {}", &[&pages, &end]),
        _ => {
            let mut names: Vec<String> = open
                .iter()
                .take(NAMES)
                .map(|(name, pages)| fill("“{}” (trang {})", &[name, pages]))
                .collect();
            if open.len() > NAMES {
                names.push(fill("và {} tệp khác", &[&(open.len() - NAMES)]));
            }
            fill("Bạn chưa xem {}. {}", &[&names.join(", "), &end])
        }
    }
}

/// Shows the first page nobody looked at.
pub fn show_first(files: Files) {
    let first = files
        .list()
        .into_iter()
        .enumerate()
        .find_map(|(index, file)| {
            if file.skipped.get_untracked() {
                return None;
            }
            let placement = file.placement_now()?;
            let page = file
                .seen
                .with_untracked(|seen| (0..placement.count()).find(|page| !seen.contains(page)))?;
            Some((index, placement, page))
        });
    if let Some((index, placement, page)) = first {
        let y = placement.bounds(page).height / 2.0;
        placement.follow.set(Some(Target { page, y }));
        files.current.set(index);
    }
}

#[cfg(test)]
mod tests {
    use super::told;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn open(count: usize) -> Vec<(String, String)> {
        (1..=count)
            .map(|number| (format!("{number}.pdf"), "1–2".to_owned()))
            .collect()
    }

    #[wasm_bindgen_test]
    fn one_file_is_told_by_its_pages_several_by_their_names() {
        assert_eq!(told(&[], true), "");
        assert!(told(&open(1), false).starts_with("Bạn chưa xem trang 1–2. "));
        assert!(told(&open(1), true).starts_with("Bạn chưa xem “1.pdf” (trang 1–2). "));
        let many = told(&open(5), true);
        assert!(
            many.contains("“3.pdf” (trang 1–2), và 2 tệp khác."),
            "{many}"
        );
        assert!(!many.contains("4.pdf"));
    }
}
