//! A Linear with one team, whose issues a test can move on.

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use url::form_urlencoded;
use wiremock::Request;

use super::{StandIn, Vendor, body, header, locked, specs, stand_in};

/// The key that it accepts.
pub const LINEAR_KEY: &str = "lin_api_stand_in_0123456789";

/// The app that people of its workspace may sign in by.
pub const LINEAR_APP: &str = "app_stand_in_0123456789";

/// Its team.
const TEAM: &str = "9cfb482a-81e3-4154-b5b9-2c805e70a02d";

/// An issue as it keeps it.
#[derive(Clone, Debug)]
pub struct LinearIssue {
    /// What the client called it.
    pub id: String,
    /// What people call it.
    pub identifier: String,
    /// Title.
    pub title: String,
    /// Text.
    pub description: String,
    /// Name and type of its state.
    pub state: (String, String),
    /// Who works on it.
    pub assignee: Option<String>,
    /// Links on it, by address.
    pub links: Vec<String>,
    /// When it was last changed.
    updated_at: String,
}

struct Inside {
    issues: Vec<LinearIssue>,
    /// Issues on one page.
    page: usize,
    /// Tells every page's last issue again on the next page, as happens when issues move.
    repeats: bool,
    changes: u64,
    /// Codes that were given, with the proof that has to come with each, and where to.
    codes: Vec<(String, String, String)>,
    /// Counts the tokens that were given; only the newest are good.
    tokens: u64,
    /// Whether the newest access token is good.
    is_good: bool,
}

/// A running Linear; it ends when this is dropped.
pub struct Linear(StandIn<Inside>);

stand_in!(Linear);

impl Linear {
    /// The team that issues can go to, as people call it.
    pub const TEAM: &'static str = "ACM";

    /// Starts with no issues.
    pub fn start() -> Self {
        Self(StandIn::start(Inside {
            issues: Vec::new(),
            page: 50,
            repeats: false,
            changes: 0,
            codes: Vec::new(),
            tokens: 0,
            is_good: false,
        }))
    }

    /// Its issues.
    pub fn issues(&self) -> Vec<LinearIssue> {
        locked(&self.0.shared.vendor).issues.clone()
    }

    /// Moves an issue to a state, and gives it to somebody.
    pub fn advance(&self, at: usize, name: &str, sort: &str, assignee: Option<&str>) {
        let mut inside = locked(&self.0.shared.vendor);
        let updated_at = inside.tick();
        let issue = &mut inside.issues[at];
        issue.state = (name.to_owned(), sort.to_owned());
        issue.assignee = assignee.map(str::to_owned);
        issue.updated_at = updated_at;
    }

    /// Gives an issue another title.
    pub fn rename(&self, at: usize, title: &str) {
        let mut inside = locked(&self.0.shared.vendor);
        let updated_at = inside.tick();
        let issue = &mut inside.issues[at];
        (issue.title, issue.updated_at) = (title.to_owned(), updated_at);
    }

    /// Somebody says yes to an app that wants to act for them. Answers where their browser is sent.
    pub fn consent(&self, url: &str) -> String {
        let url = url::Url::parse(url).expect("an address");
        let of = |name: &str| {
            let found = url.query_pairs().find(|it| it.0 == name).map(|it| it.1.into_owned());
            found.unwrap_or_else(|| panic!("{name} is missing: {url}"))
        };
        assert_eq!((url.path(), of("response_type")), ("/oauth/authorize", "code".to_owned()));
        assert_eq!((of("client_id"), of("scope")), (LINEAR_APP.to_owned(), "read,write".to_owned()));
        assert_eq!(of("code_challenge_method"), "S256");
        let mut inside = locked(&self.0.shared.vendor);
        let code = format!("code-{}", inside.codes.len());
        let redirect = of("redirect_uri");
        inside.codes.push((code.clone(), of("code_challenge"), redirect.clone()));
        format!("{redirect}?code={code}&state={}", of("state"))
    }

