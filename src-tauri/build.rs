//! Tells Tauri where the shell's permissions lie and checks that the windows' files are there.

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    println!("cargo:rerun-if-changed=dist");
    // A bare `cargo build` or `cargo clippy` has no windows yet; they are a separate WASM build.
    if !std::path::Path::new("dist/index.html").exists() {
        println!(
            "cargo:warning=dist/ is missing: `cargo xtask ui` builds the windows, `cargo xtask run` does all"
        );
        if let Err(error) = std::fs::create_dir_all("dist") {
            println!("cargo:warning=cannot make dist/: {error}");
        }
    }
    let permissions =
        tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/**/*");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(permissions);
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("cannot prepare the shell: {error:#}");
    }
}
