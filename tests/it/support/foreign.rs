//! Programs of others that give a second opinion: see `tests/foreign`.

use std::io::Write;
use std::process::{Command, Stdio};

/// What a script in `tests/foreign` prints when it is given `input`, without the line feed at the end. It fails loudly
/// where Node is missing: a second opinion that is silently left out is none.
pub fn node(script: &str, input: &str) -> String {
    run(Command::new("node").arg(path(script)), input)
}

/// What a Python script in `tests/foreign` that needs no packages says of `input`, and whether it found it in order.
pub fn python(script: &str, argument: &str, input: &str) -> (bool, String) {
    let mut command = Command::new("python3");
    let mut child =
        command.arg(path(script)).arg(argument).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}

/// What LibreOffice makes of a file in `folder`, in the format that `to` names, into the same folder.
pub fn office(folder: &std::path::Path, file: &str, to: &str) -> std::path::PathBuf {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let mut command = Command::new("soffice");
    command.current_dir(folder).args([&profile, "--headless"]);
    if file.ends_with(".csv") {
        // Commas, quotation marks, UTF-8, from the first line on.
        command.arg("--infilter=Text - txt - csv (StarCalc):44,34,76,1");
    }
    command.args(["--convert-to", to, file]);
    let output = command.output().expect("scripts/test installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let ending = to.split(':').next().unwrap();
    let made = folder.join(file).with_extension(ending);
    assert!(made.exists(), "{}", String::from_utf8_lossy(&output.stdout));
    made
}

/// The text of a PDF in reading order, by poppler.
pub fn text_of_pdf(file: &std::path::Path) -> String {
    let output = Command::new("pdftotext").arg(file).arg("-").output().expect("scripts/test installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What poppler says of a PDF: title, whether it is tagged, its pages.
pub fn about_pdf(file: &std::path::Path) -> String {
    let output = Command::new("pdfinfo").arg(file).output().expect("scripts/test installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn path(script: &str) -> String {
    format!("{}/tests/foreign/{script}", env!("CARGO_MANIFEST_DIR"))
}

fn run(command: &mut Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("scripts/test installs it");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?} failed");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}
