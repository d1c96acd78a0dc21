//! What the fuzz targets share: a host that calls the exported functions, and what must hold of every reply.
//!
//! - [`forms`], [`calls`]: the caller-buffer calls, and what a host may do to them.
//! - [`exported`]: the table's functions, called as C calls them.
//! - [`guarded`]: texts at the end of readable memory, and buffers that tell of a write behind their end.
//! - [`site`]: the folder and the profiles that a target works with.
//! - [`harmless`]: which requests may be run at all: fuzzing writes and connects nowhere outside the site.
//! - [`judge`]: what must hold of a reply.
//! - [`seeds`]: requests from the vectors and the table, and the words in them.
//! - [`mutator`]: changes a request as JSON.

pub mod calls;
pub mod exported;
pub mod forms;
pub mod guarded;
pub mod harmless;
pub mod judge;
pub mod mutator;
pub mod seeds;
pub mod site;
