//! A dossier that moves leaves a notice, once for each stage.

use crate::support::Desk;
use entity::repo::notification;
use entity::testing::Backend;

both!(an_order_leads_to_a_notice_about_its_stage);

async fn an_order_leads_to_a_notice_about_its_stage(backend: Backend) {
    let desk = Desk::with_couriers(backend, &[]).await;
    let placed = desk.order(1, "phường Tịnh Biên, An Giang").await;
    desk.settle().await;
    desk.settle().await;
    let notices = notification::of_dossier(desk.store().read(), placed.dossier)
        .await
        .expect("listed");
    assert!(!notices.is_empty());
    let templates: Vec<&str> = notices.iter().map(|notice| notice.template.as_str()).collect();
    assert!(
        templates.iter().all(|template| template.starts_with("dossier.d")),
        "{templates:?}"
    );
    let mut once = templates.clone();
    once.dedup();
    assert_eq!(once, templates, "a stage is told once");
    assert!(
        notices.iter().all(|notice| !notice.data.contains("Kha")),
        "no names in a notice"
    );
}
