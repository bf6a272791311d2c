//! CSV (RFC 4180): written in UTF-8 with a byte order mark, by which Excel knows it; read as UTF-8 or UTF-16, with
//! commas, semicolons or tabs.

use domain::attendance::import::grid::{Content, Grid, neutral, plain};
use encoding_rs::{UTF_16BE, UTF_16LE};

use super::{MOST_COLUMNS, MOST_ROWS, Table, Unreadable, trimmed};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The table as CSV. Values that a spreadsheet would compute begin with an apostrophe, which reading takes away again.
pub fn write_csv(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![]);
    for row in std::iter::once(&table.header).chain(&table.rows) {
        writer.write_record(row.iter().map(|value| neutral(value)))?;
    }
    let written = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok([BYTE_ORDER_MARK.as_bytes(), &written].concat())
}

/// The table in a CSV file.
pub fn read_csv(file: &[u8]) -> Result<Grid, Unreadable> {
    if file.starts_with(b"PK\x03\x04") || file.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Unreadable::Binary);
    }
    let text = decoded(file)?;
    if text.contains('\0') {
        return Err(Unreadable::Binary);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut grid = Grid::default();
    for record in reader.records() {
        let record = record.map_err(|error| Unreadable::Line(error.position().map_or(1, csv::Position::line)))?;
        if grid.rows.len() == MOST_ROWS {
            return Err(Unreadable::TooManyRows);
        }
        if record.len() > MOST_COLUMNS {
            return Err(Unreadable::TooManyColumns(grid.rows.len() + 1));
        }
        // The reader leaves out empty lines, which a spreadsheet counts.
        let begin = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(0));
        // Of a line end of two characters the second is left for the next record.
        let begin = if text.get(..begin).is_some_and(|before| before.ends_with('\r')) { begin + 1 } else { begin };
        let empty =
            text.get(begin..).unwrap_or_default().split('\n').take_while(|line| line.trim_end_matches('\r').is_empty());
        let room = MOST_ROWS - 1 - grid.rows.len();
        grid.rows.extend(empty.take(room).map(|_| vec![]));
        grid.rows.push(record.iter().map(content).collect());
    }
    trimmed(grid)
}

fn content(value: &str) -> Content {
    if value.trim().is_empty() { Content::Empty } else { Content::Text(plain(value).to_owned()) }
}

fn decoded(file: &[u8]) -> Result<String, Unreadable> {
    let utf16 = match file {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = utf16 {
        let (text, faulty) = encoding.decode_with_bom_removal(file);
        return if faulty { Err(Unreadable::Utf16) } else { Ok(text.into_owned()) };
    }
    let text = std::str::from_utf8(file).map_err(|error| {
        let line = file[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        Unreadable::Encoding(line)
    })?;
    Ok(text.trim_start_matches(BYTE_ORDER_MARK).to_owned())
}

/// What parts the values: whichever of the usual three the first line has most of. Where the comma is the decimal
/// sign, spreadsheets write semicolons.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    [b';', b'\t', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}
