//! The two-letter countries an item code may end with.
//!
//! A list only: it knows no names and no history. A country missing here is a doubt, not an error, since the
//! list changes without us.
//!
//! Source: UPU S10, mã nước ISO 3166-1 alpha-2

/// The country of our own post.
pub const VIETNAM: &str = "VN";

const ASSIGNED: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH \
GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB \
LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM \
PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG \
TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Whether the two letters are assigned to a country.
pub fn is_assigned(code: &str) -> bool {
    let mut assigned = ASSIGNED.as_bytes().chunks(VIETNAM.len() + 1);
    code == VIETNAM || (code.len() == VIETNAM.len() && assigned.any(|country| country.starts_with(code.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_countries_of_the_published_examples_and_no_invented_one() {
        for code in ["VN", "GB", "FR", "HK"] {
            assert!(is_assigned(code), "{code}");
        }
        for code in ["ZZ", "XX", "vn", "V", "", "AD AE"] {
            assert!(!is_assigned(code), "{code}");
        }
        assert_eq!(ASSIGNED.split(' ').count(), 249);
    }
}
