//! Which instructions are used.

/// A set of instructions that this processor has. All paths give the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path(pub(crate) Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Vnni,
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Path {
    /// No instructions beyond what the program was compiled for.
    pub const PORTABLE: Self = Self(Kind::Portable);

    /// Those that this processor has, the fastest first; [`Path::PORTABLE`] is always among them.
    pub fn available() -> Vec<Self> {
        let mut paths = Vec::new();
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            let vnni = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vnni");
            if vnni {
                paths.push(Self(Kind::Vnni));
            }
            paths.push(Self(Kind::Avx2));
        }
        #[cfg(target_arch = "aarch64")]
        if std::arch::is_aarch64_feature_detected!("neon") {
            paths.push(Self(Kind::Neon));
        }
        paths.push(Self::PORTABLE);
        paths
    }

    /// The fastest that this processor has.
    pub fn best() -> Self {
        Self::available().first().copied().unwrap_or(Self::PORTABLE)
    }

    /// Its name, for logs and benchmarks.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Vnni => "avx512-vnni",
            #[cfg(target_arch = "aarch64")]
            Kind::Neon => "neon",
        }
    }
}

/// Runs the same safe code, compiled for the instructions of a path: `on!(path, function(arguments))`; the copies are
/// made by [`vectors!`].
macro_rules! on {
    ($path:expr, $function:ident ( $($argument:expr),* )) => {
        match $path.0 {
            // SAFETY: such a path is only made where the processor has these instructions.
            #[cfg(target_arch = "x86_64")]
            crate::path::Kind::Vnni => unsafe { avx512::$function($($argument),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            crate::path::Kind::Avx2 => unsafe { avx2::$function($($argument),*) },
            _ => $function($($argument),*),
        }
    };
}
pub(crate) use on;

/// Copies of functions of this module for the vectors of AVX2 and of AVX-512, in modules of these names.
macro_rules! vectors {
    ($(fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)?;)*) => {
        #[cfg(target_arch = "x86_64")]
        mod avx2 {
            // Not every function names something of its module.
            #[allow(unused_imports)]
            use super::*;
            $(#[target_feature(enable = "avx2")]
            pub fn $name($($argument: $type),*) $(-> $output)? {
                super::$name($($argument),*)
            })*
        }
        #[cfg(target_arch = "x86_64")]
        mod avx512 {
            // Not every function names something of its module.
            #[allow(unused_imports)]
            use super::*;
            $(#[target_feature(enable = "avx2,avx512f,avx512bw,avx512dq,avx512vl")]
            pub fn $name($($argument: $type),*) $(-> $output)? {
                super::$name($($argument),*)
            })*
        }
    };
}
pub(crate) use vectors;
