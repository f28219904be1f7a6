//! Turns the example's data into commands, thing by thing in the order of the map.

use std::collections::BTreeMap;

use custory_domain::*;
use ulid::Ulid;

use super::Sample;
use super::file::{
    BranchText, Content, DaysAgo, Decided, Key, SolutionText, StepText, VerdictText, WindowText,
};

/// Key under which the files speak of whoever opens the example.
const ME: &str = "maya";

/// Collects the commands. Keys get their id when they are first spoken of.
pub(super) struct Builder<'a> {
    pub content: Content,
    now: Timestamp,
    pub mint: &'a mut dyn FnMut() -> Ulid,
    ids: BTreeMap<Key, Ulid>,
    /// Steps and items by key, for what speaks about either.
    pub kinds: BTreeMap<Key, EntityRef>,
    /// Pseudonyms of customers' accounts, numbered as they come.
    pub accounts: BTreeMap<String, usize>,
    pub commands: Vec<Command>,
}

impl<'a> Builder<'a> {
    pub fn new(content: Content, now: Timestamp, me: MemberId, mint: &'a mut dyn FnMut() -> Ulid) -> Self {
        let (ids, kinds, accounts) =
            (BTreeMap::from([(ME.to_owned(), me.ulid())]), BTreeMap::new(), BTreeMap::new());
        Self { content, now, mint, ids, kinds, accounts, commands: Vec::new() }
    }

    pub fn build(mut self) -> Sample {
        let people = self.people();
        let persona = self.persona();
        let journey = self.journey(persona.id);
        for stage in std::mem::take(&mut self.content.map.stages) {
            let id = (self.mint)().into();
            self.add(Stage { title: stage.title, goal: stage.goal, ..Stage::new(id) });
            stage.steps.into_iter().for_each(|step| self.step_with_items(step, id));
        }
        self.metrics();
        std::mem::take(&mut self.content.map.verdicts).into_iter().for_each(|it| self.verdict(it));
        for (key, quotes) in std::mem::take(&mut self.content.quotes.quotes) {
            quotes.into_iter().for_each(|it| self.evidence(&key, it));
        }
        for said in std::mem::take(&mut self.content.map.comments) {
            let about = self.kinds.get(&said.on).copied();
            self.comment(said, about, None);
        }
        std::mem::take(&mut self.content.map.branches).into_iter().for_each(|it| self.branch(it));
        std::mem::take(&mut self.content.map.decisions).into_iter().for_each(|it| self.decision(it));
        Sample { journey, commands: self.commands, people, personas: vec![persona] }
    }

    fn people(&mut self) -> Vec<Member> {
        let people = std::mem::take(&mut self.content.map.people);
        let join = |it: super::file::Colleague| {
            let member = Member::new(self.id(&it.key));
            Member { name: it.name, title: it.title, colour: it.colour, role: MemberRole::Editor, ..member }
        };
        people.into_iter().map(join).collect()
    }

    fn persona(&mut self) -> Persona {
        let id = (self.mint)().into();
        let it = &self.content.map.persona;
        Persona {
            name: it.name.clone(),
            description: it.description.clone(),
            part: it.part,
            goals: it.goals.clone(),
            frustrations: it.frustrations.clone(),
            job_when: it.job_when.clone(),
            job_want: it.job_want.clone(),
            job_so: it.job_so.clone(),
            basis: it.basis,
            ..Persona::new(id)
        }
    }

    fn journey(&mut self, persona: PersonaId) -> Journey {
        let (id, outcome) = ((self.mint)().into(), self.content.map.journey.outcome.clone());
        let outcome = self.id(&outcome);
        let owner = self.content.map.journey.owner.clone();
        let owner = self.member(&owner);
        let it = &self.content.map.journey;
        Journey {
            title: it.title.clone(),
            scenario: it.scenario.clone(),
            expectation: it.expectation.clone(),
            scope_from: it.scope_from.clone(),
            scope_to: it.scope_to.clone(),
            outcome_metric: Some(outcome),
            review_every_days: it.review_every_days,
            owner: Some(owner),
            personas: [persona].into(),
            is_sample: true,
            ..Journey::new(id)
        }
    }

