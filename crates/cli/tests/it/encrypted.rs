//! A relay that encrypts its connections by a certificate of its own, as the real command line meets it. The root that
//! signed the certificate is trusted as any is: by the system's own list, which is another one for these tests.

use std::path::PathBuf;

use crate::shared::{Custory, Run};
use custory_testkit::relay::TestRelay;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tempfile::TempDir;

/// The years in which certificates are made to be valid.
const NOW: (i32, i32) = (2020, 2099);

/// Years that are over.
const PAST: (i32, i32) = (2020, 2021);

/// Somebody who signs certificates, and a folder for what they sign.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a root");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("root.pem"), issuer.pem()).expect("a file");
        Self { issuer, folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a computer that trusts this authority has as its list.
    fn root(&self) -> String {
        self.file("root.pem").to_string_lossy().into_owned()
    }

    /// Signs a certificate for a name and writes it in the place of the one before.
    fn sign(&self, name: &str, (from, until): (i32, i32)) {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        for (file, text) in [("certificate.pem", certificate.pem()), ("key.pem", key.serialize_pem())] {
            let unfinished = self.file("unfinished");
            std::fs::write(&unfinished, text).expect("a file");
            std::fs::rename(unfinished, self.file(file)).expect("it takes the other's place");
        }
    }

    /// A relay with a certificate for a name.
    fn relay(&self, name: &str, years: (i32, i32)) -> TestRelay {
        self.sign(name, years);
        TestRelay::start_encrypted(&self.file("certificate.pem"), &self.file("key.pem"))
    }
}

/// Runs the command line on a computer that trusts those whose list this is.
fn run(of: &Custory, root: &str, arguments: &[&str]) -> Run {
    of.run_with(arguments, "", &[("CUSTORY_KEYS", "file"), ("SSL_CERT_FILE", root), ("SSL_CERT_DIR", "")])
}

fn address(relay: &TestRelay, host: &str) -> String {
    format!("wss://{host}:{}", relay.socket().port())
}

#[test]
fn a_team_works_through_a_relay_that_encrypts_its_connections_itself() {
    let authority = Authority::new();
    let relay = authority.relay("localhost", NOW);
    let (ana, ben) = (Custory::new(), Custory::new());
    let root = authority.root();
    let ana_does = |arguments: &[&str]| run(&ana, &root, arguments).succeeded();
    let ben_does = |arguments: &[&str]| run(&ben, &root, arguments).succeeded();
    let map = authority.file("map.mmd");
    std::fs::write(&map, "journey\n  title Onboarding\n  section Start\n    Sign up: 3: Me\n")
        .expect("a file");
    ana_does(&["import", map.to_str().expect("a path")]);
    ana_does(&["team", "create", &address(&relay, "localhost")]);
    let link = ana_does(&["team", "invite"]);
    assert!(link.contains("tls:localhost"), "a link says that this machine's relay encrypts: {link}");
    ben_does(&["team", "join", link.trim()]);
    let team: serde_json::Value =
        serde_json::from_str(&ana_does(&["team", "--json"])).expect("the output is JSON");
    ana_does(&["team", "approve", &team["requests"][0]["request"].to_string()]);
    ben_does(&["sync", "--once"]);
    assert!(ben_does(&["show", "Onboarding"]).contains("Sign up"));
    assert!(ben_does(&["sync", "--status"]).contains("Onboarding: on the relay"));
}

#[test]
fn a_wrong_certificate_is_refused_by_its_fault_and_nothing_is_sent() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let cases = [
        (authority.relay("localhost", NOW), stranger.root(), "nobody whom this computer trusts"),
        (stranger.relay("elsewhere.example", NOW), stranger.root(), "another name (elsewhere.example)"),
    ];
    let late = Authority::new();
    let expired = (late.relay("localhost", PAST), late.root(), "has run out");
    for (relay, root, says) in cases.iter().chain([&expired]) {
        let ana = Custory::new();
        let refused = run(&ana, root, &["team", "create", &address(relay, "localhost")]);
        refused.refused(1, &["cannot be reached", says]);
        assert_eq!(relay.connections(), 0);
        assert_eq!(relay.kept().workspaces, 0);
        // The same address without encryption is not tried by itself.
        assert_eq!(run(&ana, root, &["sync", "--once"]).code, Some(1));
        assert_eq!(relay.kept().workspaces, 0);
    }

    // And a relay that does not encrypt where it should.
    let (plain, ana) = (TestRelay::start(), Custory::new());
    let refused = run(&ana, &authority.root(), &["team", "create", &address(&plain, "localhost")]);
    refused.refused(1, &["does not encrypt the connection, so nothing was sent"]);
    assert_eq!(plain.kept().workspaces, 0);
}

#[test]
fn a_renewed_certificate_is_taken_up_without_a_restart_and_a_broken_one_is_not() {
    let authority = Authority::new();
    let relay = authority.relay("localhost", PAST);
    let (ana, root, place) = (Custory::new(), authority.root(), address(&relay, "localhost"));
    let create = || run(&ana, &root, &["team", "create", &place]);
    create().refused(1, &["has run out"]);
    authority.sign("localhost", NOW);
    create().succeeded();
    assert_eq!(relay.kept().workspaces, 1);

    std::fs::write(authority.file("key.pem"), "half a renewal").expect("a file");
    run(&ana, &root, &["sync", "--once"]).succeeded();
}
