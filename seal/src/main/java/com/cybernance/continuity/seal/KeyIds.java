package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.KeyRing;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** What an id of a key may look like, and how many keys a ring must seal for. */
final class KeyIds {
    /** For how many keys an object can be sealed at once. */
    static final int MOST = 15;

    private static final Pattern ID = Pattern.compile("[!-~]{1,200}");

    private KeyIds() {}

    static String check(String id, String what) {
        if (!ID.matcher(id).matches()) {
            throw Failures.corrupt(what + " names a key by " + id.length()
                    + " characters, expected 1 to 200 printable ASCII characters without spaces");
        }
        return id;
    }

    /** Refuses a ring that would seal what one lost key loses. */
    static void requireTwo(KeyRing keys, String what) {
        List<String> ids = keys.sealsFor();
        if (ids.isEmpty()) {
            throw new ContinuityException(
                    FailureKind.DENIED,
                    what + " cannot be sealed: the key ring at hand only opens",
                    "seal with a ring that has an online key and the public half of the recovery key");
        }
        if (ids.size() > MOST || ids.size() < 2 || new HashSet<>(ids).size() != ids.size()) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    what + " cannot be sealed: the key ring seals for the keys " + ids + ", expected 2 to " + MOST
                            + ", all different",
                    "add the public half of a recovery key, so that losing one key loses nothing");
        }
        for (String id : ids) {
            if (!ID.matcher(id).matches()) {
                throw new ContinuityException(
                        FailureKind.MISCONFIGURED,
                        what + " cannot be sealed: '" + id + "' is no id of a key",
                        "use 1 to 200 printable ASCII characters without spaces");
            }
        }
    }
}
