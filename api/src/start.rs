//! From a configuration to an application with its database in order.

use std::sync::Arc;

use crate::{
    clock::{Clock, Entropy},
    config::Config,
    context::{App, Ctx},
    db::{Db, SchemaError},
    error::Error,
    fonts::PrintFonts,
    organisations,
};

impl App {
    /// Connects, brings the database up to date, and fills an empty one with the organisations of the world.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let app = Self::connect(config).await?;
        app.db.migrate().await?;
        match organisations::load_catalogue(&Ctx::internal(&app, "console")).await {
            // Another instance that starts at this moment was faster.
            Ok(_) | Err(Error::Conflict { .. }) => Ok(app),
            Err(error) => Err(error.into()),
        }
    }

    /// Connects for a command beside the server: an embedded database is brought up to date, another must be.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        if config.database_url().starts_with("sqlite://") {
            return Self::start(config).await;
        }
        let app = Self::connect(config).await?;
        app.db.check_schema().await?;
        Ok(app)
    }

    async fn connect(config: Config) -> Result<Self, StartError> {
        let fonts = PrintFonts::with(config.fonts_dir.as_deref()).map_err(StartError::Fonts)?;
        let db = Db::connect(&config.database_url()).await.map_err(SchemaError::Database)?;
        Ok(Self { db, clock: Clock::System, entropy: Entropy::System, config: Arc::new(config), fonts })
    }
}

/// Why the application cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database, or its schema.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The folder of fonts.
    #[error("fonts_dir cannot be read: {0}")]
    Fonts(#[source] std::io::Error),
    /// The data every database begins with.
    #[error(transparent)]
    Data(#[from] Error),
}
