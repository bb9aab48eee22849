//! What can happen next, and what it leads to.

use super::rules::{FORMS, Form, Paper, Papers, TAKINGS, Taking, Who};
use super::state::{Meeting, State, Step, accepted};
use super::{Flaw, Handovers};

impl Handovers {
    pub(super) fn possible(&self, state: &State, steps: &mut Vec<Step>) {
        match state.meeting {
            None => steps.extend(
                Meeting::ALL
                    .into_iter()
                    .filter(|one| may_meet(state, *one))
                    .map(Step::Meet),
            ),
            Some(_) => steps.push(Step::Part),
        }
        for who in Who::ALL {
            if state.is_lost(who) {
                continue;
            }
            if state.lost.count_ones() < self.losses {
                steps.push(Step::Lose(who));
            }
            self.deposits(state, who, steps);
        }
        if !state.is_lost(Who::Giver) {
            self.giving(state, steps);
        }
        if !state.is_lost(Who::Receiver) {
            self.receiving(state, steps);
        }
        if !state.is_lost(Who::Onlooker) {
            onlooking(state, steps);
        }
    }

    fn deposits(&self, state: &State, who: Who, steps: &mut Vec<Step>) {
        let waiting = state.phones[who as usize] & !state.server;
        if self.piecemeal {
            let bits = (0..Papers::BITS).map(|bit| 1 << bit).filter(|bit| waiting & bit != 0);
            steps.extend(bits.map(|bit| Step::Deposit(who, bit)));
        } else if waiting != 0 {
            steps.push(Step::Deposit(who, waiting));
        }
    }

    fn giving(&self, state: &State, steps: &mut Vec<Step>) {
        let offered = open_offers(state);
        let has_all = state.has == [Who::Giver; 2];
        let is_packed = state.has(Who::Giver, Paper::Packing);
        if !is_packed && offered.is_empty() && has_all && state.meeting.is_none() {
            steps.push(Step::Sign(Who::Giver, Paper::Packing));
        }
        let form = if is_packed { Form::InBag } else { Form::Loose };
        let [offer, elsewhere] = [Paper::Offer(form), Paper::OfferElsewhere(form)];
        if offered.is_empty() && has_all {
            match state.meeting {
                Some(Meeting::GiverAndReceiver) if !made(state, Paper::Offer) => {
                    steps.push(Step::Sign(Who::Giver, offer));
                }
                Some(Meeting::GiverAndOnlooker) if !made(state, Paper::OfferElsewhere) => {
                    steps.push(Step::Sign(Who::Giver, elsewhere));
                }
                _ => {}
            }
        }
        for paper in offered {
            let revoke = match paper {
                Paper::Offer(form) => Paper::Revoke(form),
                Paper::OfferElsewhere(form) => Paper::RevokeElsewhere(form),
                _ => continue,
            };
            steps.push(Step::Sign(Who::Giver, revoke));
            steps.extend(
                shown(state, paper)
                    .into_iter()
                    .filter(|one| self.rules.is_releasable(*one))
                    .map(Step::Release),
            );
            let is_there = state.meeting == Some(Meeting::GiverAndReceiver) && matches!(paper, Paper::Offer(_));
            if self.has(Flaw::PapersBeforeGreen) && is_there && has_all {
                steps.push(Step::GiveEarly);
            }
        }
    }

    fn receiving(&self, state: &State, steps: &mut Vec<Step>) {
        let is_with_giver = state.meeting == Some(Meeting::GiverAndReceiver);
        // Who wants to be rid of papers under another's offer has to have them: an honest receiver scans the labels.
        let is_with_onlooker = state.meeting == Some(Meeting::OnlookerAndReceiver) && state.has == [Who::Onlooker; 2];
        for form in FORMS {
            let offer = Paper::Offer(form);
            let is_shown = if is_with_giver {
                state.has(Who::Giver, offer) && state.has == [Who::Giver; 2]
            } else {
                is_with_onlooker && state.photographed == Some(form)
            };
            let is_new = !accepted(state.phones[Who::Receiver as usize], form);
            if is_shown && is_new && self.rules.is_acceptable(offer, state.hellos == 1) {
                steps.extend(TAKINGS.map(|taking| Step::Sign(Who::Receiver, Paper::Accept(form, taking))));
            }
        }
        for (form, taking) in FORMS.into_iter().flat_map(|form| TAKINGS.map(|taking| (form, taking))) {
            let release = Paper::Release(form, taking);
            if is_with_giver && state.has(Who::Giver, release) {
                if !state.has(Who::Receiver, release) {
                    steps.push(Step::Finish);
                }
                if !state.has(Who::Receiver, Paper::TakeIn) {
                    steps.push(Step::Trail);
                }
            }
        }
        for taking in TAKINGS {
            let is_held = state.has[0] == Who::Receiver && state.has(Who::Receiver, Paper::Accept(Form::InBag, taking));
            if is_held && state.meeting.is_none() && !state.has(Who::Receiver, Paper::Opening(taking)) {
                steps.push(Step::Sign(Who::Receiver, Paper::Opening(taking)));
            }
        }
    }
}

/// Each pair meets once, the receiver and the onlooker after the giver has been with either.
fn may_meet(state: &State, meeting: Meeting) -> bool {
    match meeting {
        Meeting::GiverAndReceiver => state.hellos == 0,
        Meeting::GiverAndOnlooker => {
            let before = FORMS
                .into_iter()
                .any(|form| state.has(Who::Giver, Paper::OfferElsewhere(form)));
            !before && state.has == [Who::Giver; 2]
        }
        Meeting::OnlookerAndReceiver => state.hellos == 1 && state.photographed.is_some(),
    }
}

