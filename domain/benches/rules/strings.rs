//! Strings a counter meets: whole ones of every kind, and the same with a character changed, lost or doubled.

use crate::machines::history::Dice;

const WHOLE: [&str; 32] = [
    "RR473124829VN",
    "EE966331020VN",
    "ee471108151fr",
    "EE 000 000 155 VN\r\n",
    "000.00.10.H01-230801-0001",
    "H15.50.05.13-261008-0975",
    "G22.99-250701-000123",
    "089090012345",
    "091185000001",
    "089 090 012 345",
    "012345678",
    "001090123456|012345678|NGUYEN VAN A|01011990|Nam|Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh|15042021",
    "089185000123||Trần Thị Bưởi|05091985|Nữ|Khóm Sơn Đông, Nhà Bàng, Tịnh Biên, An Giang|12072021",
    "091204123456||Danh Sóc Kha|29022004|Nam|Ấp Tân Lợi, An Cư, An Giang|01082025|||",
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN62170813ung ho lu lut6304C15C",
    "00020101021138540010A00000072701240006970436011012345678900208QRIBFTTA53037045802VN6304BE57",
    "00020101021238540010A00000072701240006970436011012345678900208QRIBFTTA53037045405260005802VN62280824BCCI H012311 261008 097563049926",
    "90706",
    "05127",
    "880000",
    "0912 345 678",
    "+84 91 234 5678",
    "0084-912-345-678",
    "0296.3876543",
    "02412345678",
    "1900545481",
    "c2sp.org/tlog-proof@v1\nindex 4\n",
    "https://post.example/v#AAEC",
    "1.004873",
    "xin chào",
    "",
    "Nguyễn Văn A, 12 Lê Lợi",
];

/// Some two thousand strings, no two in a row of one kind; about half of the changed ones are wrong.
pub(crate) fn mixed(dice: &mut Dice) -> Vec<String> {
    let mut texts = Vec::new();
    for round in 0..64 {
        for whole in WHOLE {
            texts.push(if round % 2 == 0 {
                whole.to_owned()
            } else {
                changed(whole, dice)
            });
        }
    }
    texts
}

fn changed(whole: &str, dice: &mut Dice) -> String {
    let mut characters: Vec<char> = whole.chars().collect();
    if characters.is_empty() {
        return "?".to_owned();
    }
    let at = dice.below(characters.len());
    match dice.below(3) {
        0 => {
            characters.remove(at);
        }
        1 => characters.insert(at, characters[at]),
        _ => {
            characters[at] = ['0', '5', '9', 'O', 'X', '-'][dice.below(6)];
        }
    }
    characters.into_iter().collect()
}
