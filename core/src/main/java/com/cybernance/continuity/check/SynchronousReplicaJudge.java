package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Blind;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Link;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.policy.SynchronousReplica;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether every acknowledged commit is on a replica elsewhere: some replica that each commit waits for is linked and
 * surely apart from the primary, and no setting lets a commit be acknowledged sooner.
 */
final class SynchronousReplicaJudge implements Judge<SynchronousReplica> {
    private static final String DURABILITY = "durability";

    @Override
    public Opinion judge(SynchronousReplica objective, Question question) {
        List<Seen<ReplicaState>> clusters = question.seen(Facet.REPLICATION);
        if (clusters.isEmpty()) {
            return question.cannotSee(Facet.REPLICATION, "the servers and how each commit depends on them");
        }
        List<Seen<Setting>> settings = question.seen(Facet.SETTINGS);
        if (settings.isEmpty()) {
            return question.cannotSee(Facet.SETTINGS, "the settings that decide when a commit is acknowledged");
        }
        List<Opinion> opinions = new ArrayList<>();
        for (Seen<ReplicaState> cluster : clusters) {
            opinions.add(cluster(cluster, objective.apartIn(), question.estate()));
            opinions.addAll(vouchedFor(cluster, clusters.size(), settings));
        }
        settings.forEach(each -> opinions.add(durability(each)));
        return merge(opinions);
    }

    /** Replicas and settings must both hold; the reader wants to hear of both. */
    private static Opinion merge(List<Opinion> opinions) {
        Verdict worst = Verdict.worst(opinions.stream().map(Opinion::verdict).toList());
        List<Opinion> speaking =
                opinions.stream().filter(each -> each.verdict() == worst).toList();
        return new Opinion(
                worst,
                String.join("; ", opinions.stream().map(Opinion::observed).toList()),
                speaking.stream().flatMap(each -> each.reasons().stream()).toList(),
                speaking.get(0).nextStep(),
                opinions.stream().flatMap(each -> each.used().stream()).toList());
    }

    /** The settings must be those of the cluster's own primary; another target may show them of the only cluster. */
    private static List<Opinion> vouchedFor(Seen<ReplicaState> cluster, int clusters, List<Seen<Setting>> settings) {
        TargetId target = cluster.known().target();
        List<Seen<Setting>> own = settings.stream()
                .filter(each -> each.known().target().equals(target))
                .toList();
        boolean nothingFresh = cluster.facts().isEmpty()
                || (!own.isEmpty() && own.stream().allMatch(each -> each.facts().isEmpty()));
        if (nothingFresh || (own.isEmpty() && clusters == 1)) {
            return List.of();
        }
        boolean ofThePrimary = own.stream()
                .flatMap(each -> each.facts().stream())
                .filter(setting -> setting.kind() == Setting.Kind.DURABILITY)
                .anyMatch(setting -> cluster.facts().stream()
                        .anyMatch(server ->
                                server.role() == Role.PRIMARY && server.id().equals(setting.id())));
        return ofThePrimary
                ? List.of()
                : List.of(opinion(
                        cluster,
                        Verdict.UNKNOWN,
                        "no durability setting of the primary of %s was seen".formatted(target),
                        "a SettingSource of %s that shows the settings of its primary".formatted(target)));
    }

