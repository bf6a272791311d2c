//! Files and folders that only their owner can read: the database, and what holds keys.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io,
    path::Path,
};

/// Makes a folder and those above it; what is there already keeps its mode.
///
/// # Errors
/// Those of the file system.
pub fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Opens a file for writing, made where it is missing; what it holds stays.
///
/// # Errors
/// Those of the file system.
pub fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a file that holds `line`, unless there is one: then that one is right.
///
/// # Errors
/// Those of the file system.
pub fn make_once(path: &Path, line: &str) -> io::Result<()> {
    // Written whole before it gets its name; whoever was faster is right.
    let draft = path.with_extension(format!("key.{}", std::process::id()));
    open_file(&draft).and_then(|mut file| io::Write::write_all(&mut file, format!("{line}\n").as_bytes()))?;
    let named = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match named {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// What users other than the owner may do with it, as the last two digits of its mode; `None` where there is nothing
/// or modes are unknown.
pub fn open_to_others(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    return Some(std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(path).ok()?) & 0o077);
    #[cfg(not(unix))]
    return None;
}
