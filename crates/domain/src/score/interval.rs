//! How far a share may be off: intervals for one proportion and for the difference of two.
//!
//! Both are closed formulas that stay inside the possible range and hold their level for small
//! samples and for shares near 0 and 1, where the textbook interval fails. Nothing here decides
//! what a difference means; that is for [`super::funnel`] and [`super::verdict`].

use serde::{Deserialize, Serialize};

/// The standard normal distribution's 97.5 % point: two-sided 95 % intervals.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// The standard normal distribution's 80 % point: an effect is found four times in five.
const Z_POWER_80: f64 = 0.841_621_233_572_914_3;

/// A range that holds the true value in 95 of 100 such cases.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Which way the value lies for certain; `None` while the interval holds zero.
    pub fn sign(&self) -> Option<Sign> {
        match (self.low > 0.0, self.high < 0.0) {
            (true, _) => Some(Sign::Above),
            (_, true) => Some(Sign::Below),
            _ => None,
        }
    }
}

/// Which side of zero an interval lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// All of it above zero.
    Above,
    /// All of it below zero.
    Below,
}

/// So many of so many: 0 ≤ hits ≤ n, n > 0. Counts may be sums of weighted counts, so they need
/// not be whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    hits: f64,
    n: f64,
}

impl Proportion {
    /// `hits` of `n`; `None` where that is no proportion.
    pub fn new(hits: f64, n: f64) -> Option<Self> {
        let is_proportion = n.is_finite() && n > 0.0 && (0.0..=n).contains(&hits);
        is_proportion.then_some(Self { hits, n })
    }

    /// The share, 0 to 1.
    pub fn share(self) -> f64 {
        self.hits / self.n
    }

    /// Out of how many.
    pub fn n(self) -> f64 {
        self.n
    }
}

/// The 95 % score interval of a share.
///
/// With p = hits/n and z = 1.96: (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n).
/// Source: E. B. Wilson, “Probable inference, the law of succession, and statistical inference”,
/// Journal of the American Statistical Association 22 (1927), without continuity correction.
pub fn wilson(of: Proportion) -> Interval {
    let (p, n) = (of.share(), of.n);
    let z2 = Z_95 * Z_95;
    let middle = p + z2 / (2.0 * n);
    let half = Z_95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // Rounding may step over the ends by a hair at 0 of n and n of n.
    Interval { low: ((middle - half) / scale).clamp(0.0, p), high: ((middle + half) / scale).clamp(p, 1.0) }
}

/// The 95 % interval of the difference `now` − `before` of two independent shares.
///
/// With each share's Wilson limits l and u, and d = p₁ − p₂:
/// d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²).
/// Source: R. G. Newcombe, “Interval estimation for the difference between independent
/// proportions: comparison of eleven methods”, Statistics in Medicine 17 (1998), method 10.
pub fn newcombe(now: Proportion, before: Proportion) -> Interval {
    let (p1, p2) = (now.share(), before.share());
    let (of1, of2) = (wilson(now), wilson(before));
    let difference = p1 - p2;
    Interval {
        low: difference - (p1 - of1.low).hypot(of2.high - p2),
        high: difference + (of1.high - p1).hypot(p2 - of2.low),
    }
}

