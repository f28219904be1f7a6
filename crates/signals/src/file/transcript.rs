//! Transcripts (WebVTT, SubRip): what one speaker says in one turn is a passage.

use custory_domain::WeightClass;

use super::Passage;

/// A turn is parted where it gets longer than this, so that its words fit into evidence.
const TURN_CHARS_MAX: usize = 480;

struct Cue {
    at: String,
    speaker: String,
    text: String,
}

pub(super) fn passages(text: &str) -> Vec<Passage> {
    let mut turns: Vec<Cue> = Vec::new();
    for cue in text.split("\n\n").filter_map(cue) {
        match turns.last_mut() {
            Some(last)
                if (last.speaker == cue.speaker || cue.speaker.is_empty())
                    && last.text.chars().count() + cue.text.chars().count() < TURN_CHARS_MAX =>
            {
                last.text.push(' ');
                last.text.push_str(&cue.text);
            }
            last => {
                let speaker = match (cue.speaker.as_str(), last) {
                    ("", Some(last)) => last.speaker.clone(),
                    _ => cue.speaker,
                };
                turns.push(Cue { speaker, ..cue });
            }
        }
    }
    let passage = |it: Cue| Passage {
        text: it.text,
        author: it.speaker,
        anchor: it.at,
        weight: WeightClass::Interview,
        ..Passage::default()
    };
    turns.into_iter().map(passage).collect()
}

/// A block with a line of times; what stands before that line is its name.
fn cue(block: &str) -> Option<Cue> {
    let mut lines = block.lines().map(str::trim).skip_while(|it| !it.contains("-->"));
    let at = lines.next()?.split("-->").next()?.trim().split(['.', ',']).next()?.to_owned();
    let words = lines.collect::<Vec<_>>().join(" ");
    let (speaker, words) = match words.strip_prefix("<v ").and_then(|it| it.split_once('>')) {
        Some((speaker, words)) => (speaker.trim().to_owned(), words.to_owned()),
        None => named(&words),
    };
    let text = without_tags(&words);
    (!text.is_empty()).then_some(Cue { at, speaker, text })
}

/// `Ana Lopez: It kept asking` – a name has at most four words and no sentence's signs.
fn named(words: &str) -> (String, String) {
    match words.split_once(": ") {
        Some((name, rest))
            if name.split_whitespace().count() <= 4 && !name.contains(['.', ',', '?', '!', '"']) =>
        {
            (name.trim().to_owned(), rest.to_owned())
        }
        _ => (String::new(), words.to_owned()),
    }
}

fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut is_tag = false;
    for letter in text.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => is_tag = false,
            _ if !is_tag => out.push(letter),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(text: &str) -> Vec<(String, String, String)> {
        passages(text).into_iter().map(|it| (it.anchor, it.author, it.text)).collect()
    }

    fn turn(at: &str, who: &str, text: &str) -> (String, String, String) {
        (at.to_owned(), who.to_owned(), text.to_owned())
    }

    #[test]
    fn both_formats_give_turns_with_speaker_and_time() {
        let vtt = "WEBVTT\n\nNOTE made by a recorder\n\n1\n00:00:01.000 --> 00:00:03.000\n<v Ana Lopez>It kept asking\n\n\
                   00:00:03.000 --> 00:00:05.000\n<v Ana Lopez>for <b>their</b> emails.</v>\n\n\
                   00:00:06.000 --> 00:00:07.000\n<v Jonas>Where?\n";
        let expected = [
            turn("00:00:01", "Ana Lopez", "It kept asking for their emails."),
            turn("00:00:06", "Jonas", "Where?"),
        ];
        assert_eq!(short(vtt), expected);
        let srt = "1\n00:00:01,000 --> 00:00:03,000\nAna Lopez: It kept asking\n\n2\n00:00:03,000 --> 00:00:05,000\n\
                   for their emails.\n\n3\n00:00:06,000 --> 00:00:07,000\nJonas: Where?\n";
        assert_eq!(short(srt), expected);
    }

    #[test]
    fn a_long_turn_is_parted_and_keeps_its_speaker() {
        let cues = (0..12)
            .map(|it| format!("00:00:{it:02}.000 --> 00:00:{:02}.000\n{}\n", it + 1, "word ".repeat(20)));
        let text = format!(
            "WEBVTT\n\n00:00:00.000 --> 00:00:00.500\nAna: Well then\n\n{}",
            cues.collect::<Vec<_>>().join("\n")
        );
        let found = passages(&text);
        assert!(
            found.len() > 2
                && found.iter().all(|it| it.author == "Ana" && it.text.chars().count() <= TURN_CHARS_MAX)
        );
    }
}
