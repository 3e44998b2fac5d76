//! Many signings while the provider fails in every way that a request survives, and the server is killed again and again. At the end
//! what the portal tells people is laid beside what the sandbox did: every signing has one end, and both sides tell the same.

use crate::browser::{Browser, Started, signing};
use crate::people::{self, Citizen, Means};
use crate::phone::{Asked, Phone};
use crate::stage::{Place, Stage};
use anyhow::{Context as _, Result, ensure};
use contract::problem::ProblemCode;
use contract::signing::{SigningFailure, SigningState};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, Semaphore};
use uuid::Uuid;

/// How.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Signings.
    #[arg(long, default_value_t = 1000)]
    signings: usize,
    /// Most at the same time.
    #[arg(long, default_value_t = 120)]
    at_once: usize,
    /// The same number makes the same people, faults and deaths; how they meet is left to the machine.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Providers that are signed with: the profile of QĐ 769 at a CA, in CA2's form, through the gateway, and MySign.
const PROVIDERS: [&str; 4] = ["vnpt-ca", "ca2", "misa-ca", "viettel-ca"];
/// Signings one person makes: fewer than a person may start in a minute.
const EACH: usize = 5;

/// What a person does with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Person {
    Confirms,
    Refuses,
    Ignores,
    /// Cancels on the page, and confirms on the phone at about the same time.
    Cancels,
}

/// What will happen to one signing.
#[derive(Debug, Clone)]
struct Plan {
    provider: usize,
    items: usize,
    person: Person,
    /// After so long on the phone.
    after: Duration,
    /// The start is sent by two tabs.
    twice: bool,
    /// The page is closed between the values and the files.
    away: Option<Duration>,
}

fn plan(seed: u64, number: usize) -> Plan {
    let number = u64::try_from(number).unwrap_or_default();
    let mut random = StdRng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(number));
    Plan {
        provider: random.random_range(0..PROVIDERS.len()),
        items: random.random_range(1..=4),
        person: match random.random_range(0..100) {
            0..84 => Person::Confirms,
            84..90 => Person::Refuses,
            90..94 => Person::Ignores,
            _ => Person::Cancels,
        },
        after: Duration::from_millis(random.random_range(0..4000)),
        twice: random.random_range(0..8) == 0,
        away: (random.random_range(0..10) == 0)
            .then(|| Duration::from_millis(random.random_range(0..8000))),
    }
}

/// Faults that a request survives, or that keep it from arriving.
fn faults(random: &mut StdRng) -> Vec<Value> {
    const KINDS: [(&str, &str); 12] = [
        ("slow", "sign"),
        ("slow", "status"),
        ("http-error", "sign"),
        ("http-error", "status"),
        ("cut-before", "sign"),
        ("cut-before", "status"),
        ("cut-after", "sign"),
        ("cut-within", "sign"),
        ("cut-within", "status"),
        ("lost-answer", "sign"),
        ("garbage", "status"),
        ("ok-around-error", "status"),
    ];
    let mut rules = vec![json!({ "fault": "duplicate-callbacks", "percent": 50 })];
    for _ in 0..random.random_range(1..=4) {
        let (fault, call) = KINDS[random.random_range(0..KINDS.len())];
        rules.push(json!({
            "fault": fault, "call": call, "percent": random.random_range(5..=30),
            "ms": random.random_range(200..6000),
        }));
    }
    rules
}

struct Ended {
    number: usize,
    id: Uuid,
    state: Option<SigningState>,
    failure: Option<SigningFailure>,
    refused: Option<ProblemCode>,
}

