//! Pictures of journeys as PNG and PDF, with the fonts of this system.
//!
//! A picture comes as SVG. Nothing that it names is fetched or read: a text of a journey cannot bring a file of this
//! computer into a picture.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Family};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

/// Pixels per length in a PNG where the sheet is not too large: sharp on screens with small pixels.
const SCALE: f32 = 2.0;

/// Most pixels in a PNG: 256 MB while it is drawn. Larger sheets get fewer pixels per length.
const PIXELS_MAX: f32 = 64_000_000.0;

/// What letters are drawn with where the system has none of the fonts that a picture asks for.
const FALLBACKS: [&str; 5] = ["Noto Sans", "DejaVu Sans", "Liberation Sans", "Cantarell", "Ubuntu"];

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The system has no fonts at all.
    #[error(
        "this system has no fonts, so nothing could be written on the picture; install one, or save as SVG"
    )]
    NoFonts,
    /// The SVG is not sound, or too large.
    #[error("the picture could not be drawn: {0}; save it as SVG instead")]
    Broken(String),
}

/// The picture as PNG.
///
/// # Errors
/// [`PrintError`].
pub fn png(svg: &str) -> Result<Vec<u8>, PrintError> {
    let tree = read(svg, fonts()?)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = SCALE.min((PIXELS_MAX / (width * height)).sqrt());
    let pixels = |length: f32| (length * scale).ceil().max(1.0) as u32;
    let mut sheet = Pixmap::new(pixels(width), pixels(height))
        .ok_or_else(|| PrintError::Broken(format!("{width} × {height} is too large")))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut sheet.as_mut());
    sheet.encode_png().map_err(broken)
}

/// The picture as a PDF of one page of its own size; its text stays text.
///
/// # Errors
/// [`PrintError`].
pub fn pdf(svg: &str) -> Result<Vec<u8>, PrintError> {
    let tree = read(svg, fonts()?)?;
    svg2pdf::to_pdf(&tree, svg2pdf::ConversionOptions::default(), svg2pdf::PageOptions::default())
        .map_err(broken)
}

fn read(svg: &str, fonts: Database) -> Result<Tree, PrintError> {
    // Pictures that are in the sheet itself are drawn, of the kinds that journeys show; nothing is looked for.
    let inside = ImageHrefResolver::default_data_resolver();
    let is_shown = |mime: &str| matches!(mime, "image/png" | "image/jpeg" | "image/webp" | "image/gif");
    let only_inside = ImageHrefResolver {
        resolve_data: Box::new(
            move |mime, data, options| {
                if is_shown(mime) { inside(mime, data, options) } else { None }
            },
        ),
        resolve_string: Box::new(|_, _| None),
    };
    let options = Options { fontdb: Arc::new(fonts), image_href_resolver: only_inside, ..Options::default() };
    Tree::from_str(svg, &options).map_err(broken)
}

/// The system's fonts, with one behind every name.
fn fonts() -> Result<Database, PrintError> {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    let is_there = |name: &&str| fonts.faces().any(|it| it.families.iter().any(|(family, _)| family == name));
    let any = || fonts.faces().find_map(|it| Some(it.families.first()?.0.clone()));
    let standard = fonts.family_name(&Family::SansSerif).to_owned();
    let chosen = std::iter::once(standard.as_str()).chain(FALLBACKS).find(is_there).map(str::to_owned);
    let chosen = chosen.or_else(any).ok_or(PrintError::NoFonts)?;
    fonts.set_sans_serif_family(chosen);
    Ok(fonts)
}

fn broken(error: impl std::fmt::Display) -> PrintError {
    PrintError::Broken(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='100'>\
        <rect width='300' height='100' fill='#ffffff'/>\
        <text x='10' y='50' font-size='20' fill='#000000' font-family='No Such Font, sans-serif'>Invite crew</text>";

    fn dark_pixels(png: &[u8]) -> (u32, u32, usize) {
        let sheet = Pixmap::decode_png(png).expect("a PNG");
        (sheet.width(), sheet.height(), sheet.pixels().iter().filter(|it| it.red() < 100).count())
    }

    #[test]
    fn a_png_is_sharp_and_has_its_words_on_it() {
        let png = png(&format!("{SHEET}</svg>")).expect("a picture");
        let (width, height, dark) = dark_pixels(&png);
        assert_eq!((width, height), (600, 200));
        assert!(dark > 500, "{dark} dark pixels are no words");
    }

    #[test]
    fn a_sheet_of_any_size_fits_into_memory() {
        let huge = SHEET.replace("width='300' height='100'>", "width='40000' height='20000'>");
        let sheet = Pixmap::decode_png(&png(&format!("{huge}</svg>")).expect("a picture")).expect("a PNG");
        assert!(f64::from(sheet.width()) * f64::from(sheet.height()) <= 64_100_000.0);
    }

    #[test]
    fn a_pdf_has_one_page_with_a_font() {
        let pdf = pdf(&format!("{SHEET}</svg>")).expect("a document");
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.starts_with("%PDF-") && text.contains("/FontFile") && text.contains("/Count 1"));
    }

    #[test]
    fn a_picture_in_the_sheet_is_drawn_and_only_of_the_kinds_that_journeys_show() {
        use base64ct::{Base64, Encoding as _};
        let blank = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='100'><rect width='300' height='100' fill='#ffffff'/>";
        let black = png(
            "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='10'><rect width='30' height='10'/></svg>",
        );
        let black = Base64::encode_string(&black.expect("a picture"));
        let with = |address: &str| format!("{blank}<image width='300' height='100' href='{address}'/></svg>");
        let (_, _, dark) =
            dark_pixels(&png(&with(&format!("data:image/png;base64,{black}"))).expect("a picture"));
        assert_eq!(dark, 600 * 200, "all of it");
        let document = pdf(&with(&format!("data:image/png;base64,{black}"))).expect("a document");
        assert!(String::from_utf8_lossy(&document).contains("/Subtype /Image"));
        let square =
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>";
        let square = Base64::encode_string(square.as_bytes());
        let (_, _, dark) =
            dark_pixels(&png(&with(&format!("data:image/svg+xml;base64,{square}"))).expect("a picture"));
        assert_eq!(dark, 0, "a sheet in a sheet");
    }

    #[test]
    fn no_file_of_this_computer_gets_into_a_picture() {
        let folder = std::env::temp_dir().join(format!("custory-printing-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let black = folder.join("black.svg");
        let square = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='100'><rect width='300' height='100'/></svg>";
        std::fs::write(&black, square).expect("a file");
        let blank = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='100'><rect width='300' height='100' fill='#ffffff'/>";
        let svg = format!("{blank}<image width='300' height='100' href='{}'/></svg>", black.display());
        let (_, _, dark) = dark_pixels(&png(&svg).expect("a picture"));
        std::fs::remove_dir_all(&folder).expect("the folder goes");
        assert_eq!(dark, 0);
    }

    #[test]
    fn what_is_no_picture_is_refused_with_a_way_out() {
        let error = png("<svg").expect_err("not sound");
        assert!(error.to_string().contains("save it as SVG"), "{error}");
    }
}
