//! Steps that nearly every product has, and by which words material tells of them.
//!
//! A table. An anchor never makes a step by itself; it gathers what says the same in different
//! words, and knows the stage and the place in it.

use std::collections::BTreeSet;

use super::stage::StageKind;
use crate::genre::Genre;
use crate::words::Phrase;

/// A step that many products have.
#[derive(Debug)]
pub(super) struct Anchor {
    pub key: &'static str,
    pub stage: StageKind,
    /// Place among the steps of its stage.
    pub rank: u8,
    /// Title, where the material only has a path or an event. `%` is the product.
    pub title: &'static str,
    /// Ways to say it: verb, then lemmas that must be among the objects. `*` at the end allows any
    /// more objects, else one more is allowed; `!x` forbids an object; `.` at the end allows none.
    said: &'static str,
    /// Names of screens and events that stand for it: all words must be there.
    named: &'static str,
}

const fn anchor(
    key: &'static str,
    stage: StageKind,
    rank: u8,
    title: &'static str,
    said: &'static str,
    named: &'static str,
) -> Anchor {
    Anchor { key, stage, rank, title, said, named }
}

use StageKind::{Compare, Discover, Help, Leave, Pay, SetUp, Share, Start};

pub(super) static ANCHORS: &[Anchor] = &[
    anchor(
        "tour",
        Discover,
        20,
        "Watch the demo",
        "watch demo, watch video, watch tour, see demo, try demo, view demo, take tour, see action, explore demo, open demo, check_out demo, see live demo",
        "demo .",
    ),
    anchor(
        "stories",
        Discover,
        30,
        "Read customer stories",
        "read story, see customer, read review, read testimonial, read case study",
        "customer story, case study",
    ),
    anchor(
        "plans",
        Compare,
        10,
        "Compare plans",
        "compare plan *, choose plan *, pick plan *, see plan, view plan, check plan, select plan, find plan, explore plan, review plan",
        "plan ., subscription plan",
    ),
    anchor(
        "alternatives",
        Compare,
        20,
        "Compare with alternatives",
        "compare alternative, compare tool, compare to, compare with",
        "alternative, comparison, compare .",
    ),
    anchor(
        "sales",
        Compare,
        30,
        "Talk to sales",
        "contact sale, talk sale, book demo, request demo, schedule demo, book call, schedule call, get demo, talk team, contact enterprise, request quote",
        "book demo, request demo, contact sale",
    ),
    anchor(
        "download",
        Start,
        8,
        "Download %",
        "download ., download cli, download desktop, download client, download extension, download latest version, download binary, get extension, get desktop",
        "download .",
    ),
    anchor(
        "install",
        Start,
        10,
        "Install %",
        "install ., install cli, install client, install extension, install package, install binary, install desktop, install latest version, install dependency !dev, install docker, install homebrew, install window, install linux, install mac, install cargo, install npm, install pip, install macos, install library, install tool",
        "install .",
    ),
    anchor(
        "host",
        Start,
        15,
        "Self-host %",
        "self-host ., self-host docker, self-host server, self-host instance, deploy ., deploy docker *, deploy kubernete *, deploy vercel, deploy railway, deploy heroku, deploy render, deploy cloud, deploy production, deploy server, deploy instance, host ., host instance, host server, run docker, run server",
        "self-host, deploy .",
    ),
    anchor(
        "sign_up",
        Start,
        20,
        "Sign up",
        "sign_up *, register ., register account, register email, create account *, open account, get_started *, get access, start free, start ., start today, start now, try ., try today, try free, join ., start building, claim account, onboard .",
        "sign_up, register, create account, register user, account create, registration",
    ),
    anchor(
        "trial",
        Start,
        22,
        "Start a free trial",
        "start trial *, try day, begin trial, get trial, start day",
        "trial start, start trial, trial start",
    ),
    anchor(
        "join",
        Start,
        26,
        "Accept the invitation",
        "accept invite *, join teammate, join organization, join workspace, join team",
        "accept invite, invite accept, join .",
    ),
    anchor(
        "verify",
        Start,
        30,
        "Confirm your email",
        "verify email *, confirm email *, verify account, confirm account, activate account, confirm registration, verify address, check email *",
        "verify email, confirm email, email verify, email confirm, verify .",
    ),
    anchor(
        "log_in",
        Start,
        40,
        "Log in",
        "log_in *, sign_in *, authenticate .",
        "log_in, sign_in, user log_in",
    ),
    anchor(
        "password",
        Start,
        50,
        "Reset your password",
        "reset password *, recover password, recover account, change password ., forgot password",
        "reset password, forgot password, password reset",
    ),
    anchor(
        "onboard",
        SetUp,
        5,
        "Complete onboarding",
        "complete onboarding, complete profile *, set_up profile, complete set_up, fill_in profile, finish onboarding, set_up account, create profile, complete registration",
        "onboarding, profile complete, welcome ., get_started .",
    ),
    anchor(
        "workspace",
        SetUp,
        10,
        "Create a workspace",
        "create workspace, create organization, set_up workspace, set_up organization, create team, set_up team, name workspace, name team",
        "workspace create, organization create, team create, create team, create workspace, create organization, workspace ., organization .",
    ),
    anchor(
        "invite",
        SetUp,
        60,
        "Invite your team",
        "invite *, add teammate *, add team, invite team, create invite, send invite *, manage teammate, manage team, add member",
        "invite, invite send, teammate invite, teammate, invite teammate, setting teammate, team member",
    ),
    anchor(
        "roles",
        SetUp,
        65,
        "Set roles and permissions",
        "manage role *, assign role *, manage permission *, set permission *, set role *, change role *, control access, manage access",
        "role, permission",
    ),
    anchor(
        "secure",
        SetUp,
        70,
        "Secure your account",
        "enable two-factor *, set_up two-factor *, secure account *, secure_with two-factor, set_up sso *, enable sso *, configure sso *, protect account, turn_on two-factor *, add passkey, enable passkey",
        "two-factor, security .",
    ),
    anchor(
        "upgrade",
        Pay,
        10,
        "Upgrade your plan",
        "upgrade . , upgrade plan *, upgrade account, upgrade subscription *, upgrade pro *, upgrade paid *, upgrade pay *, upgrade trial *, unlock feature, get premium, upgrade now, upgrade today, upgrade workspace, upgrade organization, upgrade team",
        "upgrade, upgrade plan, upgrade subscription",
    ),
    anchor(
        "buy",
        Pay,
        20,
        "Buy a plan",
        "subscribe plan *, subscribe ., buy *, purchase *, check_out ., pay plan, start subscription, subscribe_to plan, pay subscription, pay ., complete check_out, get license, choose subscription, set_up subscription",
        "check_out, subscription start, subscription create, purchase, payment succeed, purchase complete, subscribe",
    ),
    anchor(
        "payment",
        Pay,
        30,
        "Add a payment method",
        "add payment *, update payment *, change payment *, enter payment *, add billing *, update billing *, change billing *, edit billing *, add credit card *, update credit card *, update card, change card, add card, enter card *",
        "payment method, payment .",
    ),
    anchor(
        "plan_change",
        Pay,
        35,
        "Change your plan",
        "change plan *, change subscription *, switch plan *, manage plan, modify plan, adjust plan",
        "change plan, plan change .",
    ),
    anchor(
        "billing",
        Pay,
        40,
        "Manage billing",
        "manage billing *, manage subscription *, view billing, see billing, review billing, manage payment *, open billing",
        "billing, subscription ., setting billing",
    ),
    anchor(
        "invoices",
        Pay,
        50,
        "Download invoices",
        "download invoice *, view invoice *, see invoice *, get invoice *, find invoice *, send invoice *, download receipt, access invoice",
        "invoice",
    ),
    anchor(
        "troubleshoot",
        Help,
        10,
        "Troubleshoot problems",
        "troubleshoot *, fix problem, fix issue *, solve problem, fix common *, solve common *, resolve issue, diagnose *, resolve problem, resolve common *",
        "troubleshoot, troubleshooting, known issue",
    ),
    anchor(
        "contact",
        Help,
        30,
        "Contact support",
        "contact support *, contact ., contact help, contact team, contact us *, get_help *, reach_out *, ask question *, ask help, get support, ask support, get help, ask community, chat support, chat ., email support, open ticket, raise ticket, submit ticket, submit request",
        "support ., contact ., help ., contact support",
    ),
    anchor(
        "report",
        Help,
        40,
        "Report a bug",
        "report bug *, report issue *, report problem *, open issue, submit bug *, raise issue, submit issue, file issue, create issue, report security *, search issue",
        "report bug",
    ),
    anchor(
        "feedback",
        Help,
        50,
        "Send feedback",
        "send feedback *, share feedback *, give feedback *, submit feedback *, request feature *, suggest feature *, submit feature *, leave feedback, vote feature",
        "feedback",
    ),
    anchor(
        "community",
        Share,
        20,
        "Join the community",
        "join community *, join discord *, join slack *, join forum *, join discussion *, follow us, follow twitter *, join us *, join our",
        "community .",
    ),
    anchor(
        "refer",
        Share,
        30,
        "Recommend %",
        "refer *, recommend *, invite friend *, promote ., become affiliate, join affiliate *, spread word",
        "referral, refer, affiliate",
    ),
    anchor(
        "review",
        Share,
        40,
        "Write a review",
        "leave review *, write review *, rate *, star *, sponsor *, become sponsor, donate *",
        "sponsor, donate",
    ),
    anchor("downgrade", Leave, 10, "Downgrade your plan", "downgrade *", "downgrade, downgrade plan"),
    anchor(
        "cancel",
        Leave,
        20,
        "Cancel your subscription",
        "cancel subscription *, cancel plan *, cancel account *, cancel trial *, cancel ., end subscription, pause subscription *, stop subscription, cancel membership",
        "cancel subscription, subscription cancel, cancel plan",
    ),
    anchor(
        "delete_account",
        Leave,
        30,
        "Delete your account",
        "delete account *, close account *, delete organization *, delete workspace *, delete profile, leave organization, leave team, leave workspace, deactivate account, delete team",
        "delete account, account delete",
    ),
    anchor("uninstall", Leave, 40, "Uninstall %", "uninstall *", "uninstall"),
];

