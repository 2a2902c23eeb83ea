//! What is printed at the end.

/// The two tables, filled row by row.
#[derive(Default)]
pub(crate) struct Report {
    figures: Vec<[String; 4]>,
    growth: Vec<[String; 4]>,
    notes: Vec<String>,
}

impl Report {
    /// A figure and what it is held against, in one unit. `most` is the target itself; the ratio is figure to target.
    pub(crate) fn add(&mut self, what: &str, figure: Figure, target: &str, most: f64) {
        let ratio = figure.amount / most;
        let verdict = if ratio <= 1.0 { "" } else { " **above**" };
        eprintln!("  {what}: {figure}, target {target}, ratio {ratio:.2}{verdict}");
        self.figures.push([what.into(), figure.to_string(), target.into(), format!("{ratio:.2}{verdict}")]);
    }

    /// A figure that has no target.
    pub(crate) fn tell(&mut self, what: &str, figure: &str) {
        eprintln!("  {what}: {figure}");
        self.figures.push([what.into(), figure.into(), "".into(), "".into()]);
    }

    /// What the same thing costs at five times the size; more than `most` times as much is marked.
    pub(crate) fn grows(&mut self, what: &str, sizes: (&str, &str), costs: (Figure, Figure), most: f64) {
        let ratio = costs.1.amount / costs.0.amount;
        let verdict = if ratio <= most { "" } else { " **above**" };
        eprintln!("  {what}: {} -> {}, {ratio:.2} times{verdict}", costs.0, costs.1);
        let (small, large) = (format!("{}: {}", sizes.0, costs.0), format!("{}: {}", sizes.1, costs.1));
        self.growth.push([what.into(), small, large, format!("{ratio:.2} (at most {most:.1}){verdict}")]);
    }

    /// Something to know when reading the tables.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        eprintln!("  note: {text}");
        self.notes.push(text);
    }

    /// Everything as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut out = String::new();
        rows(&mut out, ["what", "figure", "target or peer", "ratio, 1 or less is met"], &self.figures);
        rows(&mut out, ["growth of", "at n", "at 5n", "ratio"], &self.growth);
        self.notes.iter().for_each(|note| out.push_str(&["- ", note, "\n"].concat()));
        out
    }
}

fn rows(out: &mut String, head: [&str; 4], rows: &[[String; 4]]) {
    if rows.is_empty() {
        return;
    }
    let line = |cells: &[String; 4]| format!("| {} |\n", cells.join(" | "));
    out.push_str(&line(&head.map(str::to_owned)));
    out.push_str("|---|---|---|---|\n");
    out.extend(rows.iter().map(line));
    out.push('\n');
}

/// An amount and its unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figure {
    /// How much, in the unit.
    pub(crate) amount: f64,
    unit: &'static str,
}

/// Seconds.
pub(crate) const fn seconds(amount: f64) -> Figure {
    Figure { amount, unit: "s" }
}

/// Milliseconds, from seconds.
pub(crate) const fn millis(seconds: f64) -> Figure {
    Figure { amount: seconds * 1e3, unit: "ms" }
}

/// MiB.
pub(crate) const fn mib(amount: f64) -> Figure {
    Figure { amount, unit: "MiB" }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = if self.amount < 0.1 {
            4
        } else if self.amount < 10.0 {
            2
        } else {
            0
        };
        write!(f, "{:.digits$} {}", self.amount, self.unit)
    }
}
