//! `custory connectors`, `connect`, `pull`, `bind`, `send`: other tools, on the command line.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{IsTerminal, Read};

use anyhow::{Context, bail};
use custory_domain::{Change, Command, Counted, EntityKind, MetricField, MetricSource, MetricState, Via};
use custory_engine::Engine;
use custory_ipc::{ChosenChannel, ConnectorView, ConnectorsRequest, Hidden, Pulled, Reply, Request};

use crate::arguments::{BindWish, ConnectWish, SendWish};
use crate::journey::{board, find, find_on};
use crate::output::line;

/// Longest key that is read; the longest known has some hundred bytes.
const KEY_BYTES_MAX: u64 = 16 << 10;
/// Days that a value of a bound metric covers.
const WEEK_DAYS: u16 = 7;

fn known(engine: &Engine, request: Request) -> anyhow::Result<Vec<ConnectorView>> {
    match engine.request_blocking(request)? {
        Reply::Connectors { connectors } => Ok(connectors),
        _ => bail!("the engine answered something else"),
    }
}

fn one(engine: &Engine, vendor: &str) -> anyhow::Result<ConnectorView> {
    let all = known(engine, Request::Connectors(ConnectorsRequest::List))?;
    let names: Vec<_> = all.iter().map(|it| it.vendor.clone()).collect();
    let found = all.into_iter().find(|it| it.vendor == vendor);
    found.with_context(|| format!("There is no connector “{vendor}”; there are {}.", names.join(", ")))
}

pub(crate) fn list(engine: &Engine, json: bool) -> anyhow::Result<()> {
    let all = known(engine, Request::Connectors(ConnectorsRequest::List))?;
    if json {
        return line(&serde_json::to_string_pretty(&all)?);
    }
    let mut text = String::new();
    for it in &all {
        match &it.connection {
            Some(connection) => {
                writeln!(
                    text,
                    "{:<10} connected to {} as {}",
                    it.vendor, connection.account_name, connection.person
                )?;
                if !connection.problem.is_empty() {
                    writeln!(text, "           {}", connection.problem)?;
                }
            }
            None => writeln!(text, "{:<10} not connected. {}", it.vendor, it.purpose)?,
        }
        for setting in &it.settings {
            writeln!(text, "           --set {}=…  {}", setting.key, setting.help)?;
        }
    }
    line(&text)
}

pub(crate) fn connect(engine: &Engine, wish: ConnectWish) -> anyhow::Result<()> {
    let connector = one(engine, &wish.vendor)?;
    let mut settings = BTreeMap::new();
    for it in &wish.settings {
        let (name, value) =
            it.split_once('=').with_context(|| format!("“{it}” should look like NAME=VALUE."))?;
        let is_client = connector.sign_in.as_ref().is_some_and(|it| it.client == name);
        if !is_client && !connector.settings.iter().any(|it| it.key == name) {
            bail!("{} has no setting “{name}”; `custory connectors` lists them.", connector.name);
        }
        settings.insert(name.to_owned(), value.to_owned());
    }
    let request = if wish.sign_in {
        begin_sign_in(engine, &connector, settings, wish.base_url)?;
        Request::Connectors(ConnectorsRequest::FinishSignIn { vendor: wish.vendor.clone() })
    } else {
        let key = Hidden(key(&connector)?);
        Request::Connectors(ConnectorsRequest::Connect {
            vendor: wish.vendor.clone(),
            key,
            settings,
            base_url: wish.base_url,
        })
    };
    let connected = known(engine, request)?.into_iter().find(|it| it.vendor == wish.vendor);
    let connection = connected.and_then(|it| it.connection).context("the engine answered something else")?;
    eprintln!("Connected to {} as {}.", connection.account_name, connection.person);
    Ok(())
}

/// Says what to do there and where to say yes.
fn begin_sign_in(
    engine: &Engine,
    connector: &ConnectorView,
    settings: BTreeMap<String, String>,
    base_url: Option<String>,
) -> anyhow::Result<()> {
    let sign_in = connector.sign_in.as_ref();
    let sign_in = sign_in.with_context(|| format!("{} is connected with a key.", connector.name))?;
    if !settings.contains_key(&sign_in.client) {
        for (at, step) in sign_in.steps.iter().enumerate() {
            eprintln!("{}. {step}", at + 1);
        }
        bail!("Then give the app's client ID: --set {}=…", sign_in.client);
    }
    let request = Request::Connectors(ConnectorsRequest::BeginSignIn {
        vendor: connector.vendor.clone(),
        settings,
        base_url,
    });
    let Reply::SignIn { url } = engine.request_blocking(request)? else {
        bail!("the engine answered something else");
    };
    eprintln!("Open this in a browser on this machine and say yes:\n{url}");
    Ok(())
}

/// The key, from a pipe or typed without being shown.
fn key(connector: &ConnectorView) -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        for (at, step) in connector.steps.iter().enumerate() {
            eprintln!("{}. {step}", at + 1);
        }
        eprintln!("   {}\n   Scopes: {}", connector.create_at, connector.scopes.join(", "));
        if !connector.paste.is_empty() {
            eprintln!("\n{}", connector.paste.trim_end());
        }
        let ask = |name: &str| rpassword::prompt_password(format!("{name} (not shown): "));
        let first = ask(&connector.key_name)?;
        return Ok(match connector.second_name.as_str() {
            "" => first,
            name => format!("{first}\n{}", ask(name)?),
        });
    }
    let mut key = String::new();
    stdin.lock().take(KEY_BYTES_MAX).read_to_string(&mut key).context("The key is no text")?;
    Ok(key)
}

