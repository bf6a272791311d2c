//! The minutes of a session, laid out: a heading for each part that says something.

use domain::{
    Text,
    minutes::{Minutes, Part, State},
    proceedings::{Clerk, Fact},
};

use crate::{
    report::{Block, Report},
    statement::Line,
};

/// The minutes of the session with this title, in their language.
pub fn report(minutes: &Minutes, session: &Text) -> Report {
    let clerk = Clerk::of(&minutes.language);
    let say = |message: &str, facts: &[(&str, Fact<'_>)]| Line {
        language: clerk.language().clone(),
        text: clerk.say(message, facts),
    };
    let title = Line::resolve(session, &minutes.language).text;
    let parts = minutes.sections.iter().filter(|section| !section.text.trim().is_empty());
    let blocks = parts.flat_map(|section| {
        let words = Line { language: minutes.language.clone(), text: section.text.clone() };
        [Block::Heading(say(heading(section.part), &[])), Block::Paragraph(words)]
    });
    Report {
        language: minutes.language.clone(),
        banner: match minutes.state {
            State::Draft => Some(say("minutes-draft", &[])),
            State::Circulated => Some(say("minutes-circulated", &[])),
            State::Adopted => None,
        },
        title: say("minutes-title", &[("session", Fact::Words(&title))]),
        blocks: blocks.collect(),
    }
}

fn heading(part: Part) -> &'static str {
    match part {
        Part::Opening => "minutes-opening",
        Part::Attendance => "minutes-attendance",
        Part::Agenda => "minutes-agenda",
        Part::Discussion => "minutes-discussion",
        Part::Decisions => "minutes-decisions",
    }
}

#[cfg(test)]
mod tests {
    use domain::{Language, identifier::SessionId, minutes::Section};
    use uuid::Uuid;

    use super::*;
    use crate::report::markdown;

    fn minutes(state: State) -> Minutes {
        let section = |part, text: &str| Section { part, text: text.to_owned() };
        Minutes {
            session_id: SessionId(Uuid::nil()),
            state,
            language: Language::parse("pl").unwrap(),
            revision: 1,
            sections: vec![section(Part::Opening, "Miejsce: Seul\nOtwarcie\n"), section(Part::Discussion, " \n")],
            circulated_at: None,
            corrections_until: None,
            adopted_in: None,
        }
    }

    #[test]
    fn minutes_say_where_they_stand_until_they_are_adopted_and_leave_out_empty_parts() {
        let title: Text = serde_json::from_str(r#"{"pl": "Posiedzenie plenarne"}"#).unwrap();
        let draft = markdown(&report(&minutes(State::Draft), &title));
        assert_eq!(
            draft,
            "**Projekt, nierozesłany**\n\n# Protokół: Posiedzenie plenarne\n\n## Otwarcie\n\nMiejsce: Seul\\\nOtwarcie\n"
        );
        assert!(markdown(&report(&minutes(State::Adopted), &title)).starts_with("# Protokół"));
    }
}
