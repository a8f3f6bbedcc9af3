//! A coupon.

use serde_json::Value as Json;
use url::Url;

use crate::import::kind::headline;
use crate::import::original::Original;
use crate::import::value;
use crate::model::kind::coupon::Coupon;
use crate::model::role::Role;

pub(super) fn read(original: &mut Original<'_>) -> Coupon {
    let (title, at) = headline(original, Role::Offer, "kind.coupon.title");
    let mut coupon = Coupon::new(title);
    if let Some(at) = at {
        original.word_change(at, Role::Offer);
        let label = original
            .fields
            .get(at)
            .filter(|field| !field.is_labelled_by_role(Role::Offer))
            .and_then(|field| field.label());
        coupon.provider = label.map(|label| original.languages.text(label));
        if coupon.provider.is_none() {
            original.word(at, Role::Offer);
        } else {
            original.consume(at, "kind.coupon.provider");
        }
    }
    coupon.code = original.field(Role::Code, "kind.coupon.code", value::plain);
    coupon.details = original.field(Role::Details, "kind.coupon.details", value::text);
    if let Some(at) = original.keyed("_help") {
        let url = original.fields.get(at).and_then(|field| field.json.get("value")).and_then(Json::as_str);
        coupon.help = url.and_then(|url| Url::parse(url).ok());
        if coupon.help.is_some() {
            original.consume(at, "kind.coupon.help");
        }
    }
    coupon
}
