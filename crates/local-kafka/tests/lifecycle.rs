//! Starts a real broker, restarts it on the same ports, and leaves nothing behind, whatever way it ends.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use khabar_local_kafka::LocalKafka;

#[test]
fn starts_restarts_on_the_same_port_and_leaves_nothing() {
    let Some(mut kafka) = LocalKafka::require() else { return };
    let bootstrap = kafka.bootstrap().to_owned();
    let (dir, first) = (kafka.dir().to_owned(), kafka.pid().expect("running"));
    let id = cluster_id(&dir);

    kafka.stop().expect("stopped in order");
    assert!(TcpStream::connect(&bootstrap).is_err(), "a stopped broker listens no more");
    kafka.restart().expect("started again");
    assert_eq!(kafka.bootstrap(), bootstrap);
    assert_eq!(cluster_id(&dir), id, "the data stay");
    assert_ne!(kafka.pid().expect("running"), first);

    kafka.kill();
    kafka.restart().expect("started after a kill");
    drop(kafka);
    assert!(TcpStream::connect(&bootstrap).is_err());
    assert!(!dir.exists());
}

/// The example holds a broker and is killed without a chance to clean up.
#[test]
fn a_broker_does_not_outlive_its_process() {
    let mut holder = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "khabar-local-kafka", "--example", "local-kafka"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("cargo");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(holder.stdout.take().expect("piped")));
    let Some(first) = lines.next() else {
        let status = holder.wait().expect("the example's end");
        assert!(status.success(), "the example failed");
        // It has said itself that there is no kafka to run, on the error output that it shares with this.
        return;
    };
    let mut next = || lines.next().expect("a line").expect("readable");
    let bootstrap = first.expect("readable").split_once('=').expect("bootstrap.servers=…").1.to_owned();
    let dir = PathBuf::from(next().split_once('=').expect("dir=…").1);
    let pid = next().split_once('=').expect("pid=…").1.to_owned();
    TcpStream::connect(&bootstrap).expect("the broker listens");

    let killed = Command::new("kill").args(["-9", &pid]).status().expect("kill");
    assert!(killed.success());
    let _ = holder.wait();
    let deadline = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(&bootstrap).is_ok() || dir.exists() {
        assert!(Instant::now() < deadline, "the broker or its files outlived the process");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn cluster_id(dir: &Path) -> String {
    let text = std::fs::read_to_string(dir.join("data/meta.properties")).expect("formatted");
    text.lines().find(|line| line.starts_with("cluster.id=")).expect("an id").to_owned()
}
