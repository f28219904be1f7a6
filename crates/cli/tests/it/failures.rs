//! How the program says no: 1 when it could not be done, 2 when it was asked wrongly, always with
//! what to do next, and never with a result on standard output.

use crate::shared::{Custory, Run, material};

#[test]
fn what_cannot_be_done_is_1_with_advice() {
    let custory = Custory::new();
    let files = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = files.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let text = file("notes.md", "# Notes\n");
    let other = file("other.json", "{\"name\": \"x\"}");
    let cut = file("cut.json", "{\"custory\": 1, \"journey\": {");
    let missing = files.path().join("nowhere").to_string_lossy().into_owned();
    let empty = files.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    let empty = empty.to_string_lossy().into_owned();
    let cases: [(&[&str], &[&str]); 11] = [
        (&["draft", &missing], &["Cannot read", "nowhere", "No such file", "https://"]),
        (&["draft", "example.com"], &["For a website write https://example.com"]),
        (&["draft", &empty], &["Nothing in it could be read"]),
        (&["draft", "http://localhost:8080/"], &["localhost", "private network", "--allow-private"]),
        (&["draft", "http://192.168.0.1/"], &["192.168.0.1", "--allow-private"]),
        (&["draft", "http://169.254.169.254/latest", "--allow-private"], &["169.254.169.254"]),
        (&["import", &missing], &["Cannot read", "nowhere"]),
        (&["import", &text], &["notes.md", "no journey in this file", "custory import --help"]),
        (&["import", &other], &["other.json", "not an exported journey", "custory import --help"]),
        (&["import", &cut], &["cut.json", "Line 1"]),
        (&["show", "Nothing"], &["No journey is called “Nothing”", "custory list --all"]),
    ];
    for (arguments, says) in cases {
        custory.run(arguments).refused(1, says);
    }
    let nothing = custory.run_on(&["draft", "-", "--accept"], "The sea is wide.\n\nThe boat is small.\n");
    nothing.refused(1, &["nothing to accept"]);
    assert_eq!(custory.json(&["list", "--json"]), serde_json::json!([]));
}

#[test]
fn wrong_usage_is_2_and_touches_nothing() {
    let custory = Custory::new();
    let cases: [&[&str]; 6] = [
        &["frobnicate"],
        &["draft"],
        &["draft", "x", "--json", "--markdown"],
        &["draft", "x", "--accept", "--review"],
        &["export", "x", "--format", "docx"],
        &["show"],
    ];
    for arguments in cases {
        custory.run(arguments).refused(2, &["--help"]);
    }
    assert!(!custory.database().exists());
}

#[test]
fn help_and_version_are_results() {
    let custory = Custory::new();
    let help = custory.out(&["--help"]);
    for verb in ["draft", "list", "show", "export", "import", "rescue"] {
        assert!(help.contains(&format!("\n  {verb} ")), "{verb} in {help}");
        assert!(custory.out(&[verb, "--help"]).contains("Usage: custory"), "{verb}");
    }
    assert_eq!(custory.out(&["--version"]), format!("custory {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_damaged_database_says_so_and_a_rescue_brings_the_journey_back() {
    let custory = Custory::new();
    let folder = material("repository");
    let folder = folder.to_str().expect("a path");
    custory.out(&["draft", folder, "--accept", "--title", "Kept"]);
    let before = custory.out(&["show", "Kept"]);
    let mut bytes = std::fs::read(custory.database()).expect("the database");
    bytes[..200].fill(0xa5); // The beginning, without which SQLite knows nothing of the file.
    std::fs::write(custory.database(), &bytes).expect("the database");

    let verbs: [&[&str]; 3] = [&["list"], &["show", "Kept"], &["draft", folder, "--accept"]];
    for verb in verbs {
        custory.run(verb).refused(1, &["custory.db", "damaged", "custory rescue"]);
    }
    assert_eq!(std::fs::read(custory.database()).expect("the database"), bytes, "left as it was");

    let Run { code, out, err } = custory.run(&["rescue"]);
    assert_eq!(code, Some(0), "{err}");
    let kept = out.trim().rsplit(' ').next().expect("a path").trim_end_matches('.');
    assert_eq!(std::fs::read(kept).expect("the damaged file"), bytes, "{out}");
    assert_eq!(custory.out(&["show", "Kept"]), before);
}
