//! The verbs that a product's customer does something with, and what each leans towards.
//!
//! A verb that is missing here is not taken for a verb: a wrong title is worse than a missing one.

use super::verb::Leaning;

/// Verbs by leaning, base form, space separated. Phrasal verbs are joined by `_`.
pub(super) const VERBS: &[(Leaning, &str)] = &[
    (
        Leaning::Look,
        "browse compare discover evaluate explore learn look_at see view watch tour preview read \
         review inspect check check_out find find_out search search_for look_up understand meet",
    ),
    (
        Leaning::Join,
        "sign_up register join subscribe enroll onboard install download deploy self-host host \
         try get start get_started get_access request book schedule accept log_in sign_in \
         authenticate verify activate claim",
    ),
    (
        Leaning::SetUp,
        "set_up configure connect integrate link add create invite import upload enable turn_on \
         choose pick define assign register grant customize personalize customise personalise \
         prepare initialize initialise authorize authorise allow map point move migrate migrate_to \
         switch_to switch replace bring seed embed place include require name rename set \
         specify adjust change edit modify update disable turn_off hide show secure protect \
         complete fill_in fill_out finish bind attach mount provision whitelist save generate issue rotate",
    ),
    (
        Leaning::Try,
        "run launch publish send test ship submit collect receive preview make build \
         write draw record post play execute compose draft place order present go_live sign",
    ),
    (
        Leaning::Use,
        "use track monitor measure analyze analyse filter sort group segment organize organise \
         manage schedule automate trigger edit copy duplicate archive restore move merge split tag label \
         comment mention notify respond reply answer review approve reject assign plan prioritize \
         prioritise export print download sync query fetch scan detect ignore exclude block \
         annotate translate convert transform format highlight replay debug log capture \
         save bookmark pin follow unfollow report audit redact redirect resend remind route \
         process handle work_with customize extend mark count combine override pass attach \
         render calculate schedule reschedule transfer drag track_down switch page list display \
         control limit reuse match toggle resolve close collaborate edit navigate apply style \
         duplicate promote freeze lock unlock reorder rearrange insert store serve validate cache \
         encrypt crop resize stream mirror backup back_up keep compile profile benchmark \
         visualize visualise chart explain alert subscribe_to watch hand_off hand_over delegate \
         cut trim match_against pipe colorize paginate integrate_with fork clone star bypass \
         exclude proxy stop ask tell catch avoid_losing improve optimize optimise speed_up",
    ),
    (
        Leaning::Pay,
        "pay buy purchase upgrade renew check_out order redeem top_up bill invoice",
    ),
    (
        Leaning::Help,
        "contact troubleshoot fix solve resolve debug recover reset ask get_help report diagnose \
         unblock reach_out chat restore repair raise escalate",
    ),
    (
        Leaning::Share,
        "share refer recommend invite publish donate sponsor contribute embed spread \
         feature join_us rate",
    ),
    (
        Leaning::Leave,
        "cancel delete downgrade unsubscribe close leave remove uninstall deactivate opt_out \
         log_out sign_out unlink disconnect offboard revoke pause terminate",
    ),
    (
        Leaning::Touch,
        "open click press tap select go go_to navigate navigate_to scroll type enter paste hover drag_and_drop \
         ensure make_sure wait visit head head_over hit expand collapse swipe scroll_down note \
         keep_in_mind remember consider repeat return go_back continue proceed confirm dismiss \
         cd sudo locate",
    ),
];

