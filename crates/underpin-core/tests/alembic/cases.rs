//! Graphs and questions about them, made by hand and at random from a fixed seed.

use serde::{Deserialize, Serialize};
use underpin_core::revision::{Applied, Header, Revision, RevisionGraph, RevisionId};

/// A revision as both sides read it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) parents: Vec<String>,
    pub(crate) depends_on: Vec<String>,
    pub(crate) labels: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Upgrade,
    Downgrade,
    Stamp,
    History,
    Parents,
    Splice,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Question {
    pub(crate) kind: Kind,
    /// The rows of `alembic_version`.
    pub(crate) rows: Vec<String>,
    pub(crate) targets: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Case {
    pub(crate) revisions: Vec<Entry>,
    pub(crate) questions: Vec<Question>,
}

/// What Alembic says of a question.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Answer {
    pub(crate) steps: Option<Vec<String>>,
    pub(crate) rows: Option<Vec<String>>,
    pub(crate) rows_crash: Option<String>,
    pub(crate) warned: bool,
    pub(crate) error: Option<String>,
    pub(crate) crash: Option<String>,
    pub(crate) hang: bool,
}

/// What Alembic says of a graph.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Description {
    pub(crate) heads: Option<Vec<String>>,
    pub(crate) effective_heads: Vec<String>,
    pub(crate) bases: Vec<String>,
    pub(crate) branch_points: Vec<String>,
    pub(crate) merge_points: Vec<String>,
    pub(crate) labels: std::collections::BTreeMap<String, Vec<String>>,
    pub(crate) error: Option<String>,
    pub(crate) crash: Option<String>,
    pub(crate) hang: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Answers {
    pub(crate) version: String,
    pub(crate) cases: Vec<CaseAnswers>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct CaseAnswers {
    pub(crate) graph: Description,
    pub(crate) answers: Vec<Answer>,
}

/// A small generator of numbers: the same cases on every machine and with every version.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// One revision a word: `id(parent,parent;dependency,dependency)#label`.
pub(crate) fn revisions(text: &str) -> Vec<Entry> {
    let names = |text: &str| text.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    text.split_whitespace()
        .map(|word| {
            let (word, labels) = word.split_once('#').unwrap_or((word, ""));
            let (id, edges) = word.split_once('(').unwrap_or((word, ""));
            let (parents, depends_on) =
                edges.trim_end_matches(')').split_once(';').unwrap_or((edges.trim_end_matches(')'), ""));
            Entry {
                id: id.to_owned(),
                parents: names(parents),
                depends_on: names(depends_on),
                labels: names(labels),
            }
        })
        .collect()
}

/// The graph that we make of the entries.
pub(crate) fn graph(entries: &[Entry]) -> Result<RevisionGraph, underpin_core::revision::GraphError> {
    RevisionGraph::new(entries.iter().map(revision).collect())
}

fn revision(entry: &Entry) -> Revision {
    let ids =
        |names: &[String]| names.iter().map(|name| name.parse().expect("ids in cases are valid")).collect();
    let mut header = Header::new(entry.id.parse().expect("ids in cases are valid"), ids(&entry.parents));
    header.depends_on.clone_from(&entry.depends_on);
    header.labels.clone_from(&entry.labels);
    Revision { header, file: format!("{}.sql", entry.id) }
}

/// The rows of a database in which these revisions, and what they require, are applied.
pub(crate) fn rows(graph: &RevisionGraph, ids: &[String]) -> Vec<String> {
    let ids: Vec<RevisionId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let heads = Applied::from_heads(graph, &ids).heads(graph);
    heads.iter().map(ToString::to_string).collect()
}

/// Graphs that are known to be hard, each asked everything.
pub(crate) fn by_hand(dice: &mut Dice) -> Vec<Case> {
    const GRAPHS: &[&str] = &[
        "",
        "aaaa",
        "a1 a2(a1) a3(a2) a4(a3)",
        "aaaa aabb(aaaa) abcd(aabb) b123(abcd)",
        "a1 a2(a1) c1 c2(c1)",
        "a1 a2(a1) a3(a1) a4(a2,a3)",
        "a1#alpha a2(a1) c1(;a2)#gamma c2(c1)",
        "a1 c1(;a1)",
        "a1 a2(a1) c1(;a1) c2(c1;a2)",
        "a1 a2(a1) c1 c2(c1;a2,a1)",
        "a1 a2(a1) a3(a2,a1)",
        "root left(root)#lhs right(root)#rhs left2(left) right2(right) join(left2,right2)",
        "root left(root)#lhs right(root)#rhs left2(left) right2(right) other#far other2(other;left)",
        "root one(root)#b1 two(root)#b2 three(root)#b3 m(one,two) x(m,three)",
        "a1#a b1#b a2(a1;b) b2(b1;a2) a3(a2;b2) b3(b1)",
        "aaaa bbbb(aaaa) cccc(bbbb) dddd(cccc;aaaa) eeee(;dddd) ffff(eeee;bbbb)",
        "t1 t2(t1) u1(t2)#up u2(u1) v1(t2)#vp v2(v1) w1(;u2)#wp w2(w1;v2)",
        "base1 base2 base3 m12(base1,base2) m23(base2,base3) m(m12,m23)",
        "a1#lab a2(a1) a3(a2)#lab2 a4(a3)",
        "x1 x2(x1)#mid x3(x2) y2(x1) y3(y2,x3)",
        "z9(z8) z8(z7,y7) z7(z1) y7(z1;q1) z1 q1",
    ];
    GRAPHS.iter().map(|text| with_questions(revisions(text), 60, dice)).collect()
}

/// Graphs that no tool should accept.
pub(crate) fn broken() -> Vec<Case> {
    const GRAPHS: &[&str] = &[
        "a(a)",
        "a(;a)",
        "a(b) b(a)",
        "a b(a,d) c(b) d(c) e(d)",
        "a b(a) c(b,e) d(c) e(d) f(e)",
        "a b(a,e) c(e;d) d(b) e(b)",
        "a(;b) b(;a)",
        "a b(a;c) c(b)",
        "a(missing)",
        "a(;missing)",
        "a#x b#x",
        "a#b b",
        "a#x b(a;x) c(b)#y d(;y)#z e(c;z)",
    ];
    GRAPHS.iter().map(|text| Case { revisions: revisions(text), questions: Vec::new() }).collect()
}

/// A graph at random, in random load order.
pub(crate) fn at_random(dice: &mut Dice) -> Case {
    let largest = if dice.percent(20) { 25 } else { 10 };
    let count = 1 + dice.below(largest);
    let style = dice.below(3);
    let with_dependencies = dice.percent(60);
    let forks = 5 + dice.below(40);
    let mut entries: Vec<Entry> = Vec::new();
    for number in 0..count {
        let mut entry = Entry {
            id: id(dice, style, number),
            parents: older(dice, &entries, forks),
            depends_on: Vec::new(),
            labels: Vec::new(),
        };
        if with_dependencies && number > 0 && dice.percent(25) {
            for _ in 0..1 + usize::from(dice.percent(20)) {
                let on = dice.pick(&entries);
                let name = if dice.percent(30) { on.labels.first().unwrap_or(&on.id) } else { &on.id };
                if !entry.depends_on.contains(name) {
                    entry.depends_on.push(name.clone());
                }
            }
        }
        if dice.percent(if entry.parents.is_empty() { 40 } else { 10 }) {
            entry.labels.push(format!("branch{number}"));
        }
        entries.push(entry);
    }
    for place in (1..entries.len()).rev() {
        let other = dice.below(place + 1);
        entries.swap(place, other);
    }
    with_questions(entries, 16, dice)
}

fn id(dice: &mut Dice, style: usize, number: usize) -> String {
    match style {
        0 => format!("r{number}"),
        1 => format!("{:04}", number + 1),
        _ => format!("{:03x}{number:02}", dice.below(4096)),
    }
}

fn older(dice: &mut Dice, entries: &[Entry], forks: usize) -> Vec<String> {
    if entries.is_empty() || dice.percent(12) {
        return Vec::new();
    }
    if !dice.percent(forks) {
        return vec![entries[entries.len() - 1].id.clone()];
    }
    let mut parents = vec![dice.pick(entries).id.clone()];
    while dice.percent(35) {
        let more = &dice.pick(entries).id;
        if !parents.contains(more) {
            parents.push(more.clone());
        }
    }
    parents
}

fn with_questions(revisions: Vec<Entry>, count: usize, dice: &mut Dice) -> Case {
    let graph = graph(&revisions).expect("these graphs are sound");
    let questions = (0..count).map(|_| question(dice, &graph, &revisions)).collect();
    Case { revisions, questions }
}

fn question(dice: &mut Dice, graph: &RevisionGraph, revisions: &[Entry]) -> Question {
    let all: Vec<String> = revisions.iter().map(|entry| entry.id.clone()).collect();
    let applied = match dice.below(8) {
        0 => Vec::new(),
        1 => all.clone(),
        _ if all.is_empty() => Vec::new(),
        more => (0..1 + more / 3).map(|_| dice.pick(&all).clone()).collect(),
    };
    let rows = rows(graph, &applied);
    let (kind, targets) = match dice.below(22) {
        0..8 => (Kind::Upgrade, vec![target(dice, revisions, 1)]),
        8..16 => (Kind::Downgrade, vec![target(dice, revisions, -1)]),
        16 => (Kind::Stamp, vec![target(dice, revisions, 0), target(dice, revisions, 0)]),
        17..20 => (Kind::Stamp, vec![target(dice, revisions, 0)]),
        20 => (Kind::History, range(dice, revisions)),
        _ if dice.percent(50) => (Kind::Parents, vec![target(dice, revisions, 0)]),
        _ => (Kind::Splice, vec![target(dice, revisions, 0), target(dice, revisions, 0)]),
    };
    Question { kind, rows, targets }
}

/// The ends of a range. Alembic counts `-N` from the heads whatever the newer end is, so both agree
/// only where that is the newer end.
fn range(dice: &mut Dice, revisions: &[Entry]) -> Vec<String> {
    let steps = 1 + dice.below(3);
    let older = target(dice, revisions, 0);
    match dice.below(8) {
        0 => vec![String::new(), older],
        1 => vec![older, String::new()],
        2 => vec![format!("-{steps}"), String::new()],
        3 if older != "head" && !revisions.is_empty() => vec![older, format!("+{steps}")],
        _ => vec![older, target(dice, revisions, 0)],
    }
}

/// A target of any form, mostly one that fits the direction; without one, mostly absolute.
fn target(dice: &mut Dice, revisions: &[Entry], direction: i32) -> String {
    let Some(entry) = (!revisions.is_empty()).then(|| dice.pick(revisions)) else {
        let forms = ["head", "heads", "base", "gone", "+1", "-1"];
        return forms[dice.below(if direction == 0 { 4 } else { 6 })].to_owned();
    };
    let labels: Vec<&String> = revisions.iter().flat_map(|entry| &entry.labels).collect();
    let branch = match labels.as_slice() {
        [] => dice.pick(revisions).id.clone(),
        labels if dice.percent(80) => (*dice.pick(labels)).clone(),
        _ => dice.pick(revisions).id.clone(),
    };
    let steps = 1 + dice.below(3);
    let sign = if (direction >= 0) != dice.percent(15) { '+' } else { '-' };
    let plain = match dice.below(8) {
        0 => "head".to_owned(),
        1 => "heads".to_owned(),
        2 => "base".to_owned(),
        3 => entry.id[..1 + dice.below(entry.id.len())].to_owned(),
        4 if !entry.labels.is_empty() => entry.labels[0].clone(),
        _ => entry.id.clone(),
    };
    let form = if direction == 0 { dice.below(9) } else { dice.below(14) };
    match form {
        0..5 => plain,
        5 => format!("{branch}@{}", ["head", "heads"][dice.below(2)]),
        6 => format!("{branch}@base"),
        7 => format!("{branch}@{plain}"),
        8 if direction == 0 && dice.percent(20) => "gone".to_owned(),
        8 if direction == 0 => plain,
        8..10 => format!("{sign}{steps}"),
        10 => format!("{plain}{}{steps}", ['+', '-'][dice.below(2)]),
        11 | 12 => format!("{branch}@{sign}{steps}"),
        _ => format!("{branch}@{plain}{}{steps}", ['+', '-'][dice.below(2)]),
    }
}
