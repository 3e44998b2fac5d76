//! What the bar at the top of every page says of the outbox.

use super::{Entry, Outbox, Rest, Step};
use crate::door::Note;
use crate::draft::outbox::{Parcel, Posted, Standing};
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
        Standing::Done { .. } | Standing::Supplied => 1,
        Standing::Paused => 0,
    }
}

fn told(entry: &Entry) -> Note {
    let posted = &entry.posted;
    let (text, action, address, tone) = match &posted.parcel {
        Parcel::Dossier(_) => dossier(posted, entry.step),
        Parcel::Supplement { to, .. } => {
            let (text, action, tone) = supplement(posted, entry.step);
            (text, action, format!("/quan-ly-ho-so/{to}"), tone)
        }
    };
    Note {
        text,
        until: None,
        action,
        address,
        tone,
    }
}

/// Of a new dossier: the sentence, what can be done and where, how it looks.
fn dossier(posted: &Posted, step: Step) -> (String, &'static str, String, &'static str) {
    let name: &dyn std::fmt::Display = &posted.name;
    let review = format!("/ho-so/{}/nop", posted.draft);
    match (&posted.standing, step) {
        (Standing::Done { receipt }, _) => (
            fill("Đã nộp hồ sơ {}.", &[&receipt.code]),
            t("Xem hồ sơ"),
            format!("/quan-ly-ho-so/{}", posted.draft),
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
        // What a dossier never becomes stands with what is under way.
        (Standing::Queued | Standing::Supplied, _) => {
            (fill("Đang nộp hồ sơ “{}”…", &[name]), t("Xem"), review, "")
        }
    }
}

/// Of an answer to a supplement request: the sentence, what can be done, how it looks.
fn supplement(posted: &Posted, step: Step) -> (String, &'static str, &'static str) {
    let name: &dyn std::fmt::Display = &posted.name;
    match (&posted.standing, step) {
        (Standing::Supplied | Standing::Done { .. }, _) => (
            fill("Đã gửi phần bổ sung của hồ sơ “{}”.", &[name]),
            t("Xem hồ sơ"),
            "good",
        ),
        (Standing::Refused { .. }, _) => (
            fill("Chưa gửi được phần bổ sung của hồ sơ “{}”.", &[name]),
            t("Xem lý do"),
            "over",
        ),
        (Standing::Changed, _) => (
            fill(
                "Phần bổ sung của hồ sơ “{}” đã được sửa nên chưa gửi.",
                &[name],
            ),
            t("Xem lại"),
            "over",
        ),
        (Standing::Paused, _) => (
            fill("Đã tạm dừng gửi phần bổ sung của hồ sơ “{}”.", &[name]),
            t("Xem"),
            "",
        ),
        (Standing::Queued, Step::Rest(Rest::SignIn)) => (
            fill(
                "Phần bổ sung của hồ sơ “{}” chờ bạn đăng nhập lại để được gửi.",
                &[name],
            ),
            t("Xem"),
            "",
        ),
        (Standing::Queued, Step::Rest(Rest::Network)) => (
            fill("Phần bổ sung của hồ sơ “{}” sẽ gửi khi có mạng.", &[name]),
            t("Xem"),
            "",
        ),
        (Standing::Queued, _) => (
            fill("Đang gửi phần bổ sung của hồ sơ “{}”…", &[name]),
            t("Xem"),
            "",
        ),
    }
}
