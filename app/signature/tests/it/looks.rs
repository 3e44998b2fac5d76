//! What a signature looks like in the finished file: the preview's very picture, every Vietnamese letter, whole numbers.

use crate::support::base::Draft;
use crate::support::pki::PKI;
use crate::support::signing::{BOX, request};
use contract::appearance::AppearanceMode;
use contract::geometry::{Rect, Size};
use document::{Document, Picture};
use signature::{prepare, preview};
use std::process::Command;

/// The 134 letters that Vietnamese has beside the Latin ones: composed, and as letter and marks in canonical order.
fn letters() -> Vec<(String, String)> {
    let mut all = vec![
        ("đ".to_owned(), "đ".to_owned()),
        ("Đ".to_owned(), "Đ".to_owned()),
    ];
    let rows = [
        ("aàáảãạ", 'a', None),
        ("ăằắẳẵặ", 'a', Some('\u{306}')),
        ("âầấẩẫậ", 'a', Some('\u{302}')),
        ("eèéẻẽẹ", 'e', None),
        ("êềếểễệ", 'e', Some('\u{302}')),
        ("iìíỉĩị", 'i', None),
        ("oòóỏõọ", 'o', None),
        ("ôồốổỗộ", 'o', Some('\u{302}')),
        ("ơờớởỡợ", 'o', Some('\u{31b}')),
        ("uùúủũụ", 'u', None),
        ("ưừứửữự", 'u', Some('\u{31b}')),
        ("yỳýỷỹỵ", 'y', None),
    ];
    for (row, base, shape) in rows {
        for (tone, letter) in [
            None,
            Some('\u{300}'),
            Some('\u{301}'),
            Some('\u{309}'),
            Some('\u{303}'),
            Some('\u{323}'),
        ]
        .into_iter()
        .zip(row.chars())
        {
            let mut marks: Vec<char> = shape.into_iter().chain(tone).collect();
            // Canonical order: horn, dot below, then what stands above.
            marks.sort_by_key(|mark| match mark {
                '\u{31b}' => 0,
                '\u{323}' => 1,
                _ => 2,
            });
            if marks.is_empty() {
                continue;
            }
            let apart: String = std::iter::once(base).chain(marks).collect();
            all.push((letter.to_string(), apart.clone()));
            all.push((
                letter.to_uppercase().to_string(),
                apart.replace(base, &base.to_uppercase().to_string()),
            ));
        }
    }
    all
}

/// The text of a file as poppler reads it, appearances of annotations included.
fn by_poppler(name: &str, bytes: Vec<u8>) -> String {
    let file = std::env::temp_dir().join(format!("{name}-{}.pdf", std::process::id()));
    std::fs::write(&file, bytes).unwrap();
    let told = Command::new("pdftotext")
        .args(["-enc", "UTF-8"])
        .arg(&file)
        .arg("-")
        .output()
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    String::from_utf8(told.stdout).unwrap()
}

