//! A list that is read page by page shows everything once, however many came at the same moment.

use crate::intake::placed;
use crate::support::fresh;
use domain::ids::DossierId;
use entity::repo::dossier::{self, Place, Standing, Wanted};
use entity::testing::Backend;
use entity::{Scope, ServerKeys};
use std::collections::BTreeSet;

both!(dossiers_of_one_millisecond_are_each_on_one_page);

async fn dossiers_of_one_millisecond_are_each_on_one_page(backend: Backend) {
    // Its clock stands still, so all of them are of one moment.
    let (db, keys) = (fresh(backend).await, ServerKeys::generate());
    let mut made = BTreeSet::new();
    for number in 0..23 {
        made.insert(placed(&db.store, &keys, &number.to_string()).await.dossier);
    }
    for limit in [1, 5, 23, 100] {
        let (mut last, mut seen) = (None, Vec::new());
        loop {
            let page: Vec<Standing> =
                dossier::list(db.store.read(), &Scope::everything(), &Wanted::default(), last, limit)
                    .await
                    .expect("readable");
            let Some(end) = page.last() else { break };
            last = Some(Place::of(&end.dossier));
            seen.extend(page.iter().map(|one| DossierId(one.dossier.id)));
        }
        assert!(
            seen.windows(2).all(|pair| pair[0] > pair[1]),
            "pages of {limit} are in order"
        );
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), made, "pages of {limit}");
    }
}
