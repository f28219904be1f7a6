//! Notes: every paragraph and every list is a passage. Headings, code and front matter are not.

use custory_domain::WeightClass;

use super::Passage;

pub(super) fn passages(text: &str) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut open: Option<(usize, Vec<&str>)> = None;
    let (mut is_code, mut is_front) = (false, text.starts_with("---\n"));
    for (at, line) in text.lines().chain(std::iter::once("")).enumerate() {
        let bare = line.trim();
        if is_front {
            is_front = at == 0 || bare != "---";
            continue;
        }
        let is_fence = bare.starts_with("```");
        let ends = bare.is_empty() || bare.starts_with('#') || is_fence || is_code;
        is_code ^= is_fence;
        if ends {
            if let Some((from, lines)) = open.take() {
                passages.push(passage(from, &lines));
            }
        } else {
            open.get_or_insert_with(|| (at + 1, Vec::new())).1.push(bare);
        }
    }
    passages
}

fn passage(from: usize, lines: &[&str]) -> Passage {
    let to = from + lines.len() - 1;
    // What customers say is quoted in notes; the rest is the team's own reading of it.
    let is_quote = lines.iter().all(|it| it.starts_with('>'));
    let bare = lines.iter().map(|it| it.trim_start_matches(['>', '-', '*', '+', ' ']));
    Passage {
        text: bare.collect::<Vec<_>>().join("\n"),
        anchor: if from == to { format!("line {from}") } else { format!("lines {from}–{to}") },
        weight: if is_quote { WeightClass::Interview } else { WeightClass::Internal },
        ..Passage::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_by_paragraph_and_quotes_count_as_said() {
        let note = "---\ntitle: Visit\n---\n# Visit to Acme\n\nThe owner cannot find\nthe invite button.\n\n\
                    > It kept asking for their emails.\n\n```\ncode is left out\n```\n- one\n- two\n";
        let found = passages(note);
        let short: Vec<_> =
            found.iter().map(|it| (it.text.as_str(), it.anchor.as_str(), it.weight)).collect();
        assert_eq!(
            short,
            [
                ("The owner cannot find\nthe invite button.", "lines 6–7", WeightClass::Internal),
                ("It kept asking for their emails.", "line 9", WeightClass::Interview),
                ("one\ntwo", "lines 14–15", WeightClass::Internal),
            ]
        );
    }
}
