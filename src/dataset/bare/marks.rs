//! Where the bytes stand that end a cell or a text, found for 64 bytes at a time: a search for one of them would take
//! longer to begin than most cells are.

const BLOCK: usize = 64;

/// The places of three bytes in a text, and with `CONTROLS` those of control characters, asked for from left to right.
#[derive(Debug, Clone)]
pub(super) struct Marks<'a, const CONTROLS: bool> {
    bytes: &'a [u8],
    wanted: [u8; 3],
    /// Where the block begins that was looked at last.
    start: usize,
    /// A bit for each of its bytes.
    found: u64,
}

impl<'a, const CONTROLS: bool> Marks<'a, CONTROLS> {
    pub(super) fn of(text: &'a str, wanted: [u8; 3]) -> Self {
        Self { bytes: text.as_bytes(), wanted, start: usize::MAX, found: 0 }
    }

    /// The first place from here on, or the end of the text.
    #[inline]
    pub(super) fn next(&mut self, from: usize) -> usize {
        let mut from = from;
        loop {
            let start = from & !(BLOCK - 1);
            if start != self.start {
                if start >= self.bytes.len() {
                    return self.bytes.len();
                }
                (self.start, self.found) = (start, self.look(start));
            }
            let rest = self.found >> (from % BLOCK);
            if rest != 0 {
                return (from + rest.trailing_zeros() as usize).min(self.bytes.len());
            }
            from = start + BLOCK;
        }
    }

    #[inline(never)]
    fn look(&self, start: usize) -> u64 {
        let rest = &self.bytes[start..];
        let mut last = [b'0'; BLOCK];
        let block = rest.first_chunk::<BLOCK>().unwrap_or_else(|| {
            last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
            &last
        });
        let [first, second, third] = self.wanted;
        let is_mark = |byte: u8| {
            let is_control = CONTROLS && byte < b' ';
            u8::from(byte == first) | u8::from(byte == second) | u8::from(byte == third) | u8::from(is_control)
        };
        let mut marks = [0; BLOCK];
        marks.iter_mut().zip(block).for_each(|(mark, &byte)| *mark = is_mark(byte));
        let mut found = 0;
        for (place, marks) in marks.as_chunks::<8>().0.iter().enumerate() {
            // Gathers the lowest bit of each byte.
            found |= (u64::from_le_bytes(*marks).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (place * 8);
        }
        found
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