pub(super) fn after(last: &State, step: Step) -> State {
    let mut state = *last;
    match step {
        Step::Meet(meeting) => {
            state.meeting = Some(meeting);
            if meeting != Meeting::GiverAndOnlooker {
                state.hellos += 1;
            }
        }
        Step::Part => state.meeting = None,
        Step::Sign(who, paper) => sign(&mut state, who, paper),
        Step::Photograph(form) => state.photographed = Some(form),
        Step::Release(accept) => release(&mut state, accept),
        Step::GiveEarly => state.has = [Who::Receiver; 2],
        Step::Finish => {
            let releases = FORMS
                .into_iter()
                .flat_map(|form| TAKINGS.map(|taking| Paper::Release(form, taking)));
            let shown = releases.fold(0, |all, paper| all | paper.bit()) & state.phones[Who::Giver as usize];
            state.phones[Who::Receiver as usize] |= shown;
        }
        Step::Trail => {
            let way = Paper::TakeIn.bit() | Paper::Packing.bit();
            state.phones[Who::Receiver as usize] |= state.phones[Who::Giver as usize] & way;
        }
        Step::Lose(who) => {
            state.lost |= 1 << who as u8;
            // What a lost phone had is told by nobody any more.
            state.phones[who as usize] = 0;
        }
        Step::Deposit(_, papers) => state.server |= papers,
    }
    state
}

/// The onlooker photographs what is shown, and answers what was not meant for it.
fn onlooking(state: &State, steps: &mut Vec<Step>) {
    for form in FORMS {
        let is_shown = state.meeting == Some(Meeting::GiverAndReceiver) && state.has(Who::Giver, Paper::Offer(form));
        if is_shown && state.photographed.is_none() {
            steps.push(Step::Photograph(form));
        }
        if state.photographed == Some(form) && !state.has(Who::Onlooker, Paper::Stolen(form)) {
            steps.push(Step::Sign(Who::Onlooker, Paper::Stolen(form)));
        }
        let offer = Paper::OfferElsewhere(form);
        let is_receiver = state.meeting == Some(Meeting::GiverAndOnlooker) && state.has(Who::Giver, offer);
        if is_receiver && !state.has(Who::Onlooker, Paper::AcceptElsewhere(form)) {
            steps.push(Step::Sign(Who::Onlooker, Paper::AcceptElsewhere(form)));
        }
    }
}

/// Offers neither released nor taken back, as the giver's phone knows.
fn open_offers(state: &State) -> Vec<Paper> {
    let mut open = Vec::new();
    for form in FORMS {
        let ends = [
            Paper::Revoke(form),
            Paper::Release(form, Taking::All),
            Paper::Release(form, Taking::TwoOfThree),
            Paper::ReleaseStolen(form),
        ];
        if state.has(Who::Giver, Paper::Offer(form)) && !ends.into_iter().any(|end| state.has(Who::Giver, end)) {
            open.push(Paper::Offer(form));
        }
        let ends = [Paper::RevokeElsewhere(form), Paper::ReleaseElsewhere(form)];
        if state.has(Who::Giver, Paper::OfferElsewhere(form)) && !ends.into_iter().any(|end| state.has(Who::Giver, end))
        {
            open.push(Paper::OfferElsewhere(form));
        }
    }
    open
}

fn made(state: &State, offer: fn(Form) -> Paper) -> bool {
    FORMS.into_iter().any(|form| state.has(Who::Giver, offer(form)))
}

/// The acceptances the giver's camera may see: of whoever stands there, and over a shoulder.
fn shown(state: &State, offer: Paper) -> Vec<Paper> {
    let mut shown = Vec::new();
    match (offer, state.meeting) {
        (Paper::Offer(form), Some(Meeting::GiverAndReceiver)) => {
            let own = TAKINGS.map(|taking| Paper::Accept(form, taking));
            shown.extend(own.into_iter().filter(|one| state.has(Who::Receiver, *one)));
            shown.extend(Some(Paper::Stolen(form)).filter(|one| state.has(Who::Onlooker, *one)));
        }
        (Paper::OfferElsewhere(form), Some(Meeting::GiverAndOnlooker)) => {
            shown.extend(Some(Paper::AcceptElsewhere(form)).filter(|one| state.has(Who::Onlooker, *one)));
        }
        _ => {}
    }
    shown
}

/// Signs; an acceptance keeps the offer it answers beside it.
fn sign(state: &mut State, who: Who, paper: Paper) {
    let with = match paper {
        Paper::Accept(form, _) | Paper::Stolen(form) => Paper::Offer(form).bit(),
        Paper::AcceptElsewhere(form) => Paper::OfferElsewhere(form).bit(),
        _ => 0,
    };
    state.phones[who as usize] |= paper.bit() | with;
    if matches!(paper, Paper::Accept(..)) && state.meeting != Some(Meeting::GiverAndReceiver) {
        state.signed_for_absent = true;
    }
}

/// The giver keeps the acceptance, signs the release and gives what was taken to whoever stands there.
fn release(state: &mut State, accept: Paper) {
    let (release, taken) = match accept {
        Paper::Accept(form, taking) => (Paper::Release(form, taking), Some(taking)),
        Paper::AcceptElsewhere(form) => (Paper::ReleaseElsewhere(form), Some(Taking::All)),
        Paper::Stolen(form) => (Paper::ReleaseStolen(form), Some(Taking::All)),
        _ => return,
    };
    state.phones[Who::Giver as usize] |= accept.bit() | release.bit();
    let to = match state.meeting {
        Some(Meeting::GiverAndOnlooker) => Who::Onlooker,
        _ => Who::Receiver,
    };
    state.has[0] = to;
    if taken == Some(Taking::All) {
        state.has[1] = to;
    }
}
