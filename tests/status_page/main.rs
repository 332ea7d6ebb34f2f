//! The status page in a real browser, and `khabar top` and `khabar tap` against a running instance.
//!
//! Pictures of the page are left in the build's `tmp` folder (`status-*.png`), for people to look at.

mod axe;
mod browser;
mod commands;
mod demo;
mod page;
mod served;
#[path = "../common/skip.rs"]
mod skip;
