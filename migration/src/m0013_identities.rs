//! Tables of signing in through providers of identities.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of identities.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                plain("identities")
                    .col(column("id").uuid().not_null())
                    .col(column("issuer").text().not_null())
                    .col(column("subject").text().not_null())
                    .col(column("account_id").uuid().not_null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .primary_key(Index::create().col("id"))
                    .foreign_key(&mut reference("identities", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("sign_in_attempts")
                    .col(column("state_hash").text().not_null())
                    .col(column("browser_hash").text().not_null())
                    .col(column("provider").text().not_null())
                    .col(column("nonce").text().not_null())
                    .col(column("verifier").text().not_null())
                    .col(column("return_to").text().not_null())
                    .col(column("expires_at").timestamp_with_time_zone().not_null())
                    .primary_key(Index::create().col("state_hash"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("provider_sign_ins")
                    .col(column("sign_in_id").uuid().not_null())
                    .col(column("identity_id").uuid().not_null())
                    .col(column("sid").text().null())
                    .primary_key(Index::create().col("sign_in_id"))
                    // Sign-ins are not kept once they are over, and this goes with them.
                    .foreign_key(
                        ForeignKey::create()
                            .from("provider_sign_ins", "sign_in_id")
                            .to("sign_in_sessions", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("provider_sign_ins", "identity_id")
                            .to("identities", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE INDEX provider_sign_ins_identity ON provider_sign_ins (identity_id)",
                "CREATE UNIQUE INDEX identities_subject ON identities (issuer, subject)",
                // An account is one person of a provider at most.
                "CREATE UNIQUE INDEX identities_account ON identities (account_id, issuer)",
                "CREATE INDEX sign_in_attempts_expiry ON sign_in_attempts (expires_at)",
            ],
        )
        .await
    }
}
