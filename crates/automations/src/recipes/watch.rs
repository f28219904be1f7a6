//! What a person made: an item that comes to be what they watch for is given to somebody, moved on, asked about, sent.
//!
//! What was so when it looked for the first time stays as it is, and so does what an automation made so.

use std::collections::BTreeSet;

use custory_domain::board::BoardIndex;
use custory_domain::wording::count;
use custory_domain::*;
use custory_ipc::{Deed, Watched};

use crate::condition::About;
use crate::names::name;
use crate::plan::{Effect, Plan};

pub(super) fn plan(
    board: &Board,
    key: &str,
    watch: &Watched,
    deeds: &[Deed],
    known: Option<&BTreeSet<EntityRef>>,
    now: Timestamp,
) -> Plan {
    let mut plan = Plan::default();
    let index = BoardIndex::of(board);
    let items = ItemKind::ALL.iter().flat_map(|it| board.items(*it));
    let found = items.filter(|it| it.trashed.is_none() && watch.filter.finds(board, &index, now, it.id));
    let found: Vec<_> = found.collect();
    for it in &found {
        if known.is_none_or(|known| known.contains(&it.id)) {
            continue;
        }
        if it.updated.via == Via::Automation {
            plan.check(it.title, "It came in by an automation, and wakes none.".to_owned(), false);
            continue;
        }
        plan.check(it.title, format!("It came into “{}”.", watch.name), true);
        plan.incoming.push((it.id, it.updated.at));
        let about = About::of(board, it.steps, it.owner);
        plan.effects.extend(effects(board, key, watch, deeds, it, &about));
    }
    let were = found.len() - plan.incoming.len();
    let rest = format!("{} in it before.", count(were, "item was", "items were"));
    plan.check(&watch.name, rest, false);
    plan.found = Some(found.iter().map(|it| it.id).collect());
    plan
}

fn effects(
    board: &Board,
    key: &str,
    watch: &Watched,
    deeds: &[Deed],
    it: &board::ItemView<'_>,
    about: &About,
) -> Vec<Effect> {
    let title = it.title;
    let set = |says: String, change: Change| Effect::Change {
        says,
        adds: Vec::new(),
        command: Command::set(change),
        about: about.clone(),
        settles: None,
    };
    let effect = |deed: &Deed| match deed {
        Deed::Ask => {
            let id = CommentId::from(name(key, &[&it.id, &it.updated.at.0]));
            let comment = Comment {
                body: format!("This came into “{}”. What comes next?", watch.name),
                mentions: about.owner.into_iter().collect(),
                about: Some(it.id),
                ..Comment::new(id)
            };
            Some(Effect::Change {
                says: format!("Question on “{title}”: what comes next?"),
                adds: vec![id.into()],
                command: Command::add(comment),
                about: about.clone(),
                settles: None,
            })
        }
        Deed::Give { member, name } => (it.owner != Some(*member))
            .then(|| owner_change(it.id, Some(*member)))
            .flatten()
            .map(|change| set(format!("“{title}” is {name}’s"), change)),
        Deed::Move { to } => (ItemState::of(board, it.id) != Some(*to))
            .then(|| to.change(it.id))
            .flatten()
            .map(|change| set(format!("“{title}” is {}", to.word().to_lowercase()), change)),
        Deed::Issue { vendor, team } => {
            let can = matches!(it.kind, ItemKind::Insight | ItemKind::Opportunity | ItemKind::Solution);
            let is_sent = board.delivery_links.values().any(|link| {
                link.trashed.is_none() && link.provider == *vendor && link.delivers == Some(it.id)
            });
            (can && !is_sent).then(|| Effect::Send {
                says: format!("Issue “{title}” for {team}"),
                entity: it.id,
                about: about.clone(),
                vendor: vendor.clone(),
                team: team.clone(),
            })
        }
    };
    if deeds.is_empty() {
        let says = format!("“{title}” came into “{}”", watch.name);
        return vec![Effect::Tell { says, about: about.clone() }];
    }
    deeds.iter().filter_map(effect).collect()
}

#[cfg(test)]
mod tests {
    use custory_domain::filter::{Criterion, Filter};

    use super::*;

