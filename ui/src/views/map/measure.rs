//! How many lines a text takes: asked of the font once per word, so that heights are known before
//! anything is drawn.

use std::cell::RefCell;
use std::collections::HashMap;

use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::dom;

/// Words remembered per font. Beyond it all are forgotten, which costs one slower drawing.
const WORDS_MAX: usize = 20_000;

/// A font that texts on the map are set in; must match the style sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Face {
    /// Titles of cards: 12 px, medium.
    Card,
    /// Touchpoints: 11.5 px, body.
    Touchpoint,
}

impl Face {
    const fn font(self) -> &'static str {
        match self {
            Self::Card => "520 12px \"Inter Custory\", Inter, system-ui, sans-serif",
            Self::Touchpoint => "430 11.5px \"Inter Custory\", Inter, system-ui, sans-serif",
        }
    }
}

/// Letter spacing in pixels, of which a canvas knows nothing: that of the page's own text, for all sizes.
fn spacing() -> f64 {
    const PAGE_FONT_SIZE: f64 = 13.0;
    PAGE_FONT_SIZE * if dom::is_coarse() { -0.02 } else { -0.007 }
}

thread_local! {
    static RULER: RefCell<Ruler> = RefCell::new(Ruler::default());
}

#[derive(Default)]
struct Ruler {
    context: Option<CanvasRenderingContext2d>,
    /// By font, so that a word that is known is found without copying it.
    words: HashMap<Face, HashMap<Box<str>, f64>>,
}

impl Ruler {
    fn word(&mut self, face: Face, word: &str) -> f64 {
        if let Some(width) = self.words.get(&face).and_then(|it| it.get(word)) {
            return *width;
        }
        let width = self.ask(face, word);
        let words = self.words.entry(face).or_default();
        if words.len() >= WORDS_MAX {
            words.clear();
        }
        words.insert(Box::from(word), width);
        width
    }

    fn ask(&mut self, face: Face, word: &str) -> f64 {
        if self.context.is_none() {
            self.context = context();
        }
        let letters = word.chars().count() as f64;
        let measured = self.context.as_ref().and_then(|context| {
            context.set_font(face.font());
            context.measure_text(word).ok().map(|it| it.width())
        });
        // Without a canvas: the mean width of a letter in Inter.
        measured.unwrap_or(letters * 6.4) + letters * spacing()
    }
}

fn context() -> Option<CanvasRenderingContext2d> {
    // Tests run where there is no page at all.
    if !cfg!(target_arch = "wasm32") {
        return None;
    }
    let canvas: HtmlCanvasElement = dom::document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Width of a text on one line, in pixels.
pub fn width(face: Face, text: &str) -> f64 {
    RULER.with_borrow_mut(|ruler| ruler.word(face, text))
}

/// How many lines a text takes in a column of that width, at most `lines_max`.
pub fn lines(face: Face, text: &str, column: f64, lines_max: usize) -> usize {
    RULER.with_borrow_mut(|ruler| {
        let space = ruler.word(face, " ");
        let words = text.split_whitespace().map(|word| ruler.word(face, word));
        wrap(words, space, column).clamp(1, lines_max)
    })
}

/// Lines that words of those widths take; a word wider than a line is broken.
fn wrap(words: impl Iterator<Item = f64>, space: f64, column: f64) -> usize {
    let mut lines = 1;
    let mut used = 0.0;
    for word in words {
        let with_space = if used > 0.0 { used + space + word } else { word };
        if with_space <= column {
            used = with_space;
            continue;
        }
        if used > 0.0 {
            lines += 1;
        }
        let whole_lines = (word / column).floor();
        lines += whole_lines as usize;
        used = word - whole_lines * column;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fill_lines_and_long_ones_are_broken() {
        for (words, expected) in [
            (vec![], 1),
            (vec![40.0], 1),
            (vec![40.0, 40.0], 1),
            (vec![40.0, 60.0], 2),
            (vec![60.0, 60.0, 60.0], 3),
            (vec![250.0], 3),
            (vec![40.0, 250.0], 4),
        ] {
            assert_eq!(wrap(words.iter().copied(), 5.0, 100.0), expected, "{words:?}");
        }
    }
}
