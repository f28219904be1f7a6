//! HTML pages: what a reader of the page reads, without menus, footers, scripts and forms.

use custory_domain::draft::Locator;
use scraper::node::{Element, Node};
use scraper::{ElementRef, Html, Selector};

use super::inline::Inline;
use crate::doc::{RawBlock, Shape};
use crate::words::squeeze;

/// What was found on a page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub title: Option<String>,
    /// The site's name, where the page gives one.
    pub product: Option<String>,
    pub blocks: Vec<RawBlock>,
    /// Words and targets of all links, navigation included, in order.
    pub navigation: Vec<(String, String)>,
    /// Where the page says its links start from.
    pub base: Option<String>,
    /// Whether it asks for a password.
    pub asks_password: bool,
}

/// Nesting deeper than this is not structure but an accident or an attack.
const DEPTH_MAX: usize = 200;
/// Links kept of one page.
const LINKS_MAX: usize = 2_000;

/// Reads a page.
pub(crate) fn read(html: &str) -> Page {
    let document = Html::parse_document(html);
    let find = |css: &str| {
        let selector = Selector::parse(css).expect("the selector is a constant and parses");
        document.select(&selector).next()
    };
    let content =
        |css: &str| find(css).and_then(|it| it.attr("content")).map(squeeze).filter(|it| !it.is_empty());
    let root = find("main, [role=main]")
        .or_else(|| find("body > article, #content, #main"))
        .or_else(|| find("body"));
    let mut walk = Walk {
        page: Page::default(),
        inline: Inline::default(),
        anchor: None,
        shape: Shape::Paragraph,
        lists: Vec::new(),
    };
    if let Some(root) = root {
        walk.element(root, 0);
        walk.flush();
    }
    let mut page = walk.page;
    let head = find("title").map(|it| squeeze(&it.text().collect::<String>())).unwrap_or_default();
    page.product =
        content("meta[property='og:site_name']").or_else(|| content("meta[name='application-name']"));
    page.base = find("base[href]").and_then(|it| it.attr("href")).map(str::to_owned);
    page.asks_password = find("input[type=password]").is_some();
    page.navigation = links(&document);
    let first_heading = page.blocks.iter().find(|it| it.shape == Shape::Heading(1)).map(|it| it.text.clone());
    let (own, site) = split_title(&head);
    page.product = page.product.or(site);
    if first_heading.is_none() && !own.is_empty() && !page.blocks.is_empty() {
        page.blocks.insert(0, RawBlock::new(Shape::Heading(1), own.clone(), Locator::Whole));
    }
    page.title = first_heading.or((!own.is_empty()).then_some(own));
    page
}

/// "Pricing | Acme" → ("Pricing", "Acme").
fn split_title(title: &str) -> (String, Option<String>) {
    for mark in [" | ", " – ", " — ", " · ", " - ", " :: ", " • "] {
        if let Some((own, site)) = title.rsplit_once(mark) {
            return (own.trim().to_owned(), Some(site.trim().to_owned()).filter(|it| it.len() <= 40));
        }
    }
    (title.to_owned(), None)
}

fn links(document: &Html) -> Vec<(String, String)> {
    let selector = Selector::parse("a[href]").expect("the selector is a constant and parses");
    let link = |it: ElementRef<'_>| {
        let href = it.attr("href")?.trim().to_owned();
        Some((squeeze(&it.text().collect::<String>()), href))
    };
    document.select(&selector).filter_map(link).take(LINKS_MAX).collect()
}

struct Walk {
    page: Page,
    inline: Inline,
    anchor: Option<String>,
    shape: Shape,
    /// Open lists: the next number, in numbered ones.
    lists: Vec<Option<u32>>,
}

impl Walk {
    fn place(&self) -> Locator {
        self.anchor.clone().map_or(Locator::Whole, Locator::Anchor)
    }

    fn flush(&mut self) {
        if self.inline.is_empty() {
            return;
        }
        if let Some(block) = self.inline.take(self.shape, self.place()) {
            self.page.blocks.push(block);
        }
        if matches!(self.shape, Shape::Item { .. }) {
            self.shape = Shape::Paragraph; // What follows inside an item is no further item.
        }
    }

