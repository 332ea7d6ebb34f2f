//! `khabar replay`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::positive;

const EXAMPLES: &str = "\
Examples:
  khabar replay --config khabar.toml --name kb-2026-11 --dry-run      what would be read, and for how long
  khabar replay --config khabar.toml --name kb-2026-11                everything that is in the input topics
  khabar replay --config khabar.toml --name last-month --from 30d --to 2026-11-20 --rate 500
  khabar replay --config khabar.toml --name two --partition 0:1000..2000 --partition 3
  khabar replay --config khabar.toml --name mended --dead-letters     what a mend would let through
  khabar diff news.enriched news.enriched.replay.kb-2026-11 --config khabar.toml

It writes to topics of its own, OUTPUT.replay.NAME and DEAD-LETTERS.replay.NAME (with --dead-letters .redrive. in the
place of .replay.), which are made when they do not exist, unless told otherwise, and never joins the live group or
commits to it. The ends are fixed when it begins. The same command goes on where an interrupted run stopped; only the
build must be the same. Bounds are \"earliest\", \"latest\", an offset, a time with its zone, a date, or a time ago.

Exit codes: 0 when everything was read and the counts reconcile, 6 when it was stopped before its end.";

/// `khabar replay`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReplayArgs {
    /// Settings; config/khabar.toml documents every one of them
    #[arg(short, long, value_name = "FILE")]
    pub config: PathBuf,
    /// Name of the replay: how far it is, is kept under it
    #[arg(short, long, value_name = "NAME")]
    pub name: String,
    /// Where to begin [default: earliest]
    #[arg(long, value_name = "BOUND")]
    pub from: Option<String>,
    /// Where to end [default: latest]
    #[arg(long, value_name = "BOUND")]
    pub to: Option<String>,
    /// Only this partition: N, TOPIC/N, or either with :FROM..TO; may be repeated
    #[arg(long, value_name = "PARTITION")]
    pub partition: Vec<String>,
    /// Only this one of the input topics; may be repeated
    #[arg(long, value_name = "TOPIC", conflicts_with = "dead_letters")]
    pub topic: Vec<String>,
    /// Read the dead letters instead of the input topics; to bring them back for good use `khabar dlq redrive`
    #[arg(long)]
    pub dead_letters: bool,
    /// Topic to write enriched records to [default: OUTPUT.replay.NAME]
    #[arg(short, long, value_name = "TOPIC")]
    pub output: Option<String>,
    /// Topic to write dead letters to [default: DEAD-LETTERS.replay.NAME]
    #[arg(long, value_name = "TOPIC")]
    pub dead_letter_topic: Option<String>,
    /// Most records a second [default: as fast as it goes]
    #[arg(short, long, value_name = "N", value_parser = positive)]
    pub rate: Option<f64>,
    /// Say what would be read and how long it would take; write and commit nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Where to serve metrics and health [default: nowhere]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
}
