//! Three-way merge, line by line: what two people made of one text comes together where they did not touch the same
//! lines, and is refused where they did. Nothing is ever guessed.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// A change of one side: the lines of the base from `start` to `end` become `lines`.
#[derive(Debug, PartialEq, Eq)]
struct Hunk<'a> {
    start: usize,
    end: usize,
    lines: &'a [&'a str],
}

/// Both sides changed the same lines, each in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict;

/// What comes of `base` when one side made `ours` of it and the other `theirs`.
pub fn merge(base: &str, ours: &str, theirs: &str) -> Result<String, Conflict> {
    if ours == theirs || theirs == base {
        return Ok(ours.to_owned());
    }
    if ours == base {
        return Ok(theirs.to_owned());
    }
    let [base, ours, theirs] = [base, ours, theirs].map(lines);
    let mut hunks = hunks(&base, &ours);
    for theirs in self::hunks(&base, &theirs) {
        if hunks.contains(&theirs) {
            continue;
        }
        if hunks.iter().any(|ours| touch(ours, &theirs)) {
            return Err(Conflict);
        }
        hunks.push(theirs);
    }
    hunks.sort_by_key(|hunk| (hunk.start, hunk.end));
    let (mut merged, mut at) = (vec![], 0);
    for hunk in hunks {
        merged.extend_from_slice(&base[at..hunk.start]);
        merged.extend_from_slice(hunk.lines);
        at = hunk.end;
    }
    merged.extend_from_slice(&base[at..]);
    Ok(merged.concat())
}

/// With their ends, so that a last line without one is another line.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// What lies between the lines that both texts keep. Taken from those alone, as a difference does not say reliably
/// where in the base lines that it adds beside deleted ones belong.
fn hunks<'a>(base: &[&str], side: &'a [&'a str]) -> Vec<Hunk<'a>> {
    let mut kept: Vec<(Range<usize>, Range<usize>)> = capture_diff_slices(Algorithm::Myers, base, side)
        .into_iter()
        .filter(|op| op.tag() == DiffTag::Equal)
        .map(|op| (op.old_range(), op.new_range()))
        .collect();
    kept.push((base.len()..base.len(), side.len()..side.len()));
    let (mut old, mut new) = (0, 0);
    let mut hunks = vec![];
    for (kept_old, kept_new) in kept {
        if old < kept_old.start || new < kept_new.start {
            hunks.push(Hunk { start: old, end: kept_old.start, lines: &side[new..kept_new.start] });
        }
        (old, new) = (kept_old.end, kept_new.end);
    }
    hunks
}

/// Whether two changes are of the same lines, or in the same place, where nobody knows which comes first.
fn touch(one: &Hunk<'_>, other: &Hunk<'_>) -> bool {
    (one.start < other.end && other.start < one.end) || one.start == other.start
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BASE: &str = "Opening\nThe chair opened the session.\nDecisions\nNone.\nClosing\n";

    #[test]
    fn two_people_in_two_places_both_keep_their_words() {
        let ours = BASE.replace("None.", "The text was adopted.");
        let theirs = BASE.replace("Opening\n", "Opening\nThe meeting began late.\n");
        let both = "Opening\nThe meeting began late.\nThe chair opened the session.\nDecisions\nThe text was adopted.\nClosing\n";
        assert_eq!(merge(BASE, &ours, &theirs).as_deref(), Ok(both));
    }

    #[test]
    fn the_same_line_changed_in_two_ways_is_nobodys_to_guess() {
        let (ours, theirs) = (BASE.replace("None.", "One."), BASE.replace("None.", "Two."));
        assert_eq!(merge(BASE, &ours, &theirs), Err(Conflict));
        // One deletes what the other changed.
        assert_eq!(merge(BASE, &ours, &BASE.replace("None.\n", "")), Err(Conflict));
        // Both add in the same place.
        let (ours, theirs) = (format!("{BASE}A.\n"), format!("{BASE}B.\n"));
        assert_eq!(merge(BASE, &ours, &theirs), Err(Conflict));
    }

    #[test]
    fn lines_added_beside_deleted_ones_stay_in_their_place() {
        let (base, ours, theirs) = ("d\na\nc\nd\nb\n", "a\nb\nb\n", "d\nc\nd\n");
        // We drop d, c and d and add a b; they drop a and b.
        assert_eq!(merge(base, ours, theirs).as_deref(), Ok("b\n"));
        assert_eq!(merge(base, theirs, ours).as_deref(), Ok("b\n"));
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(&["a\n", "b\n", "c\n", "d\n"][..]), 0..8)
            .prop_map(|lines| lines.concat())
    }

    proptest! {
        #[test]
        fn who_changes_nothing_stands_in_nobodys_way(base in text(), side in text()) {
            prop_assert_eq!(merge(&base, &side, &base), Ok(side.clone()));
            prop_assert_eq!(merge(&base, &base, &side), Ok(side.clone()));
            prop_assert_eq!(merge(&base, &side, &side), Ok(side));
        }

        #[test]
        fn it_does_not_matter_who_came_first(base in text(), ours in text(), theirs in text()) {
            prop_assert_eq!(merge(&base, &ours, &theirs), merge(&base, &theirs, &ours));
        }

        /// Lines that one side added and the base never had are all there afterwards.
        #[test]
        fn no_new_line_is_lost(
            base in text(), at in 0..9usize, other_at in 0..9usize
        ) {
            let lines: Vec<&str> = base.split_inclusive('\n').collect();
            let with = |at: usize, new: &'static str| {
                let at = at.min(lines.len());
                [&lines[..at], &[new], &lines[at..]].concat().concat()
            };
            match merge(&base, &with(at, "ours\n"), &with(other_at, "theirs\n")) {
                Ok(merged) => {
                    prop_assert!(merged.contains("ours\n") && merged.contains("theirs\n"));
                    prop_assert_eq!(merged.replace("ours\n", "").replace("theirs\n", ""), base);
                }
                Err(Conflict) => prop_assert_eq!(at.min(lines.len()), other_at.min(lines.len())),
            }
        }
    }
}
