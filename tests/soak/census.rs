//! What a host held over time, and whether that grew.

use std::path::Path;
use std::{fmt, fs};

/// One line of the host's.
#[derive(Debug, Clone, Copy)]
pub struct Census {
    pub second: f64,
    pub operations: f64,
    /// Taken just after `hislink_shutdown`.
    pub closed: bool,
    /// What is allocated and was not freed, in KiB.
    pub used_kib: f64,
    /// Memory of its own, without the pages of files, in KiB.
    pub own_kib: f64,
    pub resident_kib: f64,
    pub threads: f64,
    pub descriptors: f64,
}

/// What a host has printed so far.
pub fn read(output: &Path) -> Vec<Census> {
    let text = fs::read_to_string(output).unwrap_or_default();
    text.lines().filter_map(|line| line.split_once("census ")).map(|(_, line)| parsed(line)).collect()
}

fn parsed(line: &str) -> Census {
    let numbers: Vec<f64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
    let [second, operations, closed, used_kib, own_kib, resident_kib, threads, descriptors] = numbers[..] else {
        panic!("{line}");
    };
    Census { second, operations, closed: closed > 0.0, used_kib, own_kib, resident_kib, threads, descriptors }
}

/// How one number went: after the warm-up, by the line that fits best, and the most of each half.
#[derive(Debug, Clone, Copy)]
pub struct Trend {
    /// What the line gains from its beginning to its end.
    pub gain: f64,
    pub first_half: f64,
    pub second_half: f64,
}

impl fmt::Display for Trend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { gain, first_half, second_half } = self;
        write!(f, "gains {gain:.1}; at most {first_half} in the first half and {second_half} in the second")
    }
}

/// The trend of what `of` gives, once a quarter of the time has passed.
pub fn trend(all: &[Census], of: impl Fn(&Census) -> f64) -> Trend {
    let warm = all.last().unwrap().second / 4.0;
    let points: Vec<_> = all.iter().filter(|one| one.second >= warm).map(|one| (one.second, of(one))).collect();
    let count = points.len() as f64;
    let (middle, mean) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
    let spread: f64 = points.iter().map(|point| (point.0 - middle).powi(2)).sum();
    let slope = points.iter().map(|point| (point.0 - middle) * (point.1 - mean)).sum::<f64>() / spread;
    let most = |part: &[(f64, f64)]| part.iter().fold(0.0_f64, |most, point| most.max(point.1));
    let (first, second) = points.split_at(points.len() / 2);
    let gain = slope * (points.last().unwrap().0 - points.first().unwrap().0);
    Trend { gain, first_half: most(first), second_half: most(second) }
}
