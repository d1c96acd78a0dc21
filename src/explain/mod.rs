//! Why a sign does not hold. Pure: the mistakes that senders are known to make are tried one by one, then in pairs, until
//! the sign comes out. Which ones there are, and how they change the signing, each platform's own `explain` says.

pub mod charset;
pub mod hint;
pub mod spelling;
pub mod text;
pub mod told;
pub mod variant;

use crate::reply::Language;

/// At most so many pairs are tried, and of a large message no more than make so many bytes of signing text, but a few.
const MOST_PAIRS: usize = 2000;
const LEAST_PAIRS: usize = 20;
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A mistake that is known: a row of a platform's table. `W` says how a sign is made.
#[derive(Debug)]
pub struct Mistake<W: 'static> {
    /// Its name in replies.
    pub name: &'static str,
    zh: &'static str,
    en: &'static str,
    whose: Whose,
    make: fn(&mut W),
}

/// Who can put a mistake right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The program that made the sign.
    Signer,
    /// Most likely the settings of this side.
    Settings,
}

/// A mistake of the program that made the sign.
pub const fn signer<W>(name: &'static str, zh: &'static str, en: &'static str, make: fn(&mut W)) -> Mistake<W> {
    Mistake { name, zh, en, whose: Whose::Signer, make }
}

/// A mistake that this side's settings can put right.
pub const fn settings<W>(name: &'static str, zh: &'static str, en: &'static str, make: fn(&mut W)) -> Mistake<W> {
    Mistake { name, zh, en, whose: Whose::Settings, make }
}

impl<W> Mistake<W> {
    /// What was done wrong, and who is to put it right.
    pub fn detail(&self, language: Language) -> String {
        let (zh, en) = (self.zh, self.en);
        match (language, self.whose) {
            (Language::Zh, Whose::Signer) => format!("{zh}。应由签名的一方改正"),
            (Language::Zh, Whose::Settings) => format!("{zh}。请先核对本方设置"),
            (Language::En, Whose::Signer) => format!("{en}; to be corrected by the program that made the sign"),
            (Language::En, Whose::Settings) => format!("{en}; check this side's settings first"),
        }
    }

    /// The way with this mistake made on it too.
    pub fn on(&self, way: &W) -> W
    where
        W: Clone,
    {
        let mut way = way.clone();
        (self.make)(&mut way);
        way
    }
}

/// A message with its sign.
pub trait Case {
    /// How a sign is made; the default is the right way.
    type Way: Clone + PartialEq + Default;

    /// The sign that comes of a way; none where this message cannot be signed so.
    fn sign(&self, way: &Self::Way) -> Option<String>;

    /// The sign that the message has.
    fn given(&self) -> &str;

    /// About how long the signing text is.
    fn size(&self) -> usize;
}

/// Mistakes that together make the sign hold.
#[derive(Debug)]
pub struct Found<W: 'static> {
    /// One or two.
    pub mistakes: Vec<&'static Mistake<W>>,
    /// Other single mistakes that come to the same sign with this message.
    pub alternatives: Vec<&'static str>,
    /// The way that the sender went.
    pub way: W,
}

/// The fewest mistakes that make the sign hold: of one, else of two. Earlier rows of the table are the likelier.
pub fn search<C: Case>(case: &C, table: &'static [Mistake<C::Way>]) -> Option<Found<C::Way>> {
    let right = C::Way::default();
    let unchanged = case.sign(&right);
    let mut held = Vec::new();
    let mut changing = Vec::new();
    for mistake in table {
        let way = mistake.on(&right);
        let Some(sign) = case.sign(&way).filter(|sign| unchanged.as_ref() != Some(sign)) else { continue };
        if sign == case.given() {
            held.push(mistake);
        }
        changing.push((mistake, way));
    }
    match held.split_first() {
        Some((first, others)) => Some(Found {
            mistakes: vec![first],
            alternatives: others.iter().map(|mistake| mistake.name).collect(),
            way: first.on(&right),
        }),
        None => search_pairs(case, &changing),
    }
}

/// Pairs of the mistakes that change this message's sign at all, those of the likely ones first.
fn search_pairs<C: Case>(case: &C, changing: &[(&'static Mistake<C::Way>, C::Way)]) -> Option<Found<C::Way>> {
    let most = (MOST_BYTES / case.size().max(1)).clamp(LEAST_PAIRS, MOST_PAIRS);
    let mut pairs = Vec::new();
    for (n, (one, with_one)) in changing.iter().enumerate() {
        for (behind, (other, with_other)) in changing.iter().skip(n + 1).enumerate() {
            let way = other.on(with_one);
            // Two that exclude one another are no pair.
            if way != *with_one && way != *with_other {
                pairs.push((2 * n + behind, [*one, *other], way));
            }
        }
    }
    pairs.sort_by_key(|(place, ..)| *place);
    let holds = |way: &C::Way| case.sign(way).is_some_and(|sign| sign == case.given());
    let (_, mistakes, way) = pairs.into_iter().take(most).find(|(_, _, way)| holds(way))?;
    Some(Found { mistakes: mistakes.to_vec(), alternatives: Vec::new(), way })
}
