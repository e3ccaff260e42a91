//! Small integers as Parquet keeps levels and codes: runs of one value, and groups of eight of a few bits each.
//!
//! See "Run Length Encoding / Bit-Packing Hybrid" in the [format](https://parquet.apache.org/docs/file-format/data-pages/encodings/).

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
    pub(super) fn decoded(mut self) -> Option<Vec<u32>> {
        let mut values = Vec::with_capacity(self.count.min(self.bytes.len().saturating_mul(8)).max(64));
        while values.len() < self.count {
            let header = self.header()?;
            let wanted = self.count - values.len();
            if header & 1 == 0 {
                let run = usize::try_from(header >> 1).ok().filter(|&run| run > 0)?;
                let value = self.value()?;
                values.extend(std::iter::repeat_n(value, run.min(wanted)));
            } else {
                let groups = usize::try_from(header >> 1).ok().filter(|&groups| groups > 0)?;
                let length = groups.checked_mul(usize::from(self.width))?;
                // The last group may be cut where the values end.
                let (packed, rest) = self.bytes.split_at(length.min(self.bytes.len()));
                self.bytes = rest;
                unpack(packed, self.width, wanted.min(groups.saturating_mul(8)), &mut values)?;
            }
        }
        Some(values)
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

/// Adds so many values of a few bits each, the lowest bits first.
fn unpack(packed: &[u8], width: u8, count: usize, values: &mut Vec<u32>) -> Option<()> {
    if packed.len() * 8 < count * usize::from(width) {
        return None;
    }
    let mask = (1_u64 << width) - 1;
    let length = usize::from(width);
    // A group of eight values is as many bytes as a value has bits.
    let groups = if (1..=16).contains(&width) { count / 8 } else { 0 };
    for group in packed.chunks_exact(length.max(1)).take(groups) {
        let mut bits = [0; 16];
        bits[..length].copy_from_slice(group);
        let bits = u128::from_le_bytes(bits);
        values.extend((0..8).map(|place| (bits >> (place * width)) as u32 & mask as u32));
    }
    let mut bytes = packed[groups * length..].iter();
    let (mut bits, mut held) = (0_u64, 0);
    for _ in groups * 8..count {
        while held < width {
            bits |= u64::from(*bytes.next()?) << held;
            held += 8;
        }
        values.push((bits & mask) as u32);
        bits >>= width;
        held -= width;
    }
    Some(())
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
