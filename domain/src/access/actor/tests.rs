use proptest::prelude::*;

use super::{offices::CHAIRED, *};

fn actor(role: Role) -> Actor {
    Actor { role: Some(role), ..Actor::console() }
}

#[test]
fn nobody_writes_without_a_key_and_auditors_never() {
    assert_eq!(Actor::anonymous().permit(Resource::Events, Target::default()).unwrap_err(), Denial::Unauthenticated);
    assert!(actor(Role::Auditor).permit(Resource::Events, Target::default()).is_err());
    assert!(actor(Role::Auditor).may_read(Resource::Audit).is_ok());
}

#[test]
fn a_limited_secretariat_stays_inside_its_event() {
    let (mine, other) = (EventId(Uuid::from_u128(1)), EventId(Uuid::from_u128(2)));
    let staff = Actor { limits: vec![Limit { events: vec![mine], groups: vec![] }], ..actor(Role::Secretariat) };
    let at = |event| Target { event: Some(event), ..Target::default() };
    assert!(staff.permit(Resource::Sessions, at(mine)).is_ok());
    assert!(staff.permit(Resource::Sessions, at(other)).is_err());
    assert!(staff.permit(Resource::Organisations, Target::default()).is_err());
}

#[test]
fn a_scope_narrows_and_write_includes_read() {
    let narrowed = Actor { scopes: vec![Scope::parse("sessions:write").unwrap()], ..actor(Role::Admin) };
    assert!(narrowed.permit(Resource::Sessions, Target::default()).is_ok());
    assert!(narrowed.may_read(Resource::Sessions).is_ok());
    assert!(narrowed.may_read(Resource::Events).is_err());
}

proptest::proptest! {
    #[test]
    fn what_is_handed_out_never_allows_more(own in scopes(), handed in scopes()) {
        let maker = Actor { scopes: own, ..actor(Role::Admin) };
        let made = Actor { scopes: handed.clone(), ..actor(Role::Admin) };
        let more = Resource::ALL.iter().any(|resource| {
            made.may_read(*resource).is_ok() && maker.may_read(*resource).is_err()
                || made.permit(*resource, Target::default()).is_ok()
                    && maker.permit(*resource, Target::default()).is_err()
        });
        proptest::prop_assert!(!(more && maker.may_hand_out(&handed, Tlp::Red)));
    }
}

proptest::proptest! {
    /// R18: whatever happens to the roles of the account, its key never does or sees more.
    #[test]
    fn a_key_never_does_more_than_its_account_whatever_becomes_of_it(
        account in standings(),
        key in narrowings(),
        targets in prop::collection::vec(targets(), 1..8),
        label in labels(),
    ) {
        let Some(owner) = Actor::of_account(Principal::Console, account, Timestamp::UNIX_EPOCH) else { return Ok(()) };
        let Some(holder) = owner.clone().narrowed(key) else { return Ok(()) };
        prop_assert!(!holder.sees_everything() || owner.sees_everything());
        prop_assert!(owner.sees_everything() || holder.organisation == owner.organisation);
        prop_assert!(holder.may_label(label).is_err() || owner.may_label(label).is_ok());
        for resource in Resource::ALL {
            prop_assert!(holder.may_read(*resource).is_err() || owner.may_read(*resource).is_ok(), "{resource:?}");
            prop_assert!(holder.may_write(*resource).is_err() || owner.may_write(*resource).is_ok(), "{resource:?}");
            for target in &targets {
                let (key, account) = (holder.permit(*resource, *target), owner.permit(*resource, *target));
                prop_assert!(key.is_err() || account.is_ok(), "{resource:?} {target:?}");
            }
        }
    }
}

fn labels() -> impl Strategy<Value = Tlp> {
    prop::sample::select(Tlp::ALL)
}

/// One of two, so that they often are the same.
fn organisations() -> impl Strategy<Value = Option<OrganisationId>> {
    prop::option::of((0..2_u128).prop_map(|id| OrganisationId(Uuid::from_u128(id))))
}

