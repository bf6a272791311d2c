use super::{
    delegates::{self, KnownDelegate, KnownPerson, Who},
    delegations,
    grid::{Content, Grid, Merged},
    preview::{Level, RowState},
    *,
};
use crate::{
    Language,
    attendance::{DelegateState, Function, State},
};
use uuid::Uuid;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn organisation(number: u128, code: &str, name: &str) -> KnownOrganisation {
    KnownOrganisation {
        id: OrganisationId(id(number)),
        code: code.to_owned().try_into().unwrap(),
        names: vec![name.to_owned()],
        external_ids: vec![ExternalId { system: "registry".into(), id: number.to_string() }],
    }
}

fn organisations() -> Organisations {
    Organisations::new(vec![organisation(1, "PL", "Poland"), organisation(2, "LV", "Łotwa")])
}

fn grid(rows: &[&[&str]]) -> Grid {
    let cell = |text: &&str| if text.is_empty() { Content::Empty } else { Content::Text((*text).to_owned()) };
    Grid { rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(), merged: vec![] }
}

fn delegation(rows: &[&[&str]]) -> (Preview, Vec<delegations::Step>) {
    let known = delegations::Known { organisations: organisations(), ..Default::default() };
    delegations::judge(&grid(rows), &known)
}

fn known() -> delegates::Known {
    let person = |number, name: &str, email: Option<&str>| KnownPerson {
        id: id(number),
        organisation: Some(OrganisationId(id(1))),
        name: name.to_owned(),
        sort_key: search_key(name),
        email: email.map(str::to_owned),
        external_ids: vec![ExternalId { system: "hr".into(), id: number.to_string() }],
    };
    let delegate = KnownDelegate {
        id: id(50),
        version: 3,
        organisation: OrganisationId(id(1)),
        display_name: "Ewa Lis".into(),
        nomination: serde_json::from_value(serde_json::json!({
            "delegation_id": id(10), "person_id": id(21), "function": Function::Head,
        }))
        .unwrap(),
        state: DelegateState::Nominated,
    };
    delegates::Known {
        organisations: organisations(),
        delegations: HashMap::from([
            (OrganisationId(id(1)), (id(10), State::Accepted)),
            (OrganisationId(id(2)), (id(11), State::Declined)),
        ]),
        delegates: vec![delegate],
        quotas: HashMap::new(),
        offered: HashMap::new(),
        persons: vec![person(21, "Ewa Lis", Some("ewa@example.org")), person(22, "Jan Nowak", None)],
        only: None,
        adds_people: true,
    }
}

fn judged(known: &delegates::Known, rows: &[&[&str]]) -> (Preview, Vec<delegates::Step>) {
    delegates::judge(&grid(rows), known, &Language::english())
}

/// The remarks of the whole preview, each as `code cell`.
fn remarks(preview: &Preview) -> Vec<String> {
    let all = preview.remarks.iter().chain(preview.rows.iter().flat_map(|row| &row.remarks));
    all.map(|remark| format!("{} {}", remark.code, remark.cell.as_deref().unwrap_or("-"))).collect()
}

#[test]
fn an_organisation_is_found_by_external_id_then_code_then_name_with_a_warning() {
    let (preview, steps) = delegation(&[
        &["organisation", "external_id"],
        &["nothing that exists", "registry:2"],
        &["pl", ""],
        &["Lotwa", ""],
        &["Atlantis", ""],
    ]);
    assert_eq!(remarks(&preview), ["by_name A4", "row_twice A4", "unknown_organisation A5"]);
    assert_eq!(preview.rows[0].about, "LV");
    assert_eq!((steps.len(), preview.ready), (3, false));
    let message = &preview.rows[3].remarks[0].message;
    assert!(
        message.starts_with("A5: No organisation is known as 'Atlantis'.") && message.contains("code"),
        "{message}"
    );
}

