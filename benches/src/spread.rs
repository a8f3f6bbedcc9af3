//! What many measurements of one thing come to.

/// The median of some measurements, and the quartiles around it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Spread {
    /// A quarter of the measurements is lower.
    pub low: f64,
    /// Half of them are lower.
    pub median: f64,
    /// Three quarters are lower.
    pub high: f64,
}

impl Spread {
    /// Sorts the measurements; of none, all is 0.
    pub fn of(mut measured: Vec<f64>) -> Self {
        measured.sort_by(f64::total_cmp);
        let at = |share: f64| quantile(&measured, share);
        Self { low: at(0.25), median: at(0.5), high: at(0.75) }
    }

    /// Gives the rates that belong to durations.
    pub fn inverse(self) -> Self {
        Self { low: 1.0 / self.high, median: 1.0 / self.median, high: 1.0 / self.low }
    }

    /// Shows the median with its quartiles.
    pub fn shown(self, factor: f64, digits: usize) -> String {
        let [low, median, high] = [self.low, self.median, self.high].map(|value| value * factor);
        format!("{median:.digits$} ({low:.digits$} to {high:.digits$})")
    }
}

/// Gives the measurement that such a share of a sorted list is below, interpolated between the two around it; of none, 0.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * sorted.len().saturating_sub(1) as f64;
    let at = |index: f64| sorted.get(index as usize).copied().unwrap_or_default();
    let (below, above) = (at(place.floor()), at(place.ceil()));
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_the_measurements() {
        let spread = Spread::of(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!(spread, Spread { low: 1.75, median: 2.5, high: 3.25 });
        assert_eq!(Spread::of(vec![5.0]), Spread { low: 5.0, median: 5.0, high: 5.0 });
        assert_eq!(Spread::of(Vec::new()), Spread { low: 0.0, median: 0.0, high: 0.0 });
        assert_eq!(Spread::of(vec![0.5, 0.25, 0.2]).inverse().median, 4.0);
    }
}