fn targets() -> impl Strategy<Value = Target> {
    let event = prop::option::of((0..2_u128).prop_map(|id| EventId(Uuid::from_u128(id))));
    let group = prop::option::of((0..2_u128).prop_map(|id| GroupId(Uuid::from_u128(id))));
    (event, group, organisations()).prop_map(|(event, group, organisation)| Target { event, group, organisation })
}

fn standings() -> impl Strategy<Value = Standing> {
    let (roles, states) = (prop::sample::select(Role::ALL), prop::sample::select(AccountState::ALL));
    (roles, states, limits(), organisations(), offices()).prop_map(|(role, state, limit, organisation, offices)| {
        Standing { role, state, limit, organisation, offices, ends_at: None }
    })
}

fn offices() -> impl Strategy<Value = Offices> {
    let chairs = prop::collection::vec((0..2_u128).prop_map(|id| GroupId(Uuid::from_u128(id))), 0..2);
    let seat = (0..2_u128, 0..2_u128, any::<bool>()).prop_map(|(event, organisation, head)| Seat {
        event: EventId(Uuid::from_u128(event)),
        organisation: OrganisationId(Uuid::from_u128(organisation)),
        head,
    });
    (chairs, prop::collection::vec(seat, 0..2)).prop_map(|(chairs, seats)| Offices {
        person: None,
        chairs,
        keeps: vec![],
        seats,
        tasks: vec![],
    })
}

fn limits() -> impl Strategy<Value = Option<Limit>> {
    let at = |at: Target| Limit { events: at.event.into_iter().collect(), groups: at.group.into_iter().collect() };
    prop::option::of(targets().prop_map(at))
}

fn narrowings() -> impl Strategy<Value = Narrowing> {
    (prop::sample::select(Role::ALL), scopes(), limits(), organisations(), labels()).prop_map(
        |(role, scopes, limit, organisation, ceiling)| Narrowing { role, scopes, limit, organisation, ceiling },
    )
}

fn scopes() -> impl Strategy<Value = Vec<Scope>> {
    let scope = "(\\*|keys|events|sessions):(read|write)".prop_map(|scope| Scope::parse(&scope).unwrap());
    prop::collection::vec(scope, 0..4)
}

#[test]
fn an_account_ends_at_its_instant() {
    let end: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
    let (role, state) = (Role::Guest, AccountState::Active);
    let offices = Offices::default;
    let guest = || Standing { role, state, limit: None, organisation: None, offices: offices(), ends_at: Some(end) };
    let before = end - jiff::SignedDuration::from_nanos(1);
    assert!(Actor::of_account(Principal::Console, guest(), before).is_some());
    assert!(Actor::of_account(Principal::Console, guest(), end).is_none());
}

#[test]
fn a_chair_runs_sessions_and_texts_of_its_own_group_and_nothing_else() {
    let (own, other) = (GroupId(Uuid::from_u128(1)), GroupId(Uuid::from_u128(2)));
    let at = |group| Target { group: Some(group), ..Target::default() };
    for role in [Role::Guest, Role::Delegate, Role::Auditor] {
        let chair = Actor { offices: Offices { chairs: vec![own], ..Offices::default() }, ..actor(role) };
        for resource in CHAIRED {
            assert!(chair.permit(resource, at(own)).is_ok(), "{role} {resource:?}");
            assert!(chair.permit(resource, at(other)).is_err(), "{role} {resource:?}");
            assert!(chair.permit(resource, Target::default()).is_err(), "{role} {resource:?}");
        }
        for resource in [Resource::Groups, Resource::Events, Resource::Persons, Resource::Keys] {
            assert!(chair.permit(resource, at(own)).is_err(), "{role} {resource:?}");
        }
    }
}

#[test]
fn a_manager_writes_only_for_its_own_delegation() {
    let (own, other) = (OrganisationId(Uuid::from_u128(1)), OrganisationId(Uuid::from_u128(2)));
    let manager = Actor { organisation: Some(own), ..actor(Role::DelegationManager) };
    let of = |organisation| Target { organisation: Some(organisation), ..Target::default() };
    assert!(manager.permit(Resource::Delegations, of(own)).is_ok());
    assert!(manager.permit(Resource::Delegations, of(other)).is_err());
    assert!(manager.permit(Resource::Delegations, Target::default()).is_err());
}
