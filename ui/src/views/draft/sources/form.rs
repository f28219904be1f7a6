//! What the person wants read: the fields of the sources screen, and what they amount to.
//!
//! Pure, and kept while the window lives, so that stopping a reading brings every field back.

use std::collections::BTreeMap;

use custory_domain::JourneyId;
use custory_domain::draft::{DraftRequest, Material};

use super::address;

/// Longest scope sentence, in characters: it is one sentence.
pub const SCOPE_CHARS_MAX: usize = 200;

/// Most text that can be pasted, in bytes; more than any interview, less than what makes a window slow.
pub const PASTED_BYTES_MAX: usize = 2_000_000;

/// Most single files in one reading; more belong into a folder.
pub const FILES_MAX: usize = 50;

/// A place that material comes from: one card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Card {
    /// A website.
    Website,
    /// A folder or a repository.
    Folder,
    /// Single files.
    Files,
    /// Pasted text.
    Pasted,
}

impl Card {
    /// All cards, as shown.
    pub const ALL: [Card; 4] = [Self::Website, Self::Folder, Self::Files, Self::Pasted];
}

/// Who reads beside the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reader {
    /// The model that is chosen in the settings, if its server has it.
    #[default]
    AsSet,
    /// Nobody.
    Rules,
    /// This model.
    Model(String),
}

/// All fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// Whether each card is to be read.
    pub is_on: [bool; 4],
    /// Address of the website, as typed.
    pub url: String,
    /// Whether addresses of this machine and network may be read.
    pub allow_private: bool,
    /// Set when a reading was refused because a name led to this machine or network.
    pub asks_private: bool,
    /// Path of the folder.
    pub folder: String,
    /// Paths of the files.
    pub files: Vec<String>,
    /// The pasted text.
    pub pasted: String,
    /// What the journey is about.
    pub scope: String,
    /// Who reads beside the rules.
    pub reader: Reader,
    /// The journey to draft again.
    pub onto: Option<JourneyId>,
}

/// What is wrong, by card.
pub type Problems = BTreeMap<Card, String>;

impl Form {
    /// Whether a card is to be read.
    pub fn is_on(&self, card: Card) -> bool {
        self.is_on[card as usize]
    }

    /// Chooses a card or lets it go; its field stays as it is.
    pub fn turn(&mut self, card: Card, on: bool) {
        self.is_on[card as usize] = on;
    }

    /// Whether the website is on this machine or network, so that the person has to allow it.
    pub fn needs_allowance(&self) -> bool {
        self.is_on(Card::Website)
            && (self.asks_private || address::read(&self.url).is_ok_and(|it| it.is_private))
    }

    /// Adds a file unless it is there already.
    pub fn add_file(&mut self, path: String) {
        if !path.trim().is_empty() && !self.files.contains(&path) && self.files.len() < FILES_MAX {
            self.files.push(path);
        }
        self.turn(Card::Files, !self.files.is_empty());
    }

    /// Takes a file out.
    pub fn remove_file(&mut self, path: &str) {
        self.files.retain(|it| it != path);
        self.turn(Card::Files, !self.files.is_empty());
    }

    /// What is wrong with the chosen cards.
    pub fn problems(&self) -> Problems {
        let wrong = |card: &Card| Some((*card, self.problem(*card)?));
        Card::ALL.iter().filter(|it| self.is_on(**it)).filter_map(wrong).collect()
    }

    fn problem(&self, card: Card) -> Option<String> {
        match card {
            Card::Website => match address::read(&self.url) {
                Err(reason) => Some(reason),
                Ok(_) if self.needs_allowance() && !self.allow_private => {
                    Some("This address is on your own computer or network. Allow it to be read, or use another one.".into())
                }
                Ok(_) => None,
            },
            Card::Folder => self.folder.trim().is_empty().then(|| "Choose a folder.".into()),
            Card::Files => self.files.is_empty().then(|| "Choose a document.".into()),
            Card::Pasted if self.pasted.trim().is_empty() => Some("Paste some text.".into()),
            Card::Pasted => (self.pasted.len() > PASTED_BYTES_MAX)
                .then(|| "That is more than 2 MB. Save it as a file and add the file.".into()),
        }
    }

