//! Every limit of the HTTP surface, with the reason for its value.

use crate::{Network, TlsFiles};
use entity::Blobs;
use entity::repo::citizen_code::Budget;
use std::path::PathBuf;
use std::time::Duration;

/// Limits, lifetimes and names of the HTTP surface.
#[derive(Debug, Clone)]
pub struct ApiConfig {
    /// Largest JSON body. The largest honest one, an intake, has under 4 KiB.
    pub body_bytes: usize,
    /// Largest deposit: the 1 MiB a phone may send by contract, and headroom for one more envelope.
    pub deposit_bytes: usize,
    /// Largest body of a one-stop order; real ones carry lists of papers in free text.
    pub lgsp_bytes: usize,
    /// Largest table of orders: five hundred of them in a spreadsheet with long addresses, ten times over.
    pub import_bytes: usize,
    /// Largest part of a photograph: what goes over the slowest line we plan for (400 kbit/s) within `request_timeout`, and as much as
    /// a deposit.
    pub blob_part_bytes: usize,
    /// Largest photograph or drawn signature: four times what a cheap phone's camera makes.
    pub blob_bytes: u64,
    /// Bytes of evidence one device may bring in a day: a hundred honest photographs, and no way to fill the disk.
    pub blob_bytes_a_day: u64,
    /// How long evidence may be on its way before it counts as missing: a round in the hills, and the night after it.
    pub evidence_grace: Duration,
    /// A body that is too large is read and thrown away up to here, so that its sender reads our answer instead of a reset.
    pub drain_bytes: usize,
    /// Longest time for one request. Above the 20 s a write may wait for a connection, below the 30 s after which the
    /// oldest one-stop client gives up.
    pub request_timeout: Duration,
    /// Requests at work at once; more are told to come back. Each may hold a body and one of a dozen connections.
    pub max_requests: usize,
    /// Places that only deposits of signed events may use when all others are taken.
    pub deposit_reserve: usize,
    /// Requests at work at once for one machine, except deposits and except our own machine: half of the places are for others.
    pub requests_per_client: usize,
    /// How long a TLS greeting may take: three round trips on the worst line, and patience.
    pub greeting_timeout: Duration,
    /// How long a connection may stand without the whole head of its next request. Whoever opens connections and says nothing
    /// would hold them for ever.
    pub head_timeout: Duration,
    /// How long a stop waits for requests that are at work. Longer than `request_timeout`, so that none is cut.
    pub shutdown_grace: Duration,
    /// Passwords checked at once. Each check takes 19 MiB and a core.
    pub password_checks: usize,
    /// Reports made and tables of orders read at once. Each report holds every fact it counts in memory and a core while it
    /// counts, each table some tens of megabytes; others wait their turn.
    pub reports_at_once: usize,
    /// Life of a staff access token (design §9).
    pub access_token_life: Duration,
    /// Whether staff who have not set up a second factor may do nothing else. On, because a password alone opens an office.
    pub second_factor_required: bool,
    /// Longest session in a browser: a working day (trust §4.1).
    pub session_life: Duration,
    /// A browser's session that is not carried on for so long has ended: half an hour, and the life of one access token.
    pub session_idle: Duration,
    /// Longest session on a device that proves itself at each refresh. Couriers are away from the office for days.
    pub device_session_life: Duration,
    /// For how long a fresh proof counts (trust §4.1).
    pub step_up_life: Duration,
    /// Wrong passwords or codes for one name within `attempts_window` before it has to wait. People mistype a few times.
    pub attempts: u32,
    /// See `attempts`.
    pub attempts_window: Duration,
    /// Looking into the same dossier again within this time is one look: a page that is reloaded is not read twice.
    pub look_again: Duration,
    /// Looks remembered for that; what is forgotten is written down once more.
    pub looks: usize,
    /// Requests a minute of one token, or of one address without a token. An office's screens ask every few seconds; hundreds of
    /// citizens' phones may share one address.
    pub requests_per_minute: u32,
    /// Requests a minute of one one-stop system. A province's system hands over its morning at once and then polls.
    pub one_stop_per_minute: u32,
    /// Requests a minute of phones behind one address, deposits not counted: thirty couriers on an office's Wi-Fi come back at
    /// the same time, each with a greeting and pages of changes.
    pub syncs_per_minute: u32,
    /// Answers 401 a minute to one address before it has to wait. Tokens end while screens are open, so some are honest.
    pub refusals_per_minute: u32,
    /// Looks at citizens' pages a minute from one /24 (trust §4.4). An office's waiting room is one address.
    pub lookups_per_minute: u32,
    /// Looks at citizens' pages a minute altogether: a province's busiest hour many times over, and far too few to guess 130 bits.
    pub all_lookups_per_minute: u32,
    /// Callers that are counted at once, some hundred bytes each; whoever has not asked for longest is forgotten.
    pub counted_callers: usize,
    /// Largest scan of a paper: some ten pages of a PDF at 300 dpi.
    pub scan_bytes: usize,
    /// The lines of the log's policy that name witnesses and how many of them a receipt needs.
    pub log_witnesses: String,
    /// Whether messages to citizens are sent here; without them no one-time code is offered.
    pub sends_messages: bool,
    /// One-time codes made in a day (trust T3): five for a dossier, so that guessing has 25 tries of a million; ten to a telephone;
    /// and altogether what a province's citizens may honestly need, since each costs money.
    pub codes_a_day: Budget,
    /// How long a list of papers stays open once a code was right: as long as the code itself.
    pub papers_life: Duration,
    /// How long a request to see somebody else's dossier waits for a second person: it is urgent, or it is none.
    pub glass_wait: Duration,
    /// How long somebody else's dossier is seen then (trust §4.3).
    pub glass_life: Duration,
    /// How long a proposed change waits for its second person: over a weekend, and not so long that who approves it no longer
    /// knows why it was asked for.
    pub change_life: Duration,
    /// Life of a one-stop token: what its clients were told by the software we stand in for.
    pub lgsp_token_life: Duration,
    /// Life of a device credential. When it ends only new two-party handovers stop (trust §2.7).
    pub credential_life: Duration,
    /// The same for a key that a browser keeps, which no hardware guards (trust §2.1, class C).
    pub credential_life_in_browser: Duration,
    /// How long an enrolment waits until the projector has made the device, so that its first sync is not refused.
    pub enrol_wait: Duration,
    /// Changes on one page of a phone's feed.
    pub changes_page: u64,
    /// Rows on one page of any other list.
    pub list_page: u64,
    /// Memory for answers that are given again while nothing changes: some three thousand citizens' pages.
    pub answers_bytes: u64,
    /// How often the server looks whether anything changed, so that kept answers are made anew. Nobody notices a page that
    /// is this much older than the log.
    pub tide_every: Duration,
    /// Screens that hear of changes at once, altogether: every desk and counter of a province, each with one connection.
    pub watchers: usize,
    /// How long one of them may listen before it has to show a fresh access token.
    pub stream_life: Duration,
    /// How often measured samples are moved into their buckets and a renewed certificate is looked for: often enough that
    /// nobody waits for either, seldom enough to cost nothing.
    pub upkeep_every: Duration,
    /// Machines whose word on whom they speak for counts.
    pub trusted_proxies: Vec<Network>,
    /// Whether somebody collects traces.
    pub traces: bool,
    /// Where the database and the keys are, to measure the room there.
    pub data: Option<PathBuf>,
    /// Where photographs are kept. Without it none are taken.
    pub blobs: Option<Blobs>,
    /// A certificate, when no proxy has one.
    pub tls: Option<TlsFiles>,
    /// The header in which a proxy in front of us forwards the SHA-256 of a client's certificate. Off unless named: anybody
    /// could write it, so the proxy must overwrite it and nothing else may reach us. Clients whose profile asks for a
    /// certificate are refused while it is off.
    pub client_certificate_header: Option<String>,
    /// Scheme and host in links to citizens, without a slash at its end.
    pub public_url: String,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            body_bytes: 64 * 1024,
            deposit_bytes: (1024 + 64) * 1024,
            lgsp_bytes: 256 * 1024,
            import_bytes: 2 * 1024 * 1024,
            blob_part_bytes: 1024 * 1024,
            blob_bytes: 16 * 1024 * 1024,
            blob_bytes_a_day: 512 * 1024 * 1024,
            evidence_grace: Duration::from_hours(24),
            drain_bytes: 8 * 1024 * 1024,
            request_timeout: Duration::from_secs(25),
            max_requests: 256,
            deposit_reserve: 64,
            requests_per_client: 128,
            greeting_timeout: Duration::from_secs(10),
            head_timeout: Duration::from_secs(30),
            shutdown_grace: Duration::from_secs(28),
            password_checks: 4,
            reports_at_once: 2,
            access_token_life: Duration::from_mins(10),
            second_factor_required: true,
            session_life: Duration::from_hours(8),
            session_idle: Duration::from_mins(40),
            device_session_life: Duration::from_hours(24 * 14),
            step_up_life: Duration::from_mins(5),
            attempts: 10,
            attempts_window: Duration::from_mins(15),
            look_again: Duration::from_mins(5),
            looks: 20_000,
            requests_per_minute: 600,
            one_stop_per_minute: 1200,
            syncs_per_minute: 3000,
            refusals_per_minute: 60,
            lookups_per_minute: 120,
            all_lookups_per_minute: 12_000,
            counted_callers: 50_000,
            scan_bytes: 8 * 1024 * 1024,
            log_witnesses: "quorum none\n".to_owned(),
            sends_messages: false,
            codes_a_day: Budget {
                dossier: 5,
                phone: 10,
                all: 5_000,
            },
            papers_life: Duration::from_mins(10),
            glass_wait: Duration::from_mins(30),
            glass_life: Duration::from_mins(30),
            change_life: Duration::from_hours(72),
            lgsp_token_life: Duration::from_hours(1),
            credential_life: Duration::from_hours(72),
            credential_life_in_browser: Duration::from_hours(24),
            enrol_wait: Duration::from_secs(3),
            changes_page: 500,
            list_page: 100,
            answers_bytes: 16 * 1024 * 1024,
            tide_every: Duration::from_millis(250),
            watchers: 512,
            stream_life: Duration::from_mins(10),
            upkeep_every: Duration::from_secs(5),
            trusted_proxies: Vec::new(),
            traces: false,
            data: None,
            blobs: None,
            tls: None,
            client_certificate_header: None,
            public_url: "http://127.0.0.1:8080".to_owned(),
        }
    }
}

impl ApiConfig {
    /// [`ApiConfig::glass_wait`] in milliseconds.
    pub(crate) fn glass_wait_ms(&self) -> i64 {
        millis(self.glass_wait)
    }

    /// [`ApiConfig::glass_life`] in milliseconds.
    pub(crate) fn glass_life_ms(&self) -> i64 {
        millis(self.glass_life)
    }

    /// How long a device may begin handovers without asking again, in milliseconds.
    pub(crate) fn credential_life_ms(&self, in_browser: bool) -> i64 {
        millis(if in_browser {
            self.credential_life_in_browser
        } else {
            self.credential_life
        })
    }

    /// [`ApiConfig::papers_life`] in milliseconds.
    pub(crate) fn papers_life_ms(&self) -> i64 {
        millis(self.papers_life)
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