    private static Opinion cluster(Seen<ReplicaState> seen, Factor apartIn, Estate estate) {
        List<ReplicaState> primaries = seen.facts().stream()
                .filter(each -> each.role() == Role.PRIMARY)
                .toList();
        if (primaries.size() != 1) {
            return opinion(
                    seen,
                    Verdict.UNKNOWN,
                    primaries.isEmpty()
                            ? seen.missing(Sink.ALL)
                            : "%s take writes: %s".formatted(InWords.count(primaries.size(), "server"), ids(primaries)),
                    primaries.isEmpty()
                            ? "mend what hides the servers, then look again"
                            : "find out at once which of them the clients use: two primaries diverge");
        }
        ReplicaState primary = primaries.get(0);
        List<ReplicaState> guaranteed = guaranteed(seen.facts(), primary, apartIn);
        if (guaranteed.isEmpty()) {
            return without(seen, primary, apartIn);
        }
        List<ReplicaState> twice = guaranteed.stream()
                .filter(each -> seen.facts().stream()
                                .filter(other -> other.id().equals(each.id()))
                                .count()
                        > 1)
                .toList();
        if (!twice.isEmpty()) {
            return opinion(
                    seen,
                    Verdict.UNKNOWN,
                    "%s was reported more than once".formatted(ids(twice)),
                    "find out which of them the commits wait for");
        }
        List<String> contradictions = contradictions(primary, guaranteed, apartIn);
        if (!contradictions.isEmpty() && estate.kind() == Estate.Kind.PRODUCTION) {
            return opinion(
                    seen, Verdict.BREACHED, contradictions.get(0), "correct the declared places, or move the replica");
        }
        if (!seen.whole(Sink.ALL) || !seen.gaps().isEmpty()) {
            return opinion(
                    seen, Verdict.UNKNOWN, seen.missing(Sink.ALL), "mend what hides the servers, then look again");
        }
        ReplicaState best = guaranteed.get(0);
        List<String> reasons = new ArrayList<>();
        reasons.add("each commit waits for %s in %s, apart from %s in %s"
                .formatted(
                        best.id().member(),
                        best.place().describe(apartIn),
                        primary.id().member(),
                        primary.place().describe(apartIn)));
        reasons.add("%s: %s".formatted(best.id().member(), best.detail()));
        contradictions.forEach(each -> reasons.add(each + "; in production this would be BREACHED"));
        return new Opinion(Verdict.MET, observed(seen.facts()), reasons, "nothing", List.of(seen.known()));
    }

    /** The replicas that together hold every acknowledged commit apart from the primary. */
    private static List<ReplicaState> guaranteed(List<ReplicaState> facts, ReplicaState primary, Factor apartIn) {
        List<ReplicaState> linked = facts.stream()
                .filter(each -> each.link() == Link.CURRENT || each.link() == Link.BEHIND)
                .toList();
        List<ReplicaState> apart = linked.stream()
                .filter(each -> each.place().apartFrom(primary.place(), apartIn))
                .toList();
        List<ReplicaState> synchronous =
                apart.stream().filter(each -> each.mode() == Mode.SYNCHRONOUS).toList();
        if (!synchronous.isEmpty()) {
            return synchronous;
        }
        List<ReplicaState> quorum =
                facts.stream().filter(each -> each.mode() == Mode.QUORUM).toList();
        List<ReplicaState> quorumApart =
                apart.stream().filter(each -> each.mode() == Mode.QUORUM).toList();
        // A commit that waits for k of n members surely waits for one apart when fewer than k are not apart.
        boolean oneIsApart = !quorumApart.isEmpty()
                && quorum.stream().allMatch(each -> quorum.size() - quorumApart.size() < each.waitsFor());
        return oneIsApart ? quorumApart : List.of();
    }

    private static Opinion without(Seen<ReplicaState> seen, ReplicaState primary, Factor apartIn) {
        List<ReplicaState> replicas = seen.facts().stream()
                .filter(each -> each.role() == Role.REPLICA)
                .toList();
        List<String> unknown = replicas.stream()
                .filter(each -> each.mode() == Mode.UNKNOWN || (waitedFor(each) && each.link() == Link.UNKNOWN))
                .map(each -> "%s %s is not known: %s"
                        .formatted(
                                each.mode() == Mode.UNKNOWN ? "how commits depend on" : "the link to",
                                each.id().member(),
                                each.detail()))
                .toList();
        if (!seen.whole(Sink.ALL) || !unknown.isEmpty()) {
            return opinion(
                    seen,
                    Verdict.UNKNOWN,
                    seen.whole(Sink.ALL) ? String.join("; ", unknown) : seen.missing(Sink.ALL),
                    "mend what hides the servers, then look again");
        }
        List<String> reasons = new ArrayList<>();
        reasons.add("no replica that every commit waits for is linked and in another %s than %s"
                .formatted(apartIn.inProse(), primary.id().member()));
        replicas.forEach(each -> reasons.add(whyNot(each, primary, apartIn)));
        if (replicas.isEmpty()) {
            reasons.add("%s has no replica at all".formatted(primary.id().member()));
        }
        return new Opinion(
                Verdict.BREACHED,
                observed(seen.facts()),
                reasons,
                "bring back a synchronous replica in another %s; until then a loss of %s may lose commits or stop them"
                        .formatted(apartIn.inProse(), primary.id().member()),
                List.of(seen.known()));
    }

    private static boolean waitedFor(ReplicaState replica) {
        return replica.mode() == Mode.SYNCHRONOUS || replica.mode() == Mode.QUORUM;
    }

