//! What a row says of a delegate, whoever that is.

use super::{
    table::{Lines, Row, Said},
    told,
};
use crate::attendance::{Capacity, Function, Level, Nomination, Participation};

/// What stands for a delegate who may do nothing; an empty cell means what is usual for the function.
pub const NO_CAPACITIES: &str = "none";

/// The nomination that the row makes of the one there is, or of `base`, of which nothing is said yet.
pub fn said(row: &mut Row<'_>, now: Option<&Nomination>, base: &Nomination) -> Nomination {
    let next = Nomination {
        function: function(row, now.is_none(), base.function),
        position: row.translated("position", base.position.as_ref()),
        level: row.word("level", Level::parse, &listed(Level::ALL)).or_keep(base.level),
        participation: participation(row, base.participation),
        capacities: capacities(row, base.capacities.as_ref()),
        name_on_id: row.kept("name_on_id", base.name_on_id.as_ref(), Lines::Many),
        diet: row.kept("diet", base.diet.as_ref(), Lines::Many),
        access_needs: row.kept("access_needs", base.access_needs.as_ref(), Lines::Many),
        arrives_on: row.day("arrives_on").or_keep(base.arrives_on),
        departs_on: row.day("departs_on").or_keep(base.departs_on),
        late_reason: row.kept("late_reason", base.late_reason.as_ref(), Lines::Many),
        not_listed: row.truth("not_listed", base.not_listed),
        ..base.clone()
    };
    for fault in next.check().err().into_iter().flatten() {
        row.fault(&fault);
    }
    tell(row, now, &next);
    next
}

fn listed<T: ToString>(words: &[T]) -> String {
    words.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

fn function(row: &mut Row<'_>, is_new: bool, base: Function) -> Function {
    let words = listed(Function::ALL);
    match row.word("function", Function::parse, &words) {
        Said::This(function) => return function,
        Said::Blank if is_new => {
            row.error("function", "no_function", format!("No function is given. Write one of: {words}."));
        }
        Said::Blank | Said::Nothing => {}
    }
    base
}

fn participation(row: &mut Row<'_>, base: Participation) -> Participation {
    row.word("participation", Participation::parse, &listed(Participation::ALL)).some().unwrap_or(base)
}

/// What the row says that somebody may do, in the order of the words and not of the file.
fn capacities(row: &mut Row<'_>, now: Option<&Vec<Capacity>>) -> Option<Vec<Capacity>> {
    let written = match row.text("capacities") {
        Said::Nothing => return now.cloned(),
        Said::Blank => return None,
        Said::This(written) => written.to_lowercase(),
    };
    if written == NO_CAPACITIES {
        return Some(vec![]);
    }
    let words = written.split([',', ';']).map(|word| word.trim().replace([' ', '-'], "_"));
    let named: Option<Vec<_>> = words.map(|word| Capacity::parse(&word)).collect();
    let Some(named) = named else {
        let what = format!(
            "'{written}' is not known here. Write some of {} with commas between them, or '{NO_CAPACITIES}'.",
            listed(Capacity::ALL)
        );
        row.error("capacities", "unknown_word", what);
        return now.cloned();
    };
    Some(Capacity::ALL.iter().copied().filter(|capacity| named.contains(capacity)).collect())
}

/// How capacities are written.
pub fn written(capacities: &[Capacity]) -> String {
    if capacities.is_empty() { NO_CAPACITIES.to_owned() } else { listed(capacities) }
}

/// A column, and what stands in it of a nomination.
type Member = (&'static str, fn(&Nomination) -> Option<String>);

/// Shows what becomes of every member; [`Row::translated`] has shown the position.
fn tell(row: &mut Row<'_>, now: Option<&Nomination>, next: &Nomination) {
    let members: [Member; 11] = [
        ("function", |said| told(Some(said.function))),
        ("level", |said| told(said.level)),
        ("participation", |said| told(Some(said.participation))),
        ("capacities", |said| said.capacities.as_deref().map(written)),
        ("name_on_id", |said| said.name_on_id.clone()),
        ("diet", |said| said.diet.clone()),
        ("access_needs", |said| said.access_needs.clone()),
        ("arrives_on", |said| told(said.arrives_on)),
        ("departs_on", |said| told(said.departs_on)),
        ("late_reason", |said| said.late_reason.clone()),
        ("not_listed", |said| told(Some(said.not_listed).filter(|hidden| *hidden))),
    ];
    for (column, member) in members {
        row.tell(column, now.and_then(member), member(next));
    }
}
