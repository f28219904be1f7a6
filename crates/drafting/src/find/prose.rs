//! Pages and documents: headings, steps, buttons, links, questions, statements.

use std::ops::Range;
use std::sync::LazyLock;

use custory_domain::Channel;
use regex::Regex;

use super::fact::{Fact, FactKind, Sign};
use super::passage::Passage;
use super::statement;
use crate::doc::{Block, Doc, Link, Mark, Shape};
use crate::genre::Genre;
use crate::words::first_sentence;

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant and compiles")
}

/// Sections that are for those who build the product, or that speak of something else.
static SET_ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(contribut\w+|develop(?:ment|ing|er|ers)|licen[sc]e|licensing|acknowledge?ments?|credits|authors?|maintainers?|sponsors?|backers|code of conduct|tech(?:nology)? stack|built with|project structure|table of contents|star history|translations?|related|roadmap|architecture|from source|source code|running (?:the )?tests?|compatibility|minimum supported|msrv|rust version|security policy|vulnerabilit\w+|benchmarks?|comparison to|thanks|citation|citing|packaging|release process|disclaimer|trademark|supported versions|api reference|api documentation|endpoints?|props|parameters|return values?|repository activity|core team|ai agents?)\b",
    )
});
static ABOUT_PROBLEMS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(troubleshoot\w*|known (?:issues|problems|limitations|bugs)|common (?:issues|problems|errors|questions)|problems?|limitations?|faqs?|frequently asked)\b",
    )
});
static FIXES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:\W*)(?:bug ?fix(?:es)?|fix(?:es|ed)?|resolved)\b"));
static START: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(quick ?-?start|get(?:ting)? started|first steps|how (?:it|does it|\w+) works?|set(?:ting)? ?up|in \w+ (?:easy |simple )?steps|steps?|usage|onboarding|tutorial|next)\b",
    )
});

/// Whether a heading opens a way to begin.
pub(crate) fn opens_a_start(heading: &str) -> bool {
    START.is_match(heading)
}

/// Finds facts in a passage of a document.
pub(super) fn find(passage: &Passage<'_>) -> Vec<Fact> {
    let doc = passage.doc;
    let mut facts = Vec::new();
    if doc.genre.weight() == 0.0 {
        return facts;
    }
    if passage.blocks.start == 0 {
        facts.extend(tagline(doc));
    }
    for (at, block) in passage.parts() {
        let above: Vec<&str> = doc.headings_above(at).map(|it| doc.words(it)).collect();
        if is_set_aside(doc, block, &above) {
            continue;
        }
        if doc.genre == Genre::Changelog {
            facts.extend(changelog(doc, block, &above));
            continue;
        }
        facts.extend(marked(doc, block));
        facts.extend(action(doc, at));
        facts.extend(statements(doc, block, &above));
        facts.extend(surfaces(doc, block));
    }
    facts
}

/// A title may name what the product does ("Roadmap boards"); sections below it may be set aside.
fn is_set_aside(doc: &Doc, block: &Block, above: &[&str]) -> bool {
    let own =
        matches!(block.shape, Shape::Heading(level) if level > 1) && SET_ASIDE.is_match(doc.words(block));
    let sections = &above[..above.len().saturating_sub(usize::from(above.len() > 1))];
    own || sections.iter().any(|it| SET_ASIDE.is_match(it))
}

/// What the product is, in its own words: the first sentence of its home page or README, or the one
/// of a guide that says "Acme is a …".
fn tagline(doc: &Doc) -> Option<Fact> {
    const WORDS_MIN: usize = 4;
    const CHARS_MAX: usize = 260;
    const PARTS: usize = 14;
    let is_of_product = matches!(doc.genre, Genre::Home | Genre::Readme);
    if !is_of_product && !matches!(doc.genre, Genre::Start | Genre::Guide | Genre::About) {
        return None;
    }
    let says = |block: &&Block| {
        let words = doc.words(block);
        let is_sentence = matches!(block.shape, Shape::Paragraph)
            || matches!(block.shape, Shape::Heading(1)) && doc.genre == Genre::Home;
        let linked = block.links.iter().map(|it| it.span.len()).sum::<usize>();
        is_sentence
            && words.split_whitespace().count() >= WORDS_MIN
            && linked * 2 < words.len()
            && !words.contains(" · ")
            && !words.contains(" | ")
            && !asks_reader(words)
    };
    let mut candidates = doc.blocks.iter().take(PARTS).filter(says);
    let block = if is_of_product {
        candidates.next().filter(|it| !OF_SOURCES.is_match(doc.words(it)))?
    } else {
        candidates.find(|it| SAYS_WHAT_IT_IS.is_match(doc.words(it)))?
    };
    let sentence = first_sentence(doc.words(block), CHARS_MAX)?;
    Some(Fact::quoted(FactKind::Tagline, sentence, block.span.start))
}

