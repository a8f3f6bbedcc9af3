//! Names that were seen already.

use std::collections::HashSet;

/// The names that were seen so far. A style has few fields, so the first ones are kept without a set, which allocates.
#[derive(Default)]
pub(super) struct Seen<'p> {
    first: [Option<&'p str>; FEW],
    others: HashSet<&'p str>,
}

impl<'p> Seen<'p> {
    /// Adds a name, and says whether it is new.
    pub(super) fn insert(&mut self, name: &'p str) -> bool {
        for place in &mut self.first {
            match place {
                Some(known) if *known == name => return false,
                Some(_) => {}
                None => {
                    *place = Some(name);
                    return true;
                }
            }
        }
        self.others.insert(name)
    }
}

const FEW: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_new_once() {
        let names: Vec<String> = (0..3 * FEW).map(|number| number.to_string()).collect();
        let mut seen = Seen::default();
        assert!(names.iter().all(|name| seen.insert(name)));
        assert!(!names.iter().any(|name| seen.insert(name)));
    }
}
