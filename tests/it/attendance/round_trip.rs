//! What an export writes, an import reads: the same table says nothing new where it comes from, and makes the same of an
//! event where nobody is yet.

use std::collections::HashMap;

use documents::table::{Table, read_csv, read_xlsx, write_csv, write_xlsx};
use domain::{
    Language, Text,
    attendance::{
        Capacity, Category, Delegate, DelegateState, Delegation, Function, Invitation, Level, Nomination,
        Participation, Quota, State,
        import::{
            KnownOrganisation, Organisations, Preview,
            delegates::{self, KnownDelegate, KnownPerson, Who},
            delegations::{self, KnownDelegation},
            grid::{Content, Grid},
            written::{self, DelegateRow, DelegationRow},
        },
    },
    identifier::{EventId, Handle, OrganisationId},
    people::Person,
};
use jiff::civil::Date;
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::support::{Backend, setting};

const CODES: [&str; 3] = ["PL", "CZ", "KR"];
/// What only tells where a row comes from.
const TOLD: [&str; 3] = ["id", "state", "changed_at"];

/// A person in the delegation of the organisation with this number.
#[derive(Debug, Clone)]
struct Somebody {
    organisation: usize,
    person: Person,
    nomination: Nomination,
    state: DelegateState,
}

#[derive(Debug, Clone)]
struct World {
    delegations: Vec<(Invitation, State)>,
    people: Vec<Somebody>,
}

/// Words that do harm in tables, and words from anywhere.
fn words() -> BoxedStrategy<String> {
    let risky = prop_oneof!["['=+\\-@]{1,3}[a-z'=\",;]{0,5}", "_x0041_", "[0-9]{1,4}", "#N/A", "true", "\"\"", "1/2"];
    let any = prop_oneof![risky, "\\PC{1,20}", "[A-Za-zŁół ]{1,12}"];
    any.prop_filter("something is to be seen", |text| !text.trim().is_empty()).boxed()
}

/// The same on several lines, with blanks at the ends.
fn lines() -> BoxedStrategy<String> {
    (words(), proptest::option::of("[\n\t ]{1,3}"), words(), "[ \u{a0}]{0,2}")
        .prop_map(|(first, between, second, end)| format!("{first}{}{second}{end}", between.unwrap_or_default()))
        .boxed()
}

