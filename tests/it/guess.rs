//! Guessing. Whoever tries codes learns nothing: what is somebody else's is answered like what never was, byte for byte.

use api::{ApiConfig, App, Metrics};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use domain::item_code::ItemCode;
use e2e::{Backend, World, both, read};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::time::Duration;
use tower::ServiceExt;

both!(guessed_codes_give_nobody_away);

/// What a stranger hears.
type Heard = (StatusCode, Bytes);

/// Asks without a network between, with one request id, so that every byte of an answer is the code's doing.
async fn ask(router: &Router, method: &str, path: &str, token: &str, body: String) -> Heard {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("x-request-id", "the-same-request");
    if !token.is_empty() {
        request = request.header("authorization", token);
    }
    let request = request.body(Body::from(body)).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("the service never fails");
    let (parts, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, body)
}

/// A secret nobody was given.
fn secret(chance: &mut StdRng) -> String {
    const SYMBOLS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..26)
        .map(|_| char::from(SYMBOLS[chance.random_range(0..SYMBOLS.len())]))
        .collect()
}

/// A label that is well made.
fn label(chance: &mut StdRng) -> String {
    loop {
        let serial: u32 = chance.random_range(0..100_000_000);
        let check = chance.random_range(0..10);
        let typed = format!("EE{serial:08}{check}VN");
        if ItemCode::parse(&typed).is_ok() {
            return typed;
        }
    }
}

fn guessed_codes_give_nobody_away(backend: Backend) {
    // Each round asks eight times: a million in all.
    let guesses = if e2e::is_torture() { 125_000 } else { 500 };
    let world = World::on_leash(backend);
    let one_stop = world.one_stop("AG30520");
    let orders: Vec<(String, String)> = (0..20)
        .map(|n| {
            let number = format!("guess-{n}");
            let (_, label) = one_stop.order(&one_stop.pickup(&number));
            (number, label)
        })
        .collect();
    world.settle();
    let theirs: Vec<(String, String)> = orders
        .iter()
        .map(|(number, label)| {
            (
                world.run(read::dossier_of(world.store(), number)).to_string(),
                label.clone(),
            )
        })
        .collect();
    // Somebody of another office and another agency: none of it is theirs.
    let strangers = [
        world.sign_in("quay.cl", "post_agent").authorization(),
        world.sign_in("motcua.cl", "desk_agent").authorization(),
    ];
    let config = ApiConfig {
        second_factor_required: false,
        request_timeout: Duration::from_mins(1),
        ..ApiConfig::default()
    };
    let app = App::new(world.store().clone(), world.keys.clone(), config, Metrics::local());
    let router = api::router(app);
    let mut chance = StdRng::seed_from_u64(20_261_126);
    world.run(async {
        let no_page = ask(&router, "GET", &format!("/t/{}", "0".repeat(26)), "", String::new()).await;
        let no_code = ask(&router, "POST", "/t/", "", "code=EE000000000VN".to_owned()).await;
        assert_eq!(no_page.0, 404);
        let hidden = |what: &str, id: &str| format!("/api/v1/{what}/{id}");
        let never = ask(
            &router,
            "GET",
            &hidden("items", "EE999999995VN"),
            &strangers[0],
            String::new(),
        )
        .await;
        assert_eq!(never.0, 404);
        for n in 0..guesses {
            let (dossier, known) = &theirs[n % theirs.len()];
            let stranger = &strangers[n % strangers.len()];
            let made_up = label(&mut chance);
            let nobody = uuid::Uuid::from_u128(chance.random()).to_string();
            let page = format!("/t/{}", secret(&mut chance));
            assert_eq!(ask(&router, "GET", &page, "", String::new()).await, no_page, "{page}");
            for code in [known, &made_up, dossier] {
                let body = format!("code={code}");
                assert_eq!(ask(&router, "POST", "/t/", "", body).await, no_code, "{code}");
            }
            for (what, id) in [
                ("items", known),
                ("items", &made_up),
                ("dossiers", dossier),
                ("dossiers", &nobody),
            ] {
                let path = hidden(what, id);
                assert_eq!(
                    ask(&router, "GET", &path, stranger, String::new()).await,
                    never,
                    "{path}"
                );
            }
        }
    });
}