    fn children(&mut self, element: ElementRef<'_>, depth: usize) {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.inline.push(text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// Reads what is inside as one part of the given shape.
    fn part(&mut self, element: ElementRef<'_>, shape: Shape, depth: usize) {
        self.flush();
        let outer = std::mem::replace(&mut self.shape, shape);
        self.children(element, depth);
        self.flush();
        self.shape = outer;
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize) {
        let value = element.value();
        if depth > DEPTH_MAX || is_aside(value, element) {
            return;
        }
        let name = value.name();
        let is_heading = matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        if (matches!(name, "section" | "article" | "div" | "li" | "details" | "dt") || is_heading)
            && let Some(id) = own_id(element, is_heading)
        {
            self.flush();
            self.anchor = Some(id);
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes()[1] - b'0';
                self.heading(element, level, depth);
            }
            "ul" | "menu" => self.list(element, None, depth),
            "ol" => {
                let start = value.attr("start").and_then(|it| it.parse().ok()).unwrap_or(1);
                self.list(element, Some(start), depth);
            }
            "li" => {
                let number = self.lists.last().copied().flatten();
                if let Some(Some(next)) = self.lists.last_mut() {
                    *next = next.saturating_add(1);
                }
                let item_depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
                self.part(element, Shape::Item { number, depth: item_depth }, depth);
            }
            "dt" | "summary" => self.part(element, Shape::Term, depth),
            "pre" => self.part(element, Shape::Code, depth),
            "tr" => self.row(element, depth),
            "button" => self.part(element, Shape::Button, depth),
            "input" => {
                if matches!(value.attr("type"), Some("submit" | "button"))
                    && let Some(label) = value.attr("value")
                {
                    self.flush();
                    let place = self.place();
                    self.page.blocks.push(RawBlock::new(Shape::Button, squeeze(label), place));
                }
            }
            "a" => self.link(element, depth),
            "strong" | "b" => {
                self.inline.begin_strong();
                self.children(element, depth);
                self.inline.end_strong();
            }
            "code" | "kbd" | "samp" if self.shape != Shape::Code => {
                self.inline.push("`");
                self.children(element, depth);
                self.inline.push("`");
            }
            "br" => self.inline.space(),
            "p" | "blockquote" | "figure" | "dl" | "dd" | "table" | "section" | "article" | "div"
            | "main" | "body" | "header" | "details" | "form" | "fieldset" | "label" | "address" | "hr"
            | "figcaption" | "thead" | "tbody" | "caption" | "center" => {
                let shape = if matches!(self.shape, Shape::Item { .. } | Shape::Term | Shape::Row) {
                    self.shape
                } else {
                    Shape::Paragraph
                };
                self.flush();
                self.shape = shape;
                self.children(element, depth);
                self.flush();
            }
            _ => self.children(element, depth),
        }
    }

    /// A heading; what is inside that is no text of its own (permalinks) is left out.
    fn heading(&mut self, element: ElementRef<'_>, level: u8, depth: usize) {
        self.part(element, Shape::Heading(level), depth);
        if let Some(last) = self.page.blocks.last_mut().filter(|it| it.shape == Shape::Heading(level)) {
            let len = last.text.trim_end_matches(['#', '¶', '🔗', '\u{200b}', ' ', '§']).len();
            last.text.truncate(len);
            last.links.retain(|it| it.span.end <= len);
            last.marks.retain(|it| it.1.end <= len);
        }
    }

    fn list(&mut self, element: ElementRef<'_>, number: Option<u32>, depth: usize) {
        self.flush();
        let outer = self.shape;
        self.lists.push(number);
        self.shape = Shape::Paragraph;
        self.children(element, depth);
        self.flush();
        self.lists.pop();
        self.shape = outer;
    }

    fn row(&mut self, element: ElementRef<'_>, depth: usize) {
        self.flush();
        let outer = std::mem::replace(&mut self.shape, Shape::Row);
        let cells = element.children().filter_map(ElementRef::wrap);
        for (at, cell) in cells.enumerate() {
            if at > 0 && !self.inline.is_empty() {
                self.inline.push(" | ");
            }
            self.inline.push(&squeeze(&cell.text().collect::<String>()));
        }
        self.flush();
        self.shape = outer;
        let _ = depth;
    }

