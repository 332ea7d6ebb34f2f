//! What a cluster says of itself and of topics, and making topics: for `khabar check` and `khabar topics`.