    fn step_with_items(&mut self, text: StepText, stage: StageId) {
        let owner = self.member(&text.owner);
        let id = self.step(&text.key);
        self.kinds.insert(text.key.clone(), id.into());
        self.add(Step {
            title: text.title,
            action: text.action,
            thought: text.thought,
            emotion: Some(text.emotion),
            emotion_basis: Basis::Observed,
            is_value_moment: text.is_value_moment,
            is_moment_of_truth: text.is_moment_of_truth,
            events: text.events,
            paths: text.paths,
            target_conversion: text.target_conversion,
            owner: Some(owner),
            stage: Some(stage),
            last_reviewed: Some(Stamp { by: owner, at: self.ago(text.reviewed_days_ago), via: Via::User }),
            ..Step::new(id)
        });
        for it in text.touchpoints {
            let new = Touchpoint::new((self.mint)().into());
            self.add(Touchpoint {
                title: it.title,
                channel: it.channel,
                url: it.url,
                steps: [id].into(),
                ..new
            });
        }
        for it in text.insights {
            let owner = self.member(&it.owner);
            let insight = Insight {
                statement: it.statement,
                sort: it.sort,
                truth: it.truth,
                severity: Some(it.severity),
                segment: it.segment,
                state: it.state,
                owner: Some(owner),
                steps: [id].into(),
                ..Insight::new(self.id(&it.key))
            };
            self.kinds.insert(it.key, insight.id.into());
            self.add(insight);
        }
        for it in text.opportunities {
            let opportunity = Opportunity {
                title: it.title,
                impact: Some(it.impact),
                effort: Some(it.effort),
                reason: it.reason,
                due: it.due_in_days.map(|days| self.ago(-days).date()),
                state: it.state,
                owner: Some(self.member(&it.owner)),
                steps: [id].into(),
                insights: it.insights.iter().map(|key| self.id(key)).collect(),
                ..Opportunity::new(self.id(&it.key))
            };
            self.kinds.insert(it.key, opportunity.id.into());
            self.add(opportunity);
        }
        text.solutions.into_iter().for_each(|it| self.solution(it, id));
    }

    fn solution(&mut self, it: SolutionText, step: StepId) {
        let solution = Solution {
            title: it.title,
            sort: it.sort,
            notes: it.notes,
            effort: Some(it.effort),
            target: it.target_in_days.map(|days| self.ago(-days).date()),
            success_metric: Some(self.id(&it.success_metric)),
            expected_change: Some(it.expected_change),
            state: it.state,
            shipped_at: it.shipped_days_ago.map(|days| self.ago(days)),
            owner: Some(self.member(&it.owner)),
            steps: [step].into(),
            opportunities: it.opportunities.iter().map(|key| self.id(key)).collect(),
            ..Solution::new(self.id(&it.key))
        };
        let issue = DeliveryLink {
            provider: "linear".to_owned(),
            external_id: it.issue.id,
            url: it.issue.url,
            title: it.issue.title,
            status: it.issue.status,
            provider_status: it.issue.provider_status,
            assignee: it.issue.assignee,
            merged_at: it.issue.merged_days_ago.map(|days| self.ago(days)),
            released_at: it.issue.released_days_ago.map(|days| self.ago(days)),
            last_synced: Some(self.ago(it.issue.synced_days_ago)),
            delivers: Some(solution.id.into()),
            ..DeliveryLink::new((self.mint)().into())
        };
        self.kinds.insert(it.key, solution.id.into());
        self.add(solution);
        self.add(issue);
    }

    fn verdict(&mut self, it: VerdictText) {
        let window = |it: &WindowText| VerdictWindow {
            from: self.ago(it.from_days_ago).date(),
            to: self.ago(it.to_days_ago).date(),
            value: it.value,
            n: it.n,
        };
        let (before, after) = (window(&it.before), window(&it.after));
        let solution = self.id(&it.solution);
        let verdict = Verdict {
            summary: it.summary,
            solution: Some(solution),
            metric: Some(self.id(&it.metric)),
            shipped_at: self.shipped_at(solution),
            before: Some(before),
            after: Some(after),
            low: Some(it.low),
            high: Some(it.high),
            outcome: it.outcome,
            confounders: it.confounders,
            is_interim: it.is_interim,
            ..Verdict::new((self.mint)().into())
        };
        self.add(verdict);
    }

    fn branch(&mut self, it: BranchText) {
        let (from, to) = (self.step(&it.from), self.step(&it.to));
        let branch = Some(Branch { label: it.label, share: Some(it.share) });
        self.commands.push(Command::Branch { from, to, branch });
    }

    fn decision(&mut self, it: Decided) {
        let decision = Decision {
            what: it.what,
            why: it.why,
            rejected: it.rejected,
            about: self.kinds.get(&it.on).copied(),
            based_on: it.based_on.iter().filter_map(|key| self.kinds.get(key).copied()).collect(),
            author: Some(self.member(&it.by)),
            decided_at: Some(self.ago(it.days_ago)),
            ..Decision::new((self.mint)().into())
        };
        self.add(decision);
    }

    fn shipped_at(&self, solution: SolutionId) -> Option<Timestamp> {
        self.commands.iter().find_map(|it| match it {
            Command::Add { entity, .. } => match &**entity {
                Entity::Solution(it) if it.id == solution => it.shipped_at,
                _ => None,
            },
            _ => None,
        })
    }

    pub fn add(&mut self, entity: impl Into<Entity>) {
        self.commands.push(Command::add(entity));
    }

    /// The id of what has this key.
    pub fn id<I: From<Ulid>>(&mut self, key: &str) -> I {
        (*self.ids.entry(key.to_owned()).or_insert_with(|| (self.mint)())).into()
    }

    pub fn step(&mut self, key: &str) -> StepId {
        self.id(key)
    }

    pub fn member(&mut self, key: &str) -> MemberId {
        self.id(key)
    }

    /// So many days before now; after now for negative ones.
    pub fn ago(&self, days: DaysAgo) -> Timestamp {
        Timestamp(self.now.0 - (days * Timestamp::DAY_MILLIS as f64) as i64)
    }
}
