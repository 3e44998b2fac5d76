//! How alike two pictures are: the structural similarity index (Wang et al. 2004) of their grays, over windows of 8 × 8 pixels.

use super::picture::Gray;

const WINDOW: usize = 8;
/// Windows begin so far apart.
const STEP: usize = 4;
const C1: f64 = (0.01 * 255.0) * (0.01 * 255.0);
const C2: f64 = (0.03 * 255.0) * (0.03 * 255.0);

/// 1 for the same picture, about 0 for unlike ones. Only windows in which either picture shows something count, so that white paper does not
/// make everything alike; the part that both have is compared.
pub fn similarity(a: &Gray, b: &Gray) -> f64 {
    let (width, height) = (a.width.min(b.width), a.height.min(b.height));
    let (mut sum, mut count) = (0.0, 0_u32);
    for top in (0..height.saturating_sub(WINDOW - 1)).step_by(STEP) {
        for left in (0..width.saturating_sub(WINDOW - 1)).step_by(STEP) {
            if let Some(alike) = window(a, b, left, top) {
                sum += alike;
                count += 1;
            }
        }
    }
    if count == 0 {
        1.0
    } else {
        sum / f64::from(count)
    }
}

#[allow(clippy::similar_names)]
fn window(a: &Gray, b: &Gray, left: usize, top: usize) -> Option<f64> {
    let (mut sa, mut sb, mut saa, mut sbb, mut sab) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for y in top..top + WINDOW {
        for x in left..left + WINDOW {
            let (pa, pb) = (f64::from(a.at(x, y)), f64::from(b.at(x, y)));
            sa += pa;
            sb += pb;
            saa += pa * pa;
            sbb += pb * pb;
            sab += pa * pb;
        }
    }
    #[allow(clippy::cast_precision_loss)] // 64
    let n = (WINDOW * WINDOW) as f64;
    if sa >= n * 254.0 && sb >= n * 254.0 {
        return None;
    }
    let (ma, mb) = (sa / n, sb / n);
    let (va, vb, cov) = (saa / n - ma * ma, sbb / n - mb * mb, sab / n - ma * mb);
    Some(((2.0 * ma * mb + C1) * (2.0 * cov + C2)) / ((ma * ma + mb * mb + C1) * (va + vb + C2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(paint: impl Fn(usize, usize) -> u8) -> Gray {
        let (width, height) = (64, 48);
        Gray {
            width,
            height,
            pixels: (0..width * height)
                .map(|at| paint(at % width, at / width))
                .collect(),
        }
    }

    #[test]
    fn the_same_picture_is_alike_and_another_is_not() {
        let bars = drawn(|x, _| if x % 8 < 4 { 0 } else { 255 });
        let across = drawn(|_, y| if y % 8 < 4 { 0 } else { 255 });
        let white = drawn(|_, _| 255);
        assert!((similarity(&bars, &bars) - 1.0).abs() < 1e-9);
        assert!(similarity(&bars, &across) < 0.2);
        assert!(similarity(&bars, &white) < 0.2);
        assert!((similarity(&white, &white) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn white_paper_does_not_hide_a_missing_word() {
        let word = drawn(|x, y| {
            if x < 16 && y < 8 && x % 3 == 0 {
                0
            } else {
                255
            }
        });
        let white = drawn(|_, _| 255);
        assert!(similarity(&word, &white) < 0.3);
    }
}
