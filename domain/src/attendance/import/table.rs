//! A grid read by its header: which column is where, and the typed value of each cell or what is wrong with it.

use jiff::civil::Date;
use std::collections::BTreeMap;

use super::{
    grid::{Content, Grid, address},
    preview::{Cell, Level, Remark, RowState},
};
use crate::{Language, Text, Violation};

/// A column that is known.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What it is called.
    pub name: &'static str,
    /// What else it may be called.
    pub also: &'static [&'static str],
    /// Whether a file needs it.
    pub required: bool,
}

/// A column of this name.
pub const fn column(name: &'static str, also: &'static [&'static str]) -> Column {
    Column { name, also, required: false }
}

/// The same, which a file needs.
pub const fn required(name: &'static str, also: &'static [&'static str]) -> Column {
    Column { name, also, required: true }
}

/// Which column is where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    places: BTreeMap<&'static str, usize>,
    /// Columns of a text, such as `position[pl]`, with their language.
    texts: Vec<(Language, usize)>,
}

/// Reads the header. `text` is the column that may come per language; without one it is in `main`.
pub fn header(grid: &Grid, columns: &[Column], text: Option<&str>, main: &Language) -> (Header, Vec<Remark>) {
    let (mut header, mut remarks) = (Header::default(), vec![]);
    for merged in &grid.merged {
        let what =
            "These cells are merged, so it is unclear whose value it is. Unmerge them and write the value into each.";
        remarks.push(Remark::on(Level::Error, "merged_cells", merged.address(), what));
    }
    for (place, content) in grid.rows.first().into_iter().flatten().enumerate() {
        let Content::Text(written) = content else {
            let empty_below =
                grid.rows.iter().skip(1).all(|row| row.get(place).is_none_or(|cell| *cell == Content::Empty));
            if *content != Content::Empty || !empty_below {
                let what = "The column has no name. Write its name here, or leave the column out.";
                remarks.push(Remark::on(Level::Error, "column_without_name", address(0, place), what));
            }
            continue;
        };
        take(&mut header, &mut remarks, columns, (text, main), (place, written));
    }
    for column in columns.iter().filter(|column| column.required && !header.places.contains_key(column.name)) {
        let what = format!("There is no column '{0}'. Add a column whose first cell says '{0}'.", column.name);
        remarks.push(Remark::of_file("column_missing", what));
    }
    if grid.rows.len() < 2 {
        let what = "There is nothing below the header. Write one row for each entry.";
        remarks.push(Remark::of_file("no_rows", what));
    }
    (header, remarks)
}

fn take(
    header: &mut Header,
    remarks: &mut Vec<Remark>,
    columns: &[Column],
    (text, main): (Option<&str>, &Language),
    (place, written): (usize, &str),
) {
    let key = written.trim().to_lowercase().replace([' ', '-'], "_");
    let twice = |first: usize| {
        let what = format!("'{written}' is the name of column {} already. Keep one of the two.", address(0, first));
        Remark::on(Level::Error, "column_twice", address(0, place), what)
    };
    if let Some(column) = columns.iter().find(|column| column.name == key || column.also.contains(&key.as_str())) {
        match header.places.get(column.name) {
            Some(first) => remarks.push(twice(*first)),
            None => drop(header.places.insert(column.name, place)),
        }
        return;
    }
    let language = text.and_then(|text| key.strip_prefix(text)).and_then(|rest| match rest {
        "" => Some(main.clone()),
        rest => Language::parse(rest.trim_start_matches(['[', '_', '(']).trim_end_matches([']', ')'])),
    });
    match language {
        Some(language) => match header.texts.iter().find(|(known, _)| *known == language) {
            Some((_, first)) => remarks.push(twice(*first)),
            None => header.texts.push((language, place)),
        },
        None => {
            let known: Vec<_> = columns.iter().map(|column| column.name).chain(text).collect();
            let what = format!("The column '{written}' is not read. Known columns are: {}.", known.join(", "));
            remarks.push(Remark::on(Level::Warning, "column_unknown", address(0, place), what));
        }
    }
}

/// One row, read cell by cell; what is wrong with it is collected.
#[derive(Debug)]
pub struct Row<'a> {
    header: &'a Header,
    number: usize,
    cells: &'a [Content],
    /// What has been found wrong so far.
    pub remarks: Vec<Remark>,
    /// What it changes.
    pub told: Vec<Cell>,
}

