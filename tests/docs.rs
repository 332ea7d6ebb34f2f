//! Holds the documentation against the code: command lines parse, settings, metrics, reasons and exit codes
//! are those of the binary and are all there, links lead somewhere.

mod settings;
mod source;

use clap::error::ErrorKind;
use khabar::envelope::{DropReason, Reason};

use source::{own_files, read, repository, words};

/// Documents that name commands and settings.
const GUIDES: [&str; 2] = ["README.md", "docs/operations.md"];

fn documents() -> Vec<String> {
    let mut all = vec!["README.md".to_owned(), "ARCHITECTURE.md".to_owned(), "CHANGELOG.md".to_owned()];
    all.extend(["SECURITY.md", "CONTRIBUTING.md"].map(str::to_owned));
    all.extend(own_files("docs").into_iter().filter(|path| path.ends_with(".md")));
    all
}

/// Fenced code blocks as (language, text).
fn blocks(markdown: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in markdown.lines() {
        match (line.trim_start().strip_prefix("```"), open.take()) {
            (Some(language), None) => open = Some((language.to_owned(), String::new())),
            (Some(_), Some(block)) => found.push(block),
            (None, Some((language, text))) => open = Some((language, text + line + "\n")),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a code block is not closed");
    found
}

/// Text between backticks, outside of code blocks.
fn inline_code(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// The arguments of every call of khabar in a shell text: after variables, in pipelines, through cargo.
fn calls(shell: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut text = String::new();
    for line in shell.replace("\\\n", " ").lines() {
        let line = line.split_once(" #").map_or(line, |(code, _)| code);
        text = text + line + "\n";
    }
    for command in text.split(['\n', '|', ';', '&']) {
        let command = command.trim().trim_start_matches("$ ").replace("cargo run --release --", "khabar");
        let mut parts = command.split_whitespace().skip_while(|word| {
            word.split_once('=')
                .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        });
        if !parts.next().is_some_and(|program| program == "khabar" || program.ends_with("/khabar")) {
            continue;
        }
        // A redirection and its file are the shell's.
        let arguments = parts.take_while(|word| !word.starts_with(['>', '<']) && *word != "2>");
        found.push(arguments.map(|word| word.trim_matches(['"', '\'']).to_owned()).collect());
    }
    found
}

#[test]
fn command_lines_are_real_ones() {
    for path in GUIDES {
        let mut count = 0;
        let text = read(path);
        for (language, block) in blocks(&text) {
            if !matches!(language.as_str(), "sh" | "console" | "bash") {
                continue;
            }
            for call in calls(&block) {
                count += 1;
                settings::parse_command(&call)
                    .unwrap_or_else(|error| panic!("{path}: khabar {}\n{error}", call.join(" ")));
            }
        }
        for call in inline_code(&text).iter().flat_map(|code| calls(code)) {
            count += 1;
            let Err(error) = settings::parse_command(&call) else { continue };
            // In running text a command may be named without what it needs.
            let named = matches!(
                error.kind(),
                ErrorKind::MissingRequiredArgument
                    | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                    | ErrorKind::DisplayHelp
                    | ErrorKind::DisplayVersion
            );
            assert!(named, "{path}: khabar {}\n{error}", call.join(" "));
        }
        assert!(count > 3, "{path}: only {count} calls of khabar were found");
    }
}

/// Documents whose every command must be one that works here.
const INSTRUCTIONS: [&str; 3] = ["README.md", "docs/operations.md", "CONTRIBUTING.md"];

/// Programs whose commands are looked at between backticks, too; khabar's are elsewhere.
const IN_TEXT: [&str; 6] = ["cargo", "docker", "khabar-lab", "kubectl", "promtool", "systemctl"];

/// The commands of a shell text, with continued lines joined, without comments, variables before them and `$`.
fn commands(shell: &str) -> Vec<Vec<String>> {
    let joined = shell.replace("\\\n", " ");
    let code = joined.lines().map(|line| line.split_once(" #").map_or(line, |(code, _)| code));
    let is_variable = |word: &&str| {
        word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    };
    code.flat_map(|line| line.split(['|', ';', '&']))
        .map(|command| {
            let words = command.trim().trim_start_matches("$ ").split_whitespace();
            let words = words.skip_while(is_variable).take_while(|word| !word.starts_with(['>', '<']));
            words.map(|word| word.trim_matches(['"', '\'']).to_owned()).collect::<Vec<_>>()
        })
        .filter(|words| words.first().is_some_and(|word| !word.starts_with('#')))
        .collect()
}

/// What is wrong with a command; `khabar` itself is parsed elsewhere.
fn fault(words: &[String]) -> Option<String> {
    let exists = |path: &str| repository().join(path).exists();
    let missing = |path: &str| (!exists(path)).then(|| format!("{path} does not exist"));
    let after = |flag: &str| {
        let at = words.iter().position(|word| word == flag)?;
        words.get(at + 1).map(String::as_str)
    };
    match words[0].as_str() {
        "khabar" => None,
        "khabar-lab" => {
            let (first, rest) = words.get(1)?.split_at_checked(1)?;
            let variant = format!("\n    {}{rest}", first.to_uppercase());
            let known = read("crates/lab/src/main.rs").contains(&variant);
            (!known).then(|| "khabar-lab has no such command".to_owned())
        }
        "cargo" => {
            // What .ci/run does that covers it. What `cargo run` starts, tests/e2e/documents.rs runs.
            let covers = match words.get(1).map(String::as_str) {
                Some("run") => "cargo build --locked --release",
                Some("test") => "cargo test --locked --workspace",
                Some("bench" | "clippy") => "cargo clippy --locked --workspace --all-targets",
                Some("build") => "cargo build --locked --release",
                Some("fmt") => "cargo fmt --all --check",
                Some("deny") => "cargo deny --locked check",
                _ => return Some("cargo has no such command here".to_owned()),
            };
            if !read(".ci/run").contains(covers) {
                return Some(format!(".ci/run has no {covers}"));
            }
            let test = after("--test").filter(|name| {
                !exists(&format!("tests/{name}.rs")) && !exists(&format!("tests/{name}/main.rs"))
            });
            let bench = after("--bench").filter(|name| !exists(&format!("benches/{name}.rs")));
            let package =
                after("-p").filter(|name| !exists(&format!("crates/{}", name.trim_start_matches("khabar-"))));
            test.or(bench).or(package).map(|name| format!("there is no {name}"))
        }
        "bash" => missing(words.get(1)?),
        "docker" => missing(after("--file").or(after("-f"))?),
        "kubectl" if words[1] == "kustomize" => missing(words.get(2)?),
        "kubectl" if words[1] == "port-forward" => {
            let pod = words.iter().find_map(|word| word.strip_prefix("pod/"))?;
            let set = read("deploy/kubernetes/base/stateful-set.yaml");
            let known =
                pod.strip_suffix("-0").is_some_and(|name| set.contains(&format!("\n  name: {name}\n")));
            (!known).then(|| format!("there is no pod {pod}"))
        }
        "kubectl" => missing(after("-k")?),
        // What is built is there for whoever follows.
        "install" => missing(&words.get(words.len() - 2)?.replace("target/release/khabar", "src/main.rs")),
        "systemctl" if words[1] == "daemon-reload" => None,
        "systemctl" => missing(&format!("deploy/systemd/{}.service", words.last()?)),
        "promtool" => missing(words.get(3)?),
        // What a reader has.
        "cat" | "cp" if words[1].ends_with(".jsonl") || words[1] == "khabar.toml" => None,
        "cp" => missing(words.get(1)?),
        "apt-get" => {
            let installed = read(".ci/run");
            let packages = words.iter().skip(2).filter(|word| !word.starts_with('-'));
            packages
                .into_iter()
                .find(|package| !installed.contains(package.as_str()))
                .map(|package| format!(".ci/run does not install {package}"))
        }
        // Kafka's own; which flags it has is its matter.
        "kafka-acls.sh" => {
            (after("--allow-principal") != Some("User:khabar")).then(|| "for whom?".to_owned())
        }
        path if path.contains('/') => missing(path),
        other => Some(format!("{other} is not known to this test")),
    }
}

#[test]
fn every_command_is_one_that_works_here() {
    for path in INSTRUCTIONS {
        let text = read(path);
        let shell: Vec<_> = blocks(&text)
            .into_iter()
            .filter(|(l, _)| matches!(l.as_str(), "sh" | "console" | "bash"))
            .collect();
        assert!(!shell.is_empty(), "{path} shows no command");
        for code in inline_code(&text) {
            let command: Vec<_> = code.split_whitespace().map(str::to_owned).collect();
            if IN_TEXT.contains(&command[0].as_str())
                && command.len() > 1
                && let Some(why) = fault(&command)
            {
                panic!("{path}: {code}: {why}");
            }
        }
        for (_, block) in shell {
            let mut bash = std::process::Command::new("bash");
            let output = bash.arg("-n").arg("-c").arg(&block).output().expect("bash");
            assert!(output.status.success(), "{path}: {}\n{block}", String::from_utf8_lossy(&output.stderr));
            for command in commands(&block) {
                if let Some(why) = fault(&command) {
                    panic!("{path}: {}: {why}", command.join(" "));
                }
            }
        }
    }
    let wrong = |line: &str| fault(&commands(line).remove(0)).is_some();
    for line in [
        "cargo test --test nothing",
        "A=b frobnicate x",
        "khabar-lab frobnicate x",
        "bash .ci/nothing",
        "apt-get install gcobol",
        "cargo moo",
        "install -m 0644 deploy/nothing.service /etc/systemd/system/nothing.service",
        "systemctl enable --now kabar",
        "kubectl port-forward pod/kabar-0 9464:9464",
    ] {
        assert!(wrong(line), "the check can fail: {line}");
    }
    assert!(!wrong("UPDATE_GOLDEN=1 cargo test --test schema   # why"));
}

#[test]
fn calls_are_found_in_shell_text() {
    let shell = "cat x | khabar enrich - > out\n$ A_B=c khabar run \\\n  --config k.toml # why\ncargo run --release -- demo\nls khabar";
    let found: Vec<_> = calls(shell).into_iter().map(|call| call.join(" ")).collect();
    assert_eq!(found, ["enrich -", "run --config k.toml", "demo"]);
    assert!(settings::parse_command(&["enrich".to_owned(), "--prety".to_owned()]).is_err());
}

#[test]
fn settings_are_real_ones() {
    const SECTIONS: [&str; 11] = [
        "input",
        "output",
        "decode",
        "extraction",
        "pipeline",
        "exactly_once",
        "watchdog",
        "breaker",
        "admin",
        "tracing",
        "log",
    ];
    for path in documents() {
        let text = read(&path);
        for code in inline_code(&text) {
            let name = code.split([' ', '=']).next().unwrap_or_default().to_owned();
            let is_path = name.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '.'));
            let section = name.split('.').next().unwrap_or_default();
            if is_path && name.contains('.') && SECTIONS.contains(&section) && !name.ends_with(".rs") {
                assert!(settings::is_setting(&name), "{path}: `{name}` is no setting");
            }
        }
        for name in words(&text).filter(|word| word.starts_with("KHABAR_") && word.contains("__")) {
            assert!(settings::is_variable(name), "{path}: {name} is no setting");
        }
        for (_, block) in blocks(&text).into_iter().filter(|(language, _)| language == "toml") {
            settings::parse(&block, &path).unwrap_or_else(|error| panic!("{path}: {error}\n{block}"));
        }
    }
    assert!(!settings::is_setting("pipeline.lane"), "the check can fail");
    assert!(settings::parse("[pipeline]\nlane = 1", "x").is_err(), "the check can fail");
}

#[test]
fn metrics_are_real_ones() {
    let metrics = settings::metrics();
    for path in documents() {
        for name in
            words(&read(&path)).filter(|w| w.starts_with("khabar_") && !w.starts_with("khabar_enrich"))
        {
            assert!(settings::is_metric(&metrics, name) || name == "khabar_", "{path}: no metric {name}");
        }
    }
}

#[test]
fn reasons_and_exit_codes_are_all_explained() {
    let operations = read("docs/operations.md");
    let reasons = Reason::ALL.iter().map(|reason| reason.as_str());
    for reason in reasons.chain(DropReason::ALL.iter().map(|reason| reason.as_str())) {
        assert!(operations.contains(&format!("`{reason}`")), "docs/operations.md does not explain {reason}");
    }
    use khabar::cli::exit;
    for code in [exit::OK, exit::ERROR, exit::USAGE, exit::UNDECODABLE, exit::BREAKER, exit::DIFFERENT] {
        assert!(operations.contains(&format!("\n| {code} |")), "docs/operations.md lacks exit code {code}");
    }
}

#[test]
fn links_lead_somewhere() {
    for path in documents() {
        let text = read(&path);
        let folder = repository().join(&path).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            if file.contains("://") {
                continue;
            }
            assert!(file.is_empty() || folder.join(file).exists(), "{path}: {link} does not exist");
            if !anchor.is_empty() {
                let target = if file.is_empty() {
                    text.clone()
                } else {
                    std::fs::read_to_string(folder.join(file)).unwrap()
                };
                assert!(anchors(&target).contains(&anchor.to_owned()), "{path}: no heading for {link}");
            }
        }
    }
}

fn anchors(markdown: &str) -> Vec<String> {
    let headings = markdown.lines().filter(|line| line.starts_with('#'));
    let slug = |heading: &str| -> String {
        let text = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(slug).collect()
}

#[test]
fn the_list_of_decisions_is_complete() {
    let list = read("docs/adr/README.md");
    let decisions = own_files("docs/adr").into_iter().filter(|path| !path.ends_with("README.md"));
    for path in decisions {
        let name = path.rsplit('/').next().unwrap().to_owned();
        assert!(list.contains(&format!("]({name})")), "docs/adr/README.md does not list {name}");
    }
}
