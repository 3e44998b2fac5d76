//! What toolbar, menu and keys can do.

use super::print::Printing;
use super::viewing::Viewing;
use super::{Tab, Zoom};
use leptos::html;
use leptos::prelude::*;

/// Everything that can be done with a viewer.
#[derive(Clone, Copy)]
pub struct Controls {
    pub viewing: Viewing,
    pub root: NodeRef<html::Div>,
    /// The dialog with the keys.
    pub help: RwSignal<bool>,
    /// The menu of a narrow viewer.
    pub more: RwSignal<bool>,
    pub print: Printing,
    pub save: Option<Callback<()>>,
}

impl Controls {
    /// Opens or closes the side panel.
    pub fn toggle_panel(self) {
        self.more.set(false);
        self.viewing.panel.update(|panel| {
            *panel = if panel.is_some() {
                None
            } else {
                Some(Tab::Pages)
            };
        });
    }

    /// Goes some pages on or back.
    pub fn turn_page(self, by: i64) {
        let page = i64::from(self.viewing.current.get_untracked()) + by;
        self.viewing.go(u32::try_from(page).unwrap_or(0));
    }

    /// Fits the width.
    pub fn fit_width(self) {
        self.viewing.zoom_to(Zoom::Width, None);
    }

    /// Whether the browser can show something alone on the screen.
    pub fn can_fill() -> bool {
        document().fullscreen_enabled()
    }

    /// The whole screen, and back.
    pub fn fill_screen(self) {
        self.more.set(false);
        if document().fullscreen_element().is_some() {
            document().exit_fullscreen();
        } else if let Some(root) = self.root.get_untracked() {
            let _ = root.request_fullscreen();
        }
    }
}
