//! The forms and traps of real records.
