//! The citizen with the link of their slip.

use e2e::{Http, World, read};

/// Somebody who follows one dossier.
pub(crate) struct Citizen {
    /// Whose dossier.
    pub(crate) dossier: String,
    capability: String,
    http: Http,
}

impl Citizen {
    /// The citizen of an order.
    pub(crate) fn of_order(world: &World, number: &str) -> Self {
        let dossier = world.run(read::dossier_of(world.store(), number));
        Self {
            capability: world.keys.capability(dossier),
            dossier: dossier.to_string(),
            http: world.http.clone(),
        }
    }

    /// The address of their page.
    pub(crate) fn link(&self) -> String {
        format!("http://{}/t/{}", self.http.address(), self.capability)
    }

    fn page(&self, language: &str) -> String {
        let answer = self
            .http
            .get(&format!("/t/{}?lang={language}", self.capability), &[])
            .expect(200);
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert!(
            answer
                .header("cache-control")
                .is_some_and(|value| value.contains("no-store"))
        );
        assert!(answer.body.len() <= 14 * 1024, "{} bytes", answer.body.len());
        let page = answer.text();
        assert!(!page.contains("<script"), "the page needs no script");
        page
    }

    /// The page says where the dossier stands, in both languages.
    pub(crate) fn sees(&self, vietnamese: &str, english: &str) {
        for (language, words) in [("vi", vietnamese), ("en", english)] {
            let page = self.page(language);
            assert!(page.contains(words), "{words:?} is not on the page:\n{page}");
        }
    }

    /// The page comes to say so, once what is kept in memory is seen to be old.
    pub(crate) fn comes_to_see(&self, vietnamese: &str, english: &str) {
        for (language, words) in [("vi", vietnamese), ("en", english)] {
            e2e::eventually(words, || self.page(language).contains(words).then_some(()));
        }
    }

    /// None of this is on the page.
    pub(crate) fn reads_nothing_of(&self, secrets: &[&str]) {
        for secret in secrets {
            assert!(
                !self.page("vi").contains(secret) && !self.page("en").contains(secret),
                "{secret} is on the page"
            );
        }
    }
}