/// "Acme is a …": how a page of the documentation says what the product is.
static SAYS_WHAT_IT_IS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[A-Z][\w.-]+(?: [A-Z][\w.-]+)? is (?:an?|the|your) "));

/// What a README says of the sources that it lies beside, not of the product.
static OF_SOURCES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:this (?:\w+ )?(?:website|site|repo(?:sitory)?|project|package|folder|directory|documentation|app) (?:is (?:built|made|generated|powered|the source|a fork)|contains|holds|uses)|built with|powered by|help us|you are (?:reading|viewing)|note:|warning:|for (?:more|documentation)|see )",
    )
});

/// Whether a text asks its reader for a favour ("Star us on GitHub!") rather than telling them something.
fn asks_reader(words: &str) -> bool {
    words.to_lowercase().split(|it: char| !it.is_alphanumeric()).any(|it| it == "us") && words.ends_with('!')
}

fn action(doc: &Doc, at: usize) -> Option<Fact> {
    let block = &doc.blocks[at];
    let words = doc.words(block);
    let lead = block.marks.iter().find(|it| it.0 == Mark::Lead).map(|it| &it.1).filter(|it| it.len() > 6);
    let is_link = |span: &Range<usize>| block.links.iter().any(|it| it.span == *span);
    let (sign, span) = match block.shape {
        Shape::Heading(_) if is_for_builders(doc, at) => return None,
        Shape::Heading(level) => (Sign::Heading(level), block.span.clone()),
        Shape::Term => (Sign::Heading(4), block.span.clone()),
        Shape::Button => (Sign::Button, block.span.clone()),
        Shape::Item { number: Some(number), .. } => {
            (Sign::Step(number), lead.cloned().unwrap_or_else(|| sentence_of(block, words)))
        }
        Shape::Item { number: None, .. } => match lead {
            Some(lead) => (if is_link(lead) { Sign::Link } else { Sign::Bullet }, lead.clone()),
            None if words.chars().count() <= 80 => (Sign::Bullet, block.span.clone()),
            None => return None,
        },
        Shape::Paragraph if is_link(&block.span) => (Sign::Link, block.span.clone()),
        Shape::Paragraph | Shape::Row | Shape::Code => return None,
    };
    let quote = doc.text.get(span.clone())?;
    let first = first_sentence(quote, 240).unwrap_or(quote);
    Some(Fact::quoted(FactKind::Action(sign), first, span.start))
}

/// Commands that only those run who have the sources.
static OF_BUILDERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\$?\s*(?:git clone|(?:\w+=\S+\s+)*(?:npm|yarn|pnpm|bun)(?: (?:run )?(?:i|install|ci|start|build|dev|deploy|test|serve))?\s*$|bundle install|pip install -r|cargo (?:build|test|run)|make\b|go (?:build|mod))",
    )
});

/// Whether a section tells how to build the product: its first code is a command of builders.
fn is_for_builders(doc: &Doc, heading: usize) -> bool {
    const PARTS: usize = 4;
    let below = doc
        .blocks
        .iter()
        .skip(heading + 1)
        .take(PARTS)
        .take_while(|it| !matches!(it.shape, Shape::Heading(_)));
    below
        .filter(|it| it.shape == Shape::Code)
        .take(1)
        .any(|it| OF_BUILDERS.is_match(doc.words(it).lines().next().unwrap_or_default()))
}

fn sentence_of(block: &Block, words: &str) -> Range<usize> {
    let len = first_sentence(words, 300).map_or(words.len(), str::len);
    block.span.start..block.span.start + len
}

/// Cells of tables that say themselves what they are.
fn marked(doc: &Doc, block: &Block) -> Vec<Fact> {
    let fact = |(mark, span): &(Mark, Range<usize>)| {
        let kind = match mark {
            Mark::Lead => return None,
            Mark::Step => FactKind::Action(Sign::Cell),
            Mark::Problem => FactKind::Problem { is_fixed: false },
            Mark::Question => FactKind::Question,
        };
        const CHARS_MAX: usize = 240;
        let words = first_sentence(&doc.text[span.clone()], CHARS_MAX)?;
        (words.split_whitespace().count() > 1).then(|| Fact::quoted(kind, words, span.start))
    };
    block.marks.iter().filter_map(fact).collect()
}

