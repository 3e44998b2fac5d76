//! What the bar at the top of every page says of the outbox.

use super::{Entry, Outbox, Rest, Step};
use crate::door::Note;
use crate::draft::outbox::Standing;
use crate::text::{fill, t};
use leptos::prelude::*;

/// Keeps the note in step with the outbox.
pub(super) fn keep_told(outbox: Outbox, note: RwSignal<Option<Note>>) {
    Effect::new(move |_| {
        let account = outbox.session.account().map(|account| account.id);
        let newest = outbox.all.with(|all| {
            all.values()
                .filter(|entry| Some(entry.posted.account) == account)
                .max_by_key(|entry| (rank(entry), entry.posted.at))
                .map(told)
        });
        if note.with_untracked(|note| *note != newest) {
            note.set(newest);
        }
    });
}

/// What needs the person comes first, then what is under way.
const fn rank(entry: &Entry) -> u8 {
    match entry.posted.standing {
        Standing::Refused { .. } | Standing::Changed => 3,
        Standing::Queued => 2,
        Standing::Done { .. } => 1,
        Standing::Paused => 0,
    }
}

fn told(entry: &Entry) -> Note {
    let posted = &entry.posted;
    let name: &dyn std::fmt::Display = &posted.name;
    let review = format!("/ho-so/{}/nop", posted.dossier);
    let (text, action, address, tone) = match (&posted.standing, entry.step) {
        (Standing::Done { receipt }, _) => (
            fill("Đã nộp hồ sơ {}.", &[&receipt.code]),
            t("Xem hồ sơ"),
            format!("/quan-ly-ho-so/{}", posted.dossier),
            "good",
        ),
        (Standing::Refused { .. }, _) => (
            fill("Chưa nộp được hồ sơ “{}”.", &[name]),
            t("Xem lý do"),
            review,
            "over",
        ),
        (Standing::Changed, _) => (
            fill("Hồ sơ “{}” đã được sửa nên chưa gửi.", &[name]),
            t("Xem lại"),
            review,
            "over",
        ),
        (Standing::Paused, _) => (
            fill("Đã tạm dừng gửi hồ sơ “{}”.", &[name]),
            t("Xem"),
            review,
            "",
        ),
        (Standing::Queued, Step::Rest(Rest::SignIn)) => (
            fill("Hồ sơ “{}” chờ bạn đăng nhập lại để được nộp.", &[name]),
            t("Đăng nhập"),
            format!("/dang-nhap?tiep={review}"),
            "",
        ),
        (Standing::Queued, Step::Rest(Rest::Network)) => (
            fill("Hồ sơ “{}” sẽ nộp khi có mạng.", &[name]),
            t("Xem"),
            review,
            "",
        ),
        (Standing::Queued, _) => (fill("Đang nộp hồ sơ “{}”…", &[name]), t("Xem"), review, ""),
    };
    Note {
        text,
        until: None,
        action,
        address,
        tone,
    }
}