#[test]
fn a_header_names_what_is_wrong_with_it() {
    let (preview, _) = delegation(&[&["category", "Category", "colour"], &["member", "", ""]]);
    assert_eq!(remarks(&preview)[..3], ["column_twice B1", "column_unknown C1", "column_missing -"]);
    let (preview, _) = delegation(&[&["organisation"]]);
    assert_eq!((remarks(&preview), preview.ready), (vec!["no_rows -".to_owned()], false));
    let mut merged = grid(&[&["organisation", "category"], &["PL", "member"]]);
    merged.merged = vec![Merged { first: (1, 0), last: (1, 1) }];
    let known = delegations::Known { organisations: organisations(), ..Default::default() };
    assert_eq!(remarks(&delegations::judge(&merged, &known).0), ["merged_cells A2:B2"]);
}

#[test]
fn cells_that_hold_no_value_of_their_column_are_named() {
    let mut grid =
        grid(&[&["organisation", "category", "reply_due", "reference"], &["PL", "friend", "24.11.2025", "x"]]);
    grid.rows[1][3] = Content::Formula;
    let known = delegations::Known { organisations: organisations(), ..Default::default() };
    let (preview, _) = delegations::judge(&grid, &known);
    assert_eq!(remarks(&preview), ["unknown_word B2", "formula D2", "not_a_day C2"]);
    assert!(preview.rows[0].remarks[2].message.contains("2025-11-24"));
    grid.rows[1][2] = Content::Day("2025-11-24".into());
    assert_eq!(remarks(&delegations::judge(&grid, &known).0), ["unknown_word B2", "formula D2"]);
}

#[test]
fn a_person_is_found_by_external_id_then_address_then_name_and_organisation() {
    let (preview, steps) = judged(
        &known(),
        &[
            &["organisation", "external_id", "email", "name", "function"],
            &["PL", "hr:22", "", "Somebody", "expert"],
            &["PL", "", "EWA@example.org", "Somebody", "head"],
            &["PL", "", "new@example.org", "Ola Nowa", "adviser"],
        ],
    );
    let states: Vec<_> = preview.rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [RowState::New, RowState::Same, RowState::New], "{preview:?}");
    let who: Vec<_> = steps.iter().map(|step| matches!(step, delegates::Step::Nominate(_, Who::New(_), _))).collect();
    assert_eq!(who, [false, true]);
    let (preview, _) = judged(&known(), &[&["organisation", "name", "function"], &["PL", "jan nowak", "expert"]]);
    assert_eq!((remarks(&preview), preview.ready), (vec!["by_name B2".to_owned()], true));
    assert_eq!(preview.rows[0].state, RowState::Warning);
}

#[test]
fn a_delegation_ends_with_one_head_whatever_the_order_of_the_rows() {
    let header: &[&str] = &["organisation", "external_id", "function"];
    let (preview, _) = judged(&known(), &[header, &["PL", "hr:22", "head"]]);
    assert_eq!(remarks(&preview), ["head_exists C2"]);
    let (preview, steps) = judged(&known(), &[header, &["PL", "hr:22", "head"], &["PL", "hr:21", "adviser"]]);
    assert!(preview.ready && steps.len() == 2, "{preview:?}");
    let (preview, _) = judged(&known(), &[header, &["PL", "hr:21", "head"], &["PL", "hr:22", "head"]]);
    assert_eq!(remarks(&preview), ["head_exists C2", "head_exists C3"]);
}

#[test]
fn a_manager_imports_known_people_of_the_own_delegation_only() {
    let manager = delegates::Known { only: Some(OrganisationId(id(1))), adds_people: false, ..known() };
    let (preview, _) = judged(
        &manager,
        &[
            &["organisation", "name", "function", "email"],
            &["LV", "Anyone", "expert", ""],
            &["PL", "New Person", "expert", ""],
            &["PL", "", "expert", "ewa@example.org"],
        ],
    );
    assert_eq!(remarks(&preview), ["not_yours A2", "unknown_person B3"]);
    let (preview, _) = judged(&known(), &[&["organisation", "name", "function"], &["LV", "Anyone", "expert"]]);
    assert_eq!(remarks(&preview), ["not_coming A2"]);
}

