//! Whole paths through the real window: the shell's program, its web view, the engine, the disk.
//!
//! Each test has a data folder, a web view driver and, where there is no display, an X server of its
//! own. Pictures of the screens lie in `target/screens`.
#![cfg(target_os = "linux")]

mod about;
mod accessible;
mod assistant;
mod axes;
mod branching;
mod browser;
mod by_keyboard;
mod deciding;
mod first_light;
mod folder;
mod history;
mod inbox;
mod integrations;
mod keys;
mod lanes_and_views;
mod narrow;
mod newcomer;
mod news;
mod notices;
mod offline;
mod own_automation;
mod own_keys;
mod review;
mod screens;
mod selecting;
mod small_things;
mod talking;
mod team;
mod the_loop;
mod tree;
mod window;
mod workspaces;
mod zooming;
