//! The whole of who may do what, as a table somebody can check line by line. It says what each role may read at all,
//! what it may write somewhere, and what it may write at a place that is its own or not.

use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::identifier::{EventId, GroupId, OrganisationId};

/// Letters: `r` may read at all, `w` may write somewhere, `o` may write at its own place, `e` may write elsewhere.
/// Organisations, persons, groups, events, rooms, sessions, requests, delegations, attendance, badges, checks,
/// statements, feeds, keys, changes, audit: in this order, that of [`Resource::ALL`].
const TABLE: [(&str, &str); 13] = [
    ("anonymous", "r - r r - r - - - - - r - - r -"),
    ("guest", "r r r r r r r r r r - r rwoe - r -"),
    ("chair", "r r r r rwo rwo rwo r rwo r - rwo rwoe - r -"),
    ("secretary", "r r r r r r rwo r r r - r rwoe - r -"),
    ("head", "r rwo r r r r r rwo rwo r - r rwoe - r -"),
    ("member of a delegation", "r r r r r r r r rw r - r rwoe - r -"),
    ("delegate", "r r r r r r r r r r - r rwoe - r -"),
    ("manager", "r rwo r r r r r rwo rwo r - r rwoe - r -"),
    ("auditor", "r r r r r r r r r r r r r r r r"),
    ("limited", "rwo rwoe rwo rwo rwo rwo rwo rwo rwo rwo rwo rwo rwoe - rwo -"),
    ("secretariat", "rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe - rwoe -"),
    ("admin", "rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe rwoe"),
    ("narrowed", "- - - - - rwoe - - - - - - - - r -"),
];

const EVENT: EventId = EventId(Uuid::from_u128(1));
const GROUP: GroupId = GroupId(Uuid::from_u128(2));
const ORGANISATION: OrganisationId = OrganisationId(Uuid::from_u128(3));

fn standing(role: Role) -> Standing {
    Standing {
        role,
        state: AccountState::Active,
        limit: None,
        organisation: None,
        offices: Offices::default(),
        ends_at: None,
    }
}

fn seated(head: bool) -> Standing {
    let seats = vec![Seat { event: EVENT, organisation: ORGANISATION, head }];
    Standing { offices: Offices { seats, ..Offices::default() }, ..standing(Role::Guest) }
}

fn whole(role: Role) -> Narrowing {
    Narrowing { role, scopes: vec![], limit: None, organisation: None, ceiling: Tlp::Red }
}

fn account(standing: Standing) -> Actor {
    Actor::of_account(Principal::Anonymous, standing, Timestamp::MAX).unwrap()
}

fn actor(name: &str) -> Actor {
    let scopes = ["sessions:write", "changes:read"].map(|scope| Scope::parse(scope).unwrap()).to_vec();
    match name {
        "anonymous" => Actor::anonymous(),
        "chair" => account(Standing {
            offices: Offices { chairs: vec![GROUP], ..Offices::default() },
            ..standing(Role::Guest)
        }),
        "secretary" => {
            account(Standing { offices: Offices { keeps: vec![GROUP], ..Offices::default() }, ..standing(Role::Guest) })
        }
        "head" => account(seated(true)),
        "member of a delegation" => account(seated(false)),
        "manager" => account(Standing { organisation: Some(ORGANISATION), ..standing(Role::DelegationManager) }),
        "delegate" => account(Standing { organisation: Some(ORGANISATION), ..standing(Role::Delegate) }),
        "limited" => {
            let limit = Some(Limit { events: vec![EVENT], groups: vec![GROUP] });
            account(standing(Role::Admin)).narrowed(Narrowing { limit, ..whole(Role::Secretariat) }).unwrap()
        }
        "narrowed" => account(standing(Role::Admin)).narrowed(Narrowing { scopes, ..whole(Role::Admin) }).unwrap(),
        role => account(standing(Role::parse(role).unwrap())),
    }
}

