//! What may be said of practical arrangements.

use super::*;

/// Everything that is wrong with them; times are written down as they are meant.
pub(super) fn all(
    said: &mut Arrangements,
    event: &Event,
    venues: &Venues,
    before: &Arrangements,
) -> Result<(), Vec<Violation>> {
    let mut check = Check::new();
    let days = Days::of(event);
    few(said.working_hours.len(), 50, "/working_hours", &mut check);
    for (at, hours) in said.working_hours.iter().enumerate() {
        let pointer = format!("/working_hours/{at}");
        check.require(
            !said.working_hours[..at].contains(hours),
            &pointer,
            "repeated",
            "Give every part of the day once.",
        );
        days.check_all(&hours.days, &pointer, &mut check);
    }
    holidays(&said.holidays, &days, &mut check);
    observances(&mut said.observances, event, &days, &mut check);
    walks(&said.walks, venues, &before.walks, &mut check);
    interpreters(&said.interpreters, &mut check);
    check.finish()
}

fn few(count: usize, most: usize, pointer: &str, check: &mut Check) {
    check.require(count <= most, pointer, "too_many", format!("Give at most {most}."));
}

/// The days on which something of an event may be.
struct Days {
    first: Date,
    last: Date,
}

impl Days {
    fn of(event: &Event) -> Self {
        let (first, last) = event.details.days_with_margin();
        Self { first, last }
    }

    fn refusal(&self) -> String {
        let Self { first, last } = self;
        format!(
            "Give times between {first} and {last}, a day before and after the event, or change the days of the event."
        )
    }

    fn check(&self, day: Date, pointer: &str, check: &mut Check) {
        check.require((self.first..=self.last).contains(&day), pointer, "outside_event", self.refusal());
    }

    fn check_all(&self, days: &[Date], pointer: &str, check: &mut Check) {
        few(days.len(), 100, &format!("{pointer}/days"), check);
        for (at, day) in days.iter().enumerate() {
            let pointer = format!("{pointer}/days/{at}");
            check.require(!days[..at].contains(day), &pointer, "repeated", "Name every day once.");
            self.check(*day, &pointer, check);
        }
    }

    fn hold(&self, slot: &Slot) -> bool {
        let closes = self.last.saturating_add(1.day()).to_datetime(Time::midnight());
        slot.starts_local >= self.first.to_datetime(Time::midnight()) && slot.ends_local <= closes
    }
}

fn holidays(said: &[DayOff], days: &Days, check: &mut Check) {
    few(said.len(), 50, "/holidays", check);
    for (at, own) in said.iter().enumerate() {
        let pointer = format!("/holidays/{at}");
        check.take(own.name.check(&format!("{pointer}/name"), 200));
        days.check(own.day, &format!("{pointer}/day"), check);
        let again = said[..at].iter().any(|other| other.day == own.day);
        check.require(!again, &format!("{pointer}/day"), "repeated", "Name every day once, with all it is called.");
    }
}

fn observances(said: &mut [KeptFree], event: &Event, days: &Days, check: &mut Check) {
    few(said.len(), 30, "/observances", check);
    let Some(zone) = check.take(time::zone(&event.details.time_zone, "/observances")) else { return };
    for (at, own) in said.iter_mut().enumerate() {
        let pointer = format!("/observances/{at}");
        check.take(own.name.check(&format!("{pointer}/name"), 200));
        match &mut own.when {
            When::Daily(hours) => days.check_all(&hours.days, &format!("{pointer}/when/daily"), check),
            When::Once(placement) => {
                let here = format!("{pointer}/when/once");
                let moved =
                    |fault: Violation| Violation { pointer: fault.pointer.replacen("/placement", &here, 1), ..fault };
                let Some(slot) = check.take(Slot::parse(placement, &zone).map_err(moved)) else { continue };
                let detail = "Give an end that is later than the start.";
                check.require(slot.ends_at > slot.starts_at, &format!("{here}/end"), "ends_before_start", detail);
                check.require(days.hold(&slot), &here, "outside_event", days.refusal());
                *placement = slot.placement();
            }
        }
    }
    for at in 1..said.len() {
        let again = said[..at].contains(&said[at]);
        check.require(!again, &format!("/observances/{at}"), "repeated", "Name every time that is kept free once.");
    }
}

fn walks(said: &[Distance], venues: &Venues, before: &[Distance], check: &mut Check) {
    few(said.len(), 200, "/walks", check);
    let mut told = HashSet::new();
    for (at, walk) in said.iter().enumerate() {
        let pointer = format!("/walks/{at}");
        let fits = walk.minutes <= 1440;
        check.require(fits, &format!("{pointer}/minutes"), "out_of_range", "Give 0 to 1440 minutes.");
        let stays = before.contains(walk);
        for (end, part) in walk.between.iter().enumerate() {
            place(part, venues, stays, &format!("{pointer}/between/{end}"), check);
        }
        let ends =
            walk.between.each_ref().map(|part| (venues.key(&part.venue).unwrap_or(&part.venue), part.zone.as_deref()));
        let [one, other] = ends;
        let new = told.insert([one.min(other), one.max(other)]);
        check.require(new, &pointer, "repeated", "Give the way between two places once; it is the same back.");
    }
}

fn place(part: &VenuePart, venues: &Venues, stays: bool, pointer: &str, check: &mut Check) {
    if check.take(crate::language::check_line(&part.venue, &format!("{pointer}/venue"), 200)).is_none() {
        return;
    }
    let is_zone = part.zone.as_deref().is_none_or(is_word);
    let detail = "Write the zone as rooms have it, a word of 2 to 40 small letters, digits and '_'.";
    check.require(is_zone, &format!("{pointer}/zone"), "invalid", detail);
    if stays || !is_zone {
        return;
    }
    let Some(key) = venues.key(&part.venue) else {
        let detail =
            "Name a venue as its rooms do, in any of its languages: GET /rooms lists them. No room is in this one.";
        check.add(Violation::new(format!("{pointer}/venue"), "unknown_venue", detail));
        return;
    };
    let known = part.zone.as_deref().is_none_or(|zone| venues.has_zone(key, zone));
    let detail = "Name a zone as rooms of this venue do: GET /rooms lists them. No room is in this one.";
    check.require(known, &format!("{pointer}/zone"), "unknown_zone", detail);
}

fn interpreters(said: &[Teams], check: &mut Check) {
    few(said.len(), 20, "/interpreters", check);
    for (at, own) in said.iter().enumerate() {
        let pointer = format!("/interpreters/{at}");
        check.require(own.teams <= 100, &format!("{pointer}/teams"), "out_of_range", "Give 0 to 100 teams.");
        let again = said[..at].iter().any(|other| other.language == own.language);
        check.require(
            !again,
            &format!("{pointer}/language"),
            "repeated",
            "Name every language once, with all its teams.",
        );
    }
}
