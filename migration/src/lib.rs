//! The schema, forward only: expand first, contract in a later release, so that the previous binary works on it too.

use sea_orm_migration::prelude::*;

mod m0001_organisations;
mod m0002_people;
mod m0003_access;
mod m0004_groups;
mod m0005_events;
mod m0006_schedule;
mod m0007_attendance;
mod m0008_statements;
mod m0009_calendars;
mod m0010_audit;
mod m0011_jobs;
mod m0012_sign_in;
mod m0013_identities;
mod m0016_passkeys;
mod m0017_seals;
mod m0018_participants;
mod m0019_door;
mod m0020_credentials;
mod m0021_sittings;
mod m0022_minutes;
mod m0023_bookings;
mod m0024_releases;
mod m0025_availability;
mod m0026_clashes;
mod m0027_agenda;
mod m0028_speakers;
mod m0029_requests;
mod m0030_constraints;
mod m0031_date_polls;
mod m0032_duties;
mod m0033_arrangements;
mod m0034_busy_addresses;
mod m0035_follows;
mod m0036_invitations;
mod m0037_invitation_replies;
mod m0038_app_passwords;
mod m0039_calendar_states;
mod schema;

/// All migrations in the order they apply.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_organisations::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_access::Migration),
            Box::new(m0004_groups::Migration),
            Box::new(m0005_events::Migration),
            Box::new(m0006_schedule::Migration),
            Box::new(m0007_attendance::Migration),
            Box::new(m0008_statements::Migration),
            Box::new(m0009_calendars::Migration),
            Box::new(m0010_audit::Migration),
            Box::new(m0011_jobs::Migration),
            Box::new(m0012_sign_in::Migration),
            Box::new(m0013_identities::Migration),
            Box::new(m0016_passkeys::Migration),
            Box::new(m0017_seals::Migration),
            Box::new(m0018_participants::Migration),
            Box::new(m0019_door::Migration),
            Box::new(m0020_credentials::Migration),
            Box::new(m0021_sittings::Migration),
            Box::new(m0022_minutes::Migration),
            Box::new(m0023_bookings::Migration),
            Box::new(m0024_releases::Migration),
            Box::new(m0025_availability::Migration),
            Box::new(m0026_clashes::Migration),
            Box::new(m0027_agenda::Migration),
            Box::new(m0028_speakers::Migration),
            Box::new(m0029_requests::Migration),
            Box::new(m0030_constraints::Migration),
            Box::new(m0031_date_polls::Migration),
            Box::new(m0032_duties::Migration),
            Box::new(m0033_arrangements::Migration),
            Box::new(m0034_busy_addresses::Migration),
            Box::new(m0035_follows::Migration),
            Box::new(m0036_invitations::Migration),
            Box::new(m0037_invitation_replies::Migration),
            Box::new(m0038_app_passwords::Migration),
            Box::new(m0039_calendar_states::Migration),
        ]
    }
}
