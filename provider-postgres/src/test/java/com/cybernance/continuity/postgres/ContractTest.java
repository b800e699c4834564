package com.cybernance.continuity.postgres;

import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.testkit.ClientProbeContract;
import com.cybernance.continuity.testkit.InventoryContract;
import com.cybernance.continuity.testkit.ReplicationContract;
import com.cybernance.continuity.testkit.SettingContract;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.postgresql.ds.PGSimpleDataSource;

/** The published suites, at a healthy pair, at a closed port and at one that never answers. */
class ContractTest {
    private static PostgresPair pair;
    private static ServerSocket silence;

    @BeforeAll
    static void start() throws IOException {
        pair = PostgresPair.start();
        silence = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterAll
    static void stop() throws IOException {
        pair.close();
        silence.close();
    }

    private static BackupTarget healthy() {
        return Servers.target(pair).build();
    }

    private static Optional<BackupTarget> broken() {
        return Optional.of(at(1));
    }

    private static Optional<BackupTarget> silent() {
        return Optional.of(at(silence.getLocalPort()));
    }

    private static BackupTarget at(int port) {
        DataSource source = to(port);
        return PostgresTarget.of("postgres:none", source).client(source).build();
    }

    private static DataSource to(int port) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setUser("nobody");
        return source;
    }

    @Nested
    class Replication extends ReplicationContract {
        @Override
        protected BackupTarget target() {
            return healthy();
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return broken();
        }

        @Override
        protected Optional<BackupTarget> silentTarget() {
            return silent();
        }
    }

    @Nested
    class Settings extends SettingContract {
        @Override
        protected BackupTarget target() {
            return healthy();
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return broken();
        }

        @Override
        protected Optional<BackupTarget> silentTarget() {
            return silent();
        }
    }

    @Nested
    class Inventory extends InventoryContract {
        @Override
        protected BackupTarget target() {
            return healthy();
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return broken();
        }

        @Override
        protected Optional<BackupTarget> silentTarget() {
            return silent();
        }
    }

    @Nested
    class Client extends ClientProbeContract {
        @Override
        protected BackupTarget target() {
            return healthy();
        }

        @Override
        protected Optional<BackupTarget> brokenTarget() {
            return broken();
        }
    }
}