/// Words that make it something else: what is said of versions, of others' accounts, of code.
const FORBIDDEN: &[&str] = &[
    "version",
    "release",
    "conversion",
    "goal",
    "form",
    "api",
    "test",
    "event",
    "endpoint",
    "webhook",
    "sdk",
    "via",
    "server",
    "database",
    "node",
    "component",
    "instance",
    "migration",
    "major",
];

/// The anchor that a phrase speaks of.
pub(super) fn of_phrase(phrase: &Phrase, genre: Genre) -> Option<&'static Anchor> {
    let sells = matches!(
        genre,
        Genre::Pricing
            | Genre::Billing
            | Genre::Home
            | Genre::Signup
            | Genre::Faq
            | Genre::Email
            | Genre::Program
    );
    if matches!(phrase.verb, "upgrade" | "downgrade") && phrase.objects.is_empty() && !sells {
        return None; // Of the software, not of the plan.
    }
    ANCHORS.iter().find(|anchor| anchor.said.split(", ").any(|said| says(phrase, said, anchor)))
}

fn says(phrase: &Phrase, said: &str, anchor: &Anchor) -> bool {
    let key = anchor.key;
    let mut words = said.split_whitespace();
    let Some(verb) = words.next() else { return false };
    if phrase.verb != verb && phrase.class() != verb {
        return false;
    }
    let (mut wanted, mut more) = (0, 1);
    for word in words {
        match word {
            "*" => more = usize::MAX - 8,
            "." => more = 0,
            word if word.starts_with('!') && phrase.objects.contains(&word[1..]) => return false,
            word if word.starts_with('!') => {}
            word if phrase.objects.contains(word) => wanted += 1,
            _ => return false,
        }
    }
    let is_deployment = matches!(key, "install" | "host" | "download");
    // "Add team members" is not done to a team: the last word of the object says to what.
    let is_about =
        |head: &String| anchor.said.split(", ").any(|it| it.split(' ').skip(1).any(|it| it == head));
    let is_beside = more == 1 && wanted > 0 && phrase.head.as_ref().is_some_and(|it| !is_about(it));
    // "Install Acme on a server": nothing but the product is installed.
    let is_product_alone = is_deployment && more == 0 && phrase.head.is_none();
    let is_entry = matches!(anchor.stage, Start | Pay | Leave);
    let is_entry = is_entry || key == "workspace";
    let is_foreign = is_entry && phrase.is_foreign && !is_deployment
        || !is_deployment
            && phrase.objects.iter().any(|it| {
                FORBIDDEN.contains(&it.as_str())
                    || it.chars().any(|it| it.is_ascii_digit()) && key == "upgrade"
            });
    !is_foreign && !is_beside && (is_product_alone || phrase.objects.len() <= wanted + more)
}

/// The anchor that the name of a screen or an event speaks of.
pub(super) fn of_name(words: &BTreeSet<String>) -> Option<&'static Anchor> {
    let is_foreign = words.iter().any(|it| matches!(it.as_str(), "admin" | "form" | "template" | "embed"));
    let speaks = |named: &str| {
        let wanted: BTreeSet<&str> = named.split(' ').filter(|it| *it != ".").collect();
        let all = wanted.iter().all(|it| words.contains(*it));
        all && words.len() <= wanted.len() + usize::from(!named.ends_with(" ."))
    };
    if is_foreign {
        return None;
    }
    ANCHORS.iter().find(|it| it.named.split(", ").any(speaks))
}
