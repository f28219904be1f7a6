//! A journey as one web page that needs nothing else: the map as a picture, and everything on it as text. Printed,
//! the picture fills the first page.

use custory_domain::{Board, Timestamp};
use pulldown_cmark::{Event, Parser, Tag, html};

use crate::images::{Image, Images};
use crate::markdown::illustrated;
use crate::picture::{escape, to_svg};

/// Nothing on the page can run or fetch anything, whatever the journey's texts say.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const STYLE: &str = "
:root { color-scheme: light; }
body { margin: 0; padding: 32px; font: 15px/1.55 Inter, 'Segoe UI', Helvetica, Arial, sans-serif; color: #15181f;
  background: #eff1f4; }
.map { overflow-x: auto; background: #fff; border: 1px solid #dcdfe5; border-radius: 10px; }
.map svg { display: block; }
main { max-width: 76ch; margin: 32px auto 0; padding: 24px 40px 40px; background: #fff; border: 1px solid #dcdfe5;
  border-radius: 10px; overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.6em 0 .5em; }
h2 { padding-top: 1em; border-top: 1px solid #dcdfe5; }
blockquote { margin: .8em 0; padding-left: 14px; border-left: 3px solid #b9cff8; color: #484d57; }
a { color: #1f57d3; }
main img { max-width: 100%; height: auto; border: 1px solid #dcdfe5; border-radius: 8px; }
@page { size: A3 landscape; margin: 12mm; }
@media print {
  body { padding: 0; background: none; }
  .map, main { border: 0; }
  .map { break-after: page; overflow: visible; }
  .map svg { width: 100%; height: auto; max-height: 265mm; }
}
";

/// Writes a journey as a page of HTML. Names of people come from `workspace`.
pub fn to_html(board: &Board, workspace: &Board, now: Timestamp, images: &Images) -> String {
    let title = board.journey().map_or("Journey", |it| it.title.as_str());
    let is_there = |name: &str| images.contains_key(name).then(|| name.to_owned());
    let markdown = illustrated(board, workspace, &is_there);
    // There is no markup but Markdown's in what is written there; should there ever be, it is shown, not obeyed.
    let words = Parser::new(&markdown).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        // Pictures are in the page itself; nothing else is fetched.
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let dest_url = images.get(&*dest_url).map(Image::address).unwrap_or_default().into();
            Event::Start(Tag::Image { link_type, dest_url, title, id })
        }
        other => other,
    });
    let mut text = String::new();
    html::push_html(&mut text, words);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<div class=\"map\" tabindex=\"0\">\n{picture}</div>\n\
         <main>\n{text}</main>\n</body>\n</html>\n",
        title = escape(title),
        picture = to_svg(board, now, images)
    )
}
