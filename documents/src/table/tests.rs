use super::*;
use domain::attendance::import::grid::Content;
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

fn table(rows: &[&[&str]]) -> Table {
    let mut rows = rows.iter().map(|row| row.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>());
    Table { header: rows.next().unwrap(), rows: rows.collect() }
}

fn texts(grid: &Grid) -> Vec<Vec<&str>> {
    let text = |content: &'_ Content| match content {
        Content::Text(text) => text.clone().leak() as &str,
        Content::Empty => "",
        other => panic!("{other:?}"),
    };
    grid.rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

fn read(file: &[u8]) -> Vec<Vec<String>> {
    let grid = read_csv(file).unwrap();
    texts(&grid).iter().map(|row| row.iter().map(|text| (*text).to_owned()).collect()).collect()
}

#[test]
fn a_value_that_looks_like_a_formula_is_written_so_that_nothing_computes_it() {
    let table = table(&[&["name"], &["=1+1"], &["@x"], &["-5"], &["'=x"], &["plain"], &["\tx"]]);
    let csv = String::from_utf8(write_csv(&table).unwrap()).unwrap();
    assert_eq!(csv, "\u{feff}name\r\n'=1+1\r\n'@x\r\n'-5\r\n''=x\r\nplain\r\n'\tx\r\n");
    let back = read(csv.as_bytes());
    assert_eq!(back.concat(), ["name", "=1+1", "@x", "-5", "'=x", "plain", "\tx"]);
}

#[test]
fn commas_semicolons_and_tabs_part_values_and_utf_16_is_understood() {
    for text in ["a,b\n\"x,y\",z", "a;b\r\n\"x,y\";z\r\n", "\u{feff}a\tb\nx,y\tz\n"] {
        assert_eq!(read(text.as_bytes()), [["a", "b"], ["x,y", "z"]]);
    }
    let utf16 = |big: bool| -> Vec<u8> {
        let pair = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        "\u{feff}a;b\nŁódź;서울\n".encode_utf16().flat_map(pair).collect()
    };
    assert_eq!(read(&utf16(false)), [["a", "b"], ["Łódź", "서울"]]);
    assert_eq!(read(&utf16(true)), [["a", "b"], ["Łódź", "서울"]]);
}

#[test]
fn what_is_no_table_is_refused_with_its_remedy() {
    let refused = |file: &[u8]| read_csv(file).unwrap_err();
    assert_eq!(refused(b""), Unreadable::Empty);
    assert_eq!(refused(b"\n\n ,\n"), Unreadable::Empty);
    assert_eq!(refused(b"a;b\n\xa3\xf3d\xbc;x"), Unreadable::Encoding(2));
    assert_eq!(refused(b"PK\x03\x04..."), Unreadable::Binary);
    assert_eq!(refused(b"a\0b"), Unreadable::Binary);
    assert_eq!(refused(&[0xff, 0xfe, 0x00, 0xd8]), Unreadable::Utf16);
    assert_eq!(refused("a\n".repeat(5_002).as_bytes()), Unreadable::TooManyRows);
    assert_eq!(refused(",".repeat(120).as_bytes()), Unreadable::TooManyColumns(1));
    assert!(Unreadable::Encoding(2).to_string().contains("CSV UTF-8"));
}

#[test]
fn rows_keep_the_numbers_a_spreadsheet_shows() {
    for text in ["a\n\n\nx\ny\n", "a\r\n\r\n\r\nx\r\ny\r\n", "a\n\n\n\"x\"\ny"] {
        let grid = read_csv(text.as_bytes()).unwrap();
        assert_eq!(grid.rows[3..], [[Content::Text("x".into())], [Content::Text("y".into())]], "{text:?}");
    }
}

/// A workbook whose only sheet holds this XML.
fn workbook(sheet: &str) -> Vec<u8> {
    let written = write_xlsx(&table(&[&["a"]]), "Table").unwrap();
    let mut old = zip::ZipArchive::new(Cursor::new(written)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(vec![]));
    for index in 0..old.len() {
        let mut part = old.by_index(index).unwrap();
        let mut content = vec![];
        std::io::Read::read_to_end(&mut part, &mut content).unwrap();
        new.start_file(part.name().to_owned(), SimpleFileOptions::default()).unwrap();
        let ours = part.name() == "xl/worksheets/sheet1.xml";
        new.write_all(if ours { sheet.as_bytes() } else { &content }).unwrap();
    }
    new.finish().unwrap().into_inner()
}

