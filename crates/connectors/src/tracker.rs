//! The sink half of a connector: issues in a tracker, made once and followed.

use custory_domain::{DeliveryStatus, EntityRef, JourneyId, Timestamp};
use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::error::ConnectError;

/// A vendor that keeps issues.
pub trait Tracker: Send + Sync {
    /// The teams that issues can be made in.
    fn teams(&self) -> BoxFuture<'_, Result<Vec<Team>, ConnectError>>;

    /// Makes an issue, or finds the one that an earlier try has made: never two for one identifier.
    fn send<'a>(&'a self, draft: &'a Draft) -> BoxFuture<'a, Result<Issue, ConnectError>>;

    /// How issues stand that changed after `since`; all of them without. Those that are not there are
    /// left out.
    fn states<'a>(
        &'a self,
        ids: &'a [Uuid],
        since: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Vec<Issue>, ConnectError>>;
}

/// A team that issues can be made in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// The vendor's identifier.
    pub id: String,
    /// Its short name, as in `FN-231`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The states that its issues go through, in their order, with what each means to us.
    pub states: Vec<(String, DeliveryStatus)>,
    /// Its projects by identifier and name.
    pub projects: Vec<(String, String)>,
}

/// An issue to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its identifier, see [`issue_id`].
    pub id: Uuid,
    /// The vendor's identifier of the team.
    pub team: String,
    /// Title.
    pub title: String,
    /// Text, in Markdown.
    pub body: String,
    /// Where what it delivers is found in Custory.
    pub link: String,
    /// What it delivers, in a few words.
    pub about: String,
}

/// An issue as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Its identifier.
    pub id: Uuid,
    /// What people call it, as `FN-231`.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Where it stands, in the vendor's word.
    pub provider_status: String,
    /// Who works on it; empty if nobody.
    pub assignee: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The identifier of the issue for an entity of a journey: the same on every device and at every try, so
/// that two tries can never make two issues.
///
/// A digest in the form of a random UUID, which is what Linear asks for.
pub fn issue_id(provider: &str, account: &str, journey: JourneyId, entity: EntityRef) -> Uuid {
    let digest = Sha256::digest(format!("custory issue\n{provider}\n{account}\n{journey}\n{entity}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_random_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::{InsightId, OpportunityId};

    #[test]
    fn one_item_has_one_issue_in_a_workspace_and_others_have_others() {
        let (journey, other) = (JourneyId::from_parts(1, 1), JourneyId::from_parts(1, 2));
        let item = EntityRef::from(OpportunityId::from_parts(2, 1));
        let id = |account, journey, entity| issue_id("linear", account, journey, entity);
        assert_eq!(id("acme", journey, item), id("acme", journey, item));
        let insight = EntityRef::from(InsightId::from_parts(2, 1));
        for different in [id("acme", other, item), id("b", journey, item), id("acme", journey, insight)] {
            assert_ne!(id("acme", journey, item), different);
        }
        assert_eq!(id("acme", journey, item).get_version_num(), 4);
    }
}
