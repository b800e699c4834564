package com.cybernance.continuity.testkit;

import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Facet;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The suites over planted providers, run by hand so that a failed demand is a value. */
public final class Suites {
    /** Short, so that a suite over a slow source does not take long. */
    static final Duration REACTION = Duration.ofMillis(600);

    private Suites() {}

    /** A target that is right but for one facet. */
    static <T> BackupTarget target(Facet<T> facet, Fault<T> fault) {
        return FaultyTarget.around(new QuietTarget()).inject(facet, fault);
    }

    /** What the demands of these names say that the suite's target does not meet, by the demand's name. */
    public static Map<String, String> failures(Object suite, Predicate<String> names) {
        Map<String, String> failures = new TreeMap<>();
        demands(suite.getClass().getMethods())
                .filter(each -> names.test(each.getName()))
                .forEach(demand -> {
                    try {
                        run(suite, demand);
                    } catch (Throwable e) { // a demand may fail in any way
                        failures.put(demand.getName(), String.valueOf(e.getMessage()));
                    }
                });
        return failures;
    }

    public static Stream<Method> demands(Method... methods) {
        return Arrays.stream(methods)
                .filter(each -> each.isAnnotationPresent(Test.class) || each.isAnnotationPresent(TestFactory.class));
    }

    private static void run(Object suite, Method demand) throws Throwable {
        try {
            if (demand.invoke(suite) instanceof Stream<?> more) {
                for (Iterator<?> each = more.iterator(); each.hasNext(); ) {
                    ((DynamicTest) each.next()).getExecutable().execute();
                }
            }
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    static SourceContract<?> over(Facet<?> facet, BackupTarget target) {
        if (facet == Facet.REPLICATION) {
            return new Replication(target);
        } else if (facet == Facet.SETTINGS) {
            return new Settings(target);
        } else if (facet == Facet.INVENTORY) {
            return new Inventory(target);
        } else if (facet == Facet.CLIENT_PROBE) {
            return new Probe(target);
        }
        return new Points(target, Optional.empty(), Optional.empty());
    }

    static final class Points extends RestorePointContract {
        private final BackupTarget target;
        private final Optional<BackupTarget> broken;
        private final Optional<BackupTarget> silent;

        Points(BackupTarget target, Optional<BackupTarget> broken, Optional<BackupTarget> silent) {
            this.target = target;
            this.broken = broken;
            this.silent = silent;
        }

        @Override
        protected BackupTarget target() {
            return target;
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return broken;
        }

        @Override
        protected Optional<BackupTarget> silentTarget() {
            return silent;
        }

        @Override
        protected Duration deadline() {
            return Duration.ofSeconds(2);
        }

        @Override
        protected Duration reaction() {
            return REACTION;
        }
    }

    private static final class Replication extends ReplicationContract {
        private final BackupTarget target;

        Replication(BackupTarget target) {
            this.target = target;
        }

        @Override
        protected BackupTarget target() {
            return target;
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return Optional.empty();
        }
    }

    private static final class Settings extends SettingContract {
        private final BackupTarget target;

        Settings(BackupTarget target) {
            this.target = target;
        }

        @Override
        protected BackupTarget target() {
            return target;
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return Optional.empty();
        }
    }

    private static final class Inventory extends InventoryContract {
        private final BackupTarget target;

        Inventory(BackupTarget target) {
            this.target = target;
        }

        @Override
        protected BackupTarget target() {
            return target;
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return Optional.empty();
        }
    }

    private static final class Probe extends ClientProbeContract {
        private final BackupTarget target;

        Probe(BackupTarget target) {
            this.target = target;
        }

        @Override
        protected BackupTarget target() {
            return target;
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return Optional.empty();
        }
    }
}
