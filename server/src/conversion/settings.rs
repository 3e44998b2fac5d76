//! `[conversion]` of the settings file.

use contract::conversion::CONVERSION_BYTES_MAX;
use serde::Deserialize;
use std::path::PathBuf;

/// How Word files are converted; everything optional.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConversionSettings {
    /// Whether it is offered where the program is there.
    pub enabled: bool,
    /// The program; without it `soffice` or `libreoffice` of the path.
    pub program: Option<PathBuf>,
    /// Most conversions at a time: each takes a processor and up to half a gigabyte of memory.
    pub at_once: usize,
    /// Most that wait beside them.
    pub queue: usize,
    /// Longest conversion, in seconds, and longest wait for a turn.
    pub seconds: u64,
    /// Largest file, in bytes.
    pub bytes_max: u64,
    /// Largest PDF, in bytes.
    pub output_bytes_max: u64,
    /// Address space of the program, in bytes: it maps far more than it uses.
    pub memory_bytes: u64,
    /// Most conversions of one person in a minute.
    pub per_minute: u32,
}

impl Default for ConversionSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            program: None,
            at_once: 2,
            queue: 20,
            seconds: 60,
            bytes_max: CONVERSION_BYTES_MAX,
            output_bytes_max: contract::dossier::ATTACHMENT_BYTES_MAX,
            memory_bytes: 4 * 1024 * 1024 * 1024,
            per_minute: 10,
        }
    }
}

impl ConversionSettings {
    /// What an operator cannot have meant.
    pub fn check(&self, wrong: &mut Vec<String>) {
        if let Some(program) = self.program.as_deref().filter(|_| self.enabled)
            && !program.is_file()
        {
            wrong.push(format!("conversion: no program at {}", program.display()));
        }
        if self.seconds == 0 || self.seconds > 600 {
            wrong.push("conversion: seconds must be 1 to 600".into());
        }
        if self.bytes_max > CONVERSION_BYTES_MAX {
            wrong.push(format!(
                "conversion: bytes_max is at most {CONVERSION_BYTES_MAX}"
            ));
        }
    }
}