/// What a cell says of a member that may be absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said<T> {
    /// There is no such column, or the cell is at fault.
    Nothing,
    /// The cell is empty.
    Blank,
    /// This.
    This(T),
}

/// How many lines a value may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One, as names, codes and references have.
    One,
    /// As many as its author likes.
    Many,
}

impl<T> Said<T> {
    /// The value, if there is one.
    pub fn some(self) -> Option<T> {
        if let Self::This(value) = self { Some(value) } else { None }
    }

    /// What is to hold where `now` does: the cell's value, nothing where it is blank, the same where it says nothing.
    pub fn or_keep(self, now: Option<T>) -> Option<T> {
        match self {
            Self::Nothing => now,
            Self::Blank => None,
            Self::This(value) => Some(value),
        }
    }
}

impl<'a> Row<'a> {
    /// The rows of a grid below its header, without those that are empty.
    pub fn all(grid: &'a Grid, header: &'a Header) -> impl Iterator<Item = Self> {
        let rows = grid.rows.iter().enumerate().skip(1);
        rows.filter(|(_, cells)| cells.iter().any(|cell| *cell != Content::Empty)).map(move |(number, cells)| Self {
            header,
            number,
            cells,
            remarks: vec![],
            told: vec![],
        })
    }

    /// Its number as spreadsheets count.
    pub fn number(&self) -> usize {
        self.number + 1
    }

    /// The address of the cell in this column; of the first where there is no such column.
    pub fn cell(&self, column: &str) -> String {
        address(self.number, self.header.places.get(column).copied().unwrap_or(0))
    }

