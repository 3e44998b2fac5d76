//! What of the site is the province's own: icons, the description of the installed app, and the pages that are kept for when there is no
//! network. Where nothing is set the built files are served as they are.

use crate::config::{Logo, Province};
use crate::state::Portal;
use crate::tagged::Tagged;
use anyhow::{Context as _, Result};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// What the words of all pages say.
const ICON: &str = "/icon.svg";
const MANIFEST: &str = "/manifest.webmanifest";
const WORKER: &str = "/sw.js";
/// The built icons of pixels; a logo that is a PNG stands in for all of them.
const PIXELS: [&str; 4] = [
    "/icon-192.png",
    "/icon-512.png",
    "/icon-maskable-512.png",
    "/apple-touch-icon.png",
];

/// The logo as the files that pages name.
#[derive(Debug)]
pub struct Brand {
    icon: Option<Tagged>,
    pixels: Option<Tagged>,
    /// Changes when anything of it does.
    mark: String,
}

impl Brand {
    /// Makes them once.
    pub fn new(province: &Province) -> Self {
        let (icon, pixels) = match &province.logo {
            None => (None, None),
            Some(Logo::Svg(text)) => (Some(text.clone()), None),
            Some(Logo::Png(bytes, side)) => (Some(wrapped(bytes, *side)), Some(bytes.clone())),
        };
        let mut sum = Sha256::new();
        for part in [&province.name, &province.name_en]
            .into_iter()
            .chain(&province.short_name)
            .chain(&icon)
        {
            sum.update(part);
            sum.update([0]);
        }
        Self {
            icon: icon.map(|text| Tagged::packed("image/svg+xml", text.into_bytes())),
            pixels: pixels.map(|bytes| Tagged::new("image/png", bytes)),
            mark: hex::encode(sum.finalize()),
        }
    }

    /// The service worker with a mark: one that differs in a letter is installed anew, and keeps the new words and pictures.
    fn worker(&self, text: &str) -> String {
        format!("// {}\n{text}", self.mark)
    }
}

/// Pages name an icon that is an SVG, so a picture of pixels is put into one.
fn wrapped(png: &[u8], side: u32) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\"><image width=\"{side}\" height=\"{side}\" href=\"data:image/png;base64,{}\"/></svg>",
        STANDARD.encode(png)
    )
}

/// The description of the installed app with the province's names and logo.
fn manifest(text: &str, province: &Province) -> Result<Vec<u8>> {
    let mut manifest: Value = serde_json::from_str(text)?;
    let whole = manifest.as_object_mut().context("no object")?;
    if province.is_named() {
        whole.insert("name".into(), json!(province.name));
    }
    if let Some(name) = &province.short_name {
        whole.insert("short_name".into(), json!(name));
    }
    if let Some(logo) = &province.logo {
        let mut icons =
            vec![json!({ "src": ICON, "sizes": "any", "type": "image/svg+xml", "purpose": "any" })];
        if let Logo::Png(_, side) = logo {
            let sizes = format!("{side}x{side}");
            icons.push(json!({ "src": "/icon-512.png", "sizes": sizes, "type": "image/png", "purpose": "any" }));
        }
        whole.insert("icons".into(), json!(icons));
        // They show the built-in icon, in sizes that the logo may not have.
        let shortcuts = whole.get_mut("shortcuts").and_then(Value::as_array_mut);
        for shortcut in shortcuts.into_iter().flatten() {
            if let Some(shortcut) = shortcut.as_object_mut() {
                shortcut.remove("icons");
            }
        }
    }
    Ok(serde_json::to_vec(&manifest)?)
}

