//! A generic pass.

use crate::import::kind::{headline, name_of_pass};
use crate::import::original::Original;
use crate::import::value;
use crate::model::kind::generic::Generic;
use crate::model::role::Role;

pub(super) fn read(original: &mut Original<'_>) -> Generic {
    let (title, at) = headline(original, Role::Title, "kind.generic.title");
    let mut generic = Generic::new(title);
    if let Some(at) = at {
        original.word_change(at, Role::Title);
        let label = original.fields.get(at).and_then(|field| field.label());
        generic.subtitle = label.map(|label| original.languages.text(label));
        if generic.subtitle.is_some() {
            original.consume(at, "kind.generic.subtitle");
        }
    }
    generic.holder = original.field(Role::Holder, "kind.generic.holder", value::plain);
    generic.member_number = original.field(Role::MemberNumber, "kind.generic.memberNumber", value::plain);
    generic
}

/// Makes a generic pass of one whose fields are all left to themselves.
pub(super) fn unread(original: &mut Original<'_>) -> Generic {
    original.roles.insert(Role::Title);
    Generic::new(name_of_pass(original))
}
