//! `cargo xtask screens`: the pictures of `docs/screens` anew. The tests that open a window take them; here those that
//! the papers show are put where they show them, and one that no test takes any more is named.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};

use crate::display::Xvfb;
use crate::process::{self, cargo};
use crate::project::Project;

/// Tests of whole paths, which are the ones that open a window.
const WINDOWS: &str = "package(=custory) and binary(e2e)";

/// Where the tests leave pictures, and where the papers have them.
const TAKEN: &str = "target/screens";
const SHOWN: &str = "docs/screens";

/// Takes them.
pub fn run(project: &Project) -> Result<()> {
    let screen = Xvfb::start()?;
    let mut tests = cargo(project, ["nextest", "run", "--no-fail-fast", "--filterset", WINDOWS]);
    tests.env("DISPLAY", &screen.display).env("GDK_BACKEND", "x11").env_remove("WAYLAND_DISPLAY");
    let passed = process::run(&mut tests);
    let root = &project.root;
    let paper = root.join(SHOWN).join("README.md");
    let text = std::fs::read_to_string(&paper).with_context(|| format!("cannot read {}", paper.display()))?;
    let mut missing = Vec::new();
    for name in pictures(&text) {
        match std::fs::copy(root.join(TAKEN).join(&name), root.join(SHOWN).join(&name)) {
            Ok(_) => {}
            Err(_) => missing.push(name),
        }
    }
    passed?;
    if !missing.is_empty() {
        bail!("no test takes these pictures: {}", missing.join(", "));
    }
    Ok(())
}

/// The pictures that a paper shows.
fn pictures(text: &str) -> BTreeSet<String> {
    let shown = text.split("](").skip(1).filter_map(|it| it.split(')').next());
    shown.filter(|it| it.ends_with(".png") && !it.contains('/')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pictures_of_a_paper_are_found_and_nothing_else() {
        let text = "![Map](map-light.png) and [more](../other.md), ![x](a/b.png), ![Dark](map-dark.png)";
        assert_eq!(pictures(text), ["map-dark.png".to_owned(), "map-light.png".to_owned()].into());
    }
}