    /// The first of these columns that there is.
    pub fn first(&self, columns: [&'static str; 3]) -> &'static str {
        columns.into_iter().find(|column| self.header.places.contains_key(column)).unwrap_or(columns[0])
    }

    /// Notes that the cell in this column stands in the way.
    pub fn error(&mut self, column: &str, code: &str, message: impl AsRef<str>) {
        self.remarks.push(Remark::on(Level::Error, code, self.cell(column), message));
    }

    /// Notes what is wrong with a member of what the row says, at the cell that says it.
    pub fn fault(&mut self, fault: &Violation) {
        let path: Vec<_> = fault.pointer.trim_start_matches('/').split('/').collect();
        let named = [path.join("_"), path.first().copied().unwrap_or_default().to_owned()];
        let column = named.iter().find_map(|name| self.header.places.get(name.as_str()));
        let language = path.last().and_then(|tag| Language::parse(tag));
        let text =
            || self.header.texts.iter().find(|(known, _)| Some(known) == language.as_ref()).map(|(_, place)| place);
        let cell = address(self.number, column.or_else(text).copied().unwrap_or(0));
        self.remarks.push(Remark::on(Level::Error, fault.code, cell, &fault.detail));
    }

    /// Notes that somebody should look at the cell in this column.
    pub fn warn(&mut self, column: &str, code: &str, message: impl AsRef<str>) {
        self.remarks.push(Remark::on(Level::Warning, code, self.cell(column), message));
    }

    /// Notes what becomes of a member, unless it stays as it is.
    pub fn tell(&mut self, column: &str, from: Option<String>, to: Option<String>) {
        if from != to && self.header.places.contains_key(column) {
            self.tell_at(self.cell(column), column, from, to);
        }
    }

    fn tell_at(&mut self, cell: String, column: &str, from: Option<String>, to: Option<String>) {
        let state = if from.is_none() { RowState::New } else { RowState::Changed };
        self.told.push(Cell { cell, column: column.to_owned(), state, from, to });
    }

    /// The text in this column, which stands on one line.
    pub fn text(&mut self, column: &str) -> Said<String> {
        match self.header.places.get(column) {
            Some(place) => self.text_at(*place, column, Lines::One),
            None => Said::Nothing,
        }
    }

    /// The lines of the text in this column that are not blank.
    pub fn lines(&mut self, column: &str) -> Vec<String> {
        let Some(place) = self.header.places.get(column).copied() else { return vec![] };
        let text = self.text_at(place, column, Lines::Many).some().unwrap_or_default();
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }

    /// What the text in this column makes of `now`, which stays where the file says nothing else, blanks at the ends and the
    /// kind of line ends aside.
    pub fn kept(&mut self, column: &str, now: Option<&String>, lines: Lines) -> Option<String> {
        let Some(place) = self.header.places.get(column).copied() else { return now.cloned() };
        if let Some(now) = now.filter(|now| self.says(place, now)) {
            return Some(now.clone());
        }
        self.text_at(place, column, lines).or_keep(now.cloned())
    }

    /// Whether the cell at `place` says this.
    fn says(&self, place: usize, now: &str) -> bool {
        matches!(self.cells.get(place), Some(Content::Text(text)) if text.replace("\r\n", "\n").trim() == now.trim())
    }

    fn text_at(&mut self, place: usize, column: &str, lines: Lines) -> Said<String> {
        let cell = address(self.number, place);
        let mut fault = |code: &str, what: &str| {
            self.remarks.push(Remark::on(Level::Error, code, cell.clone(), what));
            Said::Nothing
        };
        match self.cells.get(place).unwrap_or(&Content::Empty) {
            Content::Empty => Said::Blank,
            Content::Text(text) => match (text.replace("\r\n", "\n").trim(), lines) {
                (text, Lines::One) if text.chars().any(char::is_control) => {
                    fault("line_end", "The value has a line end or another control character. Write it on one line.")
                }
                (text, _) => Said::This(text.to_owned()),
            },
            // What looks like a number may be a code or a reference.
            Content::Number(number) => Said::This(number.to_string()),
            Content::Day(day) => Said::This(day.clone()),
            Content::Truth(truth) => Said::This(truth.to_string()),
            Content::Formula => fault(
                "formula",
                &format!("A formula stands in '{column}'. Copy the column and paste it as values only."),
            ),
            Content::Fault(what) => fault(
                "cell_fault",
                &format!("The cell holds the error {what}. Write the value that '{column}' is to have."),
            ),
        }
    }

    /// The day in this column.
    pub fn day(&mut self, column: &str) -> Said<Date> {
        match self.text(column) {
            Said::This(written) => match written.parse() {
                Ok(day) => Said::This(day),
                Err(_) => {
                    let what = format!("'{written}' is no day. Write it as year-month-day, such as 2025-11-24.");
                    self.error(column, "not_a_day", what);
                    Said::Nothing
                }
            },
            Said::Blank => Said::Blank,
            Said::Nothing => Said::Nothing,
        }
    }

    /// The number in this column, of those that count something.
    pub fn number_of(&mut self, column: &str) -> Said<u32> {
        match self.text(column) {
            Said::This(written) => match written.parse() {
                Ok(number) => Said::This(number),
                Err(_) => {
                    let what = format!("'{written}' is no number of places. Write it in digits, such as 12.");
                    self.error(column, "not_a_number", what);
                    Said::Nothing
                }
            },
            Said::Blank => Said::Blank,
            Said::Nothing => Said::Nothing,
        }
    }

    /// Whether it is so, in this column; an empty cell says that it is not.
    pub fn truth(&mut self, column: &str, now: bool) -> bool {
        let known = |word: &str| match word {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        };
        match self.word(column, known, "true, false") {
            Said::This(so) => so,
            Said::Blank => false,
            Said::Nothing => now,
        }
    }

    /// The word in this column, of those that `parse` knows; `all` lists them for whoever wrote another.
    pub fn word<T>(&mut self, column: &str, parse: fn(&str) -> Option<T>, all: &str) -> Said<T> {
        match self.text(column) {
            Said::This(written) => match parse(&written.to_lowercase().replace([' ', '-'], "_")) {
                Some(word) => Said::This(word),
                None => {
                    self.error(column, "unknown_word", format!("'{written}' is not known here. Write one of: {all}."));
                    Said::Nothing
                }
            },
            Said::Blank => Said::Blank,
            Said::Nothing => Said::Nothing,
        }
    }

    /// The text that comes per language, where `now` holds: languages without a column stay.
    pub fn translated(&mut self, column: &str, now: Option<&Text>) -> Option<Text> {
        let mut text = now.cloned().unwrap_or_default();
        for (language, place) in self.header.texts.clone() {
            let before = text.get(&language).map(str::to_owned);
            if before.as_ref().is_some_and(|before| self.says(place, before)) {
                continue;
            }
            match self.text_at(place, column, Lines::Many) {
                Said::Nothing => continue,
                Said::Blank => drop(text.0.remove(&language)),
                Said::This(words) => drop(text.0.insert(language.clone(), words)),
            }
            let after = text.get(&language).map(str::to_owned);
            if before != after {
                self.tell_at(address(self.number, place), &format!("{column}[{language}]"), before, after);
            }
        }
        Some(text).filter(|text| !text.is_empty())
    }
}
