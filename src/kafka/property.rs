//! Asks librdkafka whether it takes a property.

use rdkafka::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaConfRes;

/// Whether librdkafka takes `value` for `name`.
///
/// # Errors
/// What is allowed, in librdkafka's words and without the value, which may be a secret.
pub fn check(name: &str, value: &str) -> Result<(), String> {
    match ClientConfig::new().set(name, value).create_native_config() {
        Ok(_) => Ok(()),
        Err(KafkaError::ClientConfig(_, description, ..)) => {
            // Everything else that it says may quote the value.
            let range = description.split_once("outside allowed range ").map(|(_, range)| range.trim());
            Err(match range {
                Some(range) => format!("must be in the range {range}"),
                None => "is no value that librdkafka takes for it".to_owned(),
            })
        }
        Err(_) => Err("is no value that librdkafka takes for it".to_owned()),
    }
}

/// Whether librdkafka knows a property of this name.
pub fn exists(name: &str) -> bool {
    // An empty value is refused for most, but only an unknown name is called unknown.
    let answer = ClientConfig::new().set(name, "").create_native_config();
    !matches!(answer, Err(KafkaError::ClientConfig(RDKafkaConfRes::RD_KAFKA_CONF_UNKNOWN, ..)))
}

/// What this build of librdkafka can do: `ssl`, `sasl_scram`, `zstd`, …
pub fn features() -> Vec<String> {
    let features =
        ClientConfig::new().create_native_config().and_then(|native| native.get("builtin.features"));
    features.unwrap_or_default().split(',').map(|feature| feature.trim().to_owned()).collect()
}
