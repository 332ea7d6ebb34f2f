//! `khabar top`: an instance's status in a terminal, until a key ends it.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::cli::{TopArgs, exit};
use crate::cmd::printed::Printed;
use crate::cmd::watched::{remote, runtime};
use crate::remote::{Error, Remote};
use crate::status::Status;
use crate::top::{View, furthest, text};

/// How often the instance is asked.
const PERIOD: Duration = Duration::from_secs(1);
/// How often keys and answers are looked at.
const LOOK: Duration = Duration::from_millis(100);
/// Columns where they are not known.
const WIDTH: u16 = 100;
/// Partitions by which a page key scrolls.
const PAGE: usize = 10;

/// Watches.
///
/// # Errors
/// When no instance answers at first, or the terminal cannot be used.
pub fn run(args: TopArgs) -> anyhow::Result<ExitCode> {
    let remote = remote(&args.at)?;
    let first = runtime()?.block_on(remote.status())?;
    let mut view = View { address: remote.to_string(), status: Some(first), ..View::default() };
    if args.once {
        let width = console::Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| columns);
        let mut out = Printed::default();
        out.text(&text(&view, width));
        out.end()?;
        return Ok(ExitCode::from(exit::OK));
    }
    if !std::io::stdout().is_terminal() {
        bail!("standard output is no terminal: use --once for plain text");
    }
    let answers = ask(remote)?;
    let mut terminal = ratatui::try_init().context("the terminal cannot be used: try --once")?;
    let watched = watch(&mut terminal, &mut view, &answers);
    ratatui::restore();
    watched.context("the terminal cannot be used: try --once")?;
    Ok(ExitCode::from(exit::OK))
}

type Answer = Result<Status, Error>;

/// Asks for the status on a thread of its own, until nobody listens.
fn ask(remote: Remote) -> anyhow::Result<mpsc::Receiver<Answer>> {
    let (tell, answers) = mpsc::sync_channel(1);
    let runtime = runtime()?;
    let ask = move || {
        runtime.block_on(async {
            let mut clock = tokio::time::interval(PERIOD);
            clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                clock.tick().await;
                if tell.send(remote.status().await).is_err() {
                    return;
                }
            }
        });
    };
    std::thread::Builder::new().name("khabar-top".to_owned()).spawn(ask).context("cannot start a thread")?;
    Ok(answers)
}

fn watch(
    terminal: &mut DefaultTerminal,
    view: &mut View,
    answers: &mpsc::Receiver<Answer>,
) -> std::io::Result<()> {
    let mut since: Option<Instant> = None;
    loop {
        while let Ok(answer) = answers.try_recv() {
            match answer {
                Ok(status) => (since, view.trouble, view.status) = (None, None, Some(status)),
                Err(error) => {
                    let began = *since.get_or_insert_with(Instant::now);
                    view.trouble = Some((error.to_string(), began.elapsed()));
                }
            }
        }
        view.scrolled = view.scrolled.min(furthest(view));
        terminal.draw(|frame| frame.render_widget(&*view, frame.area()))?;
        if event::poll(LOOK)?
            && let Event::Key(key) = event::read()?
            && key.kind != KeyEventKind::Release
            && !goes_on(key, view)
        {
            return Ok(());
        }
    }
}

/// What a key does; `false` for one that ends it.
fn goes_on(key: KeyEvent, view: &mut View) -> bool {
    let up = |by: usize| view.scrolled.saturating_sub(by);
    let down = |by: usize| (view.scrolled + by).min(furthest(view));
    view.scrolled = match key.code {
        KeyCode::Char('q') | KeyCode::Esc => return false,
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => return false,
        KeyCode::Up | KeyCode::Char('k') => up(1),
        KeyCode::Down | KeyCode::Char('j') => down(1),
        KeyCode::PageUp => up(PAGE),
        KeyCode::PageDown => down(PAGE),
        KeyCode::Home => 0,
        KeyCode::End => furthest(view),
        _ => view.scrolled,
    };
    true
}
