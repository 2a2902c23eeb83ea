//! What holds of the library as a whole.

mod laws;
