package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Blind;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Lag;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.PlaceFactor;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Link;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a test says was seen, built up in words. */
final class Given {
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final TargetId DB = TargetId.of("db");

    private final List<Known<?>> evidence = new ArrayList<>();
    private Map<String, Integer> lastInventory = Map.of();
    private @Nullable Duration clientDown;
    private Estate estate = Estate.production("test");

    static Place in(String centre) {
        return Place.declared(Factor.DATA_CENTRE, centre, "the test");
    }

    static Place onHost(Place place, String host) {
        return place.and(new PlaceFactor(Factor.HOST, host, PlaceFactor.Basis.OBSERVED, "its address"));
    }

    static ReplicaState primary(Place place) {
        return server("primary", Role.PRIMARY, Mode.PRIMARY, 0, Link.CURRENT, place);
    }

    static ReplicaState replica(String name, Mode mode, Link link, Place place) {
        return server(name, Role.REPLICA, mode, mode == Mode.QUORUM ? 1 : 0, link, place);
    }

    static ReplicaState quorum(String name, int waitsFor, Place place) {
        return server(name, Role.REPLICA, Mode.QUORUM, waitsFor, Link.CURRENT, place);
    }

    private static ReplicaState server(String name, Role role, Mode mode, int waitsFor, Link link, Place place) {
        return new ReplicaState(
                DB.member(name),
                role,
                mode,
                waitsFor,
                link,
                place,
                Lag.UNKNOWN,
                Lag.UNKNOWN,
                Lag.UNKNOWN,
                "0 bytes behind");
    }

    static Setting setting(String name, String observed, Setting.Effect effect) {
        return new Setting(DB.member("primary"), Setting.Kind.DURABILITY, name, observed, "on", effect);
    }

    static Sighting<ReplicaState> servers(ReplicaState... servers) {
        return new Sighting<>(NOW, Arrays.asList(servers), List.of(), Set.of("all"), List.of());
    }

    static Sighting<Setting> settings(Setting... settings) {
        return new Sighting<>(NOW, Arrays.asList(settings), List.of(), Set.of("durability"), List.of());
    }

    static <T> Sighting<T> blind(String scope, FailureKind kind, String why) {
        return Sighting.failed(NOW, scope, kind, why);
    }

    static <T> Sighting<T> withBlind(Sighting<T> sighting, String scope) {
        return new Sighting<>(
                sighting.at(),
                sighting.found(),
                List.of(new Blind(scope, FailureKind.UNREACHABLE, "no answer")),
                sighting.complete(),
                List.of());
    }

    <T> Given seen(Facet<T> facet, Sighting<T> sighting) {
        return seen(facet, sighting, Duration.ZERO);
    }

    <T> Given seen(Facet<T> facet, Sighting<T> sighting, Duration age) {
        evidence.add(new Known<>(facet, DB, Optional.of(sighting), age, Optional.empty(), List.of()));
        return this;
    }

    /** What another target than {@link #DB} shows. */
    <T> Given seenBy(TargetId target, Facet<T> facet, Sighting<T> sighting) {
        evidence.add(new Known<>(facet, target, Optional.of(sighting), Duration.ZERO, Optional.empty(), List.of()));
        return this;
    }

    /** A sighting after which members are missed that an earlier one had shown. */
    <T> Given missing(Facet<T> facet, Sighting<T> sighting, String member) {
        evidence.add(new Known<>(
                facet, DB, Optional.of(sighting), Duration.ZERO, Optional.empty(), List.of(DB.member(member))));
        return this;
    }

    <T> Given silence(Facet<T> facet, Sighting<T> earlier, Duration age, String why) {
        evidence.add(new Known<>(
                facet,
                DB,
                Optional.of(earlier),
                age,
                Optional.of(blind("all", FailureKind.UNREACHABLE, why)),
                List.of()));
        return this;
    }

    Given goodSettings() {
        return seen(Facet.SETTINGS, settings(setting("fsync", "on", Setting.Effect.KEEPS)));
    }

    Given lastInventory(Map<String, Integer> counts) {
        lastInventory = counts;
        return this;
    }

    Given clientDownFor(Duration time) {
        clientDown = time;
        return this;
    }

    Given rehearsal() {
        estate = Estate.rehearsal("test");
        return this;
    }

    Finding judge(Clause clause) {
        return report(Policy.of(clause)).findings().get(0);
    }

    Report report(Policy policy) {
        Subject subject = new Subject("db", List.of(DB), evidence, lastInventory, Optional.ofNullable(clientDown));
        return Checker.judge(policy, estate, Map.of("db", subject), NOW);
    }
}
