//! The report: tables to compare, then every draft with what it lost, so that anybody can judge it.

use std::fmt::Write;

use super::measure::{Measured, Work};

const HEAD: &str = "\
# Drafts beside golden steps

Written by `cargo xtask eval`. The material and its golden steps are in `tests/eval`; one person wrote both, so
this shows whether a change makes drafts better or worse, and not how good they are on a product of yours.
A drafted step counts as a golden one if half of the words of the shorter title are the same. Order is
Kendall's τ of the steps that were found: 1 in the golden order, −1 in the opposite one. A quote is proven if its
words stand in its source. A number is made up if it is nowhere in the material. Material without a journey has
no golden steps: fewer drafted steps are better. “Alone, one question” is a baseline and not in the product: the
same model, asked once for everything, and believed.

";

/// All of it, as Markdown.
pub fn written(all: &[Measured]) -> String {
    let mut text = HEAD.to_owned();
    text.push_str(
        "| Material | Read by | Golden steps found | Order τ | Steps | Items | Quotes proven | Numbers made up |\n",
    );
    text.push_str("|---|---|---|---|---|---|---|---|\n");
    for it in all {
        let order = it.order().map_or_else(|| "–".to_owned(), |it| format!("{it:.2}"));
        let found = format!("{} of {}", it.found(), it.golden.len());
        let proven = format!("{} of {}", it.quotes - it.unproven.len(), it.quotes);
        let (steps, invented) = (it.steps.len(), it.invented.len());
        line(
            &mut text,
            format_args!(
                "| {} | {} | {found} | {order} | {steps} | {} | {proven} | {invented} |",
                it.case, it.reader, it.items
            ),
        );
    }
    if all.iter().any(|it| it.work.is_some()) {
        costs(&mut text, all);
    }
    for it in all {
        draft(&mut text, it);
    }
    text
}

/// What models did and took.
fn costs(text: &mut String, all: &[Measured]) {
    text.push_str(
        "\nWhat the models took. An answer is usable if it has the form that was asked for, at the first or second \
         try; statements are kept if the text proves them. Memory is by the server's own account, after the draft.\n\n",
    );
    text.push_str(
        "| Material | Read by | Usable answers | At the second try | Statements kept | Tokens read | Tokens written | Seconds | Memory |\n",
    );
    text.push_str("|---|---|---|---|---|---|---|---|---|\n");
    const MEGABYTE: u64 = 1_000_000;
    for it in all {
        let Some(Work { pieces, unusable, mended, believed, disbelieved, prompt_tokens, answer_tokens }) =
            &it.work
        else {
            continue;
        };
        let memory = it.memory_bytes.map_or_else(|| "–".to_owned(), |it| format!("{} MB", it / MEGABYTE));
        line(
            text,
            format_args!(
                "| {} | {} | {} of {pieces} | {mended} | {believed} of {} | {prompt_tokens} | {answer_tokens} | {:.1} | {memory} |",
                it.case,
                it.reader,
                pieces - unusable,
                believed + disbelieved,
                it.secs
            ),
        );
    }
}

fn draft(text: &mut String, it: &Measured) {
    line(text, format_args!("\n## {}, by {}\n", it.case, it.reader));
    for step in &it.steps {
        let golden = step.is_golden.and_then(|at| it.golden.get(at));
        let golden = golden.map_or_else(|| "not a golden step".to_owned(), |it| format!("golden: {it}"));
        let found = if step.is_from_model && it.is_ours { ", found by the model" } else { "" };
        line(text, format_args!("- {} ({golden}{found})", step.title));
    }
    if it.steps.is_empty() {
        line(text, format_args!("No step."));
    }
    let lost = it.lost();
    if !lost.is_empty() {
        line(text, format_args!("\nLost: {}.", lost.join("; ")));
    }
    for quote in &it.unproven {
        line(text, format_args!("\nNot proven: {}", quote.replace('\n', " ")));
    }
    for title in &it.invented {
        line(text, format_args!("\nNumber made up: {title}"));
    }
    for note in &it.notes {
        line(text, format_args!("\n> {note}"));
    }
}

fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    writeln!(text, "{words}").expect("a string takes everything");
}
