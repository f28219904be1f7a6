//! A small journey to ask about, and turns of a scripted model.

use custory_assistant::Server;
use custory_assistant::structured::Model;
use custory_domain::*;
use custory_testkit::ollama::Ollama;
use serde_json::{Value, json};

/// When the tests are.
pub const NOW: Timestamp = Timestamp(1_764_000_000_000);

/// A journey with two steps, a pain, an opportunity, a metric, a quote and something in the trash.
pub struct World {
    pub board: Board,
    pub verify: StepId,
    pub pain: InsightId,
    pub quote: EvidenceId,
    pub trashed: StepId,
}

impl World {
    pub fn new() -> Self {
        let stage = Stage { title: "Start".to_owned(), ..Stage::new(StageId::from_parts(1, 1)) };
        let step = |id: u128, title: &str, order: &Order| Step {
            title: title.to_owned(),
            stage: Some(stage.id),
            order: order.clone(),
            ..Step::new(StepId::from_parts(1, id))
        };
        let orders = Order::series(None, 3);
        let sign_up = step(2, "Sign up", &orders[0]);
        let verify = step(3, "Verify the e-mail", &orders[1]);
        let gone = Step { trashed: Some(Stamp::default()), ..step(4, "Secret old step", &orders[2]) };
        let pain = Insight {
            statement: "The mail does not arrive, people wait for verification".to_owned(),
            severity: Some(4),
            steps: [verify.id].into(),
            ..Insight::new(InsightId::from_parts(1, 5))
        };
        let lost = Insight {
            statement: "Secret pain on a step in the trash".to_owned(),
            steps: [gone.id].into(),
            ..Insight::new(InsightId::from_parts(1, 6))
        };
        let opportunity = Opportunity {
            title: "Send mails faster".to_owned(),
            impact: Some(4),
            effort: Some(2),
            steps: [verify.id].into(),
            insights: [pain.id].into(),
            ..Opportunity::new(OpportunityId::from_parts(1, 7))
        };
        let point = |value: f64| MetricPoint { value, n: Some(500), ..MetricPoint::default() };
        let metric = Metric {
            name: "Signups".to_owned(),
            steps: [sign_up.id].into(),
            points: [("2025-10-01", 400.0), ("2025-11-01", 300.0)]
                .into_iter()
                .map(|(day, value)| (day.parse().expect("a day"), point(value)))
                .collect(),
            ..Metric::new(MetricId::from_parts(1, 8))
        };
        let quote = Evidence {
            excerpt: "I waited an hour for the mail".to_owned(),
            source: "intercom".to_owned(),
            is_verified: true,
            claims: [(pain.id.into(), Stance::Supports)].into(),
            ..Evidence::new(EvidenceId::from_parts(1, 9))
        };
        let journey =
            Journey { title: "Onboarding".to_owned(), ..Journey::new(JourneyId::from_parts(1, 10)) };
        let (verify_id, pain_id, quote_id, trashed) = (verify.id, pain.id, quote.id, gone.id);
        let entities: Vec<Entity> = vec![
            journey.into(),
            stage.into(),
            sign_up.into(),
            verify.into(),
            gone.into(),
            pain.into(),
            lost.into(),
            opportunity.into(),
            metric.into(),
            quote.into(),
        ];
        Self { board: entities.into(), verify: verify_id, pain: pain_id, quote: quote_id, trashed }
    }
}

/// The scripted model.
pub fn model(ollama: &Ollama) -> Model {
    let server = Server::at(ollama.address(), false).expect("a loopback address");
    Model { server, name: Ollama::MODEL.to_owned(), digest: None, context_tokens: 8_192, chance: 0 }
}

/// A turn with what differs from an empty one.
pub fn turn(act: &str, more: Value) -> Value {
    let mut turn = json!({ "act": act, "changes": [], "claims": [], "name": "", "query": "", "tool": "" });
    if let (Some(turn), Some(more)) = (turn.as_object_mut(), more.as_object()) {
        turn.extend(more.clone());
    }
    turn
}
