//! What is done next: one main button that leads from file to file until all boxes stand, and the steps back.

use super::files::{Files, Standing};
use crate::part::placement::{Picture, Placement};
use crate::part::viewer::Viewing;
use crate::text::{fill, t};
use leptos::prelude::*;

/// What the main button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Files are still being opened.
    Wait,
    /// The box that is looked at cannot be used; what is told beside it says why.
    Blocked,
    /// Put a box on the page that is looked at.
    Put,
    /// Take the place that is looked at.
    Take,
    /// Look at a file that needs it; how many do.
    Look(usize, usize),
    /// All boxes stand: choose the certificate for so many files.
    Sign(usize),
    /// Everything is left out.
    Nothing,
}

impl Next {
    /// What the button says.
    fn words(self, several: bool) -> String {
        match self {
            Self::Sign(_) | Self::Blocked | Self::Put | Self::Take if !several => {
                t("Chọn vị trí ký").to_owned()
            }
            Self::Wait => t("Đang mở các tệp…").to_owned(),
            Self::Blocked => t("Cần sửa ô ký của tệp này").to_owned(),
            Self::Put => t("Đặt ô ký ở trang đang xem").to_owned(),
            Self::Take => t("Xác nhận vị trí").to_owned(),
            Self::Look(_, count) => fill("Xem tệp cần xem ({})", &[&count]),
            Self::Sign(1) => t("Ký 1 tệp").to_owned(),
            Self::Sign(count) => fill("Ký {} tệp bằng 1 lần xác nhận", &[&count]),
            Self::Nothing => t("Chưa chọn tệp nào để ký").to_owned(),
        }
    }

    /// Whether there is something to press.
    pub const fn is_open(self, several: bool) -> bool {
        match self {
            Self::Wait | Self::Blocked | Self::Nothing => false,
            // Where one file is signed, the box is put with the button beside.
            Self::Put => several,
            Self::Take | Self::Look(..) | Self::Sign(_) => true,
        }
    }
}

/// What comes next, followed.
pub fn next(files: Files, invisible: bool, picture: Option<Picture>) -> Next {
    let standings: Vec<Standing> = files
        .list()
        .iter()
        .map(|file| file.standing(invisible))
        .collect();
    let count = |wanted: Standing| standings.iter().filter(|one| **one == wanted).count();
    let shown = files
        .shown()
        .zip(standings.get(files.current.get()).copied());
    if let Some((file, standing)) = shown
        && matches!(standing, Standing::Placed | Standing::NeedsLook)
        && !invisible
        && !file.hides()
        && let Some(placement) = file.placement()
    {
        let drawn = picture
            .and_then(|picture| picture.problem.try_get())
            .flatten()
            .is_none();
        let refused = placement.warnings().iter().any(|warning| warning.blocks());
        match (placement.placed().is_some(), standing) {
            (true, _) if refused || !drawn => return Next::Blocked,
            (false, _) => return Next::Put,
            (true, Standing::NeedsLook) if files.are_several() => return Next::Take,
            _ => {}
        }
    }
    if files.are_several() {
        if let Some(index) = files.next_to_look_at(invisible) {
            return Next::Look(index, count(Standing::NeedsLook));
        }
        if count(Standing::Opening) > 0 {
            return Next::Wait;
        }
    }
    match count(Standing::Placed) + count(Standing::NeedsLook) {
        0 if count(Standing::Opening) > 0 => Next::Wait,
        0 => Next::Nothing,
        ready => Next::Sign(ready),
    }
}

/// Does it; `choose` opens the dialog.
pub fn press(files: Files, next: Next, invisible: bool, page: u32, choose: RwSignal<bool>) {
    let shown = files.shown_now();
    match next {
        Next::Wait | Next::Blocked | Next::Nothing => {}
        Next::Put => {
            if let Some(placement) = shown.and_then(|file| file.placement_now()) {
                placement.put_on(page);
            }
        }
        Next::Take => {
            if let Some(file) = shown {
                file.confirmed.set(true);
            }
            if let Some(index) = untrack(move || files.next_to_look_at(invisible)) {
                files.current.set(index);
            }
        }
        Next::Look(index, _) => files.current.set(index),
        Next::Sign(_) => choose.set(true),
    }
}

/// The bar: settings, steps back, the way to the box, and the main button.
#[component]
pub fn Action(
    files: Files,
    next: Memo<Next>,
    invisible: Memo<bool>,
    /// Whether the settings are open, on a phone.
    sheet: RwSignal<bool>,
    /// How the file is looked at.
    viewing: RwSignal<Option<Viewing>>,
    main: Callback<()>,
) -> impl IntoView {
    let several = files.are_several();
    let placement = move || files.shown().and_then(|file| file.placement());
    let now = move || files.shown_now().and_then(|file| file.placement_now());
    let can = move |read: fn(Placement) -> bool| placement().is_some_and(read);
    let page = move || {
        viewing
            .get_untracked()
            .and_then(|viewing| viewing.current.try_get_untracked())
            .unwrap_or(0)
    };
    let with = move |does: fn(Placement)| {
        if let Some(placement) = now() {
            does(placement);
        }
    };
    view! {
        <div class="action">
            <div class="steps">
                <button type="button" class="button small sheet-toggle" aria-label=move || if sheet.get() { t("Đóng tùy chọn") } else { t("Tùy chọn") } aria-expanded=move || sheet.get().to_string() aria-controls="sign-panel" on:click=move |_| sheet.update(|open| *open = !*open)>
                    {move || if sheet.get() { t("Đóng") } else { t("Tùy chọn") }}
                </button>
                <button type="button" class="button small step" aria-label=t("Hoàn tác") title=t("Hoàn tác (Ctrl+Z)") disabled=move || !can(Placement::can_undo) on:click=move |_| with(Placement::undo)>"↶"</button>
                <button type="button" class="button small step" aria-label=t("Làm lại") title=t("Làm lại (Ctrl+Y)") disabled=move || !can(Placement::can_redo) on:click=move |_| with(Placement::redo)>"↷"</button>
                <Show when=move || !invisible.get() && placement().is_some() && !files.shown().is_some_and(|file| file.hides())>
                    <Show
                        when=move || can(|placement| placement.placed().is_some())
                        fallback=move || view! {
                            <button type="button" class="button small" on:click=move |_| if let Some(placement) = now() { placement.put_on(page()) }>{t("Đặt ô ký")}</button>
                        }
                    >
                        <button type="button" class="button small" on:click=move |_| with(Placement::go_to_box)>{t("Đến ô ký")}</button>
                    </Show>
                </Show>
            </div>
            <button type="button" class="button seal" disabled=move || !next.get().is_open(several) aria-busy=move || (next.get() == Next::Wait).to_string() on:click=move |_| main.run(())>
                {move || next.get().words(several)}
            </button>
        </div>
    }
}
