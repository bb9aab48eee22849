//! The program is started a second time on the same folder.

use e2e::{Backend, Site};

#[test]
fn a_second_server_on_one_folder_ends_with_the_reason_and_the_first_goes_on_on_sqlite() {
    let site = Site::found(Backend::Sqlite);
    let first = site.start();
    for _ in 0..5 {
        assert!(site.try_start().is_none(), "two processes would write one file");
        assert!(site.log().contains("another traotay process"), "{}", site.log());
        site.http().get("/readyz", &[]).expect(200);
    }
    first.kill();
    site.start().kill();
}
