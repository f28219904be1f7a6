//! From the journey's scores to what is drawn: which dots there are, how they rank, what they lack.
//! Ranks are those in the whole list; the filter only takes lines out of sight.

use custory_domain::filter::Filter;
use custory_domain::score::opportunity::OpportunityScore;
use custory_domain::score::priority::{PriorityFormula, PriorityInput, Ranking, rank};
use custory_domain::*;

use super::place::{Label, Spot, labels, spread};
use crate::format;
use crate::state::OpenJourney;
use crate::views::map::{Font, text_width};
use crate::views::table::{Places, first_step, places};

/// Dots that share impact and effort and are drawn apart; the rest is behind a number.
pub const SHARED_MAX: usize = 12;
/// Radius of a dot with no evidence, in pixels, and what it grows by with the root of the evidence.
const RADIUS: f64 = 10.0;
const RADIUS_GROWTH: f64 = 3.0;
const RADIUS_MAX: f64 = 34.0;

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Which opportunity.
    pub id: OpportunityId,
    /// Its place in the list, from 1; none without a value.
    pub rank: Option<usize>,
    /// Its title.
    pub title: String,
    /// Its value by the list's formula, as written.
    pub value: Option<String>,
    /// What it lacks for a value.
    pub missing: Vec<PriorityInput>,
    /// Its step's title.
    pub step: String,
    /// Its stage's colour, as a style value.
    pub colour: String,
    /// Pieces of evidence behind it.
    pub evidence: usize,
    /// Where the work on it stands.
    pub state: OpportunityState,
    /// 1 to 5: what counts.
    pub impact: Option<u8>,
    /// 1 to 5: what counts.
    pub effort: Option<u8>,
    /// Where formulas and solutions would put it, where a person put it elsewhere.
    pub suggested: Option<Spot>,
}

/// A dot in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// Its line.
    pub line: Listed,
    /// Its centre, in pixels.
    pub at: (f64, f64),
    /// Its radius, in pixels.
    pub radius: f64,
    /// Where its title stands; none if there is no room.
    pub label: Option<Label>,
    /// Where the formulas would put it.
    pub ghost: Option<(f64, f64)>,
}

/// Dots that there was no room for.
#[derive(Clone, Debug, PartialEq)]
pub struct Crowd {
    /// Where the number stands, in pixels.
    pub at: (f64, f64),
    /// Which ones.
    pub ids: Vec<(OpportunityId, String)>,
}

/// Everything that is computed for drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PriorityModel {
    /// The formula of the list.
    pub formula: PriorityFormula,
    /// The formula that fits the list by itself.
    pub fitting: PriorityFormula,
    /// The list, as shown.
    pub list: Vec<Listed>,
    /// How many there are before the filter.
    pub total: usize,
    /// Dots, the first one in the list last, so that it lies on top.
    pub dots: Vec<Dot>,
    /// Where more lie than can be drawn.
    pub crowds: Vec<Crowd>,
    /// Those that have no place, because impact or effort is unknown.
    pub unplaced: Vec<Listed>,
}

impl PriorityModel {
    /// Computes it.
    pub fn of(
        open: &OpenJourney,
        filter: &Filter,
        formula: Option<PriorityFormula>,
        size: (f64, f64),
    ) -> Self {
        let fitting = open.scores.ranking.formula;
        let formula = formula.unwrap_or(fitting);
        let ranking = ranking(open, formula);
        let total = ranking.entries.len();
        let places = places(open);
        let list: Vec<Listed> = ranking
            .entries
            .iter()
            .enumerate()
            .filter(|(_, it)| {
                !filter.is_on() || filter.passes(&open.board, &open.index, it.opportunity.into())
            })
            .filter_map(|(at, it)| {
                let value = it.value.map(|value| custory_domain::wording::priority_text(formula, value));
                let rank = it.value.map(|_| at + 1);
                listed(open, &places, it.opportunity, rank, value, it.missing.clone())
            })
            .collect();
        let mut model = Self { formula, fitting, total, ..Self::default() };
        model.place(&list, size);
        model.list = list;
        model
    }

