//! A program that subscribes: it asks with what it knows, keeps the last file it was sent, and takes entries as changed
//! when their SEQUENCE is higher.

use std::collections::BTreeMap;

use super::{
    super::{
        readers::{Seen, all},
        strict::faults,
    },
    programme::{Object, Programme, Wanted, versions},
};
use crate::support::{Answer, Client};

/// How it says what it knows.
#[derive(Debug, Clone, Copy)]
pub enum Habit {
    /// By `If-None-Match`.
    Tag,
    /// By `If-Modified-Since`.
    Date,
    /// By both.
    Both,
}

/// The program, with what it keeps.
pub struct Subscriber {
    path: String,
    object: Object,
    wanted: Wanted,
    habit: Habit,
    kept: Option<Kept>,
    /// The highest SEQUENCE seen of each entry, also of those that went.
    sequences: BTreeMap<String, u32>,
}

/// The last file, and what was true when it was sent or last confirmed.
struct Kept {
    answer: Answer,
    seen: Vec<Seen>,
    versions: BTreeMap<String, i64>,
}

impl Subscriber {
    pub fn new(path: String, object: Object, wanted: Wanted, habit: Habit) -> Self {
        Self { path, object, wanted, habit, kept: None, sequences: BTreeMap::new() }
    }

    /// How many entries it holds.
    pub fn entries(&self) -> usize {
        self.kept.as_ref().map_or(0, |kept| kept.seen.len())
    }

    /// Fetches once; whether it was told that it knows already. Whatever is not as it must be is an error.
    pub async fn poll(&mut self, reader: &Client, programme: &Programme) -> Result<bool, String> {
        let expected = programme.calendar(self.object, self.wanted);
        let answer = self.asking(reader).get(&self.path).await;
        let Some(expected) = expected else {
            self.kept = None;
            return self
                .require(answer.status == 404, || format!("{} instead of nothing", answer.status))
                .map(|()| false);
        };
        let known = answer.status == 304;
        if known {
            self.confirmed(reader).await?;
        } else {
            self.require(answer.status == 200, || format!("{}: {}", answer.status, answer.text))?;
            self.replaced(answer, versions(&expected))?;
        }
        self.holds(&expected.into_iter().map(|(seen, _)| seen).collect::<Vec<_>>())?;
        Ok(known)
    }

    /// The reader with what the program knows.
    fn asking(&self, reader: &Client) -> Client {
        let Some(kept) = &self.kept else { return reader.clone() };
        let (tag, date) = (kept.answer.header("etag"), kept.answer.header("last-modified"));
        match self.habit {
            Habit::Tag => reader.header("If-None-Match", tag),
            Habit::Date => reader.header("If-Modified-Since", date),
            Habit::Both => reader.header("If-None-Match", tag).header("If-Modified-Since", date),
        }
    }

    /// After a 304: whoever asks without knowing anything gets the bytes that are kept.
    async fn confirmed(&mut self, reader: &Client) -> Result<(), String> {
        let Some(kept) = &self.kept else { return Err(format!("{self}: 304 to who knows nothing")) };
        let whole = reader.get(&self.path).await;
        self.require(whole.text == kept.answer.text, || {
            format!("a 304, though the file is another\n{}\nbut kept was\n{}", whole.text, kept.answer.text)
        })
    }

    /// After a 200: what is judged between the file that was kept and the one that takes its place.
    fn replaced(&mut self, answer: Answer, versions: BTreeMap<String, i64>) -> Result<(), String> {
        self.require(faults(&answer.bytes).is_empty(), || format!("{:?}\n{}", faults(&answer.bytes), answer.text))?;
        let seen = all(&answer.text);
        for entry in &seen {
            let highest = self.sequences.get(&entry.uid).copied().unwrap_or_default();
            self.require(entry.sequence >= highest, || format!("SEQUENCE fell from {highest}: {entry:?}"))?;
        }
        if let Some(kept) = &self.kept {
            self.unchanged(kept, &answer, &versions)?;
            self.announced(kept, &seen)?;
        }
        self.sequences.extend(seen.iter().map(|entry| (entry.uid.clone(), entry.sequence)));
        self.kept = Some(Kept { answer, seen, versions });
        Ok(())
    }

    /// The entry of what has not changed is the same to the byte.
    fn unchanged(&self, kept: &Kept, answer: &Answer, versions: &BTreeMap<String, i64>) -> Result<(), String> {
        let (before, after) = (entries(&kept.answer.text), entries(&answer.text));
        for (uid, entry) in &after {
            let same = versions.get(uid).is_some_and(|version| kept.versions.get(uid) == Some(version));
            let was = before.get(uid).filter(|_| same);
            self.require(was.is_none_or(|was| was == entry), || format!("rewritten for nothing:\n{was:?}\n{entry}"))?;
        }
        Ok(())
    }

    /// What takes place at another time, or is called off, has a higher SEQUENCE: many programs look at nothing else.
    fn announced(&self, kept: &Kept, seen: &[Seen]) -> Result<(), String> {
        let told = |entry: &Seen| (entry.start.clone(), entry.end.clone(), entry.status.clone());
        for entry in seen {
            let was = kept.seen.iter().find(|was| was.uid == entry.uid && was.sequence == entry.sequence);
            self.require(was.is_none_or(|was| told(was) == told(entry)), || format!("unannounced: {was:?} {entry:?}"))?;
        }
        Ok(())
    }

    /// What it holds is what it is to hold. The API says nothing of the SEQUENCE of an event.
    fn holds(&self, expected: &[Seen]) -> Result<(), String> {
        let of_event = |seen: &Seen| seen.is_whole_days();
        let held = self.kept.iter().flat_map(|kept| &kept.seen);
        let held: Vec<_> =
            held.cloned().map(|seen| if of_event(&seen) { Seen { sequence: 0, ..seen } } else { seen }).collect();
        self.require(held == expected, || format!("it holds {held:#?} instead of {expected:#?}"))
    }

    fn require(&self, holds: bool, fault: impl FnOnce() -> String) -> Result<(), String> {
        if holds { Ok(()) } else { Err(format!("{self}: {}", fault())) }
    }
}

impl std::fmt::Display for Subscriber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({:?}, {:?}, {:?})", self.path, self.object, self.wanted, self.habit)
    }
}

/// The bytes of each entry by its UID.
fn entries(file: &str) -> BTreeMap<String, String> {
    let bodies = file.split("BEGIN:VEVENT\r\n").skip(1);
    let uid = |body: &str| body.strip_prefix("UID:").and_then(|rest| rest.split("\r\n").next()).unwrap().to_owned();
    bodies.map(|body| (uid(body), body.trim_end_matches("END:VCALENDAR\r\n").to_owned())).collect()
}
