//! Kafka's command-line tools. Maven has their classes and not their scripts, which are in Kafka's archive alone.

use crate::{Error, jars, tools};

/// A shell script that does what one of Kafka's own does, `kafka-acls.sh` for the class `org.apache.kafka.tools.AclCommand`
/// say. Write it into a folder of the PATH, under the name that it has there.
///
/// # Errors
/// When Java is missing, or the jars are and cannot be fetched.
pub fn script(class: &str) -> Result<String, Error> {
    let (java, broker, own) = (tools::java()?, jars::fetched()?, jars::fetched_tools()?);
    // The JVM reads the stars, so the shell must not.
    let path = format!("{}/*:{}/*", own.display(), broker.display());
    Ok(format!(
        "#!/bin/sh\nexec {} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp {} {class} \"$@\"\n",
        quoted(&java.display().to_string()),
        quoted(&path)
    ))
}

/// One word for a shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(quoted("/a b/*"), "'/a b/*'");
        assert_eq!(quoted("/it's"), r"'/it'\''s'");
    }
}
