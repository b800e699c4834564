package com.cybernance.continuity.testkit;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;

/** The suites as an author of a provider runs them, over a provider that does everything right. */
class SuitesOverAGoodProviderTest {
    private static <T> FaultyTarget with(Facet<T> facet, Fault<T> fault) {
        return FaultyTarget.around(new QuietTarget()).inject(facet, fault);
    }

    private static <T> Fault<T> silence() {
        return (real, deadline, sink) -> {
            if (!new CountDownLatch(1).await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ContinuityException(FailureKind.TIMED_OUT, "no answer came", "ask again later");
            }
        };
    }

    @Nested
    class Replication extends ReplicationContract {
        @Override
        protected BackupTarget target() {
            return new QuietTarget();
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return Optional.of(with(Facet.REPLICATION, Fault.blind(FailureKind.UNREACHABLE)));
        }

        @Override
        protected Optional<BackupTarget> silentTarget() {
            return Optional.of(with(Facet.REPLICATION, silence()));
        }

        @Override
        protected Duration reaction() {
            return Duration.ofSeconds(3);
        }
    }

    @Nested
    class Settings extends SettingContract {
        @Override
        protected BackupTarget target() {
            return new QuietTarget();
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return Optional.of(with(Facet.SETTINGS, Fault.blind(FailureKind.DENIED)));
        }

        @Override
        protected Optional<BackupTarget> silentTarget() {
            return Optional.of(with(Facet.SETTINGS, silence()));
        }
    }

    @Nested
    class Inventory extends InventoryContract {
        @Override
        protected BackupTarget target() {
            return new QuietTarget();
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return Optional.of(with(Facet.INVENTORY, Fault.blind(FailureKind.THROTTLED)));
        }
    }

    @Nested
    class Probe extends ClientProbeContract {
        @Override
        protected BackupTarget target() {
            return new QuietTarget();
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return Optional.of(with(
                    Facet.CLIENT_PROBE,
                    Fault.fail(new ContinuityException(FailureKind.UNREACHABLE, "no route", "open the port"))));
        }
    }

    @Nested
    class RestorePoints extends RestorePointContract {
        @Override
        protected BackupTarget target() {
            return new QuietTarget();
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return Optional.of(with(
                    Facet.RESTORE_POINTS,
                    Fault.fail(new ContinuityException(FailureKind.NOT_FOUND, "no such folder", "mount it"))));
        }
    }
}
