//! What can be measured of a draft without a reader: which golden steps it has, in which order, whether its
//! quotes stand where they are said to, and whether a number was made up. Pure but for reading the material.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::Case;
use super::reader::{Read, Reader};

/// Share of the words of the shorter of two titles that must be the same.
const SAME_SHARE_MIN: f64 = 0.5;
/// Words that say nothing of what a step is about.
const EMPTY_WORDS: [&str; 12] =
    ["the", "a", "an", "your", "and", "with", "for", "to", "of", "in", "who", "has"];

/// A step of a draft.
pub struct Drafted {
    pub title: String,
    pub is_from_model: bool,
    /// The golden step that it is, by place.
    pub is_golden: Option<usize>,
}

/// A draft, measured.
pub struct Measured {
    pub reader: String,
    /// Read our way; otherwise a baseline.
    pub is_ours: bool,
    pub case: String,
    pub golden: Vec<String>,
    pub steps: Vec<Drafted>,
    pub items: usize,
    pub quotes: usize,
    /// Quotes that do not stand in their source.
    pub unproven: Vec<String>,
    /// Titles with a number that is nowhere in the material.
    pub invented: Vec<String>,
    pub notes: Vec<String>,
    pub secs: f64,
    pub work: Option<Work>,
    /// What the model held, by its server's account.
    pub memory_bytes: Option<u64>,
}

/// What a model did and took.
pub struct Work {
    /// Questions, kept answers among them.
    pub pieces: u64,
    /// Questions without a usable answer.
    pub unusable: u64,
    pub mended: u64,
    pub believed: u64,
    pub disbelieved: u64,
    pub prompt_tokens: u64,
    pub answer_tokens: u64,
}

impl Measured {
    /// Golden steps that the draft has.
    pub fn found(&self) -> usize {
        self.steps.iter().filter_map(|it| it.is_golden).collect::<BTreeSet<_>>().len()
    }

    /// Golden steps that it has not.
    pub fn lost(&self) -> Vec<&str> {
        let found: BTreeSet<usize> = self.steps.iter().filter_map(|it| it.is_golden).collect();
        self.golden.iter().enumerate().filter(|it| !found.contains(&it.0)).map(|it| it.1.as_str()).collect()
    }

    /// Kendall's τ of the steps that are golden: 1 in the golden order, −1 in the opposite one.
    pub fn order(&self) -> Option<f64> {
        let places: Vec<usize> = self.steps.iter().filter_map(|it| it.is_golden).collect();
        tau(&places)
    }
}

/// Measures a draft, as `custory draft --json` writes it.
pub fn measured(reader: &Reader, case: &Case, read: &Read) -> Measured {
    let draft = &read.draft;
    let all = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let steps: Vec<Value> = all(&draft["stages"]).iter().flat_map(|it| all(&it["steps"])).collect();
    let items: Vec<Value> = steps.iter().flat_map(|it| all(&it["items"])).collect();
    let quotes: Vec<(String, String)> = steps
        .iter()
        .chain(&items)
        .flat_map(|it| all(&it["sources"]))
        .map(|it| (text(&it["source"]), text(&it["quote"])))
        .collect();
    let unproven = quotes.iter().filter(|it| !stands(&case.material, &it.0, &it.1));
    let known = numbers(&whole(case));
    let titles = steps.iter().chain(&items).map(|it| text(&it["title"]));
    let invented = titles.filter(|it| !numbers(it).is_subset(&known)).collect();
    let count = |name: &str| draft["model"][name].as_u64().unwrap_or_default();
    let work = draft["model"].is_object().then(|| Work {
        pieces: count("pieces"),
        unusable: count("unusable"),
        mended: count("mended"),
        believed: count("believed"),
        disbelieved: count("disbelieved"),
        prompt_tokens: count("prompt_tokens"),
        answer_tokens: count("answer_tokens"),
    });
    let mut taken = BTreeSet::new();
    let drafted = |step: &Value| {
        let title = text(&step["title"]);
        let is_golden = (0..case.golden.len())
            .filter(|at| !taken.contains(at))
            .map(|at| (share(&title, &case.golden[at]), at))
            .filter(|it| it.0 >= SAME_SHARE_MIN)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
            .map(|it| it.1);
        taken.extend(is_golden);
        Drafted { title, is_from_model: step["from_model"] == true, is_golden }
    };
    Measured {
        reader: reader.name.clone(),
        is_ours: reader.is_ours(),
        case: case.name.clone(),
        golden: case.golden.clone(),
        unproven: unproven.map(|it| format!("{}: {}", it.0, it.1)).collect(),
        quotes: quotes.len(),
        items: items.len(),
        steps: steps.iter().map(drafted).collect(),
        notes: all(&draft["notes"]).iter().map(text).collect(),
        invented,
        secs: read.secs,
        work,
        memory_bytes: read.memory_bytes,
    }
}

