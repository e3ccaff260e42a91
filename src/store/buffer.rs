//! Numbers one after another: owned, or a part of bytes that are shared, such as those of a file that is mapped.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use bytemuck::Pod;
use bytes::Bytes;

/// A slice of numbers that is owned or shared; a clone of a shared one copies nothing.
///
/// ```
/// use bytes::Bytes;
/// use demarche::store::Buffer;
///
/// let owned = Buffer::from(vec![1_u8, 2, 3]);
/// let shared = Buffer::shared(Bytes::from_static(&[1, 2, 3]), |_: &[u8]| None);
/// assert_eq!(owned[..], shared[..]);
/// ```
#[derive(Clone)]
pub struct Buffer<T>(Held<T>);

#[derive(Clone)]
enum Held<T> {
    Owned(Vec<T>),
    Shared(Arc<Shared<T>>),
}

struct Shared<T> {
    bytes: Bytes,
    mend: Mend<T>,
    mended: OnceLock<Option<Vec<T>>>,
}

/// What stands instead of numbers that cannot be right, if any are not.
type Mend<T> = Box<dyn Fn(&[T]) -> Option<Vec<T>> + Send + Sync>;

impl<T: Pod> Buffer<T> {
    /// The numbers in these bytes, in the byte order of the machine. They are read when they are first asked for; `mend` is
    /// then given them, and gives what stands instead if they cannot be right.
    pub fn shared(bytes: Bytes, mend: impl Fn(&[T]) -> Option<Vec<T>> + Send + Sync + 'static) -> Self {
        match bytemuck::try_cast_slice::<u8, T>(&bytes) {
            Ok(_) => Self(Held::Shared(Arc::new(Shared { bytes, mend: Box::new(mend), mended: OnceLock::new() }))),
            Err(_) => {
                let copied: Vec<T> = bytes.chunks_exact(size_of::<T>()).map(bytemuck::pod_read_unaligned).collect();
                Self(Held::Owned(mend(&copied).unwrap_or(copied)))
            }
        }
    }

    /// Adds numbers at the end; those that are shared are copied first.
    pub fn extend(&mut self, more: &[T]) {
        if let Held::Shared(shared) = &self.0 {
            self.0 = Held::Owned(shared.numbers().to_vec());
        }
        if let Held::Owned(numbers) = &mut self.0 {
            numbers.extend_from_slice(more);
        }
    }
}

impl<T: Pod> Shared<T> {
    fn numbers(&self) -> &[T] {
        let stored = || bytemuck::try_cast_slice(&self.bytes).unwrap_or_default();
        match self.mended.get_or_init(|| (self.mend)(stored())) {
            Some(mended) => mended,
            None => stored(),
        }
    }
}

impl<T: Pod> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match &self.0 {
            Held::Owned(numbers) => numbers,
            Held::Shared(shared) => shared.numbers(),
        }
    }
}

impl<T> From<Vec<T>> for Buffer<T> {
    fn from(numbers: Vec<T>) -> Self {
        Self(Held::Owned(numbers))
    }
}

impl<T> FromIterator<T> for Buffer<T> {
    fn from_iter<I: IntoIterator<Item = T>>(numbers: I) -> Self {
        Self(Held::Owned(numbers.into_iter().collect()))
    }
}

impl<T> Default for Buffer<T> {
    fn default() -> Self {
        Self(Held::Owned(Vec::new()))
    }
}

impl<'a, T: Pod> IntoIterator for &'a Buffer<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Pod + fmt::Debug> fmt::Debug for Buffer<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}