#[test]
fn everybody_may_what_the_table_says_and_nothing_else() {
    let own = Target { event: Some(EVENT), group: Some(GROUP), organisation: Some(ORGANISATION) };
    let other = |id| Uuid::from_u128(id);
    let elsewhere = Target {
        event: Some(EventId(other(4))),
        group: Some(GroupId(other(5))),
        organisation: Some(OrganisationId(other(6))),
    };
    for (name, row) in TABLE {
        let actor = actor(name);
        let cells: Vec<_> = row.split(' ').collect();
        assert_eq!(cells.len(), Resource::ALL.len(), "{name}");
        for (resource, cell) in Resource::ALL.iter().zip(cells) {
            let may = [
                ('r', actor.may_read(*resource).is_ok()),
                ('w', actor.may_write(*resource).is_ok()),
                ('o', actor.permit(*resource, own).is_ok()),
                ('e', actor.permit(*resource, elsewhere).is_ok()),
            ];
            let may: String = may.into_iter().filter(|(_, may)| *may).map(|(letter, _)| letter).collect();
            assert_eq!(may, cell.trim_matches('-'), "{name}, {resource:?}");
        }
    }
}

#[test]
fn a_limit_holds_for_an_event_or_a_group_by_itself() {
    let limited = actor("limited");
    let at = |event, group| Target { event, group, organisation: None };
    for (target, may) in [
        (at(Some(EVENT), None), true),
        (at(None, Some(GROUP)), true),
        (at(None, None), false),
        (at(Some(EventId(Uuid::nil())), Some(GROUP)), true),
        (at(Some(EventId(Uuid::nil())), None), false),
    ] {
        assert_eq!(limited.permit(Resource::Sessions, target).is_ok(), may, "{target:?}");
    }
}

#[test]
fn a_limit_names_each_event_and_group_once_and_nothing_is_no_limit() {
    let (event, group) = (EVENT.0, GROUP.0);
    assert_eq!(Limit::of([], []), None);
    assert_eq!(Limit::of([event, event], []), Some(Limit { events: vec![EVENT], groups: vec![] }));
    assert_eq!(Limit::of([event], [group]), Some(Limit { events: vec![EVENT], groups: vec![GROUP] }));
}

#[test]
fn only_who_signed_in_or_subscribed_acts_in_person() {
    let account = Uuid::from_u128(7);
    let name = || "Anna".to_owned();
    let signed_in_at = Timestamp::UNIX_EPOCH;
    for (principal, expected) in [
        (Principal::Session { id: Uuid::nil(), account, name: name(), signed_in_at }, Some(account)),
        (Principal::Subscriber { account }, Some(account)),
        (Principal::Key { id: account, name: name() }, None),
        (Principal::Console, None),
        (Principal::Anonymous, None),
    ] {
        assert_eq!(Actor { principal, ..Actor::anonymous() }.in_person(), expected);
    }
}

#[test]
fn pages_open_to_all_but_keys_narrowed_to_scopes() {
    assert!(actor("anonymous").may_open_pages().is_ok() && actor("admin").may_open_pages().is_ok());
    assert!(actor("narrowed").may_open_pages().is_err());
}

#[test]
fn who_asks_for_a_group_does_not_decide_on_it() {
    let here = Target { event: Some(EVENT), group: Some(GROUP), organisation: None };
    for (name, decides) in
        [("chair", false), ("secretary", false), ("auditor", false), ("limited", true), ("secretariat", true)]
    {
        assert_eq!(actor(name).permit_deciding(here).is_ok(), decides, "{name}");
    }
    let elsewhere = Target { event: Some(EventId(Uuid::nil())), ..Target::default() };
    assert!(actor("limited").permit_deciding(elsewhere).is_err());
}

#[test]
fn of_several_limits_each_holds() {
    let limit = |event: u128| Limit { events: vec![EventId(Uuid::from_u128(event)), EVENT], groups: vec![] };
    let account = account(Standing { limit: Some(limit(8)), ..standing(Role::Secretariat) });
    let key = account.clone().narrowed(Narrowing { limit: Some(limit(9)), ..whole(Role::Secretariat) }).unwrap();
    let at = |event: u128| Target { event: Some(EventId(Uuid::from_u128(event))), ..Target::default() };
    for (event, of_account, of_key) in [(1, true, true), (8, true, false), (9, false, false)] {
        assert_eq!(account.permit(Resource::Sessions, at(event)).is_ok(), of_account, "{event}");
        assert_eq!(key.permit(Resource::Sessions, at(event)).is_ok(), of_key, "{event}");
    }
}

