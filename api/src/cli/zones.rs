//! `plenum doctor --zones`: what the installed rules of time zones change, and to derive it again.

use std::{collections::BTreeSet, process::ExitCode};

use super::{Failure, explain, print};
use crate::{
    context::Ctx,
    schedule::zones::{Shift, rederive, shifts},
};

/// Prints a line for everything whose instant changes; with `confirm` derives again what can be. Fails while something
/// is left to do.
pub(super) async fn examine(ctx: &Ctx, confirm: bool) -> Result<ExitCode, Failure> {
    let found = shifts(ctx).await?;
    for shift in &found {
        print(line(shift))?;
    }
    if found.is_empty() {
        print("No instant changes: every session, booking and poll is as the rules of its zone have it.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let mendable: BTreeSet<_> = found.iter().filter(|shift| shift.becomes.is_ok()).map(|s| &s.time_zone).collect();
    let by_hand = found.iter().filter(|shift| shift.becomes.is_err()).count();
    let mut left = by_hand > 0;
    if !confirm && !mendable.is_empty() {
        print("Back up, then derive them again and tell subscribers: plenum doctor --zones --confirm")?;
        left = true;
    }
    for zone in mendable.into_iter().filter(|_| confirm) {
        match rederive(ctx, zone).await {
            Ok(count) => {
                print(format!("{zone}: {count} derived again; calendars, feeds and the change feed tell it."))?
            }
            Err(error) => {
                print(format!("{zone}: nothing was changed. {}", explain(&error)))?;
                left = true;
            }
        }
    }
    if by_hand > 0 {
        print(format!("To be given a time by a person: {by_hand}."))?;
    }
    Ok(if left { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn line(shift: &Shift) -> String {
    let Shift { subject, time_zone, was, becomes } = shift;
    let wall = format!("{} to {} ({time_zone})", was.starts_local, was.ends_local);
    match becomes {
        Ok(next) => format!(
            "{subject}: {wall} is {} to {}, not {} to {}",
            next.starts_at, next.ends_at, was.starts_at, was.ends_at
        ),
        Err(fault) => format!("{subject}: {wall} needs a person. {}", fault.detail),
    }
}
