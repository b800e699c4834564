package com.cybernance.continuity.seal;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.KeyRing;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A vault whose content is sealed before it reaches another vault: confidential there, and refused when it comes back
 * changed, cut, moved to another name or mixed with other content.
 *
 * <p>Each object has a key of its own. An <em>envelope</em> beside it holds that key, wrapped for every key that the
 * ring seals for, and the size and digest of what was sealed; that is how {@link #find} and {@link #list} know them
 * without reading content, and they are as trustworthy as the content. The envelope is durable before the object can be
 * seen. An object without an envelope that opens is an error, never absent.
 *
 * <p>Names stay as they are, so whoever holds the vault can read them; names whose first part is {@code sealed-keys} are
 * taken. Sealing needs a ring with two keys or more; opening needs any one of them. Safe for use by many threads.
 *
 * <p>It keeps no secret longer than a call or an open stream, and what it remembers of objects that it has seen is sizes
 * and digests.
 */
public final class SealedVault implements Vault {
    private static final int NAMED_FAILURES = 3;

    private final Vault vault;
    private final KeyRing keys;
    private final Envelopes envelopes;
    private final KnownObjects known = new KnownObjects();

    private SealedVault(Vault vault, KeyRing keys) {
        this.vault = requireNonNull(vault, "vault");
        this.keys = requireNonNull(keys, "keys");
        this.envelopes = new Envelopes(vault, keys);
    }

    /** Seals what goes into the vault, and opens what comes out of it. Asks neither of them anything yet. */
    public static SealedVault around(Vault vault, KeyRing keys) {
        return new SealedVault(vault, keys);
    }

    /** The name of the vault around which this is. */
    @Override
    public String name() {
        return vault.name();
    }

    /**
     * {@inheritDoc}
     *
     * @throws ContinuityException also of kind {@code DENIED} when the key ring only opens, and of kind
     *     {@code MISCONFIGURED} when it seals for fewer than two keys
     */
    @Override
    public Draft create(String object) {
        Envelopes.refuse(vault, object);
        KeyIds.requireTwo(keys, what(object));
        return SealingDraft.begin(object, vault, envelopes);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Each byte that is handed out has been authenticated, and none after the first that could not be.
     *
     * @throws ContinuityException also of kind {@code DENIED}, naming the keys that would open the object, when none of
     *     them is at hand; {@code UNSUPPORTED} when a newer release sealed it for newer readers
     */
    @Override
    public InputStream open(String object) {
        Stored sealed = require(object);
        Contents contents = envelopes.open(object, sealed);
        try {
            return OpeningStream.begin(object, vault, contents, Sha256.begin());
        } finally {
            contents.wipe();
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws ContinuityException also as {@link #open} does
     */
    @Override
    public Optional<Stored> find(String object) {
        Envelopes.refuse(vault, object);
        Optional<Stored> sealed = vault.find(object);
        return sealed.isEmpty() ? sealed : known(sealed.get());
    }

    /**
     * {@inheritDoc}
     *
     * <p>An object that cannot be opened does not hide those behind it: all others are handed over before this throws.
     */
    @Override
    public void list(String prefix, Consumer<Stored> each) {
        List<ContinuityException> failures = new ArrayList<>();
        int[] failed = {0};
        vault.list(prefix, kept -> {
            if (Envelopes.isEnvelope(kept.name())) {
                return;
            }
            Optional<Stored> found;
            try {
                found = known(kept);
            } catch (ContinuityException e) {
                if (e.kind().silence()) {
                    throw e;
                }
                if (failed[0]++ < NAMED_FAILURES) {
                    failures.add(e);
                }
                return;
            }
            found.ifPresent(each);
        });
        if (failed[0] > 0) {
            ContinuityException first = failures.get(0);
            throw new ContinuityException(
                    first.kind(),
                    "%d objects under '%s' of vault %s cannot be opened, the first: %s"
                            .formatted(failed[0], prefix, name(), Failures.fact(first)),
                    first.hint(),
                    first);
        }
    }

    /**
     * The ids of the keys of which each would open the object, the online one first. Needs none of them.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND} when there is no such object
     */
    public List<String> keysOf(String object) {
        return envelopes.keysOf(object, require(object));
    }

    /**
     * Whether the object's key can be had here and now. Really unwraps it, and reads none of the content.
     *
     * @throws ContinuityException when this cannot be told: of kind {@code NOT_FOUND} without such an object,
     *     {@code CORRUPT} when its envelopes are not what was written, {@code UNREACHABLE} and the like when nobody
     *     answered
     */
    public boolean canOpen(String object) {
        Stored sealed = require(object);
        try {
            envelopes.open(object, sealed).wipe();
            return true;
        } catch (ContinuityException e) {
            if (e.kind() == FailureKind.DENIED) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Makes an object open with the keys for which the ring seals now, and rewrites nothing of the content. The ring must
     * still open it. Envelopes of before stay until a keeper removes the object, so this renews keys; it does not undo
     * that somebody else has learnt one.
     *
     * @return whether an envelope was added; without, the newest one was for those keys already
     * @throws ContinuityException of kind {@code NOT_FOUND} when there is no such object, and as {@link #open} does
     */
    public boolean rewrap(String object) {
        Stored sealed = require(object);
        KeyIds.requireTwo(keys, what(object));
        return envelopes.rewrap(object, sealed);
    }

    private Optional<Stored> known(Stored sealed) {
        Optional<Stored> before = known.get(sealed);
        if (before.isPresent()) {
            return before;
        }
        try {
            Contents contents = envelopes.openAny(sealed.name(), sealed);
            contents.wipe();
            return Optional.of(known.put(sealed, contents));
        } catch (ContinuityException e) {
            if (!e.kind().silence() && vault.find(sealed.name()).isEmpty()) {
                return Optional.empty(); // a keeper removed it meanwhile
            }
            throw e;
        }
    }

    private Stored require(String object) {
        Envelopes.refuse(vault, object);
        return vault.find(object).orElseThrow(() -> Failures.notFound(what(object)));
    }

    private String what(String object) {
        return "object '" + object + "' of vault " + name();
    }
}
