//! An agenda that nobody else writes: where in it an item goes, and what number it has there.

use domain::{
    Violation,
    identifier::AgendaItemId,
    schedule::agenda::{Item, MOST_ITEMS, Refusal, Taken, Visibility, would_circle},
};
use uuid::Uuid;

use super::store::{self, Kept};
use crate::{
    db::{Visible, reference},
    error::Error,
};

/// An agenda that is held, with all its items.
pub(super) struct Held {
    /// What is said of it as a whole.
    pub(super) kept: Kept,
    /// Its items, in no order.
    pub(super) items: Vec<Visible<Item>>,
    /// Numbers of deleted items.
    pub(super) gone: Vec<String>,
}

/// An item where it is to be: with its rank, and its number once the agenda is adopted.
pub(super) struct Placed {
    /// The item.
    pub(super) item: Item,
    /// From which rank on its siblings make room, if they have to.
    pub(super) shift: Option<i32>,
    /// Which it is among its siblings, from 1.
    pub(super) position: u16,
}

impl Held {
    /// An item as it is now.
    pub(super) fn find(&self, id: Uuid) -> Result<&Visible<Item>, Error> {
        self.items.iter().find(|item| item.id == id).ok_or(Error::Gone)
    }

    /// Which an item is among its siblings, from 1.
    pub(super) fn position(&self, item: &Visible<Item>) -> u16 {
        let siblings = self.siblings(parent_of(&item.content), None);
        let before = siblings.iter().position(|sibling| sibling.id == item.id).unwrap_or_default();
        u16::try_from(before + 1).unwrap_or(u16::MAX)
    }

    /// Refuses to delete what others hang on.
    pub(super) fn check_alone(&self, id: Uuid) -> Result<(), Refusal> {
        let alone = self.items.iter().all(|item| parent_of(&item.content) != Some(id));
        if alone { Ok(()) } else { Err(Refusal::HasItems) }
    }

    /// Refuses to open a second item.
    pub(super) fn check_none_open(&self) -> Result<(), Refusal> {
        let open = self.items.iter().find(|item| item.content.state == domain::schedule::agenda::ItemState::Open);
        let Some(open) = open else { return Ok(()) };
        Err(Refusal::AnotherOpen(super::numbers(&self.kept, &self.items).remove(&AgendaItemId(open.id))))
    }

    /// `item` at the place that it asks for, in the place of `current` or as a new one.
    pub(super) fn place(
        &self,
        current: Option<&Visible<Item>>,
        item: Item,
        position: Option<u16>,
    ) -> Result<Placed, Error> {
        if current.is_none() && self.items.len() >= MOST_ITEMS {
            return Err(Refusal::Full.into());
        }
        let parent = self.check_parent(current, &item)?;
        self.check_number(current, &item)?;
        let (siblings, at) = self.aim(current, &item, position);
        let stays = current.filter(|current| {
            parent_of(&current.content) == parent_of(&item) && usize::from(self.position(current)) == at + 1
        });
        let (rank, shift) = match (stays, siblings.get(at)) {
            (Some(current), _) => (current.content.rank, None),
            (None, Some(next)) => (next.content.rank, Some(next.content.rank)),
            (None, None) => (siblings.last().map_or(0, |last| last.content.rank.saturating_add(1)), None),
        };
        let number = item.number.clone().or_else(|| self.number(&item, parent, &siblings, at));
        let position = u16::try_from(at + 1).unwrap_or(u16::MAX);
        Ok(Placed { item: Item { rank, number, ..item }, shift, position })
    }

    /// The siblings that it is to have, in their order, and before which of them it goes.
    fn aim(&self, current: Option<&Visible<Item>>, item: &Item, position: Option<u16>) -> (Vec<&Visible<Item>>, usize) {
        let siblings = self.siblings(parent_of(item), current.map(|current| current.id));
        let stays = current.filter(|current| parent_of(&current.content) == parent_of(item));
        let position = position.or_else(|| stays.map(|current| self.position(current)));
        let at = position.map_or(siblings.len(), |position| usize::from(position).saturating_sub(1));
        let at = at.min(siblings.len());
        (siblings, at)
    }

