//! One file a command: wiring, nothing else.

pub mod service;
