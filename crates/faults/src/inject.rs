//! Does what the schedule says, one fault after the other, and notes what each of them may cause.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::check::Removed;
use crate::cluster::{Cluster, INPUT, OUTPUT, Observer};
use crate::error::Error;
use crate::feed::Progress;
use crate::fleet::Fleet;
use crate::journal::{Journal, now_ms};
use crate::proxy::Link;
use crate::random::Random;
use crate::schedule::{Kind, Planned};

/// A frozen instance may lose its session from here on: the session's six seconds, less a heartbeat and more.
const MAY_LOSE_SESSION: Duration = Duration::from_secs(4);
const YEAR_MS: i64 = 365 * 24 * 3600 * 1000;
const PATIENCE: Duration = Duration::from_secs(5);
/// How many messages the tiny producer queue holds.
const TINY_QUEUE: u32 = 50;

/// A fault that was, and from when its recovery counts.
#[derive(Debug, Clone)]
pub struct Done {
    /// What it was.
    pub kind: Kind,
    /// In words, with the moment in seconds since the start.
    pub text: String,
    /// When it began.
    pub from_ms: i64,
    /// When it was over.
    pub to_ms: i64,
    /// From when recovery counts; `None` where nothing has to recover.
    pub since_ms: Option<i64>,
    /// The partitions that must move again; `None` for any of them.
    pub partitions: Option<BTreeSet<usize>>,
}

/// Everything that faults are made with.
pub struct Injector<'a> {
    /// The brokers.
    pub cluster: &'a mut Cluster,
    /// The instances.
    pub fleet: &'a Fleet,
    /// Notes.
    pub journal: &'a Journal,
    /// The feed.
    pub feed: Arc<Progress>,
    /// Partitions of the input.
    pub partitions: Arc<AtomicUsize>,
    /// Instances that always run.
    pub instances: usize,
    /// Settings of the output topics.
    pub output_settings: &'a [(&'a str, &'a str)],
    /// What retention removed.
    pub removed: Vec<Removed>,
    /// Instances that did not end in order.
    pub trouble: Vec<String>,
}

