//! The people part of the document: whom the journey is about, and names for owners.

use custory_domain::{Basis, Board, MemberId, Persona, PersonaPart};

use super::text::{block, line};

/// Adds the personas of the journey.
pub(super) fn personas(out: &mut String, board: &Board, workspace: &Board) {
    let Some(journey) = board.journey() else { return };
    let personas: Vec<_> = journey.personas.iter().filter_map(|it| workspace.personas.get(it)).collect();
    if personas.is_empty() {
        return;
    }
    out.push_str("## Who it is about\n\n");
    for persona in personas {
        one(out, persona);
    }
}

fn one(out: &mut String, persona: &Persona) {
    let part = match persona.part {
        PersonaPart::Buyer => "buys",
        PersonaPart::Admin => "sets up and looks after",
        PersonaPart::EndUser => "works with it",
        PersonaPart::Other => "",
    };
    let basis = match persona.basis {
        Basis::Assumed => "assumed",
        Basis::Observed => "researched",
    };
    let facts: Vec<String> = [line(&persona.description), part.to_owned(), basis.to_owned()]
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect();
    out.push_str(&format!("### {}\n\n{}\n\n", line(&persona.name), facts.join(", ")));
    let job =
        [("When ", &persona.job_when), ("I want ", &persona.job_want), ("so that I can ", &persona.job_so)];
    let job: Vec<String> = job
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(lead, text)| format!("{lead}{}", line(text)))
        .collect();
    if !job.is_empty() {
        out.push_str(&format!("{}\n\n", job.join(", ")));
    }
    for (title, texts) in [("Wants", &persona.goals), ("In the way", &persona.frustrations)] {
        if !texts.trim().is_empty() {
            out.push_str(&format!("{title}:\n\n"));
            for text in texts.lines().filter(|it| !it.trim().is_empty()) {
                out.push_str(&format!("- {}", block(text, "")));
            }
            out.push('\n');
        }
    }
}

/// A member's name, if the workspace has one.
pub(super) fn name(workspace: &Board, member: Option<MemberId>) -> Option<String> {
    workspace.members.get(&member?).map(|it| line(&it.name))
}
