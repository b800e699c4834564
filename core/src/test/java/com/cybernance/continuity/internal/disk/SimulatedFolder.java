package com.cybernance.continuity.internal.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A directory of a {@link SimulatedDisk}: the names that programs see, those that are durable, the changes between. */
final class SimulatedFolder {
    final TreeMap<String, Object> entries = new TreeMap<>();
    private final TreeMap<String, Object> durable = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();

    /** A change of names: some are taken away, one is given. Happens whole or not at all. */
    static final class Change {
        private final @Nullable String gone;
        private final @Nullable String given;
        private final @Nullable Object what;

        /** The other half of a rename into another directory. */
        private @Nullable Change half;

        private @Nullable SimulatedFolder folderOfHalf;

        private Change(@Nullable String gone, @Nullable String given, @Nullable Object what) {
            this.gone = gone;
            this.given = given;
            this.what = what;
        }

        static Change give(String name, Object what) {
            return new Change(null, name, what);
        }

        static Change take(String name) {
            return new Change(name, null, null);
        }

        private void applyTo(Map<String, Object> names) {
            if (gone != null) {
                names.remove(gone);
            }
            if (given != null && what != null) {
                names.put(given, what);
            }
        }
    }

    void change(Change change) {
        change.applyTo(entries);
        pending.add(change);
    }

    static void move(SimulatedFolder from, String old, SimulatedFolder to, String name, Object what) {
        if (from == to) {
            from.change(new Change(old, name, what));
            return;
        }
        Change taken = Change.take(old);
        Change given = Change.give(name, what);
        taken.half = given;
        taken.folderOfHalf = to;
        given.half = taken;
        given.folderOfHalf = from;
        from.change(taken);
        to.change(given);
    }

    void force() {
        durable.clear();
        durable.putAll(entries);
        for (Change change : pending) {
            SimulatedFolder other = change.folderOfHalf;
            Change half = change.half;
            if (other != null && half != null && other.pending.contains(half)) {
                other.settle(half);
            }
        }
        pending.clear();
    }

    /** The other half of a rename is durable, and with it that what was taken away had been there. */
    private void settle(Change half) {
        List<Change> before = pending.subList(0, pending.indexOf(half) + 1);
        before.removeIf(change -> change == half || (half.gone != null && half.gone.equals(change.given)));
        half.applyTo(durable);
    }

    /** Fills another folder with what a failure of power may leave of this one. */
    void leave(SimulatedFolder there, Random choice, int mood, Map<Object, Object> copies, Map<Change, Boolean> fates) {
        for (Map.Entry<String, Object> entry : left(choice, mood, fates).entrySet()) {
            Object copy = copies.get(entry.getValue());
            if (copy == null && entry.getValue() instanceof SimulatedFile file) {
                copy = file.afterCrash(choice, mood);
                copies.put(file, copy);
            } else if (copy == null && entry.getValue() instanceof SimulatedFolder folder) {
                SimulatedFolder made = new SimulatedFolder();
                copies.put(folder, made);
                folder.leave(made, choice, mood, copies, fates);
                copy = made;
            }
            if (copy != null) {
                there.entries.put(entry.getKey(), copy);
            }
        }
        there.durable.putAll(there.entries);
    }

    private Map<String, Object> left(Random choice, int mood, Map<Change, Boolean> fates) {
        if (mood == 1) {
            return entries;
        }
        if (pending.isEmpty() || mood == 0) {
            return durable;
        }
        Map<String, Object> names = new TreeMap<>(durable);
        int prefix = choice.nextInt(pending.size() + 1);
        boolean ordered = choice.nextBoolean();
        for (int i = 0; i < pending.size(); i++) {
            Change change = pending.get(i);
            Boolean fate = fates.get(change);
            boolean happened = fate != null ? fate : ordered ? i < prefix : choice.nextBoolean();
            if (change.half != null) {
                fates.put(change.half, happened);
            }
            if (happened) {
                change.applyTo(names);
            }
        }
        return names;
    }
}