impl Injector<'_> {
    /// One fault, from its begin until it is healed.
    ///
    /// # Errors
    /// When the suite itself cannot go on.
    pub fn inject(&mut self, planned: &Planned) -> Result<Done, Error> {
        let from_ms = now_ms();
        let mut random = Random::new(planned.target);
        let mut since = None;
        let mut partitions = None;
        let text = match planned.kind {
            Kind::Sigkill | Kind::Sigterm | Kind::Freeze => {
                let number = self.pick(&mut random);
                let (at_ms, owned) = self.instance_fault(planned, number)?;
                (since, partitions) = (Some(at_ms), Some(owned));
                format!("khabar-{number}")
            }
            Kind::BrokerKill | Kind::ControllerKill => {
                let place = if planned.kind == Kind::BrokerKill {
                    random.number()
                } else {
                    self.cluster.controller() as u64
                };
                let (place, broker) = self.cluster.broker(place);
                broker.kill();
                std::thread::sleep(planned.hold);
                self.cluster.bring_back(place)?;
                since = Some(now_ms());
                format!("broker {place}")
            }
            Kind::BrokerFreeze => {
                let (place, broker) = self.cluster.broker(random.number());
                broker.pause()?;
                std::thread::sleep(planned.hold);
                broker.resume()?;
                since = Some(now_ms());
                format!("broker {place}")
            }
            Kind::LinkCut | Kind::LinkSlow => {
                let text = self.link(planned, &mut random)?;
                since = Some(now_ms());
                text
            }
            Kind::FullQueue => {
                let text = self.full_queue(planned, &mut random)?;
                since = Some(now_ms());
                text
            }
            Kind::RebalanceStorm => {
                let text = self.storm(planned, &mut random)?;
                since = Some(now_ms());
                text
            }
            Kind::ClockJump => {
                let years = i64::try_from(random.between(1, 30)).unwrap_or(1);
                let years = if random.chance(50) { years } else { -years };
                self.feed.jump(years * YEAR_MS);
                std::thread::sleep(planned.hold);
                self.feed.jump(0);
                format!("{years} years")
            }
            Kind::AddPartitions => {
                let more = self.partitions.load(Ordering::Relaxed)
                    + usize::try_from(random.between(1, 2)).unwrap_or(1);
                self.cluster.grow(INPUT, more)?;
                self.partitions.store(more, Ordering::Relaxed);
                std::thread::sleep(planned.hold);
                format!("now {more}")
            }
            // The run begins without it, and makes it.
            Kind::OutputMissing => String::new(),
            Kind::OutputReadOnly => {
                let text = self.read_only(planned, &mut random)?;
                since = Some(now_ms());
                text
            }
            Kind::Expired => {
                let text = self.expire(planned, &mut random)?;
                since = Some(now_ms());
                text
            }
        };
        let to_ms = now_ms();
        if matches!(
            planned.kind,
            Kind::BrokerKill
                | Kind::ControllerKill
                | Kind::BrokerFreeze
                | Kind::LinkCut
                | Kind::LinkSlow
                | Kind::FullQueue
                | Kind::OutputReadOnly
        ) {
            self.journal.lock().outages.push((from_ms, to_ms));
        }
        Ok(Done { kind: planned.kind, text, from_ms, to_ms, since_ms: since, partitions })
    }

    fn pick(&self, random: &mut Random) -> usize {
        usize::try_from(random.number() % self.instances as u64).unwrap_or(0)
    }

    fn instance_fault(&mut self, planned: &Planned, number: usize) -> Result<(i64, BTreeSet<usize>), Error> {
        let owned = self.journal.lock().owned_by(number);
        let mut at_ms = now_ms();
        match planned.kind {
            Kind::Sigkill => {
                at_ms = self.fleet.kill(number).0;
                std::thread::sleep(planned.hold);
                self.fleet.instance(number).start()?;
            }
            Kind::Sigterm => {
                self.terminate([number])?;
                std::thread::sleep(planned.hold);
                self.fleet.instance(number).start()?;
            }
            _ => {
                self.fleet.instance(number).freeze(true)?;
                std::thread::sleep(planned.hold);
                self.fleet.instance(number).freeze(false)?;
                if planned.hold >= MAY_LOSE_SESSION {
                    self.fleet.note(number, "frozen", at_ms, now_ms());
                }
            }
        }
        Ok((at_ms, owned))
    }

    fn terminate(&mut self, numbers: impl IntoIterator<Item = usize>) -> Result<(), Error> {
        let trouble = self.fleet.terminate(numbers)?;
        self.trouble.extend(trouble);
        Ok(())
    }

    fn link(&mut self, planned: &Planned, random: &mut Random) -> Result<String, Error> {
        let all = random.chance(40);
        let only = usize::try_from(random.number() % self.cluster.proxies.len() as u64).unwrap_or(0);
        let link = match planned.kind {
            Kind::LinkCut if random.chance(50) => Link::Cut,
            Kind::LinkCut => Link::Silent,
            _ => Link::Slow {
                delay: Duration::from_millis(random.between(20, 400)),
                bytes_per_second: u32::try_from(random.between(3_000, 60_000)).unwrap_or(3_000),
            },
        };
        self.set_links(link, (!all).then_some(only));
        let killed = self.hold(planned, random, if planned.kind == Kind::LinkSlow { 40 } else { 0 });
        self.set_links(Link::Open, None);
        let whose = if all { "all brokers".to_owned() } else { format!("broker {only}") };
        Ok(format!("{whose}: {link:?}{}", self.start_again(killed)?))
    }

    /// Lasts as long as planned. In so many of a hundred cases an instance is killed towards the end: while the
    /// output is slow or refuses, much is in flight that must not be committed.
    fn hold(&self, planned: &Planned, random: &mut Random, percent: u64) -> Option<usize> {
        let number = self.pick(random);
        if !random.chance(percent) {
            std::thread::sleep(planned.hold);
            return None;
        }
        let before = planned.hold.mul_f64(0.8);
        std::thread::sleep(before);
        self.fleet.kill(number);
        std::thread::sleep(planned.hold - before);
        Some(number)
    }

    fn start_again(&self, killed: Option<usize>) -> Result<String, Error> {
        let Some(number) = killed else { return Ok(String::new()) };
        self.fleet.instance(number).start()?;
        Ok(format!(", khabar-{number} killed meanwhile"))
    }

    fn set_links(&self, link: Link, only: Option<usize>) {
        let chosen =
            self.cluster.proxies.iter().enumerate().filter(|(place, _)| only.is_none_or(|o| o == *place));
        chosen.for_each(|(_, proxy)| proxy.set(link));
    }

    fn full_queue(&mut self, planned: &Planned, random: &mut Random) -> Result<String, Error> {
        let number = self.pick(random);
        self.restart(number, Some(TINY_QUEUE))?;
        let delay = Duration::from_millis(random.between(50, 300));
        self.set_links(Link::Slow { delay, bytes_per_second: 5_000 }, None);
        let killed = self.hold(planned, random, 50);
        self.set_links(Link::Open, None);
        let killed = self.start_again(killed)?;
        self.restart(number, None)?;
        Ok(format!("khabar-{number}, {TINY_QUEUE} messages, {delay:?} late{killed}"))
    }

    fn restart(&mut self, number: usize, queue: Option<u32>) -> Result<(), Error> {
        self.terminate([number])?;
        let mut instance = self.fleet.instance(number);
        instance.limit_queue(queue);
        instance.start()
    }

    /// The instances beyond the usual number, and one of the usual ones, come and go.
    fn storm(&mut self, planned: &Planned, random: &mut Random) -> Result<String, Error> {
        let end = Instant::now() + planned.hold;
        let mut changes = 0;
        while Instant::now() < end {
            let number = if random.chance(70) {
                self.instances
                    + usize::try_from(random.number()).unwrap_or(0) % (self.fleet.count() - self.instances)
            } else {
                self.pick(random)
            };
            let runs = self.fleet.instance(number).wanted;
            if runs && random.chance(30) {
                self.fleet.kill(number);
            } else if runs {
                self.terminate([number])?;
            } else {
                self.fleet.instance(number).start()?;
            }
            changes += 1;
            std::thread::sleep(Duration::from_millis(random.between(500, 3_000)));
        }
        self.terminate(self.instances..self.fleet.count())?;
        for number in 0..self.instances {
            self.fleet.instance(number).start()?;
        }
        Ok(format!("{changes} changes"))
    }

    /// More in-sync replicas are asked for than there are while one broker is down.
    fn read_only(&mut self, planned: &Planned, random: &mut Random) -> Result<String, Error> {
        let mut settings = self.output_settings.to_vec();
        settings.push(("min.insync.replicas", "3"));
        self.cluster.configure(OUTPUT, &settings)?;
        let (place, broker) = self.cluster.broker(random.number());
        broker.stop()?;
        let killed = self.hold(planned, random, 50);
        self.cluster.bring_back(place)?;
        self.cluster.configure(OUTPUT, self.output_settings)?;
        Ok(format!("{OUTPUT}{}", self.start_again(killed)?))
    }

    /// While nobody reads, the beginning of a partition goes, beyond what is committed.
    fn expire(&mut self, planned: &Planned, random: &mut Random) -> Result<String, Error> {
        let frozen_or_not = 0..self.instances;
        self.terminate(frozen_or_not.clone())?;
        // Something has to come that nobody has read.
        std::thread::sleep(planned.hold + Duration::from_secs(1));
        let count = self.partitions.load(Ordering::Relaxed);
        let observer = Observer::new(self.cluster.direct())?;
        let offsets = observer.committed(count, PATIENCE).zip(observer.ends(count));
        let partition = usize::try_from(random.number() % count as u64).unwrap_or(0);
        // What was seen before counts: a coordinator that is just back may say less.
        let seen = self.journal.lock().highest(partition);
        let range = offsets.map(|(committed, ends)| (committed[partition].max(seen), ends[partition]));
        // Where nothing was ever committed, nobody can tell that something is missing.
        let text = match range {
            Some((Some(committed), end)) if end > committed => {
                let to = committed
                    + 1
                    + i64::try_from(random.number() % (end - committed).unsigned_abs()).unwrap_or(0);
                self.cluster.delete_before(INPUT, i32::try_from(partition).unwrap_or(0), to)?;
                self.removed.push((partition, committed, to));
                format!("partition {partition}, offsets {committed} to {}", to - 1)
            }
            _ => format!("partition {partition} had nothing to remove"),
        };
        for number in frozen_or_not {
            self.fleet.instance(number).start()?;
        }
        Ok(text)
    }
}