/// Runs it.
pub async fn run(place: &Place, options: &Options) -> Result<()> {
    let began = Instant::now();
    let mut stage = Stage::new(place).await?;
    let people = people::make(&stage, options.signings.div_ceil(EACH)).await?;
    stage.start_server().await?;
    let means = Arc::new(people::equip(&stage, &people, &PROVIDERS).await?);
    let phone = Phone::new(&stage.sandbox);
    let portal = stage.portal();
    let stage = Arc::new(Mutex::new(stage));
    let over = Arc::new(AtomicBool::new(false));
    let killed = Arc::new(AtomicUsize::new(0));

    let phones = tokio::spawn(answer_phones(phone.clone(), options.seed, over.clone()));
    let trouble = tokio::spawn(make_trouble(phone.clone(), options.seed, over.clone()));
    let killer = tokio::spawn(kill(
        stage.clone(),
        options.seed,
        over.clone(),
        killed.clone(),
    ));

    let places = Arc::new(Semaphore::new(options.at_once));
    let client = reqwest::Client::new();
    let mut running = tokio::task::JoinSet::new();
    for number in 0..options.signings {
        let (plan, places) = (plan(options.seed, number), places.clone());
        let citizen: &Citizen = people.get(number % people.len()).context("nobody")?;
        let browser = Browser::new(&client, portal.clone(), citizen);
        let means = means.clone();
        running.spawn(async move {
            let _place = places.acquire().await?;
            one(number, &plan, &browser, &means).await
        });
    }
    let mut ended = Vec::new();
    while let Some(result) = running.join_next().await {
        ended.push(result??);
        if ended.len() % 100 == 0 {
            eprintln!(
                "{} of {} have ended, {:.0} s, the server was killed {} times",
                ended.len(),
                options.signings,
                began.elapsed().as_secs_f64(),
                killed.load(Ordering::Relaxed)
            );
        }
    }
    over.store(true, Ordering::Relaxed);
    for task in [phones, trouble, killer] {
        task.await??;
    }
    phone.clear_faults().await?;
    eprintln!(
        "{} signings in {:.0} s; the server was killed {} times",
        ended.len(),
        began.elapsed().as_secs_f64(),
        killed.load(Ordering::Relaxed)
    );
    judge(options, &ended, &phone.requests().await?)
}

/// One person's way through one signing.
async fn one(number: usize, plan: &Plan, browser: &Browser, means: &[Means]) -> Result<Ended> {
    let means = means.get(plan.provider).context("no means")?;
    let request = signing(means, number, plan.items);
    let mut ended = Ended {
        number,
        id: request.id,
        state: None,
        failure: None,
        refused: None,
    };
    let started = if plan.twice {
        let (one, other) = tokio::join!(browser.start(&request), browser.start(&request));
        match (one?, other?) {
            (Started::Refused(_), other) => other,
            (one, _) => one,
        }
    } else {
        browser.start(&request).await?
    };
    if let Started::Refused(code) = started {
        ended.refused = Some(code);
        return Ok(ended);
    }
    if plan.person == Person::Cancels {
        tokio::time::sleep(plan.after).await;
        browser.cancel(request.id).await?;
    }
    let pause = Duration::from_millis(700);
    let mut view = browser.settled(request.id, pause).await?;
    if view.state == SigningState::Confirmed {
        if let Some(away) = plan.away {
            tokio::time::sleep(away).await;
        }
        view = browser.complete(means, &view).await?;
    }
    ended.state = Some(view.state);
    ended.failure = view.failure;
    Ok(ended)
}

/// The number of the signing a request belongs to: its digests say so.
fn number_of(asked: &Asked) -> Option<usize> {
    let digits = asked.digests.first()?.get(..16)?;
    usize::from_str_radix(digits, 16).ok()
}

/// Presses on every phone what the plan says, once.
async fn answer_phones(phone: Phone, seed: u64, over: Arc<AtomicBool>) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    while !over.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let Ok(waiting) = phone.waiting().await else {
            continue;
        };
        for asked in waiting {
            let Some(number) = number_of(&asked) else {
                continue;
            };
            if !seen.insert(asked.code.clone()) {
                continue;
            }
            let plan = plan(seed, number);
            let decision = match plan.person {
                Person::Confirms | Person::Cancels => "confirm",
                Person::Refuses => "reject",
                Person::Ignores => continue,
            };
            let phone = phone.clone();
            tokio::spawn(async move {
                tokio::time::sleep(plan.after).await;
                let _ = phone.press(&asked, decision).await;
            });
        }
    }
    Ok(())
}

