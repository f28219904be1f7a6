//! The report: a table to compare, then every draft with what it lost, so that anybody can judge it.

use std::fmt::Write;

use super::measure::Measured;

const HEAD: &str = "\
# Drafts beside golden steps

Written by `cargo xtask eval`. The material and its golden steps are in `tests/eval`; one person wrote both, so
this shows whether a change makes drafts better or worse, and not how good they are on a product of yours.
A drafted step counts as a golden one if half of the words of the shorter title are the same. Order is
Kendall's τ of the steps that were found: 1 in the golden order, −1 in the opposite one. A quote is proven if its
words stand in its source. Material without a journey has no golden steps: fewer drafted steps are better.

";

/// All of it, as Markdown.
pub fn written(all: &[Measured]) -> String {
    let mut text = HEAD.to_owned();
    text.push_str(
        "| Material | Read by | Golden steps found | Order τ | Steps | Items | Quotes proven | Seconds |\n",
    );
    text.push_str("|---|---|---|---|---|---|---|---|\n");
    for it in all {
        let order = it.order().map_or_else(|| "–".to_owned(), |it| format!("{it:.2}"));
        let found = format!("{} of {}", it.found(), it.golden.len());
        let proven = format!("{} of {}", it.quotes - it.unproven.len(), it.quotes);
        let steps = it.steps.len();
        line(
            &mut text,
            format_args!(
                "| {} | {} | {found} | {order} | {steps} | {} | {proven} | {:.1} |",
                it.case, it.reader, it.items, it.secs
            ),
        );
    }
    for it in all {
        line(&mut text, format_args!("\n## {}, by {}\n", it.case, it.reader));
        for step in &it.steps {
            let golden = step.is_golden.and_then(|at| it.golden.get(at));
            let golden = golden.map_or_else(|| "not a golden step".to_owned(), |it| format!("golden: {it}"));
            let found = if step.is_from_model { ", found by the model" } else { "" };
            line(&mut text, format_args!("- {} ({golden}{found})", step.title));
        }
        if it.steps.is_empty() {
            line(&mut text, format_args!("No step."));
        }
        let lost = it.lost();
        if !lost.is_empty() {
            line(&mut text, format_args!("\nLost: {}.", lost.join("; ")));
        }
        for quote in &it.unproven {
            line(&mut text, format_args!("\nNot proven: {quote}"));
        }
        for note in &it.notes {
            line(&mut text, format_args!("\n> {note}"));
        }
    }
    text
}

fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    writeln!(text, "{words}").expect("a string takes everything");
}
