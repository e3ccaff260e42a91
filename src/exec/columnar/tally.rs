//! What is counted and summed of a table's rows for each cell of a grouping.

/// What cells came to.
#[derive(Clone)]
pub(super) struct Tally {
    /// How many cells there are.
    pub(super) cells: usize,
    /// How many rows each has; not counted where each row leaves a bit.
    pub(super) counts: Vec<u32>,
    pub(super) kept: Vec<Tallied>,
    pub(super) scratch: Scratch,
}

/// Room for what is read of a block of rows.
#[derive(Clone)]
pub(super) struct Scratch {
    pub(super) cells: Vec<u32>,
    pub(super) codes: Vec<u32>,
    pub(super) numbers: Vec<f64>,
}

#[derive(Clone)]
pub(super) enum Tallied {
    Count,
    /// The sum of the numbers of each cell, and how many rows have none.
    Mean(Vec<f64>, Vec<u32>),
    /// A bit for each cell and code.
    Distinct(Vec<u64>),
}

impl Tally {
    /// Whether a cell has rows.
    pub(super) fn has_rows(&self, cell: usize) -> bool {
        match self.counts.get(cell) {
            Some(count) => *count > 0,
            None => self.kept.iter().any(|kept| match kept {
                Tallied::Distinct(seen) => {
                    let words = seen.len() / self.cells;
                    seen[cell * words..(cell + 1) * words].iter().any(|word| *word > 0)
                }
                _ => false,
            }),
        }
    }

    /// Adds rows whose cells are in the scratch room, and of which nothing but their number and these numbers is kept: in one
    /// pass, so that numbers are read from memory while sums are made.
    pub(super) fn add_numbers(&mut self, numbers: &[f64]) {
        let Self { counts, kept, scratch, .. } = self;
        let mean = kept
            .iter_mut()
            .find_map(|kept| if let Tallied::Mean(sums, missing) = kept { Some((sums, missing)) } else { None });
        let Some((sums, missing)) = mean else { return };
        for (cell, number) in scratch.cells.iter().zip(numbers) {
            let cell = *cell as usize;
            counts[cell] += 1;
            missing[cell] += u32::from(number.is_nan());
            sums[cell] += if number.is_nan() { 0.0 } else { *number };
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, other)| *count += other);
        for (mine, theirs) in self.kept.iter_mut().zip(&other.kept) {
            match (mine, theirs) {
                (Tallied::Mean(sums, missing), Tallied::Mean(other_sums, others_missing)) => {
                    sums.iter_mut().zip(other_sums).for_each(|(sum, other)| *sum += other);
                    missing.iter_mut().zip(others_missing).for_each(|(missing, others)| *missing += others);
                }
                (Tallied::Distinct(mine), Tallied::Distinct(theirs)) => {
                    mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine |= theirs);
                }
                _ => {}
            }
        }
    }
}