#[test]
fn every_vietnamese_letter_comes_back_out_of_the_file_composed_or_not() {
    let all = letters();
    assert_eq!(all.len(), 134);
    if Command::new("pdftotext").arg("-v").output().is_err() {
        eprintln!("skipped: pdftotext is not installed");
        return;
    }
    let rows = |pick: fn(&(String, String)) -> &String| {
        all.chunks(9)
            .map(|chunk| chunk.iter().map(pick).cloned().collect::<String>())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let composed: String = all.iter().map(|(letter, _)| letter.as_str()).collect();
    for (form, name) in [
        ("nfc", rows(|(letter, _)| letter)),
        ("nfd", rows(|(_, letter)| letter)),
    ] {
        for (face, wanted) in [("bold", 0), ("regular", 1)] {
            let mut asked = request(
                &PKI.p256,
                0,
                Rect {
                    width: 400.0,
                    height: 400.0,
                    ..BOX
                },
            );
            // The signer is set bold, a place regular.
            let field = if wanted == 0 {
                &mut asked.appearance.signer
            } else {
                asked.appearance.location.insert(String::new())
            };
            field.clone_from(&name);
            let (_, bytes) = prepare(&Draft::new(&[""]).table(), &asked, None).unwrap();
            let text: String = by_poppler(&format!("letters-{form}-{face}"), bytes)
                .split_whitespace()
                .collect();
            assert!(text.contains(&composed), "{form} {face}: {text}");
        }
    }
}

/// The part of a page under a box, and the preview on white: as many pixels that differ visibly.
fn differing(shown: &Picture, page: &Picture, rect: &Rect, scale: f64) -> usize {
    let at = |points: f64| format!("{:.0}", points * scale).parse::<u32>().unwrap();
    let (left, top) = (at(rect.x), at(rect.y));
    assert_eq!(
        (shown.width, shown.height),
        (at(rect.width), at(rect.height))
    );
    let mut count = 0;
    for y in 0..shown.height {
        for x in 0..shown.width {
            let here = usize::try_from((y * shown.width + x) * 4).unwrap();
            let there = usize::try_from(((top + y) * page.width + left + x) * 4).unwrap();
            let alpha = u32::from(shown.rgba[here + 3]);
            let differs = (0..3).any(|channel| {
                let on_white =
                    (u32::from(shown.rgba[here + channel]) * alpha + 255 * (255 - alpha)) / 255;
                on_white.abs_diff(u32::from(page.rgba[there + channel])) > 24
            });
            count += usize::from(differs);
        }
    }
    count
}

#[test]
fn the_preview_is_what_the_finished_file_shows() {
    let image = autograph();
    for mode in [
        AppearanceMode::TextOnly,
        AppearanceMode::ImageOnly,
        AppearanceMode::ImageAndText,
    ] {
        for turn in [0, 90, 180, 270] {
            for (width, height) in [(200.0, 80.0), (200.0, 30.0), (80.0, 200.0)] {
                let rect = Rect {
                    x: 250.0,
                    y: 250.0,
                    width,
                    height,
                };
                let mut asked = request(&PKI.p256, 0, rect);
                asked.appearance.mode = mode;
                let base = Draft::new(&[&format!("/Rotate {turn}")]).table();
                let (_, bytes) = prepare(&base, &asked, Some(&image)).unwrap();
                let alone =
                    preview(&asked.appearance, Size { width, height }, Some(&image)).unwrap();
                let shown = Document::open(alone, None)
                    .unwrap()
                    .render_transparent(0, 2.0)
                    .unwrap();
                let page = Document::open(bytes, None).unwrap().render(0, 2.0).unwrap();
                let drawn = shown.rgba.chunks(4).filter(|pixel| pixel[3] > 128).count();
                assert!(drawn > 200, "{mode:?} draws {drawn} pixels");
                let differ = differing(&shown, &page, &rect, 2.0);
                // The page is A4: half a pixel of it may fall beside the grid where it is turned.
                let most = if turn == 0 { 0 } else { drawn / 4 };
                assert!(
                    differ <= most,
                    "{mode:?} turned {turn}, {width} × {height}: {differ} of {drawn} pixels differ"
                );
            }
        }
    }
}

/// Dark strokes on transparent ground.
fn autograph() -> Vec<u8> {
    let (width, height) = (120_u32, 60_u32);
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels: Vec<u8> = (0..width * height)
        .flat_map(|index| {
            let (x, y) = (index % width, index / width);
            if (x / 2 + y) % 30 < 9 {
                [20, 30, 110, 255]
            } else {
                [0, 0, 0, 0]
            }
        })
        .collect();
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&pixels)
        .unwrap();
    out
}

#[test]
fn a_number_that_does_not_fit_is_left_out_whole_and_takes_nothing_with_it() {
    let serial = "5401010af3c2b7d94e1f60aa0b1c2d3e4f506172";
    let text = |width: f64, height: f64| {
        let mut asked = request(
            &PKI.p256,
            0,
            Rect {
                width,
                height,
                ..BOX
            },
        );
        asked.appearance.serial = Some(serial.into());
        asked.appearance.reason = None;
        asked.appearance.location = Some("Đắk Tô".into());
        let (_, bytes) = prepare(&Draft::new(&[""]).table(), &asked, None).unwrap();
        by_poppler(&format!("number-{width}-{height}"), bytes)
    };
    if Command::new("pdftotext").arg("-v").output().is_err() {
        eprintln!("skipped: pdftotext is not installed");
        return;
    }
    let roomy = text(260.0, 90.0);
    assert!(
        roomy.contains(serial) && roomy.contains("Đắk Tô"),
        "{roomy}"
    );
    let narrow = text(90.0, 200.0);
    assert!(
        !narrow.contains(&serial[..8]),
        "no part of the number: {narrow}"
    );
    assert!(
        narrow.contains("Đắk Tô"),
        "what comes after it stays: {narrow}"
    );
    // A strip of 200 × 60 points, and one of 60 × 200.
    for (width, height) in [(200.0, 60.0), (60.0, 200.0), (300.0, 16.0), (34.0, 120.0)] {
        let shown = text(width, height);
        assert!(
            shown.contains(serial) || !shown.contains(&serial[..8]),
            "{width} × {height}: {shown}"
        );
        assert!(shown.contains("Nguyễn"), "{width} × {height}: {shown}");
    }
}
