//! The draft report of the committee on credentials, from the findings on record.

use documents::{
    credentials::{Delegation, Source, report},
    report::{html, markdown},
};
use domain::{
    Language,
    access::Resource,
    attendance::{Entitlement, RulesOfProcedure},
    events::Event,
    identifier::Handle,
    time,
};

use crate::{
    attendance::{findings, roster},
    context::Ctx,
    db::Visible,
    error::Error,
    events::{self, rules},
};

domain::words! {
    /// The formats a report can be had in.
    #[derive(Default)]
    #[schemars(rename = "ReportFormat")]
    pub enum Format {
        /// CommonMark.
        #[default]
        Markdown = "markdown",
        /// One HTML page without style or script.
        Html = "html",
    }
}

impl Format {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    /// The report in this format.
    pub fn write(self, report: &documents::report::Report) -> String {
        match self {
            Self::Markdown => markdown(report),
            Self::Html => html(report),
        }
    }
}

/// The report as it would stand now, in the first language asked for, else the event's; for those who run the event.
pub async fn create(ctx: &Ctx, event: &Handle, format: Format) -> Result<(String, Language), Error> {
    let event = events::get(ctx, event).await?;
    roster::admit(ctx, &event).await?;
    let connection = ctx.read(Resource::Delegations)?;
    let rules = rules::in_force(connection, &event).await?.rules;
    let entries = roster::entries(connection, &event, ctx.now).await?;
    let sessions = findings::sessions_named(ctx, &entries).await?;
    let details = &event.content.details;
    let language = language(ctx, &event);
    let presenting =
        entries.into_iter().filter(|entry| entry.category.presents_credentials() && entry.state.is_coming());
    let delegations = presenting.map(|entry| {
        let finding = entry.finding();
        let found = entry.found;
        let session = found.as_ref().and_then(|found| found.session_id).and_then(|id| sessions.get(&id.0));
        let session = session.and_then(|title| title.resolve(std::slice::from_ref(&language)));
        let committee = found.as_ref().and_then(|found| found.committee.clone());
        Delegation {
            code: entry.organisation_code,
            names: entry.names,
            finding,
            decided_by: session.map(|(_, title)| title.to_owned()).or(committee),
            reason: found.and_then(|found| found.reason),
        }
    });
    let source = Source {
        event: &details.title,
        first: details.starts_on,
        last: details.ends_on,
        on: ctx.now.to_zoned(time::zone(&details.time_zone, "/time_zone")?).date(),
        participation: same_for_both(&rules),
        delegations: delegations.collect(),
    };
    Ok((format.write(&report(&source, &language)), language))
}

/// What the committee would recommend: that those whose credentials are not in order go on as after its report.
fn same_for_both(rules: &RulesOfProcedure) -> Option<Entitlement> {
    let rule = rules.after_report;
    (rule.none == rule.provisional).then_some(rule.none)
}

fn language(ctx: &Ctx, event: &Visible<Event>) -> Language {
    ctx.languages.first().cloned().unwrap_or_else(|| event.content.details.main_language())
}