/// Cases needed on each side to find a move from share `from` to share `to` four times in five.
///
/// (z·√(2p̄(1 − p̄)) + z′·√(p₁(1 − p₁) + p₂(1 − p₂)))² / (p₁ − p₂)², with p̄ the mean of both,
/// z = 1.96 and z′ = 0.84. Source: J. L. Fleiss, B. Levin, M. C. Paik, “Statistical Methods for
/// Rates and Proportions”, 3rd edition (2003), section 4.2, without continuity correction.
/// `None` where the shares are equal or not shares.
pub fn cases_needed(from: f64, to: f64) -> Option<u64> {
    let is_share = |it: f64| (0.0..=1.0).contains(&it);
    if !is_share(from) || !is_share(to) || from == to {
        return None;
    }
    let mean = (from + to) / 2.0;
    let under_no_change = Z_95 * (2.0 * mean * (1.0 - mean)).sqrt();
    let under_change = Z_POWER_80 * (from * (1.0 - from) + to * (1.0 - to)).sqrt();
    Some(((under_no_change + under_change) / (from - to)).powi(2).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(hits: u32, n: u32) -> Proportion {
        Proportion::new(f64::from(hits), f64::from(n)).unwrap()
    }

    fn assert_close(found: Interval, (low, high): (f64, f64), what: &str) {
        assert!((found.low - low).abs() < 5e-10, "{what}: low is {}, not {low}", found.low);
        assert!((found.high - high).abs() < 5e-10, "{what}: high is {}, not {high}", found.high);
    }

    /// Limits computed with statsmodels 0.15, `proportion_confint(method="wilson")`. 81/263, 15/148,
    /// 0/20 and 1/29 are the worked examples of Newcombe's companion paper on single proportions.
    #[test]
    fn wilson_limits_are_those_of_an_independent_program() {
        for (hits, n, low, high) in [
            (0, 10, 0.0, 0.277_532_799_9),
            (1, 10, 0.017_876_213_1, 0.404_150_026_8),
            (5, 10, 0.236_593_090_5, 0.763_406_909_5),
            (10, 10, 0.722_467_200_1, 1.0),
            (81, 263, 0.255_288_519_9, 0.366_209_577_0),
            (15, 148, 0.062_386_399_5, 0.160_487_241_7),
            (0, 20, 0.0, 0.161_125_158_1),
            (1, 29, 0.006_113_214_3, 0.171_755_218_8),
            (454, 1081, 0.390_893_682_1, 0.449_636_011_3),
            (7, 1000, 0.003_394_868_4, 0.014_378_315_5),
        ] {
            assert_close(wilson(of(hits, n)), (low, high), &format!("{hits} of {n}"));
        }
    }

    /// The first eight rows are table II of Newcombe 1998, method 10; ten digits from statsmodels
    /// 0.15, `confint_proportions_2indep(method="newcomb")`.
    #[test]
    fn newcombe_limits_are_those_of_the_paper() {
        for (now, before, low, high) in [
            ((56, 70), (48, 80), 0.052_431_472_4, 0.333_872_654_0),
            ((9, 10), (3, 10), 0.170_522_723_9, 0.809_017_973_5),
            ((6, 7), (2, 7), 0.058_227_927_5, 0.806_249_637_5),
            ((5, 56), (0, 29), -0.038_137_147_9, 0.192_560_013_9),
            ((0, 10), (0, 20), -0.161_125_158_1, 0.277_532_799_9),
            ((0, 10), (0, 10), -0.277_532_799_9, 0.277_532_799_9),
            ((10, 10), (0, 20), 0.679_086_037_1, 1.0),
            ((10, 10), (0, 10), 0.607_509_350_4, 1.0),
            ((454, 1081), (498, 1102), -0.073_353_225_8, 0.009_669_819_8),
            ((140, 189), (119, 160), -0.093_748_262_5, 0.089_604_148_1),
        ] {
            let found = newcombe(of(now.0, now.1), of(before.0, before.1));
            assert_close(found, (low, high), &format!("{now:?} − {before:?}"));
        }
    }

    /// Exact values 1533.28, 685.60, 434.43 and 905.37, computed apart and rounded up.
    #[test]
    fn cases_needed_are_those_of_the_formula() {
        for (from, to, needed) in [
            (0.40, 0.45, Some(1534)),
            (0.45, 0.40, Some(1534)),
            (0.10, 0.15, Some(686)),
            (0.05, 0.10, Some(435)),
            (0.80, 0.85, Some(906)),
            (0.40, 0.40, None),
            (0.40, 1.40, None),
        ] {
            assert_eq!(cases_needed(from, to), needed, "{from} to {to}");
        }
    }

    #[test]
    fn what_is_no_proportion_is_refused() {
        for (hits, n) in [(1.0, 0.0), (-1.0, 5.0), (6.0, 5.0), (f64::NAN, 5.0), (1.0, f64::INFINITY)] {
            assert_eq!(Proportion::new(hits, n), None, "{hits} of {n}");
        }
    }

    proptest! {
        /// An interval holds its own estimate, stays in the possible range, and swapping the sides
        /// turns it round.
        #[test]
        fn intervals_hold_their_estimate(a in 0u32..=400, b in 0u32..=400, n in 400u32..5_000, m in 400u32..5_000) {
            let (now, before) = (of(a, n), of(b, m));
            let one = wilson(now);
            prop_assert!(0.0 <= one.low && one.low <= now.share() && now.share() <= one.high && one.high <= 1.0);
            let difference = newcombe(now, before);
            let estimate = now.share() - before.share();
            prop_assert!(difference.low <= estimate && estimate <= difference.high);
            prop_assert!(-1.0 <= difference.low && difference.high <= 1.0);
            let back = newcombe(before, now);
            prop_assert!((difference.low + back.high).abs() < 1e-12 && (difference.high + back.low).abs() < 1e-12);
        }
    }
}