pub(crate) fn disconnect(engine: &Engine, vendor: String) -> anyhow::Result<()> {
    known(engine, Request::Connectors(ConnectorsRequest::Disconnect { vendor: vendor.clone() }))?;
    eprintln!("{vendor} is not connected any more, and its key is forgotten.");
    Ok(())
}

pub(crate) fn pull(engine: &Engine, vendor: Option<String>, json: bool) -> anyhow::Result<()> {
    let Reply::Pulled { pulled } =
        engine.request_blocking(Request::Connectors(ConnectorsRequest::Pull { vendor }))?
    else {
        bail!("the engine answered something else");
    };
    if json {
        line(&serde_json::to_string_pretty(&pulled)?)?;
    } else if pulled.is_empty() {
        eprintln!("Nothing is connected. `custory connectors` lists what can be.");
    } else {
        line(&pulled.iter().map(said).collect::<Vec<_>>().join("\n"))?;
    }
    match pulled.iter().find(|it| !it.problem.is_empty()) {
        Some(failed) => bail!("{}", failed.problem),
        None => Ok(()),
    }
}

fn said(it: &Pulled) -> String {
    let resumed = if it.resumed > 0 {
        format!(", {} interrupted issues or posts finished", it.resumed)
    } else {
        String::new()
    };
    let heard = if it.heard > 0 { format!(", {} messages heard", it.heard) } else { String::new() };
    format!(
        "{:<10} {} values of {} metrics, {} issues changed{heard}{resumed}",
        it.vendor, it.points, it.metrics, it.issues
    )
}

pub(crate) fn bind(engine: &Engine, wish: BindWish) -> anyhow::Result<()> {
    let journey = find(engine, &wish.journey)?.id;
    let board = board(engine, journey)?;
    let metric = find_on(&board, &wish.metric, &[EntityKind::Metric])?;
    let connection = one(engine, &wish.to)?.connection;
    let connection = connection.with_context(|| {
        format!("{} is not connected. Connect it with `custory connect {}`.", wish.to, wish.to)
    })?;
    let counted = match (wish.people, wish.events) {
        (Some(event), _) => Counted::People { event },
        (None, Some(event)) => Counted::Events { event },
        (None, None) => Counted::Funnel { events: wish.funnel },
    };
    let formula = counted.formula();
    let source = MetricSource { provider: wish.to.clone(), project: connection.account, counted };
    let set = |set| Command::set(Change::Metric { id: metric.id.into(), set });
    let commands = vec![
        set(MetricField::Source(Some(source))),
        set(MetricField::Formula(formula)),
        set(MetricField::WindowDays(WEEK_DAYS)),
        set(MetricField::State(MetricState::Active)),
    ];
    let command = Command::Batch { label: format!("Bind metric to {}", wish.to), commands };
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User })?;
    eprintln!("Bound. `custory pull {}` reads its weekly values.", wish.to);
    Ok(())
}

pub(crate) fn send(engine: &Engine, wish: SendWish) -> anyhow::Result<()> {
    let journey = find(engine, &wish.journey)?.id;
    let kinds = [EntityKind::Opportunity, EntityKind::Solution, EntityKind::Insight];
    let entity = find_on(&board(engine, journey)?, &wish.item, &kinds)?;
    let Some(team) = wish.team.filter(|_| !wish.dry_run) else {
        let Reply::IssuePreview { issue } = engine
            .request_blocking(Request::Connectors(ConnectorsRequest::PreviewIssue { journey, entity }))?
        else {
            bail!("the engine answered something else");
        };
        return line(&format!("# {}\n\n{}", issue.title, issue.body));
    };
    let request = Request::Connectors(ConnectorsRequest::SendToTracker {
        journey,
        entity,
        vendor: wish.to,
        team,
        issue: None,
    });
    let Reply::Sent { name, url } = engine.request_blocking(request)? else {
        bail!("the engine answered something else");
    };
    line(&format!("{name}  {url}"))
}

/// A channel of a chat tool by its name.
pub(crate) fn channel(engine: &Engine, vendor: &str, name: &str) -> anyhow::Result<ChosenChannel> {
    let asked = engine.request_blocking(Request::Connectors(ConnectorsRequest::ChatChannels {
        vendor: vendor.to_owned(),
    }))?;
    let Reply::ChatChannels { channels } = asked else { bail!("the engine answered something else") };
    let name = name.trim_start_matches('#');
    let Some(found) = channels.iter().find(|it| it.name == name) else {
        let ours: Vec<_> =
            channels.iter().filter(|it| it.is_ours).map(|it| format!("#{}", it.name)).collect();
        bail!("There is no channel #{name}. Custory has been invited to {}.", ours.join(", "))
    };
    if !found.is_ours {
        bail!("Custory is not in #{name}. Write /invite @Custory there, then try again.");
    }
    Ok(ChosenChannel { vendor: vendor.to_owned(), id: found.id.clone(), name: found.name.clone() })
}