const SHEET: &str = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";

#[test]
fn a_workbook_comes_back_as_it_was_written() {
    let rows: &[&[&str]] = &[&["name", "code"], &["=1+1", "007"], &["Łódź", ""], &["'=x", "서울"]];
    let file = write_xlsx(&table(rows), "Delegates").unwrap();
    assert_eq!(
        texts(&read_xlsx(&file).unwrap()),
        [vec!["name", "code"], vec!["=1+1", "007"], vec!["Łódź"], vec!["'=x", "서울"]]
    );
    assert_eq!(file, write_xlsx(&table(rows), "Delegates").unwrap());
}

#[test]
fn formulas_faults_and_numbers_are_told_apart() {
    let sheet = format!(
        "{SHEET}<row r=\"1\"><c r=\"A1\"><f>1+1</f><v>2</v></c><c r=\"B1\" t=\"e\"><v>#N/A</v></c><c r=\"C1\"><v>17</v></c>\
         <c r=\"D1\" t=\"b\"><v>1</v></c></row></sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>"
    );
    let grid = read_xlsx(&workbook(&sheet)).unwrap();
    assert_eq!(grid.rows[0][0], Content::Formula);
    assert_eq!(grid.rows[0][1], Content::Fault("#N/A".into()));
    assert_eq!(grid.rows[0][2..], [Content::Number(17.0), Content::Truth(true)]);
    assert_eq!(grid.merged[0].address(), "A1:B1");
}

#[test]
fn a_small_file_that_means_a_large_table_is_refused() {
    let far = format!("{SHEET}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>");
    assert_eq!(read_xlsx(&workbook(&far)).unwrap_err(), Unreadable::TooManyRows);
    let wide = format!("{SHEET}<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row></sheetData></worksheet>");
    assert_eq!(read_xlsx(&workbook(&wide)).unwrap_err(), Unreadable::TooManyColumns(1));
    let bomb = workbook(&" ".repeat(101_000_000));
    assert!(bomb.len() < 1_000_000);
    assert_eq!(read_xlsx(&bomb).unwrap_err(), Unreadable::TooLarge(100));
}

#[test]
fn what_is_no_workbook_is_refused_by_what_it_is() {
    let whole = write_xlsx(&table(&[&["a"], &["b"]]), "Table").unwrap();
    assert_eq!(read_xlsx(&whole[..whole.len() / 2]).unwrap_err(), Unreadable::NoWorkbook);
    assert_eq!(read_xlsx(b"name;code\n").unwrap_err(), Unreadable::NoWorkbook);
    assert_eq!(read_xlsx(b"").unwrap_err(), Unreadable::Empty);
    let mut old = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    assert_eq!(read_xlsx(&old).unwrap_err(), Unreadable::OldWorkbook);
    old.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read_xlsx(&old).unwrap_err(), Unreadable::Password);
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    zip.start_file("photo.txt", SimpleFileOptions::default()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    assert!(matches!(read_xlsx(&zip).unwrap_err(), Unreadable::OtherArchive(_) | Unreadable::NoWorkbook));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_value_comes_back_from_both_formats(values in prop::collection::vec("[='\"+;,@a łб\\-]{1,6}", 1..6)) {
        prop_assume!(values.iter().all(|value| !value.trim().is_empty()));
        let rows: Vec<Vec<String>> = values.iter().map(|value| vec![value.clone()]).collect();
        let written = Table { header: vec!["name".into()], rows };
        let expected: Vec<Content> = values.iter().map(|value| Content::Text(value.clone())).collect();
        for grid in [read_csv(&write_csv(&written).unwrap()), read_xlsx(&write_xlsx(&written, "T").unwrap())] {
            let read: Vec<Content> = grid.unwrap().rows.into_iter().skip(1).flatten().collect();
            prop_assert_eq!(&read, &expected);
        }
    }
}