fn day() -> impl Strategy<Value = Date> {
    (1900i16..2200, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn maybe<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    proptest::option::weighted(0.6, strategy)
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(all)
}

fn position() -> impl Strategy<Value = Text> {
    let language = one_of(&["en", "pl", "ko", "ar"]).prop_map(|tag| Language::parse(tag).unwrap());
    proptest::collection::btree_map(language, lines(), 1..4).prop_map(Text)
}

fn nomination() -> BoxedStrategy<Nomination> {
    let capacities = proptest::sample::subsequence(Capacity::ALL.to_vec(), 0..=5);
    let how = (one_of(Function::ALL), maybe(one_of(Level::ALL)), one_of(Participation::ALL), maybe(capacities));
    let private = (maybe(lines()), maybe(lines()), maybe(lines()), maybe(lines()));
    let rest = (maybe(position()), maybe(day()), maybe(day()), any::<bool>());
    let said = (how, private, rest).prop_map(|(how, private, rest)| {
        let (function, level, participation, capacities) = how;
        let (name_on_id, diet, access_needs, late_reason) = private;
        let (position, arrives_on, departs_on, not_listed) = rest;
        let departs_on = departs_on.filter(|departs| arrives_on.is_none_or(|arrives| arrives <= *departs));
        Nomination {
            position,
            level,
            participation,
            capacities,
            name_on_id,
            diet,
            access_needs,
            arrives_on,
            departs_on,
            not_listed,
            late_reason,
            ..Nomination::of(Handle::Id(Uuid::nil()), None, function)
        }
    });
    said.boxed()
}

fn person() -> BoxedStrategy<Person> {
    let names = (words(), maybe(words()), maybe(words()), maybe(words()));
    let languages = proptest::sample::subsequence(vec!["pl", "en", "zh-Hant"], 0..=3);
    let ids =
        proptest::collection::btree_map(one_of(&["registry", "badges"]), one_of(&["A;7", "=1+1", "a:b", "ü"]), 0..3);
    let known = (names, any::<bool>(), any::<bool>(), languages, ids).prop_map(
        |((display, family, given, honorific), has_email, protected, languages, ids)| {
            let email = has_email.then(|| "p@example.org".to_owned());
            let ids: Vec<_> = ids.into_iter().map(|(system, id)| json!({"system": system, "id": id})).collect();
            let said = json!({
                "display_name": display, "family_name": family, "given_name": given, "honorific": honorific,
                "languages": languages, "external_ids": ids,
            });
            Person { email, protected, ..serde_json::from_value(said).unwrap() }
        },
    );
    known.boxed()
}

fn somebody() -> impl Strategy<Value = Somebody> {
    let state = one_of(&[DelegateState::Nominated, DelegateState::Submitted, DelegateState::Approved]);
    (0..CODES.len(), person(), nomination(), state).prop_map(|(organisation, person, nomination, state)| Somebody {
        organisation,
        person,
        nomination,
        state,
    })
}

fn invitation() -> BoxedStrategy<Invitation> {
    let places = || maybe(20u32..10_000);
    let quota =
        (places(), places(), places()).prop_map(|(in_person, online, overflow)| Quota { in_person, online, overflow });
    let said = (one_of(Category::ALL), maybe(words()), maybe(day()), quota).prop_map(
        |(category, reference, reply_due, quota)| {
            let invitation_reference = reference.map(|reference| reference.trim().to_owned());
            let organisation_id = Handle::Id(Uuid::nil());
            let invitation_email = reply_due.map(|day| format!("protocol.{day}@ministry.example"));
            Invitation { organisation_id, category, invitation_reference, invitation_email, reply_due, quota }
        },
    );
    said.boxed()
}

/// Delegations of three organisations with at most so many people, each of whom can be told from the others by address or
/// name, and with one head at most.
fn world(most: usize) -> impl Strategy<Value = World> {
    let delegations = [invitation(), invitation(), invitation()];
    (delegations, proptest::collection::vec(somebody(), 1..=most)).prop_map(|(delegations, mut people)| {
        let mut led = [false; CODES.len()];
        for (number, one) in people.iter_mut().enumerate() {
            let own = |name: &str| format!("{} {number}", name.trim());
            let family_name = one.person.family_name.as_deref().map(own);
            one.person = Person { display_name: own(&one.person.display_name), family_name, ..one.person.clone() };
            one.person.given_name = one.person.given_name.as_deref().map(|given| given.trim().to_owned());
            one.person.honorific = one.person.honorific.as_deref().map(|title| title.trim().to_owned());
            one.person.email = one.person.email.as_ref().map(|_| format!("P{number}@example.org"));
            for external in &mut one.person.external_ids {
                external.id = own(&external.id);
            }
            if one.nomination.function == Function::Head && std::mem::replace(&mut led[one.organisation], true) {
                one.nomination.function = Function::DeputyHead;
            }
        }
        let delegations = delegations.into_iter().map(|invitation| (invitation, State::Accepted)).collect();
        World { delegations, people }
    })
}

fn organisation(number: usize) -> OrganisationId {
    OrganisationId(Uuid::from_u128(number as u128 + 1))
}

fn organisations() -> Organisations {
    let known = |(number, code): (usize, &&str)| KnownOrganisation {
        id: organisation(number),
        code: (*code).to_owned().try_into().unwrap(),
        names: vec![(*code).to_owned()],
        external_ids: vec![],
    };
    Organisations::new(CODES.iter().enumerate().map(known).collect())
}

/// A table as a file and back.
fn through(table: &Table, workbook: bool) -> Grid {
    if workbook { read_xlsx(&write_xlsx(table, "Table").unwrap()) } else { read_csv(&write_csv(table).unwrap()) }
        .unwrap()
}

/// The table of a grid without these columns; blanks at the ends of values are nobody's.
fn without(grid: &Grid, columns: &[&str]) -> Table {
    let text = |content: &Content| match content {
        Content::Text(text) => text.trim().to_owned(),
        Content::Empty => String::new(),
        other => unreachable!("{other:?}"),
    };
    let header: Vec<String> = grid.rows[0].iter().map(text).collect();
    let kept = |at: &usize| !columns.contains(&header[*at].as_str());
    let cells = |row: &Vec<Content>| {
        (0..header.len()).filter(kept).map(|at| row.get(at).map(text).unwrap_or_default()).collect()
    };
    let mut rows = grid.rows.iter().map(cells);
    Table { header: rows.next().unwrap(), rows: rows.collect() }
}

impl World {
    fn empty(&self) -> Self {
        Self { people: vec![], ..self.clone() }
    }

    fn delegations(&self) -> delegations::Known {
        let known = |(number, (invitation, state)): (usize, &(Invitation, State))| {
            let own = Handle::Id(organisation(number).0);
            let invitation = Invitation { organisation_id: own, ..invitation.clone() };
            (
                organisation(number),
                KnownDelegation { id: number_of(100, number), version: 1, invitation, state: *state },
            )
        };
        let delegations = self.delegations.iter().enumerate().map(known).collect();
        delegations::Known { organisations: organisations(), delegations }
    }

    fn written_delegations(&self) -> Table {
        let shown = CODES.iter().zip(&self.delegations).map(|(code, (invitation, state))| Delegation {
            invitation: invitation.clone(),
            event_id: EventId(Uuid::nil()),
            organisation_code: (*code).to_owned().try_into().unwrap(),
            organisation_name: Text::default(),
            state: *state,
            late_reason: None,
        });
        let shown: Vec<_> = shown.collect();
        let row =
            |delegation| DelegationRow { id: Uuid::nil(), delegation, name: "-1".into(), changed_at: "now".into() };
        written::delegations(&shown.iter().map(row).collect::<Vec<_>>())
    }

    /// What is said of the delegate with this number, by the ids there are.
    fn nomination(&self, number: usize) -> Nomination {
        let one = &self.people[number];
        Nomination {
            delegation_id: Handle::Id(number_of(100, one.organisation)),
            person_id: Some(Handle::Id(number_of(1_000, number))),
            ..one.nomination.clone()
        }
    }

    fn known(&self) -> delegates::Known {
        let delegate = |(number, one): (usize, &Somebody)| KnownDelegate {
            id: number_of(10_000, number),
            version: 1,
            organisation: organisation(one.organisation),
            display_name: one.person.display_name.clone(),
            nomination: self.nomination(number),
            state: one.state,
        };
        let person = |(number, one): (usize, &Somebody)| KnownPerson {
            id: number_of(1_000, number),
            organisation: Some(organisation(one.organisation)),
            name: one.person.display_name.clone(),
            sort_key: one.person.sort_key(),
            email: one.person.email.as_deref().map(str::to_lowercase),
            external_ids: one.person.external_ids.clone(),
        };
        let place = |(number, (_, state)): (usize, &(Invitation, State))| {
            (organisation(number), (number_of(100, number), *state))
        };
        delegates::Known {
            organisations: organisations(),
            delegations: self.delegations.iter().enumerate().map(place).collect(),
            delegates: self.people.iter().enumerate().map(delegate).collect(),
            quotas: HashMap::new(),
            offered: HashMap::new(),
            persons: self.people.iter().enumerate().map(person).collect(),
            only: None,
            adds_people: true,
        }
    }

    fn written(&self) -> Table {
        let shown = self.people.iter().enumerate().map(|(number, one)| Delegate {
            nomination: self.nomination(number),
            event_id: EventId(Uuid::nil()),
            organisation_id: organisation(one.organisation),
            display_name: one.person.display_name.clone(),
            state: one.state,
            state_reason: None,
            substituted_by: None,
        });
        let shown: Vec<_> = shown.collect();
        let row = |(number, one): (usize, &'_ Somebody)| DelegateRow {
            id: number_of(10_000, number),
            organisation: CODES[one.organisation].to_owned(),
            delegate: &shown[number],
            person: Some(&self.people[number].person),
            changed_at: "2019-10-07T09:00:00+09:00[Asia/Seoul]".to_owned(),
        };
        let rows: Vec<_> = self.people.iter().enumerate().map(row).collect();
        written::delegates(&rows, Some(&Language::english()), true)
    }

    /// What somebody makes of an empty event who carries out these steps.
    fn after(&self, steps: Vec<delegates::Step>) -> Self {
        let made = |step| match step {
            delegates::Step::Nominate(own, Who::New(person), nomination) => Somebody {
                organisation: (0..CODES.len()).find(|number| organisation(*number) == own).unwrap(),
                person: *person,
                nomination,
                state: DelegateState::Nominated,
            },
            other => unreachable!("{other:?}"),
        };
        Self { people: steps.into_iter().map(made).collect(), ..self.clone() }
    }
}

fn number_of(kind: u128, number: usize) -> Uuid {
    Uuid::from_u128(kind + number as u128)
}

/// Whether there is nothing to be said of any row but that it is so already.
fn says_nothing(preview: &Preview) -> bool {
    let totals = preview.totals;
    preview.ready && preview.remarks.is_empty() && totals.rows > 0 && totals.same == totals.rows
}

fn judged(grid: &Grid, known: &delegates::Known) -> (Preview, Vec<delegates::Step>) {
    delegates::judge(grid, known, &Language::english())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: setting("CASES").map_or(200, |cases| cases.parse().unwrap()),
        ..ProptestConfig::default()
    })]

    #[test]
    fn delegations_come_back_as_they_went(world in world(1), workbook in any::<bool>()) {
        let grid = through(&world.written_delegations(), workbook);
        let (preview, steps) = delegations::judge(&grid, &world.delegations());
        prop_assert!(says_nothing(&preview) && steps.is_empty(), "{preview:?}");
        let nobody = delegations::Known { organisations: organisations(), ..Default::default() };
        let (preview, steps) = delegations::judge(&grid, &nobody);
        prop_assert_eq!((preview.totals.new, preview.remarks.len()), (CODES.len(), 0), "{:?}", preview);
        let made = steps.into_iter().map(|step| match step {
            delegations::Step::Invite(_, invitation) => (invitation, State::Accepted),
            other => unreachable!("{other:?}"),
        });
        let made = World { delegations: made.collect(), people: vec![] };
        prop_assert_eq!(made.written_delegations(), world.written_delegations());
    }

    #[test]
    fn delegates_come_back_as_they_went(world in world(6), workbook in any::<bool>()) {
        let grid = through(&world.written(), workbook);
        let (preview, steps) = judged(&grid, &world.known());
        prop_assert!(says_nothing(&preview) && steps.is_empty(), "{:?}\n{:?}", preview, steps);

        let elsewhere = without(&grid, &TOLD);
        let (preview, steps) = judged(&through(&elsewhere, workbook), &world.empty().known());
        prop_assert!(preview.ready && preview.totals.new == world.people.len(), "{:?}", preview);
        let made = world.after(steps);
        let again = through(&made.written(), workbook);
        prop_assert_eq!(without(&again, &TOLD), elsewhere.clone());
        // And there the table finds those it has made.
        let (preview, steps) = judged(&through(&elsewhere, workbook), &made.known());
        prop_assert!(preview.ready && steps.is_empty(), "{:?}\n{:?}", preview, steps);
    }
}

