//! Candidates for names, remembered by each thread: forms send the same names again and again.

use std::{borrow::Cow, cell::RefCell, collections::HashMap, rc::Rc};

use super::{candidates::candidates_below, dictionary::Candidate, payload::PATH};

/// Most names in each of the two generations.
const GENERATION: usize = 2_048;
/// Longest key of one, in bytes, its parent's name included. Longer names are questions, which are rare.
const LONGEST: usize = 160;

/// Remembered candidates: at most two generations of [`GENERATION`] keys of [`LONGEST`] bytes. A name that is asked for again goes into
/// the younger one, so that a flood of other names does not make it forgotten.
#[derive(Default)]
struct Memory {
    young: HashMap<String, Rc<[Candidate]>>,
    old: HashMap<String, Rc<[Candidate]>>,
}

impl Memory {
    fn find(&mut self, key: &str) -> Option<Rc<[Candidate]>> {
        if let Some(found) = self.young.get(key) {
            return Some(Rc::clone(found));
        }
        let (key, found) = self.old.remove_entry(key)?;
        self.keep(key, Rc::clone(&found));
        Some(found)
    }

    fn keep(&mut self, key: String, found: Rc<[Candidate]>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, found);
    }
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// What a name may mean in an object of that name; none at the top. A name that is longer than any path means nothing.
pub fn remembered(parent: Option<&str>, name: &str) -> Rc<[Candidate]> {
    let length = name.len() + parent.map_or(0, |parent| parent.len() + 1);
    if length > PATH {
        return Rc::default();
    }
    if length > LONGEST {
        return candidates_below(parent, name).into();
    }
    let key = match parent {
        Some(parent) => Cow::Owned(format!("{parent}\0{name}")),
        None => Cow::Borrowed(name),
    };
    MEMORY.with_borrow_mut(|memory| {
        memory.find(&key).unwrap_or_else(|| {
            let found: Rc<[Candidate]> = candidates_below(parent, name).into();
            memory.keep(key.into_owned(), Rc::clone(&found));
            found
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number of keys and their bytes.
    fn size() -> (usize, usize) {
        MEMORY.with_borrow(|memory| {
            let keys = || memory.young.keys().chain(memory.old.keys());
            (keys().count(), keys().map(String::len).sum())
        })
    }

    #[test]
    fn memory_is_bounded_whatever_names_are_sent() {
        for n in 0..3 * GENERATION {
            assert!(remembered(None, &format!("zzyx{n}")).is_empty());
            assert_eq!(remembered(None, "E-mail address").first().map(|one| one.field), Some("email"));
        }
        let long = "x".repeat(100_000);
        for n in 0..100 {
            remembered(Some(&long), &format!("email {n}"));
            remembered(Some(&format!("{}{n}", "x".repeat(LONGEST))), "email");
        }

        let (keys, bytes) = size();
        assert!(keys <= 2 * GENERATION && bytes <= 2 * GENERATION * LONGEST, "{keys} keys of {bytes} bytes");
        let is_kept = MEMORY.with_borrow(|memory| memory.young.contains_key("E-mail address"));
        assert!(is_kept, "what is asked for again and again stays");
    }

    #[test]
    fn what_is_too_long_to_be_remembered_means_the_same() {
        let parent = "p".repeat(LONGEST);
        let direct = candidates_below(Some(&parent), "email");
        assert_eq!(remembered(Some(&parent), "email").to_vec(), direct);
        assert!(!direct.is_empty());
        assert!(remembered(None, &"email ".repeat(PATH)).is_empty());
    }
}
