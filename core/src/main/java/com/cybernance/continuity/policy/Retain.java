package com.cybernance.continuity.policy;

import com.cybernance.continuity.internal.words.InWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Restore points are kept.
 *
 * @param atLeast how long each restore point is kept
 * @param lock who could delete one earlier
 */
public record Retain(Duration atLeast, Lock lock) implements Objective {
    public Retain {
        Figures.time("at-least", atLeast);
    }

    @Override
    public String word() {
        return "retain";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        Retain old = (Retain) before;
        List<String> weaker =
                new ArrayList<>(Figures.shorter("the time that restore points are kept", old.atLeast, atLeast));
        if (lock.compareTo(old.lock) < 0) {
            weaker.add("the lock was %s, now %s".formatted(old.lock.word(), lock.word()));
        }
        return List.copyOf(weaker);
    }

    @Override
    public String toString() {
        return "every restore point is kept for at least %s, %s".formatted(InWords.duration(atLeast), lock.sentence);
    }

    /** What keeps a restore point from being deleted too early, weakest first. */
    public enum Lock {
        /** Nothing but the rights of those who may delete. */
        NONE("under no lock"),
        /** A lock that few named people can lift. */
        GOVERNED("under a lock that only a named few can lift"),
        /** A lock that nobody can lift, the owner of the account included. */
        IMMUTABLE("under a lock that nobody can lift");

        private final String sentence;

        Lock(String sentence) {
            this.sentence = sentence;
        }

        /** The lock as policy files write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