#[test]
fn a_manager_adds_people_to_the_own_delegation_and_gives_them_no_ids() {
    let manager = delegates::Known { only: Some(OrganisationId(id(1))), ..known() };
    let header: &[&str] = &["organisation", "name", "function", "external_id"];
    let (preview, steps) = judged(&manager, &[header, &["PL", "New Person", "expert", ""]]);
    assert!(preview.ready && matches!(steps.as_slice(), [delegates::Step::Nominate(_, Who::New(_), _)]), "{preview:?}");
    let (preview, _) = judged(&manager, &[header, &["PL", "New Person", "expert", "hr:99"]]);
    assert_eq!(remarks(&preview), ["unknown_external_id D2"]);
}

#[test]
fn the_same_person_twice_and_nobody_at_all_are_errors() {
    let (preview, _) = judged(
        &known(),
        &[
            &["organisation", "family_name", "given_name", "function", "email"],
            &["PL", "Nowa", "Ola", "expert", "ola@example.org"],
            &["PL", "Nowa", "Ola", "adviser", "Ola@example.org"],
            &["PL", "", "", "adviser", ""],
            &["PL", "Kos", "Iga", "", "not an address"],
        ],
    );
    assert_eq!(remarks(&preview), ["row_twice B3", "no_name B4", "invalid_email E5", "no_function D5"]);
    assert!(preview.rows.iter().flat_map(|row| &row.remarks).all(|remark| remark.level == Level::Error));
}

#[test]
fn whoever_holds_a_place_moves_where_one_is_free_and_the_cell_says_where_none_is() {
    use crate::attendance::{Participation, Quota};
    let poland = OrganisationId(id(1));
    let quota = Quota { online: Some(1), ..Quota::default() };
    let mut known = delegates::Known { quotas: HashMap::from([(poland, quota)]), ..known() };
    known.delegates[0].state = DelegateState::Approved;
    let rows: &[&[&str]] =
        &[&["organisation", "id", "function", "participation"], &["PL", &id(50).to_string(), "head", "online"]];
    let (preview, steps) = judged(&known, rows);
    assert!(preview.ready && steps.len() == 1, "{preview:?}");
    known.offered = HashMap::from([((poland, Participation::Online), 1)]);
    let (preview, _) = judged(&known, rows);
    assert_eq!((remarks(&preview), preview.ready), (vec!["quota_reached D2".to_owned()], false));
    // Whoever is only nominated holds no place yet.
    known.delegates[0].state = DelegateState::Nominated;
    assert!(judged(&known, rows).0.ready);
}

#[test]
fn what_somebody_may_do_is_a_list_of_words_or_none() {
    use crate::attendance::Capacity;
    let said = |words: &str| {
        let own = id(50).to_string();
        let header: &[&str] = &["organisation", "id", "function", "capacities"];
        judged(&known(), &[header, &["PL", &own, "head", words]])
    };
    for (words, expected) in [
        ("none", vec![]),
        ("Vote, speak", vec![Capacity::Speak, Capacity::Vote]),
        ("submit text", vec![Capacity::SubmitText]),
    ] {
        let (_, steps) = said(words);
        let [delegates::Step::Amend { after, .. }] = steps.as_slice() else { panic!("{words}: {steps:?}") };
        assert_eq!(after.capacities, Some(expected), "{words}");
    }
    assert!(said("").1.is_empty(), "an empty cell means what is usual, which it is");
    assert_eq!(remarks(&said("speak, sing").0), ["unknown_word D2"]);
}

#[test]
fn positions_come_per_language_and_an_empty_cell_clears_one() {
    let rows: &[&[&str]] = &[
        &["organisation", "id", "function", "position", "position[pl]"],
        &["PL", &id(50).to_string(), "head", "Minister", "Ministra"],
    ];
    let (preview, steps) = judged(&known(), rows);
    let cells: Vec<_> = preview.rows[0].cells.iter().map(|cell| (cell.cell.as_str(), cell.column.as_str())).collect();
    assert_eq!(cells, [("D2", "position[en]"), ("E2", "position[pl]")]);
    let [delegates::Step::Amend { after: next, .. }] = steps.as_slice() else { panic!("{steps:?}") };
    assert_eq!(next.position.as_ref().unwrap().0.len(), 2);
    let (preview, _) = judged(&known(), &[&["organisation", "id", "function"], &["PL", "nonsense", "head"]]);
    assert_eq!(remarks(&preview), ["unknown_delegate B2"]);
}
