//! Goes through a page's content before somebody who looks at it and draws nothing.

use crate::open::Caches;
use hayro::kurbo::{Affine, Rect};
use hayro_interpret::util::TransformExt as _;
use hayro_interpret::{Context, Device, interpret_page};
use hayro_syntax::page::Page;

/// What is seen of a page, in upright user space.
pub(crate) fn extent(page: &Page<'_>) -> Rect {
    let (width, height) = page.render_dimensions();
    Rect::new(0.0, 0.0, f64::from(width), f64::from(height))
}

/// Shows what a page holds within its [`extent`], in upright user space.
pub(crate) fn watch<'a>(page: &'a Page<'a>, caches: &Caches<'a>, watcher: &mut impl Device<'a>) {
    let upright = page.initial_transform(true).to_kurbo();
    watch_through(page, caches, upright, extent(page), watcher);
}

/// The same in another space and within other bounds.
pub(crate) fn watch_through<'a>(
    page: &'a Page<'a>,
    caches: &Caches<'a>,
    transform: Affine,
    bounds: Rect,
    watcher: &mut impl Device<'a>,
) {
    let mut context = Context::new(
        transform,
        bounds,
        &caches.interpreter,
        page.xref(),
        caches.settings.clone(),
    );
    interpret_page(page, &mut context, watcher);
}
