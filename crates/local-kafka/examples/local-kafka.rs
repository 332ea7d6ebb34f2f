//! Runs a Kafka on loopback until its input ends or it is killed: `cargo run -p khabar-local-kafka --example local-kafka`.

use khabar_local_kafka::LocalKafka;

fn main() {
    let Some(kafka) = LocalKafka::require() else { return };
    println!("bootstrap.servers={}", kafka.bootstrap());
    println!("dir={}", kafka.dir().display());
    println!("pid={}", std::process::id());
    loop {
        // The watchdog of the broker cleans up when this process is killed, by Ctrl-C too.
        std::thread::park();
    }
}