    const ANA: MemberId = MemberId::from_parts(1, 1);
    const BEN: MemberId = MemberId::from_parts(1, 2);

    fn opportunity(number: u128, impact: u8, via: Via) -> Opportunity {
        let mut it = Opportunity::new(OpportunityId::from_parts(2, number));
        it.title = format!("Problem {number}");
        it.impact = Some(impact);
        it.owner = Some(ANA);
        it.updated = Stamp { by: ANA, at: Timestamp(100 + impact as i64), via };
        it
    }

    fn watch() -> Watched {
        let mut filter = Filter::default();
        filter.add(Criterion::Impact { least: 4 }.into());
        Watched { name: "Big ones".to_owned(), filter }
    }

    fn board(all: impl IntoIterator<Item = Opportunity>) -> Board {
        Board::from(all.into_iter().map(Entity::from).collect::<Vec<_>>())
    }

    fn says(plan: &Plan) -> Vec<&str> {
        plan.effects.iter().map(Effect::says).collect()
    }

    fn planned(board: &Board, deeds: &[Deed], known: Option<&BTreeSet<EntityRef>>) -> Plan {
        plan(board, "k", &watch(), deeds, known, Timestamp(0))
    }

    #[test]
    fn what_comes_in_is_acted_on_once_and_what_was_in_it_is_left_alone() {
        let before = board([opportunity(1, 5, Via::User), opportunity(2, 3, Via::User)]);
        let deeds = [Deed::Ask, Deed::Give { member: BEN, name: "Ben".to_owned() }];
        let first = planned(&before, &deeds, None);
        assert!(first.effects.is_empty() && first.incoming.is_empty());
        let known = first.found.unwrap();
        assert_eq!(known.len(), 1);
        let after = board([opportunity(1, 5, Via::User), opportunity(2, 4, Via::User)]);
        let found = planned(&after, &deeds, Some(&known));
        assert_eq!(says(&found), ["Question on “Problem 2”: what comes next?", "“Problem 2” is Ben’s"]);
        let again = planned(&after, &deeds, found.found.as_ref());
        assert!(again.effects.is_empty());
        // The same question on another device has the same name; out and in again has another.
        let ids = |plan: &Plan| match &plan.effects[0] {
            Effect::Change { adds, .. } => adds.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(ids(&found), ids(&planned(&after, &deeds, Some(&known))));
        let later = board([opportunity(1, 5, Via::User), opportunity(2, 5, Via::User)]);
        assert_ne!(ids(&found), ids(&planned(&later, &deeds, Some(&known))));
    }

    #[test]
    fn an_automation_wakes_none() {
        let after = board([opportunity(2, 4, Via::Automation)]);
        let found = planned(&after, &[], Some(&BTreeSet::new()));
        assert!(found.effects.is_empty() && found.incoming.is_empty());
        assert_eq!(found.found.map(|it| it.len()), Some(1), "it is in it all the same");
    }

    #[test]
    fn only_what_is_not_so_yet_and_fits_the_kind_is_done() {
        let mut it = opportunity(2, 4, Via::User);
        it.state = OpportunityState::Prioritised;
        let link = DeliveryLink {
            provider: "linear".to_owned(),
            delivers: Some(it.id.into()),
            ..DeliveryLink::new(DeliveryLinkId::from_parts(3, 1))
        };
        let mut after = board([it]);
        after.put(link.into());
        let deeds = [
            Deed::Give { member: ANA, name: "Ana".to_owned() },
            Deed::Move { to: ItemState::Opportunity(OpportunityState::Prioritised) },
            Deed::Move { to: ItemState::Solution(SolutionState::Planned) },
            Deed::Issue { vendor: "linear".to_owned(), team: "ACM".to_owned() },
        ];
        let none = BTreeSet::new();
        assert!(planned(&after, &deeds, Some(&none)).effects.is_empty());
        let parked = [Deed::Move { to: ItemState::Opportunity(OpportunityState::Parked) }];
        assert_eq!(says(&planned(&after, &parked, Some(&none))), ["“Problem 2” is parked"]);
        assert_eq!(says(&planned(&after, &[], Some(&none))), ["“Problem 2” came into “Big ones”"]);
    }
}
