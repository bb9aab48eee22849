//! When an office is open, in words.

use crate::words::pick;
use domain::dossier::words::Language;
use domain::wire::province::HoursRecord;

const DAYS: [(&str, &str); 7] = [
    ("thứ Hai", "Monday"),
    ("thứ Ba", "Tuesday"),
    ("thứ Tư", "Wednesday"),
    ("thứ Năm", "Thursday"),
    ("thứ Sáu", "Friday"),
    ("thứ Bảy", "Saturday"),
    ("Chủ nhật", "Sunday"),
];

/// A day of the week, 1 for Monday to 7 for Sunday.
pub(super) fn weekday(day: u8, language: Language) -> &'static str {
    let (vietnamese, english) = DAYS[usize::from(day.saturating_sub(1)).min(6)];
    pick(language, vietnamese, english)
}

/// One line for each set of days: «thứ Hai – thứ Sáu: 07:00–11:30, 13:00–17:00».
pub(super) fn lines(hours: &[HoursRecord], language: Language) -> Vec<String> {
    let mut sets: Vec<(&[u8], Vec<String>)> = Vec::new();
    for one in hours {
        let span = format!("{}–{}", one.from, one.to);
        match sets.iter_mut().find(|(days, _)| *days == one.days) {
            Some((_, spans)) => spans.push(span),
            None => sets.push((&one.days, vec![span])),
        }
    }
    let line = |(days, spans): (&[u8], Vec<String>)| format!("{}: {}", named(days, language), spans.join(", "));
    sets.into_iter().map(line).collect()
}

/// The names of days: a run of three or more by its ends.
fn named(days: &[u8], language: Language) -> String {
    let is_run = days.len() > 2 && days.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
    match days {
        [first, .., last] if is_run => format!("{} – {}", weekday(*first, language), weekday(*last, language)),
        _ => {
            let names: Vec<&str> = days.iter().map(|day| weekday(*day, language)).collect();
            names.join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lines;
    use domain::dossier::words::Language;
    use domain::wire::province::HoursRecord;

    fn open(days: &[u8], from: &str, to: &str) -> HoursRecord {
        HoursRecord {
            days: days.to_vec(),
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    #[test]
    fn hours_of_the_same_days_are_one_line() {
        let hours = [
            open(&[1, 2, 3, 4, 5], "07:00", "11:30"),
            open(&[1, 2, 3, 4, 5], "13:00", "17:00"),
            open(&[6], "07:30", "11:30"),
        ];
        assert_eq!(
            lines(&hours, Language::Vietnamese),
            ["thứ Hai – thứ Sáu: 07:00–11:30, 13:00–17:00", "thứ Bảy: 07:30–11:30"]
        );
        assert_eq!(
            lines(&[open(&[2, 7], "08:00", "09:00")], Language::English),
            ["Tuesday, Sunday: 08:00–09:00"]
        );
    }
}
