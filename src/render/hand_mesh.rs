//! Hand and forearm as one shaded surface.
