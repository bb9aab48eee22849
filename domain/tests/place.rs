//! Addresses of the demo province, as people write them.

use std::sync::LazyLock;

use domain::place::{Gazetteer, Place};
use proptest::prelude::*;

static AN_GIANG: LazyLock<Gazetteer> = LazyLock::new(|| {
    Gazetteer::from_csv("An Giang", include_str!("../../data/an-giang/communes.csv")).expect("the file is in order")
});

fn commune_of(address: &str) -> Option<String> {
    match AN_GIANG.locate(address) {
        Place::Located(located) => Some(located.commune),
        Place::Ambiguous(_) | Place::Unknown => None,
    }
}

#[test]
fn the_province_has_its_hundred_and_two_communes() {
    assert_eq!(AN_GIANG.communes().len(), 102);
    assert_eq!(
        AN_GIANG.find("30520").map(domain::place::Commune::full_name).as_deref(),
        Some("phường Tịnh Biên")
    );
}

#[test]
fn every_commune_is_found_by_its_full_name_with_or_without_accents() {
    for commune in AN_GIANG.communes() {
        let address = format!("12 đường số 3, {}, tỉnh An Giang", commune.full_name());
        assert_eq!(commune_of(&address).as_ref(), Some(&commune.code), "{address}");
    }
    for (address, code) in [
        ("so 5 Tran Hung Dao, phuong Long Xuyen, An Giang", "30307"),
        ("ap Vinh Dong, xa Nui Cam, tinh An Giang", "30538"),
        ("P. TINH BIEN, T. AN GIANG", "30520"),
        ("dac khu Phu Quoc", "31078"),
        ("xa My Hoa Hung, An Giang, Viet Nam", "30313"),
        ("Khóm Xuân Hòa, P.Tịnh Biên, An Giang 90706", "30520"),
    ] {
        assert_eq!(commune_of(address).as_deref(), Some(code), "{address}");
    }
}

#[test]
fn old_names_lead_to_the_new_commune() {
    for (address, code) in [
        ("ấp Mằng Rò, xã Văn Giáo, huyện Tịnh Biên, tỉnh An Giang", "30526"),
        ("phường Nhà Bàng, thị xã Tịnh Biên, An Giang", "30502"),
        ("Khóm Sơn Đông, Nhà Bàng, Tịnh Biên", "30502"),
        ("tt Chi Lăng, h. Tịnh Biên", "30505"),
        ("xã An Hảo, TX Tịnh Biên", "30538"),
        ("xã Tân Lợi, thị xã Tịnh Biên", "30505"),
        ("phường Mỹ Bình, TP. Long Xuyên, AG", "30307"),
        ("12 Thủ Khoa Nghĩa, Châu Phú A, Châu Đốc, An Giang", "30316"),
        ("phường Núi Sam, thành phố Châu Đốc", "30325"),
        ("Thị trấn Chợ Vàm, huyện Phú Tân", "30409"),
        ("xã Hòn Tre, huyện Kiên Hải, tỉnh Kiên Giang", "31108"),
        ("phường Rạch Sỏi, Rạch Giá, Kiên Giang", "30742"),
    ] {
        assert_eq!(commune_of(address).as_deref(), Some(code), "{address}");
    }
}

#[test]
fn the_old_district_decides_between_communes_of_one_name() {
    for (address, code) in [
        ("phường An Phú, thị xã Tịnh Biên, An Giang", "30520"),
        ("xã An Phú, huyện Tịnh Biên", "30520"),
        ("ấp Phú Nhứt, An Phú, Tịnh Biên", "30520"),
        ("thị trấn An Phú, huyện An Phú", "30337"),
        ("An Phú, An Phú, An Giang", "30337"),
        ("xã Tân An, huyện Tân Hiệp, Kiên Giang", "30856"),
        ("xã Tân An, thị xã Tân Châu", "30388"),
        ("xã Thạnh Lộc, huyện Giồng Riềng", "30910"),
        ("xã Hòa An, huyện Chợ Mới", "30673"),
    ] {
        assert_eq!(commune_of(address).as_deref(), Some(code), "{address}");
    }
}

