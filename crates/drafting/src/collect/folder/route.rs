//! Routes that are files: the place in the folder is the path in the app.

/// The path of a screen that a file stands for, in the frameworks that route by files.
pub(super) fn of_file(path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/')?;
    let (stem, ending) = name.split_once('.')?;
    if !matches!(ending.rsplit('.').next(), Some("tsx" | "jsx" | "ts" | "js" | "svelte" | "vue" | "astro")) {
        return None;
    }
    let segments: Vec<&str> = folder.split('/').collect();
    // Next.js `app`, SvelteKit `routes`: a folder per segment, a file of a fixed name.
    if matches!(stem, "page" | "+page") {
        let base = segments.iter().rposition(|it| matches!(*it, "app" | "routes"))?;
        // `app` may hold a route that is called `app`; the outermost one below `src` or the top counts.
        let first = segments.iter().position(|it| matches!(*it, "app" | "routes")).unwrap_or(base);
        let base = if segments[first + 1..].iter().all(|it| !matches!(*it, "routes")) { first } else { base };
        return screen(segments[base + 1..].iter().map(|it| (*it).to_owned()));
    }
    let base = segments.iter().position(|it| matches!(*it, "pages" | "routes"))?;
    let folders = &segments[base + 1..];
    if segments[base] == "pages" {
        // Next.js and Nuxt `pages`: a file per path. Folders of components beside them begin with a capital.
        if !matches!(ending, "tsx" | "jsx" | "vue" | "astro" | "js" | "ts")
            || stem.starts_with('_')
            || folders.iter().any(|it| it.starts_with(char::is_uppercase))
        {
            return None;
        }
        let name = if stem == "index" { None } else { Some(stem.to_owned()) };
        return screen(folders.iter().map(|it| (*it).to_owned()).chain(name));
    }
    // Remix `routes`: dots and `+` folders are segments.
    if !matches!(ending, "tsx" | "jsx") && !name.ends_with(".tsx") && !name.ends_with(".jsx") {
        return None;
    }
    let stem = name.rsplit_once('.').map_or(name, |it| it.0);
    let parts = folders
        .iter()
        .map(|it| it.trim_end_matches('+'))
        .chain([stem])
        .flat_map(|it| it.split('.').map(str::to_owned).collect::<Vec<_>>());
    screen(
        parts.filter(|it| {
            it != "_index" && it != "index" && it != "_layout" && it != "route" && it != "layout"
        }),
    )
}

/// The path, if people see it: no interface for programs, no leaf that is only a variable.
fn screen(segments: impl Iterator<Item = String>) -> Option<String> {
    let mut path = String::new();
    for segment in segments {
        let is_group = segment.starts_with('(') && segment.ends_with(')')
            || segment.starts_with('_')
            || segment.starts_with('@');
        if is_group {
            continue;
        }
        let name = match segment.strip_prefix('$').or_else(|| segment.strip_prefix('[')) {
            Some(variable) => format!(":{}", variable.trim_matches(['[', ']', '.', '$'])),
            None => segment.trim_end_matches('_').to_owned(),
        };
        path.push('/');
        path.push_str(&name);
    }
    let is_for_programs = path.split('/').any(|it| {
        matches!(
            it,
            "api" | "webhook" | "webhooks" | "health" | "healthz" | "debug" | "dev" | "test" | "tests"
        )
    });
    let says_something = path.split('/').any(|it| !it.is_empty() && !it.starts_with(':'));
    (!is_for_programs && says_something).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_paths() {
        for (file, path) in [
            ("app/(marketing)/pricing/page.tsx", Some("/pricing")),
            (
                "apps/web/app/(app)/workspaces/[workspaceId]/surveys/page.tsx",
                Some("/workspaces/:workspaceId/surveys"),
            ),
            ("src/routes/settings/billing/+page.svelte", Some("/settings/billing")),
            ("pages/signup.tsx", Some("/signup")),
            ("pages/docs/index.vue", Some("/docs")),
            ("apps/remix/app/routes/_authenticated+/settings+/billing.tsx", Some("/settings/billing")),
            ("app/routes/t.$teamUrl+/members.tsx", Some("/t/:teamUrl/members")),
            ("app/api/users/route.ts", None),
            ("pages/api/hello.ts", None),
            ("pages/_app.tsx", None),
            ("src/components/page.tsx", None),
        ] {
            assert_eq!(of_file(file).as_deref(), path, "{file}");
        }
    }
}
