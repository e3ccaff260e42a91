//! Small integers as Parquet keeps levels and codes: runs of one value, and groups of eight of a few bits each.
//!
//! See "Run Length Encoding / Bit-Packing Hybrid" in the [format](https://parquet.apache.org/docs/file-format/data-pages/encodings/).

/// So many are decoded at a time, a multiple of eight.
const BLOCK: usize = 1024;

/// Integers of `width` bits, at most 32.
pub(super) struct Hybrid<'a> {
    bytes: &'a [u8],
    width: u8,
    count: usize,
}

impl<'a> Hybrid<'a> {
    /// So many integers at the start of some bytes.
    pub(super) fn new(bytes: &'a [u8], width: u8, count: usize) -> Self {
        Self { bytes, width, count }
    }

    /// Them; `None` if there are too few.
    pub(super) fn decoded(self) -> Option<Vec<u32>> {
        let mut values = Vec::new();
        self.each_block(|block| {
            values.extend_from_slice(block);
            Some(())
        })?;
        Some(values)
    }

    /// Gives them to `take`, some at a time, which stay near the processor; `None` if there are too few, or `take` gives it.
    pub(super) fn each_block(mut self, mut take: impl FnMut(&[u32]) -> Option<()>) -> Option<()> {
        let mut block = [0; BLOCK];
        while self.count > 0 {
            let header = self.header()?;
            let length = usize::try_from(header >> 1).ok().filter(|&length| length > 0)?;
            if header & 1 == 0 {
                let mut run = length.min(self.count);
                self.count -= run;
                block[..run.min(BLOCK)].fill(self.value()?);
                while run > 0 {
                    take(&block[..run.min(BLOCK)])?;
                    run -= run.min(BLOCK);
                }
                continue;
            }
            let width = usize::from(self.width);
            // The last group may be cut where the values end.
            let (mut packed, rest) = self.bytes.split_at(length.checked_mul(width)?.min(self.bytes.len()));
            self.bytes = rest;
            let mut wanted = self.count.min(length.saturating_mul(8));
            self.count -= wanted;
            while wanted > 0 {
                let values = &mut block[..wanted.min(BLOCK)];
                let (now, later) = packed.split_at(packed.len().min(BLOCK / 8 * width));
                unpack(now, width, values)?;
                take(values)?;
                (packed, wanted) = (later, wanted - values.len());
            }
        }
        Some(())
    }

    /// Whether they are runs of this value.
    pub(super) fn all_are(mut self, value: u32) -> bool {
        while self.count > 0 {
            let run =
                self.header().filter(|header| header & 1 == 0).and_then(|header| usize::try_from(header >> 1).ok());
            match run.filter(|&run| run > 0) {
                Some(run) if self.value() == Some(value) => self.count = self.count.saturating_sub(run),
                _ => return false,
            }
        }
        true
    }

    /// A number of seven bits a byte, the lowest first.
    fn header(&mut self) -> Option<u64> {
        let mut header = 0;
        for shift in (0..63).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            header |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(header);
            }
        }
        None
    }

    /// A value in whole bytes.
    fn value(&mut self) -> Option<u32> {
        let length = usize::from(self.width.div_ceil(8));
        let (bytes, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte)))
    }
}

/// Writes values of a few bits each, the lowest bits first.
fn unpack(packed: &[u8], width: usize, values: &mut [u32]) -> Option<()> {
    if packed.len() * 8 < values.len() * width {
        return None;
    }
    // With a width that is known the steps for each value are, too.
    macro_rules! of_width {
        ($($width:literal)*) => {
            match width {
                $($width => groups::<$width>(packed, values),)*
                _ => 0,
            }
        };
    }
    let groups = of_width!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);
    let mask = (1_u64 << width) - 1;
    let mut bytes = packed[groups * width..].iter();
    let (mut bits, mut held) = (0_u64, 0);
    for value in &mut values[groups * 8..] {
        while held < width {
            bits |= u64::from(*bytes.next()?) << held;
            held += 8;
        }
        *value = (bits & mask) as u32;
        bits >>= width;
        held -= width;
    }
    Some(())
}

/// Writes the values of whole groups, and says how many: a group of eight is as many bytes as a value has bits.
fn groups<const WIDTH: usize>(packed: &[u8], values: &mut [u32]) -> usize {
    let (packed, values) = (packed.as_chunks::<WIDTH>().0, values.as_chunks_mut::<8>().0);
    for (group, values) in packed.iter().zip(values.iter_mut()) {
        let (mut low, mut high) = ([0; 8], [0; 8]);
        let (first, rest) = group.split_at(WIDTH.min(8));
        low[..first.len()].copy_from_slice(first);
        high[..rest.len()].copy_from_slice(rest);
        let (low, high) = (u64::from_le_bytes(low), u64::from_le_bytes(high));
        for (place, value) in values.iter_mut().enumerate() {
            let start = place * WIDTH;
            let bits = match start {
                64.. => high >> (start - 64),
                1.. if start + WIDTH > 64 => low >> start | high << (64 - start),
                _ => low >> start,
            };
            *value = bits as u32 & ((1 << WIDTH) - 1);
        }
    }
    packed.len().min(values.len())
}

#[cfg(test)]
mod tests {
    use super::Hybrid;

    /// The example of the format: the numbers 0 to 7 in three bits each.
    #[test]
    fn runs_and_groups_are_decoded() {
        let packed = [0b0000_0011, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(Hybrid::new(&packed, 3, 8).decoded(), Some((0..8).collect()));
        let run = [0b0000_1010, 0x2c, 0x01];
        assert_eq!(Hybrid::new(&run, 9, 5).decoded(), Some(vec![300; 5]));
        let both = [run.as_slice(), &[0b0000_0011, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]].concat();
        assert_eq!(Hybrid::new(&both, 9, 8).decoded(), Some(vec![300, 300, 300, 300, 300, 511, 511, 511]));
        assert_eq!(Hybrid::new(&packed, 3, 9).decoded(), None);
        assert_eq!(Hybrid::new(&run[..2], 9, 5).decoded(), None);
        assert_eq!(Hybrid::new(&[0, 0], 9, 5).decoded(), None);
        assert_eq!(Hybrid::new(&[0b0000_1010], 0, 5).decoded(), Some(vec![0; 5]));
    }
}
