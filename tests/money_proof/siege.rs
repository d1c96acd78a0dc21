//! The run: workers move money while they and the platforms are killed and faults strike, until there were enough of
//! both.

use std::thread;
use std::time::{Duration, Instant};

use crate::children::Process;
use crate::faults;
use crate::platform::{Platform, open_trades};
use crate::random::Random;
use crate::record::Count;
use crate::site::Site;

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Movements of money that workers ask for.
    pub transactions: usize,
    pub kills: usize,
    /// How often the store's disk or server fails.
    pub storms: usize,
    pub workers: usize,
    /// A run that does not get so far in this time has failed.
    pub most: Duration,
}

/// What happened.
#[derive(Debug, Default)]
pub struct Figures {
    pub kills: usize,
    pub restarts: usize,
    pub faults_set: usize,
    pub storms: usize,
    pub took: Duration,
}

/// What else goes wrong, and is put right again: the store's disk or server.
pub trait Weather {
    /// Called all the time; tells whether something went wrong now.
    fn change(&mut self, random: &mut Random) -> bool;

    /// Puts everything right.
    fn clear(&mut self);
}

/// Nothing else goes wrong.
pub struct Fair;

impl Weather for Fair {
    fn change(&mut self, _: &mut Random) -> bool {
        false
    }

    fn clear(&mut self) {}
}

/// A worker and its end.
struct Doomed {
    process: Process,
    started: Instant,
    /// It is killed after so many requests.
    after: usize,
    /// Or when it is so old.
    age: Duration,
}

pub struct Siege<'s> {
    site: &'s Site,
    extent: Extent,
    random: Random,
    platform: Platform,
    workers: Vec<Doomed>,
    started: usize,
    count: Count,
    pub figures: Figures,
}

/// When each kind of trouble is due.
struct Due {
    fault: Instant,
    settling: Instant,
    restart: Instant,
}

impl<'s> Siege<'s> {
    pub fn new(site: &'s Site, extent: Extent, platform: Platform) -> Self {
        let random = Random::new(site.seed);
        let (count, figures) = Default::default();
        Self { site, extent, random, platform, workers: Vec::new(), started: 0, count, figures }
    }

    /// Lasts until there were as many transactions and kills as wanted; then everybody is killed, and all is put right.
    pub fn run(mut self, weather: &mut impl Weather) -> (Platform, Figures) {
        let begun = Instant::now();
        let mut due = Due { fault: begun, settling: begun, restart: begun + Duration::from_secs(2) };
        while !self.is_enough() {
            let (done, figures) = (self.count.movements(), &self.figures);
            assert!(begun.elapsed() < self.extent.most, "only {done} transactions, {figures:?}");
            self.kill_and_start();
            self.trouble(&mut due);
            self.figures.storms += usize::from(weather.change(&mut self.random));
            thread::sleep(Duration::from_millis(10));
        }
        self.workers.clear();
        weather.clear();
        if !self.platform.is_up() {
            self.platform.restart();
        }
        self.platform.control("DELETE", "/control/faults", "");
        self.figures.took = begun.elapsed();
        (self.platform, self.figures)
    }

    fn is_enough(&self) -> bool {
        let (wanted, figures) = (&self.extent, &self.figures);
        self.count.movements() >= wanted.transactions
            && figures.kills >= wanted.kills
            && figures.storms >= wanted.storms
    }

    fn kill_and_start(&mut self) {
        for n in 0..self.workers.len() {
            let worker = &mut self.workers[n];
            self.count.read(&self.site.records(), &worker.process.name);
            let requests = self.count.requests(&worker.process.name);
            let over = worker.started.elapsed() > worker.age || requests > worker.after;
            if worker.process.has_ended() {
                let name = &worker.process.name;
                panic!("worker {name} ended by itself: see {}/output/{name}", self.site.folder.display());
            }
            if over {
                worker.process.kill();
                self.figures.kills += 1;
                let fresh = self.start();
                self.workers[n] = fresh;
            }
        }
        while self.workers.len() < self.extent.workers {
            let fresh = self.start();
            self.workers.push(fresh);
        }
    }

    /// A worker that will be killed at any moment of its life, or after some work.
    fn start(&mut self) -> Doomed {
        self.started += 1;
        let process = Process::start(self.site, "a_worker", &format!("w{}", self.started));
        let usual = (self.extent.transactions / self.extent.kills.max(1)).max(4) as u64;
        let early = self.random.percent(25);
        let age = if early { self.random.between(50, 3_000) } else { 8_000 };
        let after = self.random.between(1, 2 * usual) as usize;
        Doomed { process, started: Instant::now(), after, age: Duration::from_millis(age) }
    }

    fn trouble(&mut self, due: &mut Due) {
        let now = Instant::now();
        let mut later = |least, most| now + Duration::from_millis(self.random.between(least, most));
        if due.restart < now {
            if self.platform.is_up() {
                due.restart = later(50, 700);
                self.platform.kill();
            } else {
                due.restart = later(2_000, 6_000);
                self.platform.restart();
                self.figures.restarts += 1;
            }
        }
        if !self.platform.is_up() {
            return;
        }
        if due.fault < now {
            due.fault = later(20, 200);
            let fault = faults::any(&mut self.random);
            self.platform.control("POST", "/control/faults", &fault.to_string());
            self.figures.faults_set += 1;
        }
        if due.settling < now {
            due.settling = now + Duration::from_millis(700);
            settle_some(&self.platform, &mut self.random);
        }
    }
}

/// Of the trades that are open, most come to an end.
pub fn settle_some(platform: &Platform, random: &mut Random) {
    for number in open_trades(&platform.books()) {
        if random.percent(70) {
            settle(platform, &number, random);
        }
    }
}

/// Ends a trade. A refund that finds no money any more fails.
pub fn settle(platform: &Platform, number: &str, random: &mut Random) {
    let done = random.percent(70) && platform.settle(number, "succ");
    if !done {
        platform.settle(number, if random.percent(50) { "fail" } else { "closed" });
    }
}
