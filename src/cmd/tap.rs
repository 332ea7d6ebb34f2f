//! `khabar tap`: follows what an instance shows of its records.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::{TapArgs, TapOutput, Tapped, exit};
use crate::cmd::printed::Printed;
use crate::cmd::watched::{remote, runtime};
use crate::config::Error as Usage;
use crate::remote::{Error, Events, Remote};
use crate::tap::{Filter, Form, printed};

/// So many that do not fit are worth a word.
const MANY: u32 = 20;
/// How long to wait before an instance that went away is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Follows.
///
/// # Errors
/// When no instance answers at first, when it shows no records, or when they are not understood.
pub fn run(args: TapArgs) -> anyhow::Result<ExitCode> {
    let filter = filter(&args)?;
    let remote = remote(&args.at)?;
    let form = match args.output {
        TapOutput::Jsonl => Form::Jsonl,
        TapOutput::Pretty => Form::Pretty {
            width: usize::from(console::Term::stdout().size().1),
            color: std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        },
    };
    let only = match args.what {
        Tapped::Articles => "articles",
        Tapped::DeadLetters => "dead-letters",
    };
    let mut out = Printed::default();
    let left = args.count.unwrap_or(u64::MAX);
    runtime()?.block_on(follow(&remote, only, &filter, form, left, &mut out))?;
    out.end()?;
    Ok(ExitCode::from(exit::OK))
}

/// What the options say; those of the other kind of record would be ignored without a word.
fn filter(args: &TapArgs) -> Result<Filter, Usage> {
    let of_articles = [("--language", &args.language), ("--entity", &args.entity)];
    let (misplaced, why) = match args.what {
        Tapped::Articles => (vec![("--reason", &args.reason)], "is of dead letters: khabar tap dead-letters"),
        Tapped::DeadLetters => (of_articles.to_vec(), "is of articles: leave out dead-letters, or this"),
    };
    if let Some((option, values)) = misplaced.iter().find(|(_, values)| !values.is_empty()) {
        return Err(Usage::of_option(option, &values.join(","), why.to_owned()));
    }
    Ok(Filter {
        languages: args.language.clone(),
        entities: args.entity.clone(),
        reasons: args.reason.clone(),
    })
}

async fn follow(
    remote: &Remote,
    only: &str,
    filter: &Filter,
    form: Form,
    mut left: u64,
    out: &mut Printed,
) -> Result<(), Error> {
    let mut events = remote.events(only, None).await?;
    if std::io::stderr().is_terminal() {
        eprintln!("khabar: following {remote}; Ctrl-C ends it");
    }
    let mut last: Option<String> = None;
    let mut passed = Some(0);
    while left > 0 && !out.has_failed() {
        let event = match events.next().await {
            Ok(event) => event,
            Err(error) => {
                events = again(remote, only, last.as_deref(), &error).await?;
                continue;
            }
        };
        let text = printed(&event, filter, form)
            .map_err(|error| Error::Foreign { at: remote.to_string(), why: error.to_string() })?;
        last = event.id.or(last);
        match (text, &mut passed) {
            (Some(text), _) => {
                out.text(&text);
                left -= 1;
                passed = None;
            }
            // A filter that nothing fits would look like an instance that has nothing to show.
            (None, Some(number)) => {
                *number += 1;
                if *number == MANY {
                    eprintln!(
                        "khabar: {MANY} have passed that the filter leaves out; waiting for one that fits"
                    );
                    passed = None;
                }
            }
            (None, None) => {}
        }
    }
    Ok(())
}

/// Waits until the instance answers again.
async fn again(remote: &Remote, only: &str, last: Option<&str>, lost: &Error) -> Result<Events, Error> {
    eprintln!("khabar: {lost}; waiting for it to come back");
    loop {
        tokio::time::sleep(PAUSE).await;
        match remote.events(only, last).await {
            Ok(events) => {
                eprintln!("khabar: {remote} is back");
                return Ok(events);
            }
            Err(error) if error.may_pass() => {}
            Err(error) => return Err(error),
        }
    }
}