    private static String whyNot(ReplicaState replica, ReplicaState primary, Factor apartIn) {
        String name = replica.id().member();
        if (!waitedFor(replica)) {
            return "%s is %s: no commit waits for it".formatted(name, word(replica.mode()));
        }
        if (replica.link() == Link.DISCONNECTED) {
            return "%s is disconnected: %s".formatted(name, replica.detail());
        }
        if (!replica.place().apartFrom(primary.place(), apartIn)) {
            return "%s with %s is not surely apart from %s with %s"
                    .formatted(
                            name,
                            replica.place().describe(apartIn),
                            primary.id().member(),
                            primary.place().describe(apartIn));
        }
        return "%s is one of a group of which a commit may wait for others".formatted(name);
    }

    /** What is declared about the places and cannot be true, going by what was observed. */
    private static List<String> contradictions(ReplicaState primary, List<ReplicaState> replicas, Factor apartIn) {
        List<String> found = new ArrayList<>();
        Stream.concat(Stream.of(primary), replicas.stream())
                .filter(each -> each.place().contradicted(apartIn))
                .forEach(each -> found.add("%s was observed elsewhere than declared: %s"
                        .formatted(each.id().member(), each.place().describe(apartIn))));
        Set<String> hosts = primary.place().values(Factor.HOST);
        replicas.stream()
                .filter(each -> apartIn != Factor.HOST)
                .filter(each -> each.place().values(Factor.HOST).stream().anyMatch(hosts::contains))
                .forEach(each -> found.add("%s and %s are declared apart in %s but were seen on one host (%s)"
                        .formatted(
                                primary.id().member(),
                                each.id().member(),
                                apartIn.inProse(),
                                String.join(", ", each.place().values(Factor.HOST)))));
        return found;
    }

    private static Opinion durability(Seen<Setting> seen) {
        List<Setting> durability = seen.facts().stream()
                .filter(each -> each.kind() == Setting.Kind.DURABILITY)
                .toList();
        List<Setting> weakening = durability.stream()
                .filter(each -> each.effect() == Setting.Effect.WEAKENS)
                .toList();
        String observed = "%s on durability seen".formatted(InWords.count(durability.size(), "setting"));
        if (!weakening.isEmpty()) {
            return new Opinion(
                    Verdict.BREACHED,
                    "%s, %d of them too weak".formatted(observed, weakening.size()),
                    weakening.stream()
                            .map(each -> "on %s: %s is %s; needed: %s"
                                    .formatted(each.id().member(), each.name(), each.observed(), each.needed()))
                            .toList(),
                    "set %s as needed".formatted(weakening.get(0).name()),
                    List.of(seen.known()));
        }
        boolean hidden = seen.known().answer().stream()
                .flatMap(answer -> answer.blind().stream())
                .anyMatch(blind -> !aboutAnotherKind(blind));
        if (!seen.whole(DURABILITY) || hidden || durability.isEmpty()) {
            return new Opinion(
                    Verdict.UNKNOWN,
                    observed,
                    List.of(seen.missing(DURABILITY)),
                    "mend what hides the settings, then look again",
                    List.of(seen.known()));
        }
        return new Opinion(
                Verdict.MET,
                observed,
                List.of("%s keep every commit waiting"
                        .formatted(InWords.count(durability.size(), "durability setting"))),
                "nothing",
                List.of(seen.known()));
    }

    /** A scope is free text: only one that surely names another kind of setting hides nothing about durability. */
    private static boolean aboutAnotherKind(Blind blind) {
        return Stream.of(Setting.Kind.values())
                .filter(kind -> kind != Setting.Kind.DURABILITY)
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .anyMatch(kind -> blind.scope().startsWith(kind));
    }

    private static Opinion opinion(Seen<ReplicaState> seen, Verdict verdict, String reason, String nextStep) {
        return new Opinion(verdict, observed(seen.facts()), List.of(reason), nextStep, List.of(seen.known()));
    }

    private static String observed(List<ReplicaState> facts) {
        return facts.isEmpty()
                ? "no server seen"
                : String.join(
                        ", ",
                        facts.stream()
                                .map(each -> each.role() == Role.PRIMARY
                                        ? each.id().member() + " takes writes"
                                        : "%s is %s and %s"
                                                .formatted(
                                                        each.id().member(),
                                                        word(each.mode()),
                                                        each.link().name().toLowerCase(Locale.ROOT)))
                                .toList());
    }

    private static String word(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static String ids(List<ReplicaState> replicas) {
        return String.join(
                ", ", replicas.stream().map(each -> each.id().member()).toList());
    }
}