    fn siblings(&self, parent: Option<Uuid>, but: Option<Uuid>) -> Vec<&Visible<Item>> {
        let all = self.items.iter().filter(|item| parent_of(&item.content) == parent && Some(item.id) != but);
        let mut siblings: Vec<_> = all.collect();
        siblings.sort_unstable_by_key(|item| (item.content.rank, item.id));
        siblings
    }

    /// The item above it, which must be of this agenda, not below it, and seen by no fewer.
    fn check_parent(&self, current: Option<&Visible<Item>>, item: &Item) -> Result<Option<&Item>, Error> {
        let wanted = parent_of(item);
        let parent = wanted.map(|id| {
            let found = self.items.iter().find(|item| item.id == id);
            found.ok_or_else(|| {
                Violation::new("/parent_id", "unknown_agenda_item", "Name an item of the same agenda by id.")
            })
        });
        let parent = parent.transpose()?.map(|parent| &parent.content);
        item.details.check_below(parent.map(|parent| &parent.details))?;
        let Some(current) = current else { return Ok(parent) };
        let circles = |id| would_circle(&store::branches(&self.items), AgendaItemId(current.id), AgendaItemId(id));
        if wanted.is_some_and(circles) {
            let detail = "An item does not stand below itself. Choose another one above it.";
            return Err(Error::invalid("/parent_id", "below_itself", detail));
        }
        let mut below = self.items.iter().filter(|other| parent_of(&other.content) == Some(current.id));
        if below.any(|other| other.content.details.visibility < item.details.visibility) {
            let detail = "There are items below it that more would see. Narrow those first.";
            return Err(Error::invalid("/visibility", "narrower_than_below", detail));
        }
        Ok(parent)
    }

    /// A number given by hand stands for a common item, is its own, and does not change after the adoption.
    fn check_number(&self, current: Option<&Visible<Item>>, item: &Item) -> Result<(), Error> {
        let same = current.is_some_and(|current| current.content.details.manual_number == item.details.manual_number);
        if item.number.is_some() {
            return if same { Ok(()) } else { Err(Refusal::Adopted.into()) };
        }
        let Some(wanted) = &item.details.manual_number else { return Ok(()) };
        if item.details.visibility != Visibility::Common {
            let detail = "Only common items have numbers, so that nobody misses one. Leave it out.";
            return Err(Error::invalid("/manual_number", "out_of_place", detail));
        }
        let others = self.items.iter().filter(|other| current.is_none_or(|current| current.id != other.id));
        let others = others.filter_map(|other| match &other.content.number {
            Some(number) => Some(number.as_str()),
            None => other.content.details.manual_number.as_deref(),
        });
        let taken: Taken = others.chain(self.gone.iter().map(String::as_str)).collect();
        if taken.has(wanted) {
            let detail = "Another item of the agenda has this number, or had it. Choose another.";
            return Err(Error::invalid("/manual_number", "number_taken", detail));
        }
        Ok(())
    }

    /// The number of an item that comes into an adopted agenda before the sibling `at`; none before the adoption, and
    /// none of what not everybody sees.
    fn number(&self, item: &Item, parent: Option<&Item>, siblings: &[&Visible<Item>], at: usize) -> Option<String> {
        if self.kept.adopted_at.is_none() || item.details.visibility != Visibility::Common {
            return None;
        }
        if let Some(number) = &item.details.manual_number {
            return Some(number.clone());
        }
        let (before, after) = siblings.split_at(at.min(siblings.len()));
        let number_of = |item: &&Visible<Item>| item.content.number.clone();
        let before = before.iter().rev().find_map(number_of);
        let last = after.iter().all(|item| item.content.number.is_none());
        let given = self.items.iter().filter_map(|item| item.content.number.as_deref());
        let taken: Taken = given.chain(self.gone.iter().map(String::as_str)).collect();
        let parent = parent.and_then(|parent| parent.number.as_deref());
        Some(self.kept.numbering.inserted(parent, before.as_deref(), last, &taken))
    }
}

fn parent_of(item: &Item) -> Option<Uuid> {
    reference(item.details.parent_id.as_ref())
}
