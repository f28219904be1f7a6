//! A draft as text and as JSON, every element with the places it was found in.

use custory_domain::draft::{Citation, Draft, DraftItem, DraftItemKind, DraftStep, Locator};
use serde_json::{Value, json};

use crate::facts::word;
use crate::markdown::quote;
use crate::markdown::text::{address, block, line};

/// Writes a draft as Markdown: stages, steps and items, each followed by the words it rests on.
pub fn draft_to_markdown(draft: &Draft) -> String {
    let mut out = format!("# {}\n\n", line(&draft.title));
    if !draft.scope.trim().is_empty() {
        out.push_str(&format!("{}\n\n", line(&draft.scope)));
    }
    let mut number = 0;
    for stage in &draft.stages {
        out.push_str(&format!("## {}\n\n", line(&stage.title)));
        for step in &stage.steps {
            number += 1;
            write_step(&mut out, draft, number, step);
        }
    }
    write_sources(&mut out, draft);
    if !draft.notes.is_empty() {
        out.push_str("## Notes\n\n");
        draft.notes.iter().for_each(|it| out.push_str(&format!("- {}\n", line(it))));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn write_step(out: &mut String, draft: &Draft, number: usize, step: &DraftStep) {
    out.push_str(&format!("### {number}. {}\n\n", line(&step.title)));
    let action = block(step.action.as_deref().unwrap_or_default(), "");
    if !action.is_empty() {
        out.push_str(&format!("{action}\n"));
    }
    for (what, texts) in [("Events", &step.events), ("Routes", &step.paths)] {
        if !texts.is_empty() {
            let texts: Vec<_> = texts.iter().map(|it| line(it)).collect();
            out.push_str(&format!("{what}: {}\n\n", texts.join(", ")));
        }
    }
    write_cites(out, draft, "", &step.cites);
    for item in &step.items {
        let facts = match &item.what {
            DraftItemKind::Touchpoint { channel, url } if url.is_empty() => word(channel),
            DraftItemKind::Touchpoint { channel, url } => format!("{}, {}", word(channel), address(url)),
            DraftItemKind::Insight { sort } => word(sort),
        };
        out.push_str(&format!("- **{}**: {facts}\n\n", line(&item.title)));
        write_cites(out, draft, "  ", &item.cites);
    }
}

fn write_cites(out: &mut String, draft: &Draft, indent: &str, cites: &[Citation]) {
    for cite in cites {
        let source = draft.sources.get(cite.source).map(|it| address(&it.locator)).unwrap_or_default();
        let place = line(&cite.locator.to_string());
        let comma = if source.is_empty() || place.is_empty() { "" } else { ", " };
        quote(out, indent, &cite.quote, &format!("{source}{comma}{place}"));
    }
}

fn write_sources(out: &mut String, draft: &Draft) {
    if draft.sources.is_empty() {
        return;
    }
    out.push_str("## What was read\n\n");
    for source in &draft.sources {
        let title =
            if source.title.is_empty() { String::new() } else { format!(": {}", line(&source.title)) };
        let skipped = if source.skipped.is_empty() {
            String::new()
        } else {
            format!(" (skipped: {})", line(&source.skipped))
        };
        out.push_str(&format!("- {}{title}{skipped}\n", address(&source.locator)));
    }
    out.push('\n');
}

/// A draft as JSON. Every stage has `steps`, every step has `items`, and steps and items have
/// `sources`: `{ "source": path or address, "quote": exact words, "locator": place }`.
///
/// A place is `{"lines": [3, 9]}`, `{"anchor": "pricing"}`, `{"page": 2}`, or `null` where the source has
/// no smaller places. What the material does not say is `null` or an empty list.
pub fn draft_to_json(draft: &Draft) -> Value {
    let stages = draft.stages.iter().map(|stage| {
        let steps: Vec<_> = stage.steps.iter().map(|it| step_to_json(draft, it)).collect();
        json!({ "title": stage.title, "steps": steps })
    });
    let read = draft.sources.iter().map(|it| {
        let skipped = (!it.skipped.is_empty()).then_some(&it.skipped);
        json!({ "source": it.locator, "title": it.title, "sha256": it.hash, "skipped": skipped })
    });
    json!({
        "title": draft.title,
        "scope": draft.scope,
        "stages": stages.collect::<Vec<_>>(),
        "read": read.collect::<Vec<_>>(),
        "notes": draft.notes,
        "model": draft.model,
    })
}

fn step_to_json(draft: &Draft, step: &DraftStep) -> Value {
    json!({
        "title": step.title,
        "action": step.action,
        "events": step.events,
        "paths": step.paths,
        "items": step.items.iter().map(|it| item_to_json(draft, it)).collect::<Vec<_>>(),
        "from_model": step.is_from_model,
        "sources": cites_to_json(draft, &step.cites),
    })
}

fn item_to_json(draft: &Draft, item: &DraftItem) -> Value {
    let mut value = json!({
        "title": item.title,
        "from_model": item.is_from_model,
        "sources": cites_to_json(draft, &item.cites),
    });
    match &item.what {
        DraftItemKind::Touchpoint { channel, url } => {
            value["kind"] = json!("touchpoint");
            value["channel"] = json!(channel);
            value["url"] = json!((!url.is_empty()).then_some(url));
        }
        DraftItemKind::Insight { sort } => {
            value["kind"] = json!("insight");
            value["sort"] = json!(sort);
        }
    }
    value
}

fn cites_to_json(draft: &Draft, cites: &[Citation]) -> Vec<Value> {
    let one = |cite: &Citation| {
        let place = match cite.locator {
            Locator::Whole => Value::Null,
            Locator::Lines(..) | Locator::Anchor(_) | Locator::Page(_) => json!(cite.locator),
        };
        let source = draft.sources.get(cite.source).map(|it| &it.locator);
        json!({ "source": source, "quote": cite.quote, "locator": place })
    };
    cites.iter().map(one).collect()
}
