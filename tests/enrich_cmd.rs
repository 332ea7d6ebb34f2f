//! `khabar enrich` as a person or a script runs it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

#[test]
fn one_record_a_line_in_the_order_of_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = (0..3000)
        .map(|i| format!("{{\"id\":\"n{i}\",\"body\":\"{} {i}\"}}\n", "خبر طويل ".repeat(1 + (i * 37) % 90)))
        .collect();
    let file = write(folder.path(), "news.jsonl", lines.as_bytes());
    for threads in ["1", "2", "5"] {
        let out = enrich(&["-j", threads, file.to_str().unwrap()], b"");
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
        let ids: Vec<String> =
            records(&out.stdout).iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids, (0..3000).map(|i| format!("n{i}")).collect::<Vec<_>>());
        assert!(out.stderr.is_empty(), "{}", text(&out.stderr));
    }
}

#[test]
fn every_shape_of_input_is_told_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(b"{\"id\":\"z1\",\"body\":\"One.\"}\n{\"id\":\"z2\",\"body\":\"Two.\"}\n").unwrap();
    let gz = write(folder.path(), "two", &gz.finish().unwrap());
    let out = enrich(
        &[
            seeds.join("demo/ar-port.txt").to_str().unwrap(),
            seeds.join("demo/ar-schema-org.json").to_str().unwrap(),
            seeds.join("demo/en-page.html").to_str().unwrap(),
            gz.to_str().unwrap(),
        ],
        b"",
    );
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let found = records(&out.stdout);
    assert_eq!(found.len(), 5);
    assert!(found[0]["text"]["body"].as_str().unwrap().starts_with("ميناء جديد"));
    assert_eq!(found[1]["article"]["publisher"], "وكالة أخبار النخيل");
    assert!(found[2]["text"]["body"].as_str().unwrap().contains("Carys Prosser"));
    assert!(!found[2]["text"]["body"].as_str().unwrap().contains("<p>"));
    assert_eq!((found[3]["id"].as_str(), found[4]["id"].as_str()), (Some("z1"), Some("z2")));
    assert!(found.iter().all(|r| r["source"].is_null()));
}

#[test]
fn what_cannot_be_decoded_is_told_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{{\"id\":\"long\",\"body\":\"{}\"}}", "x".repeat(9 << 20));
    let lines = [
        b"{\"id\":\"a\",\"body\":\"First.\"}\n{\"id\":\"broken\n\n".as_slice(),
        long.as_bytes(),
        b"\n{\"id\":\"b\",\"body\":\"Last.\"}\n\0\0\0\0\x07\xff\xfe\n",
    ]
    .concat();
    let file = write(folder.path(), "news.jsonl", &lines);
    let dead = folder.path().join("dead.jsonl");
    let out = enrich(&[file.to_str().unwrap(), "--dead-letters", dead.to_str().unwrap()], b"");
    assert_eq!(out.status.code(), Some(3));
    let ids: Vec<_> = records(&out.stdout).iter().map(|r| r["id"].clone()).collect();
    assert_eq!(ids, ["a", "b"]);
    let stderr = text(&out.stderr);
    let told: Vec<&str> = stderr.lines().collect();
    assert_eq!(told.len(), 3, "{stderr}");
    assert!(told[0].contains("news.jsonl:2: invalid_json: "), "{stderr}");
    assert!(told[1].contains("news.jsonl:4: too_large: "), "{stderr}");
    assert!(told[2].contains("news.jsonl:6: schema_registry_framed: "), "{stderr}");
    let dead = records(&std::fs::read(dead).unwrap());
    assert_eq!(dead.len(), 3);
    assert_eq!((&dead[0]["reason"], &dead[0]["line"]), (&Value::from("invalid_json"), &Value::from(2)));
    assert_eq!(dead[0]["text"], "{\"id\":\"broken");
    assert!(dead[1]["text"].is_null() && dead[1]["base64"].is_null(), "what is too large is not kept");
    assert_eq!(dead[2]["base64"], "AAAAAAf//g==");
}

#[test]
fn a_missing_file_is_told_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.txt", "خبر".as_bytes());
    let missing = folder.path().join("missing.txt");
    let out = enrich(&[missing.to_str().unwrap(), file.to_str().unwrap()], b"");
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(records(&out.stdout).len(), 1);
    assert!(text(&out.stderr).contains("missing.txt: cannot be read"), "{}", text(&out.stderr));
}

#[test]
fn an_input_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.txt", b"Some news.");
    let name = file.to_str().unwrap();
    for option in ["--output", "--dead-letters"] {
        let out = enrich(&[name, option, name], b"");
        assert_eq!(out.status.code(), Some(1));
        assert_eq!(std::fs::read(&file).unwrap(), b"Some news.");
    }
}

