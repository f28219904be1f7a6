//! `custory ask` and `custory proposals`: answers with what they rest on, changes only when accepted.

use std::fmt::Write as _;
use std::io::Write;

use anyhow::bail;
use custory_domain::{AskId, JourneyId};
use custory_engine::Engine;
use custory_ipc::{Asked, Cited, Event, Reply, Request};

use crate::arguments::{AskWish, ProposalsVerb, ProposalsWish};
use crate::journey::{find, only};
use crate::output::line;

pub(crate) fn ask(engine: &Engine, wish: AskWish) -> anyhow::Result<()> {
    let journey = journey(engine, wish.journey.as_deref())?;
    let asked = answered(engine, Request::Ask { journey, question: wish.question, model: wish.model })?;
    if wish.json {
        return line(&serde_json::to_string_pretty(&asked)?);
    }
    let mut text = String::new();
    if asked.answer.is_empty() {
        writeln!(text, "The journey says nothing about this.")?;
    }
    for claim in &asked.answer.claims {
        writeln!(text, "- {}\n    {}", claim.text, cited(&claim.cites))?;
    }
    text.push_str(&proposal(&asked)?);
    for dropped in &asked.answer.dropped {
        eprintln!("Left out: {dropped}");
    }
    if !asked.answer.proposal.is_empty() {
        eprintln!("Nothing was changed. `custory proposals accept {}` makes these changes.", asked.id);
    }
    line(&text)
}

pub(crate) fn proposals(engine: &Engine, wish: ProposalsWish) -> anyhow::Result<()> {
    match wish.verb {
        None => list(engine, wish.json),
        Some(ProposalsVerb::Accept { id, changes }) => {
            let asked = one(engine, &id)?;
            let all = 1..=asked.answer.proposal.len();
            let chosen: Vec<usize> = if changes.is_empty() { all.clone().collect() } else { changes };
            if let Some(stranger) = chosen.iter().find(|it| !all.contains(it)) {
                bail!("There is no change {stranger} in it; they go from 1 to {}.", all.end());
            }
            let accept = chosen.iter().map(|it| it - 1).collect();
            engine.request_blocking(decided(asked.id, accept))?;
            eprintln!("Made {} of {} changes.", chosen.len(), all.end());
            Ok(())
        }
        Some(ProposalsVerb::Reject { id }) => {
            let asked = one(engine, &id)?;
            engine.request_blocking(decided(asked.id, Vec::new()))?;
            eprintln!("Rejected. Nothing was changed.");
            Ok(())
        }
    }
}

fn decided(asked: AskId, accept: Vec<usize>) -> Request {
    Request::DecideProposal { asked, accept, texts: Default::default() }
}

fn list(engine: &Engine, json: bool) -> anyhow::Result<()> {
    let waiting = waiting(engine)?;
    if json {
        return line(&serde_json::to_string_pretty(&waiting)?);
    }
    if waiting.is_empty() {
        eprintln!("No proposal waits.");
        return Ok(());
    }
    let mut text = String::new();
    for asked in &waiting {
        writeln!(text, "{}  {}", asked.id, asked.question)?;
        text.push_str(&proposal(asked)?);
    }
    line(&text)
}

/// Questions whose proposals nobody has decided about.
fn waiting(engine: &Engine) -> anyhow::Result<Vec<Asked>> {
    let Reply::AskedSoFar { mut asked } = engine.request_blocking(Request::AskedSoFar { journey: None })?
    else {
        bail!("the engine answered something else");
    };
    asked.retain(|it| !it.is_decided && !it.answer.proposal.is_empty());
    Ok(asked)
}

fn one(engine: &Engine, id: &str) -> anyhow::Result<Asked> {
    let wanted: Option<AskId> = id.parse().ok();
    let found = waiting(engine)?.into_iter().find(|it| Some(it.id) == wanted);
    found.ok_or_else(|| anyhow::anyhow!("No proposal {id} waits. `custory proposals` lists them."))
}

/// The journey that is meant; without a name the only one.
fn journey(engine: &Engine, wanted: Option<&str>) -> anyhow::Result<JourneyId> {
    match wanted {
        Some(wanted) => Ok(find(engine, wanted)?.id),
        None => only(engine),
    }
}

fn answered(engine: &Engine, request: Request) -> anyhow::Result<Asked> {
    let mut events = engine.events();
    let Reply::AskStarted { ask } = engine.request_blocking(request)? else {
        bail!("the engine answered something else");
    };
    let mut writing = Writing::default();
    while let Some(event) = events.next_blocking() {
        match event {
            Event::Asking { ask: of, now } if of == ask => eprintln!("Looks at {now}"),
            Event::Saying { ask: of, words } if of == ask => writing.go_on(words, &mut std::io::stderr())?,
            Event::Answered { asked } if asked.id == ask => {
                writing.end(&mut std::io::stderr())?;
                return Ok(*asked);
            }
            Event::AskFailed { ask: of, message } if of == ask => bail!(message),
            _ => {}
        }
    }
    bail!("the engine stopped")
}

/// An answer on standard error while it is written. Standard output gets it once it is checked.
#[derive(Default)]
struct Writing(Vec<String>);

impl Writing {
    fn go_on(&mut self, words: Vec<String>, out: &mut impl Write) -> std::io::Result<()> {
        let goes_on =
            words.len() >= self.0.len() && self.0.iter().zip(&words).all(|(old, new)| new.starts_with(old));
        if !goes_on {
            self.end(out)?;
        }
        for (at, now) in words.iter().enumerate() {
            match self.0.get(at) {
                Some(old) => write!(out, "{}", &now[old.len()..])?,
                None if at == 0 => write!(out, "Writes, not checked yet: {now}")?,
                None => write!(out, "\n  {now}")?,
            }
        }
        self.0 = words;
        out.flush()
    }

    fn end(&mut self, out: &mut impl Write) -> std::io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.clear();
        writeln!(out)
    }
}

fn proposal(asked: &Asked) -> anyhow::Result<String> {
    let mut text = String::new();
    for (at, it) in asked.answer.proposal.iter().enumerate() {
        writeln!(text, "{}. {}", at + 1, it.label)?;
        if !it.before.is_empty() {
            writeln!(text, "    - {}", it.before)?;
        }
        writeln!(text, "    + {}", it.after)?;
        if !it.why.is_empty() {
            writeln!(text, "    because {}", it.why)?;
        }
        writeln!(text, "    {}", cited(&it.cites))?;
    }
    Ok(text)
}

fn cited(cites: &[Cited]) -> String {
    let one = |it: &Cited| format!("{} “{}”", it.entity.kind.word(), it.title);
    format!("[{}]", cites.iter().map(one).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_written_on_and_begins_anew_where_it_does() {
        let mut writing = Writing::default();
        let mut out = Vec::new();
        for words in [vec!["They"], vec!["They wait."], vec!["They wait.", "No"], vec!["Other"]] {
            let words = words.into_iter().map(str::to_owned).collect();
            writing.go_on(words, &mut out).expect("memory takes it");
        }
        writing.end(&mut out).expect("memory takes it");
        let told = String::from_utf8(out).expect("text");
        assert_eq!(told, "Writes, not checked yet: They wait.\n  No\nWrites, not checked yet: Other\n");
    }
}
