//! What other programs offer their people to ask of a journey.

use rmcp::model::{
    ErrorData, GetPromptRequestParams, GetPromptResult, Prompt, PromptArgument, PromptMessage, Role,
};

/// A prompt: its name, what it is for, and what it asks for.
struct Asking {
    name: &'static str,
    about: &'static str,
    text: &'static str,
}

const ALL: [Asking; 3] = [
    Asking {
        name: "find_friction",
        about: "Where customers struggle in a journey, and what says so",
        text: "Where do customers struggle in the journey “{journey}”? Use list_friction and get_step, name the \
               id of everything that you rest on, take numbers only from what the tools give, and say so where \
               the journey does not tell.",
    },
    Asking {
        name: "weekly_review",
        about: "What to look at in a journey this week",
        text: "Prepare a review of the journey “{journey}”: what was done since (history_at, 7 days ago), what \
               changed in its numbers (compare_periods), which steps need a look (list_stale), where customers struggle (list_friction), and what comes first \
               (list_priorities). Name the id of everything that you rest on.",
    },
    Asking {
        name: "issue_text",
        about: "The text of an issue for the first open opportunity",
        text: "Write the text of an issue for the first open opportunity of the journey “{journey}” \
               (list_priorities, get_item): which customers, at which step, what goes wrong, what is known and \
               from where. Add nothing that the journey does not say.",
    },
];

/// All of them.
pub(super) fn all() -> Vec<Prompt> {
    let argument = || PromptArgument::new("journey").with_description("its id or title").with_required(true);
    ALL.iter().map(|it| Prompt::new(it.name, Some(it.about), Some(vec![argument()]))).collect()
}

/// One, with its journey in it.
pub(super) fn one(wanted: &GetPromptRequestParams) -> Result<GetPromptResult, ErrorData> {
    let unknown = || ErrorData::invalid_params(format!("there is no prompt called {}", wanted.name), None);
    let found = ALL.iter().find(|it| it.name == wanted.name).ok_or_else(unknown)?;
    let journey = wanted.arguments.as_ref().and_then(|it| it.get("journey"));
    let journey = journey.map(ToString::to_string).unwrap_or_default().trim_matches('"').to_owned();
    if journey.is_empty() {
        return Err(ErrorData::invalid_params("journey is missing", None));
    }
    let text = found.text.replace("{journey}", &journey);
    Ok(GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)]).with_description(found.about))
}