    fn link(&mut self, element: ElementRef<'_>, depth: usize) {
        let value = element.value();
        let Some(href) = value.attr("href") else { return self.children(element, depth) };
        let holds_blocks = element.children().filter_map(ElementRef::wrap).any(|it| {
            matches!(it.value().name(), "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "p" | "section" | "ul")
        });
        if is_button(value) && !holds_blocks {
            self.flush();
            let outer = std::mem::replace(&mut self.shape, Shape::Button);
            self.inline.begin_link(href);
            self.children(element, depth);
            self.inline.end_link();
            self.flush();
            self.shape = outer;
        } else {
            self.inline.begin_link(href);
            self.children(element, depth);
            self.inline.end_link();
        }
    }
}

fn own_id(element: ElementRef<'_>, is_heading: bool) -> Option<String> {
    let valid = |it: &str| (!it.is_empty() && !it.contains(char::is_whitespace)).then(|| it.to_owned());
    if let Some(id) = element.value().attr("id").and_then(valid) {
        return Some(id);
    }
    if !is_heading {
        return None;
    }
    element.descendants().filter_map(ElementRef::wrap).find_map(|it| {
        let value = it.value();
        let target = || value.attr("href").and_then(|it| it.strip_prefix('#'));
        value.attr("id").or_else(|| value.attr("name")).or_else(target).and_then(valid)
    })
}

fn is_button(element: &Element) -> bool {
    if element.attr("role") == Some("button") {
        return true;
    }
    element.classes().any(|class| {
        let class = class.to_lowercase();
        class.split(['-', '_', ':']).any(|it| matches!(it, "btn" | "button" | "cta"))
    })
}

/// What is on a page and is not its text: menus, footers, forms' inner parts, what nobody sees.
fn is_aside(element: &Element, node: ElementRef<'_>) -> bool {
    let name = element.name();
    if matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "canvas"
            | "iframe"
            | "object"
            | "nav"
            | "footer"
            | "aside"
            | "select"
            | "textarea"
            | "head"
            | "video"
            | "audio"
            | "math"
            | "dialog"
    ) {
        return true;
    }
    if element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true") {
        return true;
    }
    if matches!(
        element.attr("role"),
        Some(
            "navigation" | "contentinfo" | "complementary" | "search" | "dialog" | "alertdialog" | "tooltip"
        )
    ) {
        return true;
    }
    if name == "header" {
        let has = |css: &str| {
            let selector = Selector::parse(css).expect("the selector is a constant and parses");
            node.select(&selector).next().is_some()
        };
        return !has("h1, h2");
    }
    let named = |words: &str| {
        let words = words.to_lowercase();
        [
            "cookie",
            "breadcrumb",
            "skip-link",
            "skiplink",
            "skip-to",
            "sr-only",
            "visually-hidden",
            "headerlink",
            "pagination",
            "sidebar",
            "toc-",
            "table-of-contents",
            "navbar",
            "menu__",
            "hash-link",
            "edit-this-page",
            "theme-doc-toc",
        ]
        .iter()
        .any(|it| words.contains(it))
    };
    let is_whole = matches!(name, "body" | "main" | "html");
    !is_whole && (element.attr("class").is_some_and(named) || element.attr("id").is_some_and(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(html: &str) -> Vec<(Shape, String, Locator)> {
        read(html).blocks.into_iter().map(|it| (it.shape, it.text, it.place)).collect()
    }

    #[test]
    fn the_text_of_a_page_stays_and_its_frame_goes() {
        let html = r##"<html><head><title>Start | Acme</title></head><body>
            <nav><a href="/pricing">Pricing</a></nav>
            <main><h1 id="start">Start <a class="headerlink" href="#start">#</a></h1>
            <p>Two   <b>easy</b>
            steps.</p><ol><li><strong>Create an account</strong> with your e-mail.</li><li><p>Invite people</p><p>They get a mail.</p></li></ol>
            <p><a class="btn btn-primary" href="/signup">Start free trial</a></p>
            <details><summary>Why can't I log in?</summary><p>Ask us.</p></details>
            <table><tr><th>Plan</th><th>Price</th></tr></table></main><footer>© Acme</footer></body></html>"##;
        let at = |anchor: &str| Locator::Anchor(anchor.to_owned());
        let item = |number| Shape::Item { number: Some(number), depth: 0 };
        assert_eq!(
            lines(html),
            [
                (Shape::Heading(1), "Start".to_owned(), at("start")),
                (Shape::Paragraph, "Two easy steps.".to_owned(), at("start")),
                (item(1), "Create an account with your e-mail.".to_owned(), at("start")),
                (item(2), "Invite people".to_owned(), at("start")),
                (Shape::Paragraph, "They get a mail.".to_owned(), at("start")),
                (Shape::Button, "Start free trial".to_owned(), at("start")),
                (Shape::Term, "Why can't I log in?".to_owned(), at("start")),
                (Shape::Paragraph, "Ask us.".to_owned(), at("start")),
                (Shape::Row, "Plan | Price".to_owned(), at("start")),
            ]
        );
        let page = read(html);
        assert_eq!(page.product.as_deref(), Some("Acme"));
        assert_eq!(page.navigation[0], ("Pricing".to_owned(), "/pricing".to_owned()));
    }

    #[test]
    fn a_page_without_a_heading_is_named_by_its_title() {
        let page = read("<title>Pricing | Acme</title><p>Free.</p>");
        assert_eq!(page.blocks[0].text, "Pricing");
        assert_eq!(page.title.as_deref(), Some("Pricing"));
    }

    #[test]
    fn nesting_without_end_is_survived() {
        let html = format!("<main>{}deep{}</main>", "<div>".repeat(20_000), "</div>".repeat(20_000));
        assert!(read(&html).blocks.is_empty());
    }
}