/// All of a material; what cannot be read as text has no numbers to compare.
fn whole(case: &Case) -> String {
    let files = case.files().unwrap_or_default();
    files.iter().filter_map(|it| std::fs::read_to_string(it).ok()).collect::<Vec<_>>().join("\n")
}

/// Runs of digits.
fn numbers(text: &str) -> BTreeSet<String> {
    text.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Whether a quote is in a file, apart from marks of Markdown and white space.
fn stands(material: &Path, source: &str, quote: &str) -> bool {
    let plain = |text: &str| {
        let letters: String = text
            .chars()
            .map(|it| if it.is_alphanumeric() { it } else { ' ' })
            .flat_map(char::to_lowercase)
            .collect();
        letters.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    std::fs::read_to_string(material.join(source)).is_ok_and(|text| plain(&text).contains(&plain(quote)))
}

/// Share of the words of the shorter of two titles that both have.
fn share(a: &str, b: &str) -> f64 {
    let (a, b) = (stems(a), stems(b));
    let shorter = a.len().min(b.len());
    if shorter == 0 { 0.0 } else { a.intersection(&b).count() as f64 / shorter as f64 }
}

/// Words that say what a step is about, without the endings that grammar adds.
fn stems(title: &str) -> BTreeSet<String> {
    let words = title.split(|it: char| !it.is_alphanumeric()).map(str::to_lowercase);
    let words = words.filter(|it| !it.is_empty() && !EMPTY_WORDS.contains(&it.as_str()));
    let stem = |word: String| {
        let ending = ["ing", "ed", "es", "s"].into_iter().find_map(|it| word.strip_suffix(it));
        ending.filter(|it| it.len() > 2).map(str::to_owned).unwrap_or(word)
    };
    words.map(stem).collect()
}

fn tau(places: &[usize]) -> Option<f64> {
    let pairs: Vec<bool> = (0..places.len())
        .flat_map(|b| (0..b).map(move |a| (a, b)))
        .map(|(a, b)| places[a] < places[b])
        .collect();
    let right = pairs.iter().filter(|it| **it).count();
    (!pairs.is_empty()).then(|| (2.0 * right as f64 - pairs.len() as f64) / pairs.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_the_same_step_by_what_they_are_about() {
        assert!(share("Invite your crew", "Invite the crew") >= SAME_SHARE_MIN);
        assert!(share("Send invoices", "Send the invoice") >= SAME_SHARE_MIN);
        assert!(share("Swap a shift", "Publish the plan") < SAME_SHARE_MIN);
        assert!(share("", "Publish the plan") < SAME_SHARE_MIN);
    }

    #[test]
    fn order_goes_from_the_golden_one_to_its_opposite() {
        assert_eq!(tau(&[0, 2, 5]), Some(1.0));
        assert_eq!(tau(&[5, 2, 0]), Some(-1.0));
        assert_eq!(tau(&[3]), None);
    }
}
