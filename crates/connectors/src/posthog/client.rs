//! Asks PostHog and reads its answers. Tolerant of what is added to them, not of what is missing.

use std::collections::BTreeMap;
use std::time::Duration;

use custory_domain::{Counted, MetricPoint};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PROJECT, query};
use crate::context::Context;
use crate::error::ConnectError;
use crate::numbers::{EventName, Numbers};
use crate::registry::Account;
use crate::reply::read;

/// How often a question that PostHog still works on is asked after.
const POLLS_MAX: usize = 60;
/// Time between.
const POLL_WAIT: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
struct Me {
    email: String,
    #[serde(default)]
    team: Option<Project>,
}

#[derive(Deserialize)]
struct Project {
    id: u64,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct FunnelStep {
    order: u64,
    count: f64,
}

#[derive(Deserialize)]
struct Trend {
    aggregated_value: f64,
}

/// Whose key this is, for which project, and whether it may ask.
pub(super) fn probe(context: &Context) -> BoxFuture<'_, Result<Account, ConnectError>> {
    Box::pin(async move {
        let me: Me = read(context.vendor(), context.get("api/users/@me/").await?)?;
        let id = match (context.setting(PROJECT), me.team) {
            ("", Some(open)) => open.id,
            ("", None) => {
                let advice = "Give the number of the project: PostHog does not say which one is open.";
                return Err(ConnectError::BadSetting(advice.to_owned()));
            }
            (set, _) => set.parse().map_err(|_| {
                ConnectError::BadSetting(format!("“{set}” is not the number of a project in PostHog."))
            })?,
        };
        let project: Project = read(context.vendor(), context.get(format!("api/projects/{id}/")).await?)?;
        let account = Account { id: project.id.to_string(), name: project.name, person: me.email };
        PostHog { context, project: &account.id }.ask(query::trial(), "test").await?;
        Ok(account)
    })
}

/// The source half. Needs the project in the settings, where connecting puts it.
pub(super) fn numbers(context: &Context) -> Box<dyn Numbers + '_> {
    Box::new(PostHog { context, project: context.setting(PROJECT) })
}

struct PostHog<'a> {
    context: &'a Context,
    project: &'a str,
}

impl PostHog<'_> {
    /// The results of a question, waited for where they take long.
    async fn ask(&self, query: Value, name: &str) -> Result<Value, ConnectError> {
        let body = json!({ "query": query, "refresh": "blocking", "name": format!("custory {name}") });
        let mut answer = self.context.post(format!("api/projects/{}/query/", self.project), body).await?;
        for _ in 0..POLLS_MAX {
            let status = &answer["query_status"];
            if status["error"].as_bool() == Some(true) {
                let detail = status["error_message"].as_str().unwrap_or_default().to_owned();
                return Err(ConnectError::Refused { vendor: self.context.vendor(), detail });
            }
            if let Some(results) =
                [&answer["results"], &status["results"]].into_iter().find(|it| !it.is_null())
            {
                return Ok(results.clone());
            }
            let Some(id) = status["id"].as_str().filter(|id| id.chars().all(is_plain)) else {
                return Err(self.unexpected("there are no results"));
            };
            self.context.wait(POLL_WAIT).await;
            answer = self.context.get(format!("api/projects/{}/query/{id}/", self.project)).await?;
        }
        let reason = "it still counts".to_owned();
        Err(ConnectError::Unavailable { vendor: self.context.vendor(), reason, retry_in: None })
    }

    async fn point(&self, counted: &Counted, monday: Date) -> Result<Option<MetricPoint>, ConnectError> {
        let results = self.ask(query::week(counted, monday), &format!("week {monday}")).await?;
        match counted {
            Counted::People { .. } | Counted::Events { .. } => {
                let trends: Vec<Trend> = read(self.context.vendor(), results)?;
                let count = trends.first().map_or(0.0, |it| it.aggregated_value);
                Ok(Some(MetricPoint { value: count, n: Some(self.cases(count)?), ..MetricPoint::default() }))
            }
            Counted::Funnel { .. } => {
                let mut steps: Vec<FunnelStep> = read(self.context.vendor(), results)?;
                steps.sort_by_key(|it| it.order);
                let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return Ok(None) };
                let n = self.cases(first.count)?;
                if last.count > first.count || last.count < 0.0 {
                    return Err(self.unexpected("more came to the end of a funnel than began it"));
                }
                // Of nobody there is no share.
                Ok((n > 0).then(|| MetricPoint {
                    value: last.count / first.count,
                    n: Some(n),
                    numerator: Some(last.count),
                    denominator: Some(first.count),
                }))
            }
        }
    }

    fn cases(&self, count: f64) -> Result<u64, ConnectError> {
        /// Above this, numbers of the kind that JSON has are no longer exact.
        const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
        let is_count = count.is_finite() && (0.0..EXACT_MAX).contains(&count);
        if is_count { Ok(count.round() as u64) } else { Err(self.unexpected("a count that is none")) }
    }

    fn unexpected(&self, reason: &str) -> ConnectError {
        ConnectError::Unexpected { vendor: self.context.vendor(), reason: reason.to_owned() }
    }
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

impl Numbers for PostHog<'_> {
    fn events(&self) -> BoxFuture<'_, Result<Vec<EventName>, ConnectError>> {
        Box::pin(async move {
            let rows: Vec<(String, u64, u64)> =
                read(self.context.vendor(), self.ask(query::events(), "event names").await?)?;
            Ok(rows.into_iter().map(|(name, times, people)| EventName { name, times, people }).collect())
        })
    }

    fn weekly<'a>(
        &'a self,
        counted: &'a Counted,
        mondays: &'a [Date],
    ) -> BoxFuture<'a, Result<BTreeMap<Date, MetricPoint>, ConnectError>> {
        Box::pin(async move {
            let mut points = BTreeMap::new();
            for monday in mondays {
                if let Some(point) = self.point(counted, *monday).await? {
                    points.insert(*monday, point);
                }
            }
            Ok(points)
        })
    }
}
