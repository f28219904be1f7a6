//! From the journey's scores to what is drawn: which dots there are, how they rank, what they lack.
//! Ranks are those in the whole list; the filter only takes lines out of sight.

use std::collections::HashMap;

use custory_domain::filter::Filter;
use custory_domain::score::axis::{Axis, FIELDS, Scale};
use custory_domain::score::priority::{PriorityFormula, PriorityInput, Ranking, rank};
use custory_domain::*;

use super::axes::{Along, Axes, value_words};
use super::place::{Label, Spot, labels, spread};
use crate::format;
use crate::state::OpenJourney;
use crate::views::map::{Font, text_width};
use crate::views::table::{Places, first_step, places};

/// Dots that share a field and are drawn apart; the rest is behind a number.
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
    /// What counts along the one axis, from left to right.
    pub x: Placing,
    /// What counts along the other, from the bottom to the top.
    pub y: Placing,
}

/// What is known of an opportunity along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placing {
    /// What counts.
    pub value: Option<f64>,
    /// Its field, 1 to 5.
    pub field: Option<u8>,
    /// What formulas and solutions say, where a person set something that is in another field.
    pub suggested: Option<f64>,
    /// The field of that; its own where nothing else is suggested.
    pub field_suggested: Option<u8>,
    /// The highest field that a person can give it.
    pub field_max: u8,
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
    /// What the picture is laid out by.
    pub axes: Axes,
    /// Fields from left to right, and from the bottom to the top.
    pub scales: (Scale, Scale),
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
    /// Those that have no place, because what it is laid out by is unknown of them.
    pub unplaced: Vec<Listed>,
}

impl PriorityModel {
    /// Computes it.
    pub fn of(
        open: &OpenJourney,
        filter: &Filter,
        formula: Option<PriorityFormula>,
        axes: Axes,
        size: (f64, f64),
    ) -> Self {
        let fitting = open.scores.ranking.formula;
        let formula = formula.unwrap_or(fitting);
        let ranking = ranking(open, formula);
        let total = ranking.entries.len();
        let places = places(open);
        let scale = |axis: Axis| {
            let scores =
                ranking.entries.iter().filter_map(|it| open.scores.opportunities.get(&it.opportunity));
            axis.scale(scores.flat_map(|it| [axis.value(it, formula), axis.suggested(it)]).flatten(), formula)
        };
        let scales = (scale(axes.x), scale(axes.y));
        let mut model = Self { axes, scales, formula, fitting, total, ..Self::default() };
        let list: Vec<Listed> = ranking
            .entries
            .iter()
            .enumerate()
            .filter(|(_, it)| !filter.is_on() || open.passes(filter, it.opportunity.into()))
            .filter_map(|(at, it)| {
                let value = it.value.map(|value| custory_domain::wording::priority_text(formula, value));
                let rank = it.value.map(|_| at + 1);
                model.listed(open, &places, it.opportunity, rank, value, it.missing.clone())
            })
            .collect();
        model.place(&list, size);
        model.list = list;
        model
    }