/// Words that are a verb and a noun alike; as a verb they need something that is clearly an object.
pub(super) const AMBIGUOUS: &[&str] = &[
    "report", "access", "export", "import", "filter", "search", "support", "release", "host", "plan", "test",
    "sort", "design", "tag", "comment", "contact", "update", "upgrade", "download", "share", "link", "view",
    "watch", "request", "order", "record", "change", "format", "query", "schedule", "review", "label", "group",
    "segment", "block", "process", "limit", "control", "handle", "route", "log", "list", "page", "profile",
    "stream", "store", "cache", "match", "stop", "start", "answer", "draft", "sign", "mark", "cut", "pipe",
    "point", "map", "name", "place", "set", "show", "pick", "issue", "post", "play", "run", "launch", "ship",
    "display", "style", "chart", "alert", "feature", "rate", "reset", "fix", "cancel", "close", "leave", "lock",
    "bill", "invoice", "purchase", "pause", "return", "note", "hit", "type", "copy", "archive", "audit",
    "count", "track", "trigger", "print", "present", "backup", "benchmark", "tour", "preview", "read", "find",
    "try", "move", "switch", "seed", "transfer", "work_with", "reply", "bookmark", "pin", "sponsor", "star",
    "fork", "clone", "proxy", "mirror", "highlight", "override", "scan", "save", "build", "check", "open",
    "follow", "mention", "redirect", "remind", "profile", "measure", "debug", "mount", "head", "use", "claim",
    "sync", "chat", "book", "register", "monitor", "edit", "capture", "deploy", "serve", "promote", "raise",
];

/// Of those, the ones that are a noun far more often: nothing but a word like "a" or "your" makes
/// them a verb.
pub(super) const MOSTLY_NOUNS: &[&str] = &[
    "feature", "test", "page", "list", "log", "type", "rate", "style", "label", "group", "tag", "profile", "support",
    "process", "plan", "issue", "point", "record", "report", "draft", "order", "set", "match", "store", "route", "proxy",
    "cache", "mount", "post", "play", "map", "mark", "note", "name", "place", "chart", "alert", "display", "head", "bill",
    "invoice", "purchase", "star", "fork", "mirror", "benchmark", "audit", "request", "query", "format", "limit", "control",
    "access", "design", "host", "block", "segment", "backup", "tour", "comment", "link", "sign", "claim", "capture", "release",
    "update", "answer", "return", "book", "sponsor", "change", "start", "stop", "pipe", "stream", "count", "trigger",
];

/// Forms that `verb` cannot derive by rule: (form, base).
pub(super) const IRREGULAR: &[(&str, &str)] = &[
    ("sent", "send"), ("built", "build"), ("made", "make"), ("ran", "run"), ("began", "begin"),
    ("bought", "buy"), ("paid", "pay"), ("chosen", "choose"), ("chose", "choose"), ("seen", "see"),
    ("saw", "see"), ("written", "write"), ("wrote", "write"), ("left", "leave"), ("found", "find"),
    ("gave", "give"), ("got", "get"), ("read", "read"), ("set", "set"), ("shown", "show"),
    ("hidden", "hide"), ("kept", "keep"), ("drawn", "draw"), ("opting", "opt"), ("set-up", "set_up"),
    ("signing", "sign"), ("signed", "sign"), ("getting", "get"), ("setting", "set"), ("running", "run"),
    ("logging", "log"), ("logged", "log"), ("planning", "plan"), ("tagging", "tag"), ("tagged", "tag"),
    ("submitting", "submit"), ("submitted", "submit"), ("transferring", "transfer"), ("using", "use"),
    ("used", "use"), ("cancelling", "cancel"), ("cancelled", "cancel"), ("canceled", "cancel"),
    ("canceling", "cancel"), ("labelling", "label"), ("labelled", "label"), ("getting_started", "get_started"),
    ("met", "meet"), ("brought", "bring"), ("split", "split"), ("bound", "bind"), ("told", "tell"),
];

/// Nouns that look like a gerund and name a subject, not something to do.
pub(super) const NOT_GERUNDS: &[&str] = &[
    "billing", "pricing", "onboarding", "troubleshooting", "settings", "messaging", "marketing", "training",
    "routing", "testing", "caching", "hosting", "styling", "branding", "logging", "scheduling", "reporting",
    "debugging", "building", "licensing", "meaning", "warning", "setting", "processing", "rendering", "networking",
    "engineering", "meeting", "recording", "planning", "thing", "something", "everything", "anything", "string",
    "spring", "morning", "ongoing", "missing", "existing", "following", "understanding", "limiting", "listing",
];
