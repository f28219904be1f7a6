//! How far a mean may be off, found by drawing the sample again and again.
//!
//! Drawing needs randomness, and the same numbers must give the same interval on every device: the
//! caller passes a generator whose state it chose. Nothing here reads a source of randomness.

use super::interval::Interval;

/// A small generator for resampling: one word of state, the same sequence everywhere. Never use it
/// for ids or keys.
///
/// Source: G. L. Steele, D. Lea, C. H. Flood, “Fast splittable pseudorandom number generators”,
/// OOPSLA 2014 (SplitMix64).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// Begins the sequence of that seed.
    pub const fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number below `end`, which is above 0. The bias of end/2⁶⁴ is far below what a
    /// percentile of some thousand draws can show.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.draw()) * end as u128) >> 64) as usize
    }
}

/// One day's or week's mean and the cases it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The mean.
    pub value: f64,
    /// How much it counts, above 0.
    pub weight: f64,
}

/// Times a sample is drawn again. Percentile intervals want a thousand or more (Efron and
/// Tibshirani, chapter 13); twice that keeps the ends steady to a few hundredths of a deviation.
pub const RESAMPLES: usize = 2_000;

/// The weighted mean, Σ weight·value / Σ weight; `None` of nothing.
pub fn mean(samples: &[Sample]) -> Option<f64> {
    let weight: f64 = samples.iter().map(|it| it.weight).sum();
    (weight > 0.0).then(|| samples.iter().map(|it| it.weight * it.value).sum::<f64>() / weight)
}

/// The 95 % percentile interval of the difference of means, `now` − `before`.
///
/// Each side is drawn again on its own, with replacement and as many samples as it has; the interval
/// runs from the 2.5 % to the 97.5 % point of the differences. Source: B. Efron, R. J. Tibshirani,
/// “An Introduction to the Bootstrap” (1993), chapter 13. `None` if a side is empty.
///
/// Work: `resamples` × (`now.len()` + `before.len()`) draws.
pub fn mean_difference(
    now: &[Sample],
    before: &[Sample],
    resamples: usize,
    random: &mut SplitMix64,
) -> Option<Interval> {
    interval(resamples, || Some(drawn_mean(now, random)? - drawn_mean(before, random)?))
}

/// The 95 % percentile interval of one mean; source and terms as for [`mean_difference`].
pub fn mean_interval(samples: &[Sample], resamples: usize, random: &mut SplitMix64) -> Option<Interval> {
    interval(resamples, || drawn_mean(samples, random))
}

fn drawn_mean(samples: &[Sample], random: &mut SplitMix64) -> Option<f64> {
    let (mut sum, mut weight) = (0.0, 0.0);
    for _ in 0..samples.len() {
        let drawn = samples[random.below(samples.len())];
        sum += drawn.weight * drawn.value;
        weight += drawn.weight;
    }
    (weight > 0.0).then(|| sum / weight)
}

fn interval(resamples: usize, mut draw: impl FnMut() -> Option<f64>) -> Option<Interval> {
    let mut drawn: Vec<f64> = (0..resamples).map(|_| draw()).collect::<Option<_>>()?;
    let last = drawn.len().checked_sub(1)?;
    drawn.sort_unstable_by(f64::total_cmp);
    // The points outwards of the exact percentiles, so that rounding never narrows the interval.
    let low = (last as f64 * 0.025).floor() as usize;
    let high = (last as f64 * 0.975).ceil() as usize;
    Some(Interval { low: drawn[low], high: drawn[high] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(values: &[f64]) -> Vec<Sample> {
        values.iter().map(|value| Sample { value: *value, weight: 1.0 }).collect()
    }

    /// The published reference sequence for seed 1234567.
    #[test]
    fn the_generator_is_the_published_one() {
        let mut random = SplitMix64::seeded(1_234_567);
        let drawn: Vec<u64> = (0..5).map(|_| random.draw()).collect();
        assert_eq!(
            drawn,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ]
        );
    }

    #[test]
    fn whole_numbers_come_up_equally_often() {
        let mut random = SplitMix64::seeded(7);
        let mut seen = [0_u32; 6];
        (0..60_000).for_each(|_| seen[random.below(6)] += 1);
        // χ² with 5 degrees of freedom; 20.5 is its 99.9 % point.
        let chi: f64 = seen.iter().map(|it| (f64::from(*it) - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(chi < 20.5, "{seen:?} gives χ² = {chi}");
    }

    /// For 1, 2, … 40 the bootstrap deviation of the mean is √(Σ(x − x̄)²)/n = 1.8252; the interval is
    /// the mean ± 1.96 of it within the noise of the draws.
    #[test]
    fn the_interval_of_a_mean_is_two_deviations_wide_on_either_side() {
        let samples = plain(&(1..=40).map(f64::from).collect::<Vec<_>>());
        let found = mean_interval(&samples, 20_000, &mut SplitMix64::seeded(3)).unwrap();
        assert!((found.low - (20.5 - 3.577)).abs() < 0.1, "{found:?}");
        assert!((found.high - (20.5 + 3.577)).abs() < 0.1, "{found:?}");
    }

    #[test]
    fn heavier_samples_count_more() {
        let samples = [Sample { value: 10.0, weight: 3.0 }, Sample { value: 20.0, weight: 1.0 }];
        assert_eq!(mean(&samples), Some(12.5));
        assert_eq!(mean(&[]), None);
    }

    #[test]
    fn nothing_has_no_interval() {
        let mut random = SplitMix64::seeded(1);
        assert_eq!(mean_difference(&[], &plain(&[1.0]), 100, &mut random), None);
        assert_eq!(mean_interval(&plain(&[1.0]), 0, &mut random), None);
    }

    proptest! {
        /// The same seed gives the same interval, and moving one side by a constant moves it by that.
        #[test]
        fn a_shift_of_the_values_shifts_the_interval(
            now in proptest::collection::vec(-50.0..50.0, 2..30),
            before in proptest::collection::vec(-50.0..50.0, 2..30),
            seed: u64,
            shift in -10.0..10.0_f64,
        ) {
            let moved: Vec<f64> = now.iter().map(|it| it + shift).collect();
            let run = |now: &[f64]| {
                mean_difference(&plain(now), &plain(&before), 200, &mut SplitMix64::seeded(seed)).unwrap()
            };
            let (one, other) = (run(&now), run(&moved));
            prop_assert_eq!(one, run(&now));
            prop_assert!((one.low + shift - other.low).abs() < 1e-9);
            prop_assert!((one.high + shift - other.high).abs() < 1e-9);
        }
    }
}
