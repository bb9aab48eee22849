//! Where papers, signatures and people are, and what the properties ask of it.

use super::Handovers;
use super::rules::{FORMS, Form, Paper, Papers, TAKINGS, Taking, Verdict, Who};

/// One moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct State {
    /// What each phone has.
    pub(super) phones: [Papers; 3],
    /// What the server has.
    pub(super) server: Papers,
    /// Phones that are gone.
    pub(super) lost: u8,
    /// Who stand together.
    pub(super) meeting: Option<Meeting>,
    /// How often the receiver said HELLO.
    pub(super) hellos: u8,
    /// Who has the first two items and who the third.
    pub(super) has: [Who; 2],
    /// The offer to the receiver of which the onlooker has a picture.
    pub(super) photographed: Option<Form>,
    /// Somebody honest signed an acceptance although the giver of that offer was not there.
    pub(super) signed_for_absent: bool,
}

/// Two people at one counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Meeting {
    GiverAndReceiver,
    GiverAndOnlooker,
    OnlookerAndReceiver,
}

impl Meeting {
    pub(super) const ALL: [Self; 3] = [
        Self::GiverAndReceiver,
        Self::GiverAndOnlooker,
        Self::OnlookerAndReceiver,
    ];
}

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Meet(Meeting),
    Part,
    Sign(Who, Paper),
    Photograph(Form),
    /// The giver scans an acceptance, turns green and gives the papers.
    Release(Paper),
    /// The papers are given although nothing is green.
    GiveEarly,
    /// The receiver scans the release.
    Finish,
    /// The receiver scans the way of the items.
    Trail,
    Lose(Who),
    Deposit(Who, Papers),
}

impl Default for State {
    fn default() -> Self {
        Self {
            phones: [Paper::TakeIn.bit(), 0, 0],
            server: 0,
            lost: 0,
            meeting: None,
            hellos: 0,
            has: [Who::Giver; 2],
            photographed: None,
            signed_for_absent: false,
        }
    }
}

impl State {
    pub(super) fn is_lost(&self, who: Who) -> bool {
        self.lost & (1 << who as u8) != 0
    }

    pub(super) fn has(&self, who: Who, paper: Paper) -> bool {
        self.phones[who as usize] & paper.bit() != 0
    }

    /// What can still reach the server.
    pub(super) fn living(&self) -> Papers {
        let living = Who::ALL.into_iter().filter(|who| !self.is_lost(*who));
        living.fold(self.server, |all, who| all | self.phones[who as usize])
    }
}

const fn any(papers: Papers, paper: Paper) -> bool {
    papers & paper.bit() != 0
}

/// Whether one of the acceptances of the receiver is among these, in this form.
pub(super) fn accepted(papers: Papers, form: Form) -> bool {
    TAKINGS
        .into_iter()
        .any(|taking| any(papers, Paper::Accept(form, taking)))
}

impl Handovers {
    fn verdict(&self, papers: Papers, item: usize) -> Verdict {
        self.rules.fold(item, papers)
    }

    pub(super) fn holder(&self, papers: Papers, item: usize) -> Option<Who> {
        self.verdict(papers, item).holder
    }

    /// Once nobody stands in the middle of an exchange and everything that still exists is deposited, whoever is named has
    /// the papers, or the doubt is in sight: a dispute, an acceptance whose giver has not spoken, a bag whose packing is
    /// gone.
    pub(super) fn is_true(&self, state: &State) -> bool {
        let papers = state.living();
        let is_unknown_bag = !any(papers, Paper::Packing) && is_bag_exchanged(papers);
        let revoke: fn(Option<Who>, Form) -> Paper = |to, form| match to {
            Some(Who::Onlooker) => Paper::RevokeElsewhere(form),
            Some(Who::Giver | Who::Receiver) | None => Paper::Revoke(form),
        };
        let is_revoked = |to| FORMS.into_iter().any(|form| any(papers, revoke(to, form)));
        state.meeting.is_some()
            || (0..3).all(|item| {
                let has = state.has[item / 2];
                let verdict = self.verdict(papers, item);
                // A beginning that is gone names nobody, and what follows it waits in sight.
                verdict.disputed
                    || verdict.holder.is_none()
                    || verdict.holder == Some(has)
                    || verdict.provisional && !is_revoked(verdict.holder)
                    || is_unknown_bag
                    || state.is_lost(Who::Giver) && state.is_lost(has)
            })
    }

    pub(super) fn names_onlooker(&self, state: &State) -> bool {
        let lawful = FORMS
            .into_iter()
            .any(|form| any(state.server, Paper::AcceptElsewhere(form)));
        !lawful && (0..3).any(|item| self.holder(state.server, item) == Some(Who::Onlooker))
    }

    pub(super) fn is_opened(&self, state: &State) -> bool {
        let verdict = self.verdict(state.server, 0);
        verdict.holder == Some(Who::Receiver) && verdict.taken_out && !verdict.disputed
    }

    pub(super) fn is_excepted(&self, state: &State) -> bool {
        let [first, third] = [0, 2].map(|item| self.verdict(state.server, item));
        (first.holder, third.holder) == (Some(Who::Receiver), Some(Who::Giver)) && !third.disputed
    }

    pub(super) fn is_disputed(&self, state: &State) -> bool {
        (0..3).any(|item| self.verdict(state.server, item).disputed)
    }
}

fn is_bag_exchanged(papers: Papers) -> bool {
    accepted(papers, Form::InBag) || any(papers, Paper::AcceptElsewhere(Form::InBag)) || {
        TAKINGS
            .into_iter()
            .any(|taking: Taking| any(papers, Paper::Opening(taking)))
    }
}

/// Papers that went from one to another are told by both signatures, as long as one of the two phones lives or spoke.
pub(super) fn has_both_signatures(state: &State) -> bool {
    let papers = state.living();
    let told = |offers: fn(Form) -> Paper, accepts: &dyn Fn(Form) -> bool| {
        FORMS.into_iter().any(|form| any(papers, offers(form)) && accepts(form))
    };
    state.meeting.is_some()
        || state.has.into_iter().all(|has| match has {
            Who::Giver => true,
            _ if state.is_lost(Who::Giver) && state.is_lost(has) => true,
            Who::Receiver => told(Paper::Offer, &|form| accepted(papers, form)),
            Who::Onlooker => told(Paper::OfferElsewhere, &|form| any(papers, Paper::AcceptElsewhere(form))),
        })
}
