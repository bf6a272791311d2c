//! XLSX workbooks: one sheet is written, with every value as text; the first sheet is read.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx, XlsxError, open_workbook_from_rs};
use domain::attendance::import::grid::{Content, Grid, Merged, neutral, plain};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError as WriteError};
use zip::ZipArchive;

use super::{MOST_COLUMNS, MOST_ROWS, Table, Unreadable, trimmed};

/// What a workbook may unpack to, in MB: a table of 5,000 rows needs a tenth.
const MOST_MEGABYTES: usize = 100;
/// How compound files begin (MS-CFB, 2.2): old workbooks, and packages under a password.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The table as a workbook. Every value is a string, so nothing of it is ever computed; the apostrophe before what looks
/// like a formula is for those who save it as CSV.
pub fn write_xlsx(table: &Table, sheet: &str) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    // The same table gives the same bytes.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let page = workbook.add_worksheet();
    page.set_name(sheet)?.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(&table.header) {
        page.write_string_with_format(0, column, neutral(name), &bold)?;
    }
    for (row, values) in (1..).zip(&table.rows) {
        for (column, value) in (0..).zip(values).filter(|(_, value)| !value.is_empty()) {
            page.write_string(row, column, neutral(value))?;
        }
    }
    workbook.save_to_buffer()
}

/// The table in the first sheet of a workbook.
pub fn read_xlsx(file: &[u8]) -> Result<Grid, Unreadable> {
    if file.is_empty() {
        return Err(Unreadable::Empty);
    }
    if file.starts_with(&COMPOUND) {
        let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let holds = |what: &[u8]| file.windows(what.len()).any(|bytes| bytes == what);
        return Err(if holds(&encrypted) { Unreadable::Password } else { Unreadable::OldWorkbook });
    }
    unpack(file)?;
    read(file).map_err(|error| match error {
        Fault::Unreadable(reason) => reason,
        Fault::Workbook(XlsxError::Password) => Unreadable::Password,
        Fault::Workbook(XlsxError::FileNotFound(part)) => Unreadable::OtherArchive(format!("it lacks {part}")),
        Fault::Workbook(_) => Unreadable::NoWorkbook,
    })
}

/// Unpacks everything once without keeping it, so that a small file that becomes a large one is refused before it has.
/// What the archive says of its own sizes is not believed.
fn unpack(file: &[u8]) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Unreadable::NoWorkbook)?;
    let most = MOST_MEGABYTES as u64 * 1_000_000;
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Unreadable::NoWorkbook)?;
        let mut part = part.take(left + 1);
        let size = std::io::copy(&mut part, &mut std::io::sink()).map_err(|_| Unreadable::NoWorkbook)?;
        left = left.checked_sub(size).ok_or(Unreadable::TooLarge(MOST_MEGABYTES))?;
    }
    Ok(())
}

enum Fault {
    Unreadable(Unreadable),
    Workbook(XlsxError),
}

impl From<XlsxError> for Fault {
    fn from(error: XlsxError) -> Self {
        Self::Workbook(error)
    }
}

impl From<Unreadable> for Fault {
    fn from(reason: Unreadable) -> Self {
        Self::Unreadable(reason)
    }
}

fn read(file: &[u8]) -> Result<Grid, Fault> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(file))?;
    let name = workbook.sheet_names().first().cloned().ok_or(Unreadable::Empty)?;
    let mut grid = Grid { rows: vec![], merged: merged(&mut workbook, &name)? };
    // Cell by cell: a sheet whose only cell is the last one it can have would else become a table of that size.
    let mut cells = workbook.worksheet_cells_reader(&name)?;
    while let Some(cell) = cells.next_cell_with_formula()? {
        let content = if cell.formula.is_some() { Content::Formula } else { content(&cell.value) };
        if content == Content::Empty {
            continue;
        }
        let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let (row, column) = (place(cell.pos.0), place(cell.pos.1));
        if row >= MOST_ROWS {
            return Err(Unreadable::TooManyRows.into());
        }
        if column >= MOST_COLUMNS {
            return Err(Unreadable::TooManyColumns(row + 1).into());
        }
        if grid.rows.len() <= row {
            grid.rows.resize(row + 1, vec![]);
        }
        if grid.rows[row].len() <= column {
            grid.rows[row].resize(column + 1, Content::Empty);
        }
        grid.rows[row][column] = content;
    }
    Ok(trimmed(grid)?)
}

fn merged(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Vec<Merged>, Fault> {
    let place = |(row, column): (u32, u32)| (row as usize, column as usize);
    let found = workbook.merge_cells_by_sheet_name(sheet)?;
    Ok(found.iter().map(|cells| Merged { first: place(cells.start), last: place(cells.end) }).collect())
}

fn content(value: &DataRef<'_>) -> Content {
    match value {
        DataRef::Empty => Content::Empty,
        DataRef::String(text) => words(text),
        DataRef::SharedString(text) => words(text),
        DataRef::Int(number) => Content::Number(*number as f64),
        DataRef::Float(number) => Content::Number(*number),
        DataRef::Bool(truth) => Content::Truth(*truth),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Content::Day(format!("{year:04}-{month:02}-{day:02}"))
        }
        DataRef::DateTimeIso(text) => Content::Day(text.chars().take(10).collect()),
        DataRef::DurationIso(text) => words(text),
        DataRef::Error(error) => Content::Fault(error.to_string()),
    }
}

fn words(text: &str) -> Content {
    if text.trim().is_empty() { Content::Empty } else { Content::Text(plain(text).to_owned()) }
}
