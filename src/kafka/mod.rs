//! Everything that names rdkafka.

pub mod property;
pub mod settings;
