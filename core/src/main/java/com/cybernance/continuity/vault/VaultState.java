package com.cybernance.continuity.vault;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A {@link StateStore} in any {@link Vault}, for an instance that keeps nothing locally that it cannot lose. Every
 * document, every record and every taking of a lease is an object of its own, written once.
 *
 * <p>What a lease means here: a vault cannot tell whether another process lives, so opening a stream that another process
 * has open does not fail. It takes the lease over, by creating the object of the next epoch. The older writer looks for a
 * newer epoch before each record, and is refused as {@code CONFLICT} once there is one. A record's name is its number, so
 * two writers can never both append record 7. Between its look and its write an older writer may still append one last
 * record; then the newer writer's next append is the one that fails with {@code CONFLICT}, and opening the stream anew
 * shows that record. So the stream is always one chain, and who acted on it sees that it changed; but a lease alone does
 * not prove that the older writer has stopped doing whatever else it does. Within one store, a second opening of a stream
 * is refused, as the interface says.
 *
 * <p>Opening and replaying read every record. The loss of the newest records can be noticed only down to the newest
 * taking of the lease, which notes the last record that it saw. Calls run on the caller's thread.
 */
public final class VaultState implements StateStore {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final Vault vault;
    private final String prefix;
    private final Map<String, VaultStreamWriter> writers = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private VaultState(Vault vault, String prefix) {
        this.vault = vault;
        this.prefix = prefix;
    }

    /**
     * A store below a prefix of a vault. Does no input or output.
     *
     * @param prefix one to four parts of a name, such as {@code state}, under which nothing else is kept
     */
    public static VaultState in(Vault vault, String prefix) {
        int deepest = Names.MOST_PARTS - VaultStream.PARTS;
        if (Names.parts(prefix).size() > deepest) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the state cannot be kept below '" + prefix + "': expected at most " + deepest + " parts",
                    "choose a shorter prefix");
        }
        return new VaultState(requireNonNull(vault, "vault"), prefix);
    }

    @Override
    public void create(String document, byte[] content) {
        String object = object(document);
        byte[] own = content.clone();
        VaultStream.put(vault, object, own);
    }

    @Override
    public Optional<byte[]> read(String document) {
        String object = object(document);
        if (vault.find(object).isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = vault.open(object)) {
            return Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw VaultStream.unexpected(vault, object, e);
        }
    }

    private String object(String document) {
        refuseIfClosed();
        return prefix + "/documents/" + checked("document", document);
    }

    @Override
    public Writer open(String stream) {
        VaultStreamWriter writer = new VaultStreamWriter(stream(stream), closing -> writers.remove(stream, closing));
        if (writers.putIfAbsent(stream, writer) != null) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "stream '" + stream + "' in vault '" + vault.name() + "' already has a writer of this store",
                    "exactly one writer may hold a stream; close that one, then open again");
        }
        boolean opened = false;
        try {
            writer.take();
            opened = true;
            return writer;
        } finally {
            if (!opened) {
                writers.remove(stream, writer);
            }
        }
    }

    @Override
    public void replay(String stream, Consumer<Entry> each) {
        stream(stream).walk(each);
    }

    private VaultStream stream(String stream) {
        refuseIfClosed();
        return new VaultStream(vault, prefix + "/streams/" + checked("stream", stream), stream);
    }

    @Override
    public void close() {
        closed.set(true);
        writers.values().forEach(VaultStreamWriter::close);
    }

    private void refuseIfClosed() {
        if (closed.get()) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the state store in vault '" + vault.name() + "' is closed",
                    "open another one over the same vault");
        }
    }

    private static String checked(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            String safe = name.replaceAll("[^\\x20-\\x7e]", "?");
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "a " + what + " cannot be called '" + (safe.length() <= 80 ? safe : safe.substring(0, 80) + "...")
                            + "': expected " + NAME.pattern(),
                    "use 1 to 64 lower-case letters, digits, dots, hyphens and underscores");
        }
        return name;
    }
}