    /// Puts dots where they lie.
    fn place(&mut self, list: &[Listed], size: (f64, f64)) {
        self.unplaced =
            list.iter().filter(|it| it.impact.is_none() || it.effort.is_none()).cloned().collect();
        if size.0 < 1.0 || size.1 < 1.0 {
            return;
        }
        for impact in 1..=5_u8 {
            for effort in 1..=5_u8 {
                let here = || list.iter().filter(|it| (it.impact, it.effort) == (Some(impact), Some(effort)));
                let count = here().count();
                let drawn = if count > SHARED_MAX { SHARED_MAX - 1 } else { count };
                let field = Spot { impact, effort };
                let places = spread(size, field, drawn + usize::from(drawn < count));
                for (line, place) in here().zip(&places).take(drawn) {
                    let grown = RADIUS + RADIUS_GROWTH * (line.evidence as f64).sqrt();
                    let offset = {
                        let centre = field.centre(size);
                        (place.at.0 - centre.0, place.at.1 - centre.1)
                    };
                    let ghost = line.suggested.map(|it| {
                        let centre = it.centre(size);
                        (centre.0 + offset.0, centre.1 + offset.1)
                    });
                    self.dots.push(Dot {
                        line: line.clone(),
                        at: place.at,
                        radius: grown.min(RADIUS_MAX).min(place.room),
                        label: None,
                        ghost,
                    });
                }
                if let Some(place) = places.get(drawn).filter(|_| drawn < count) {
                    let ids = here().skip(drawn).map(|it| (it.id, it.title.clone())).collect();
                    self.crowds.push(Crowd { at: place.at, ids });
                }
            }
        }
        let order = |dot: &Dot| dot.line.rank.unwrap_or(usize::MAX);
        self.dots.sort_by_key(order);
        let boxes: Vec<_> = self.dots.iter().map(|it| (it.at, it.radius, it.line.title.as_str())).collect();
        let labels = labels(size, &boxes, |text| text_width(Font::Card, text));
        for (dot, label) in self.dots.iter_mut().zip(labels) {
            dot.label = label;
        }
        self.dots.reverse();
    }

    /// A line by its opportunity.
    pub fn line(&self, id: OpportunityId) -> Option<&Listed> {
        self.list.iter().find(|it| it.id == id)
    }
}

/// The open opportunities by a formula; the same list as the journey's own, in another order.
pub fn ranking(open: &OpenJourney, formula: PriorityFormula) -> Ranking {
    let own = &open.scores.ranking;
    if own.formula == formula {
        return own.clone();
    }
    let inputs = own
        .entries
        .iter()
        .filter_map(|it| Some((it.opportunity, &open.scores.opportunities.get(&it.opportunity)?.inputs)));
    rank(inputs, formula)
}

fn listed(
    open: &OpenJourney,
    places: &Places,
    id: OpportunityId,
    rank: Option<usize>,
    value: Option<String>,
    missing: Vec<PriorityInput>,
) -> Option<Listed> {
    let board = &open.board;
    let it = board.opportunities.get(&id)?;
    let score = open.scores.opportunities.get(&id)?;
    let step = first_step(places, board, id.into());
    Some(Listed {
        id,
        rank,
        title: it.title.clone(),
        value,
        missing,
        step: step.and_then(|it| board.steps.get(&it)).map(|it| it.title.clone()).unwrap_or_default(),
        colour: step.and_then(|it| places.get(&it)).map(|it| it.colour.clone()).unwrap_or_default(),
        evidence: open.index.evidence_behind(it),
        state: it.state,
        impact: score.inputs.impact,
        effort: score.inputs.effort,
        suggested: suggested(score),
    })
}

/// Where formulas and solutions would put it; none if that is where it is, or if they do not say.
fn suggested(score: &OpportunityScore) -> Option<Spot> {
    let (impact, effort) = (score.inputs.impact?, score.inputs.effort?);
    let spot = Spot {
        impact: score.impact.suggested.unwrap_or(impact),
        effort: score.effort_suggested.map_or(effort, |it| it.value),
    };
    (spot != Spot { impact, effort }).then_some(spot)
}

impl Listed {
    /// What a screen reader hears about its dot.
    pub fn spoken(&self) -> String {
        let rank = self.rank.map(|it| format!("{it}. ")).unwrap_or_default();
        let of = |value: Option<u8>| value.map_or("unknown".to_owned(), |it| it.to_string());
        format!(
            "{rank}{}. Impact {}, effort {}, {}",
            self.title,
            of(self.impact),
            of(self.effort),
            format::count(self.evidence, "quote", "quotes")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_was_just_set_counts_before_anything_is_scored_anew() {
        let size = (750.0, 700.0);
        let (stage, step) = (StageId::from_parts(1, 1), StepId::from_parts(1, 2));
        let at = |effort| Opportunity {
            title: "Let crew join by a code".to_owned(),
            impact: Some(2),
            effort: Some(effort),
            steps: [step].into(),
            ..Opportunity::new(OpportunityId::from_parts(1, 3))
        };
        let mut board = Board::default();
        board.put(Stage::new(stage).into());
        board.put(Step { stage: Some(stage), ..Step::new(step) }.into());
        board.put(at(4).into());
        let mut open = OpenJourney::as_of(JourneyId::from_parts(1, 0), board, Timestamp(0));
        let model = |open: &OpenJourney| PriorityModel::of(open, &Filter::default(), None, size);
        assert_eq!(model(&open).dots[0].at, Spot { impact: 2, effort: 4 }.centre(size));
        open.apply(&Patch { put: vec![at(1).into()], removed: Vec::new() });
        let moved = model(&open);
        assert_eq!(moved.dots[0].at, Spot { impact: 2, effort: 1 }.centre(size));
        assert_eq!((moved.list[0].impact, moved.list[0].effort), (Some(2), Some(1)));
    }
}
