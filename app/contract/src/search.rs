//! Finds procedures as people type: without accents, without capital letters, with a slip of the finger.
//!
//! Built on [`crate::fold`]. The order of what is found: the code, the whole name or a keyword, what begins so, what holds the words one
//! behind the other, all words in the name, all words anywhere. Only when nothing holds all words as they were typed, near words are tried.

mod filter;
mod near;

pub use filter::Filter;

use crate::fold::{compose, fold, is_mark};
use crate::procedure::ProcedureSummary;
use near::near;
use std::collections::BTreeMap;
use std::ops::Bound;

/// Words with which people begin a question; left out when the question finds nothing with them.
const EMPTY_WORDS: [&str; 22] = [
    "thu", "tuc", "lam", "xin", "toi", "muon", "can", "cach", "the", "nao", "nhu", "o", "dau",
    "cho", "ve", "de", "la", "gi", "ho", "so", "don", "mau",
];

/// What a catalogue is searched by; made once for a catalogue.
#[derive(Debug, Clone, Default)]
pub struct Index {
    entries: Vec<Entry>,
    /// Folded words, how they are written, and the entries they stand in.
    words: BTreeMap<String, Word>,
    /// The words of keywords and names, folded and as they are written, and the entry.
    phrases: Vec<(Vec<(String, String)>, usize)>,
}

#[derive(Debug, Clone)]
struct Entry {
    /// Digits of the code.
    code: String,
    name: String,
    keywords: Vec<String>,
}

#[derive(Debug, Clone)]
struct Word {
    shown: String,
    /// Entries in ascending order, and whether the word stands in the name.
    at: Vec<(usize, bool)>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Places in the list the index was made of, the best first.
    pub hits: Vec<usize>,
    /// What was searched for instead, when a slip was forgiven.
    pub instead: Option<String>,
}

/// How well a word fits an entry; smaller is better.
type Fit = u8;
const IN_NAME: Fit = 0;
const BEGINS_IN_NAME: Fit = 1;
const ELSEWHERE: Fit = 2;
const BEGINS_ELSEWHERE: Fit = 3;
const NOWHERE: Fit = Fit::MAX;

/// The words of a text: folded, and as they are written.
fn words(text: &str) -> Vec<(String, String)> {
    compose(text)
        .split(|letter: char| !letter.is_alphanumeric() && !is_mark(letter))
        .map(|word| (fold(word), word.to_lowercase()))
        .filter(|(folded, _)| !folded.is_empty())
        .collect()
}

