//! What makes one JSON object of another.
//!
//! A merge patch (RFC 7396) cannot say that something is `null`, and the raw JSON of a pass says so; so this is none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The members that differ.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::issuer) struct Difference(BTreeMap<String, Step>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Step {
    Members(Difference),
    Removed,
    Set(Value),
}

impl Difference {
    /// Finds what makes `to` of `from`.
    pub(in crate::issuer) fn between(from: &Map<String, Value>, to: &Map<String, Value>) -> Self {
        let gone = from.keys().filter(|key| !to.contains_key(*key)).map(|key| (key.clone(), Step::Removed));
        let mut steps: BTreeMap<_, _> = gone.collect();
        for (key, value) in to {
            let step = match (from.get(key), value) {
                (Some(before), _) if before == value => continue,
                (Some(Value::Object(before)), Value::Object(after)) => Step::Members(Self::between(before, after)),
                _ => Step::Set(value.clone()),
            };
            steps.insert(key.clone(), step);
        }
        Self(steps)
    }

    /// Finds what a merge patch says, in the words of what was made with it: it says so also where that made no difference.
    pub(in crate::issuer) fn said(patch: &Map<String, Value>, made: &Map<String, Value>) -> Self {
        let step = |(key, value): (&String, &Value)| {
            let step = match (value, made.get(key)) {
                (Value::Object(patch), Some(Value::Object(made))) => Step::Members(Self::said(patch, made)),
                (_, Some(made)) => Step::Set(made.clone()),
                (_, None) => Step::Removed,
            };
            (key.clone(), step)
        };
        Self(patch.iter().map(step).collect())
    }

    /// Makes the other of the one.
    pub(in crate::issuer) fn apply(&self, to: &mut Map<String, Value>) {
        for (key, step) in &self.0 {
            match step {
                Step::Members(inner) => {
                    let value = to.entry(key.clone()).or_insert(Value::Null);
                    let mut members = match value.take() {
                        Value::Object(members) => members,
                        _ => Map::new(),
                    };
                    inner.apply(&mut members);
                    *value = Value::Object(members);
                }
                Step::Removed => {
                    to.remove(key);
                }
                Step::Set(value) => {
                    to.insert(key.clone(), value.clone());
                }
            }
        }
    }

    /// Makes one of two: what the second says stands.
    pub(in crate::issuer) fn then(mut self, next: Self) -> Self {
        for (key, step) in next.0 {
            let step = match (self.0.remove(&key), step) {
                (Some(Step::Members(first)), Step::Members(second)) => Step::Members(first.then(second)),
                (Some(Step::Set(Value::Object(mut members))), Step::Members(second)) => {
                    second.apply(&mut members);
                    Step::Set(Value::Object(members))
                }
                (Some(_), Step::Members(second)) => {
                    let mut members = Map::new();
                    second.apply(&mut members);
                    Step::Set(Value::Object(members))
                }
                (_, step) => step,
            };
            self.0.insert(key, step);
        }
        self
    }
}

/// Lays one object over another: members of objects join, all else replaces, `null` too.
pub(super) fn lay_over(base: &mut Map<String, Value>, top: &Map<String, Value>) {
    for (key, value) in top {
        match (base.get_mut(key), value) {
            (Some(Value::Object(base)), Value::Object(top)) => lay_over(base, top),
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Gives of an object what another one names.
pub(super) fn named(names: &Map<String, Value>, of: &Map<String, Value>) -> Map<String, Value> {
    let member = |(key, value): (&String, &Value)| {
        let kept = match (value, of.get(key)?) {
            (Value::Object(names), Value::Object(of)) => Value::Object(named(names, of)),
            (_, kept) => kept.clone(),
        };
        Some((key.clone(), kept))
    };
    names.iter().filter_map(member).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// All objects of two members, two deep, of a few values.
    fn objects() -> Vec<Map<String, Value>> {
        let leaves = [json!(null), json!(1), json!([null])];
        let pairs = |values: &[Value]| {
            let or_none: Vec<_> = values.iter().cloned().map(Some).chain([None]).collect();
            let mut pairs = Vec::new();
            for a in &or_none {
                for b in &or_none {
                    let members = [("a", a), ("b", b)].into_iter();
                    pairs.push(members.filter_map(|(key, value)| Some((key.to_owned(), value.clone()?))).collect());
                }
            }
            pairs
        };
        let inner: Vec<Map<_, _>> = pairs(&leaves[..2]);
        let values: Vec<_> = leaves.into_iter().chain(inner.into_iter().map(Value::Object)).collect();
        pairs(&values)
    }

    #[test]
    fn a_difference_makes_the_other_of_the_one() {
        let objects = objects();
        for from in &objects {
            for to in &objects {
                let difference = Difference::between(from, to);
                let mut made = from.clone();
                difference.apply(&mut made);
                assert_eq!(&made, to, "{difference:?}");
                let read: Difference = serde_json::from_value(serde_json::to_value(&difference).unwrap()).unwrap();
                assert_eq!(read, difference);
            }
        }
    }

    /// Also upon what neither was made for.
    #[test]
    fn two_differences_are_one() {
        let objects: Vec<_> = objects().into_iter().step_by(7).collect();
        for (a, b) in objects.iter().flat_map(|a| objects.iter().map(move |b| (a, b))) {
            let first = Difference::between(a, b);
            for (c, onto) in objects.iter().flat_map(|c| objects.iter().map(move |onto| (c, onto))) {
                let second = Difference::between(b, c);
                let (mut one_by_one, mut at_once) = (onto.clone(), onto.clone());
                first.apply(&mut one_by_one);
                second.apply(&mut one_by_one);
                first.clone().then(second).apply(&mut at_once);
                assert_eq!(one_by_one, at_once, "{a:?} {b:?} {c:?} onto {onto:?}");
            }
        }
    }

    #[test]
    fn what_is_said_is_kept_though_it_says_nothing_new() {
        let object = |json: Value| json.as_object().unwrap().clone();
        let made = object(json!({ "a": 1, "b": { "c": 2, "d": 3 } }));
        let said = Difference::said(&object(json!({ "a": 1.0, "b": { "c": 2 }, "e": null })), &made);
        let mut other = object(json!({ "a": 5, "b": { "c": 5, "d": 5 }, "e": 5 }));
        said.apply(&mut other);
        assert_eq!(Value::Object(other), json!({ "a": 1, "b": { "c": 2, "d": 5 } }));
    }
}