fn statements(doc: &Doc, block: &Block, above: &[&str]) -> Vec<Fact> {
    let words = doc.words(block);
    let at = block.span.start;
    let mut facts = Vec::new();
    let is_for_programs =
        matches!(doc.genre, Genre::Reference | Genre::Developer | Genre::Hosting | Genre::Blog);
    if matches!(block.shape, Shape::Code) {
        return facts;
    }
    if !is_for_programs {
        facts.extend(asked_or_suffered(doc, block, above));
    }
    let mut add = |kind: FactKind, found: Option<(usize, &str)>| {
        if let Some((offset, words)) = found {
            facts.push(Fact::quoted(kind, words, at + offset));
        }
    };
    let promises = matches!(
        doc.genre,
        Genre::Home
            | Genre::Pricing
            | Genre::Signup
            | Genre::Start
            | Genre::Readme
            | Genre::Faq
            | Genre::Billing
    );
    if promises && !words.ends_with('?') {
        add(FactKind::Gain, statement::gain(words));
    }
    if matches!(block.shape, Shape::Paragraph | Shape::Item { .. }) && !is_for_programs {
        add(FactKind::Need, statement::need(words));
    }
    if matches!(doc.genre, Genre::Pricing | Genre::Home) {
        add(FactKind::Price, statement::price(words));
    }
    facts
}

/// A question that is asked, or a problem that is stated.
fn asked_or_suffered(doc: &Doc, block: &Block, above: &[&str]) -> Option<Fact> {
    const CHARS_MAX: usize = 240;
    let words = doc.words(block);
    if words.chars().count() > CHARS_MAX || words.contains(['`', '{', '<']) {
        return None;
    }
    let about_problems =
        matches!(doc.genre, Genre::Help | Genre::Faq) || above.iter().any(|it| ABOUT_PROBLEMS.is_match(it));
    let is_heading = matches!(block.shape, Shape::Heading(_) | Shape::Term);
    let is_listed = matches!(block.shape, Shape::Item { .. })
        && above.first().is_some_and(|it| ABOUT_PROBLEMS.is_match(it) && !it.to_lowercase().contains("faq"));
    let is_line = matches!(block.shape, Shape::Paragraph) && words.ends_with('?') && about_problems;
    if (is_heading || is_listed || is_line) && statement::is_problem(words, about_problems) {
        Some(Fact::quoted(FactKind::Problem { is_fixed: false }, words, block.span.start))
    } else if (is_heading || is_line) && takes_questions(doc, about_problems) && statement::is_question(words)
    {
        Some(Fact::quoted(FactKind::Question, words, block.span.start))
    } else {
        None
    }
}

/// Where a question is a customer's, not a writer's way to open a paragraph.
fn takes_questions(doc: &Doc, about_problems: bool) -> bool {
    about_problems || matches!(doc.genre, Genre::Pricing | Genre::Billing | Genre::Home | Genre::Signup)
}

/// Places away from the site where customers meet the product.
fn surfaces(doc: &Doc, block: &Block) -> Vec<Fact> {
    const CHARS: std::ops::RangeInclusive<usize> = 3..=60;
    let fact = |link: &Link| {
        let channel = outside(&link.href)?;
        let words = &doc.text[link.span.clone()];
        let mut fact = Fact::quoted(FactKind::Surface(channel), words, link.span.start);
        fact.name = Some(link.href.clone());
        CHARS.contains(&words.chars().count()).then_some(fact)
    };
    block.links.iter().filter_map(fact).collect()
}

/// The channel that a link leads to, if it is none of the site's own pages.
fn outside(href: &str) -> Option<Channel> {
    const COMMUNITY: &[&str] = &[
        "discord.gg",
        "discord.com/invite",
        "join.slack.com",
        "forum.",
        "community.",
        "reddit.com/r/",
        "t.me/",
        "matrix.to",
    ];
    const STORE: &[&str] = &[
        "apps.apple.com",
        "play.google.com",
        "chromewebstore",
        "chrome.google.com/webstore",
        "addons.mozilla.org",
        "marketplace.",
        "apps.microsoft.com",
        "flathub.org",
    ];
    const MAIL: &[&str] = &["mailto:support", "mailto:help", "mailto:hello", "mailto:contact"];
    let href = href.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|it| href.contains(it));
    // A site's own "/slack" leads to its community; "/docs/slack-reports" does not.
    let is_way_in = href.starts_with("http")
        && href
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .is_some_and(|it| matches!(it, "discord" | "slack" | "discussions"));
    if has(COMMUNITY) || is_way_in {
        Some(Channel::Community)
    } else if has(STORE) {
        Some(Channel::Store)
    } else if has(MAIL) {
        Some(Channel::Email)
    } else {
        None
    }
}

fn changelog(doc: &Doc, block: &Block, above: &[&str]) -> Option<Fact> {
    let under_fixes =
        above.first().is_some_and(|it| FIXES.is_match(it)) && matches!(block.shape, Shape::Item { .. });
    let is_line = matches!(block.shape, Shape::Item { .. } | Shape::Paragraph);
    let sentence = first_sentence(doc.words(block), 240)?;
    let says = is_line && statement::fixed(sentence, under_fixes);
    says.then(|| Fact::quoted(FactKind::Problem { is_fixed: true }, sentence, block.span.start))
}
