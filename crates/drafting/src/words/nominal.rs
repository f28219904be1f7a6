//! Nouns that name something to do: "Installation" is "Install", "Account creation" is "Create
//! account".

/// (noun, verb in base form).
const NOMINALS: &[(&str, &str)] = &[
    ("installation", "install"),
    ("configuration", "configure"),
    ("registration", "register"),
    ("deployment", "deploy"),
    ("creation", "create"),
    ("verification", "verify"),
    ("confirmation", "confirm"),
    ("migration", "migrate"),
    ("activation", "activate"),
    ("cancellation", "cancel"),
    ("deletion", "delete"),
    ("setup", "set_up"),
    ("set-up", "set_up"),
    ("signup", "sign_up"),
    ("sign-up", "sign_up"),
    ("initialization", "initialize"),
    ("customization", "customize"),
    ("customisation", "customise"),
    ("personalization", "personalize"),
    ("subscription", ""),
    ("invitation", ""),
    ("removal", "remove"),
    ("uninstallation", "uninstall"),
    ("self-hosting", "self-host"),
    ("renewal", "renew"),
    ("purchase", "buy"),
    ("publication", "publish"),
];

/// Verbs that stand well without an object other than the product.
pub(super) const ABOUT_THE_PRODUCT: &[&str] = &[
    "install",
    "configure",
    "deploy",
    "uninstall",
    "upgrade",
    "self-host",
    "set_up",
    "customize",
    "customise",
    "download",
    "update",
    "initialize",
    "run",
    "troubleshoot",
    "try",
    "migrate",
];

/// Verbs that need nothing after them.
pub(super) const ALONE: &[&str] = &[
    "sign_up",
    "log_in",
    "sign_in",
    "register",
    "subscribe",
    "unsubscribe",
    "upgrade",
    "downgrade",
    "check_out",
    "log_out",
    "sign_out",
    "get_started",
    "go_live",
    "opt_out",
    "top_up",
    "onboard",
    "get_help",
    "get_access",
];

/// Words before the noun that say how or where it is done, not to what.
const QUALIFIERS: &[&str] = &[
    "developer",
    "development",
    "interactive",
    "manual",
    "automatic",
    "quick",
    "initial",
    "basic",
    "advanced",
    "custom",
    "new",
    "first",
    "time",
    "local",
    "additional",
    "optional",
    "docker",
    "general",
    "easy",
    "simple",
    "full",
    "offline",
    "online",
    "global",
    "default",
    "dynamic",
    "static",
    "further",
    "windows",
    "linux",
    "macos",
    "mac",
    "npm",
    "cargo",
    "homebrew",
    "kubernetes",
    "helm",
    "production",
    "minimal",
    "standard",
    "recommended",
    "typical",
    "cloud",
    "server",
    "client",
    "self-hosted",
    "alternative",
    "binary",
    "recipe",
];

/// Words that may stand after the noun without changing what is to be done.
const TAIL: &[&str] =
    &["guide", "instructions", "process", "steps", "flow", "tutorial", "help", "overview", "wizard"];

/// Turns a heading that ends in (or begins with) a noun of action into verb and object.
///
/// Gives the verb and the words that follow it; the words may be empty.
pub(super) fn to_verb(words: &[&str]) -> Option<(&'static str, Vec<String>)> {
    let words = match words {
        [rest @ .., last] if !rest.is_empty() && TAIL.contains(&last.to_lowercase().as_str()) => rest,
        all => all,
    };
    let verb_of = |word: &str| {
        let lower = word.to_lowercase();
        NOMINALS.iter().find(|it| it.0 == lower && !it.1.is_empty()).map(|it| it.1)
    };
    let [first, .., last] = words else {
        return words.first().and_then(|it| verb_of(it)).map(|verb| (verb, Vec::new()));
    };
    if let Some(verb) = verb_of(last) {
        const OBJECT_WORDS_MAX: usize = 3;
        let object = &words[..words.len() - 1];
        let is_object = object.len() <= OBJECT_WORDS_MAX
            && object.iter().all(|it| it.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '\''))
            && !object
                .iter()
                .any(|it| matches!(it.to_lowercase().as_str(), "and" | "or" | "for" | "of" | "the" | "a"));
        let is_object =
            is_object && !object.last().is_some_and(|it| QUALIFIERS.contains(&it.to_lowercase().as_str()));
        return is_object.then(|| (verb, object.iter().map(|it| (*it).to_owned()).collect()));
    }
    let verb = verb_of(first)?;
    let second = words[1].to_lowercase();
    match second.as_str() {
        "of" => Some((verb, words[2..].iter().map(|it| (*it).to_owned()).collect())),
        "on" | "with" | "from" | "via" | "using" | "in" | "for" => {
            Some((verb, words[1..].iter().map(|it| (*it).to_owned()).collect()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_of_action_become_verbs() {
        for (heading, verb, rest) in [
            ("Installation", "install", ""),
            ("Installation guide", "install", ""),
            ("Account creation", "create", "Account"),
            ("Email verification", "verify", "Email"),
            ("Installation on Windows", "install", "on Windows"),
            ("Deletion of data", "delete", "data"),
            ("Setup", "set_up", ""),
        ] {
            let words: Vec<&str> = heading.split(' ').collect();
            assert_eq!(
                to_verb(&words).map(|it| (it.0, it.1.join(" "))),
                Some((verb, rest.to_owned())),
                "{heading}"
            );
        }
        for heading in ["Subscription plans", "Configuration file", "Overview", "Creation and deletion"] {
            let words: Vec<&str> = heading.split(' ').collect();
            assert_eq!(to_verb(&words), None, "{heading}");
        }
    }
}
