//! Who is in whole delegations: as many, as different and as plausible as it is claimed.

use std::collections::BTreeSet;

use super::*;
use crate::demo::{Scenario, scenario::Data};

fn assembly() -> Vec<(String, Vec<Member>)> {
    let (data, parties) = (Data::of(Scenario::Marrakesh).unwrap(), Parties::load().unwrap());
    let languages = data.events[0].event.languages.clone();
    let codes =
        data.events[0].delegations.iter().map(|invited| String::from(invited.organisation_id.clone()).to_uppercase());
    codes
        .map(|code| {
            let party = parties.of(data.seed, &code, &languages);
            (code, party.unwrap())
        })
        .collect()
}

fn count(assembly: &[(String, Vec<Member>)], of: impl Fn(&Member) -> bool) -> usize {
    assembly.iter().flat_map(|(_, party)| party).filter(|member| of(member)).count()
}

#[test]
fn the_assembly_has_179_delegations_and_more_than_800_delegates_who_may_come() {
    let assembly = assembly();
    assert_eq!(assembly.len(), 179);
    let approved = count(&assembly, |member| member.ends_as == DelegateState::Approved);
    assert!((800..=1_000).contains(&approved), "{approved}");
    let sizes: BTreeSet<usize> = assembly.iter().map(|(_, party)| party.len()).collect();
    assert!(sizes.contains(&1) && sizes.last().is_some_and(|most| (12..=15).contains(most)), "{sizes:?}");
}

#[test]
fn the_same_seed_gives_the_same_people_and_another_others() {
    let (parties, english) = (Parties::load().unwrap(), [Language::english()]);
    assert_eq!(parties.of(93, "PL", &english), parties.of(93, "PL", &english));
    assert_ne!(parties.of(93, "PL", &english), parties.of(94, "PL", &english));
    assert_eq!(parties.of(93, "XX", &english), None);
}

#[test]
fn every_delegation_has_one_head_and_nobody_twice() {
    for (code, party) in assembly() {
        let heads = party.iter().filter(|member| member.function == Function::Head).count();
        assert_eq!((heads, party[0].function), (1, Function::Head), "{code}");
        let names: BTreeSet<_> = party.iter().map(|member| &member.name.display).collect();
        assert_eq!(names.len(), party.len(), "{code}");
        assert!(party[0].level.is_some() && party[0].participation == Participation::InPerson, "{code}");
    }
}

#[test]
fn names_come_from_every_part_of_the_world_in_the_order_of_the_place() {
    let parties = Parties::load().unwrap();
    let assembly = assembly();
    for (name, area) in &parties.areas {
        let families: BTreeSet<_> = area.families.iter().chain(&area.families_of_women).collect();
        let used = count(&assembly, |member| match (&member.name.family, area.order) {
            (Some(family), _) => families.iter().any(|one| family.split(' ').next() == one.split(' ').next()),
            (None, order) => order == Order::NoFamily,
        });
        assert!(used > 0, "{name}");
        assert!(area.families_of_women.is_empty() || area.families_of_women.len() == area.families.len(), "{name}");
    }
    let of = |code: &str| parties.of(93, code, &[]).unwrap().remove(0).name;
    let (korean, pole, burmese) = (of("KR"), of("PL"), of("MM"));
    assert!(korean.display.starts_with(korean.family.as_deref().unwrap()), "{korean:?}");
    assert!(pole.display.ends_with(pole.family.as_deref().unwrap()), "{pole:?}");
    assert_eq!((burmese.given, burmese.family), (None, None));
}

#[test]
fn interpreters_come_where_nobody_at_home_speaks_a_language_of_the_meeting() {
    let data = Data::of(Scenario::Marrakesh).unwrap();
    let spoken = &data.events[0].event.languages;
    let parties = Parties::load().unwrap();
    for (code, party) in assembly() {
        let understood = parties.states[&code].languages.iter().any(|language| spoken.contains(language));
        let interpreters: Vec<_> = party.iter().filter(|member| member.function == Function::Interpreter).collect();
        assert_eq!(interpreters.len(), usize::from(!understood && party.len() >= 4), "{code}");
        for interpreter in interpreters {
            assert!(spoken.iter().all(|language| interpreter.languages.contains(language)), "{code}");
            assert_eq!(interpreter.level, None);
        }
    }
}

#[test]
fn ranks_ways_to_take_part_and_decisions_differ() {
    let assembly = assembly();
    for level in [Level::Minister, Level::DeputyMinister, Level::Ambassador, Level::SeniorOfficial] {
        let led = assembly.iter().filter(|(_, party)| party[0].level == Some(level)).count();
        assert!(led >= 15, "{level}: {led}");
    }
    for function in Function::ALL {
        assert!(count(&assembly, |member| member.function == *function) > 0, "{function}");
    }
    for state in [DelegateState::Withdrawn, DelegateState::OnHold, DelegateState::Rejected] {
        assert!((1..60).contains(&count(&assembly, |member| member.ends_as == state)), "{state}");
    }
    assert!((5..60).contains(&count(&assembly, |member| member.participation == Participation::Online)));
    assert!((5..60).contains(&count(&assembly, |member| member.protected)));
}