fn joined(words: &[(String, String)]) -> String {
    let folded: Vec<&str> = words.iter().map(|(folded, _)| folded.as_str()).collect();
    folded.join(" ")
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

impl Index {
    /// Makes an index of a list.
    #[must_use]
    pub fn new(list: &[ProcedureSummary]) -> Self {
        let mut index = Self::default();
        for (at, procedure) in list.iter().enumerate() {
            let name = words(&procedure.name);
            let mut entry = Entry {
                code: digits(&procedure.code),
                name: joined(&name),
                keywords: Vec::new(),
            };
            index.phrases.push((name.clone(), at));
            for keyword in &procedure.keywords {
                let keyword_words = words(keyword);
                entry.keywords.push(joined(&keyword_words));
                index.phrases.push((keyword_words.clone(), at));
                index.learn(keyword_words, at, false);
            }
            index.learn(name, at, true);
            for other in [&procedure.field, &procedure.agency]
                .into_iter()
                .chain(&procedure.life_events)
            {
                index.learn(words(other), at, false);
            }
            index.entries.push(entry);
        }
        index
    }

    fn learn(&mut self, words: Vec<(String, String)>, entry: usize, name: bool) {
        for (folded, shown) in words {
            let word = self.words.entry(folded).or_insert_with(|| Word {
                shown,
                at: Vec::new(),
            });
            match word.at.last_mut() {
                Some((last, in_name)) if *last == entry => *in_name |= name,
                _ => word.at.push((entry, name)),
            }
        }
    }

    /// Searches. Without a word everything is found, in the order of the list.
    #[must_use]
    pub fn search(&self, query: &str) -> Found {
        let asked = words(query);
        if asked.is_empty() {
            return Found {
                hits: (0..self.entries.len()).collect(),
                instead: None,
            };
        }
        let whole = joined(&asked);
        let typed: Vec<&str> = asked.iter().map(|(folded, _)| folded.as_str()).collect();
        let best = self.as_typed(query, &whole, &typed);
        if best.is_empty() {
            return self.forgiving(&whole, &typed);
        }
        Found {
            hits: ordered(best),
            instead: None,
        }
    }

    /// Entries that hold what was typed, without a slip, with the kind of find and how well they fit.
    fn as_typed(&self, query: &str, whole: &str, typed: &[&str]) -> BTreeMap<usize, (u8, u32)> {
        let mut best: BTreeMap<usize, (u8, u32)> = self
            .all_words(typed)
            .into_iter()
            .map(|(at, score)| (at, (self.class(at, whole, score), score)))
            .collect();
        for (at, class) in self.by_code(query) {
            best.insert(at, (class, 0));
        }
        if best.is_empty() {
            let telling: Vec<&str> = typed
                .iter()
                .copied()
                .filter(|word| !EMPTY_WORDS.contains(word))
                .collect();
            if !telling.is_empty() && telling.len() < typed.len() {
                best.extend(
                    self.all_words(&telling)
                        .into_iter()
                        .map(|(at, score)| (at, (8, score))),
                );
            }
        }
        best
    }

    /// Entries in which every word stands or begins a word, with how well they fit altogether.
    fn all_words(&self, typed: &[&str]) -> BTreeMap<usize, u32> {
        let mut fits = vec![0_u32; self.entries.len()];
        let mut lost = vec![false; self.entries.len()];
        for word in typed {
            let found = self.fits(word);
            for ((sum, lost), fit) in fits.iter_mut().zip(&mut lost).zip(found) {
                *lost |= fit == NOWHERE;
                *sum = sum.saturating_add(u32::from(fit));
            }
        }
        fits.into_iter()
            .zip(lost)
            .enumerate()
            .filter(|(_, (_, lost))| !lost)
            .map(|(at, (sum, _))| (at, sum))
            .collect()
    }

    /// How well one word fits each entry.
    fn fits(&self, typed: &str) -> Vec<Fit> {
        let mut fits = vec![NOWHERE; self.entries.len()];
        let from = self
            .words
            .range::<str, _>((Bound::Included(typed), Bound::Unbounded));
        for (word, known) in from.take_while(|(word, _)| word.starts_with(typed)) {
            let exact = word == typed;
            for (at, in_name) in &known.at {
                let fit = match (in_name, exact) {
                    (true, true) => IN_NAME,
                    (true, false) => BEGINS_IN_NAME,
                    (false, true) => ELSEWHERE,
                    (false, false) => BEGINS_ELSEWHERE,
                };
                if let Some(slot) = fits.get_mut(*at) {
                    *slot = fit.min(*slot);
                }
            }
        }
        fits
    }

    /// What kind of find an entry is that holds all words.
    fn class(&self, at: usize, whole: &str, score: u32) -> u8 {
        let Some(entry) = self.entries.get(at) else {
            return 9;
        };
        let name = entry.name.as_str();
        let plain = name.strip_prefix("thu tuc ").unwrap_or(name);
        if name == whole || plain == whole {
            return 2;
        }
        if entry.keywords.iter().any(|keyword| keyword == whole) {
            return 3;
        }
        if name.starts_with(whole) || plain.starts_with(whole) {
            return 4;
        }
        if holds(name, whole) {
            return 5;
        }
        if entry.keywords.iter().any(|keyword| holds(keyword, whole)) {
            return 6;
        }
        if score < u32::from(ELSEWHERE) { 7 } else { 8 }
    }

    /// Entries whose code was typed, whole or its beginning, with dots or without.
    fn by_code(&self, query: &str) -> Vec<(usize, u8)> {
        let typed = digits(query);
        let only = query
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.' || letter.is_whitespace());
        if !only || typed.len() < 3 {
            return Vec::new();
        }
        self.entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.code.starts_with(&typed))
            .map(|(at, entry)| (at, u8::from(entry.code != typed)))
            .collect()
    }

    /// Nothing holds the words as they were typed: near words and phrases.
    fn forgiving(&self, whole: &str, typed: &[&str]) -> Found {
        let mut phrases = self.near_phrases(whole, typed.len());
        phrases.sort_by_key(|(distance, _, at)| (*distance, *at));
        let mut tried = Vec::new();
        for word in typed {
            let known = self
                .words
                .range::<str, _>((Bound::Included(*word), Bound::Unbounded))
                .next()
                .filter(|(known, _)| known.starts_with(*word));
            match known {
                Some(_) => tried.push(vec![*word]),
                None => tried.push(self.near_words(word)),
            }
        }
        let mut found = self.any_of_each(&tried);
        if found.is_empty() {
            // Each word is a word, but not of one procedure: one of them may be a slip that happens to be another word.
            let wider: Vec<Vec<&str>> = typed
                .iter()
                .map(|word| {
                    let mut all = vec![*word];
                    all.extend(self.near_words(word));
                    all
                })
                .collect();
            found = self.any_of_each(&wider);
            tried = wider;
        }
        let mut best: BTreeMap<usize, (u8, u32)> = BTreeMap::new();
        for (at, (score, _)) in &found {
            best.insert(*at, (3, *score));
        }
        for (distance, _, at) in &phrases {
            let rank = (u8::try_from(*distance).unwrap_or(u8::MAX).min(2), 0);
            let slot = best.entry(*at).or_insert(rank);
            *slot = rank.min(*slot);
        }
        let mut hits = ordered(best);
        let instead = match phrases.first() {
            Some((_, shown, _)) => Some(shown.clone()),
            None => hits.first().and_then(|first| {
                let (_, chosen) = found.get(first)?;
                let words: Vec<&str> = chosen
                    .iter()
                    .zip(&tried)
                    .filter_map(|(chosen, tried)| tried.get(*chosen).copied())
                    .map(|word| self.words.get(word).map_or(word, |known| &known.shown))
                    .collect();
                Some(words.join(" "))
            }),
        };
        // What the right words find comes first, and in its order.
        if let Some(right) = &instead {
            let right_words = words(right);
            let typed: Vec<&str> = right_words
                .iter()
                .map(|(folded, _)| folded.as_str())
                .collect();
            let mut all = ordered(self.as_typed(right, &joined(&right_words), &typed));
            all.extend(
                hits.iter()
                    .filter(|at| !all.contains(at))
                    .copied()
                    .collect::<Vec<_>>(),
            );
            hits = all;
        }
        Found { hits, instead }
    }

    /// Words one behind the other in a name or keyword that are nearly what was typed: how far, as they are written, and where.
    /// A blank too many or too few is a slip as well, so that runs of one word more and one less are tried.
    fn near_phrases(&self, whole: &str, count: usize) -> Vec<(usize, String, usize)> {
        let mut found = Vec::new();
        for (words, at) in &self.phrases {
            let nearest = (count.saturating_sub(1).max(1)..=count + 1)
                .flat_map(|size| words.windows(size))
                .filter_map(|run| Some((near(whole, &joined(run))?, run)))
                .min_by_key(|(distance, _)| *distance);
            if let Some((distance, run)) = nearest {
                let shown: Vec<&str> = run.iter().map(|(_, shown)| shown.as_str()).collect();
                found.push((distance, shown.join(" "), *at));
            }
        }
        found
    }

    /// Words of the catalogue that differ from this one by a slip, the nearest and most used first.
    fn near_words(&self, typed: &str) -> Vec<&str> {
        let mut list: Vec<(usize, usize, &str)> = self
            .words
            .iter()
            .filter_map(|(word, known)| Some((near(typed, word)?, known.at.len(), word.as_str())))
            .collect();
        list.sort_by_key(|(distance, used, word)| (*distance, std::cmp::Reverse(*used), *word));
        list.into_iter().map(|(_, _, word)| word).collect()
    }

    /// Entries that hold at least one of the words at every place: how well they fit, and which word it was at each place.
    fn any_of_each(&self, places: &[Vec<&str>]) -> BTreeMap<usize, (u32, Vec<usize>)> {
        let mut all: Option<BTreeMap<usize, (u32, Vec<usize>)>> = None;
        for words in places {
            let mut here: BTreeMap<usize, (u32, usize)> = BTreeMap::new();
            for (number, word) in words.iter().enumerate() {
                let rank = u32::try_from(number).unwrap_or(u32::MAX).saturating_mul(4);
                for (at, fit) in self.fits(word).into_iter().enumerate() {
                    if fit == NOWHERE {
                        continue;
                    }
                    let score = rank.saturating_add(u32::from(fit));
                    let slot = here.entry(at).or_insert((score, number));
                    if score < slot.0 {
                        *slot = (score, number);
                    }
                }
            }
            all = Some(match all {
                None => here
                    .into_iter()
                    .map(|(at, (score, number))| (at, (score, vec![number])))
                    .collect(),
                Some(before) => before
                    .into_iter()
                    .filter_map(|(at, (sum, mut chosen))| {
                        let (score, number) = here.get(&at)?;
                        chosen.push(*number);
                        Some((at, (sum.saturating_add(*score), chosen)))
                    })
                    .collect(),
            });
        }
        all.unwrap_or_default()
    }
}

/// Whether a phrase holds another from the beginning of a word on.
fn holds(text: &str, phrase: &str) -> bool {
    text.starts_with(phrase)
        || text
            .match_indices(phrase)
            .any(|(at, _)| text.get(..at).is_some_and(|before| before.ends_with(' ')))
}

fn ordered(best: BTreeMap<usize, (u8, u32)>) -> Vec<usize> {
    let mut hits: Vec<(usize, (u8, u32))> = best.into_iter().collect();
    hits.sort_by_key(|(at, rank)| (*rank, *at));
    hits.into_iter().map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests;
