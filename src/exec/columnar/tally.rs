//! What is counted and summed of a table's rows for each cell of a grouping.

/// What cells came to.
#[derive(Clone)]
pub(super) struct Tally {
    /// How many cells there are.
    pub(super) cells: usize,
    /// How many rows each has; not counted where each row leaves a bit.
    pub(super) counts: Vec<u32>,
    /// A second place for each cell, empty where there is none: a cell that many rows have in a row is not waited for.
    pub(super) beside: Beside,
    pub(super) kept: Vec<Tallied>,
    pub(super) scratch: Scratch,
}

/// Counts and sums that are still to be added to those of the cells.
#[derive(Clone, Default)]
pub(super) struct Beside {
    counts: Vec<u32>,
    sums: Vec<f64>,
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

/// The sums of which there is a mean, and how many rows have no number.
fn mean(kept: &mut [Tallied]) -> Option<(&mut Vec<f64>, &mut Vec<u32>)> {
    kept.iter_mut().find_map(|kept| if let Tallied::Mean(sums, missing) = kept { Some((sums, missing)) } else { None })
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

    /// Has a second place for each cell.
    pub(super) fn widen(&mut self) {
        self.beside = Beside { counts: vec![0; self.counts.len()], sums: vec![0.0; self.counts.len()] };
    }

    /// Adds what is beside the cells to them.
    pub(super) fn narrow(&mut self) {
        let Beside { counts, sums: beside } = std::mem::take(&mut self.beside);
        self.counts.iter_mut().zip(counts).for_each(|(count, beside)| *count += beside);
        if let Some((sums, _)) = mean(&mut self.kept) {
            sums.iter_mut().zip(beside).for_each(|(sum, beside)| *sum += beside);
        }
    }

    /// Counts rows by their cells.
    pub(super) fn count(&mut self, rows: usize) {
        let Self { counts, beside, scratch, .. } = self;
        let cells = &scratch.cells[..rows];
        if beside.counts.is_empty() {
            cells.iter().for_each(|cell| counts[*cell as usize] += 1);
            return;
        }
        let (left, right) = cells.split_at(rows / 2);
        for (left, right) in left.iter().zip(right) {
            counts[*left as usize] += 1;
            beside.counts[*right as usize] += 1;
        }
        right[left.len()..].iter().for_each(|cell| counts[*cell as usize] += 1);
    }

    /// Adds rows whose cells are in the scratch room, and of which nothing but their number and these numbers is kept: in one
    /// pass, so that numbers are read from memory while sums are made.
    pub(super) fn add_numbers(&mut self, numbers: &[f64]) {
        let Self { counts, beside, kept, scratch, .. } = self;
        let Some((sums, missing)) = mean(kept) else { return };
        let mut add = |counts: &mut [u32], sums: &mut [f64], cell: u32, number: f64| {
            counts[cell as usize] += 1;
            if number.is_nan() {
                missing[cell as usize] += 1;
            } else {
                sums[cell as usize] += number;
            }
        };
        let cells = &scratch.cells[..numbers.len()];
        let half = if beside.counts.is_empty() { 0 } else { numbers.len() / 2 };
        for row in 0..half {
            add(counts, sums, cells[row], numbers[row]);
            add(&mut beside.counts, &mut beside.sums, cells[half + row], numbers[half + row]);
        }
        (2 * half..numbers.len()).for_each(|row| add(counts, sums, cells[row], numbers[row]));
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
