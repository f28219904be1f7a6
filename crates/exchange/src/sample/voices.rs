//! What customers and colleagues in the example say: evidence and comments.

use custory_domain::*;

use super::add::Builder;
use super::file::{QuoteText, Said};

impl Builder<'_> {
    /// Adds a quote or a measured fact about what has the key `about`.
    pub(super) fn evidence(&mut self, about: &str, it: QuoteText) {
        let Some(claim) = self.kinds.get(about).copied() else { return };
        let Some(source) = self.content.quotes.sources.get(&it.source) else { return };
        let stance = if it.against { Stance::Contradicts } else { Stance::Supports };
        let place = if it.company.is_empty() { &it.channel } else { &it.company };
        let author = [it.by.as_str(), place].into_iter().filter(|it| !it.is_empty());
        // The address is made up; it only has to be another one for each piece.
        let locator = format!("{}{}", source.address, 40_000 + self.commands.len());
        let (sort, weight) = (source.sort, it.weight.unwrap_or(source.weight));
        let evidence = Evidence {
            sort,
            excerpt: it.text,
            author: author.collect::<Vec<_>>().join(", "),
            account: self.account(weight, &it.by, &it.company),
            source: it.source,
            locator,
            captured_at: Some(self.ago(it.days_ago)),
            weight,
            sentiment: it.sentiment,
            is_verified: true,
            claims: [(claim, stance)].into(),
            ..Evidence::new((self.mint)().into())
        };
        self.add(evidence);
    }

    /// A customer's pseudonym, the same for one company. The team's own words and measured facts
    /// have none.
    fn account(&mut self, weight: WeightClass, by: &str, company: &str) -> String {
        let name = if company.is_empty() { by } else { company };
        if weight == WeightClass::Internal || name.is_empty() {
            return String::new();
        }
        let next = self.accounts.len() + 1;
        let number = self.accounts.entry(name.to_owned()).or_insert(next);
        format!("acct-{number:03}")
    }

    /// Adds a comment and its answers.
    pub(super) fn comment(&mut self, said: Said, about: Option<EntityRef>, reply_to: Option<CommentId>) {
        let comment = Comment {
            body: said.body,
            mentions: said.mentions.iter().map(|it| self.member(it)).collect(),
            is_resolved: said.is_resolved,
            about,
            reply_to,
            author: Some(self.member(&said.by)),
            said_at: Some(self.ago(said.days_ago)),
            ..Comment::new((self.mint)().into())
        };
        let id = comment.id;
        self.add(comment);
        said.replies.into_iter().for_each(|it| self.comment(it, about, Some(id)));
    }
}
