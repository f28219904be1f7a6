//! Prints a draft of a folder, a file or a website as Markdown, to try the drafter.
//!
//! `cargo run -p custory-drafting --example draft -- <path|url> [--allow-private] [--scope "…"]`

use std::ops::ControlFlow;

use custory_domain::draft::{Draft, DraftItemKind, DraftRequest, Material};
use custory_drafting::{DraftError, Limits, read};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), DraftError> {
    let mut arguments = std::env::args().skip(1);
    let (mut materials, mut scope, mut allow_private) = (Vec::new(), String::new(), false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--allow-private" => allow_private = true,
            "--scope" => scope = arguments.next().unwrap_or_default(),
            other => materials.push(other.to_owned()),
        }
    }
    let material = |it: String| match std::fs::metadata(&it) {
        Ok(meta) if meta.is_dir() => Material::Folder { path: it },
        Ok(_) => Material::File { path: it },
        Err(_) => Material::Website { url: it, allow_private },
    };
    let request =
        DraftRequest { materials: materials.into_iter().map(material).collect(), scope, onto: None };
    let mut progress = |progress: custory_domain::draft::DraftProgress| {
        if let Some(source) = progress.source.filter(|_| std::env::var_os("VERBOSE").is_some()) {
            eprintln!("{:?} {} — {}", progress.phase, source.locator, source.outcome);
        }
        ControlFlow::Continue(())
    };
    let reading = read(&request, &Limits::default(), &mut progress).await?;
    print(&reading.draft);
    Ok(())
}

fn print(draft: &Draft) {
    println!("# {}\n", draft.title);
    for note in &draft.notes {
        println!("> {note}");
    }
    let read = draft.sources.iter().filter(|it| it.skipped.is_empty()).count();
    println!("> {read} sources read, {} skipped.", draft.sources.len() - read);
    for stage in &draft.stages {
        println!("\n## {}", stage.title);
        for step in &stage.steps {
            println!("\n### {}", step.title);
            if let Some(action) = &step.action {
                println!("{action}");
            }
            if !step.events.is_empty() || !step.paths.is_empty() {
                println!("- events: {:?}, paths: {:?}", step.events, step.paths);
            }
            for cite in &step.cites {
                println!("- “{}” ({} {})", cite.quote, draft.sources[cite.source].locator, cite.locator);
            }
            for item in &step.items {
                let kind = match &item.what {
                    DraftItemKind::Touchpoint { channel, .. } => format!("touchpoint, {channel:?}"),
                    DraftItemKind::Insight { sort } => format!("{sort:?}"),
                };
                println!("  - [{kind}] {} ({})", item.title, draft.sources[item.cites[0].source].locator);
            }
        }
    }
}
