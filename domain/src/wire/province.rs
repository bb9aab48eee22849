//! The files of a province's folder, as `traotay import` reads them.
