package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.InlineExecutor;
import com.cybernance.continuity.internal.disk.SimulatedDisk;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Runs short lives of a vault and its keeper on a simulated disk, lets the power fail after every single change of the
 * disk, and compares what comes back with what was promised. Recovery is crashed in the same way.
 */
final class VaultCrashSimulation {
    private static final Path ROOT = SimulatedDisk.ROOT.resolve("vault");
    private static final List<String> NAMES = List.of("a", "b/c", "b/d", "b/e/f", "g-1");
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
    private static final int BUFFER = 700;
    private static final int CRASHES_PER_CHANGE = 4;

    private final UnaryOperator<Disk> spoil;
    private final long seed;
    private final Random random;
    private final int wanted;
    private int states;

    /** @param spoil plants a bug between the vault and the disk */
    VaultCrashSimulation(long seed, int wanted, UnaryOperator<Disk> spoil) {
        this.seed = seed;
        this.random = new Random(seed);
        this.wanted = wanted;
        this.spoil = spoil;
    }

    /** Returns how many crash states were checked. */
    int run() {
        while (states < wanted) {
            SimulatedDisk disk = new SimulatedDisk(random);
            VaultModel model = new VaultModel();
            disk.witness(() -> crash(disk, model, CRASHES_PER_CHANGE, 0));
            live(disk, model, 1 + random.nextInt(8));
        }
        return states;
    }

    private void crash(SimulatedDisk disk, VaultModel model, int times, int depth) {
        for (int i = 0; i < times && states < wanted; i++) {
            states++;
            comeBack(disk.afterCrash(random), model.copy(), depth);
        }
    }

    private void comeBack(SimulatedDisk disk, VaultModel model, int depth) {
        if (!settle(disk, model)) {
            return;
        }
        if (depth == 0 && random.nextInt(3) == 0) {
            crashRecovery(disk, model);
        } else {
            live(disk, model, 1);
            compare(disk, model);
        }
    }

    /** Lets the next life itself die after a random number of changes, then comes back once more. */
    private void crashRecovery(SimulatedDisk disk, VaultModel model) {
        int[] left = {1 + random.nextInt(20)};
        disk.witness(() -> {
            if (--left[0] == 0) {
                disk.die();
            }
        });
        try {
            live(disk, model, 2);
        } catch (SimulatedDisk.Crash e) {
            crash(disk, model, 1, 1);
        }
    }

    private void live(SimulatedDisk disk, VaultModel model, int acts) {
        DirectoryVault vault = vault(disk);
        DirectoryVaultKeeper keeper = keeper(disk);
        if (!model.initialized) {
            vault.initialize();
            model.initialized = true;
        }
        for (int i = 0; i < acts; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            if (!model.objects.containsKey(name)) {
                put(vault, model, name);
            } else {
                keep(keeper, model, name);
            }
        }
    }

    private void put(Vault vault, VaultModel model, String name) {
        byte[] content = new byte[random.nextInt(3) == 0 ? random.nextInt(3 * BUFFER) : random.nextInt(90)];
        random.nextBytes(content);
        model.content = content;
        model.began("put", name);
        try (Vault.Draft draft = vault.create(name)) {
            draft.write(content, 0, content.length);
            if (random.nextInt(10) > 0) {
                draft.commit();
                model.ended();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        model.doing = "";
    }

    private void keep(DirectoryVaultKeeper keeper, VaultModel model, String name) {
        int act = random.nextInt(5);
        if (act <= 1 && model.holdsOf(name).isEmpty() && !model.locks.containsKey(name)) {
            model.began("delete", name);
            keeper.delete(name);
        } else if (act == 2) {
            Instant moment = model.locks.getOrDefault(name, NOW).plusSeconds(5);
            model.moment = moment;
            model.began("lock", name);
            keeper.lockUntil(name, moment);
        } else {
            model.hold = "h" + random.nextInt(2);
            boolean held = model.holdsOf(name).contains(model.hold);
            model.began(held ? "release" : "hold", name);
            if (held) {
                keeper.release(name, model.hold);
            } else {
                keeper.hold(name, model.hold);
            }
        }
        model.ended();
    }

    /** What was being done may have happened or not; once seen, it must stay. False when there is no vault yet. */
    private boolean settle(SimulatedDisk disk, VaultModel model) {
        DirectoryVault vault = vault(disk);
        try {
            vault.find("a");
        } catch (ContinuityException e) {
            check(!model.initialized && e.kind() == FailureKind.UNREACHABLE, "" + e.getMessage());
            return true;
        }
        model.initialized = true;
        String object = model.object;
        if (!model.doing.isEmpty() && happened(vault, keeper(disk), model)) {
            if (model.doing.equals("put")) {
                // Whoever is told that the name is taken relies on it.
                FailureKind kind = null;
                try (Vault.Draft draft = vault.create(object)) {
                    check(draft == null, "created " + object + " twice");
                } catch (ContinuityException e) {
                    kind = e.kind();
                }
                check(kind == FailureKind.CONFLICT, "created " + object + " twice");
            } else {
                again(keeper(disk), model);
            }
            model.ended();
        }
        model.doing = "";
        compare(disk, model);
        return true;
    }

    private static boolean happened(Vault vault, DirectoryVaultKeeper keeper, VaultModel model) {
        boolean there = vault.find(model.object).isPresent();
        return switch (model.doing) {
            case "put" -> there;
            case "delete" -> !there;
            case "hold" -> keeper.holds(model.object).contains(model.hold);
            case "release" -> !keeper.holds(model.object).contains(model.hold);
            default -> keeper.lockedUntil(model.object).equals(Optional.ofNullable(model.moment));
        };
    }

    /** Doing it again makes it last. */
    private static void again(DirectoryVaultKeeper keeper, VaultModel model) {
        switch (model.doing) {
            case "delete" -> keeper.delete(model.object);
            case "hold" -> keeper.hold(model.object, model.hold);
            case "release" -> keeper.release(model.object, model.hold);
            default -> {
                if (model.moment != null) {
                    keeper.lockUntil(model.object, model.moment);
                }
            }
        }
    }

    private void compare(SimulatedDisk disk, VaultModel model) {
        DirectoryVault vault = vault(disk);
        Map<String, byte[]> found = new HashMap<>();
        vault.list("", each -> found.put(each.name(), read(vault, each.name())));
        check(
                found.keySet().equals(model.objects.keySet()),
                "listed " + found.keySet() + ", expected " + model.objects.keySet());
        model.objects.forEach((name, content) -> {
            check(Arrays.equals(found.get(name), content), "other content of " + name);
            Set<String> holds = keeper(disk).holds(name);
            check(
                    holds.equals(model.holdsOf(name)),
                    "holds " + holds + " of " + name + ", expected " + model.holdsOf(name));
            check(
                    keeper(disk).lockedUntil(name).equals(Optional.ofNullable(model.locks.get(name))),
                    "lock " + keeper(disk).lockedUntil(name) + " of " + name);
        });
    }

    static byte[] read(Vault vault, String name) {
        try (InputStream in = vault.open(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private DirectoryVault vault(SimulatedDisk disk) {
        return new DirectoryVault(root(disk), () -> NOW, new InlineExecutor());
    }

    private DirectoryVaultKeeper keeper(SimulatedDisk disk) {
        return new DirectoryVaultKeeper(root(disk), () -> NOW, new InlineExecutor());
    }

    private VaultRoot root(SimulatedDisk disk) {
        return new VaultRoot("simulated", ROOT, spoil.apply(disk), BUFFER);
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("seed " + seed + ", crash state " + states + ": " + what);
        }
    }
}
