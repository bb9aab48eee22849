//! The program itself with a certificate: the settings name what is wrong, and what is right is served.

use e2e::{Backend, Site};

#[test]
fn a_program_with_a_certificate_says_so_and_one_with_half_of_it_names_the_key_that_is_missing_on_sqlite() {
    let site = Site::found(Backend::Sqlite);
    let file = |name: &str| site.folder().join(name).to_string_lossy().into_owned();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    std::fs::write(file("cert.pem"), made.cert.pem()).expect("written");
    std::fs::write(file("key.pem"), made.signing_key.serialize_pem()).expect("written");
    let config = |text: String| {
        std::fs::write(file("traotay.toml"), text).expect("written");
        let path = file("traotay.toml");
        site.ask("config", &["--config", &path, "--json"])
    };
    let half = config(format!("tls_cert = {:?}", file("cert.pem")));
    assert_eq!(half.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&half.stderr).contains("TRAOTAY_TLS_KEY"),
        "{half:?}"
    );
    let whole = config(format!(
        "tls_cert = {:?}\ntls_key = {:?}",
        file("cert.pem"),
        file("key.pem")
    ));
    assert_eq!(whole.status.code(), Some(0), "{whole:?}");
    let told: serde_json::Value = serde_json::from_slice(&whole.stdout).expect("JSON");
    let settings = told["settings"].as_array().expect("settings");
    let of = |key: &str| settings.iter().find(|one| one["key"] == key).expect("listed");
    assert_eq!(of("TRAOTAY_TLS_CERT")["from"], "file");
    assert!(
        of("TRAOTAY_PUBLIC_URL")["value"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://"))
    );
}
