//! Tables of statements.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of statements.
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
                root("statements")
                    .col(column("code").text().not_null())
                    .col(column("code_key").text().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(column("session_id").uuid().null())
                    .col(words(
                        "kind",
                        &["joint_statement", "declaration", "communique", "memorandum", "decision", "chairs_summary"],
                    ))
                    .col(column("title").json().not_null())
                    .col(column("drafting_language").text().not_null())
                    .col(column("languages").json().not_null())
                    .col(words(
                        "state",
                        &["drafting", "tabled", "negotiating", "adopted", "published", "failed", "withdrawn"],
                    ))
                    .col(column("order_policy").text().not_null())
                    .col(words("visibility", VISIBILITY))
                    .col(column("audience").json().not_null())
                    .col(audience_id())
                    .col(words("tlp", TLP))
                    .col(column("head_version").integer().not_null())
                    .col(column("adopted_on").date().null())
                    .col(column("facts").json().null())
                    .col(column("search_key").text().not_null())
                    .foreign_key(&mut reference("statements", "event_id", "events"))
                    .foreign_key(&mut reference("statements", "session_id", "sessions"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX statements_code ON statements (code_key) WHERE deleted_at IS NULL",
                "CREATE INDEX statements_event ON statements (event_id, created_at, id)",
            ],
        )
        .await?;
        manager
            .create_table(
                plain("statement_participants")
                    .col(column("statement_id").uuid().not_null())
                    .col(column("organisation_id").uuid().not_null())
                    .primary_key(Index::create().col("statement_id").col("organisation_id"))
                    .foreign_key(&mut reference("statement_participants", "statement_id", "statements"))
                    .foreign_key(&mut reference("statement_participants", "organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                root("clauses")
                    .col(column("statement_id").uuid().not_null())
                    .col(words("part", &["title", "preamble", "operative", "list", "closing"]))
                    .col(column("position").integer().not_null())
                    .col(words("state", &["open", "agreed", "agreed_ad_ref", "placeholder", "deleted"]))
                    .col(column("revision").integer().not_null())
                    .col(column("text").json().not_null())
                    .col(column("provenance").json().not_null())
                    .foreign_key(&mut reference("clauses", "statement_id", "statements"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE INDEX clauses_order ON clauses (statement_id, position, id)"]).await?;
        manager
            .create_table(
                plain("clause_revisions")
                    .col(column("id").uuid().not_null())
                    .col(column("clause_id").uuid().not_null())
                    .col(column("statement_id").uuid().not_null())
                    .col(column("revision").integer().not_null())
                    .col(column("text").json().not_null())
                    .col(column("provenance").json().not_null())
                    .col(column("author").text().not_null())
                    .col(column("author_id").uuid().null())
                    .col(column("reason").text().null())
                    .col(column("sha256").text().not_null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .primary_key(Index::create().col("id"))
                    .foreign_key(&mut reference("clause_revisions", "clause_id", "clauses"))
                    .foreign_key(&mut reference("clause_revisions", "statement_id", "statements"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE UNIQUE INDEX clause_revisions_number ON clause_revisions (clause_id, revision)"])
            .await?;
        manager
            .create_table(
                plain("statement_versions")
                    .col(column("id").uuid().not_null())
                    .col(column("statement_id").uuid().not_null())
                    .col(column("number").integer().not_null())
                    .col(column("label").text().not_null())
                    .col(column("content").json().not_null())
                    .col(column("sha256").text().not_null())
                    .col(column("comment").text().null())
                    .col(column("created_by").text().not_null())
                    .col(column("author_id").uuid().null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .primary_key(Index::create().col("id"))
                    .foreign_key(&mut reference("statement_versions", "statement_id", "statements"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX statement_versions_number ON statement_versions (statement_id, number)",
                "CREATE UNIQUE INDEX statement_versions_label ON statement_versions (statement_id, label)",
            ],
        )
        .await?;
        let others = "id, clause_id, statement_id, revision, text, provenance, author_id, reason, sha256, created_at";
        append_only_but_name(manager, "clause_revisions", "author", others).await?;
        let others = "id, statement_id, number, label, content, sha256, comment, author_id, created_at";
        append_only_but_name(manager, "statement_versions", "created_by", others).await
    }
}