    /// The access token is good no more.
    pub fn end_token(&self) {
        locked(&self.0.shared.vendor).is_good = false;
    }

    /// How often tokens were given.
    pub fn tokens(&self) -> u64 {
        locked(&self.0.shared.vendor).tokens
    }

    /// Answers lists in small pages that overlap.
    pub fn page_by(&self, page: usize) {
        let mut inside = locked(&self.0.shared.vendor);
        (inside.page, inside.repeats) = (page, true);
    }
}

impl Vendor for Inside {
    fn complaints(&self, request: &Request) -> Vec<String> {
        if request.url.path() != "/graphql" {
            return Vec::new();
        }
        let body = body(request);
        specs::linear(body["query"].as_str().unwrap_or_default(), &body["variables"])
    }

    fn answer(&mut self, request: &Request) -> (u16, Value) {
        if request.url.path() == "/oauth/token" {
            return self.token(&request.body);
        }
        let is_token =
            self.is_good && header(request, "authorization") == format!("Bearer access-{}", self.tokens);
        if header(request, "authorization") != LINEAR_KEY && !is_token {
            let no = "Authentication required, not authenticated";
            return (401, error("AUTHENTICATION_ERROR", no));
        }
        let body = body(request);
        let (query, variables) = (body["query"].as_str().unwrap_or_default(), &body["variables"]);
        let field = if query.starts_with("query Viewer") {
            ("viewer", viewer())
        } else if query.starts_with("query Teams") {
            ("teams", json!({ "nodes": [team()], "pageInfo": { "hasNextPage": false, "endCursor": null } }))
        } else if query.starts_with("query Issues") {
            ("issues", self.list(variables))
        } else if query.starts_with("mutation Create") {
            match self.create(&variables["input"]) {
                Ok(created) => ("issueCreate", created),
                Err(message) => return (200, error("INPUT_ERROR", message)),
            }
        } else if query.starts_with("mutation Attach") {
            ("attachmentCreate", self.attach(&variables["input"]))
        } else {
            return (400, error("GRAPHQL_VALIDATION_FAILED", "Unknown operation"));
        };
        (200, json!({ "data": Map::from_iter([(field.0.to_owned(), field.1)]) }))
    }
}

impl Inside {
    /// Gives tokens for a code and its proof, or for the newest of those that renew.
    fn token(&mut self, form: &[u8]) -> (u16, Value) {
        let form: BTreeMap<String, String> = form_urlencoded::parse(form).into_owned().collect();
        let of = |name: &str| form.get(name).map_or("", String::as_str);
        let refuse = |why: &str| (400, json!({ "error": "invalid_grant", "error_description": why }));
        if of("client_id") != LINEAR_APP {
            return (401, json!({ "error": "invalid_client", "error_description": "Unknown app" }));
        }
        match of("grant_type") {
            "authorization_code" => {
                let Some(at) = self.codes.iter().position(|it| it.0 == of("code")) else {
                    return refuse("Unknown code");
                };
                let (_, challenge, redirect) = self.codes.remove(at);
                let proof = Base64UrlUnpadded::encode_string(&Sha256::digest(of("code_verifier")));
                if proof != challenge || of("redirect_uri") != redirect {
                    return refuse("Proof does not fit");
                }
            }
            "refresh_token" if of("refresh_token") == format!("refresh-{}", self.tokens) => {}
            _ => return refuse("Unknown token"),
        }
        self.tokens += 1;
        self.is_good = true;
        let (access, refresh) = (format!("access-{}", self.tokens), format!("refresh-{}", self.tokens));
        let answer = json!({
            "access_token": access, "token_type": "Bearer", "expires_in": 86_399, "scope": "read write",
            "refresh_token": refresh,
        });
        (200, answer)
    }

    fn tick(&mut self) -> String {
        self.changes += 1;
        format!("2026-11-20T10:{:02}:{:02}.000Z", self.changes / 60 % 60, self.changes % 60)
    }