#[test]
fn one_file_is_not_written_twice() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.txt", b"Some news.");
    let folder_name = folder.path().file_name().unwrap().to_str().unwrap();
    let same = folder.path().join("same");
    let detour = folder.path().join("..").join(folder_name).join("same");
    let refused = |dead: &Path| {
        let (output, dead) = (same.to_str().unwrap(), dead.to_str().unwrap());
        let out = enrich(&[file.to_str().unwrap(), "--output", output, "--dead-letters", dead], b"");
        assert_eq!(out.status.code(), Some(2), "{dead}: {}", text(&out.stderr));
        assert!(text(&out.stderr).contains("is the file of --output"), "{}", text(&out.stderr));
    };
    for dead in [&same, &detour] {
        refused(dead);
        assert!(!same.exists(), "nothing is written before the refusal");
    }
    std::fs::write(&same, "kept").unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&same, &link).unwrap();
    for dead in [&same, &detour, &link] {
        refused(dead);
        assert_eq!(std::fs::read(&same).unwrap(), b"kept");
    }
    let bare = |output: &str, dead: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
        command.current_dir(folder.path());
        command.args(["enrich", "a.txt", "--output", output, "--dead-letters", dead]);
        command.output().unwrap().status.code()
    };
    assert_eq!(bare("./new", "new"), Some(2));
    assert_eq!(bare("new", "other"), Some(0));
    assert_eq!(bare("/dev/null", "/dev/null"), Some(0), "a device keeps nothing that could be lost");
}

#[test]
fn a_json_line_that_is_no_object_is_no_article() {
    let folder = tempfile::tempdir().unwrap();
    let lines = b"{\"id\":\"a\",\"body\":\"First.\"}\n\"some news\"\n[1]\nplain words\n<p>markup</p>\n17\n";
    let file = write(folder.path(), "news.jsonl", lines);
    let unnamed = write(folder.path(), "news", lines);
    for arguments in [&[file.to_str().unwrap()][..], &[unnamed.to_str().unwrap()], &["-f", "jsonl"]] {
        let out = enrich(arguments, lines);
        assert_eq!(out.status.code(), Some(3), "{arguments:?}");
        assert_eq!(records(&out.stdout).len(), 1, "{arguments:?}: {}", text(&out.stdout));
        let stderr = text(&out.stderr);
        let told: Vec<_> = stderr.lines().map(|line| line.split(": ").nth(1).unwrap()).collect();
        let expected = ["wrong_shape", "wrong_shape", "invalid_json", "invalid_json", "wrong_shape"];
        assert_eq!(told, expected, "{stderr}");
    }
}

#[test]
fn a_compressed_file_is_held_to_the_limit_of_what_comes_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all("a b\n".repeat(400).as_bytes()).unwrap();
    let file = write(folder.path(), "news.txt.gz", &gz.finish().unwrap());
    let with = |decompressed: &str| {
        let settings = format!(
            "[decode]\nmax_record_bytes = \"1KB\"\nmax_decompressed_bytes = \"{decompressed}\"\n\
             [extraction]\ntier = \"off\"\n"
        );
        let settings = write(folder.path(), "khabar.toml", settings.as_bytes());
        enrich(&[file.to_str().unwrap(), "--config", settings.to_str().unwrap()], b"")
    };
    let large = with("2KB");
    assert_eq!(large.status.code(), Some(0), "{}", text(&large.stderr));
    assert_eq!(records(&large.stdout).len(), 1);
    let too_large = with("1KB");
    assert_eq!(too_large.status.code(), Some(3), "{}", text(&too_large.stderr));
    let told = text(&too_large.stderr);
    assert!(told.contains("decompressed_too_large: "), "{told}");
    assert!(told.contains("decode.max_decompressed_bytes"), "{told}");
}

#[test]
fn who_reads_only_the_beginning_leaves_quietly() {
    let folder = tempfile::tempdir().unwrap();
    let line = format!("{{\"id\":\"n\",\"body\":\"{}\"}}\n", "Some news. ".repeat(200));
    let file = write(folder.path(), "news.jsonl", line.repeat(2000).as_bytes());
    let mut child = start(&[file.to_str().unwrap()]);
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("{\"schema\":\"khabar.enriched/1\""));
    let status = child.wait().unwrap();
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_line_of_a_live_pipe_is_answered_at_once() {
    let mut child = start(&["-", "--input-format", "jsonl"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for i in 0..3 {
        // Would wait for ever if an answer waited for more input.
        writeln!(stdin, "{{\"id\":\"n{i}\",\"body\":\"Some news.\"}}").unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        assert!(answer.contains(&format!("\"id\":\"n{i}\"")), "{answer}");
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn pretty_is_for_people() {
    let out = enrich(&["--pretty"], "قالت سارة إن الميناء فتح.".as_bytes());
    let shown = text(&out.stdout);
    assert!(shown.contains("الميناء"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "colour goes to terminals only");
    assert!(!shown.contains("\"schema\""), "{shown}");
}

#[test]
fn a_page_holds_all_articles() {
    let input = "{\"title\":\"<script>alert(1)</script>\",\"body\":\"One.\"}\n{\"title\":\"خبر\",\"body\":\"أعلنت المدينة فتح الميناء الجديد.\"}\n";
    let out = enrich(&["--render", "html"], input.as_bytes());
    let page = text(&out.stdout);
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert_eq!(page.matches("<article id=").count(), 2);
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    assert!(page.contains("dir=\"rtl\"") && page.contains("2 articles"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let feed = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/demo/ar-seed.json");
    let one = enrich(&["-j", "1", feed.to_str().unwrap()], b"");
    let again = enrich(&["-j", "4", feed.to_str().unwrap()], b"");
    assert!(!one.stdout.is_empty());
    assert_eq!(one.stdout, again.stdout);
}

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_khabar"))
        .arg("enrich")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn enrich(arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = start(arguments);
    // A command that reads files does not read this; then writing may fail, and that is fine.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn records(lines: &[u8]) -> Vec<Value> {
    let lines = lines.split(|b| *b == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
