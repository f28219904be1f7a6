//! Which words a material writes with a capital inside a sentence: names, as opposed to the first
//! words of headings and the capitals of title case.

use std::collections::BTreeMap;

use super::lemma::words;

/// How often each word stands in small letters and with a capital, inside sentences.
#[derive(Clone, Debug, Default)]
pub(crate) struct Casing {
    seen: BTreeMap<String, (u32, u32)>,
    product: Vec<String>,
}

impl Casing {
    /// Counts a running text (a paragraph, not a heading).
    pub(crate) fn learn(&mut self, sentence: &str) {
        for clause in sentence.split(['.', ':', '?', '!', '\n', '"', '“', '|', '•']) {
            let mut inner = words(clause);
            inner.next();
            for word in inner {
                let capital = word.chars().next().is_some_and(char::is_uppercase);
                let counts = self.seen.entry(word.to_lowercase()).or_default();
                if capital { counts.1 += 1 } else { counts.0 += 1 }
            }
        }
    }

    /// Makes the words of the product's name names.
    pub(crate) fn set_product(&mut self, product: &str) {
        self.product = words(product).map(str::to_owned).collect();
    }

    /// A title in sentence case; names, abbreviations and code keep their capitals.
    pub(crate) fn sentence(&self, title: &str) -> String {
        let letters = || title.chars().filter(|it| it.is_alphabetic());
        let lowered;
        let title = if title.contains(' ') && letters().all(char::is_uppercase) {
            lowered = title.to_lowercase();
            &lowered
        } else {
            title
        };
        let is_title_case = {
            let tells = |it: &&str| it.len() > 3 && !super::lemma::is_stop(&it.to_lowercase());
            let long: Vec<&str> = words(title).skip(1).filter(tells).collect();
            !long.is_empty() && long.iter().all(|it| it.starts_with(char::is_uppercase))
        };
        let mut out = String::with_capacity(title.len());
        for (at, word) in title.split(' ').enumerate() {
            if at > 0 {
                out.push(' ');
            }
            if at == 0 {
                out.push_str(&capitalised(word));
            } else if self.is_name(word, is_title_case) {
                out.push_str(self.product_word(word).unwrap_or(word));
            } else {
                out.push_str(&word.to_lowercase());
            }
        }
        out
    }

    fn product_word(&self, word: &str) -> Option<&str> {
        self.product.iter().find(|it| it.eq_ignore_ascii_case(word)).map(String::as_str)
    }

    fn is_name(&self, word: &str, is_title_case: bool) -> bool {
        let core = word.trim_matches(|it: char| !it.is_alphanumeric());
        let capitals = core.chars().filter(|it| it.is_uppercase()).count();
        if self.product_word(core).is_some_and(|it| it.starts_with(char::is_uppercase) || capitals > 0) {
            return true;
        }
        if capitals == 0 {
            return true; // It is in small letters as it stands; nothing to change.
        }
        if capitals > 1 || !core.starts_with(char::is_uppercase) || core.chars().any(|it| it.is_numeric()) {
            let shouted = core.len() > 5 && core.chars().all(|it| it.is_uppercase());
            return !shouted;
        }
        let lower = core.to_lowercase();
        match self.seen.get(&lower) {
            Some((small, capital)) => capital > &(small.saturating_mul(2)),
            // Never met in a sentence: within title case a capital says nothing, elsewhere it was meant.
            None => !is_title_case && !super::lemma::is_stop(&lower) || NAMES.contains(&lower.as_str()),
        }
    }

    /// Whether a word is a name that is not the product's.
    pub(crate) fn is_foreign(&self, word: &str) -> bool {
        let core = word.trim_matches(|it: char| !it.is_alphanumeric());
        let is_short = core.len() < 3 || core.chars().all(char::is_uppercase);
        core.starts_with(char::is_uppercase) && !is_short && self.product_word(core).is_none()
    }

    /// Words that are written as names most often, with the number of times; the product's is among
    /// them.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, u32)> {
        self.seen
            .iter()
            .filter(|(_, (small, capital))| capital > small)
            .map(|(word, counts)| (word.as_str(), counts.1))
    }
}

/// Names of what products are connected to; title case must not make words of them.
const NAMES: &[&str] = &[
    "slack",
    "google",
    "github",
    "gitlab",
    "stripe",
    "zapier",
    "notion",
    "figma",
    "jira",
    "linear",
    "shopify",
    "wordpress",
    "discord",
    "microsoft",
    "apple",
    "android",
    "ios",
    "windows",
    "linux",
    "macos",
    "mac",
    "docker",
    "kubernetes",
    "salesforce",
    "hubspot",
    "intercom",
    "zendesk",
    "airtable",
    "okta",
    "azure",
    "aws",
    "postgres",
    "postgresql",
    "mysql",
    "redis",
    "python",
    "java",
    "javascript",
    "typescript",
    "react",
    "vue",
    "angular",
    "svelte",
    "rust",
    "excel",
    "outlook",
    "gmail",
    "zoom",
    "asana",
    "trello",
    "mailchimp",
    "paypal",
    "twilio",
    "sentry",
    "datadog",
    "vercel",
    "netlify",
    "heroku",
    "webflow",
    "squarespace",
    "wix",
    "drupal",
    "ghost",
    "hugo",
    "gatsby",
    "chrome",
    "firefox",
    "safari",
    "homebrew",
    "cargo",
    "npm",
    "yarn",
    "pip",
    "debian",
    "ubuntu",
    "fedora",
    "alfred",
    "raycast",
    "telegram",
    "whatsapp",
    "facebook",
    "instagram",
    "linkedin",
    "twitter",
    "youtube",
    "tiktok",
    "dropbox",
];

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_capitals_and_title_case_goes() {
        let mut casing = Casing::default();
        casing.learn("We connect to Google Analytics and to Slack, then read your funnels.");
        casing.learn("Bring an event from Google Analytics. Your funnels grow. Read analytics daily, analytics rule. More analytics");
        casing.set_product("Tidewater");
        for (title, expected) in [
            ("Connect Google Tag Manager", "Connect Google tag manager"),
            ("Create Your First Survey", "Create your first survey"),
            ("Connect Slack", "Connect Slack"),
            ("Import from CSV", "Import from CSV"),
            ("invite your team", "Invite your team"),
            ("Use GitHub Actions", "Use GitHub actions"),
            ("CREATE YOUR ACCOUNT", "Create your account"),
            ("Install tidewater", "Install Tidewater"),
            ("Add Jira", "Add Jira"),
            ("Export the Funnels", "Export the funnels"),
            ("Add a Board", "Add a board"),
            ("Create a Template from Scratch", "Create a template from scratch"),
        ] {
            assert_eq!(casing.sentence(title), expected, "{title}");
        }
    }
}
