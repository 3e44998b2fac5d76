//! What later revisions changed (ISO 32000-2, 12.8.2.2.2): the document of the signed revision beside the document of the whole file,
//! both walked from the trailer. Whatever can be reached must be the same, except where a change is permitted by name.
//!
//! Walking by use and not by object number settles shared objects: an appearance that is also a page's content is compared on both ways,
//! and the way that permits nothing decides.

mod catalog;
mod fit;
mod form;
mod graph;
mod looks;
mod page;

use super::finding;
use super::permission::Permissions;
use crate::pdf::file::{File, Flaw};
use contract::validation::{Finding, Modifications, Severity};
use graph::Graph;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

/// Most findings of one comparison.
const TOLD_MAX: usize = 60;

/// What happened since a signed revision.
pub(crate) struct Since {
    /// The gravest change.
    pub(crate) class: Modifications,
    /// What to tell.
    pub(crate) told: Vec<Finding>,
    /// Pages (from 0) that look different or carry something else, in order.
    pub(crate) pages: Vec<u32>,
}

/// Classes every change since the signed revision.
pub(crate) fn since(file: &File<'_>, end: usize, own: &str, permissions: &Permissions) -> Since {
    let unreadable = || Since {
        class: Modifications::Other,
        told: vec![finding(
            "revision-unreadable",
            "Không đọc được phiên bản đã ký để so sánh.",
            Severity::Error,
        )],
        pages: Vec::new(),
    };
    let Some(signed) = file.earlier(end) else {
        return unreadable();
    };
    let Some(graph) = Graph::new(&signed, file) else {
        return unreadable();
    };
    let comparison = Comparison {
        graph,
        permissions,
        own,
        told: RefCell::default(),
        class: RefCell::new(Modifications::None),
        pages: RefCell::default(),
    };
    comparison.trailer();
    comparison.unvisited();
    comparison.doubled_keys(end);
    comparison.sections(end);
    comparison.unreadable();
    comparison.finish()
}

/// One signed revision beside the whole file.
struct Comparison<'f, 'a> {
    graph: Graph<'f, 'a>,
    permissions: &'f Permissions,
    /// Name of the field whose signature is looked at.
    own: &'f str,
    told: RefCell<Vec<Finding>>,
    class: RefCell<Modifications>,
    /// Pages that changed, from 1.
    pages: RefCell<BTreeSet<usize>>,
}

impl Comparison<'_, '_> {
    /// Counts a change.
    fn class(&self, class: Modifications) {
        let mut gravest = self.class.borrow_mut();
        *gravest = gravest.max(class);
    }

    /// Notes that a page (from 1) changed.
    fn touched(&self, page: usize) {
        self.pages.borrow_mut().insert(page);
    }

    /// Counts a change and says it.
    fn tell(&self, class: Modifications, code: &str, message: &str) {
        let severity = match class {
            Modifications::None | Modifications::Lta | Modifications::FormFill => Severity::Info,
            Modifications::Annotate => Severity::Warning,
            Modifications::Other => Severity::Error,
        };
        self.tell_as(class, code, message, severity);
    }

    fn tell_as(&self, class: Modifications, code: &str, message: &str, severity: Severity) {
        self.class(class);
        let mut told = self.told.borrow_mut();
        let new = finding(code, message, severity);
        if told.len() < TOLD_MAX && !told.contains(&new) {
            told.push(new);
        }
    }

    /// Objects of later revisions that name a key twice: one reader would show the one value, another the other.
    fn doubled_keys(&self, end: usize) {
        let after = self.graph.after;
        let repeats = after.chain().entries.iter().any(|(number, entry)| {
            after
                .stands(number)
                .is_some_and(|(offset, _)| offset >= end)
                && after.flaw(number, entry) == Some(Flaw::Repeats)
        });
        if repeats {
            self.forbidden(
                "key-repeated",
                "Một phần được thêm sau khi ký ghi cùng một mục hai lần: mỗi chương trình có thể hiện một kiểu.",
            );
        }
    }

    /// Objects of later revisions that cannot be read here: they are nothing in both revisions, and something in a more lenient reader.
    fn unreadable(&self) {
        let (before, after) = (self.graph.before, self.graph.after);
        let mut entries = after.chain().entries.iter();
        let unreadable = entries.any(|(number, entry)| {
            let stands = after.stands(number);
            stands.is_some()
                && stands != before.stands(number)
                && after.flaw(number, entry) == Some(Flaw::Unreadable)
        });
        if unreadable {
            self.forbidden(
                "object-unreadable",
                "Một phần được thêm sau khi ký không đọc được đúng chuẩn: chương trình khác có thể hiện nội dung khác.",
            );
        }
    }

    /// Later sections that lead one reader here and another there.
    fn sections(&self, end: usize) {
        let chain = self.graph.after.chain();
        if chain.doubles(end) {
            self.forbidden(
                "entry-repeated",
                "Bảng tham chiếu được thêm sau khi ký chỉ một đối tượng tới hai nơi: mỗi chương trình có thể hiện một kiểu.",
            );
        }
        if chain.switched_back(end) {
            self.forbidden(
                "object-switched-back",
                "Một đối tượng được thay sau khi ký rồi bảng tham chiếu lại chỉ về bản cũ: chương trình khác có thể hiện bản kia.",
            );
        }
    }

    /// What no walk came by is still what it was.
    fn unvisited(&self) {
        if !self.graph.rest_stands() {
            self.forbidden(
                "object-changed",
                "Một phần của trang hoặc biểu mẫu đã bị thay sau khi ký.",
            );
        }
    }

    /// What nobody may change.
    fn forbidden(&self, code: &str, message: &str) {
        self.tell(Modifications::Other, code, message);
    }

    fn finish(self) -> Since {
        let pages = self.pages.into_inner();
        let mut class = self.class.into_inner();
        let mut findings = self.told.into_inner();
        match class {
            Modifications::FormFill => findings.push(finding(
                "form-or-signature-added",
                "Sau chữ ký này, biểu mẫu được điền hoặc có thêm chữ ký khác.",
                Severity::Info,
            )),
            Modifications::Annotate => findings.push(finding(
                "annotation-added",
                "Sau chữ ký này có thêm hoặc sửa chú thích trên trang.",
                Severity::Warning,
            )),
            Modifications::Lta => findings.push(finding(
                "validation-data-added",
                "Sau chữ ký này có thêm dữ liệu kiểm tra hoặc dấu thời gian.",
                Severity::Info,
            )),
            Modifications::Other => findings.push(finding(
                "changed-after-signing",
                "Tài liệu đã bị thay đổi sau khi ký, vượt quá những gì được phép.",
                Severity::Error,
            )),
            Modifications::None => {}
        }
        if class > self.permissions.most() && class != Modifications::Other {
            findings.push(finding(
                "not-permitted",
                "Thay đổi sau khi ký không được người ký cho phép (DocMDP).",
                Severity::Error,
            ));
            class = Modifications::Other;
        }
        Since {
            class,
            told: findings,
            pages: pages
                .into_iter()
                .filter_map(|page| u32::try_from(page.checked_sub(1)?).ok())
                .collect(),
        }
    }
}

/// Names of keys that stand in either dictionary, each once.
fn keys<'d>(
    old: &'d crate::pdf::object::Dictionary,
    new: &'d crate::pdf::object::Dictionary,
) -> Vec<&'d str> {
    let mut seen = HashSet::new();
    old.iter()
        .chain(new.iter())
        .map(|(name, _)| std::str::from_utf8(name).unwrap_or("\u{fffd}"))
        .filter(|name| seen.insert(*name))
        .collect()
}
