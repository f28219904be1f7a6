//! The desktop shell: a window over the engine, and whatever needs one.
//!
//! It holds no product rule. Windows can call the commands of `commands` and nothing else
//! (`src-tauri/permissions`), and they reach no network of their own (the content security policy
//! in `tauri.conf.json`).

mod arguments;
mod background;
mod comeback;
mod commands;
mod links;
mod notices;
mod window;

use std::path::Path;
use std::process::ExitCode;

use custory_engine::{Options, Workspaces, default_data_dir, shown_workspace};
use tauri::Manager;

use arguments::Arguments;

/// Runs the shell until its window is closed. `context` is the program's own: its configuration, and the
/// interface that it carries.
pub fn run(context: tauri::Context) -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => return ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(custory_engine::log_filter())
        .with_writer(std::io::stderr)
        .init();
    match open(arguments, context) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            window::tell_fault(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn open(arguments: Arguments, context: tauri::Context) -> anyhow::Result<()> {
    let data_dir = arguments.data_dir.or_else(default_data_dir).ok_or_else(|| {
        anyhow::anyhow!("This system names no folder for data. Choose one with --data-dir.")
    })?;
    let Some(workspaces) = start(&data_dir)? else { return Ok(()) };
    let mut builder = tauri::Builder::default();
    // One window per data folder: a second start of the same folder brings the first to the front.
    // Another folder is another workspace and gets a window of its own.
    if arguments.is_default_folder {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| window::focus(app)));
        // A hidden window of another folder would be one that nothing leads back to.
        builder = builder.on_window_event(background::on_window_event);
    }
    let app = builder
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .setup(move |app| {
            app.manage(workspaces);
            links::hear(app, arguments.is_default_folder);
            window::open(app.handle())?;
            notices::tell(app.handle());
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![
            commands::request,
            commands::subscribe,
            commands::pick_folder,
            commands::pick_files,
            commands::save_file,
            commands::open_external,
            commands::next_link,
            commands::scale,
        ])
        .build(context)?;
    app.run(|_, _| {});
    Ok(())
}

/// Starts this program anew in a process of its own. Once a dialog has been shown by itself, its thread
/// owns the toolkit on Linux, and no window could be opened in this one.
fn start_again() -> std::io::Result<()> {
    let program = std::env::current_exe()?;
    std::process::Command::new(program).args(std::env::args_os().skip(1)).spawn()?;
    Ok(())
}

/// Starts with the workspace that was shown last. A damaged database is rescued if the person wants it; never without asking.
fn start(data_dir: &Path) -> anyhow::Result<Option<Workspaces>> {
    match Workspaces::start(data_dir.to_owned(), Options::system) {
        Ok(workspaces) => Ok(Some(workspaces)),
        Err(error) if error.is_damage() => {
            if !window::offer_rescue(&error.to_string()) {
                return Ok(None);
            }
            let rescued = custory_engine::rescue(&shown_workspace(data_dir))?;
            tracing::warn!("rescued {rescued}");
            start_again()?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
