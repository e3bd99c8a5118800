//! A plot of how long each of many transactions took, as SVG text. It computes no statistics, and writes no file.

use std::fmt::Write as _;
use std::time::Duration;

/// The width of a panel, and the height, in pixels.
const SIZE: (f64, f64) = (860.0, 170.0);
/// What is left free at the left of a panel, and above each.
const MARGIN: (f64, f64) = (70.0, 46.0);
/// The shortest and the longest time that has a place, as powers of ten of a millisecond.
const POWERS: (i32, i32) = (0, 5);
/// Transactions that begin so close to each other are one point, which is the longest of them.
const BUCKET: f64 = 0.1;

/// One run.
#[derive(Debug)]
pub struct Panel {
    /// What stands above it.
    pub title: String,
    /// When each transaction was due, and how long it took from then on.
    pub transactions: Vec<(Duration, Duration)>,
    /// When what is measured began and ended.
    pub run: (Duration, Duration),
}

/// Panels under each other, on one scale of time each.
pub fn svg(title: &str, panels: &[Panel]) -> String {
    let height = MARGIN.1 + 20.0 + panels.len() as f64 * (SIZE.1 + MARGIN.1);
    let width = SIZE.0 + MARGIN.0 + 20.0;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{:.0}\" y=\"24\" font-size=\"15\" font-weight=\"bold\">{title}</text>\n",
        MARGIN.0
    );
    for (place, panel) in panels.iter().enumerate() {
        let top = MARGIN.1 + 20.0 + place as f64 * (SIZE.1 + MARGIN.1);
        draw(&mut text, panel, top);
    }
    text.push_str("</svg>\n");
    text
}

fn draw(text: &mut String, panel: &Panel, top: f64) {
    let end = panel.transactions.iter().map(|(due, _)| due.as_secs_f64()).fold(1.0, f64::max);
    let x = |seconds: f64| MARGIN.0 + SIZE.0 * seconds / end;
    let y = |milliseconds: f64| {
        let powers = f64::from(POWERS.1 - POWERS.0);
        let power = (milliseconds.max(1.0).log10() - f64::from(POWERS.0)) / powers;
        top + SIZE.1 * (1.0 - power.clamp(0.0, 1.0))
    };
    let (from, to) = (x(panel.run.0.as_secs_f64()), x(panel.run.1.as_secs_f64()));
    let _ = write!(
        text,
        "<text x=\"{:.0}\" y=\"{:.0}\">{}</text>\n\
         <rect x=\"{from:.1}\" y=\"{top:.0}\" width=\"{:.1}\" height=\"{:.0}\" fill=\"#eef3fb\"/>\n",
        MARGIN.0,
        top - 8.0,
        panel.title,
        (to - from).max(1.0),
        SIZE.1
    );
    for power in POWERS.0..=POWERS.1 {
        let milliseconds = 10_f64.powi(power);
        let label =
            if power < 3 { format!("{milliseconds:.0} ms") } else { format!("{:.0} s", milliseconds / 1e3) };
        let place = y(milliseconds);
        let _ = write!(
            text,
            "<line x1=\"{:.0}\" x2=\"{:.0}\" y1=\"{place:.1}\" y2=\"{place:.1}\" stroke=\"#ddd\"/>\n\
             <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#555\">{label}</text>\n",
            MARGIN.0,
            MARGIN.0 + SIZE.0,
            MARGIN.0 - 6.0,
            place + 4.0
        );
    }
    let points: Vec<String> = longest(&panel.transactions)
        .into_iter()
        .map(|(seconds, milliseconds)| format!("{:.1},{:.1}", x(seconds), y(milliseconds)))
        .collect();
    let _ = write!(
        text,
        "<polyline fill=\"none\" stroke=\"#1f5fbf\" stroke-width=\"1\" points=\"{}\"/>\n\
         <text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\" fill=\"#555\">{end:.0} s</text>\n",
        points.join(" "),
        MARGIN.0 + SIZE.0,
        top + SIZE.1 + 14.0
    );
}

/// The longest of each bucket: its begin in seconds, and how long in milliseconds.
fn longest(transactions: &[(Duration, Duration)]) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (due, took) in transactions {
        let begin = (due.as_secs_f64() / BUCKET).floor() * BUCKET;
        let milliseconds = took.as_secs_f64() * 1e3;
        match points.last_mut() {
            Some((last, longest)) if (*last - begin).abs() < BUCKET / 2.0 => {
                *longest = longest.max(milliseconds)
            }
            _ => points.push((begin, milliseconds)),
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_as_long_as_its_longest() {
        let millis = Duration::from_millis;
        let all = [(millis(0), millis(3)), (millis(50), millis(9)), (millis(120), millis(4))];
        assert_eq!(longest(&all), [(0.0, 9.0), (0.1, 4.0)]);
    }

    #[test]
    fn every_panel_has_a_line_and_its_title() {
        let panel = || Panel {
            title: "a run".to_owned(),
            transactions: vec![(Duration::ZERO, Duration::from_millis(5))],
            run: (Duration::ZERO, Duration::from_secs(1)),
        };
        let text = svg("all of it", &[panel(), panel()]);
        assert_eq!((text.matches("<polyline").count(), text.matches("a run").count()), (2, 2));
    }
}
