//! `traotay verify`: does a receipt prove anything, and is the log whole?

use crate::cli::{Failure, Place, Verdict, print};
use crate::config::Config;
use clap::Args;
use custody::log::{Fact, Policy, PolicyError, Reason, Receipt, Verdict as Proved};
use domain::dossier::words::{self, Language};
use entity::ServerKeys;
use entity::tlog::{self, Damage};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What to verify.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A receipt: a .tlog-proof file, or a file with the letters of its code or the link of its QR code
    #[arg(required_unless_present = "log", conflicts_with = "log")]
    file: Option<PathBuf>,
    /// The keys to believe, as /log/policy gives them
    #[arg(long, required_unless_present = "log")]
    keys: Option<PathBuf>,
    /// The keys that sign, as /log/keys gives them: with them a receipt that is not in the log yet is believed of these only
    #[arg(long, requires = "keys")]
    signers: Option<PathBuf>,
    /// Check the whole log of the installation against its facts, its signed heads and what its signer remembers
    #[arg(long)]
    log: bool,
    /// Where the installation is.
    #[command(flatten)]
    place: Place,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Verifies.
///
/// # Errors
/// When a file or the store cannot be read.
pub async fn run(args: VerifyArgs) -> Result<Verdict, Failure> {
    match (&args.file, &args.keys) {
        (Some(file), Some(keys)) => receipt(file, keys, args.signers.as_deref(), args.json),
        _ => log(&args.place, args.json).await,
    }
}

fn receipt(file: &Path, keys: &Path, signers: Option<&Path>, as_json: bool) -> Result<Verdict, Failure> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(Failure::io(path.display().to_string()));
    let refused = |path: &Path, error: PolicyError| Failure::Refused(format!("{}: {error}", path.display()));
    let mut policy = Policy::parse(&read(keys)?).map_err(|error| refused(keys, error))?;
    if let Some(signers) = signers {
        policy = policy
            .with_signers(&read(signers)?)
            .map_err(|error| refused(signers, error))?;
    }
    // What is no text is no receipt either.
    let bytes = std::fs::read(file).map_err(Failure::io(file.display().to_string()))?;
    let text = String::from_utf8(bytes).unwrap_or_default();
    let proved = Receipt::parse(&text).map_or(Proved::Red(Reason::NotAReceipt), |receipt| receipt.check(&policy));
    if as_json {
        print(&told(&proved, signers.is_some()).to_string());
    } else {
        print(&as_text(&proved));
        if matches!(proved, Proved::Amber { .. }) && signers.is_none() {
            print(
                "  chưa đối chiếu người ký, ai cũng có thể tự làm: thêm --signers / who signed was not checked, anybody can make this: add --signers",
            );
        }
    }
    Ok(match proved {
        Proved::Green { .. } => Verdict::Yes,
        Proved::Amber { .. } | Proved::Red(_) => Verdict::No,
    })
}

/// The verdict as JSON. Of what is in the log the log vouches for the signer; of anything else only a list of keys does.
fn told(proved: &Proved, has_signers: bool) -> Value {
    match proved {
        Proved::Green {
            id,
            fact,
            index,
            origin,
            size,
            witnesses,
            ..
        } => json!({
            "colour": "green", "event_id": id.to_string(), "kind": kind(fact), "index": index, "origin": origin, "size": size,
            "witnesses": witnesses.iter().map(|(name, at)| json!({ "name": name, "at_s": at })).collect::<Vec<_>>(),
        }),
        Proved::Amber { id, fact } => json!({
            "colour": "amber", "event_id": id.to_string(), "kind": kind(fact), "signer_checked": has_signers,
        }),
        Proved::Red(reason) => json!({
            "colour": "red", "reason": reason.as_str(),
            "detail": { "vi": reason.words(Language::Vietnamese), "en": reason.words(Language::English) },
        }),
    }
}

fn kind(fact: &Fact) -> String {
    match fact {
        Fact::Event(event) => event.kind.name().into_owned(),
        Fact::Act(act) => act.kind.clone(),
    }
}

