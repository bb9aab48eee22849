//! Lines of measurements, printed for people and saved for programs.

use serde_json::{Value, json};
use std::io::Write as _;

/// What was measured.
#[derive(Default)]
pub(crate) struct Table(Vec<Line>);

struct Line {
    what: String,
    /// None for what was not built.
    value: Option<f64>,
    unit: &'static str,
    goal: Option<Goal>,
}

/// What it should be.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(goal) => value >= goal,
            Self::AtMost(goal) => value <= goal,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtLeast(goal) => format!("≥ {goal}"),
            Self::AtMost(goal) => format!("≤ {goal}"),
        }
    }
}

impl Table {
    /// A number without a goal.
    pub(crate) fn note(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        self.add(Line {
            what: what.into(),
            value: Some(value),
            unit,
            goal: None,
        });
    }

    /// A number with a goal.
    pub(crate) fn goal(&mut self, what: impl Into<String>, value: f64, unit: &'static str, goal: Goal) {
        self.add(Line {
            what: what.into(),
            value: Some(value),
            unit,
            goal: Some(goal),
        });
    }

    /// A line of what could not be measured, since nobody built it.
    pub(crate) fn absent(&mut self, what: impl Into<String>) {
        self.add(Line {
            what: what.into(),
            value: None,
            unit: "",
            goal: None,
        });
    }

    /// Writes the line on standard output at once: a long run shows how far it is.
    fn add(&mut self, line: Line) {
        let Line {
            what,
            value,
            unit,
            goal,
        } = &line;
        let Some(value) = value else {
            let _ = writeln!(std::io::stdout().lock(), "{what:<72} {:>12}", "not built");
            self.0.push(line);
            return;
        };
        let verdict = match goal {
            None => String::new(),
            Some(goal) if goal.is_met(*value) => format!("goal {} met", goal.text()),
            Some(goal) => format!("goal {} MISSED", goal.text()),
        };
        let _ = writeln!(
            std::io::stdout().lock(),
            "{what:<72} {value:>12.2} {unit:<10} {verdict}"
        );
        self.0.push(line);
    }

    /// Writes a JSON file of this name, when there is a folder for it.
    pub(crate) fn save(&self, folder: Option<String>, file: &str) {
        let Some(folder) = folder else {
            return;
        };
        let lines: Vec<Value> = self.0.iter().map(line).collect();
        let path = std::path::Path::new(&folder).join(file);
        std::fs::write(path, format!("{:#}\n", json!({ "numbers": lines })))
            .expect("the folder of TRAOTAY_BENCH_DIR is there");
    }
}

fn line(line: &Line) -> Value {
    let Line {
        what,
        value,
        unit,
        goal,
    } = line;
    let goal = goal.map(|goal| json!({ "is": goal.text(), "met": value.is_some_and(|value| goal.is_met(value)) }));
    json!({ "what": what, "value": value, "unit": unit, "goal": goal })
}

/// Events or requests a second.
pub(crate) fn rate(count: usize, time: std::time::Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / time.as_secs_f64().max(f64::MIN_POSITIVE)
}
