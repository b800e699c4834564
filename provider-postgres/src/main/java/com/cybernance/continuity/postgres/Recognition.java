package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ReplicaState.Link;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a connection on the primary is the server whose name it carries. A name is what a client says of itself. A
 * server that says who it is and that it receives nothing is cut off. Where the two ends only disagree, the route may lead
 * to the wrong server as well as the connection to a stranger.
 */
record Recognition(PostgresReplication.PrimaryView view, Map<String, ServerWord> words) {
    /** Why the connection is not known to be the server; empty when nothing speaks against it. */
    Optional<LinkVerdict> denial(Sample.Sender sender, String name) {
        if (sender.logical()) {
            return unknown("not a physical standby: a logical subscriber holds only published tables");
        }
        ServerWord word = words.get(name);
        if (word == null) {
            return fedBy(name).or(() -> slotOfItsName(sender)).flatMap(Recognition::notKnown);
        }
        Optional<String> why = word.denies(sender, view.word());
        return why.isPresent() && word.receivesNothing()
                ? Optional.of(new LinkVerdict(Link.DISCONNECTED, "not this server: " + why.get()))
                : why.or(() -> fedBy(name)).flatMap(Recognition::notKnown);
    }

    /** A server that takes the log from another one of the estate takes it from nobody else. */
    private Optional<String> fedBy(String name) {
        return words.entrySet().stream()
                .filter(other -> !other.getKey().equals(name))
                // The primary may be known by a name of the embedder's as well, and feeds them all.
                .filter(other -> !other.getValue().sameServer(view.word()))
                .filter(other -> other.getValue().feeds().contains(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(other -> "a server of this name receives from server " + other.getKey());
    }

    private Optional<String> slotOfItsName(Sample.Sender sender) {
        return view.slots().stream()
                .map(PostgresReplication.Slot::name)
                .filter(slot -> sameAsSlot(sender.name(), slot) && !slot.equals(sender.slot()))
                .findFirst()
                .map("slot %s is kept for the server of this name, and this connection does not use it"::formatted);
    }

    private static Optional<LinkVerdict> notKnown(String why) {
        return unknown("not known to be this server: " + why);
    }

    private static Optional<LinkVerdict> unknown(String why) {
        return Optional.of(new LinkVerdict(Link.UNKNOWN, why));
    }

    /** A slot's name has only lower-case letters, digits and underscores. */
    static boolean sameAsSlot(String name, String slot) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_").equals(slot);
    }
}
