//! QR codes (ISO/IEC 18004) as vector graphics.
//!
//! Error correction level M, which forgives 15 %: a badge gets creased, and a larger code would need a larger badge.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// Modules of white that have to surround a code.
const QUIET: usize = 4;

/// More than a code can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// A code that says `content`, as SVG of black on white with its quiet zone; one unit of its view box a module.
///
/// # Errors
/// Content that no code can hold, which ends at about 2,300 bytes.
pub fn svg(content: &str) -> Result<String, TooLong> {
    let code = QrCode::with_error_correction_level(content, EcLevel::M).map_err(|_| TooLong)?;
    let (width, modules) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let mut path = String::new();
    for (at, color) in modules.iter().enumerate() {
        if *color == Color::Dark {
            // Writing to a text cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_makes_a_code_of_version_six() {
        // 150 characters of the alphanumeric set fit version 6 at level M (154; ISO/IEC 18004, table 7), which has
        // 41 modules a side (17 + 4 x 6).
        let svg = svg(&format!("PB1:{}", "A".repeat(146))).unwrap();
        assert!(svg.contains("viewBox=\"0 0 49 49\""), "{svg}");
    }

    #[test]
    fn more_than_a_code_holds_is_refused() {
        assert_eq!(svg(&"a".repeat(3000)), Err(TooLong));
    }
}
