//! The fonts that documents are printed in: those the server brings along, and those its operator adds for other scripts.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use documents::pdf::Fonts;

/// What a font file is called.
const ENDINGS: [&str; 3] = ["ttf", "otf", "ttc"];

/// The fonts of this server. They are read when the first PDF is asked for, because most servers print seldom.
#[derive(Debug, Clone, Default)]
pub struct PrintFonts {
    files: Arc<[PathBuf]>,
    read: Arc<OnceLock<Fonts>>,
}

impl PrintFonts {
    /// With those of the font files that lie in `folder`, if there is one.
    ///
    /// # Errors
    /// The folder cannot be looked into.
    pub fn with(folder: Option<&Path>) -> io::Result<Self> {
        let mut files = vec![];
        for entry in folder.map(fs::read_dir).transpose()?.into_iter().flatten() {
            let path = entry?.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
                files.push(path);
            }
        }
        // Which font is tried first is not to depend on the order in a folder.
        files.sort();
        Ok(Self { files: files.into(), ..Self::default() })
    }

    /// The fonts. Takes its time when first asked: not for a thread that answers others.
    ///
    /// # Errors
    /// A file cannot be read any more.
    pub fn get(&self) -> io::Result<&Fonts> {
        if let Some(fonts) = self.read.get() {
            return Ok(fonts);
        }
        let others = self.files.iter().map(fs::read).collect::<io::Result<_>>()?;
        Ok(self.read.get_or_init(|| Fonts::with(others)))
    }
}
