//! Our engine against pdf.js and pdfium in Chromium: prepares everything and hands over to `end2end/bench/preview.mjs`.

use super::{folder, home};
use crate::process::{command, root, step, succeed};
use crate::{setup, site};
use anyhow::Result;

/// Builds the release, makes the long documents, measures.
pub fn measure() -> Result<()> {
    setup::for_tests()?;
    setup::for_bench()?;
    let built = site::build(&site::Options::default())?;
    // A copy: whoever builds the site meanwhile does not pull it away.
    let copy = home().join("site");
    let _ = std::fs::remove_dir_all(&copy);
    site::copy_folder(&built, &copy)?;
    {
        let _step = step("Making the long documents and the fixtures");
        succeed(command(setup::venv_python()).arg(folder().join("make.py")))?;
        succeed(
            command(setup::venv_python())
                .arg(root().join("end2end/fixture/make.py"))
                .env("CHROMIUM", setup::chromium()),
        )?;
    }
    let _step = step("Measuring in Chromium");
    succeed(
        command("node")
            .arg(folder().join("preview.mjs"))
            .env("SITE", &copy)
            .env("FILES", root().join(super::PUBLIC))
            .env("CHROMIUM", setup::chromium()),
    )
}