#[test]
fn a_manager_composes_the_delegations_of_its_organisation_within_its_limits() {
    let manager = Standing { organisation: Some(ORGANISATION), ..standing(Role::DelegationManager) };
    let limit = Some(Limit { events: vec![EVENT], groups: vec![] });
    let (whole, limited) = (account(manager.clone()), account(Standing { limit, ..manager }));
    let other = EventId(Uuid::from_u128(4));
    for (event, organisation, everywhere, within) in [
        (EVENT, Some(ORGANISATION), true, true),
        (other, Some(ORGANISATION), true, false),
        (EVENT, Some(OrganisationId(Uuid::nil())), false, false),
        (EVENT, None, false, false),
    ] {
        let target = Target { event: Some(event), group: None, organisation };
        assert_eq!(whole.permit(Resource::Delegations, target).is_ok(), everywhere, "{target:?}");
        assert_eq!(limited.permit(Resource::Delegations, target).is_ok(), within, "{target:?}");
    }
}

#[test]
fn the_head_composes_the_own_delegation_at_that_event_only() {
    let head = account(seated(true));
    let (event, organisation) = (Some(EVENT), Some(ORGANISATION));
    let (elsewhere, others) = (Some(EventId(Uuid::nil())), Some(OrganisationId(Uuid::nil())));
    for (event, organisation, may) in [
        (event, organisation, true),
        (elsewhere, organisation, false),
        (event, others, false),
        (None, organisation, false),
        (event, None, false),
    ] {
        let target = Target { event, group: Some(GROUP), organisation };
        assert_eq!(head.permit(Resource::Delegations, target).is_ok(), may, "{target:?}");
        assert!(head.permit(Resource::Sessions, target).is_err(), "{target:?}");
    }
    assert!(head.acts_for(ORGANISATION, EVENT) && !head.acts_for(ORGANISATION, EventId(Uuid::nil())));
    assert!(!head.acts_for(OrganisationId(Uuid::nil()), EVENT));
    let delegate = account(Standing { organisation, ..standing(Role::Delegate) });
    assert!(delegate.acts_for(ORGANISATION, EventId(Uuid::nil())));
}

#[test]
fn roles_know_what_they_come_with() {
    for role in Role::ALL {
        let delegation = matches!(role, Role::Delegate | Role::DelegationManager);
        assert_eq!(role.acts_for_organisation(), delegation, "{role}");
        let limited = matches!(role, Role::Secretariat | Role::Auditor | Role::DelegationManager);
        assert_eq!(role.can_be_limited(), limited, "{role}");
        for other in Role::ALL {
            let wider = (*role, *other) == (Role::DelegationManager, Role::Delegate);
            assert_eq!(role.includes(*other), *role == Role::Admin || role == other || wider, "{role} {other}");
        }
    }
}

#[test]
fn only_staff_sees_every_level() {
    for (name, _) in TABLE {
        let staff = ["auditor", "limited", "secretariat", "admin", "narrowed"].contains(&name);
        assert_eq!(actor(name).sees_everything(), staff, "{name}");
    }
}

#[test]
fn a_refusal_says_whether_a_name_would_help() {
    assert_eq!(Actor::anonymous().may_read(Resource::Persons), Err(Denial::Unauthenticated));
    assert_eq!(Actor::anonymous().may_read(Resource::Keys), Err(Denial::Unauthenticated));
    assert_eq!(Actor::anonymous().may_write(Resource::Feeds), Err(Denial::Unauthenticated));
    for (verb, denial) in [
        ("read", actor("guest").may_read(Resource::Keys).unwrap_err()),
        ("write", actor("guest").may_write(Resource::Keys).unwrap_err()),
    ] {
        let Denial::Forbidden(detail) = denial else { panic!("{denial:?}") };
        assert!(detail.contains(&format!("may not {verb} keys")), "{detail}");
    }
}