async fn make_trouble(phone: Phone, seed: u64, over: Arc<AtomicBool>) -> Result<()> {
    let mut random = StdRng::seed_from_u64(seed ^ 0xfa);
    while !over.load(Ordering::Relaxed) {
        phone.clear_faults().await?;
        for fault in faults(&mut random) {
            phone.add_fault(&fault).await?;
        }
        let pause = Duration::from_millis(random.random_range(2000..6000));
        tokio::time::sleep(pause).await;
    }
    Ok(())
}

async fn kill(
    stage: Arc<Mutex<Stage>>,
    seed: u64,
    over: Arc<AtomicBool>,
    killed: Arc<AtomicUsize>,
) -> Result<()> {
    let mut random = StdRng::seed_from_u64(seed ^ 0xdead);
    loop {
        let pause = Duration::from_millis(random.random_range(3000..12_000));
        tokio::time::sleep(pause).await;
        if over.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut stage = stage.lock().await;
        stage.kill_server().await?;
        killed.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(random.random_range(0..2000))).await;
        stage.start_server().await?;
    }
}

/// Lays both sides beside each other.
fn judge(options: &Options, ended: &[Ended], requests: &[Asked]) -> Result<()> {
    let mut by_number: BTreeMap<usize, Vec<&Asked>> = BTreeMap::new();
    for asked in requests {
        if let Some(number) = number_of(asked) {
            by_number.entry(number).or_default().push(asked);
        }
    }
    let (mut ends, mut troubles) = (BTreeMap::<String, usize>::new(), Vec::new());
    let (mut double, mut lost, mut lies, mut unended) = (0, 0, 0, 0);
    // MySign knows a request by its own number alone: when the answer that tells it is lost, nobody can ask. The person learns that the
    // time ran out, and signs again.
    let mut unfindable = 0;
    for one in ended {
        let plan = plan(options.seed, one.number);
        let there = by_number.get(&one.number).map_or(&[][..], Vec::as_slice);
        let used: u32 = there.iter().map(|asked| asked.signed).sum();
        let again: u32 = there.iter().map(|asked| asked.refused_again).sum();
        let signed = there.iter().any(|asked| asked.state == "signed");
        let is_done = one.state == Some(SigningState::Done);
        let mut tell = |what: &str| {
            troubles.push(format!(
                "{what}: {} {} {plan:?}: the portal says {:?} {:?} {:?}, the sandbox {:?}",
                one.number, one.id, one.state, one.failure, one.refused, there
            ));
        };
        if there.len() > 1 || used > 1 || again > 0 {
            double += 1;
            tell("double");
        }
        // Who cancels gives the value up; it is noted and never used.
        if signed && !is_done && one.state != Some(SigningState::Cancelled) {
            let nameless = there.iter().any(|asked| asked.transaction.is_empty());
            if nameless && one.state == Some(SigningState::Expired) {
                unfindable += 1;
            } else {
                lost += 1;
                tell("lost");
            }
        }
        if is_done && !signed {
            lies += 1;
            tell("lie");
        }
        if one.refused.is_none() && !one.state.is_some_and(SigningState::is_final) {
            unended += 1;
            tell("without an end");
        }
        let end = match (one.refused, one.state) {
            (Some(code), _) => format!("not begun: {code:?}"),
            (None, Some(state)) => match one.failure {
                Some(failure) => format!("{state:?}: {failure:?}"),
                None => format!("{state:?}"),
            },
            (None, None) => "nothing".to_owned(),
        };
        *ends.entry(end).or_default() += 1;
    }
    for (end, count) in &ends {
        eprintln!("  {count:>6}  {end}");
    }
    let signed = requests
        .iter()
        .filter(|asked| asked.state == "signed")
        .count();
    eprintln!(
        "{} of {} accounted for; the sandbox has {} requests, {signed} of them signed; {double} double, {lost} lost, {lies} lies",
        ended.len() - unended,
        options.signings,
        requests.len(),
    );
    if unfindable > 0 {
        eprintln!("{unfindable} requests whose only number was lost with the answer");
    }
    for trouble in &troubles {
        eprintln!("{trouble}");
    }
    ensure!(
        troubles.is_empty() && ended.len() == options.signings,
        "not every signing ended in the truth"
    );
    Ok(())
}
