//! Reads the QR codes of a printed sheet as a camera would: from dark and light, with nothing known of who drew them.

/// What a code says.
pub(crate) struct Seen {
    pub(crate) text: String,
    /// Its version, 1 to 40: how fine its squares are.
    pub(crate) version: usize,
}

/// The QR code in the element of this id.
pub(crate) fn read(sheet: &str, id: &str) -> Seen {
    let from = sheet.find(&format!("id=\"{id}\"")).expect("the element");
    let svg = &sheet[from..];
    let svg = &svg[svg.find("<svg").expect("a picture")..svg.find("</svg>").expect("its end")];
    let side: usize = number(svg.split("width=\"").nth(1).expect("a width"));
    let mut is_dark = vec![false; side * side];
    let drawn = svg.rsplit("d=\"").next().expect("a path");
    for rect in drawn[..drawn.find('"').expect("its end")].split('M').skip(1) {
        // `M x y h width v height h -width V y`
        let (corner, extent) = rect.split_once('h').expect("a rectangle");
        let corner: Vec<usize> = corner
            .split([' ', ','])
            .filter(|part| !part.is_empty())
            .map(number)
            .collect();
        let (width, height) = extent.split_once('v').expect("a rectangle");
        for y in corner[1]..corner[1] + number(height) {
            let row = y * side + corner[0];
            is_dark[row..row + number(width)].fill(true);
        }
    }
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if is_dark[y * side + x] { 0 } else { 255 });
    let codes = image.detect_grids();
    assert_eq!(codes.len(), 1, "one code");
    let (about, text) = codes[0].decode().expect("readable");
    Seen {
        text,
        version: about.version.0,
    }
}

/// The number a text begins with.
fn number(text: &str) -> usize {
    let text = text.trim_start();
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().expect("a number")
}