    fn list(&self, variables: &Value) -> Value {
        let id = &variables["filter"]["id"];
        let is_meant = |issue: &&LinearIssue| {
            id["eq"] == issue.id.as_str()
                || id["in"].as_array().is_some_and(|ids| ids.iter().any(|it| *it == issue.id.as_str()))
        };
        let since = variables["filter"]["updatedAt"]["gt"].as_str().unwrap_or_default();
        let mut found: Vec<_> =
            self.issues.iter().filter(is_meant).filter(|it| it.updated_at.as_str() > since).collect();
        found.sort_by(|a, b| b.updated_at.cmp(&a.updated_at));
        let after: usize = variables["after"].as_str().and_then(|it| it.parse().ok()).unwrap_or(0);
        let end = (after + self.page).min(found.len());
        let begin = if self.repeats { after.saturating_sub(1) } else { after };
        json!({
            "nodes": found[begin..end].iter().map(|it| node(it)).collect::<Vec<_>>(),
            "pageInfo": { "hasNextPage": end < found.len(), "endCursor": end.to_string() },
        })
    }

    fn create(&mut self, input: &Value) -> Result<Value, &'static str> {
        let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
        let id = text("id");
        if self.issues.iter().any(|it| it.id == id) {
            return Err("Entity with this id already exists");
        }
        if text("teamId") != TEAM {
            return Err("Entity not found: Team");
        }
        let issue = LinearIssue {
            id,
            identifier: format!("ACM-{}", self.issues.len() + 1),
            title: text("title"),
            description: text("description"),
            state: ("Backlog".to_owned(), "backlog".to_owned()),
            assignee: None,
            links: Vec::new(),
            updated_at: self.tick(),
        };
        let made = node(&issue);
        self.issues.push(issue);
        Ok(json!({ "success": true, "issue": made }))
    }

    fn attach(&mut self, input: &Value) -> Value {
        let url = input["url"].as_str().unwrap_or_default();
        let issue = self.issues.iter_mut().find(|it| input["issueId"] == it.id.as_str());
        if let Some(issue) = issue
            && !issue.links.iter().any(|it| it == url)
        {
            issue.links.push(url.to_owned());
        }
        json!({ "success": true })
    }
}

fn node(issue: &LinearIssue) -> Value {
    json!({
        "id": issue.id,
        "identifier": issue.identifier,
        "url": format!("https://linear.app/acme/issue/{}/", issue.identifier),
        "title": issue.title,
        "updatedAt": issue.updated_at,
        "state": { "name": issue.state.0, "type": issue.state.1 },
        "assignee": issue.assignee.as_ref().map(|name| json!({ "name": name })),
    })
}

fn viewer() -> Value {
    json!({
        "name": "Maya",
        "email": "maya@acme.example",
        "organization": { "id": "2f6a3b1e-95b5-4cdd-9a3c-3c9ad4d0a0aa", "name": "Acme" },
    })
}

fn team() -> Value {
    let states = [
        ("Backlog", "backlog"),
        ("Todo", "unstarted"),
        ("In Progress", "started"),
        ("In Review", "started"),
        ("Done", "completed"),
        ("Canceled", "canceled"),
    ];
    let state =
        |(at, (name, sort)): (usize, &(&str, &str))| json!({ "name": name, "type": sort, "position": at });
    json!({
        "id": TEAM, "key": Linear::TEAM, "name": "Acme Onboarding",
        "states": { "nodes": states.iter().enumerate().map(state).collect::<Vec<_>>() },
        "projects": { "nodes": [{ "id": "5b0c2a9e-0000-4000-8000-000000000001", "name": "Activation" }] },
    })
}

fn error(code: &str, message: &str) -> Value {
    let extensions =
        json!({ "code": code, "type": "error", "userError": true, "userPresentableMessage": message });
    json!({ "errors": [{ "message": message, "extensions": extensions }], "data": null })
}
