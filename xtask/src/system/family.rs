//! Which kind of Linux this is, and what one types there to get what is missing.
//!
//! Package names are those of Tauri's list of prerequisites; where we know none, the message names the program.

use super::needs::{Need, Probe};

/// Distributions that install packages the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Debian, Ubuntu, Mint, Pop!_OS and other relatives.
    Debian,
    /// Fedora, RHEL and relatives.
    Fedora,
    /// Arch, Manjaro and relatives.
    Arch,
    /// openSUSE and SLE.
    Suse,
    /// Alpine.
    Alpine,
    /// NixOS.
    Nix,
    /// Some other Linux.
    Other,
}

impl Family {
    /// Reads it from `os-release`, the file that every current distribution has.
    pub fn of_this_system() -> Self {
        let text = ["/etc/os-release", "/usr/lib/os-release"]
            .into_iter()
            .find_map(|path| std::fs::read_to_string(path).ok())
            .unwrap_or_default();
        Self::parse(&text)
    }

    fn parse(os_release: &str) -> Self {
        let own = field(os_release, "ID").into_iter();
        let like = field(os_release, "ID_LIKE").unwrap_or_default().split_whitespace();
        own.chain(like).find_map(Self::named).unwrap_or(Self::Other)
    }

    fn named(id: &str) -> Option<Self> {
        Some(match id {
            "debian" | "ubuntu" => Self::Debian,
            "fedora" | "rhel" | "centos" => Self::Fedora,
            "arch" => Self::Arch,
            "suse" | "opensuse" | "opensuse-tumbleweed" | "opensuse-leap" => Self::Suse,
            "alpine" => Self::Alpine,
            "nixos" => Self::Nix,
            _ => return None,
        })
    }

    /// What to install for the missing things, as one can type it where we know the names.
    pub fn instructions(self, missing: &[&Need]) -> String {
        let mut text = String::from("This system lacks:\n");
        for need in missing {
            text.push_str(&format!("  - {}{}\n", need.what, sign(&need.probe)));
        }
        text.push_str(self.command());
        text
    }

    fn command(self) -> &'static str {
        match self {
            Self::Debian => "apt-get is not on the search path, so nothing could be installed.",
            Self::Fedora => {
                "To build: `sudo dnf install gcc make pkgconf-pkg-config webkit2gtk4.1-devel`.\n\
                 For a program named above, `dnf provides '*/bin/NAME'` tells its package."
            }
            Self::Arch => {
                "To build: `sudo pacman -S --needed base-devel webkit2gtk-4.1`.\n\
                 For a program named above, `pacman -F NAME` tells its package."
            }
            Self::Suse => {
                "To build: `sudo zypper in -t pattern devel_basis` and `sudo zypper in webkit2gtk3-devel`.\n\
                 For a program named above, `zypper se --provides /usr/bin/NAME` tells its package."
            }
            Self::Alpine => {
                "To build: `apk add build-base pkgconf webkit2gtk-4.1-dev`.\n\
                 For a program named above, `apk search cmd:NAME` tells its package."
            }
            Self::Nix => {
                "Enter a shell that has them, for example `nix-shell -p gcc pkg-config webkitgtk_4_1`."
            }
            Self::Other => "Install them with this distribution's package tool and start again.",
        }
    }
}

fn sign(probe: &Probe) -> String {
    match probe {
        Probe::Program(names) => format!(" (program {})", names.join(" or ")),
        Probe::Library(name) => format!(" (`pkg-config --exists {name}`)"),
        Probe::Font => String::from(" (`fc-list` is empty)"),
        Probe::PackageOnly => String::new(),
    }
}

fn field<'a>(os_release: &'a str, key: &str) -> Option<&'a str> {
    let value = os_release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='))?;
    Some(value.trim().trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_is_told_by_its_own_name_or_its_relatives() {
        for (os_release, expected) in [
            ("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n", Family::Debian),
            ("ID=ubuntu\nID_LIKE=debian\n", Family::Debian),
            ("ID=pop\nID_LIKE=\"ubuntu debian\"\n", Family::Debian),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", Family::Fedora),
            ("ID='manjaro'\nID_LIKE=arch\n", Family::Arch),
            ("ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n", Family::Suse),
            ("ID=alpine\n", Family::Alpine),
            ("ID=nixos\n", Family::Nix),
            ("VERSION_ID=1\nID=void\n", Family::Other),
            ("", Family::Other),
        ] {
            assert_eq!(Family::parse(os_release), expected, "{os_release}");
        }
    }

    #[test]
    fn instructions_name_what_is_missing_and_what_to_type() {
        let need = Need { what: "a browser", probe: Probe::Program(&["chromium", "chrome"]), debian: &[] };
        let text = Family::Fedora.instructions(&[&need]);
        assert!(text.contains("a browser (program chromium or chrome)"), "{text}");
        assert!(text.contains("sudo dnf install"), "{text}");
    }
}
