package com.cybernance.continuity.policy;

import java.util.List;

/** A piece of a policy file, and where it stands. All values are text: what a text means is for its reader to say. */
sealed interface Node {
    Position at();

    /** What a person would call it. */
    String kind();

    /** Where something starts, both counted from 1. */
    record Position(int line, int column) {}

    record Text(String value, Position at) implements Node {
        @Override
        public String kind() {
            return "text";
        }
    }

    record Items(List<Node> items, Position at) implements Node {
        @Override
        public String kind() {
            return "a list";
        }
    }

    record Mapping(List<Entry> entries, Position at) implements Node {
        @Override
        public String kind() {
            return "keys with values";
        }
    }

    record Entry(Text key, Node value) {}
}
