package com.cybernance.continuity.testkit.vault;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.VaultKeeper;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A right keeper of a {@link MemoryVault}, of which each wrong one overrides something. */
class MemoryKeeper implements VaultKeeper {
    final MemoryVault vault;
    final Instant now;

    MemoryKeeper(MemoryVault vault, Instant now) {
        this.vault = vault;
        this.now = now;
    }

    private void require(String object) {
        if (vault.find(object).isEmpty()) {
            throw vault.failure(FailureKind.NOT_FOUND, "there is no object '" + object + "'");
        }
    }

    @Override
    public void lockUntil(String object, Instant moment) {
        require(object);
        vault.locks.merge(object, moment, (a, b) -> a.isAfter(b) ? a : b);
    }

    @Override
    public Optional<Instant> lockedUntil(String object) {
        require(object);
        return Optional.ofNullable(vault.locks.get(object));
    }

    @Override
    public void hold(String object, String hold) {
        require(object);
        vault.holds.computeIfAbsent(object, name -> new TreeSet<>()).add(hold);
    }

    @Override
    public void release(String object, String hold) {
        require(object);
        vault.holds.computeIfAbsent(object, name -> new TreeSet<>()).remove(hold);
    }

    @Override
    public Set<String> holds(String object) {
        require(object);
        return Set.copyOf(vault.holds.getOrDefault(object, new TreeSet<>()));
    }

    @Override
    public void delete(String object) {
        if (vault.find(object).isEmpty()) {
            return;
        }
        refuseIfKept(object);
        remove(object);
    }

    void refuseIfKept(String object) {
        Set<String> holds = holds(object);
        Instant until = lockedUntil(object).orElse(Instant.MIN);
        if (!holds.isEmpty() || now.isBefore(until)) {
            throw vault.failure(
                    FailureKind.DENIED, "object '" + object + "' is kept by " + holds + " and locked until " + until);
        }
    }

    void remove(String object) {
        vault.records.remove(object);
        vault.contents.remove(object);
        vault.holds.remove(object);
        vault.locks.remove(object);
    }
}
