//! `plenum migrate`: what a server does at start, done beforehand.

use super::{Failure, Place, print};
use crate::context::App;

pub(super) async fn migrate(place: Place) -> Result<(), Failure> {
    App::start(place.config()?).await?;
    print("The database is up to date.")
}
