package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import java.nio.file.Path;
import java.util.List;

/** The servers that the tests run, and short ways to ask about them. */
final class Servers {
    static final String MONITOR = "continuity_monitor";

    private Servers() {}

    static PostgresBinaries version(int major) {
        return major == 17
                ? PostgresBinaries.ofClassPath()
                : PostgresBinaries.ofJar(
                        Path.of(System.getProperty("continuity.postgres.servers"), "postgres-%d.jar".formatted(major)));
    }

    static PostgresTarget.Builder target(PostgresPair pair) {
        return PostgresTarget.of("postgres:main", pair.primary().dataSource(MONITOR))
                .server("standby_b", pair.standby().dataSource(MONITOR))
                .client(pair.primary().dataSource("app_writer"));
    }

    static ReplicaState member(Seen<ReplicaState> seen, String name) {
        return seen.facts.stream()
                .filter(state -> state.id().member().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no member %s in %s".formatted(name, seen)));
    }

    static Setting setting(Seen<Setting> seen, String name) {
        return seen.facts.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no setting %s in %s".formatted(name, seen)));
    }

    static List<String> weakened(Seen<Setting> seen) {
        return seen.facts.stream()
                .filter(setting -> setting.effect() == Setting.Effect.WEAKENS)
                .map(Setting::name)
                .toList();
    }
}
