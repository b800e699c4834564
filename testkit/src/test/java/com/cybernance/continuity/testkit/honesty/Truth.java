package com.cybernance.continuity.testkit.honesty;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Lag;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Link;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How one cluster really is.
 *
 * @param primaryCentre the primary's data centre; empty when nobody knows it
 * @param rule which replicas a commit waits for
 * @param replicas in the order of their priority
 * @param weakSettings settings that let a commit be acknowledged too soon
 * @param servers how many servers exist
 */
record Truth(String primaryCentre, Rule rule, List<Replica> replicas, int weakSettings, int servers) {
    /** {@code FIRST k} or {@code ANY k} of the listed replicas; none of them with {@code k = 0}. */
    record Rule(Kind kind, int k) {
        enum Kind {
            FIRST,
            ANY
        }
    }

    /** A replica as it really is. */
    record Replica(String name, String centre, Listing listing, Link link, Mode shownWhenGone) {}

    /** Whether a commit may wait for a replica. */
    enum Listing {
        LISTED,
        NOT_LISTED
    }

    static Truth random(Seeds seeds) {
        List<Replica> replicas = new ArrayList<>();
        int count = seeds.between(0, 3);
        for (int i = 0; i < count; i++) {
            replicas.add(new Replica(
                    "replica" + i,
                    centre(seeds, 60),
                    seeds.chance(75) ? Listing.LISTED : Listing.NOT_LISTED,
                    seeds.pick(Link.CURRENT, Link.CURRENT, Link.CURRENT, Link.BEHIND, Link.DISCONNECTED),
                    seeds.pick(Mode.values())));
        }
        Rule rule = new Rule(seeds.pick(Rule.Kind.values()), seeds.chance(15) ? 0 : seeds.between(1, 2));
        return new Truth(
                centre(seeds, 10), rule, replicas, seeds.chance(15) ? seeds.between(1, 2) : 0, seeds.between(1, 4));
    }

    /** Mostly known, and mostly south for replicas and north for the primary. */
    private static String centre(Seeds seeds, int southPercent) {
        if (seeds.chance(8)) {
            return "";
        }
        return seeds.chance(southPercent) ? "south" : "north";
    }

    /** Whether every commit that can be acknowledged is in another data centre: tries all ways to acknowledge one. */
    boolean everyCommitElsewhere() {
        return weakSettings == 0
                && waysToAcknowledge().stream().allMatch(way -> way.stream().anyMatch(this::elsewhere));
    }

    private boolean elsewhere(Replica replica) {
        return !primaryCentre.isEmpty()
                && !replica.centre().isEmpty()
                && !replica.centre().equals(primaryCentre);
    }

    private List<Replica> candidates() {
        return replicas.stream()
                .filter(each -> each.listing() == Listing.LISTED && each.link() != Link.DISCONNECTED)
                .toList();
    }

    /** Every set of replicas that may have confirmed a commit by the time the client hears of it. */
    private List<List<Replica>> waysToAcknowledge() {
        if (rule.k() == 0 || replicas.stream().noneMatch(each -> each.listing() == Listing.LISTED)) {
            return List.of(List.of());
        }
        List<Replica> candidates = candidates();
        if (candidates.size() < rule.k()) {
            return List.of(); // commits wait for ever
        }
        if (rule.kind() == Rule.Kind.FIRST) {
            return List.of(candidates.subList(0, rule.k()));
        }
        return IntStream.range(0, 1 << candidates.size())
                .filter(set -> Integer.bitCount(set) == rule.k())
                .mapToObj(set -> IntStream.range(0, candidates.size())
                        .filter(i -> (set & (1 << i)) != 0)
                        .mapToObj(candidates::get)
                        .toList())
                .toList();
    }

    /** What an honest provider reports of the servers. */
    List<ReplicaState> replication(TargetId id) {
        List<ReplicaState> states = new ArrayList<>();
        states.add(state(id, "primary", Role.PRIMARY, Mode.PRIMARY, 0, Link.CURRENT, primaryCentre));
        List<Replica> candidates = candidates();
        for (Replica replica : replicas) {
            boolean gone = replica.link() == Link.DISCONNECTED;
            Mode mode = gone ? replica.shownWhenGone() : mode(replica, candidates);
            states.add(state(
                    id,
                    replica.name(),
                    Role.REPLICA,
                    mode == Mode.PRIMARY ? Mode.UNKNOWN : mode,
                    mode == Mode.QUORUM ? Math.max(1, rule.k()) : 0,
                    replica.link(),
                    replica.centre()));
        }
        return states;
    }

    private Mode mode(Replica replica, List<Replica> candidates) {
        if (replica.listing() == Listing.NOT_LISTED || rule.k() == 0) {
            return Mode.ASYNCHRONOUS;
        }
        if (rule.kind() == Rule.Kind.ANY) {
            return Mode.QUORUM;
        }
        return candidates.indexOf(replica) < rule.k() ? Mode.SYNCHRONOUS : Mode.POTENTIAL;
    }

    private static ReplicaState state(
            TargetId id, String name, Role role, Mode mode, int waitsFor, Link link, String centre) {
        Place place = centre.isEmpty() ? Place.UNKNOWN : Place.declared(Factor.DATA_CENTRE, centre, "the world");
        return new ReplicaState(
                id.member(name), role, mode, waitsFor, link, place, Lag.UNKNOWN, Lag.UNKNOWN, Lag.UNKNOWN, "as it is");
    }

    /** What an honest provider reports of the settings. */
    List<Setting> settings(TargetId id) {
        List<Setting> settings = new ArrayList<>();
        settings.add(setting(id, "fsync", Setting.Effect.KEEPS));
        for (int i = 0; i < weakSettings; i++) {
            settings.add(setting(id, "weak" + i, Setting.Effect.WEAKENS));
        }
        return settings;
    }

    private static Setting setting(TargetId id, String name, Setting.Effect effect) {
        return new Setting(id.member("primary"), Setting.Kind.DURABILITY, name, "seen", "needed", effect);
    }
}
