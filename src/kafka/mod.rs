//! Everything that names rdkafka.

pub mod settings;