/// Makes the world of it on a server.
async fn build(seoul: &Seoul, world: &World) {
    for (code, (invitation, _)) in CODES.iter().zip(&world.delegations) {
        let mut said = serde_json::to_value(invitation).unwrap();
        said["organisation_id"] = json!(code);
        let id = seoul.admin.post("events/seoul-2019/delegations", said).await.expect(201).id();
        step(&seoul.admin, &id, "accepted").await.expect(200);
    }
    for one in &world.people {
        let mut said = serde_json::to_value(&one.nomination).unwrap();
        said["delegation_id"] = json!(CODES[one.organisation]);
        let person = &one.person;
        said["person"] = json!({
            "display_name": person.display_name, "family_name": person.family_name, "given_name": person.given_name,
            "honorific": person.honorific, "email": person.email, "protected": person.protected,
            "languages": person.languages,
        });
        let made = seoul.admin.post("events/seoul-2019/delegates", said).await.expect(201);
        let id = made.id();
        let path = format!("persons/{}", made.json["person_id"].as_str().unwrap());
        let read = seoul.admin.get(&path).await.expect(200);
        seoul.admin.if_match(&read).patch(&path, json!({"external_ids": person.external_ids})).await.expect(200);
        let steps: &[&str] = match one.state {
            DelegateState::Submitted => &["submitted"],
            DelegateState::Approved => &["submitted", "approved"],
            _ => &[],
        };
        for to in steps {
            seoul.admin.post(&format!("delegates/{id}/transitions"), json!({ "to": to })).await.expect(200);
        }
    }
}

