//! Passwords that leaked somewhere (OWASP ASVS 5 V6.2.12), looked for in a list that the operator keeps: nobody outside is asked.

use sha1::{Digest as _, Sha1};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// Letters of a sum: SHA-1 in hexadecimal.
const SUM: usize = 40;
/// What is read at once; a line with its count is far shorter than half of it.
const WINDOW: usize = 256;

/// A list as "Have I Been Pwned" gives it away, ordered by hash: a SHA-1 in hexadecimal a line, with or without `:` and how often it was
/// seen. A whole one has some forty gigabytes; it stays where it is, and a look reads some ten kilobytes of it.
#[derive(Debug, Clone)]
pub struct Leaked {
    file: PathBuf,
}

impl Leaked {
    /// A list that can be read and begins and ends as one does.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence for operators.
    pub fn open(file: &Path) -> Result<Self, String> {
        let list = Self {
            file: file.to_owned(),
        };
        let told = |what: String| format!("{}: {what}", file.display());
        let (first, last) = list.ends().map_err(|error| told(error.to_string()))?;
        if first > last {
            return Err(told(
                "its last line comes before its first; the list ordered by hash is wanted".into(),
            ));
        }
        Ok(list)
    }

    /// The first line's sum and the last one's.
    fn ends(&self) -> io::Result<(Vec<u8>, Vec<u8>)> {
        let mut lines = Lines::of(&self.file)?;
        let Some((_, first, next)) = lines.at_or_after(0)? else {
            return Err(malformed());
        };
        let (mut last, mut from) = (
            first.clone(),
            next.max(lines.length.saturating_sub(WINDOW as u64 / 2)),
        );
        while let Some((_, sum, next)) = lines.at_or_after(from)? {
            (last, from) = (sum, next);
        }
        Ok((first, last))
    }

    /// Whether a password is in the list. Reads the disk: not for a thread that others wait for.
    ///
    /// # Errors
    /// When the list cannot be read, or is none where it is read.
    pub fn contains(&self, password: &str) -> io::Result<bool> {
        let wanted = hex::encode_upper(Sha1::digest(password.as_bytes())).into_bytes();
        let mut lines = Lines::of(&self.file)?;
        // Lines that begin in here may be it.
        let (mut low, mut high) = (0, lines.length);
        while low < high {
            let middle = low + (high - low) / 2;
            let Some((start, sum, next)) = lines.at_or_after(middle)? else {
                high = middle;
                continue;
            };
            if start >= high {
                high = middle;
                continue;
            }
            match sum.cmp(&wanted) {
                std::cmp::Ordering::Equal => return Ok(true),
                std::cmp::Ordering::Less => low = next,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Ok(false)
    }
}

fn malformed() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "not a list of SHA-1 sums in hexadecimal, one a line",
    )
}

/// A list that is read here and there.
struct Lines {
    file: File,
    length: u64,
}

impl Lines {
    fn of(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }

    /// The first line that begins at a place or after it: where it begins, its sum in capital letters, and where the next one begins.
    fn at_or_after(&mut self, place: u64) -> io::Result<Option<(u64, Vec<u8>, u64)>> {
        // A line begins where the one before ended.
        let from = place.saturating_sub(1);
        self.file.seek(SeekFrom::Start(from))?;
        let mut window = Vec::with_capacity(WINDOW);
        (&mut self.file)
            .take(WINDOW as u64)
            .read_to_end(&mut window)?;
        let end_of = |line: &[u8]| line.iter().position(|byte| *byte == b'\n');
        let skipped = if place == 0 {
            0
        } else {
            match end_of(&window) {
                Some(end) => end + 1,
                // The last line, without an end.
                None if window.len() < WINDOW => return Ok(None),
                None => return Err(malformed()),
            }
        };
        let rest = window.get(skipped..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let sum = rest
            .get(..SUM)
            .filter(|sum| sum.iter().all(u8::is_ascii_hexdigit));
        let ends = matches!(rest.get(SUM), None | Some(b':' | b'\r' | b'\n'));
        let Some(sum) = sum.filter(|_| ends) else {
            return Err(malformed());
        };
        let line = end_of(rest).map_or(rest.len(), |end| end + 1);
        let start = from + skipped as u64;
        Ok(Some((start, sum.to_ascii_uppercase(), start + line as u64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(passwords: &[String], line: impl Fn(usize, &str) -> String) -> tempfile::NamedTempFile {
        let mut sums: Vec<String> = passwords
            .iter()
            .map(|password| hex::encode_upper(Sha1::digest(password.as_bytes())))
            .collect();
        sums.sort();
        sums.dedup();
        let text: String = sums
            .iter()
            .enumerate()
            .map(|(at, sum)| line(at, sum))
            .collect();
        let file = tempfile::NamedTempFile::new().expect("file");
        std::fs::write(file.path(), text).expect("written");
        file
    }

    fn some(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("lộ-{n}")).collect()
    }

    #[test]
    fn every_password_of_a_list_is_found_and_no_other_however_its_lines_end() {
        let lines: [fn(usize, &str) -> String; 4] = [
            |_, sum| format!("{sum}\n"),
            |at, sum| format!("{sum}:{}\r\n", 10 + at * at),
            |at, sum| format!("{sum}:{at}\n").to_lowercase(),
            |at, sum| {
                if at == 0 {
                    sum.to_owned()
                } else {
                    format!("\n{sum}")
                }
            },
        ];
        for count in [1, 2, 3, 10, 257] {
            for line in lines {
                let file = list(&some(count), line);
                let leaked = Leaked::open(file.path()).expect("a list");
                for password in some(count) {
                    assert!(
                        leaked.contains(&password).expect("read"),
                        "{password} of {count}"
                    );
                }
                for other in ["", "một câu dễ nhớ", "lộ-257", "lộ"] {
                    assert!(!leaked.contains(other).expect("read"), "{other}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_list_is_refused_in_a_sentence_and_never_panics() {
        let file = tempfile::NamedTempFile::new().expect("file");
        let sum = "0123456789ABCDEF0123456789ABCDEF01234567";
        let before = sum.replace('0', "1");
        for text in [
            String::new(),
            "password\n".into(),
            format!("{sum}0\n"),
            format!("{}\n", &sum[1..]),
            format!("{before}:1\n{sum}:1\n"),
            "x".repeat(1000),
        ] {
            std::fs::write(file.path(), &text).expect("written");
            let wrong = Leaked::open(file.path()).expect_err("refused");
            assert!(
                wrong.contains("one a line") || wrong.contains("ordered by hash"),
                "{wrong}"
            );
        }
        assert!(Leaked::open(Path::new("/nowhere/at/all")).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic_and_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..2000), password in ".{0,12}") {
            let file = tempfile::NamedTempFile::new().expect("file");
            std::fs::write(file.path(), &bytes).expect("written");
            let _ = Leaked::open(file.path());
            let _ = Leaked { file: file.path().to_owned() }.contains(&password);
        }
    }
}