/// What happened, in words where there are any, and its stable name.
fn named(fact: &Fact) -> String {
    let kind = kind(fact);
    let known = kind
        .strip_prefix("dossier.")
        .and_then(|name| words::fact(name, Language::Vietnamese));
    known.map_or_else(|| kind.clone(), |known| format!("{known} ({kind})"))
}

fn as_text(proved: &Proved) -> String {
    match proved {
        Proved::Green {
            id,
            fact,
            index,
            origin,
            size,
            witnesses,
            ..
        } => {
            let seen: Vec<&str> = witnesses.iter().map(|(name, _)| name.as_str()).collect();
            let seen = if seen.is_empty() {
                "–".to_owned()
            } else {
                seen.join(", ")
            };
            format!(
                "XANH / green: đã ký và đã vào sổ / signed and in the log\n  {} {id}\n  {origin} · {} / {size}\n  làm chứng / witnesses: {seen}",
                named(fact),
                // People count from one, as the page does.
                index.saturating_add(1),
            )
        }
        Proved::Amber { id, fact } => format!(
            "VÀNG / amber: đã ký, chưa vào sổ / signed, not yet in the log\n  {} {id}",
            named(fact)
        ),
        Proved::Red(reason) => format!(
            "ĐỎ / red: {}\n  {}",
            reason.words(Language::Vietnamese),
            reason.words(Language::English)
        ),
    }
}

async fn log(place: &Place, as_json: bool) -> Result<Verdict, Failure> {
    let config = Config::load(place)?;
    let keys = ServerKeys::load(&config.keys())?
        .ok_or_else(|| Failure::Refused(format!("there are no keys in {}", config.keys().display())))?;
    let store = config.open_options().open().await?;
    let found = tlog::check(&store, &keys, Some(&config.log_signer())).await;
    store.close().await;
    let found = found?;
    let is_whole = found.damage.is_empty();
    if as_json {
        let damage: Vec<Value> = found.damage.iter().map(damage).collect();
        print(&json!({ "ok": is_whole, "facts": found.facts, "heads": found.heads, "seen": found.seen, "lost": found.lost, "damage": damage }).to_string());
    } else {
        print(&format!(
            "{} facts, {} signed heads, {} heads that phones saw ({} lost with a restore)",
            found.facts, found.heads, found.seen, found.lost
        ));
        for one in &found.damage {
            print(&words(one));
        }
        print(if is_whole {
            "sổ nguyên vẹn / the log is whole"
        } else {
            "SỔ KHÔNG CÒN NGUYÊN VẸN / THE LOG IS NOT WHOLE"
        });
    }
    Ok(if is_whole { Verdict::Yes } else { Verdict::No })
}

fn damage(one: &Damage) -> Value {
    match one {
        Damage::Fact { log_index } => json!({ "what": "fact", "log_index": log_index }),
        Damage::Tile { place } => json!({ "what": "tile", "place": place }),
        Damage::Head { shard, from, until } => {
            json!({ "what": "head", "shard": shard, "from_log_index": from, "until_log_index": until })
        }
        Damage::Seen { log_index, shard, size } => {
            json!({ "what": "seen", "log_index": log_index, "shard": shard, "size": size })
        }
        Damage::Signer { shard, size } => json!({ "what": "signer", "shard": shard, "size": size }),
    }
}

fn words(one: &Damage) -> String {
    match one {
        Damage::Fact { log_index } => format!(
            "việc số {log_index} bị sửa, bị xóa hoặc bị chèn / fact {log_index} was changed, removed or slipped in"
        ),
        Damage::Tile { place } => format!("mảnh {place} của sổ sai / tile {place} is wrong"),
        Damage::Head { shard, from, until } => format!(
            "sổ {shard}: một việc từ số {from} đến {until} không phải việc đã ký / one of the facts {from} to {until} is not what was signed"
        ),
        Damage::Seen { log_index, shard, size } => {
            let shard = shard.as_deref().unwrap_or("?");
            format!(
                "việc số {log_index}: điện thoại đã được cho xem một sổ {shard} khác ở mức {size} việc / the phone was shown another history of {size} facts"
            )
        }
        Damage::Signer { shard, size } => format!(
            "sổ {shard}: đã ký {size} việc, nay không còn như vậy / {size} facts were signed and now it is not so"
        ),
    }
}
