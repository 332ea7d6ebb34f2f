//! Several nodes are one cluster, and the command line leaves one running for people.

use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use khabar_local_kafka::{LocalKafka, brokers, free_port};

fn port(bootstrap: &str) -> u16 {
    bootstrap.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("host:port")
}

fn wait_for(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "{what}: not in time");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn three_nodes_are_one_cluster_that_survives_one_of_them() {
    // Says in one line that it is skipped where there is no Java.
    let Some(one) = LocalKafka::require() else { return };
    drop(one);
    let mut cluster = LocalKafka::builder().heap("300m").cluster(3).expect("three nodes");
    assert_eq!(cluster.bootstrap().split(',').count(), 3);
    let ports: Vec<u16> = cluster.nodes().iter().map(|node| port(node.bootstrap())).collect();
    for port in &ports {
        wait_for("a node knows all three", || brokers(*port) == Some(3));
    }
    cluster.nodes()[0].kill();
    wait_for("the others see that one is gone", || brokers(ports[1]) == Some(2));
    cluster.nodes()[0].restart().expect("it comes back");
    wait_for("and that it is back", || brokers(ports[1]) == Some(3));
    cluster.stop().expect("all stop in order");
}

fn command(arguments: &[&str], dir: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khabar-local-kafka"));
    command.args(arguments).arg("--dir").arg(dir).output().expect("it runs")
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_person_starts_and_stops_one_and_its_data_stay() {
    let Some(one) = LocalKafka::require() else { return };
    drop(one);
    let dir = tempfile::tempdir().expect("a folder");
    let free = free_port().expect("a port");
    let start = ["start", "--port", &free.to_string()];
    assert_eq!(command(&["status"], dir.path()).status.code(), Some(3));
    let mut ids = Vec::new();
    for _ in 0..2 {
        let started = command(&start, dir.path());
        assert!(started.status.success(), "{}", printed(&started));
        assert!(printed(&started).contains(&format!("bootstrap.servers=127.0.0.1:{free}\n")));
        assert_eq!(brokers(free), Some(1));
        let again = command(&start, dir.path());
        assert!(again.status.success() && printed(&again).contains("runs already"), "{}", printed(&again));
        assert!(printed(&command(&["status"], dir.path())).contains("and answers"));
        let meta =
            std::fs::read_to_string(dir.path().join("node-1/data/meta.properties")).expect("formatted");
        ids.push(meta.lines().find(|line| line.starts_with("cluster.id")).map(str::to_owned));
        let stopped = command(&["stop"], dir.path());
        assert!(stopped.status.success(), "{}", printed(&stopped));
        assert_eq!(brokers(free), None, "a stopped broker answers");
        assert_eq!(command(&["status"], dir.path()).status.code(), Some(3));
    }
    assert!(ids[0].is_some() && ids[0] == ids[1], "the data were thrown away: {ids:?}");
}
