//! The x87 and SSE control words. Delphi programs run with floating-point exceptions unmasked, and vector code in a
//! called library then raises `EInvalidOp` inside the host: so they are masked for the call and put back after it.

/// Masks every floating-point exception until dropped.
pub(super) struct Masked {
    /// The host's words, where they had to be changed: loading them takes longer than looking at them.
    changed: Option<words::Words>,
}

impl Masked {
    /// Saves the host's control words and masks the exceptions.
    pub(super) fn new() -> Self {
        let hosts = words::Words::read();
        let masked = hosts.masked();
        if masked == hosts {
            return Self { changed: None };
        }
        masked.write();
        Self { changed: Some(hosts) }
    }
}

impl Drop for Masked {
    fn drop(&mut self) {
        if let Some(hosts) = self.changed {
            hosts.write();
        }
    }
}

#[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), not(miri)))]
mod words {
    use std::arch::asm;

    /// All six exception masks of the x87 control word.
    const X87_MASKS: u16 = 0x003F;
    /// All six exception masks of MXCSR, with its default rounding and denormal handling.
    const SSE_MASKED: u32 = 0x1F80;
    /// The bits of MXCSR that tell what happened.
    const SSE_FLAGS: u32 = 0x003F;

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(super) struct Words {
        x87: u16,
        sse: u32,
    }

    impl Words {
        pub(super) fn read() -> Self {
            let (mut x87, mut sse) = (0_u16, 0_u32);
            // SAFETY: both store to the places given, which are of their size. SSE2 is part of every target.
            unsafe {
                asm!("fnstcw word ptr [{}]", in(reg) &mut x87, options(nostack, preserves_flags));
                asm!("stmxcsr dword ptr [{}]", in(reg) &mut sse, options(nostack, preserves_flags));
            }
            Self { x87, sse }
        }

        /// With the exceptions masked; x87 keeps the host's precision, SSE takes its defaults.
        pub(super) fn masked(self) -> Self {
            Self { x87: self.x87 | X87_MASKS, sse: SSE_MASKED | self.sse & SSE_FLAGS }
        }

        pub(super) fn write(self) {
            // SAFETY: both load from the places given. What a call left pending in the x87 unit is cleared first, or
            // loading a word that unmasks it would raise it in the host; the SSE flags travel inside the word.
            unsafe {
                asm!("fnclex", "fldcw word ptr [{}]", in(reg) &self.x87, options(nostack));
                asm!("ldmxcsr dword ptr [{}]", in(reg) &self.sse, options(nostack));
            }
        }
    }
}

#[cfg(not(all(any(target_arch = "x86", target_arch = "x86_64"), not(miri))))]
mod words {
    /// Other processors start programs with the exceptions masked, and hosts leave them so. Miri has no such words.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(super) struct Words;

    impl Words {
        pub(super) fn read() -> Self {
            Self
        }

        pub(super) fn masked(self) -> Self {
            self
        }

        pub(super) fn write(self) {}
    }
}
