//! What the consignment slip says at the moment the post takes a dossier.
//!
//! The slip is the postal contract; names and addresses on it are kept elsewhere.
//!
//! Source: Quyết định 45/2016/QĐ-TTg, điều 6; Thông tư 17/2017/TT-BTTTT, điều 9

/// The slip as far as the rules need it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slip {
    /// Papers the procedure asks for.
    pub listed: u16,
    /// Papers counted and there.
    pub present: u16,
    /// The number on the seal; empty when the envelope was not sealed.
    pub seal: String,
    /// The applicant or their agent signed.
    pub signed_by_applicant: bool,
    /// The post's staff signed.
    pub signed_by_post: bool,
}

/// Something the slip lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlipGap {
    /// Fewer papers are there than the procedure asks for.
    Papers,
    /// No seal.
    Seal,
    /// No signature of the applicant.
    ApplicantSignature,
    /// No signature of the post.
    PostSignature,
}

impl Slip {
    /// A slip with nothing missing.
    pub fn complete(papers: u16, seal: impl Into<String>) -> Self {
        Self {
            listed: papers,
            present: papers,
            seal: seal.into(),
            signed_by_applicant: true,
            signed_by_post: true,
        }
    }

    /// What the slip lacks, in the order of the counter. With `incomplete_by_waiver`, a
    /// paper that is missing is none of the gaps.
    pub fn gaps(&self, incomplete_by_waiver: bool) -> Vec<SlipGap> {
        [
            (self.present < self.listed && !incomplete_by_waiver, SlipGap::Papers),
            (self.seal.trim().is_empty(), SlipGap::Seal),
            (!self.signed_by_applicant, SlipGap::ApplicantSignature),
            (!self.signed_by_post, SlipGap::PostSignature),
        ]
        .into_iter()
        .filter_map(|(is_missing, gap)| is_missing.then_some(gap))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complete_slip_lacks_nothing() {
        assert_eq!(Slip::complete(3, "VN-0001").gaps(false), []);
    }

    #[test]
    fn every_gap_is_named() {
        let slip = Slip {
            listed: 3,
            present: 2,
            seal: " ".to_owned(),
            signed_by_applicant: false,
            signed_by_post: false,
        };
        let all = [
            SlipGap::Papers,
            SlipGap::Seal,
            SlipGap::ApplicantSignature,
            SlipGap::PostSignature,
        ];
        assert_eq!(slip.gaps(false), all);
        assert_eq!(slip.gaps(true), all[1..]);
    }
}
