//! The readers of tables that others wrote: CSV and workbooks, and what their rows are taken to ask for.

#![no_main]

#[path = "../../documents/src/table/mod.rs"]
#[expect(dead_code, reason = "the writers are used for comparison only")]
mod table;

use std::io::{Cursor, Write};

use domain::{
    Language,
    attendance::import::{
        delegates, delegations,
        grid::{Content, Grid},
    },
};
use libfuzzer_sys::fuzz_target;
use table::{MOST_COLUMNS, MOST_ROWS, Table, read_csv, read_xlsx, write_csv, write_xlsx};
use zip::{ZipWriter, write::SimpleFileOptions};

fuzz_target!(|input: (u8, &[u8])| {
    let (kind, bytes) = input;
    let grid = match kind % 8 {
        0..=3 => read_csv(bytes),
        4 => read_xlsx(bytes),
        part => read_xlsx(&workbook(usize::from(part - 5), bytes)),
    };
    if let Ok(grid) = grid {
        judged(&grid);
        written_and_read(&grid, kind & 8 != 0);
    }
});

/// Whatever is asked for is asked of a row that is there, and of no more than it has.
fn judged(grid: &Grid) {
    assert!(grid.rows.len() <= MOST_ROWS && grid.rows.iter().all(|row| row.len() <= MOST_COLUMNS));
    let (_, steps) = delegations::judge(grid, &delegations::Known::default());
    assert!(steps.is_empty(), "nobody is known");
    let (_, steps) = delegates::judge(grid, &delegates::Known::default(), &Language::english());
    assert!(steps.is_empty(), "nobody is known");
}

/// The texts that were read, under names that are no puzzle about commas and semicolons, are read again as the same, and
/// some of them from a workbook too.
fn written_and_read(grid: &Grid, as_workbook: bool) {
    let text = |cell: &Content| match cell {
        Content::Text(text) => Some(text.clone()),
        Content::Empty => Some(String::new()),
        _ => None,
    };
    let rows: Option<Vec<Vec<String>>> = grid.rows.iter().map(|row| row.iter().map(text).collect()).collect();
    let Some(mut rows) = rows.filter(|rows| !rows.is_empty() && rows.len() < 40) else { return };
    let width = rows.iter().map(Vec::len).max().unwrap_or_default().max(2);
    rows.iter_mut().for_each(|row| row.resize(width, String::new()));
    let header = (0..width).map(|column| format!("Column {column}")).collect();
    let table = Table { header, rows };
    let by_csv = read_csv(&write_csv(&table).unwrap());
    let again = as_table(by_csv.as_ref().unwrap(), table.header.len());
    assert_eq!(read_csv(&write_csv(&again).unwrap()), by_csv, "{table:?}");
    // A workbook holds less: 32,767 characters in a cell, no control characters, and nothing that is no character.
    let plain = |text: &String| {
        text.len() < 10_000 && !text.contains(|c: char| c.is_control() || "_\u{fffe}\u{ffff}".contains(c))
    };
    if as_workbook && table.rows.iter().flatten().all(plain) {
        assert_eq!(read_xlsx(&write_xlsx(&table, "Sheet").unwrap()), by_csv, "{table:?}");
    }
}

fn as_table(grid: &Grid, width: usize) -> Table {
    let text = |cell: Option<&Content>| match cell {
        Some(Content::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let row = |cells: &Vec<Content>| (0..width).map(|at| text(cells.get(at))).collect::<Vec<_>>();
    let mut rows = grid.rows.iter().map(row).collect::<Vec<_>>();
    let header = if rows.is_empty() { vec![] } else { rows.remove(0) };
    Table { header, rows }
}

/// A workbook in which one part is what was sent.
fn workbook(part: usize, bytes: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(vec![]));
    for (at, (name, content)) in PARTS.iter().enumerate() {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        match (at == part, at) {
            (true, 0) => {
                let sheet = [SHEET.0.as_bytes(), bytes, SHEET.1.as_bytes()].concat();
                archive.write_all(&sheet).unwrap();
            }
            (true, _) => archive.write_all(bytes).unwrap(),
            (false, _) => archive.write_all(content.as_bytes()).unwrap(),
        }
    }
    archive.finish().unwrap().into_inner()
}

const SHEET: (&str, &str) = (
    "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    "</sheetData></worksheet>",
);

const PARTS: [(&str, &str); 6] = [
    (
        "xl/worksheets/sheet1.xml",
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">\
         <c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><v>45000</v></c></row></sheetData></worksheet>",
    ),
    (
        "xl/sharedStrings.xml",
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"1\"><si><t>code</t></si></sst>",
    ),
    (
        "xl/styles.xml",
        "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs><xf numFmtId=\"14\"/>\
         </cellXfs></styleSheet>",
    ),
    (
        "xl/workbook.xml",
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
         <sheet name=\"Sheet\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
         Target=\"worksheets/sheet1.xml\"/></Relationships>",
    ),
    (
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
         Target=\"xl/workbook.xml\"/></Relationships>",
    ),
];
