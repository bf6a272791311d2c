//! Offices of people who come to an assembly of police organisations, and which of them a delegation consists of.

use domain::{
    Language, Text,
    attendance::{Function, Level},
};

use super::chance::Chance;

/// An office held at home.
#[derive(Debug, PartialEq, Eq)]
pub struct Post {
    /// The rank it has.
    pub level: Option<Level>,
    /// How its holder is addressed.
    pub honorific: Option<&'static str>,
    /// What it is called in English, French and Polish.
    names: [&'static str; 3],
}

impl Post {
    /// What it is called.
    pub fn position(&self) -> Text {
        let languages = ["en", "fr", "pl"].map(Language::parse);
        let named = languages.into_iter().zip(self.names);
        Text(named.filter_map(|(language, name)| Some((language?, name.to_owned()))).collect())
    }
}

const fn high(level: Level, names: [&'static str; 3]) -> Post {
    Post { level: Some(level), honorific: Some("H.E."), names }
}

const fn post(level: Level, names: [&'static str; 3]) -> Post {
    Post { level: Some(level), honorific: None, names }
}

const fn service(names: [&'static str; 3]) -> Post {
    Post { level: None, honorific: None, names }
}

const MINISTERS: &[Post] = &[
    high(Level::Minister, ["Minister of the Interior", "Ministre de l'Intérieur", "Minister spraw wewnętrznych"]),
    high(
        Level::Minister,
        ["Minister of Public Security", "Ministre de la Sécurité publique", "Minister bezpieczeństwa publicznego"],
    ),
    high(Level::Minister, ["Minister of Justice", "Ministre de la Justice", "Minister sprawiedliwości"]),
];

const DEPUTY_MINISTERS: &[Post] = &[
    high(
        Level::DeputyMinister,
        [
            "Deputy Minister, Ministry of the Interior",
            "Vice-ministre, ministère de l'Intérieur",
            "Wiceminister, Ministerstwo Spraw Wewnętrznych",
        ],
    ),
    high(
        Level::DeputyMinister,
        [
            "State Secretary, Ministry of Justice",
            "Secrétaire d'État, ministère de la Justice",
            "Sekretarz stanu, Ministerstwo Sprawiedliwości",
        ],
    ),
];

const AMBASSADORS: &[Post] = &[
    high(Level::Ambassador, ["Ambassador to Morocco", "Ambassadeur au Maroc", "Ambasador w Maroku"]),
    high(
        Level::Ambassador,
        [
            "Ambassador-at-large for security",
            "Ambassadeur itinérant pour la sécurité",
            "Ambasador do spraw bezpieczeństwa",
        ],
    ),
];

const CHIEFS: &[Post] = &[
    post(
        Level::SeniorOfficial,
        ["Director General of Police", "Directeur général de la police", "Dyrektor generalny policji"],
    ),
    post(Level::SeniorOfficial, ["Commissioner of Police", "Commissaire de police", "Komendant policji"]),
    post(
        Level::SeniorOfficial,
        ["Head of the National Central Bureau", "Chef du Bureau central national", "Szef krajowego biura centralnego"],
    ),
    post(
        Level::SeniorOfficial,
        [
            "Director, International Police Cooperation",
            "Directeur de la coopération policière internationale",
            "Dyrektor do spraw międzynarodowej współpracy policji",
        ],
    ),
];

const OFFICIALS: &[Post] = &[
    post(
        Level::SeniorOfficial,
        ["Director, Criminal Investigation", "Directeur de la police judiciaire", "Dyrektor pionu kryminalnego"],
    ),
    post(
        Level::Official,
        [
            "Deputy Head of the National Central Bureau",
            "Chef adjoint du Bureau central national",
            "Zastępca szefa krajowego biura centralnego",
        ],
    ),
    post(
        Level::Official,
        ["First Secretary, Embassy", "Premier secrétaire d'ambassade", "Pierwszy sekretarz ambasady"],
    ),
    post(Level::Official, ["Police liaison officer", "Officier de liaison de la police", "Oficer łącznikowy policji"]),
    post(
        Level::Official,
        [
            "Head of Division, International Relations",
            "Chef de division, relations internationales",
            "Naczelnik wydziału współpracy międzynarodowej",
        ],
    ),
];

const EXPERTS: &[Post] = &[
    post(
        Level::Official,
        ["Analyst, financial crime", "Analyste, criminalité financière", "Analityk przestępczości finansowej"],
    ),
    post(
        Level::Official,
        ["Head of the cybercrime unit", "Chef de l'unité de cybercriminalité", "Szef wydziału cyberprzestępczości"],
    ),
    post(Level::Official, ["Legal adviser", "Conseiller juridique", "Radca prawny"]),
    post(Level::Official, ["Forensic scientist", "Expert en criminalistique", "Ekspert kryminalistyki"]),
    post(Level::Official, ["Officer, border security", "Officier, sécurité des frontières", "Oficer ochrony granic"]),
    post(
        Level::Official,
        ["Adviser, data protection", "Conseiller, protection des données", "Doradca do spraw ochrony danych"],
    ),
];

const INTERPRETER: Post = service(["Interpreter", "Interprète", "Tłumacz"]);
const PROTECTION: Post = service(["Protection officer", "Officier de sécurité", "Funkcjonariusz ochrony"]);
const SECRETARY: Post = service(["Private secretary", "Secrétaire particulier", "Sekretarz osobisty"]);

/// What the people of a delegation of this size do and are, the head first. `foreign` says that no language of theirs is
/// spoken at the meeting.
pub fn of_delegation(size: usize, foreign: bool, chance: &mut Chance) -> Vec<(Function, &'static Post)> {
    let head = head(size, chance);
    let minister = head.level == Some(Level::Minister);
    let mut party = vec![(Function::Head, head)];
    if size >= 3 {
        party.push((Function::DeputyHead, chance.pick(CHIEFS)));
    }
    if foreign && size >= 4 {
        party.push((Function::Interpreter, &INTERPRETER));
    }
    if minister && size >= 7 {
        party.push((Function::Security, &PROTECTION));
    }
    if minister && size >= 10 {
        party.push((Function::Accompanying, &SECRETARY));
    }
    while party.len() < size {
        party.push(other(chance));
    }
    party
}

/// Large delegations are led by ministers more often than small ones.
fn head(size: usize, chance: &mut Chance) -> &'static Post {
    let ministers = if size >= 6 { 0.5 } else { 0.15 };
    for (posts, share) in [(MINISTERS, ministers), (DEPUTY_MINISTERS, 0.2), (AMBASSADORS, 0.15)] {
        if chance.happens(share) {
            return chance.pick(posts);
        }
    }
    chance.pick(CHIEFS)
}

fn other(chance: &mut Chance) -> (Function, &'static Post) {
    for (function, posts, share) in [
        (Function::Representative, OFFICIALS, 0.35),
        (Function::Alternate, OFFICIALS, 0.15),
        (Function::Adviser, EXPERTS, 0.5),
    ] {
        if chance.happens(share) {
            return (function, chance.pick(posts));
        }
    }
    (Function::Expert, chance.pick(EXPERTS))
}
