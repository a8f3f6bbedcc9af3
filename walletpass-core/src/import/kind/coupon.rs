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
        // Others write what the offer is about there, and only a name that is known can be told to be the provider.
        let label = original.fields.get(at).and_then(|field| field.label()).map(|label| original.languages.text(label));
        let is_provider = label.is_some() && label == original.root_text("organizationName");
        coupon.provider = label.clone().filter(|_| is_provider);
        if is_provider {
            original.consume(at, "kind.coupon.provider");
        } else {
            original.word(at, Role::Offer);
        }
        if !is_provider && label.is_some_and(|label| label.default != Role::Offer.label()) {
            let path = format!("{}.primaryFields", original.style);
            original.account.remark(
                path,
                "Google shows no label of an offer: join it to kind.coupon.title where it says what the offer is about",
            );
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