#[test]
fn todays_full_name_stands_without_a_district() {
    for (address, code) in [("xã An Phú, tỉnh An Giang", "30337"), ("xã Tân An, An Giang", "30388")] {
        assert_eq!(commune_of(address).as_deref(), Some(code), "{address}");
    }
}

#[test]
fn accents_tell_names_apart_and_their_absence_does_not() {
    assert_eq!(commune_of("xã Tân Thành, huyện Tân Hiệp").as_deref(), Some("30856"));
    assert_eq!(commune_of("xã Tân Thạnh, huyện An Minh").as_deref(), Some("31031"));
    assert_eq!(commune_of("xã Tân Thạnh, thị xã Tân Châu").as_deref(), Some("30388"));
    assert_eq!(commune_of("xa Tan Thanh, huyen Tan Hiep").as_deref(), Some("30856"));
}

#[test]
fn a_hamlet_or_a_street_called_like_a_commune_is_not_one() {
    assert_eq!(commune_of("ấp Tân An, xã An Cư, An Giang").as_deref(), Some("30526"));
    assert_eq!(
        commune_of("khóm Long Thạnh, phường Long Xuyên").as_deref(),
        Some("30307")
    );
    assert_eq!(AN_GIANG.locate("ấp Tân An, An Giang"), Place::Unknown);
}

#[test]
fn what_the_address_does_not_say_is_not_guessed() {
    for address in [
        // the district alone, or a name that is also a district's
        "thị xã Tịnh Biên, An Giang",
        "Tịnh Biên, An Giang",
        "huyện Tri Tôn",
        // two communes of today
        "xã An Cư, phường Chi Lăng, An Giang",
        // split between two communes in 2025
        "xã Vĩnh Châu, thành phố Châu Đốc",
        // old communes of one name in two districts
        "xã Vĩnh Phú, tỉnh Kiên Giang",
        // commune and district do not go together
        "xã An Cư, huyện Tri Tôn",
    ] {
        assert!(
            matches!(AN_GIANG.locate(address), Place::Ambiguous(_)),
            "{address}: {:?}",
            AN_GIANG.locate(address)
        );
    }
    let Place::Ambiguous(codes) = AN_GIANG.locate("xã Vĩnh Châu, thành phố Châu Đốc") else {
        panic!("split between two");
    };
    assert_eq!(codes, ["30316", "30325"]);
}

#[test]
fn an_address_elsewhere_is_unknown() {
    for address in [
        "",
        "không có địa chỉ",
        "tỉnh An Giang",
        "xã Tân Thạnh, tỉnh Tây Ninh",
        "ấp 2, xã Tân Thạnh, huyện Thanh Bình, Đồng Tháp",
        "phường An Phú, TP. Thủ Đức, TP. Hồ Chí Minh",
        "xã An Phú, huyện Củ Chi",
        "phường 12, quận Bình Thạnh, Hồ Chí Minh",
        "An Phú, Cần Thơ",
        "xã Bình Hoà Nam",
    ] {
        assert_eq!(AN_GIANG.locate(address), Place::Unknown, "{address}");
    }
}

#[test]
fn words_about_an_office_are_not_a_district() {
    assert_eq!(
        commune_of("cơ quan UBND xã Tri Tôn, An Giang").as_deref(),
        Some("30544")
    );
    assert_eq!(
        commune_of("trụ sở UBND phường Tịnh Biên cũ, phường Tịnh Biên").as_deref(),
        Some("30520")
    );
}

proptest! {
    #[test]
    fn no_text_panics_and_every_answer_is_a_commune(text in "(\\PC|[, ]|xã |huyện |Tân |An |Phú |Thạnh ){0,24}") {
        match AN_GIANG.locate(&text) {
            Place::Located(located) => prop_assert!(AN_GIANG.find(&located.commune).is_some()),
            Place::Ambiguous(codes) => {
                prop_assert!(!codes.is_empty());
                prop_assert!(codes.is_sorted());
            }
            Place::Unknown => {}
        }
    }
}
