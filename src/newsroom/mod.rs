//! What editors see beside a site while they write.

mod passages;
mod reading;
