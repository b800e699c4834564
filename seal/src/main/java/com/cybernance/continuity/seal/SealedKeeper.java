package com.cybernance.continuity.seal;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.VaultKeeper;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps sealed objects together with their envelopes: an object whose envelopes are gone is gone. Needs no key. Safe for
 * use by many threads.
 *
 * <p>Protection is laid on envelopes first and lifted from them last, so an object never seems safer than it is. An
 * envelope that a rewrap adds later is protected when the call is repeated; the older ones stay protected, and each of
 * them suffices for the keys of its time.
 */
public final class SealedKeeper implements VaultKeeper {
    private final Vault vault;
    private final VaultKeeper keeper;

    private SealedKeeper(Vault vault, VaultKeeper keeper) {
        this.vault = requireNonNull(vault, "vault");
        this.keeper = requireNonNull(keeper, "keeper");
    }

    /**
     * Keeps what was sealed into a vault.
     *
     * @param vault the vault around which the objects were sealed
     * @param keeper that vault's keeper
     */
    public static SealedKeeper around(Vault vault, VaultKeeper keeper) {
        return new SealedKeeper(vault, keeper);
    }

    @Override
    public void lockUntil(String object, Instant moment) {
        envelopesFirst(object, each -> keeper.lockUntil(each, moment));
    }

    /** The moment until which both the object and one of its envelopes at least are locked. */
    @Override
    public Optional<Instant> lockedUntil(String object) {
        Envelopes.refuse(vault, object);
        Optional<Instant> data = keeper.lockedUntil(object);
        if (data.isEmpty()) {
            return data;
        }
        Optional<Instant> envelope = envelopes(object).stream()
                .map(keeper::lockedUntil)
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
        return envelope.isPresent() && envelope.get().isAfter(data.get()) ? data : envelope;
    }

    @Override
    public void hold(String object, String hold) {
        envelopesFirst(object, each -> keeper.hold(each, hold));
    }

    @Override
    public void release(String object, String hold) {
        List<String> envelopes = envelopes(object);
        keeper.release(object, hold);
        envelopes.forEach(each -> keeper.release(each, hold));
    }

    @Override
    public Set<String> holds(String object) {
        Envelopes.refuse(vault, object);
        return keeper.holds(object);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The object goes first. After a crash in between its envelopes are left; they open nothing. What lies in the vault
     * without an envelope can be deleted too.
     */
    @Override
    public void delete(String object) {
        Envelopes.refuse(vault, object);
        List<String> envelopes =
                vault.find(object).map(found -> Envelopes.of(vault, found)).orElseGet(List::of);
        keeper.delete(object);
        envelopes.forEach(keeper::delete);
    }

    private void envelopesFirst(String object, Consumer<String> act) {
        envelopes(object).forEach(act);
        act.accept(object);
    }

    private List<String> envelopes(String object) {
        Envelopes.refuse(vault, object);
        Stored sealed = vault.find(object)
                .orElseThrow(() -> Failures.notFound("object '" + object + "' of vault " + vault.name()));
        List<String> envelopes = Envelopes.of(vault, sealed);
        if (envelopes.isEmpty()) {
            throw Failures.corrupt("object '" + object + "' of vault " + vault.name() + " has no envelope");
        }
        return envelopes;
    }
}