async fn exported(seoul: &Seoul, kind: &str, workbook: bool) -> Vec<u8> {
    let ending = if workbook { "xlsx" } else { "csv" };
    seoul.admin.get(&format!("events/seoul-2019/{kind}.{ending}")).await.expect(200).bytes
}

async fn previewed(seoul: &Seoul, kind: &str, file: &[u8], workbook: bool) -> Answer {
    let media_type =
        if workbook { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" } else { "text/csv" };
    let path = format!("events/seoul-2019/imports?kind={kind}");
    seoul.admin.send_file(&path, media_type, file).await.expect(201)
}

fn table_of(file: &[u8], workbook: bool, columns: &[&str]) -> Table {
    without(&if workbook { read_xlsx(file) } else { read_csv(file) }.unwrap(), columns)
}

/// A world on one server, whose tables say nothing new there, and make the same of the event of another.
async fn comes_back(backend: Backend, world: &World, workbook: bool) -> Option<()> {
    let (here, there) = (Server::start(backend).await?, Server::start(backend).await?);
    let (here, there) = (Seoul::new(&here).await, Seoul::new(&there).await);
    build(&here, world).await;
    for kind in ["delegations", "delegates"] {
        let file = exported(&here, kind, workbook).await;
        let preview = previewed(&here, kind, &file, workbook).await;
        let totals = &preview.json["totals"];
        assert!(
            totals["rows"] == totals["same"] && preview.json["remarks"] == json!([]),
            "{world:?}\n{}",
            preview.text
        );

        let table = table_of(&file, workbook, &TOLD);
        let bytes = if workbook { write_xlsx(&table, "Table").unwrap() } else { write_csv(&table).unwrap() };
        let preview = previewed(&there, kind, &bytes, workbook).await;
        assert_eq!(preview.json["totals"]["new"], preview.json["totals"]["rows"], "{world:?}\n{}", preview.text);
        let commit = format!("imports/{}/commit", preview.json["id"].as_str().unwrap());
        there.admin.post(&commit, json!(null)).await.expect(200);
        let again = exported(&there, kind, workbook).await;
        assert_eq!(table_of(&again, workbook, &TOLD), table, "{world:?}");
    }
    Some(())
}

async fn come_back(backend: Backend) {
    let mut runner = TestRunner::deterministic();
    for workbook in [false, true] {
        let world = world(12).new_tree(&mut runner).unwrap().current();
        if comes_back(backend, &world, workbook).await.is_none() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_make_the_same_event_on_another_server_with_sqlite() {
    come_back(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_make_the_same_event_on_another_server_with_postgresql() {
    come_back(Backend::Postgres).await;
}
