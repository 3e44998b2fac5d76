//! How many pixels a mesh of colours covers (ISO 32000-2, 8.7.4.5.5 to 8.7.4.5.8).
//!
//! The renderer colours every pixel of a mesh before it looks which of them are on the page: a patch that reaches a mile beyond the page takes
//! gigabytes, and seconds.

use crate::limits::{SAMPLES_MAX, TRIANGLES_MAX};
use hayro::kurbo::{Affine, Point, Rect};
use hayro_interpret::pattern::ShadingPattern;
use hayro_interpret::shading::{ShadingType, Triangle};

/// Triangles that the renderer cuts a patch into.
const PATCH: usize = 2 * 19 * 19;

/// Pixels in the boxes of a mesh's triangles, none for other shadings; `None` when there are too many of either.
pub(crate) fn samples(pattern: &ShadingPattern) -> Option<f64> {
    let mut sum = Sum {
        transform: pattern.matrix,
        samples: 0.0,
    };
    match pattern.shading.shading_type.as_ref() {
        ShadingType::TriangleMesh { triangles, .. } => {
            within(triangles.len(), 1)?;
            sum.add(triangles)?;
        }
        ShadingType::CoonsPatchMesh { patches, .. } => {
            within(patches.len(), PATCH)?;
            let mut pieces = Vec::with_capacity(PATCH);
            for patch in patches {
                pieces.clear();
                patch.to_triangles(&mut pieces);
                sum.add(&pieces)?;
            }
        }
        ShadingType::TensorProductPatchMesh { patches, .. } => {
            within(patches.len(), PATCH)?;
            let mut pieces = Vec::with_capacity(PATCH);
            for patch in patches {
                pieces.clear();
                patch.to_triangles(&mut pieces);
                sum.add(&pieces)?;
            }
        }
        _ => {}
    }
    Some(sum.samples)
}

fn within(count: usize, each: usize) -> Option<()> {
    (count.saturating_mul(each) <= TRIANGLES_MAX).then_some(())
}

struct Sum {
    transform: Affine,
    samples: f64,
}

impl Sum {
    fn add(&mut self, triangles: &[Triangle]) -> Option<()> {
        for triangle in triangles {
            let corners = [&triangle.p0, &triangle.p1, &triangle.p2]
                .map(|corner| self.transform * corner.point);
            self.samples += pixels(corners);
        }
        (self.samples <= SAMPLES_MAX).then_some(())
    }
}

/// Pixels of a triangle's box, as the renderer counts them: in 16 bits.
fn pixels(corners: [Point; 3]) -> f64 {
    let [a, b, c] = corners;
    let whole = Rect::from_points(a, b).union_pt(c);
    let most = f64::from(u16::MAX);
    let side = |from: f64, to: f64| to.ceil().clamp(0.0, most) - from.floor().clamp(0.0, most);
    let pixels = side(whole.x0, whole.x1) * side(whole.y0, whole.y1);
    // Numbers that are none are no pixels for the renderer either.
    if pixels.is_nan() { 0.0 } else { pixels }
}
