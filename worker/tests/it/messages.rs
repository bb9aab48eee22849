//! Codes reach the telephone through the gateway that was set, once for each that still stands, and nobody is told of a number.

use crate::support::Desk;
use domain::ids::DossierId;
use entity::repo::citizen_code::{self, Asking, Budget, CitizenAct, LIFE_MS, Typed};
use entity::repo::notification;
use entity::testing::Backend;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use worker::{Gateway, Messages, Outcome};

both!(
    a_code_is_handed_to_the_gateway_and_is_right,
    a_gateway_that_refuses_is_not_asked_again_and_one_that_is_busy_is,
    a_code_that_has_ended_is_not_sent,
    in_a_demo_it_lies_in_the_sink,
);

const BUDGET: Budget = Budget {
    dossier: 9,
    phone: 9,
    all: 9,
};

/// A gateway that answers each request with the next of these, and then says what it was sent.
async fn gateway(answers: &'static [&'static str]) -> (Messages, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let url = format!("http://{}/send", listener.local_addr().expect("an address"));
    let heard = tokio::spawn(async move {
        let mut heard = Vec::new();
        for answer in answers {
            let (mut guest, _) = listener.accept().await.expect("a guest");
            let mut bytes = Vec::new();
            // The body is JSON and ends with a brace.
            while !bytes.ends_with(b"}") {
                guest.read_buf(&mut bytes).await.expect("readable");
            }
            let answered = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            guest.write_all(answered.as_bytes()).await.expect("answered");
            heard.push(String::from_utf8(bytes).expect("text"));
        }
        heard
    });
    let gateway = Gateway::new(url, Some("a secret".to_owned())).expect("a client");
    (Messages::Gateway(gateway), heard)
}

async fn asked(desk: &Desk) -> DossierId {
    let placed = desk.order(1, "phường Tịnh Biên, An Giang").await;
    desk.execute("UPDATE dossier SET applicant_phone = '+84912345678'")
        .await;
    let asking = citizen_code::ask(desk.store(), &desk.keys, placed.dossier, CitizenAct::Papers, BUDGET).await;
    assert_eq!(asking.expect("asked"), Asking::Sent(*b"678"));
    placed.dossier
}

async fn run(desk: &Desk) -> Outcome {
    let id = desk.id_where("kind = 'code'").await;
    desk.run(id).await
}

async fn a_code_is_handed_to_the_gateway_and_is_right(backend: Backend) {
    let mut desk = Desk::with_couriers(backend, &[]).await;
    let (messages, heard) = gateway(&["202 Accepted"]).await;
    desk.config.messages = Some(messages);
    let dossier = asked(&desk).await;
    assert_eq!(run(&desk).await, Outcome::Done);
    let heard = heard.await.expect("heard");
    let request = heard[0].to_lowercase();
    assert!(request.contains("authorization: bearer a secret"), "{request}");
    assert!(request.contains("idempotency-key: "), "{request}");
    assert!(request.contains(r#""to":"+84912345678""#), "{request}");
    let digits = heard[0].split("ma ").nth(1).and_then(|rest| rest.split(' ').next());
    let typed = citizen_code::judge(
        desk.store(),
        &desk.keys,
        dossier,
        CitizenAct::Papers,
        digits.expect("digits"),
    );
    assert!(matches!(typed.await.expect("judged"), Typed::Right(_)));
}

async fn a_gateway_that_refuses_is_not_asked_again_and_one_that_is_busy_is(backend: Backend) {
    let mut desk = Desk::with_couriers(backend, &[]).await;
    let (messages, heard) = gateway(&["503 Busy", "400 Bad Request"]).await;
    desk.config.messages = Some(messages);
    asked(&desk).await;
    assert_eq!(run(&desk).await, Outcome::Failed);
    desk.advance(Duration::from_mins(1));
    assert_eq!(run(&desk).await, Outcome::GivenUp);
    assert_eq!(heard.await.expect("heard").len(), 2);
    let told = desk.text("SELECT last_error FROM outbox WHERE kind = 'code'").await;
    let told = told.expect("a reason");
    assert!(told.contains("400") && !told.contains("912345678"), "{told}");
}

async fn a_code_that_has_ended_is_not_sent(backend: Backend) {
    let mut desk = Desk::with_couriers(backend, &[]).await;
    let (messages, heard) = gateway(&[]).await;
    desk.config.messages = Some(messages);
    asked(&desk).await;
    desk.clock.advance(LIFE_MS + 1);
    assert_eq!(run(&desk).await, Outcome::Done);
    assert!(heard.await.expect("heard").is_empty());
}

async fn in_a_demo_it_lies_in_the_sink(backend: Backend) {
    let mut desk = Desk::with_couriers(backend, &[]).await;
    desk.config.messages = Some(Messages::Sink);
    let dossier = asked(&desk).await;
    assert_eq!(run(&desk).await, Outcome::Done);
    let notices = notification::of_dossier(desk.store().read(), dossier)
        .await
        .expect("listed");
    let code = notices
        .iter()
        .find(|notice| notice.template == "citizen.code")
        .expect("a notice");
    assert!(!code.data.contains("912345678"), "no number in a notice");
}
