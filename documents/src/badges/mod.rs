//! Sheets of badges, to be printed and cut: the name large, the colour that of the category, the code as a vector.

use domain::{
    Language, Text,
    attendance::{
        Category,
        door::{BadgePhrases, Paper, Printed, in_order},
        participants::phrases::Phrases,
    },
};
use serde::Serialize;

use crate::{
    Line,
    line::list_name,
    pdf::{Fonts, Refusal, Template, compile},
    qr,
};

const TEMPLATE: Template = Template { name: "badges.typ", text: include_str!("badges.typ") };

/// Badges resolved for one language.
#[derive(Debug, Clone, Serialize)]
pub struct BadgeSheet {
    language: Language,
    paper: Paper,
    title: Line,
    event: Line,
    badges: Vec<Card>,
}

#[derive(Debug, Clone, Serialize)]
struct Card {
    colour: &'static str,
    category: Line,
    name: Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Line>,
    organisation: Line,
    number: Line,
    qr: String,
}

/// By what guards tell from afar who somebody is; white letters can be read on each.
fn colour(category: Category) -> &'static str {
    match category {
        Category::Member => "#1b4f8f",
        Category::Observer => "#4f5b66",
        Category::Igo => "#0b6e69",
        Category::Ngo => "#3f6b22",
        Category::Media => "#9c4413",
        Category::Host => "#7a1f5c",
        Category::Secretariat => "#222222",
        Category::Guest => "#73590f",
    }
}

/// Resolves badges for readers of `language`, in the order in which they are handed out.
///
/// # Errors
/// A badge whose content fits no code, which is a fault of ours.
pub fn render(
    event: &Text,
    badges: Vec<Printed>,
    paper: Paper,
    language: &Language,
) -> Result<BadgeSheet, qr::TooLong> {
    let words = Words { language, own: BadgePhrases::open(language), list: Phrases::open(language) };
    let badges = in_order(badges, language);
    Ok(BadgeSheet {
        language: language.clone(),
        paper,
        title: words.say(words.own.as_ref().and_then(BadgePhrases::title), "Badges"),
        event: Line::resolve(event, language),
        badges: badges.iter().map(|badge| words.card(badge)).collect::<Result<_, _>>()?,
    })
}

struct Words<'a> {
    language: &'a Language,
    own: Option<BadgePhrases>,
    list: Option<Phrases>,
}

impl Words<'_> {
    fn say(&self, said: Option<(Language, String)>, otherwise: &str) -> Line {
        said.map_or_else(|| Line { language: Language::english(), text: otherwise.to_owned() }, Line::from)
    }

    fn card(&self, badge: &Printed) -> Result<Card, qr::TooLong> {
        let function = badge.person.function;
        let function = self.say(self.list.as_ref().and_then(|words| words.function(function)), function.as_str());
        let own = |text: String| Line { language: self.language.clone(), text };
        // Whoever is protected is called by the function, which then does not stand there twice.
        let (name, function, position) = match &badge.person.named {
            Some(named) => {
                let name = named.honorific.iter().chain([&named.name]).cloned().collect::<Vec<_>>().join(" ");
                let position = named.position.as_ref().map(|position| Line::resolve(position, self.language));
                (own(name), Some(function), position)
            }
            None => (function, None, None),
        };
        let number = badge.number();
        Ok(Card {
            colour: colour(badge.category),
            category: self
                .say(self.own.as_ref().and_then(|words| words.category(badge.category)), badge.category.as_str()),
            name,
            function,
            position,
            organisation: list_name(&badge.names, &badge.code, self.language),
            number: self.say(self.own.as_ref().and_then(|words| words.number(&number)), &number),
            qr: qr::svg(badge.qr.reveal())?,
        })
    }
}

/// The sheets as a tagged PDF.
pub fn pdf(sheet: &BadgeSheet, fonts: &Fonts) -> Result<Vec<u8>, Refusal> {
    compile(&TEMPLATE, sheet, fonts)
}
