//! Small chunks travel together: the splitter makes a file for every set of screens that share a function, and on a slow network
//! thirty requests for half a kilobyte cost more than what is in them.
//!
//! The files go one after the other into `chunk_shared_NAME.pack`, and `app_chunk.js`, which fetches chunks, is told where each
//! one lies.

use anyhow::{Context as _, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Chunks up to this many bytes are packed.
const SMALL: usize = 16_000;

/// Whose pack a small chunk goes into: the first of these that needs it. Screens that strangers open come first, so that they
/// fetch one pack; others fetch several.
const ORDER: [&str; 10] = [
    "procedure",
    "catalogue",
    "enter",
    "check",
    "content",
    "citizen",
    "officer",
    "sign",
    "after",
    "admin",
];

/// What fetches a part of a pack; put in front of the splitter's script.
const PIECE: &str = r#"
const packs = new Map();
async function piece(name, from, to) {
    let pack = packs.get(name);
    if (!pack) {
        pack = fetch(new URL(name, import.meta.url)).then((answer) => {
            if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
            return answer.arrayBuffer();
        });
        packs.set(name, pack);
        // One that failed is asked for again the next time.
        pack.catch(() => packs.delete(name));
    }
    return new Response((await pack).slice(from, to), { headers: { "content-type": "application/wasm" } });
}
"#;

/// What the splitter's script says of a chunk: who needs it.
struct Chunk<'a> {
    name: &'a str,
    users: BTreeSet<&'a str>,
}

/// Packs the small chunks of a folder and rewrites `app_chunk.js`.
pub fn pack(folder: &Path) -> Result<()> {
    let script = folder.join("app_chunk.js");
    let text = std::fs::read_to_string(&script)?;
    let screens = screens(&text)?;
    let mut chunks: BTreeMap<&str, Chunk> = BTreeMap::new();
    for (screen, needs) in &screens {
        for name in needs {
            let chunk = chunks.entry(name).or_insert_with(|| Chunk {
                name,
                users: BTreeSet::new(),
            });
            chunk.users.insert(screen);
        }
    }
    let mut packs: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    let mut written = text.clone();
    for chunk in chunks.values() {
        let file = folder.join(format!("{}.wasm", chunk.name));
        let bytes = std::fs::read(&file).with_context(|| format!("{}", file.display()))?;
        let owner = ORDER.into_iter().find(|name| chunk.users.contains(name));
        let Some(owner) = owner.filter(|_| bytes.len() <= SMALL) else {
            continue;
        };
        let pack = packs.entry(owner).or_default();
        let from = pack.len();
        pack.extend(bytes);
        let asked = format!("fetch(new URL(\"./{}.wasm\", import.meta.url))", chunk.name);
        ensure!(
            written.matches(&asked).count() == 1,
            "app_chunk.js does not fetch {} as it did",
            chunk.name
        );
        let pack_name = format!("chunk_shared_{owner}.pack");
        written = written.replace(
            &asked,
            &format!("piece(\"./{pack_name}\", {from}, {})", pack.len()),
        );
        std::fs::remove_file(file)?;
    }
    for (owner, bytes) in packs {
        std::fs::write(folder.join(format!("chunk_shared_{owner}.pack")), bytes)?;
    }
    // Behind the imports, which come first.
    let at = written.find('\n').map_or(0, |at| at + 1);
    written.insert_str(at, PIECE);
    Ok(std::fs::write(script, written)?)
}

/// Reads from the splitter's script which chunks each screen needs.
fn screens(script: &str) -> Result<BTreeMap<&str, Vec<&str>>> {
    let mut found = BTreeMap::new();
    for part in script.split("export const __wasm_split_load_").skip(1) {
        let (name, rest) = part
            .split_once(" = ")
            .context("app_chunk.js exports no loader as it did")?;
        let needs = rest
            .split_once("\n, [")
            .and_then(|(_, list)| list.split_once("]))"))
            .context("app_chunk.js names no chunks as it did")?
            .0;
        let needs = needs
            .split(", ")
            .filter_map(|name| name.strip_prefix("__"))
            .collect();
        found.insert(name, needs);
    }
    ensure!(!found.is_empty(), "app_chunk.js has no screens");
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = r#"import { initSync } from "./app.js";
/* enter, sign */
const __chunk_1 = makeLoad(() => {
    const src = fetch(new URL("./chunk_1.wasm", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, []);
export const __wasm_split_load_sign = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_sign.wasm", import.meta.url));
}
, [__chunk_1, __chunk_2, __chunk_3]));
export const __wasm_split_load_enter = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_enter.wasm", import.meta.url));
}
, [__chunk_1]));
const a = fetch(new URL("./chunk_2.wasm", import.meta.url)), b = fetch(new URL("./chunk_3.wasm", import.meta.url));
"#;

    #[test]
    fn small_chunks_lie_in_the_pack_of_the_first_screen_that_needs_them() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path();
        std::fs::write(path.join("app_chunk.js"), SCRIPT).expect("written");
        for (name, size) in [("chunk_1", 5), ("chunk_2", SMALL + 1), ("chunk_3", 7)] {
            std::fs::write(path.join(format!("{name}.wasm")), vec![1; size]).expect("written");
        }
        pack(path).expect("packed");
        let script = std::fs::read_to_string(path.join("app_chunk.js")).expect("script");
        assert!(script.starts_with("import { initSync } from \"./app.js\";\n"));
        assert!(script.contains("piece(\"./chunk_shared_enter.pack\", 0, 5)"));
        assert!(script.contains("piece(\"./chunk_shared_sign.pack\", 0, 7)"));
        assert!(script.contains("fetch(new URL(\"./chunk_2.wasm\", import.meta.url))"));
        assert!(!path.join("chunk_1.wasm").exists() && path.join("chunk_2.wasm").exists());
    }
}