    /// What to ask for; `None` while nothing is chosen or something is wrong.
    pub fn request(&self) -> Option<DraftRequest> {
        if !self.problems().is_empty() {
            return None;
        }
        let on = |card| self.is_on(card);
        let mut materials = Vec::new();
        if on(Card::Website) {
            let allow_private = self.needs_allowance() && self.allow_private;
            materials.push(Material::Website { url: whole_url(&self.url), allow_private });
        }
        if on(Card::Folder) {
            materials.push(Material::Folder { path: self.folder.trim().to_owned() });
        }
        if on(Card::Files) {
            materials.extend(self.files.iter().map(|it| Material::File { path: it.clone() }));
        }
        if on(Card::Pasted) {
            let text = self.pasted.clone();
            materials.push(Material::Pasted { title: pasted_title(&text), text });
        }
        let scope = self.scope.trim().to_owned();
        (!materials.is_empty()).then_some(DraftRequest { materials, scope, onto: self.onto })
    }
}

/// The address with its scheme where that is not `https`: a site on the person's own machine or
/// network seldom has a certificate.
fn whole_url(typed: &str) -> String {
    let typed = typed.trim();
    let is_private = address::read(typed).is_ok_and(|it| it.is_private);
    if is_private && !typed.contains("://") { format!("http://{typed}") } else { typed.to_owned() }
}

/// What to call pasted text: its first words.
fn pasted_title(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let line = text.lines().map(|it| it.trim_start_matches(['#', ' ']).trim()).find(|it| !it.is_empty());
    let line = line.unwrap_or("Pasted text");
    match line.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(cards: &[Card]) -> Form {
        let mut form = Form::default();
        cards.iter().for_each(|it| form.turn(*it, true));
        form
    }

    #[test]
    fn nothing_is_asked_for_until_a_card_is_chosen_and_filled() {
        assert_eq!(form(&[]).request(), None);
        for card in Card::ALL {
            let form = form(&[card]);
            assert_eq!(form.request(), None, "{card:?}");
            assert!(form.problems().contains_key(&card), "{card:?}");
        }
    }

    #[test]
    fn every_chosen_card_is_asked_for_and_no_other() {
        let mut form = form(&[Card::Website, Card::Files]);
        form.url = " fieldnote.app ".into();
        form.folder = "/somewhere".into();
        form.files = vec!["a.md".into(), "b.pdf".into()];
        form.scope = " How owners upgrade ".into();
        let request = form.request().expect("everything is there");
        let website = Material::Website { url: "fieldnote.app".into(), allow_private: false };
        let file = |path: &str| Material::File { path: path.into() };
        assert_eq!(request.materials, [website, file("a.md"), file("b.pdf")]);
        assert_eq!(request.scope, "How owners upgrade");
    }

    #[test]
    fn an_own_network_is_read_only_when_allowed_by_hand() {
        let mut form = form(&[Card::Website]);
        form.url = "localhost:3000".into();
        assert!(form.needs_allowance());
        assert_eq!(form.request(), None);
        form.allow_private = true;
        let allowed = |url: &str| Material::Website { url: url.into(), allow_private: true };
        assert_eq!(form.request().expect("allowed").materials, [allowed("http://localhost:3000")]);
        form.url = "https://localhost:3000".into();
        assert_eq!(form.request().expect("allowed").materials, [allowed("https://localhost:3000")]);
        form.url = "fieldnote.app".into();
        let plain = Material::Website { url: "fieldnote.app".into(), allow_private: false };
        assert_eq!(
            form.request().expect("public").materials,
            [plain],
            "the allowance was for another address"
        );
    }

    #[test]
    fn files_are_added_once_and_choose_their_card() {
        let mut form = form(&[]);
        form.add_file("a.md".into());
        form.add_file("a.md".into());
        form.add_file(" ".into());
        assert_eq!((form.files.len(), form.is_on(Card::Files)), (1, true));
        form.remove_file("a.md");
        assert!(!form.is_on(Card::Files));
    }

    #[test]
    fn pasted_text_is_called_by_its_first_words() {
        for (text, title) in [
            ("\n\n# Interview with Ana \n more", "Interview with Ana"),
            ("", "Pasted text"),
            (&"ä".repeat(80), &format!("{}…", "ä".repeat(60))),
        ] {
            assert_eq!(pasted_title(text), title);
        }
    }
}
