//! What was measured, against what was promised.

/// Figures in the order they were measured.
#[derive(Default)]
pub struct Report {
    lines: Vec<(String, f64, &'static str, Option<f64>)>,
}

impl Report {
    /// Adds a figure; `limit` is what it must not exceed.
    pub fn line(&mut self, what: &str, figure: f64, unit: &'static str, limit: Option<f64>) {
        self.lines.push((what.to_owned(), figure, unit, limit));
    }

    /// Prints the table.
    pub fn print(&self) {
        println!("{:<34} {:>10}  {:<16} {:>8}", "case", "measured", "unit", "limit");
        for (what, figure, unit, limit) in &self.lines {
            let verdict = match limit {
                Some(limit) if figure <= limit => format!("{limit:>8} kept"),
                Some(limit) => format!("{limit:>8} EXCEEDED"),
                None => String::new(),
            };
            println!("{what:<34} {figure:>10.3}  {unit:<16} {verdict}");
        }
    }
}
