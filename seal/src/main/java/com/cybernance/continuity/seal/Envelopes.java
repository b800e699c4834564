package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.KeyRing;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The envelopes in a vault. Those of one object lie under the digest of its sealed bytes, numbered from 1 on. So no two
 * writers of one name can meet, and what a crashed writer left belongs to nothing.
 */
final class Envelopes {
    /** The first part of the names of all envelopes. No object may begin with it. */
    static final String ROOT = "sealed-keys";

    private static final String FIRST = "00000001";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{8}");

    private final Vault vault;
    private final KeyRing keys;

    Envelopes(Vault vault, KeyRing keys) {
        this.vault = vault;
        this.keys = keys;
    }

    static boolean isEnvelope(String name) {
        return name.equals(ROOT) || name.startsWith(ROOT + "/");
    }

    /** Refuses what is named like an envelope. */
    static void refuse(Vault vault, String object) {
        if (isEnvelope(object)) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "object '" + object + "' of vault " + vault.name()
                            + " has a name that belongs to the envelopes of sealed objects",
                    "use a name that begins otherwise than with " + ROOT);
        }
    }

    private static String folder(String sealedSha256) {
        if (!DIGEST.matcher(sealedSha256).matches()) {
            throw new ContinuityException(
                    FailureKind.UNEXPECTED,
                    "the vault gives the digest '" + sealedSha256 + "', expected 64 lower-case hex digits",
                    "tell the author of the vault");
        }
        return ROOT + "/" + sealedSha256 + "/";
    }

    /** The names of an object's envelopes, the newest first. */
    static List<String> of(Vault vault, Stored sealed) {
        String folder = folder(sealed.sha256());
        List<String> names = new ArrayList<>();
        vault.list(folder, each -> {
            if (NUMBER.matcher(each.name().substring(folder.length())).matches()) {
                names.add(each.name());
            }
        });
        Collections.reverse(names);
        return names;
    }

    /** Writes the first envelope of bytes that are sealed and not yet committed. */
    void write(String object, Contents contents) {
        write(object, contents, folder(contents.sealedSha256()) + FIRST);
    }

    private void write(String object, Contents contents, String name) {
        byte[] bytes = Envelope.seal(object, contents, keys).bytes();
        try (Vault.Draft draft = vault.create(name)) {
            draft.write(bytes);
            draft.commit();
        } catch (IOException e) {
            throw Failures.unexpected(what(name) + " could not be written", e);
        }
    }

    /** As below, and with one call to the vault where the first envelope opens: all of them hold the same. */
    Contents openAny(String object, Stored sealed) {
        String first = folder(sealed.sha256()) + FIRST;
        try {
            Contents contents = read(first).open(object, keys, what(first));
            if (contents.belongsTo(sealed)) {
                return contents;
            }
            contents.wipe();
        } catch (ContinuityException e) {
            if (e.kind().silence()) {
                throw e;
            }
        }
        return open(object, sealed);
    }

    /** What the newest envelope that opens holds. */
    Contents open(String object, Stored sealed) {
        return open(object, sealed, of(vault, sealed));
    }

    private Contents open(String object, Stored sealed, List<String> names) {
        List<ContinuityException> failures = new ArrayList<>();
        for (String name : names) {
            try {
                Contents contents = read(name).open(object, keys, what(name));
                if (contents.belongsTo(sealed)) {
                    return contents;
                }
                contents.wipe();
                failures.add(Failures.corrupt(what(name) + " belongs to other sealed bytes"));
            } catch (ContinuityException e) {
                if (e.kind() == FailureKind.INTERRUPTED) {
                    throw e;
                }
                failures.add(e);
            }
        }
        String where = "object '" + object + "' of vault " + vault.name();
        if (failures.isEmpty()) {
            throw Failures.corrupt(where + " has no envelope: it was not sealed here, or what was sealed was changed");
        }
        throw Failures.noneOpens(where, failures);
    }

    /** The ids of the keys that the newest envelope names, whether or not they are at hand. */
    List<String> keysOf(String object, Stored sealed) {
        List<String> names = of(vault, sealed);
        if (names.isEmpty()) {
            throw Failures.corrupt("object '" + object + "' of vault " + vault.name() + " has no envelope");
        }
        return read(names.get(0)).keys();
    }

    /** Adds an envelope for the keys of today, unless the newest one is for them and opens. */
    boolean rewrap(String object, Stored sealed) {
        ContinuityException last = null;
        for (int attempt = 0; attempt < 3; attempt++) {
            List<String> names = of(vault, sealed);
            Contents contents = open(object, sealed, names);
            try {
                if (isForToday(object, sealed, names.get(0))) {
                    return false;
                }
                write(object, contents, next(names.get(0)));
                return true;
            } catch (ContinuityException e) {
                if (e.kind() != FailureKind.CONFLICT) {
                    throw e;
                }
                last = e; // somebody else added one meanwhile; it may be as good
            } finally {
                contents.wipe();
            }
        }
        throw last;
    }

    private boolean isForToday(String object, Stored sealed, String newest) {
        try {
            Envelope envelope = read(newest);
            Contents contents = envelope.open(object, keys, what(newest));
            contents.wipe();
            return contents.belongsTo(sealed) && Set.copyOf(envelope.keys()).equals(Set.copyOf(keys.sealsFor()));
        } catch (ContinuityException e) {
            if (e.kind().silence()) {
                throw e;
            }
            return false;
        }
    }

    private static String next(String name) {
        int slash = name.lastIndexOf('/') + 1;
        return name.substring(0, slash) + "%08d".formatted(Integer.parseInt(name.substring(slash)) + 1);
    }

    private Envelope read(String name) {
        try (InputStream in = vault.open(name)) {
            byte[] bytes = in.readNBytes(Envelope.LIMIT + 1);
            if (bytes.length > Envelope.LIMIT) {
                throw Failures.corrupt(what(name) + " is longer than " + Envelope.LIMIT + " bytes");
            }
            return Envelope.read(bytes, what(name));
        } catch (IOException e) {
            throw Failures.unexpected(what(name) + " could not be read", e);
        }
    }

    private String what(String name) {
        return "envelope '" + name + "' of vault " + vault.name();
    }
}
