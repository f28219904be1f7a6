//! From product material to a draft journey in which every element cites its source.
