package com.cybernance.continuity.vault;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a vault has promised so far, and what it was asked for and has not answered. */
final class VaultModel {
    final Map<String, byte[]> objects = new TreeMap<>();
    final Map<String, Set<String>> holds = new HashMap<>();
    final Map<String, Instant> locks = new HashMap<>();
    boolean initialized;

    /** What was being done: "put", "delete", "hold", "release" or "lock"; empty between calls. */
    String doing = "";

    String object = "";
    String hold = "";
    byte[] content = {};

    @Nullable
    Instant moment;

    VaultModel copy() {
        VaultModel copy = new VaultModel();
        copy.objects.putAll(objects);
        holds.forEach((name, each) -> copy.holds.put(name, new TreeSet<>(each)));
        copy.locks.putAll(locks);
        copy.initialized = initialized;
        copy.doing = doing;
        copy.object = object;
        copy.hold = hold;
        copy.content = content;
        copy.moment = moment;
        return copy;
    }

    Set<String> holdsOf(String name) {
        return holds.computeIfAbsent(name, n -> new TreeSet<>());
    }

    void began(String what, String name) {
        doing = what;
        object = name;
    }

    /** The call returned: from now on it is promised. */
    void ended() {
        switch (doing) {
            case "put" -> objects.put(object, content);
            case "delete" -> {
                objects.remove(object);
                holds.remove(object);
                locks.remove(object);
            }
            case "hold" -> holdsOf(object).add(hold);
            case "release" -> holdsOf(object).remove(hold);
            case "lock" -> {
                if (moment != null) {
                    locks.put(object, moment);
                }
            }
            default -> throw new IllegalStateException("nothing was begun");
        }
        doing = "";
    }
}
