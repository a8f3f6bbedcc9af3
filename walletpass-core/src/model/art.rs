//! The pictures of a pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::json::{map_by_name, map_by_name_schema};
use crate::model::picture::Picture;

/// The pictures of a pass, one per [`Slot`].
///
/// Nothing is mandatory: an absent icon is made from the logo or, failing that, a plain dark square.
///
/// ```
/// # use walletpass_core::{Art, Picture, Slot};
/// let art = Art::default().with(Slot::Strip, Picture::file("strip.png"));
/// assert!(art.get(Slot::Strip).is_some());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Art(
    #[serde(serialize_with = "write", deserialize_with = "read")]
    #[schemars(schema_with = "map_by_name_schema::<Slot, Picture>")]
    // Shared with what is drawn of the pass.
    BTreeMap<Slot, Arc<Picture>>,
);

impl Art {
    /// Puts a picture into a slot, in place of the one there.
    pub fn with(mut self, slot: Slot, picture: Picture) -> Self {
        self.0.insert(slot, Arc::new(picture));
        self
    }

    /// Puts a picture of another pass or sheet into a slot, in place of the one there.
    pub(crate) fn sharing(mut self, slot: Slot, picture: &Arc<Picture>) -> Self {
        self.0.insert(slot, Arc::clone(picture));
        self
    }

    /// Gives the picture of a slot.
    pub fn get(&self, slot: Slot) -> Option<&Picture> {
        self.0.get(&slot).map(Arc::as_ref)
    }

    /// Walks the slots that hold a picture, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &Picture)> {
        self.shared().map(|(slot, picture)| (slot, picture.as_ref()))
    }

    /// Walks the slots as [`iter`](Art::iter) does, to [share](Art::sharing) the pictures.
    pub(crate) fn shared(&self) -> impl Iterator<Item = (Slot, &Arc<Picture>)> {
        self.0.iter().map(|(slot, picture)| (*slot, picture))
    }

    /// Walks the pictures to change them, as [`Pass::pictures_mut`](crate::Pass::pictures_mut) does.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (Slot, &mut Picture)> {
        self.0.iter_mut().map(|(slot, picture)| (*slot, Arc::make_mut(picture)))
    }

    /// Says whether no slot holds a picture.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn write<S: Serializer>(art: &BTreeMap<Slot, Arc<Picture>>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(art.iter().map(|(slot, picture)| (slot, picture.as_ref())))
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Slot, Arc<Picture>>, D::Error> {
    let art: BTreeMap<Slot, Picture> = map_by_name(deserializer)?;
    Ok(art.into_iter().map(|(slot, picture)| (slot, Arc::new(picture))).collect())
}

/// Where a picture goes.
///
/// The names are Apple's; `hero` is Google's wide banner. Which kinds draw which slot stands in Apple's Human Interface
/// Guidelines, page "Wallet"; the report of a projection says where each picture landed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Slot {
    /// Poster art: event tickets from iOS 26, generic passes from iOS 27. 358 x 448 points.
    Artwork,
    /// The blurred ground of an event ticket. 343 x 503 points.
    Background,
    /// The band above the barcode of a boarding pass. Up to 286 x 15 points.
    Footer,
    /// Google's banner across the card, 1032 x 336 pixels. Absent, the strip is used.
    Hero,
    /// Lock screen, mail, notifications; Google's round logo. 38 x 38 points.
    Icon,
    /// The wide logo at the top left. Up to 160 x 50 points.
    Logo,
    /// The logo of the personalization form. 150 x 40 points.
    PersonalizationLogo,
    /// The logo of poster tickets and semantic boarding passes. Up to 126 x 30 points.
    PrimaryLogo,
    /// The second logo of poster tickets. Up to 135 x 12 points.
    SecondaryLogo,
    /// The banner behind the primary fields of coupons, cards and event tickets. 375 x 144 points.
    Strip,
    /// The small picture beside the fields of event tickets and generic passes. Within 90 x 90 points.
    Thumbnail,
    /// The map of the venue in the guide of a poster ticket.
    VenueMap,
}

impl Slot {
    /// Gives the name that the slot has in the JSON form and, `hero` apart, as a file in a package.
    pub fn name(self) -> &'static str {
        match self {
            Self::Artwork => "artwork",
            Self::Background => "background",
            Self::Footer => "footer",
            Self::Hero => "hero",
            Self::Icon => "icon",
            Self::Logo => "logo",
            Self::PersonalizationLogo => "personalizationLogo",
            Self::PrimaryLogo => "primaryLogo",
            Self::SecondaryLogo => "secondaryLogo",
            Self::Strip => "strip",
            Self::Thumbnail => "thumbnail",
            Self::VenueMap => "venueMap",
        }
    }
}