#[test]
fn an_account_is_what_it_is_and_a_key_what_it_was_narrowed_to() {
    let at = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(1);
    let principal = || Principal::Key { id: Uuid::from_u128(7), name: "Portal".into() };
    let offices = Offices { chairs: vec![GROUP], ..seated(true).offices };
    let limit = Limit { events: vec![EVENT], groups: vec![] };
    let manager = Standing {
        organisation: Some(ORGANISATION),
        limit: Some(limit.clone()),
        offices: offices.clone(),
        ..standing(Role::DelegationManager)
    };
    let owner = Actor::of_account(principal(), manager, at).unwrap();
    let expected = Actor {
        principal: principal(),
        role: Some(Role::DelegationManager),
        scopes: vec![],
        limits: vec![limit.clone()],
        organisation: Some(ORGANISATION),
        offices,
        ceiling: Tlp::Red,
        at,
    };
    assert_eq!(owner, expected);

    let scopes = vec![Scope::parse("feeds:write").unwrap()];
    let narrowing = Narrowing {
        scopes: scopes.clone(),
        limit: Some(Limit { events: vec![], groups: vec![GROUP] }),
        organisation: Some(ORGANISATION),
        ceiling: Tlp::Green,
        ..whole(Role::Delegate)
    };
    // An office is held in person and not through a key.
    let limits = vec![limit, Limit { events: vec![], groups: vec![GROUP] }];
    let (role, offices) = (Some(Role::Delegate), Offices::default());
    let narrowed = Actor { role, scopes, limits, offices, ceiling: Tlp::Green, ..expected };
    assert_eq!(owner.clone().narrowed(narrowing.clone()), Some(narrowed));
    assert_eq!(owner.clone().narrowed(Narrowing { organisation: None, ..narrowing.clone() }), None);
    assert_eq!(owner.narrowed(Narrowing { role: Role::Admin, ..narrowing.clone() }), None);
    let admin = account(standing(Role::Admin));
    assert_eq!(admin.narrowed(narrowing).and_then(|key| key.organisation), Some(ORGANISATION));
}

#[test]
fn labels_pass_up_to_the_ceiling() {
    let console = Actor::console();
    assert_eq!((&console.principal, console.role, console.ceiling), (&Principal::Console, Some(Role::Admin), Tlp::Red));
    let green = console.clone().under(Tlp::Green);
    assert_eq!(green.clone().under(Tlp::Red).ceiling, Tlp::Green);
    for label in Tlp::ALL {
        assert!(console.may_label(*label).is_ok());
        assert_eq!(green.may_label(*label).is_ok(), *label <= Tlp::Green);
    }
    assert!(!green.may_hand_out(&[], Tlp::Amber) && green.may_hand_out(&[], Tlp::Green));
}

#[test]
fn a_label_contradicts_only_what_everybody_sees() {
    let names = [
        (Tlp::Clear, "CLEAR"),
        (Tlp::Green, "GREEN"),
        (Tlp::Amber, "AMBER"),
        (Tlp::AmberStrict, "AMBER+STRICT"),
        (Tlp::Red, "RED"),
    ];
    assert_eq!(names.map(|(tlp, _)| tlp).as_slice(), Tlp::ALL);
    for (tlp, name) in names {
        for visibility in Visibility::ALL.iter().copied() {
            let checked = Disclosure::new(visibility, Some(tlp), &[]).checked();
            let Err(faults) = checked else { continue };
            assert_eq!(visibility, Visibility::Public, "{tlp:?}");
            assert_ne!(tlp, Tlp::Clear);
            assert!(faults[0].detail.contains(&format!("TLP:{name}.")), "{faults:?}");
        }
        assert_eq!(Disclosure::new(Visibility::Public, Some(tlp), &[]).checked().is_err(), tlp != Tlp::Clear);
    }
}

#[test]
fn a_scope_includes_what_it_covers_and_nothing_more() {
    let scope = |text: &str| Scope::parse(text).unwrap();
    for (wide, narrow, includes) in [
        ("*:write", "*:write", true),
        ("*:write", "*:read", true),
        ("*:read", "*:read", true),
        ("*:read", "*:write", false),
        ("*:read", "events:read", true),
        ("*:read", "events:write", false),
        ("events:write", "events:read", true),
        ("events:read", "events:write", false),
        ("events:write", "sessions:read", false),
        ("events:write", "*:read", false),
        ("events:write", "*:write", false),
    ] {
        assert_eq!(scope(wide).includes(&scope(narrow)), includes, "{wide}, {narrow}");
    }
    for text in ["*:read", "*:write", "events:read", "sessions:write"] {
        assert_eq!((scope(text).to_string(), String::from(scope(text))), (text.to_owned(), text.to_owned()));
    }
    let schema = schemars::schema_for!(Scope);
    let pattern = schema.as_value()["pattern"].as_str().unwrap_or_default();
    assert!(pattern.contains("|events|") && pattern.ends_with("):(read|write)$"), "{pattern}");
}
