package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * What each step of a restore does. The first one looks at the vault and pins what it planned with; those after it take
 * nothing else from there.
 *
 * @param settings of the restored server, from the embedder
 * @param access lines of its {@code pg_hba.conf}
 */
record RestoreSteps(
        Programs programs,
        Connections connections,
        IntSupplier ports,
        Map<String, String> settings,
        List<String> access,
        TargetResolver resolver) {
    static final List<String> NAMES = List.of("check", "base", "log", "recover", "promote");
    private static final String ASKED = "asked";

    RestoreSteps {
        // In the order given: the last of two spellings of a name is the one that counts.
        access = List.copyOf(access);
    }

    Map<String, String> carryOut(Job job, String step, RestoreRequest request, Destination destination, Vault vault)
            throws IOException {
        if (step.equals("check")) {
            Map<String, String> results =
                    new CheckStep(ClusterSearch.cluster(vault, request), resolver, programs, destination).run(request);
            results.put(ASKED, asked(request));
            return results;
        }
        destination.requireOwn();
        Map<String, String> checked = destination.noted("check").orElseThrow();
        Target target = Target.read(checked);
        RecoverStep recover = new RecoverStep(server(destination, checked), connections, ports, target);
        return switch (step) {
            case "promote" -> recover.promote(job);
            case "recover" -> {
                if (server(destination, checked).process().isEmpty()) {
                    new ServerSettings(destination, settings, access)
                            .write(target, BaseStep.control(destination), script(destination));
                }
                yield recover.recover(job);
            }
            default -> {
                VaultedCluster pinned = VaultedCluster.of(
                        vault, new Cluster(checked.getOrDefault("cluster", "")), Pinned.read(destination));
                Plan plan = Plan.of(pinned, pinned.backup(checked.getOrDefault("backup", "")), target);
                yield step.equals("base")
                        ? new BaseStep(pinned, plan.backup(), destination).run(job)
                        : log(job, pinned, plan, destination);
            }
        };
    }

    /** A run that was approved and begun for one request is not to be finished for another. */
    static void requireSame(RestoreRequest request, Map<String, String> checked) {
        String first = checked.getOrDefault(ASKED, "");
        if (!first.equals(asked(request))) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the run was begun for %s, and is asked to go on for %s".formatted(first, asked(request)),
                    "begin another run at another destination, or discard this one");
        }
    }

    RestoredServer server(Destination destination, Map<String, String> checked) {
        return new RestoredServer(
                destination, programs, Integer.parseInt(checked.getOrDefault("version", "0")) / 10_000);
    }

    private static Map<String, String> log(Job job, VaultedCluster pinned, Plan plan, Destination destination)
            throws IOException {
        Map<String, Long> files = new LogStep(pinned, plan, destination).run(job);
        Path list = destination.notes().resolve("files.list");
        Durable durable = destination.durable();
        durable.write(list, RestoreScript.list(files));
        String last = plan.files().get(plan.files().size() - 1).name();
        durable.write(script(destination), RestoreScript.text(destination.log(), list, last));
        Map<String, String> results = new TreeMap<>();
        results.put("log.files", Integer.toString(files.size()));
        results.put("log.last", last);
        return results;
    }

    private static Path script(Destination destination) {
        return destination.notes().resolve("fetch.sh");
    }

    private static String asked(RestoreRequest request) {
        return "%s from %s to %s".formatted(request.point().id(), request.copy(), request.to());
    }
}
