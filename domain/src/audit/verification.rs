//! Going through the whole log, entry by entry, until something does not fit.

use std::{collections::BTreeMap, iter::Peekable, slice::Iter};

use jiff::Timestamp;
use uuid::Uuid;

use super::{ADDRESS, ADDRESS_KEPT, AuditKey, Commitment, ERASED, Entry, Head, Kept, Mac, Seal};

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A number is missing.
    #[error("entry {0} is missing: it was deleted, or moved to another place")]
    Missing(i64),
    /// A number stands where another should.
    #[error("entry {0} stands where it does not belong: it was inserted, repeated or moved")]
    Misplaced(i64),
    /// The entry does not fit its seal.
    #[error("entry {0} is not what was sealed: it, or its seal, was changed")]
    Changed(i64),
    /// An entry lost its seal.
    #[error("entry {0} was sealed once, and its seal is missing")]
    SealMissing(i64),
    /// A seal too many.
    #[error("there is a seal {0} that belongs to no entry")]
    SealMisplaced(i64),
    /// A value does not fit its entry.
    #[error("the personal value '{field}' of entry {seq} is not the one that was recorded")]
    ValueChanged {
        /// The entry.
        seq: i64,
        /// The value.
        field: String,
    },
    /// A value is gone that nobody erased.
    #[error("the personal value '{field}' of entry {seq} is gone, and no erasure of that person is recorded")]
    ValueMissing {
        /// The entry.
        seq: i64,
        /// The value.
        field: String,
    },
    /// A value too many.
    #[error("there is a personal value '{field}' of entry {seq} that was not recorded with it")]
    ValueMisplaced {
        /// The entry.
        seq: i64,
        /// The value.
        field: String,
    },
    /// Entries are missing at the end.
    #[error("the log ends with entry {last}, but numbers up to {counted} were given out: entries were cut off")]
    CutOff {
        /// The last entry there is.
        last: i64,
        /// The last number given out.
        counted: i64,
    },
    /// The head does not fit the chain.
    #[error("the log does not lead to the head {0}: what it vouches for was cut off or made anew")]
    Head(Head),
    /// Rows that cannot be read.
    #[error("what follows entry {0} cannot be read: it was damaged")]
    Unreadable(i64),
}

/// What the database says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The last number given to an entry.
    pub entries: i64,
    /// The last number sealed.
    pub seals: i64,
}

/// What was checked and found whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries there are.
    pub entries: i64,
    /// Entries that are sealed; those after them are about to be.
    pub sealed: i64,
    /// When the last entry was written.
    pub last_at: Option<Timestamp>,
    /// Personal values that are those of then.
    pub values: u64,
    /// Personal values that were erased.
    pub erased: u64,
    /// The end of the chain.
    pub head: Option<Head>,
}

/// A check in progress. Rows are taken in portions, each whole and in the order of the numbers.
#[derive(Debug)]
pub struct Verification<'a> {
    key: &'a AuditKey,
    counted: Counted,
    expected: Option<Head>,
    now: Timestamp,
    mac: Mac,
    report: Report,
    // The first value that is missing of each subject whose erasure has not come yet.
    missing: BTreeMap<Uuid, (i64, String)>,
}

impl<'a> Verification<'a> {
    /// A check that has seen nothing yet. `expected` is an earlier head the chain must lead to.
    pub fn new(key: &'a AuditKey, counted: Counted, expected: Option<Head>, now: Timestamp) -> Self {
        Self { key, counted, expected, now, mac: Mac::START, report: Report::default(), missing: BTreeMap::new() }
    }

    /// The last entry that was found in order.
    pub fn last(&self) -> i64 {
        self.report.entries
    }

    /// Takes the next entries with all seals and values that go with them.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn take(&mut self, entries: &[Entry], seals: &[Seal], values: &[Kept]) -> Result<(), Fault> {
        let (mut seals, mut values) = (seals.iter().peekable(), values.iter().peekable());
        for entry in entries {
            self.in_order(entry)?;
            self.sealed(entry, &mut seals)?;
            self.values(entry, &mut values)?;
            self.report.entries = entry.seq;
            self.report.last_at = Some(entry.at);
        }
        if let Some(seal) = seals.next() {
            return Err(Fault::SealMisplaced(seal.seq));
        }
        values.next().map_or(Ok(()), |value| Err(misplaced(value)))
    }

    /// Ends the check.
    ///
    /// # Errors
    /// What is missing at the end.
    pub fn finish(self) -> Result<Report, Fault> {
        let (last, counted) = (self.report.entries, self.counted.entries.max(self.counted.seals));
        if last < counted {
            return Err(Fault::CutOff { last, counted });
        }
        if let Some(head) = self.expected.filter(|head| head.seq > self.report.sealed) {
            return Err(Fault::Head(head));
        }
        match self.missing.into_values().min() {
            Some((seq, field)) => Err(Fault::ValueMissing { seq, field }),
            None => Ok(self.report),
        }
    }

    fn in_order(&self, entry: &Entry) -> Result<(), Fault> {
        let expected = self.report.entries + 1;
        if entry.seq > self.counted.entries || entry.seq < expected {
            return Err(Fault::Misplaced(entry.seq));
        }
        if entry.seq > expected { Err(Fault::Missing(expected)) } else { Ok(()) }
    }

    fn sealed(&mut self, entry: &Entry, seals: &mut Peekable<Iter<'_, Seal>>) -> Result<(), Fault> {
        let seal = seals.next_if(|seal| seal.seq <= entry.seq);
        if entry.seq > self.counted.seals {
            return seal.map_or(Ok(()), |seal| Err(Fault::SealMisplaced(seal.seq)));
        }
        let seal = seal.ok_or(Fault::SealMissing(entry.seq))?;
        if seal.seq < entry.seq {
            return Err(Fault::SealMisplaced(seal.seq));
        }
        self.mac = self.key.seal(self.mac, entry);
        if self.mac != seal.mac {
            return Err(Fault::Changed(entry.seq));
        }
        if let Some(head) = self.expected.filter(|head| head.seq == seal.seq && head.mac != seal.mac) {
            return Err(Fault::Head(head));
        }
        self.report.sealed = seal.seq;
        self.report.head = Some(*seal);
        Ok(())
    }

    fn values(&mut self, entry: &Entry, values: &mut Peekable<Iter<'_, Kept>>) -> Result<(), Fault> {
        let recorded = serde_json::from_value::<BTreeMap<String, Commitment>>(entry.personal.clone());
        let mut recorded = recorded.map_err(|_| Fault::Changed(entry.seq))?;
        while let Some(value) = values.next_if(|value| value.seq <= entry.seq) {
            let commitment = recorded.remove(&value.field).filter(|_| value.seq == entry.seq);
            if value.commitment() != commitment.ok_or_else(|| misplaced(value))? {
                return Err(Fault::ValueChanged { seq: value.seq, field: value.field.clone() });
            }
            self.report.values += 1;
        }
        for (field, commitment) in recorded {
            self.report.erased += 1;
            if field == ADDRESS && self.now.duration_since(entry.at) > ADDRESS_KEPT {
                continue;
            }
            self.missing.entry(commitment.subject).or_insert((entry.seq, field));
        }
        if entry.action == ERASED {
            self.missing.remove(&entry.object_id);
        }
        Ok(())
    }
}

fn misplaced(value: &Kept) -> Fault {
    Fault::ValueMisplaced { seq: value.seq, field: value.field.clone() }
}
