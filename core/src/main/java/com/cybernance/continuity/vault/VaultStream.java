package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.StateStore.Entry;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The objects of one stream: {@code record/NUMBER} and {@code epoch/NUMBER}, numbers in 19 digits. An epoch notes the
 * last record that its taker saw.
 */
record VaultStream(Vault vault, String prefix, String name) {
    /** How many parts a name has below the prefix of a store. */
    static final int PARTS = 4;

    private static final Pattern EPOCH = Pattern.compile(
            "continuity epoch, format 1\nafter record: ([0-9]{1,19})\nhash: ([0-9a-f]{64})\nholder: ([^\n]*)\n");

    /** How far a walk came: the last record's number, hash and epoch. */
    record End(long sequence, String hash, long epoch) {}

    /** An epoch that was taken, and the end of the stream as its taker saw it. */
    record Taken(long epoch, long sequence, String hash, String holder) {}

    String record(long sequence) {
        return "%s/record/%019d".formatted(prefix, sequence);
    }

    String epoch(long epoch) {
        return "%s/epoch/%019d".formatted(prefix, epoch);
    }

    /** The newest number among the objects of one kind; 0 when there is none. */
    private long newest(String kind) {
        long[] newest = {0};
        String begin = prefix + "/" + kind + "/";
        vault.list(begin, each -> newest[0] = number(each, begin));
        return newest[0];
    }

    private long number(Stored object, String begin) {
        String digits = object.name().substring(begin.length());
        if (!digits.matches("[0-9]{19}")) {
            throw corrupt("object '" + object.name() + "' is none of it");
        }
        return Long.parseLong(digits);
    }

    long newestEpoch() {
        return newest("epoch");
    }

    Taken taken(long epoch) {
        byte[] bytes = bytes(epoch(epoch), "epoch " + epoch);
        Matcher parts = EPOCH.matcher(new String(bytes, StandardCharsets.UTF_8));
        if (!parts.matches()) {
            throw corrupt("epoch " + epoch + " is not what was written");
        }
        return new Taken(epoch, Long.parseLong(parts.group(1)), parts.group(2), parts.group(3));
    }

    static byte[] epoch(End end, String holder) {
        return ("continuity epoch, format 1\nafter record: " + end.sequence + "\nhash: " + end.hash + "\nholder: "
                        + holder.replace('\n', ' ') + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Walks all records, handing each over as soon as it is proven; says where the stream ends. */
    End walk(Consumer<Entry> each) {
        long newestEpoch = newestEpoch();
        End begin = new End(0, VaultRecord.origin(name), 0);
        if (newestEpoch == 0) {
            if (newest("record") > 0) {
                throw corrupt("it has records, but nobody ever took its lease");
            }
            return begin;
        }
        return walk(begin, taken(newestEpoch), each);
    }

    /** Walks on from a record that was seen before. */
    End walk(End from, Taken newest, Consumer<Entry> each) {
        // Read by their numbers: a listing may miss a record that is just being written, and show the one after it.
        long last = Math.max(newest("record"), newest.sequence);
        End end = from;
        requireSeen(end, newest);
        while (end.sequence < last) {
            end = next(end, each);
            requireSeen(end, newest);
        }
        return end;
    }

    private void requireSeen(End end, Taken newest) {
        if (end.sequence == newest.sequence && !end.hash.equals(newest.hash)) {
            throw corrupt("expected record " + end.sequence + " with hash " + newest.hash + ", as epoch " + newest.epoch
                    + " saw it, observed " + end.hash);
        }
    }

    private End next(End end, Consumer<Entry> each) {
        long sequence = end.sequence + 1;
        byte[] bytes = bytes(record(sequence), "record " + sequence);
        Entry entry = VaultRecord.parse(bytes);
        if (entry == null) {
            int version = VaultRecord.version(bytes);
            throw version > 1
                    ? failure(
                            FailureKind.UNSUPPORTED,
                            "record " + sequence + " has format version " + version,
                            "use the release that wrote it")
                    : corrupt("record " + sequence + " is none");
        }
        if (entry.sequence() != sequence) {
            throw corrupt("expected record " + sequence + ", observed record " + entry.sequence());
        }
        if (!VaultRecord.previous(bytes).equals(end.hash)) {
            throw corrupt("expected record " + sequence + " to follow a record of hash " + end.hash + ", observed "
                    + VaultRecord.previous(bytes));
        }
        if (entry.epoch() < Math.max(1, end.epoch)) {
            throw corrupt(
                    "expected record " + sequence + " of epoch " + end.epoch + " or later, observed " + entry.epoch());
        }
        each.accept(entry);
        return new End(sequence, entry.hash(), entry.epoch());
    }

    /** The whole of an object that must be there. */
    byte[] bytes(String object, String what) {
        try (InputStream in = vault.open(object)) {
            byte[] bytes = in.readNBytes(VaultRecord.HEADER + VaultRecord.MOST + 1);
            if (bytes.length > VaultRecord.HEADER + VaultRecord.MOST) {
                throw corrupt(what + " is larger than any");
            }
            return bytes;
        } catch (IOException e) {
            throw unexpected(vault, object, e);
        } catch (ContinuityException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                throw corrupt(what + " is missing");
            }
            throw e;
        }
    }

    static void put(Vault vault, String object, byte[] content) {
        try (Vault.Draft draft = vault.create(object)) {
            draft.write(content);
            draft.commit();
        } catch (IOException e) {
            throw unexpected(vault, object, e);
        }
    }

    ContinuityException failure(FailureKind kind, String what, String hint) {
        return new ContinuityException(kind, "stream '" + name + "' in vault '" + vault.name() + "': " + what, hint);
    }

    ContinuityException corrupt(String what) {
        return failure(
                FailureKind.CORRUPT,
                what,
                "compare the vault with a copy, and find out who changed or removed objects");
    }

    static ContinuityException unexpected(Vault vault, String object, IOException e) {
        return new ContinuityException(
                FailureKind.UNEXPECTED,
                "object '" + object + "' in vault '" + vault.name() + "' failed: " + e.getMessage(),
                "check the vault",
                e);
    }
}
