//! A counting sort.

use std::ops::Range;

/// Items put together by numbers, each with those of its number in their order.
#[derive(Debug, Clone)]
pub(crate) struct Sorted<T> {
    /// Where the items of each number start, and one more for the end.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy + Default> Sorted<T> {
    /// The items of numbers below `count`. `each` gives the numbers, as many at once as it likes, and beside them what writes
    /// their items; it is called twice and gives the same both times.
    pub(crate) fn new(count: usize, each: impl Fn(&mut dyn FnMut(&[u32], &dyn Fn(&mut Vec<T>)))) -> Self {
        let mut starts = vec![0_u32; count + 1];
        each(&mut |numbers, _| numbers.iter().for_each(|number| starts[*number as usize + 1] += 1));
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let mut items = vec![T::default(); starts[count] as usize];
        let mut given = Vec::new();
        each(&mut |numbers, write| {
            given.clear();
            write(&mut given);
            for (number, item) in numbers.iter().zip(&given) {
                let place = &mut next[*number as usize];
                items[*place as usize] = *item;
                *place += 1;
            }
        });
        Self { starts, items }
    }

    /// The items with these numbers below `count`: what `item` gives for each place.
    pub(crate) fn of_numbers(count: usize, numbers: &[u32], item: impl Fn(usize) -> T) -> Self {
        const BLOCK: usize = 1024;
        Self::new(count, |add| {
            for (block, numbers) in numbers.chunks(BLOCK).enumerate() {
                add(numbers, &|items| items.extend((block * BLOCK..).take(numbers.len()).map(&item)));
            }
        })
    }

    /// All items, in the order of the numbers.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// Where the items of a number stand among all.
    pub(crate) fn place_of(&self, number: usize) -> Range<usize> {
        self.starts[number] as usize..self.starts[number + 1] as usize
    }

    /// All items, in the order of the numbers.
    pub(crate) fn into_items(self) -> Vec<T> {
        self.items
    }

    /// The items of a number.
    pub(crate) fn of(&self, number: usize) -> &[T] {
        &self.items[self.place_of(number)]
    }

    /// How many items a number has.
    pub(crate) fn count(&self, number: usize) -> usize {
        self.place_of(number).len()
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.starts.len() * 4 + size_of_val(self.items.as_slice())
    }
}
