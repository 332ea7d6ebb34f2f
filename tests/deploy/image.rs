//! The image, without an engine: what its build makes of the settings, and its health check.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::source::{read, repository};
use crate::{instructions, settings};

/// The settings of the image itself, made as its build makes them.
#[test]
fn the_image_listens_on_all_addresses_and_shows_no_texts() {
    let made = instructions("RUN").into_iter().find(|line| line.starts_with("sed ")).expect("the settings");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    let line = made.replace("/out", &out);
    let status = Command::new("sh").args(["-c", &line]).current_dir(repository()).status().unwrap();
    assert!(status.success(), "{line}");
    let text = std::fs::read_to_string(folder.path().join("khabar.toml")).unwrap();
    let (config, base) = (settings::parse(&text, "the image").unwrap(), settings::load("config/khabar.toml"));
    assert_eq!(config.admin.unwrap().to_string(), "0.0.0.0:9464");
    assert!(!config.samples);
    assert_eq!(config.admin.unwrap().port(), base.listen.port());
    let changed =
        text.lines().zip(read("config/khabar.toml").lines()).filter(|(own, theirs)| own != theirs).count();
    assert_eq!(changed, 2, "nothing else is changed");
    for file in ["LICENSE", "NOTICE"] {
        assert!(instructions("COPY").iter().any(|line| line.contains(file)), "the image has no {file}");
    }
}

/// The health check of the image, as the engine would run it, against servers that answer and one that does not.
#[test]
fn the_health_check_tells_well_from_ill() {
    let line = instructions("HEALTHCHECK").pop().expect("a HEALTHCHECK");
    let (_, command) = line.split_once("CMD").expect("a CMD");
    let command: Vec<String> = serde_json::from_str(command.trim()).expect("CMD in its JSON form");
    let check = |port: u16| {
        let command: Vec<_> = command.iter().map(|part| part.replace("9464", &port.to_string())).collect();
        let mut check = Command::new(&command[0]);
        check.args(&command[1..]).stderr(Stdio::null()).status().unwrap().success()
    };
    let answer = |status: &'static str| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            write!(stream, "HTTP/1.0 {status}\r\ncontent-length: 0\r\n\r\n").unwrap();
            String::from_utf8(request).unwrap()
        });
        let healthy = check(port);
        let request = server.join().unwrap();
        assert!(request.starts_with("GET /healthz HTTP/1.0\r\n"), "{request}");
        (healthy, port)
    };
    assert!(answer("200 OK").0);
    let (healthy, closed_port) = answer("503 Service Unavailable");
    assert!(!healthy);
    assert!(!check(closed_port), "nobody listens");
}