/// A file of the province's own in place of a built one; none where the built one is right.
fn own(portal: &Portal, path: &str) -> Option<Result<Tagged>> {
    let (brand, province) = (&portal.brand, &portal.config.province);
    if *province == Province::default() {
        return None;
    }
    let site = &portal.config.site;
    let read = |name: &str| {
        let file = site.join(name.trim_start_matches('/'));
        std::fs::read_to_string(&file).with_context(|| file.display().to_string())
    };
    match path {
        ICON => brand.icon.clone().map(Ok),
        MANIFEST => Some(read(path).and_then(|text| {
            let text = manifest(&text, province).context("manifest.webmanifest")?;
            Ok(Tagged::new("application/manifest+json", text))
        })),
        WORKER => Some(read(path).map(|text| {
            Tagged::packed(
                "text/javascript; charset=utf-8",
                brand.worker(&text).into_bytes(),
            )
        })),
        path if PIXELS.contains(&path) => brand.pixels.clone().map(Ok),
        path => {
            let name = path.strip_prefix('/').filter(|name| is_page(site, name))?;
            Some(crate::page::kept(portal, name))
        }
    }
}

/// Pages lie side by side: `home.html`, `home.en.html`.
fn is_page(site: &Path, name: &str) -> bool {
    name.ends_with(".html")
        && name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'_' | b'.'))
        && site.join(name).is_file()
}

/// Answers with the province's own file before the site's files are looked at.
pub async fn instead(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match own(&portal, request.uri().path()) {
        None => next.run(request).await,
        Some(Ok(file)) => file.answer(request.headers()),
        Some(Err(error)) => {
            tracing::error!("no file to show: {error:#}");
            StatusCode::NOT_FOUND.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: &str = include_str!("../../public/manifest.webmanifest");

    fn told(province: &Province) -> Value {
        let bytes = manifest(BUILT, province).expect("made");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    #[test]
    fn the_installed_app_has_the_names_and_the_logo_that_are_set_and_nothing_else_changes() {
        let built: Value = serde_json::from_str(BUILT).expect("JSON");
        let mut province = Province::default();
        assert_eq!(told(&province), built);
        province.name = "Cổng tỉnh \"A\"".into();
        province.short_name = Some("Tỉnh A".into());
        let named = told(&province);
        assert_eq!(named["name"], "Cổng tỉnh \"A\"");
        assert_eq!(named["short_name"], "Tỉnh A");
        for same in ["id", "icons", "shortcuts", "theme_color"] {
            assert_eq!(named[same], built[same], "{same}");
        }
        province.logo = Some(Logo::Svg("<svg/>".into()));
        let drawn = told(&province);
        assert_eq!(drawn["icons"].as_array().map(Vec::len), Some(1));
        assert!(drawn["shortcuts"][0].get("icons").is_none());
        assert_eq!(drawn["shortcuts"][0]["url"], built["shortcuts"][0]["url"]);
        province.logo = Some(Logo::Png(vec![1], 300));
        assert_eq!(told(&province)["icons"][1]["sizes"], "300x300");
        assert!(manifest("[]", &province).is_err());
    }

    #[test]
    fn a_picture_of_pixels_stands_in_an_svg_and_every_change_is_another_worker() {
        let brand = |logo: Option<Logo>, name: &str| {
            Brand::new(&Province {
                name: name.into(),
                logo,
                ..Province::default()
            })
        };
        assert_eq!(
            wrapped(b"abc", 192),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 192 192\"><image width=\"192\" height=\"192\" href=\"data:image/png;base64,YWJj\"/></svg>"
        );
        let drawn = brand(Some(Logo::Png(b"abc".to_vec(), 192)), "A");
        assert!(drawn.icon.is_some() && drawn.pixels.is_some());
        let lines = [
            drawn.worker("x"),
            brand(Some(Logo::Svg("<svg/>".into())), "A").worker("x"),
            brand(None, "A").worker("x"),
            brand(None, "B").worker("x"),
        ];
        assert!(
            lines
                .iter()
                .all(|line| line.starts_with("// ") && line.ends_with("\nx"))
        );
        let different: std::collections::BTreeSet<_> = lines.iter().collect();
        assert_eq!(different.len(), lines.len());
    }
}