    /// Puts dots where they lie.
    fn place(&mut self, list: &[Listed], size: (f64, f64)) {
        self.unplaced = list.iter().filter(|it| it.spot().is_none()).cloned().collect();
        if size.0 < 1.0 || size.1 < 1.0 {
            return;
        }
        for y in 1..=FIELDS {
            for x in 1..=FIELDS {
                let field = Spot { x, y };
                let here = || list.iter().filter(|it| it.spot() == Some(field));
                let count = here().count();
                let drawn = if count > SHARED_MAX { SHARED_MAX - 1 } else { count };
                let places = spread(size, field, drawn + usize::from(drawn < count));
                for (line, place) in here().zip(&places).take(drawn) {
                    let grown = RADIUS + RADIUS_GROWTH * (line.evidence as f64).sqrt();
                    let offset = {
                        let centre = field.centre(size);
                        (place.at.0 - centre.0, place.at.1 - centre.1)
                    };
                    let ghost = line.suggested().map(|it| {
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

    /// The axis along a side, and its fields.
    pub const fn along(&self, along: Along) -> (Axis, &Scale) {
        match along {
            Along::X => (self.axes.x, &self.scales.0),
            Along::Y => (self.axes.y, &self.scales.1),
        }
    }

    /// A line by its opportunity.
    pub fn line(&self, id: OpportunityId) -> Option<&Listed> {
        self.list.iter().find(|it| it.id == id)
    }
}

/// Which number is in which dot.
pub fn ranks(model: &PriorityModel) -> HashMap<OpportunityId, Option<usize>> {
    model.dots.iter().map(|it| (it.line.id, it.line.rank)).collect()
}

impl Dot {
    /// The same dot with the number that it has among these; with its own where it is new.
    pub fn ranked(&self, ranks: &HashMap<OpportunityId, Option<usize>>) -> Self {
        let mut dot = self.clone();
        if let Some(rank) = ranks.get(&dot.line.id) {
            dot.line.rank = *rank;
        }
        dot
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

impl PriorityModel {
    fn listed(
        &self,
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
        let placing = |along| {
            let (axis, scale) = self.along(along);
            let value = axis.value(score, self.formula);
            let field = value.map(|it| scale.field(it));
            let suggested = axis.suggested(score).filter(|it| Some(scale.field(*it)) != field);
            Placing {
                value,
                field,
                suggested,
                field_suggested: suggested.map(|it| scale.field(it)).or(field),
                field_max: axis.field_max(score, scale),
            }
        };
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
            x: placing(Along::X),
            y: placing(Along::Y),
        })
    }
}

impl Listed {
    /// The field in which it lies.
    pub fn spot(&self) -> Option<Spot> {
        Some(Spot { x: self.x.field?, y: self.y.field? })
    }

    /// Where formulas and solutions would put it; none if that is where it is, or if they do not say.
    pub fn suggested(&self) -> Option<Spot> {
        let spot = Spot { x: self.x.field_suggested?, y: self.y.field_suggested? };
        (self.spot()? != spot).then_some(spot)
    }

    /// What is known of it along a side.
    pub const fn along(&self, along: Along) -> &Placing {
        match along {
            Along::X => &self.x,
            Along::Y => &self.y,
        }
    }

    /// What a screen reader hears about its dot.
    pub fn spoken(&self, axes: Axes, formula: PriorityFormula) -> String {
        let rank = self.rank.map(|it| format!("{it}. ")).unwrap_or_default();
        let of = |axis: Axis, placing: Placing| {
            let value = placing.value.map_or("unknown".to_owned(), |it| value_words(axis, it, formula));
            format!("{} {value}", axis.name())
        };
        format!(
            "{rank}{}. {}, {}, {}",
            self.title,
            of(axes.y, self.y),
            lower(&of(axes.x, self.x)),
            format::count(self.evidence, "quote", "quotes")
        )
    }

    /// Its title, and below it what is suggested.
    pub fn hint(&self, axes: Axes, formula: PriorityFormula) -> String {
        let of = |axis: Axis, placing: Placing| {
            let value = value_words(axis, placing.suggested?, formula);
            Some(format!("{} {value}", axis.name().to_lowercase()))
        };
        let suggested: Vec<String> = [of(axes.y, self.y), of(axes.x, self.x)].into_iter().flatten().collect();
        if suggested.is_empty() {
            return self.title.clone();
        }
        format!("{}\nSuggested: {}", self.title, suggested.join(", "))
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    first + letters.as_str()
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
        let model =
            |open: &OpenJourney| PriorityModel::of(open, &Filter::default(), None, Axes::default(), size);
        assert_eq!(model(&open).dots[0].at, Spot { x: 4, y: 2 }.centre(size));
        open.apply(&Patch { put: vec![at(1).into()], removed: Vec::new() });
        let moved = model(&open);
        assert_eq!(moved.dots[0].at, Spot { x: 1, y: 2 }.centre(size));
        assert_eq!(moved.list[0].spot(), Some(Spot { x: 1, y: 2 }));
        let line = &moved.list[0];
        assert_eq!(
            line.spoken(moved.axes, moved.formula),
            "1. Let crew join by a code. Impact 2, effort 1, 0 quotes"
        );
    }
}
