//! Tests without a network: each runs once more, alone, in a network namespace that has no way out, where the kernel
//! allows one.

use std::process::Command;

/// Set inside the namespace.
const INSIDE: &str = "CUSTORY_TEST_OFFLINE";

/// Carries out `everything` where there is no network but this machine's own. The calling test is the one that is run
/// there: its thread has its name.
///
/// Where the kernel allows no namespace it says loudly that nothing is proven.
pub fn without_network(everything: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        // An address of a documentation network: with any route at all this would time out instead.
        let outside = std::net::TcpStream::connect(("192.0.2.1", 443)).expect_err("there is no way out");
        assert_eq!(outside.kind(), std::io::ErrorKind::NetworkUnreachable, "{outside}");
        return everything();
    }
    let allowed = Command::new("unshare").args(["-rn", "ip", "link", "set", "lo", "up"]).output();
    if !allowed.is_ok_and(|it| it.status.success()) {
        eprintln!("LEFT OUT: this machine allows no network namespace (unshare -rn), so nothing is proven");
        return;
    }
    let thread = std::thread::current();
    let name = thread.name().expect("a test's thread has its name");
    let this = std::env::current_exe().expect("these tests");
    let script = "ip link set lo up && exec \"$0\" --exact \"$1\" --nocapture --test-threads 1";
    let done = Command::new("unshare")
        .args(["-rn", "sh", "-c", script])
        .arg(this)
        .arg(name)
        .env(INSIDE, "1")
        .output()
        .expect("unshare starts");
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}
