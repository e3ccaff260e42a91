//! Where the bytes stand that end a cell or a text, found eight bytes at a time: a search for one of them would take longer
//! to begin than most cells are.

const ONES: u64 = u64::MAX / 255;
const HIGH: u64 = ONES << 7;

/// The places of three bytes in a text, and with `CONTROLS` those of control characters, asked for from left to right.
#[derive(Debug, Clone)]
pub(super) struct Marks<'a, const CONTROLS: bool> {
    bytes: &'a [u8],
    wanted: [u8; 3],
    /// Where the eight bytes begin that were looked at last.
    start: usize,
    /// The high bit of each of them that may be a mark; the lowest one is.
    found: u64,
}

impl<'a, const CONTROLS: bool> Marks<'a, CONTROLS> {
    pub(super) fn of(text: &'a str, wanted: [u8; 3]) -> Self {
        Self { bytes: text.as_bytes(), wanted, start: usize::MAX, found: 0 }
    }

    /// The first place from here on, or the end of the text.
    pub(super) fn next(&mut self, from: usize) -> usize {
        let mut from = from;
        loop {
            let start = from & !7;
            if start != self.start {
                if start >= self.bytes.len() {
                    return self.bytes.len();
                }
                (self.start, self.found) = (start, self.look(start));
            }
            let rest = self.found >> (from % 8 * 8);
            if rest == 0 {
                from = start + 8;
                continue;
            }
            let place = from + rest.trailing_zeros() as usize / 8;
            // A borrow from a lower mark can make a byte look like one.
            if self.bytes.get(place).is_some_and(|&byte| self.is_mark(byte)) {
                return place;
            }
            from = place + 1;
        }
    }

    fn is_mark(&self, byte: u8) -> bool {
        self.wanted.contains(&byte) || CONTROLS && byte < b' '
    }

    fn look(&self, start: usize) -> u64 {
        let word = match self.bytes.get(start..).and_then(<[u8]>::first_chunk) {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => {
                let mut last = [b'0'; 8];
                last.iter_mut().zip(&self.bytes[start..]).for_each(|(to, byte)| *to = *byte);
                u64::from_le_bytes(last)
            }
        };
        // The high bit of each byte that is below `least`, and maybe of some after it.
        let below = |word: u64, least: u64| word.wrapping_sub(ONES * least) & !word & HIGH;
        let each = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
        let found = each(self.wanted[0]) | each(self.wanted[1]) | each(self.wanted[2]);
        if CONTROLS { found | below(word, u64::from(b' ')) } else { found }
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    fn found(next: &mut dyn FnMut(usize) -> usize, length: usize) -> Vec<usize> {
        let mut found = vec![next(0)];
        while let Some(last) = found.last().copied().filter(|last| *last < length) {
            found.push(next(last + 1));
        }
        found
    }

    #[test]
    fn every_mark_is_found_and_nothing_else() {
        let letters = ['a', ',', '\n', '\r', '\u{1}', '-', 'ø', '"', '+', '\u{7f}'];
        let mut seed = 1_u32;
        let mut letter = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            letters[(seed >> 16) as usize % letters.len()]
        };
        let text: String = (0..5000).map(|_| letter()).collect();
        for length in (0..40).chain([text.len()]).filter(|&length| text.is_char_boundary(length)) {
            let text = &text[..length];
            let places = |is_mark: &dyn Fn(u8) -> bool| -> Vec<usize> {
                (0..length).filter(|&place| is_mark(text.as_bytes()[place])).chain([length]).collect()
            };
            let wanted = [b',', b'\n', b'\r'];
            let mut marks = Marks::<false>::of(text, wanted);
            assert_eq!(found(&mut |from| marks.next(from), length), places(&|byte| wanted.contains(&byte)));
            let wanted = [b'"', b',', b'"'];
            let mut marks = Marks::<true>::of(text, wanted);
            let is_mark = |byte| wanted.contains(&byte) || byte < b' ';
            assert_eq!(found(&mut |from| marks.next(from), length), places(&is_mark));
        }
    }
}
