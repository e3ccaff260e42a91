//! What was freed back to the system.

/// Gives back what was freed, where the system's allocator would keep it: a file is read in pieces whose memory lies among
/// what is kept of them.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    trim();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "no crate calls it for us; without it a prompt holds near twice the memory of its data")]
fn trim() {
    // SAFETY: it takes nothing but a number, and may be called at any time from any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}
