//! Whose journey the material tells: that of a service's customers, or of whoever installs the
//! product. A service's material often speaks to those who host it or build with it as well; their
//! steps are not its customers'.

use super::Material;
use super::anchor::Anchor;
use super::trace::Trace;
use crate::doc::Doc;
use crate::find::Sign;
use crate::genre::Genre;

/// Who the journey is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Audience {
    is_of_service: bool,
}

impl Audience {
    /// Told by a way in that needs nothing of one's own, and by material for those who take it.
    pub fn of<'a>(
        material: &Material<'_>,
        traces: impl Iterator<Item = (&'a Trace, Option<&'static Anchor>)>,
    ) -> Self {
        const FOR_CUSTOMERS_MIN: usize = 3;
        const WEIGHT_MIN: f32 = 0.6;
        let count = |is_it: &dyn Fn(Genre) -> bool| material.docs.iter().filter(|it| is_it(it.genre)).count();
        let for_customers = count(&is_for_customers) + count(&|it| matches!(it, Genre::Test | Genre::Routes));
        let joins = traces
            .filter(|(trace, _)| trace.weight >= WEIGHT_MIN)
            .filter(|(trace, _)| !is_for_others(material.docs[trace.doc].genre))
            .filter_map(|it| it.1)
            .any(|it| matches!(it.key, "sign_up" | "trial" | "plans" | "buy"));
        // Those who sell to developers write for them above all.
        let speaks_to_customers = count(&is_for_customers) * 2 >= count(&|it| it == Genre::Developer);
        Self { is_of_service: joins && for_customers >= FOR_CUSTOMERS_MIN && speaks_to_customers }
    }

    /// Whether what was found is a step of theirs.
    pub fn takes(self, trace: &Trace, doc: &Doc, anchor: Option<&'static Anchor>) -> bool {
        if !self.is_of_service {
            return true;
        }
        let genre = doc.genre;
        let is_for_programmers = doc.title.split(|it: char| !it.is_alphanumeric()).any(|it| {
            matches!(it, "API" | "APIs" | "SDK" | "SDKs" | "MCP" | "Webhook" | "Webhooks" | "webhooks")
        });
        let runs_it =
            anchor.is_some_and(|it| matches!(it.key, "host" | "install" | "download" | "uninstall"));
        // What a README says beside its list of features is how to build and run the sources.
        let is_beside_features = anchor.is_none() && !matches!(trace.sign, Sign::Bullet | Sign::Link);
        !is_for_others(genre)
            && !is_for_programmers
            && trace.phrase.as_ref().is_none_or(|it| it.verb != "self-host")
            && anchor.is_none_or(|it| it.key != "host")
            && !(genre == Genre::Readme && (runs_it || is_beside_features))
    }
}

/// Texts for those who host the product or build with it.
fn is_for_others(genre: Genre) -> bool {
    matches!(genre, Genre::Hosting | Genre::Developer | Genre::Reference | Genre::Contributing)
}

fn is_for_customers(genre: Genre) -> bool {
    matches!(
        genre,
        Genre::Home
            | Genre::Start
            | Genre::Guide
            | Genre::Help
            | Genre::Faq
            | Genre::Billing
            | Genre::Pricing
            | Genre::Signup
            | Genre::Integration
    )
}
